"""A server on this machine that speaks OpenAI's protocol without a model.

It copies from the prompt, after a fixed wait, and fails as it is told to.

What it replies depends on the prompt alone: to a question for Yes or No a probability, to any other the first sentence
that it was given. So a question has the same answer whatever is asked beside it.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

MODEL = "scripted"
Fault = Literal["", "killed", "hung", "nonsense", "short context", "busy"]
_SENTENCE = re.compile(r"[A-Z][^.!?\n]{20,200}\.")


class Scripted(ThreadingHTTPServer):
    """`wait` seconds before each reply; `at_once` is the most requests that were under way together.

    After `well` requests it has the `fault`.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *, wait: float, fault: Fault = "", well: int = 0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.wait, self.fault, self.well = wait, fault, well
        self.asked = self.under_way = self.at_once = 0
        self.lock = threading.Lock()

    @property
    def address(self) -> str:
        """What `--engine` takes."""
        return f"http://127.0.0.1:{self.server_port}/v1"

    @property
    def well_still(self) -> bool:
        """Whether the next request is served; counts it."""
        with self.lock:
            self.asked += 1
            return not self.fault or self.asked <= self.well

    def kill(self) -> None:
        """Let nobody in any more."""
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """Whoever hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: Scripted

    def do_GET(self) -> None:
        self._json({"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "bench"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        with server.lock:
            server.under_way += 1
            server.at_once = max(server.at_once, server.under_way)
        try:
            time.sleep(server.wait)
            if server.well_still:
                self._reply(body)
            else:
                self._fail(body)
        finally:
            with server.lock:
                server.under_way -= 1

    def _reply(self, body: dict[str, Any]) -> None:
        prompt = "\n".join(message["content"] for message in body["messages"])
        if not body.get("stream"):
            # from a half to one
            yes = 0.5 + int.from_bytes(hashlib.sha256(prompt.encode()).digest()[:2], "big") / 2**17
            tops = [{"token": token, "logprob": math.log(share)} for token, share in (("Yes", yes), ("No", 1 - yes))]
            self._json(
                {
                    "choices": [
                        {
                            "message": {"content": "Yes"},
                            "logprobs": {"content": [{"token": "Yes", "logprob": 0.0, "top_logprobs": tops}]},
                        }
                    ]
                }
            )
            return
        found = _SENTENCE.findall(body["messages"][-1]["content"])
        self._stream((found or ["Nothing is said."])[0].split(" "))

    def _fail(self, body: dict[str, Any]) -> None:
        match self.server.fault:
            case "killed":
                if body.get("stream"):
                    self._stream(["In", "the", "middle"], end=False)
                self.server.kill()
                self.close_connection = True
            case "hung":
                time.sleep(3600)
            case "nonsense":
                self._json({"hello": "world"})
            case "short context":
                self._json(
                    {"error": {"message": "request (900 tokens) exceeds the available context size (512 tokens)"}}, 400
                )
            case _:
                self._json({"error": {"message": "loading model"}}, 503)

    def _stream(self, words: list[str], *, end: bool = True) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for place, word in enumerate(words):
            told = {"choices": [{"delta": {"content": f"{' ' if place else ''}{word}"}, "finish_reason": None}]}
            self.wfile.write(f"data: {json.dumps(told)}\n\n".encode())
        if end:
            self.wfile.write(b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n')

    def _json(self, told: object, status: int = 200) -> None:
        data = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def scripted(*, wait: float, fault: Fault = "", well: int = 0) -> Iterator[Scripted]:
    """A server while the block lasts."""
    server = Scripted(wait=wait, fault=fault, well=well)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.kill()
