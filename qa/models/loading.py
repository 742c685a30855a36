"""Load the models that the settings name: the embedder and the language model, from a server, `qa serve`, or here.

Takes settings; returns an `Embedder` or a `LanguageModel`, or what they are called, for which no weights are loaded.
Knows nothing of libraries or questions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qa import paths

if TYPE_CHECKING:
    from index.embed import Embedder
    from index.rerank import Reranker
    from qa.models.catalog import LocalModel
    from qa.models.engine import LanguageModel
    from qa.models.names import Names
    from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Loaders:
    """How the models come into memory: the real ones, or those that the caller has already.

    `names` tells what they are called, None by loading them.
    """

    embedder: Callable[[Settings], Embedder]
    model: Callable[[Settings], LanguageModel]
    reranker: Callable[[Settings], Reranker | None] = field(default=lambda settings: reranker(settings))
    names: Callable[[Settings], Names] | None = None

    def named(self, settings: Settings) -> Names:
        """What the models of these settings are called. Raises `ModelError` where one is missing or damaged."""
        from qa.models.names import named

        if self.names is not None:
            return self.names(settings)
        return named(self.embedder(settings), self.model(settings), self.reranker(settings))


def loaders(told: Callable[[str], None]) -> Loaders:
    """The loaders of the real models; `told` gets a line where a served model cannot be used."""
    return Loaders(embedder=embedder, model=lambda settings: model(settings, told), names=names)


def names(settings: Settings) -> Names:
    """What the real models of these settings are called; only a server is asked.

    Raises `ModelError` where one is missing or damaged.
    """
    from qa.models.names import Names

    return Names(embedder_name(settings), *model_name(settings))


def embedder_name(settings: Settings) -> str:
    """What the embedder of these settings, and the reranker where one is named, are called.

    Raises `ModelError` where one is missing or damaged.
    """
    from qa.models.names import embedder_name
    from qa.models.resolve import resolve
    from qa.settings import NO_RERANKER

    here = resolve(settings.embedder, "embed", settings.models, as_published=settings.engine == "transformers")
    return embedder_name(
        here, None if settings.reranker == NO_RERANKER else resolve(settings.reranker, "rerank", settings.models)
    )


def model_name(settings: Settings) -> tuple[str, str]:
    """What the language model of these settings is called, in the engine that would run it, and its digest.

    Raises `ModelError` where it is missing or damaged.
    """
    from qa.models import address
    from qa.models.engines import choose
    from qa.models.names import name_of
    from qa.models.resolve import resolve

    if address.is_address(settings.engine):
        served = model(settings, lambda _: None)
        return name_of(served), served.digest
    here = resolve(settings.model, "answer", settings.models)
    engine, _ = choose(here, settings.engine)
    return f"{here.name} ({engine}) {here.digest}", here.digest


def embedder(settings: Settings) -> Embedder:
    """The embedder of these settings. Raises `ModelError` where it is missing or damaged."""
    from index.embedders import Runtime, load
    from qa.models.resolve import resolve

    here = resolve(settings.embedder, "embed", settings.models, as_published=settings.engine == "transformers")
    runtime: Runtime = "sentence-transformers" if settings.engine == "transformers" else "auto"
    return load(
        here.safetensors or here.folder, name=here.name, digest=here.digest, converted=here.openvino, runtime=runtime
    )


def reranker(settings: Settings) -> Reranker | None:
    """The reranker of these settings, where one is named. Raises `ModelError` where it is missing or damaged."""
    from qa.models.resolve import resolve
    from qa.settings import NO_RERANKER

    if settings.reranker == NO_RERANKER:
        return None
    from index.rerank import CrossEncoderReranker

    here = resolve(settings.reranker, "rerank", settings.models)
    return CrossEncoderReranker(here.safetensors or here.folder, name=here.name, digest=here.digest)


def model(settings: Settings, told: Callable[[str], None]) -> LanguageModel:
    """The model of the server that the settings name, or the model as `qa serve` keeps it loaded, or loaded here.

    `told` gets a line where `qa serve` has the model and cannot be used. Raises `ModelError` where the model is missing
    or damaged.
    """
    from qa.models import address

    if address.is_address(settings.engine):
        from qa.models.engine_server import KEY, ServerModel

        return ServerModel(
            address.parse(settings.engine), settings.model, key=os.environ.get(KEY), allow_remote=settings.allow_remote
        )
    from qa.models.resolve import resolve

    here = resolve(settings.model, "answer", settings.models)
    place = served_file(here, settings, os.environ)
    if place.exists():
        from qa import __version__
        from qa.models.served import ServedModel, holder, published

        record = published(place)
        if record is not None and record.version == __version__:
            return ServedModel(record, lambda: _whole(here, settings))
        if (held := record or holder(place)) is not None and held.address:
            problem = "does not answer" if record is None else f"is version {held.version} and not {__version__}"
            told(f"note: qa serve, process {held.pid}, {problem}: the model is loaded here")
    return _whole(here, settings)


def served_file(model: LocalModel, settings: Settings, environ: Mapping[str, str]) -> Path:
    """The file that says how to reach this very model, with the same weights and engine, if it is served."""
    from qa.models.engines import choose

    engine, _ = choose(model, settings.engine)
    return paths.served_file(environ, f"{model.digest}-{engine}")


def _whole(here: LocalModel, settings: Settings) -> LanguageModel:
    """The model, loaded; its weights are read once more beside that, and compared with what they were."""
    from concurrent.futures import ThreadPoolExecutor

    from qa.models.engines import load
    from qa.models.resolve import check_read

    with ThreadPoolExecutor(1) as beside:
        checked = beside.submit(check_read, here, settings.models)
        loaded = load(here, engine=settings.engine)
        checked.result()
    return loaded
