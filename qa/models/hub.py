"""Files and whole models from the model hub.

Takes a repository, a revision, a path; writes files into a staging folder, unverified. Raises `UnreachableError` when
they cannot be had, with what a person can do about it; knows nothing of hashes. A single file that was cut off goes on
where it was. A whole repository is brought by the hub's own client, in a process of its own, and its progress read off
the disk.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from index.offline import asked, opened, true
from qa.models.download import SILENCE, CutOffError, RefusedError, download

# data: none of these can run code when they are loaded
SAFE = ("*.safetensors", "*.json", "*.txt", "*.model", "*.jinja")
# the same weights again, for runtimes that do not ask for them
_ELSEWHERE = ("onnx/*", "openvino/*", "*/onnx/*", "*/openvino/*")

_REPOSITORY = """
import sys
from huggingface_hub import HfApi, snapshot_download
repo, folder, allowed, ignored = sys.argv[1:]
revision = HfApi().model_info(repo, timeout=10).sha
snapshot_download(repo, revision=revision, local_dir=folder, etag_timeout=5, allow_patterns=allowed.split(), ignore_patterns=ignored.split())
print(revision)
"""


NO_CONNECTION = "check the network connection, then repeat the command"


class UnreachableError(Exception):
    """The hub, or what was wanted of it, cannot be had; the message is one line, and `hint` says what to do."""

    def __init__(self, message: str, hint: str = NO_CONNECTION) -> None:
        super().__init__(message)
        self.hint = hint


def download_file(
    repo: str,
    revision: str,
    path: str,
    staging: Path,
    advance: Callable[[int], None],
    *,
    silence: float = SILENCE,
    pause: Callable[[float], None] = time.sleep,
) -> Path:
    """Download one file into `staging`, or what is missing of it; `advance` is told how many bytes are there.

    Returns where the file is.
    """
    _ask(repo, f"resolve/{revision}/{path}")
    try:
        download(
            f"{_endpoint()}/{repo}/resolve/{revision}/{path}",
            staging / path,
            advance,
            token=_token(),
            silence=silence,
            pause=pause,
        )
    except RefusedError as error:
        raise _refused(repo, error.status, error.wait) from error
    except CutOffError as error:
        raise UnreachableError(
            f"the connection to the hub breaks off ({error})", f"{NO_CONNECTION}: what is there is kept"
        ) from error
    return staging / path


def download_repository(repo: str, folder: Path, advance: Callable[[int], None]) -> str:
    """Download the files of `repo` that cannot run code into `folder`. Returns the revision they are of."""
    _ask(repo, "resolve/main/config.json")
    return _run(_REPOSITORY, [repo, str(folder), " ".join(SAFE), " ".join(_ELSEWHERE)], folder, advance).strip()


def _ask(repo: str, what: str) -> None:
    """Ask the hub one quick question first: a download would wait long for a hub that cannot be reached."""
    if true(opened().get("HF_HUB_OFFLINE")):
        raise UnreachableError("HF_HUB_OFFLINE is set", "unset HF_HUB_OFFLINE, then repeat the command")
    try:
        request = urllib.request.Request(f"{_endpoint()}/{repo}/{what}", method="HEAD")
        if token := _token():
            request.add_unredirected_header("Authorization", f"Bearer {token}")
        with asked():
            urllib.request.urlopen(request, timeout=5).close()
    except urllib.error.HTTPError as error:
        error.close()
        if error.code not in (408, 429, 500, 502, 503, 504):  # if the hub is only busy, the download tries again
            raise _refused(repo, error.code, None) from error
    except (OSError, ValueError) as error:
        raise UnreachableError(f"the hub cannot be reached ({error})") from error


def _refused(repo: str, status: int, wait: float | None) -> UnreachableError:
    if status in (401, 403):
        page = f"{_endpoint()}/{repo}"
        told = "with this token" if _token() else "without a token"
        return UnreachableError(f"{repo} is gated or private, or does not exist: the hub does not show it {told} "
        f"({status})",
                                f"accept its terms on {page}, then set HF_TOKEN to a token of yours (or: hf auth login)")  # fmt: skip
    if status == 404:
        return UnreachableError(
            f"the hub has no {repo}, or not this file of it (404)", "check the name: qa models list"
        )
    if status == 429:
        when = f"in {wait:.0f} seconds" if wait is not None else "in some minutes"
        return UnreachableError(
            "the hub is asked too often from this address (429)",
            f"repeat the command {when}: what is there is kept; HF_TOKEN allows more",
        )
    return UnreachableError(
        f"the hub does not give {repo} ({status})", "repeat the command in some minutes: what is there is kept"
    )


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")


def _token() -> str | None:
    """The user's token: from the environment, or as the hub's own client keeps it."""
    from huggingface_hub import get_token

    return get_token()


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
