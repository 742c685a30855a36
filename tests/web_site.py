"""A web site on loopback, for the tests that fetch.

What it says at which path is set as it goes, and what it was asked for is written down.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROSE = (
    "The river Alder rises in the northern hills and is 210 kilometres long. It carries timber to the port of Brandt, "
    "where forty mills stand. "
    "Mayor Ilse Brandt opened the new bridge on Monday, and said that it had cost 40 million crowns, a tenth more "
    "than the council had planned. "
    "The council will vote in June on a second bridge, which is to stand at the old ferry below the town and to be "
    "open to carts alone."
)


@dataclass
class Site:
    """What it says: by path, a reply, or a function that writes to the connection itself."""

    port: int
    replies: dict[str, Reply | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, but for robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]


@dataclass(frozen=True)
class Reply:
    body: bytes = b""
    status: int = 200
    content_type: str | None = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def page(title: str, *paragraphs: str, head: str = "") -> Reply:
    text = "".join(f"<p>{each}</p>" for each in paragraphs or (PROSE, PROSE.replace("river", "stream")))
    return Reply(
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{text}</article></body></html>".encode()
    )


def rss(*items: str, title: str = "Daily Alder") -> Reply:
    body = '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    return Reply(
        f"{body}<channel><title>{title}</title>{''.join(items)}</channel></rss>".encode("utf-8", "replace"),
        content_type="application/rss+xml",
    )


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """Says one letter of its headers after the other, for a minute."""
    for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 600:
        handler.wfile.write(bytes([letter]))
        handler.wfile.flush()
        time.sleep(0.1)


@contextmanager
def serving() -> Iterator[Site]:
    """The site, on a port of its own, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            reply = site.replies.get(self.path, Reply(b"nothing here", 404))
            if not isinstance(reply, Reply):
                try:
                    reply(self)
                except OSError:  # the other side has hung up
                    self.close_connection = True
                return
            if reply.status == 200 and reply.headers.get("ETag") == self.headers.get("If-None-Match", "no"):
                reply = Reply(status=304, headers=reply.headers)
            self.send_response(reply.status)
            if reply.content_type is not None:
                self.send_header("Content-Type", reply.content_type)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(reply.body)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Site(server.server_address[1])
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
