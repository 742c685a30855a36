"""Names: two words side by side count as a word of their own, so that the one passage that holds a name is not lost among those that hold its parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from index import names as looked_up
from index.build import add_articles
from index.lexical import names
from index.records import Filter
from index.search import search
from index.store import Library
from index.tokens import Tokeniser
from tests.fakes import FakeEmbedder
from tests.test_store import article


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Walter White", [("walter", "white")]),
        ("Who is Walter White?", [("walter", "white")]),
        ("What did Sarah Jane O\u2019Brien say?", [("sarah", "jane"), ("jane", "o"), ("o", "brien")]),
        ("Which party won the Apollo 11 award?", [("apollo", "11")]),
        ("The Messi and the Messi", [("the", "messi")]),
        ("what did walter white say?", [("walter", "white"), ("white", "say")]),
        ("Who Is He?", []),
        ("Which party won the vote?", []),
        ("", []),
    ],
)
def test_what_may_be_a_name(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(names(text)) == expected


def test_a_pasted_page_is_not_searched_for_all_its_names() -> None:
    assert len(names(" ".join(f"Name{number}" for number in range(100)))) == 16


def test_the_tokeniser_says_which_texts_hold_a_phrase() -> None:
    tokeniser = Tokeniser()
    texts = [
        (3, "White, Walter"),
        (4, "walter\nWhite\u2019s car"),
        (9, "Walter Ren\u00e9 White"),
        (70_000, "WALTER-WH\u00ccTE!"),
    ]
    assert tokeniser.holding(["walter white", "white walter", "whites walter"], texts) == {
        "walter white": [4, 70_000],
        "white walter": [3],
        "whites walter": [],
    }
    assert tokeniser.terms("left nothing behind") == ("behind", "left", "noth")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Two hundred articles that speak of one of the two words, or of both apart.

    One in which they stand side by side, once, in a long passage.
    """
    draw = Random(1)
    filler = [f"word{number}" for number in range(50)]
    texts = [
        f"Walter and {draw.choice(filler)} met a white horse; Walter is white as {draw.choice(filler)}."
        for _ in range(200)
    ]
    texts[120] = " ".join(draw.choices(filler, k=90)) + " Walter White's plan."
    with Library.create(tmp_path, FakeEmbedder()) as made:
        add_articles(made, [article(f"{number:03}.txt", text) for number, text in enumerate(texts)], FakeEmbedder())
        yield made


@pytest.mark.parametrize("query", ["Walter White", "Who is Walter White?", "what did walter white say?"])
def test_a_name_that_stands_in_one_passage_is_found(library: Library, query: str) -> None:
    assert "120.txt" in [hit.passage.source for hit in search(query, library, FakeEmbedder(), k=8, weight=0.0)]
    without = [library.passages([number])[0].source for number, _ in library.lexical(query, 100)]
    assert "120.txt" not in without


def test_the_only_passage_that_holds_a_name_is_among_the_first_half_whatever_else_is_asked(library: Library) -> None:
    query = "What did Walter White say of the horse that met word1 word2 word3 word4 word5 word6?"
    for k, place in ((8, 4), (4, 2), (1, 1)):
        assert (
            "120.txt" in [hit.passage.source for hit in search(query, library, FakeEmbedder(), k=k, weight=1.0)][:place]
        )
    assert "120.txt" not in [
        hit.passage.source
        for hit in search(query, library, FakeEmbedder(), k=8, weight=1.0, within=Filter(sources=("0*.txt",)))
    ]
    assert "120.txt" not in [
        hit.passage.source
        for hit in search(query.lower().replace("white", "the white"), library, FakeEmbedder(), k=8, weight=1.0)
    ]


def test_the_first_hits_are_in_the_order_of_their_scores(library: Library) -> None:
    scores = [hit.score for hit in search("Walter White", library, FakeEmbedder(), k=8)]
    assert scores[:4] == sorted(scores[:4], reverse=True)
    assert scores[4:] == sorted(scores[4:], reverse=True)


def test_words_that_too_many_passages_hold_are_not_read(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(library.phrases([("walter", "white")])) == ["walter white"]
    assert library.phrases([("walter", "xyzzy"), ("", "white"), ("white", "walter")]) == {}
    monkeypatch.setattr(looked_up, "_MOST", 199)
    # 200 passages hold Walter and White, one the others
    assert list(library.phrases([("walter", "white"), ("white", "s")])) == ["white s"]
