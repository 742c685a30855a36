"""A model hub on this machine: real HTTP on a real port, speaking as much of the hub's protocol as a fetch uses, with faults when told to."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

REVISION = "0" * 40


@dataclass
class Hub:
    """`files` by repository and path. What is asked is noted in `asked`: the method, the path, the range, the token.

    The next GETs break off after as many bytes as `breaks` says, in turn; `refusals` are the next statuses with the
    seconds to wait, if any; `gated` repositories want the token; `dripping` is the pause, in seconds, before every
    tenth of a file; `stalls` are as `breaks`, but the connection stays open.
    """

    files: dict[str, dict[str, bytes]]
    breaks: list[int] = field(default_factory=list)
    stalls: list[int] = field(default_factory=list)
    refusals: list[tuple[int, int | None]] = field(default_factory=list)
    gated: dict[str, str] = field(default_factory=dict)
    dripping: float = 0.0
    asked: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)
    address: str = ""

    def gets(self) -> list[str | None]:
        """The ranges of the GETs of files, in order."""
        return [span for method, path, span, _ in self.asked if method == "GET" and "/resolve/" in path]


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """The hub on a free port of this machine; `hub.address` is what HF_ENDPOINT is set to."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": hub}))
    server.daemon_threads = False  # so that closing waits for those that answer
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def _answer(self) -> None:
        hub, parts = self.hub, urlsplit(self.path)
        hub.asked.append((self.command, parts.path, self.headers.get("Range"), self.headers.get("Authorization")))
        if parts.path.startswith("/cdn/"):  # where the hub sends those who ask for a large file
            repo, path = parts.path.removeprefix("/cdn/"), parse_qs(parts.query)["path"][0]
            self._file(hub.files[repo][path])
            return
        if parts.path.startswith("/api/models/"):
            repo = "/".join(parts.path.removeprefix("/api/models/").split("/")[:2])
            if self._shut(repo):
                return
            if "/tree/" in parts.path:
                self._json(
                    [
                        {"type": "file", "path": path, "size": len(data), "oid": "0" * 40}
                        for path, data in hub.files[repo].items()
                    ]
                )
                return
            siblings = [{"rfilename": path} for path in hub.files[repo]]
            self._json(
                {
                    "id": repo,
                    "modelId": repo,
                    "sha": REVISION,
                    "private": False,
                    "tags": [],
                    "downloads": 0,
                    "siblings": siblings,
                }
            )
            return
        repo, _, rest = parts.path.removeprefix("/").partition("/resolve/")
        path = rest.partition("/")[2]
        if self._shut(repo):
            return
        if path not in hub.files.get(repo, {}):
            self._refuse(404, {"X-Error-Code": "EntryNotFound"})
            return
        data = hub.files[repo][path]
        digest = hashlib.sha256(data).hexdigest()
        known = {
            "X-Repo-Commit": REVISION,
            "X-Linked-Size": str(len(data)),
            "X-Linked-Etag": f'"{digest}"',
            "ETag": f'"{digest}"',
        }
        if self.command == "GET" and path.endswith((".gguf", ".safetensors")):
            self._head(
                302,
                {
                    **known,
                    "Location": f"{hub.address.replace('127.0.0.1', 'localhost')}/cdn/{repo}?path={path}",
                    "Content-Length": "0",
                },
            )
        else:
            self._file(data, known)

    def _shut(self, repo: str) -> bool:
        """Whether the request was refused."""
        if (
            self.hub.gated.get(repo) is not None
            and self.headers.get("Authorization") != f"Bearer {self.hub.gated[repo]}"
        ):
            self._refuse(401, {"X-Error-Code": "GatedRepo", "X-Error-Message": "Access to this model is restricted."})
            return True
        if self.command == "GET" and self.hub.refusals:
            status, wait = self.hub.refusals.pop(0)
            self._refuse(status, {} if wait is None else {"Retry-After": str(wait)})
            return True
        return False

    def _file(self, data: bytes, headers: dict[str, str] | None = None) -> None:
        span = self.headers.get("Range")
        start = int(span.removeprefix("bytes=").rstrip("-")) if span else 0
        if span and start >= len(data):
            self._head(416, {"Content-Range": f"bytes */{len(data)}", "Content-Length": "0"})
            return
        ranged = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"} if span else {}
        self._head(206 if span else 200, {**(headers or {}), **ranged, "Content-Length": str(len(data) - start)})
        if self.command == "HEAD":
            return
        queue = self.hub.breaks or self.hub.stalls
        kind = "break" if self.hub.breaks else "stall"
        most = queue.pop(0) if queue else None
        body = data[start:] if most is None else data[start:][:most]
        if self.hub.dripping:
            step = max(1, len(body) // 10)
            for at in range(0, len(body), step):
                time.sleep(self.hub.dripping)
                self.wfile.write(body[at : at + step])
                self.wfile.flush()
        else:
            self.wfile.write(body)
            self.wfile.flush()
        if most is not None:
            if kind == "stall":
                time.sleep(1.5)
            self.close_connection = True

    def _json(self, content: object) -> None:
        body = json.dumps(content).encode()
        self._head(200, {"Content-Type": "application/json", "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _refuse(self, status: int, headers: dict[str, str]) -> None:
        self._head(status, {**headers, "Content-Length": "0"})

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
