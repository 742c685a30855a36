"""Files and whole models from the model hub, in a process of their own; progress is read off the disk.

In: a repository, a revision, a path. Out: files in a staging folder, unverified. Raises `UnreachableError` when the hub cannot be had; knows
nothing of hashes. A download that was cut off goes on where it was: the hub's client keeps what it has in the staging folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from index.offline import asked, opened, true

SAFE = ("*.safetensors", "*.json", "*.txt", "*.model", "*.jinja")  # data: none of these can run code when they are loaded
_ELSEWHERE = ("onnx/*", "openvino/*", "*/onnx/*", "*/openvino/*")  # the same weights again, for runtimes that do not ask for them

_FILE = """
import sys
from huggingface_hub import hf_hub_download
repo, revision, path, folder = sys.argv[1:]
hf_hub_download(repo, path, revision=revision, local_dir=folder, etag_timeout=5)
"""
_REPOSITORY = """
import sys
from huggingface_hub import HfApi, snapshot_download
repo, folder, allowed, ignored = sys.argv[1:]
revision = HfApi().model_info(repo, timeout=10).sha
snapshot_download(repo, revision=revision, local_dir=folder, etag_timeout=5, allow_patterns=allowed.split(), ignore_patterns=ignored.split())
print(revision)
"""


class UnreachableError(Exception):
    """The hub, or what was wanted of it, cannot be had; the message is one line."""


def download_file(repo: str, revision: str, path: str, staging: Path, advance: Callable[[int], None]) -> Path:
    """Download one file into `staging`; `advance` is told how many bytes are there. Returns where the file is."""
    _ask(repo, f"resolve/{revision}/{path}")
    _run(_FILE, [repo, revision, path, str(staging)], staging, advance)
    return staging / path


def download_repository(repo: str, folder: Path, advance: Callable[[int], None]) -> str:
    """Download the files of `repo` that cannot run code into `folder`. Returns the revision they are of."""
    _ask(repo, "resolve/main/config.json")
    return _run(_REPOSITORY, [repo, str(folder), " ".join(SAFE), " ".join(_ELSEWHERE)], folder, advance).strip()


def _ask(repo: str, what: str) -> None:
    """One quick question, because the hub's own client tries for half a minute before it gives up."""
    if true(opened().get("HF_HUB_OFFLINE")):
        raise UnreachableError("HF_HUB_OFFLINE is set")
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    request = urllib.request.Request(f"{endpoint}/{repo}/{what}", method="HEAD")
    if token := os.environ.get("HF_TOKEN"):
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with asked():
            urllib.request.urlopen(request, timeout=5).close()
    except (OSError, ValueError) as error:
        raise UnreachableError(f"the hub cannot be reached, or has no {repo} ({error})") from error


def _run(program: str, arguments: list[str], watched: Path, advance: Callable[[int], None]) -> str:
    watched.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=opened() | {"HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"},
    ) as process:
        try:
            while process.poll() is None:
                advance(sum(file.stat().st_size for file in watched.rglob("*") if file.is_file()))
                time.sleep(0.2)
        except BaseException:
            process.terminate()
            raise
        out, err = process.communicate()
    if process.returncode != 0:
        raise UnreachableError((err.strip().splitlines() or ["the hub's client stopped"])[-1])
    return out
