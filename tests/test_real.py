"""The whole path with the real models over the seeds.

Exact where the articles are: what is quoted, and where; what the model phrases is its own.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from index.build import build
from index.embed import Embedder
from index.store import Library
from qa.answering.answer import Assistant, answer
from qa.models.engine import LanguageModel
from qa.records import Answer
from qa.render.json import to_object
from qa.settings import Settings

pytestmark = pytest.mark.model

SEEDS = Path(__file__).parent.parent / "seeds"
TRADE = "What trade target did India and Russia set, and by when?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, language_model: LanguageModel) -> Assistant:
    folder = tmp_path_factory.mktemp("library")
    build(folder, [SEEDS], embedder)
    return Assistant(Library.open(folder), embedder, language_model, Settings(library=folder, models=folder))


def confirmed(result: Answer) -> int:
    """How many quotes stand in the files where the answer says; fails at the first that does not."""
    shown = (*result.citations, *result.nearest)
    for citation in shown:
        with (SEEDS / citation.source).open(encoding="utf-8", newline="") as file:
            assert file.read()[citation.start : citation.end] == citation.quote
    return len(shown)


def test_the_trade_target_comes_first_and_from_several_articles(assistant: Assistant) -> None:
    result = answer(TRADE, assistant)
    assert result.status in ("answered", "conflicting")
    assert re.search(r"100 billion.*2030", result.sentences[0].text)
    assert len({citation.source for citation in result.citations}) >= 2
    assert confirmed(result) >= 2


def test_what_the_articles_do_not_say_is_refused_with_the_nearest_passages(assistant: Assistant) -> None:
    result = answer("How much will the Kaluga plant cost?", assistant)
    assert (result.status, result.sentences, result.citations) == ("unanswered", (), ())
    assert any("Kaluga" in citation.quote for citation in result.nearest)
    assert confirmed(result) == 3


def test_a_question_answered_again_after_another_gives_the_same_bytes(assistant: Assistant) -> None:
    question = "What kind of vessels may be built jointly for Arctic conditions?"
    first = to_object(answer(question, assistant))
    answer("Which ratified pact lets both sides use each other's ports?", assistant)
    assert to_object(answer(question, assistant)) | {"timings_ms": {}} == first | {"timings_ms": {}}
    assert first["status"] == "answered"
