"""A model that another process keeps loaded: the same answers, for its user alone, and never needed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from index.errors import SettingsError
from qa import __version__
from qa.commands.serve import seconds
from qa.models import wire
from qa.models.engine import Generation, LanguageModel, Message, Opinion
from qa.models.served import Record, ServedModel, ask, publish, published
from qa.models.server import HANDSHAKE, Server
from qa.models.wire import GONE, LONGEST, Door, knock
from tests.conftest import MODELS
from tests.fakes import FakeModel

ASKED = (Message("system", "Be “brief”."), Message("user", "How long is it?\n\u2028\ud800", opening="How long"))
VERSIONED = b'{"version": "%s", "do": %%s}' % __version__.encode()
SMALL = "smollm2-135m-instruct"


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server(lent())
    yield started
    started.stop()
    started.close()


def lent() -> FakeModel:
    return FakeModel(lambda messages: f"{messages[-1].content.split()[0]} about 210 km", yes=1 / 3, state=(0.1, -1e-7))


def nobody() -> LanguageModel:
    raise AssertionError("the model was loaded here")


def test_a_served_model_says_what_the_model_says(server: Server) -> None:
    near, far = lent(), ServedModel(server.record, nobody)
    assert (far.name, far.digest) == (near.name, near.digest)
    assert far.opinion(ASKED) == near.opinion(ASKED) == Opinion(1 / 3, (0.1, -1e-7))
    pieces: list[str] = []

    def heard(piece: str) -> bool:
        pieces.append(piece)
        return False

    assert (
        far.generate(ASKED, max_tokens=3, on_text=heard)
        == near.generate(ASKED, max_tokens=3)
        == Generation("How about 210 ", 7, 3)
    )
    assert pieces == ["How about 210 "]


def test_requests_from_several_sides_take_turns() -> None:
    inside: list[int] = []
    most: list[int] = []

    def slow(_: object) -> float:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.02)
        inside.pop()
        return 0.5

    server = Server(FakeModel(yes=slow))
    threads = [threading.Thread(target=ServedModel(server.record, nobody).opinion, args=(ASKED,)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.close()
    assert most == [1] * 5


def test_where_the_server_has_gone_the_model_is_loaded_here_once(server: Server) -> None:
    loaded: list[LanguageModel] = []

    def load() -> LanguageModel:
        loaded.append(FakeModel(["mine", "mine again"], yes=0.25))
        return loaded[-1]

    model = ServedModel(server.record, load)
    assert model.opinion(ASKED).yes == 1 / 3
    server.close()
    assert model.generate(ASKED, max_tokens=9).text == "mine"
    assert model.opinion(ASKED).yes == 0.25
    assert model.generate(ASKED, max_tokens=9).text == "mine again"
    assert len(loaded) == 1


def test_a_question_that_fails_there_is_asked_here() -> None:
    def broken(_: object) -> float:
        raise RuntimeError("out of memory")

    server = Server(FakeModel(yes=broken))
    assert ServedModel(server.record, lambda: FakeModel(yes=0.75)).opinion(ASKED).yes == 0.75
    assert ask(server.record, {"do": "hello"}) == {}
    server.close()


def test_who_does_not_know_the_key_is_turned_away(server: Server) -> None:
    with pytest.raises(GONE):
        ask(replace(server.record, key="00" * 32), {"do": "stop"})
    with pytest.raises(GONE):
        ask(replace(server.record, key=""), {"do": "stop"})
    assert ask(server.record, {"do": "hello"}) == {}


def test_who_answers_without_the_key_is_told_nothing() -> None:
    """Another process has taken the address: it gets neither the key nor the question."""
    door = Door()
    heard: list[bytes] = []

    def listen() -> None:
        visitor = door.open()
        assert visitor is not None
        with visitor:
            visitor._socket.sendall(bytes(32))
            heard.append(visitor._read(64, time.monotonic() + 5))
            visitor._socket.sendall(bytes(32))
            heard.append(visitor._socket.recv(1000))

    listening = threading.Thread(target=listen)
    listening.start()
    key = "ab" * 32
    with pytest.raises(PermissionError):
        ask(Record(door.address, key, "name", "digest", 1), {"do": "generate", "messages": [], "max_tokens": 1})
    listening.join(10)
    door.close()
    assert (len(heard[0]), heard[1]) == (64, b"")
    assert bytes.fromhex(key) not in heard[0]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"no json",
        b"[]",
        VERSIONED % b'"dance", "messages": []',
        VERSIONED % b'"opinion", "messages": 3',
        b"\x80\x04.",
        b"[" * 200_000,
        b"\xff\xfe",
    ],
)
def test_nonsense_gets_no_reply_and_harms_nothing(server: Server, sent: bytes) -> None:
    with knock(server.record.address, 5) as visitor:
        visitor.greet(bytes.fromhex(server.record.key), within=5)
        visitor._socket.sendall(len(sent).to_bytes(4, "big") + sent)
        with pytest.raises(GONE):
            visitor.receive(within=5)
    assert ask(server.record, {"do": "hello"}) == {}


@pytest.mark.parametrize(
    "sent",
    [b"", b"\x00" * 31, b"GET / HTTP/1.1\r\n\r\n", Random(1).randbytes(96), b"\x00" * 32, Random(2).randbytes(100_000)],
)
def test_who_says_nothing_half_or_garbage_stops_nobody(server: Server, sent: bytes) -> None:
    strangers = [knock(server.record.address, 5) for _ in range(20)]
    for stranger in strangers:
        with suppress(OSError):  # it may have hung up in the middle of so much
            stranger._socket.sendall(sent)
    began = time.monotonic()
    assert ServedModel(server.record, nobody).opinion(ASKED).yes == 1 / 3
    assert time.monotonic() - began < HANDSHAKE  # not behind any of them
    for stranger in strangers:  # and each is hung up on
        with stranger, suppress(OSError):
            while stranger._socket.recv(65536):
                pass


@pytest.mark.parametrize("length", [LONGEST + 1, 2**32 - 1])
def test_a_message_that_is_too_long_is_not_read(server: Server, length: int) -> None:
    with knock(server.record.address, 5) as visitor:
        visitor.greet(bytes.fromhex(server.record.key), within=5)
        visitor._socket.sendall(length.to_bytes(4, "big"))
        with pytest.raises(GONE):
            visitor.receive(within=2)


def test_a_port_of_the_loopback_does_where_there_are_no_unix_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "_UNIX", False)
    server = Server(lent())
    assert server.record.address.startswith("127.0.0.1:")
    assert ServedModel(server.record, nobody).opinion(ASKED).yes == 1 / 3
    server.close()


def test_the_socket_is_for_its_user_alone_and_goes_with_its_server(server: Server) -> None:
    folder = Path(server.record.address).parent
    assert folder.stat().st_mode & 0o777 == 0o700
    server.close()
    assert not folder.exists()


def test_who_asked_first_is_answered_first() -> None:
    order: list[str] = []

    def slow(messages: Sequence[Message]) -> float:
        time.sleep(0.1)
        order.append(messages[0].content)
        return 0.5

    server = Server(FakeModel(yes=slow))
    threads = []
    for name in "abcdef":
        threads.append(
            threading.Thread(target=ServedModel(server.record, nobody).opinion, args=([Message("user", name)],))
        )
        threads[-1].start()
        time.sleep(0.03)
    for thread in threads:
        thread.join()
    server.close()
    assert order == list("abcdef")


def test_who_waits_hears_that_the_server_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.models.server.BEAT", 0.05)

    def slow(_: object) -> float:
        time.sleep(1)
        return 0.25

    server = Server(FakeModel(yes=slow))
    request = {"do": "opinion", "messages": [{"role": "user", "content": "x", "opening": ""}]}
    assert ask(server.record, request, silence=0.5)["yes"] == 0.25
    with pytest.raises(TimeoutError):
        ask(server.record, request, silence=0.5, limit=0.3)
    server.close()


def test_a_model_that_does_not_come_back_ends_the_server_and_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.models.server.BEAT", 0.05)
    monkeypatch.setattr("qa.models.server.TURN", 0.3)
    for_ever = threading.Event()

    def hangs(_: object) -> float:
        for_ever.wait(30)
        return 0.5

    server = Server(FakeModel(yes=hangs))
    models = [ServedModel(server.record, lambda: FakeModel(yes=0.75)) for _ in range(3)]
    found: list[float] = []
    threads = [threading.Thread(target=lambda model=model: found.append(model.opinion(ASKED).yes)) for model in models]
    for thread in threads:
        thread.start()
    server.wait(float("inf"))  # which would be for ever
    for thread in threads:
        thread.join(10)
    assert found == [0.75] * 3
    for_ever.set()
    server.close()


def test_who_is_of_another_version_is_refused(server: Server) -> None:
    with pytest.raises(KeyError):
        ask(server.record, {"version": "0.0.1", "do": "opinion", "messages": []})
    with knock(server.record.address, 5) as visitor:
        visitor.greet(bytes.fromhex(server.record.key), within=5)
        visitor.send({"version": "0.0.1", "do": "opinion", "messages": []}, within=5)
        assert visitor.receive(within=5) == {"refused": f"this is version {__version__}"}
    assert ask(server.record, {"version": "0.0.1", "do": "stop"}) == {}  # which every version understands


def test_it_stops_when_nothing_is_asked_for_long_enough() -> None:
    def slow(_: object) -> float:
        time.sleep(0.4)
        return 0.5

    server = Server(FakeModel(yes=slow))
    asking = threading.Thread(target=ServedModel(server.record, nobody).opinion, args=(ASKED,))
    asking.start()
    start = time.monotonic()
    time.sleep(0.05)
    server.wait(0.2)
    assert not asking.is_alive()  # a question under way is not idleness
    assert time.monotonic() - start >= 0.55
    server.close()


def test_who_knocks_between_stop_and_close_is_answered(server: Server) -> None:
    server.stop()
    assert [ask(server.record, {"do": "hello"}) for _ in range(5)] == [{}] * 5


def test_stop_ends_the_wait(server: Server) -> None:
    waiting = threading.Thread(target=server.wait, args=(float("inf"),))
    waiting.start()
    assert ask(server.record, {"do": "stop"}) == {}
    waiting.join(10)
    assert not waiting.is_alive()


def test_the_record_is_for_its_user_alone(server: Server, tmp_path: Path) -> None:
    place = tmp_path / "deep" / "model.json"
    assert published(place) is None
    publish(server.record, place)
    assert (place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [file.name for file in place.parent.iterdir()] == ["model.json"]
    assert published(place) == server.record


@pytest.mark.parametrize(
    "text",
    [
        "",
        "junk",
        "[]",
        '{"address": "x"}',
        "\x00",
        "[" * 200_000,
        '{"address": 1, "key": "ab", "name": "n", "digest": "d", "pid": 1, "version": "0"}',
    ],
)
def test_a_damaged_record_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "model.json").write_text(text, encoding="utf-8")
    assert published(tmp_path / "model.json") is None


def test_a_record_of_another_user_is_not_trusted(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(server.record, tmp_path / "model.json")
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert published(tmp_path / "model.json") is None


@pytest.mark.parametrize(
    ("idle", "expected"), [("90s", 90.0), ("10m", 600.0), ("1.5H", 5400.0), (" 2h ", 7200.0), ("never", float("inf"))]
)
def test_times(idle: str, expected: float) -> None:
    assert seconds(idle) == expected


@pytest.mark.parametrize("idle", ["", "10", "m", "-5m", "10 minutes", "1e9s", "inf"])
def test_what_is_no_time(idle: str) -> None:
    with pytest.raises(SettingsError) as caught:
        seconds(idle)
    assert (caught.value.message, caught.value.hint) == (
        f"“{idle}” is no time",
        "write it like 90s, 10m or 2h, or: never",
    )


@pytest.mark.model
def test_qa_serve_with_a_real_model(tmp_path: Path, small_model: LanguageModel) -> None:
    environ = {
        **os.environ,
        "QA_STATE": str(tmp_path),
        "QA_MODELS": str(MODELS),
        "QA_MODEL": SMALL,
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    qa = [sys.executable, "-c", "from qa.cli import main; main()", "serve"]

    def end(*arguments: str) -> tuple[int, list[str]]:
        done = subprocess.run(
            [*qa, *arguments], env=environ, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )
        return done.returncode, done.stderr.splitlines()

    assert end("--stop") == (0, ["nothing is being served"])
    with subprocess.Popen(qa, env=environ, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as serving:
        assert serving.stderr is not None
        assert serving.stderr.readline() == "loading the model ...\n"
        ready = f"{small_model.name} is ready for your other commands; it ends with Ctrl-C, or after 10m without a question\n"
        assert serving.stderr.readline() == ready
        (place,) = (tmp_path / "served").glob("*.json")
        record = published(place)
        assert record is not None
        messages = [Message("user", "Is Paris in France? Yes or No.")]
        far = ServedModel(record, nobody)
        assert far.opinion(messages) == small_model.opinion(messages)
        assert far.generate(messages, max_tokens=12) == small_model.generate(messages, max_tokens=12)
        assert end() == (
            1,
            [
                f"error: {small_model.name} is being served already, by process {serving.pid}",
                "hint: use it, or end it with: qa serve --stop",
            ],
        )
        assert end("--stop") == (0, [f"{small_model.name} is no longer served"])
        assert (serving.wait(30), serving.stderr.read()) == (0, "no longer serving\n")
    assert list((tmp_path / "served").glob("*.json")) == []


@pytest.mark.model
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_ends_qa_serve_and_takes_its_record_away(
    tmp_path: Path, small_model: LanguageModel, number: signal.Signals, code: int
) -> None:
    environ = {
        **os.environ,
        "QA_STATE": str(tmp_path),
        "QA_MODELS": str(MODELS),
        "QA_MODEL": SMALL,
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    qa = [sys.executable, "-c", "from qa.cli import main; main()", "serve", "--idle", "never"]
    with subprocess.Popen(qa, env=environ, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as serving:
        assert serving.stderr is not None
        assert [serving.stderr.readline() for _ in range(2)][1].endswith("it ends with Ctrl-C\n")
        assert (
            json.loads(next((tmp_path / "served").glob("*.json")).read_text(encoding="utf-8"))["name"]
            == small_model.name
        )
        serving.send_signal(number)
        assert serving.wait(30) == code
        assert "Traceback" not in serving.stderr.read()
    assert list((tmp_path / "served").glob("*.json")) == []
