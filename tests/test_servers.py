"""The bench's server without a model.

The same prompt gets the same reply, and each fault is what a person is told of it.
"""

from __future__ import annotations

import pytest

from bench.scripted import MODEL, Fault, Scripted, scripted
from bench.servers import _timeless
from index.errors import ModelError
from qa.models.address import parse
from qa.models.engine import Message
from qa.models.engine_server import ServerModel

ASK = [Message("user", "The river Alder is 210 kilometres long, and carries timber. How long is it?")]


def asked(server: Scripted) -> ServerModel:
    return ServerModel(parse(server.address), MODEL, pause=lambda _: None)


def test_a_prompt_has_its_reply_whatever_was_asked_before() -> None:
    with scripted(wait=0.0) as server:
        model = asked(server)
        first = model.generate(ASK, max_tokens=99), model.opinion(ASK)
        assert model.opinion([Message("user", "Is it?")]) != first[1]
        assert (model.generate(ASK, max_tokens=99), model.opinion(ASK)) == first
        assert first[0].text == "The river Alder is 210 kilometres long, and carries timber."
        assert 0.5 <= first[1].yes < 1.0
        assert (server.asked, server.at_once) == (6, 1)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("killed", "no server answers at "),
        ("nonsense", "what answers at "),
        ("short context", f"what was asked does not fit into the context of {MODEL}: "),
        ("busy", "the server at 127.0.0.1:"),
    ],
)
def test_each_fault_begins_after_what_goes_well_and_is_one_line(fault: Fault, message: str) -> None:
    with scripted(wait=0.0, fault=fault, well=2) as server:
        model = asked(server)
        assert model.opinion(ASK).yes >= 0.5
        with pytest.raises(ModelError) as caught:
            model.generate(ASK, max_tokens=99)
        assert caught.value.message.startswith(message)
        assert "\n" not in f"{caught.value.message}{caught.value.hint}"


def test_batches_are_compared_without_their_times() -> None:
    assert (
        _timeless({"answer": "a", "timings_ms": {"total": 1.0}})
        == _timeless({"timings_ms": {}, "answer": "a"})
        != _timeless({"answer": "b"})
    )
