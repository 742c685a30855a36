"""The words of passages: BM25 by hand, and an index that depends on nothing but the passages."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from index.build import add_articles, remove
from index.postings import BLOCK, Scored, block_of, change, presence, ranked
from index.schema import create
from index.store import Library
from index.tokens import Tokeniser
from tests.fakes import FakeEmbedder
from tests.test_store import article

TEXTS = {1: "oil and coal", 2: "oil oil oil", 5: "the corridor carries coal and grain to the ports of the north"}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    create(tmp_path / "library.sqlite", {})
    with sqlite3.connect(tmp_path / "library.sqlite") as opened:
        yield opened
    opened.close()


def english(texts: Iterable[tuple[int, str]]) -> list[tuple[int, str, str]]:
    return [(number, text, "en") for number, text in texts]


def best(connection: sqlite3.Connection, terms: list[str], k: int = 10, among: set[int] | None = None) -> Scored:
    def rows(sql: str, *values: object) -> list[Any]:
        return connection.execute(sql, values).fetchall()

    here = presence(rows)
    flags = None if among is None else np.isin(np.arange(len(here.lengths)), list(among))
    return ranked(rows, here, terms, k, flags)


def drawn(draw: Random, *, texts: int, blocks: int, words: int, longest: int) -> dict[int, str]:
    """Texts of words of which some are rare, at numbers in several blocks."""
    vocabulary = [f"w{number}" for number in range(words)]
    return {
        draw.randrange(1, blocks * BLOCK): " ".join(
            draw.choices(vocabulary, weights=range(1, words + 1), k=draw.randint(1, longest))
        )
        for _ in range(texts)
    }


def by_hand(texts: dict[int, str], terms: list[str]) -> dict[int, float]:
    """BM25 with k1 = 1.2 and b = 0.75, word by word, as a share of what the words give that stand there endlessly often."""
    counted = {number: Counter(text.split()) for number, text in texts.items()}
    mean = sum(counts.total() for counts in counted.values()) / len(texts)
    scores: dict[int, float] = {}
    most = 0.0
    for term in terms:
        holders = [number for number, counts in counted.items() if counts[term]]
        weight = max(math.log((len(texts) - len(holders) + 0.5) / (len(holders) + 0.5)), 1e-6)
        most += weight * 2.2
        for number in holders:
            often, length = counted[number][term], counted[number].total()
            scores[number] = scores.get(number, 0.0) + weight * often * 2.2 / (
                often + 1.2 * (0.25 + 0.75 * length / mean)
            )
    return {number: score / most for number, score in scores.items()}


def content(connection: sqlite3.Connection) -> list[Any]:
    return [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in ("words", "lengths")]


def test_terms_are_stemmed_and_counted() -> None:
    tokeniser = Tokeniser()
    assert tokeniser.terms("Trading trades Café — CAFE") == ("cafe", "cafe", "trade", "trade")
    assert tokeniser.terms("?! \U0001f600") == tokeniser.terms("") == ()
    counted = tokeniser.counted(["oil coal oil", "", "coal"])
    assert counted.terms == ("coal", "oil")
    assert [each.tolist() for each in counted.places] == [[0, 2], [0]]
    assert [each.tolist() for each in counted.counts] == [[1, 1], [2]]
    assert counted.lengths.tolist() == [3, 0, 1]


def test_scores_are_those_computed_by_hand(connection: sqlite3.Connection) -> None:
    change(connection, gone=(), new=english(TEXTS.items()))
    found = dict(best(connection, ["grain", "oil"]))
    assert found == pytest.approx(by_hand(TEXTS, ["grain", "oil"]))
    assert list(found) == [5, 2, 1]
    assert best(connection, ["grain", "grain", "oil"])[0][1] > found[5]
    assert best(connection, ["corn"]) == ()


def test_k_the_flags_and_ties(connection: sqlite3.Connection) -> None:
    change(
        connection,
        gone=(),
        new=english([(number, "oil") for number in (3, 1, 2)][::-1] + [(4, "coal")] * 0 + [(9, "coal"), (10, "ports")]),
    )
    assert [number for number, _ in best(connection, ["oil"], 2)] == [1, 2]
    assert [number for number, _ in best(connection, ["oil"], 2, among={2, 3, 9})] == [2, 3]
    assert best(connection, ["oil"], 2, among={9}) == ()


def test_many_passages_in_several_blocks_are_ranked_as_by_hand(connection: sqlite3.Connection) -> None:
    texts = drawn(Random(4), texts=300, blocks=3, words=30, longest=400)
    change(connection, gone=(), new=english(sorted(texts.items())))
    for terms in (["w0"], ["w29", "w1", "w2"], ["w3", "none"]):
        expected = by_hand(texts, terms)
        found = best(connection, terms, 20)
        assert dict(found) == pytest.approx({number: expected[number] for number, _ in found})
        assert [score for _, score in found] == pytest.approx(sorted(expected.values(), reverse=True)[:20])


def test_looking_up_only_what_may_still_be_among_the_best_changes_nothing(connection: sqlite3.Connection) -> None:
    draw = Random(7)
    texts = drawn(draw, texts=600, blocks=4, words=40, longest=60)
    change(connection, gone=(), new=english(sorted(texts.items())))
    for _ in range(40):
        terms = draw.sample([f"w{number}" for number in range(40)], draw.randint(1, 8))
        everything = best(connection, terms, len(texts))
        for k in (1, 3, 20):
            assert best(connection, terms, k) == everything[:k]
        some = set(draw.sample(sorted(texts), 200))
        assert best(connection, terms, 5, among=some) == tuple(found for found in everything if found[0] in some)[:5]


def test_however_it_came_about_the_index_is_the_same(connection: sqlite3.Connection) -> None:
    change(connection, gone=(), new=english(TEXTS.items()))
    expected = content(connection)
    change(connection, gone=(), new=english([(6, "oil for the ports"), (BLOCK + 1, "more oil"), (2 * BLOCK, "")]))
    change(
        connection,
        gone=english([(5, TEXTS[5]), (6, "oil for the ports"), (BLOCK + 1, "more oil"), (2 * BLOCK, "")]),
        new=english([(5, TEXTS[5])]),
    )
    assert content(connection) == expected
    words, lengths = block_of(english(TEXTS.items()))
    assert [(0, term, *blobs) for term, blobs in words.items()] == expected[0]
    assert expected[1] == [(0, lengths)]
    change(connection, gone=english(TEXTS.items()), new=())
    assert content(connection) == [[], []]


def test_a_passage_without_words_is_there_all_the_same(connection: sqlite3.Connection) -> None:
    change(connection, gone=(), new=english([(3, "?!")]))
    here = presence(lambda sql: connection.execute(sql).fetchall())
    assert (here.passages, here.terms, np.flatnonzero(here.flags).tolist()) == (1, 0, [3])


def test_numbers_are_never_given_twice(tmp_path: Path) -> None:
    with Library.create(tmp_path, FakeEmbedder()) as library:
        add_articles(library, [article("a.txt", "Oil."), article("b.txt", "Coal.")], FakeEmbedder())
        remove(tmp_path, "b.txt")
        add_articles(library, [article("c.txt", "Grain.")], FakeEmbedder())
        assert library.rows("SELECT id FROM passages ORDER BY id") == [(1,), (3,)]
        assert library.lexical("coal", 5) == ()
