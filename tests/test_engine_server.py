"""A model behind a server: what is sent, what is read, and what a person is told of every way in which a server can fail. A scripted server on loopback."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ModelError, SettingsError
from qa.models.address import Address, parse
from qa.models.engine import Generation, Message
from qa.models.engine_server import SPOKEN, TRIES, ServerModel

ASK = [Message("system", "Answer."), Message("user", "Is it raining?")]
Reply = Callable[["Scripted", dict[str, Any]], None]


class Scripted(BaseHTTPRequestHandler):
    """Answers as the script of its server says; `seen` holds what was asked."""

    server: ScriptedServer

    def do_GET(self) -> None:
        self.json(
            {
                "object": "list",
                "data": [{"id": "toy", "object": "model", "created": len(self.server.seen), "owned_by": "me"}],
            }
        )

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append({"path": self.path, "key": self.headers.get("Authorization"), **body})
        self.server.script(self, body)

    def json(self, told: object, status: int = 200, **headers: str) -> None:
        data = json.dumps(told).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def stream(self, *pieces: str, end: bool = True) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        events: list[object] = [{"choices": [{"delta": {"content": piece}, "finish_reason": None}]} for piece in pieces]
        events += [
            {"choices": [{"delta": {}, "finish_reason": "stop"}]},
            {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": len(pieces)}},
        ] * end
        for event in events:
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        if end:
            self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        pass


class ScriptedServer(ThreadingHTTPServer):
    script: Reply
    seen: list[dict[str, Any]]


def word(text: str, *alternatives: tuple[str, float]) -> dict[str, object]:
    """A reply of one token with the probabilities of what else it could have been."""
    told = {
        "content": [
            {
                "token": text,
                "logprob": 0.0,
                "top_logprobs": [{"token": each, "logprob": math.log(share)} for each, share in alternatives],
            }
        ]
    }
    return {
        "choices": [{"message": {"role": "assistant", "content": text}, "logprobs": told if alternatives else None}]
    }


def plain(handler: Scripted, body: dict[str, Any]) -> None:
    if body.get("stream"):
        handler.stream("It ", "is.")
    else:
        handler.json(word("Yes", ("Yes", 0.6), (" yes", 0.1), ("No", 0.2), ("Maybe", 0.1)))


@contextmanager
def served(script: Reply = plain) -> Iterator[tuple[Address, ScriptedServer]]:
    server = ScriptedServer(("127.0.0.1", 0), Scripted)
    server.script, server.seen = script, []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield parse(f"http://127.0.0.1:{server.server_port}/v1"), server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def model(address: Address, **options: Any) -> ServerModel:
    return ServerModel(address, options.pop("model", "toy"), pause=lambda _: None, **options)


def test_a_reply_is_streamed_and_its_tokens_are_counted() -> None:
    with served() as (address, server):
        pieces: list[str] = []

        def note(piece: str) -> bool:
            pieces.append(piece)
            return False

        assert model(address).generate(ASK, max_tokens=9, on_text=note) == Generation("It is.", 7, 2)
    assert pieces == ["It ", "is."]
    sent = server.seen[-1]
    assert (sent["path"], sent["model"], sent["max_tokens"], sent["temperature"], sent["seed"]) == (
        "/v1/chat/completions",
        "toy",
        9,
        0,
        0,
    )
    assert sent["messages"] == [{"role": "system", "content": "Answer."}, {"role": "user", "content": "Is it raining?"}]


def test_who_wants_no_more_stops_the_reply() -> None:
    with served() as (address, _):
        assert model(address).generate(ASK, max_tokens=9, on_text=lambda _: True).text == "It"


def test_yes_and_no_are_summed_over_their_spellings() -> None:
    with served() as (address, _):
        found = model(address)
        assert found.opinion(ASK).yes == pytest.approx(0.7 / 0.9)
        assert found.name == f"toy (server {address.host})"


@pytest.mark.parametrize(("said", "yes"), [("Yes", SPOKEN), ("no.", 1 - SPOKEN), ("Perhaps", 0.5)])
def test_a_server_without_probabilities_is_taken_at_its_word_and_its_name_says_so(said: str, yes: float) -> None:
    with served(lambda handler, _: handler.json(word(said))) as (address, _):
        found = model(address)
        assert found.opinion(ASK).yes == pytest.approx(yes)
        assert found.name == f"toy (server {address.host}, which gives no probabilities)"


def test_the_digest_is_of_what_the_server_says_of_the_model_times_aside() -> None:
    with served() as (address, _):
        first, second = model(address), model(address)
        assert first.digest == second.digest
        assert len(first.digest) == 12


def test_the_key_is_sent_and_never_shown() -> None:
    with served(lambda handler, _: handler.json({"error": {"message": "wrong key"}}, 401)) as (address, server):
        with pytest.raises(ModelError) as caught:
            model(address, key="sesame")
        assert server.seen[0]["key"] == "Bearer sesame"
    assert "sesame" not in f"{caught.value} {caught.value.hint}"
    assert caught.value.hint == "set it in the environment: QA_SERVER_KEY=…"


def test_fields_that_a_server_does_not_know_are_left_out_from_then_on() -> None:
    def strict(handler: Scripted, body: dict[str, Any]) -> None:
        known = {
            "model",
            "messages",
            "max_tokens",
            "temperature",
            "seed",
            "stream",
            "stream_options",
            "logprobs",
            "top_logprobs",
        }
        if unknown := body.keys() - known:
            handler.json({"error": {"message": f"unknown fields {sorted(unknown)}"}}, 400)
        else:
            plain(handler, body)

    with served(strict) as (address, server):
        found = model(address)
        assert len(server.seen) == 3
        assert found.generate(ASK, max_tokens=9).text == "It is."
        assert len(server.seen) == 4


def test_thoughts_before_a_reply_are_no_part_of_it() -> None:
    def thinking(handler: Scripted, body: dict[str, Any]) -> None:
        if body.get("stream"):
            handler.stream("<think>", "Rain?", "</think>\n\n", "It is.")
        else:
            plain(handler, body)

    with served(thinking) as (address, _):
        assert model(address).generate(ASK, max_tokens=99).text == "It is."


def test_a_model_that_cannot_help_thinking_is_refused_for_yes_or_no() -> None:
    with (
        served(lambda handler, _: handler.json(word("<think>"))) as (address, _),
        pytest.raises(ModelError, match="toy thinks before it replies"),
    ):
        model(address).opinion(ASK)


def test_a_busy_server_is_asked_again_as_long_as_it_says_and_then_named() -> None:
    waited: list[float] = []
    with served(lambda handler, _: handler.json({"error": "loading"}, 503, **{"Retry-After": "3"})) as (
        address,
        server,
    ):
        with pytest.raises(ModelError, match="is busy or failing: loading"):
            ServerModel(address, "toy", pause=waited.append)
        assert len(server.seen) == TRIES
    assert waited == [3.0] * (TRIES - 1)


def test_a_reply_that_breaks_off_is_asked_for_again_while_nothing_was_handed_on() -> None:
    broken = iter([True, False])

    def breaking(handler: Scripted, body: dict[str, Any]) -> None:
        if body.get("stream") and next(broken):
            handler.stream("It ", end=False)
        else:
            plain(handler, body)

    with served(breaking) as (address, _):
        assert model(address).generate(ASK, max_tokens=9).text == "It is."


@pytest.mark.parametrize("told", [{"hello": "world"}, {"choices": []}, [1], "rain"])
def test_a_reply_in_one_piece_is_read_and_nonsense_is_named(told: object) -> None:
    def in_one_piece(handler: Scripted, body: dict[str, Any]) -> None:
        asked_to_stream = body.get("stream") and body["messages"][-1]["content"] != "nonsense"
        handler.json(
            {**word("It is."), "usage": {"prompt_tokens": 7, "completion_tokens": 2}}
            if asked_to_stream
            else told
            if body.get("stream")
            else word("Yes")
        )

    with served(in_one_piece) as (address, _):
        found = model(address)
        assert found.generate(ASK, max_tokens=9) == Generation("It is.", 7, 2)
        with pytest.raises(ModelError, match="is no OpenAI-compatible server"):
            found.generate([Message("user", "nonsense")], max_tokens=9)


def test_a_reply_that_breaks_off_after_words_were_shown_is_an_error() -> None:
    def breaking(handler: Scripted, body: dict[str, Any]) -> None:
        if body.get("stream"):
            handler.stream("It ", end=False)
        else:
            plain(handler, body)

    with served(breaking) as (address, _), pytest.raises(ModelError, match="broke off in the middle of a reply"):
        model(address).generate(ASK, max_tokens=9, on_text=lambda _: False)


def test_too_long_a_prompt_says_what_to_do() -> None:
    def short(handler: Scripted, body: dict[str, Any]) -> None:
        if body.get("stream"):
            handler.json(
                {"error": {"message": "request (900 tokens) exceeds the available context size (512 tokens)"}}, 400
            )
        else:
            plain(handler, body)

    with (
        served(short) as (address, _),
        pytest.raises(ModelError, match="does not fit into the context of toy") as caught,
    ):
        model(address).generate(ASK, max_tokens=9)
    assert caught.value.hint == "start the server with a longer context, or use --passages 4"


@pytest.mark.parametrize("nonsense", [{"hello": "world"}, [], {"choices": []}, {"choices": [{"message": None}]}])
def test_what_is_no_such_server_is_named(nonsense: object) -> None:
    with (
        served(lambda handler, _: handler.json(nonsense)) as (address, _),
        pytest.raises(ModelError, match="is no OpenAI-compatible server"),
    ):
        model(address)


@pytest.mark.parametrize(
    "logprobs", [{"content": [{"token": "Yes", "logprob": 0.0, "top_logprobs": []}]}, {"content": []}, {}]
)
def test_a_server_that_tells_no_alternatives_is_taken_at_its_word_and_its_name_says_so(logprobs: object) -> None:
    told = {"choices": [{"message": {"content": "Yes"}, "logprobs": logprobs}]}
    with served(lambda handler, _: handler.json(told)) as (address, _):
        found = model(address)
        assert found.opinion(ASK).yes == SPOKEN
        assert found.name.endswith("which gives no probabilities)")


@pytest.mark.parametrize("end", [True, False])
def test_words_that_are_empty_are_no_words(end: bool) -> None:
    def silent(handler: Scripted, body: dict[str, Any]) -> None:
        handler.stream("", "", end=end) if body.get("stream") else handler.json(word(""))

    with served(silent) as (address, _):
        found = model(address)
        assert found.opinion(ASK).yes == 0.5
        if end:
            assert found.generate(ASK, max_tokens=9, on_text=lambda _: False) == Generation("", 7, 2)
        else:
            with pytest.raises(ModelError, match="broke off in the middle of a reply"):
                found.generate(ASK, max_tokens=9)


def test_a_server_that_fails_after_it_began_is_quoted() -> None:
    def failing(handler: Scripted, body: dict[str, Any]) -> None:
        if not body.get("stream"):
            return plain(handler, body)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        handler.wfile.write(b'data: {"error": {"message": "out of memory", "code": 500}}\n\n')
        return None

    with served(failing) as (address, _), pytest.raises(ModelError) as caught:
        model(address).generate(ASK, max_tokens=9)
    assert caught.value.message == f"the server at {address.host} is busy or failing: out of memory"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
WHOLE = {
    "choices": [
        {
            "message": {"content": "Yes"},
            "delta": {"content": "Yes"},
            "finish_reason": "stop",
            "logprobs": {
                "content": [
                    {"token": "Yes", "top_logprobs": [{"token": each, "logprob": -0.7} for each in ("Yes", "No")]}
                ]
            },
        }
    ],
    "usage": {"prompt_tokens": 7, "completion_tokens": 2},
    "error": None,
}


def places(told: object) -> Iterator[tuple[str | int, ...]]:
    """The way to every value within a reply, and to the reply itself."""
    yield ()
    inner = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    for key, value in inner:
        yield from ((key, *rest) for rest in places(value))


def changed(told: Any, place: tuple[str | int, ...], value: object) -> Any:
    """A reply with something else at one place."""
    if not place:
        return value
    copy = told.copy()
    copy[place[0]] = changed(told[place[0]], place[1:], value)
    return copy


@settings(deadline=None, max_examples=300)
@given(place=st.sampled_from(list(places(WHOLE))), value=ANYTHING, streamed=st.booleans())
def test_whatever_stands_in_a_reply_is_read_as_what_it_should_be_or_is_one_line(
    place: tuple[str | int, ...], value: object, *, streamed: bool
) -> None:
    told = json.dumps(changed(WHOLE, place, value))

    def reply(request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET":
            return httpx2.Response(200, json={"data": [{"id": "toy"}]})
        if streamed and json.loads(request.content).get("stream"):
            return httpx2.Response(200, headers={"Content-Type": "text/event-stream"}, text=f"data: {told}\n\n" * 2)
        return httpx2.Response(200, content=told)

    pieces: list[str] = []

    def note(piece: str) -> bool:
        pieces.append(piece)
        return False

    with suppress(ModelError):
        found = model(parse("http://127.0.0.1:1/v1"), transport=httpx2.MockTransport(reply))
        assert 0.0 <= found.opinion(ASK).yes <= 1.0
        made = found.generate(ASK, max_tokens=9, on_text=note)
        assert {type(each) for each in (made.text, *pieces)} == {str}
        assert {type(made.prompt_tokens), type(made.tokens)} == {int}


def test_a_model_that_the_server_does_not_have_is_named_with_those_it_has() -> None:
    with served() as (address, _), pytest.raises(ModelError, match=r"has no model other; it has toy$"):
        model(address, model="other")


def test_where_nothing_listens_one_line_says_so() -> None:
    with served() as (address, _):
        pass
    with pytest.raises(ModelError, match=f"no server answers at {address.base}$"):
        model(address)


def test_calls_of_several_threads_run_side_by_side() -> None:
    together = threading.Barrier(2, timeout=5)

    def waiting(handler: Scripted, body: dict[str, Any]) -> None:
        if body.get("stream"):
            together.wait()
        plain(handler, body)

    with served(waiting) as (address, _):
        found = model(address)
        said: list[str] = []
        threads = [
            threading.Thread(target=lambda: said.append(found.generate(ASK, max_tokens=9).text)) for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert said == ["It is.", "It is."]


@pytest.mark.parametrize("host", ["example.org", "192.168.1.5", "8.8.8.8", "localhost.example.org", "[2001:db8::1]"])
def test_another_machine_is_refused_until_it_is_allowed(host: str) -> None:
    with pytest.raises(SettingsError, match="is not this machine") as caught:
        ServerModel(parse(f"http://{host}/v1"), "toy")
    assert "allow_remote = true" in caught.value.hint


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:1234", "[::1]:8000", "127.9.9.9", "ollama.localhost"])
def test_this_machine_is_allowed(host: str) -> None:
    assert parse(f"http://{host}/v1").is_loopback


@pytest.mark.parametrize(
    "text",
    [
        "http://",
        "ftp://127.0.0.1/v1",
        "http://127.0.0.1:99999/v1",
        "http://me:secret@127.0.0.1/v1",
        "http://127.0.0.1/v1?key=1",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        parse(text)
