"""The bench's server without a model.

The same prompt gets the same reply, and each fault is what a person is told of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bench.beside import Noted, Run, Said, Told, differences
from bench.scripted import MODEL, Fault, Scripted, scripted
from bench.servers import _compared, _many, _timeless
from bench.serving import _hub
from index.errors import ModelError
from qa.models.address import parse
from qa.models.engine import Generation, Message, Opinion
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
    assert _timeless({"answer": "a", "timings_ms": {"total": 1.0}}) == {"answer": "a"}
    one = {"status": "answered", "answer": "a", "citations": [], "confidence": 0.5}
    assert (
        _compared([one, one, one], [one, one | {"confidence": 0.6}, one | {"answer": "b"}])
        == "1 of 3 answers are the same, 2 in status, words and quotes"
    )


class Telling:
    """A model that tells all that a model of this disk can."""

    name, digest = "telling", "0"

    def generate(
        self,
        messages: Sequence[Message],  # noqa: ARG002
        *,
        max_tokens: int,  # noqa: ARG002
        on_text: Callable[[str], bool] | None = None,  # noqa: ARG002
    ) -> Generation:
        return Generation("Yes.", 3, 2, sure=0.9)

    def opinion(self, messages: Sequence[Message]) -> Opinion:  # noqa: ARG002
        return Opinion(0.7, (1.0, 2.0))


def test_a_model_of_this_disk_is_asked_as_if_a_server_had_it() -> None:
    blind, whole = Noted(Telling(), blind=True), Noted(Telling())
    assert (blind.opinion(ASK), whole.opinion(ASK)) == (Opinion(0.7), Opinion(0.7, (1.0, 2.0)))
    assert (blind.generate(ASK, max_tokens=9).sure, whole.generate(ASK, max_tokens=9).sure) == (None, 0.9)
    assert blind.said == whole.said
    assert sorted(map(str, blind.said.values())) == ["0.7", "Yes."]


def test_answers_that_differ_are_named_with_what_was_replied_to_the_same_prompt() -> None:
    def run(name: str, answer: str, said: str, yes: float) -> Run:
        replies: Said = {"a": said, "b": yes, name: 0.5}
        told = Told("How long?", "answered", "right", "answered", answer, (("a.txt", 0, 9),), 0.75, 2.0, replies)
        return Run(name, (told,))

    one, other = run("server", "210 km [1]", "210", 0.625), run("disk", "211 km [1]", "211", 0.75)
    assert one.summary() == (
        "server: 1 questions, right 1, refused 0, wrong 0; of 0 without an answer refused 0; median 2.0 s, all 2 s"
    )
    agreement = (
        "0 of 1 replies in words are the same; P(Yes) of 1 prompts differs by 0.125 in the median and 0.125 at most; "
        "2 prompts were put to one alone"
    )
    assert list(differences(one, other)) == [
        "server against disk: 0 of 1 answers are the same, letter for letter",
        f"  {agreement}",
        "  How long?",
        "    server: right, answered, confidence 0.75: 210 km [1]",
        "    disk: right, answered, confidence 0.75: 211 km [1]",
        f"    {agreement}",
        "    to the same prompt: “210”, and “211”",
    ]
    assert len(list(differences(one, one))) == 2


def test_the_hub_s_folder_holds_one_model(tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "config.json").write_text("{}", encoding="utf-8")
    hub = _hub(tmp_path / "hub", "local/tiny", tmp_path / "weights")
    revision = (hub / "models--local--tiny" / "refs" / "main").read_text(encoding="utf-8")
    assert (hub / "models--local--tiny" / "snapshots" / revision / "config.json").read_text(encoding="utf-8") == "{}"


def test_a_batch_begins_with_the_questions_of_the_file_and_has_none_twice() -> None:
    found = _many(['{"question": "Who came?"}'], 60)
    assert found[:2] == ["Who came?", "What is said of New Delhi?"]
    assert len(found) == 60
    assert len(set(found)) == len(found)
