"""Download one file over HTTP, resuming where it was cut off. Knows nothing of models, hubs or hashes.

Takes an address; writes a file, complete by the length that the server names. What was written stays when this ends
early, and the next call goes on after it. (The hub's own client throws away what it has, since 2.0.)
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from index.offline import asked

if TYPE_CHECKING:
    import httpx2

# seconds: until a server answers, and without a byte; a slow link may take as long as it likes
CONNECT, SILENCE = 10.0, 30.0
TRIES = 5  # in a row without a byte
LONGEST_WAIT = 60.0  # seconds; a server that asks for more is not waited for
_BUSY = (408, 429, 500, 502, 503, 504)


class RefusedError(Exception):
    """The server will not give the file: `status` is what it says, `wait` the seconds after which it wants to be asked again, if it names them."""

    def __init__(self, status: int, wait: float | None) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.wait = wait


class CutOffError(Exception):
    """The connection failed, again and again; the message is one line."""


def download(
    address: str,
    target: Path,
    advance: Callable[[int], None],
    *,
    token: str | None = None,
    silence: float = SILENCE,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Bring the file at `address` to `target`; `advance` is told how many bytes are there.

    The token goes to the server of the address alone.

    Raises `RefusedError` and `CutOffError`, and `OSError` when it cannot be written.
    """
    import httpx2

    target.parent.mkdir(parents=True, exist_ok=True)
    headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {token}"} if token else {})
    with (
        asked(),
        httpx2.Client(
            headers=headers, follow_redirects=True, timeout=httpx2.Timeout(silence, connect=CONNECT)
        ) as client,
    ):
        tries = 0
        while True:
            before = size_of(target)
            try:
                if _went_on(client, address, target, advance):
                    return
                problem: httpx2.HTTPError | None = None
                wait = None
            except httpx2.TransportError as error:
                problem, wait = error, None
            except RefusedError as error:
                wait = error.wait
                if error.status not in _BUSY or tries == TRIES - 1 or (wait or 0.0) > LONGEST_WAIT:
                    raise
                problem = None
            tries = 0 if size_of(target) > before else tries + 1
            if tries == TRIES:
                raise CutOffError(_said(problem)) from problem
            pause(wait if wait is not None else 0.5 * 2.0**tries)


def _went_on(client: httpx2.Client, address: str, target: Path, advance: Callable[[int], None]) -> bool:
    """Write what comes after what is there. Whether the file is complete now."""
    have = size_of(target)
    with client.stream("GET", address, headers={"Range": f"bytes={have}-"} if have else {}) as response:
        total = _total(response)
        if response.status_code == 416:  # nothing comes after it
            if total != have:
                target.unlink()
            return total == have
        if response.status_code not in (200, 206):
            raise RefusedError(response.status_code, _wait(response))
        goes_on = response.status_code == 206 and response.headers.get("content-range", "").startswith(f"bytes {have}-")
        with target.open("ab" if goes_on else "wb") as stream:
            written = have if goes_on else 0
            # as it comes: bytes gathered into blocks would be lost with the connection
            for block in response.iter_raw():
                stream.write(block)
                stream.flush()  # so that nothing of it is lost when this is killed
                written += len(block)
                advance(written)
    return total is None or written == total


def _total(response: httpx2.Response) -> int | None:
    """How long the whole file is; None where the server does not say."""
    _, slash, total = response.headers.get("content-range", "").partition("/")
    said = total if slash else response.headers.get("content-length", "") if response.status_code == 200 else ""
    return int(said) if said.isascii() and said.isdigit() else None


def _wait(response: httpx2.Response) -> float | None:
    said = response.headers.get("retry-after", "")
    return float(said) if said.isascii() and said.isdigit() else None


def size_of(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    return path.stat().st_size if path.is_file() else 0


def _said(problem: Exception | None) -> str:
    if problem is None:
        return "the connection ends before the file does, again and again"
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]
