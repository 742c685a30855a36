"""No test sees the user's own settings, library or models; those that run real models are given the real models folder."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

from index import embedders
from index.embed import Embedder
from qa.models import engines
from qa.models.catalog import DEFAULT_EMBEDDER, DEFAULT_MODEL, LocalModel, find
from qa.models.engine import LanguageModel
from qa.models.fetch import fetch
from qa.models.resolve import resolve
from qa.paths import models_folder

# what a shell starts in the background ignores Ctrl-C, and so would the programs that tests send it to
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# how long an example takes says nothing of whether it is right, and a busy machine takes longer
settings.register_profile("at any pace", settings(), deadline=None)
settings.load_profile("at any pace")

MODELS = Path(os.environ.get("QA_MODELS") or models_folder())  # read before any test is sent elsewhere


@pytest.fixture(autouse=True)
def elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)
    for name in (
        "HOME",
        "USERPROFILE",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_DATA_HOME",
        "APPDATA",
        "LOCALAPPDATA",
    ):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("QA_MODELS", str(MODELS if request.node.get_closest_marker("model") else home / "models"))


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The default embedder; fetched on its first use on a machine."""
    model = fetched(DEFAULT_EMBEDDER)
    return embedders.load(model.folder, name=model.name, digest=model.digest, converted=model.openvino)


@pytest.fixture(scope="session")
def language_model() -> LanguageModel:
    """The default answering model; fetched on its first use on a machine."""
    return engines.load(fetched(DEFAULT_MODEL))


@pytest.fixture(scope="session")
def small_model() -> LanguageModel:
    """The smallest answering model of the catalogue, for tests that want an engine and not an answer."""
    return engines.load(fetched("smollm2-135m-instruct"))


def fetched(name: str) -> LocalModel:
    model = find(name)
    assert model is not None
    fetch(model, MODELS)
    return resolve(name, model.task, MODELS)
