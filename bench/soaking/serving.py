"""Kill -9 of `qa models fetch` and `qa serve`.

What was begun must be fetched on; nobody may wait for a server that is no more.
"""

from __future__ import annotations

import hashlib
import os
import signal
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from bench.soaking.fault import Kind, Outcome, differs, failed, outcome
from bench.soaking.forked import said
from bench.soaking.process import Ended, Kill, Started, ended, moment, qa, start
from bench.soaking.shelf import files
from qa.commands.session import served_file
from qa.models.catalog import File, Model, Part
from qa.models.engine import Message
from qa.models.fetch import fetch
from qa.models.install import sound
from qa.models.installed import verify
from qa.models.resolve import resolve
from qa.models.served import ask, published
from qa.settings import Settings

_PARTS = tuple(hashlib.sha256(str(number).encode()).digest() * 2_000 for number in range(4))
_CONFIG = b'{"model_type": "toy"}'
_READY = 20.0  # seconds that a server has to be ready
_PIECE = 8_192  # bytes that the hub of this soak sends at once


def _model() -> Model:
    """A small model of two files, which comes from the hub, or in parts from packages."""
    parts = tuple(
        Part(f"toy-part{n}", "1.0", f"toy_part{n}/data.bin", len(data), zlib.crc32(data))
        for n, data in enumerate(_PARTS)
    )
    config = (Part("toy-part0", "1.0", "toy_part0/config.json", len(_CONFIG), zlib.crc32(_CONFIG)),)
    weights = b"".join(_PARTS)
    held = (
        File("config.json", "config.json", len(_CONFIG), hashlib.sha256(_CONFIG).hexdigest(), config),
        File("model.safetensors", "model.safetensors", len(weights), hashlib.sha256(weights).hexdigest(), parts),
    )
    return Model("toy", "answer", "a toy", "org/toy", "0" * 40, "Apache-2.0", held, 1_000_000, 1_000)


def _hub(repo: str, revision: str, path: str, staging: Path, advance: Callable[[int], None]) -> Path:  # noqa: ARG001 (the hub's signature)
    """A hub that sends in pieces, and goes on where it stopped."""
    data = _CONFIG if path == "config.json" else b"".join(_PARTS)
    staging.mkdir(parents=True, exist_ok=True)
    unfinished = staging / f"{path}.incomplete"
    with unfinished.open("ab") as out:
        for at in range(out.tell(), len(data), _PIECE):
            out.write(data[at : at + _PIECE])
            out.flush()
            advance(out.tell())
    unfinished.replace(staging / path)
    return staging / path


def _packages(folder: Path) -> None:
    """The same model as wheels in a folder, where pip finds them."""
    folder.mkdir()
    for number, data in enumerate(_PARTS):
        name = f"toy_part{number}"
        members = {f"{name}/data.bin": data, f"{name}-1.0.dist-info/RECORD": b""} | (
            {f"{name}/config.json": _CONFIG} if number == 0 else {}
        )
        members[f"{name}-1.0.dist-info/METADATA"] = (
            f"Metadata-Version: 2.1\nName: toy-part{number}\nVersion: 1.0\n".encode()
        )
        members[f"{name}-1.0.dist-info/WHEEL"] = (
            b"Wheel-Version: 1.0\nGenerator: soak\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            for member, held in members.items():
                wheel.writestr(member, held)


def _fetch(place: Path, packages: Path, source: str, kill: Kill | None = None) -> Ended:
    environ = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(packages), "PIP_CONFIG_FILE": os.devnull}

    def body() -> None:
        fetch(_model(), place / "models", source="packages" if source == "packages" else "hub", from_hub=_hub)

    return ended(start(said(body), place, kill=kill, environ=environ), kill)


def _fetches(random: Random, prepared: Path) -> None:  # noqa: ARG001 (a kind's signature)
    _packages(prepared / "wheels")
    for source in ("hub", "packages"):
        (prepared / source).mkdir()
        whole = _fetch(prepared / source, prepared / "wheels", source)
        if whole.code != 0:
            raise RuntimeError(f"an undisturbed fetch failed: {whole.err}")
        (prepared / f"{source}.txt").write_text(f"{whole.seconds} {whole.events}", encoding="utf-8")


def _kill_fetch(random: Random, prepared: Path, folder: Path) -> Outcome:
    source = "packages" if random.random() < 0.05 else "hub"  # pip takes seconds to say anything
    place = folder / "place"
    place.mkdir()
    seconds, events = (prepared / f"{source}.txt").read_text(encoding="utf-8").split()
    kill = moment(random, Ended(0, "", "", float(seconds), int(events), ()))
    killed = _fetch(place, prepared / "wheels", source, kill)
    again = _fetch(place, prepared / "wheels", source)
    found, expected = _held(place / "models"), _held(prepared / source / "models")
    lost = failed(again, "the next fetch") or differs(found, expected, "after the next fetch")
    there = sound("toy", place / "models")
    if there is None:
        lost = lost or "the model is there, and is not taken to be"
    else:
        verify(there)
    return outcome(f"fetch from the {source}, {kill}", lost, killed, again)


def _held(models: Path) -> dict[str, bytes]:
    """The files of the models, without what is noted about them.

    That holds times, and what a killed run left of it blocks nobody.
    """
    return {
        name: data
        for name, data in files(models).items()
        if not name.startswith(("toy/manifest.json", "toy/checks.json"))
    }


def _shelf(random: Random, prepared: Path) -> None:  # noqa: ARG001 (a kind's signature)
    (prepared / "model").mkdir()
    (prepared / "model/config.json").write_bytes(_CONFIG)
    (prepared / "model/model.safetensors").write_bytes(_PARTS[0])


def _kill_serve(random: Random, prepared: Path, folder: Path) -> Outcome:
    """Kill a server before it is ready, while it is, or in the middle of a question.

    A second one must serve, and end when it is told to.
    """
    place = folder / "place"
    place.mkdir()
    state = folder / "state"
    environ = {"QA_STATE": str(state), "QA_MODELS": str(folder / "models"), "QA_MODEL": str(prepared / "model")}
    record = _record(environ, prepared, folder)
    kill = Kill(after=random.uniform(0.0, 0.3)) if random.random() < 0.5 else Kill(event=random.randint(1, 30))
    first = start(_served, place, kill=kill, environ=environ)
    if kill.after is None and _becomes_ready(first, record):
        os.kill(first.pid, signal.SIGKILL)
    killed = ended(first, kill if kill.after is not None else None)
    lost = "a server that is no more is taken to be there" if published(record) is not None else None
    second = start(_served, place, environ=environ)
    if not _becomes_ready(second, record):
        lost = lost or "the next server did not become ready"
        os.kill(second.pid, signal.SIGTERM)
    elif (there := published(record)) is not None:
        heard = ask(
            there,
            {"do": "generate", "messages": [{"role": "user", "content": "- yes", "opening": ""}], "max_tokens": 9},
        )
        lost = lost or differs(heard["text"], "yes", "the served model's reply")
    stopped = qa(["serve", "--stop"], place, environ=environ)
    served = ended(second)
    lost = (
        lost
        or failed(stopped, "qa serve --stop")
        or failed(served, "the next server")
        or ("its record is still there" if record.exists() else None)
    )
    return outcome(f"serve, {kill}", lost, killed, served, stopped)


def _served() -> int:
    from qa.cli import run
    from qa.commands.noise import leave_at_once, silence
    from qa.commands.session import Loaders, Session
    from tests.fakes import FakeEmbedder, FakeModel

    silence()
    leave_at_once()

    def reply(messages: Sequence[Message]) -> str:
        return messages[-1].content.removeprefix("- ")

    loaders = Loaders(embedder=lambda _: FakeEmbedder(), model=lambda _: FakeModel(reply))
    return run(["serve", "--idle", "1m"], Session(loaders=loaders, user_file=Path("none.toml")))


def _record(environ: dict[str, str], prepared: Path, folder: Path) -> Path:
    settings = Settings(library=folder, models=folder / "models")
    return served_file(resolve(str(prepared / "model"), "answer", folder / "models"), settings, environ)


def _becomes_ready(server: Started, record: Path) -> bool:
    until = time.monotonic() + _READY
    while time.monotonic() < until:
        if record.exists() and published(record) is not None:
            return True
        if (
            not Path(f"/proc/{server.pid}/stat").exists()
            or "Z" in Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()[0]
        ):
            return False
        time.sleep(0.01)
    return False


KINDS: Sequence[Kind] = (Kind("kill fetch", _kill_fetch, _fetches, 4), Kind("kill serve", _kill_serve, _shelf, 2))
