"""Hybrid retrieval: hand-computed fusion, and answers that do not depend on how the library came about."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.scifact import ndcg
from index.build import add_articles
from index.errors import LibraryError
from index.records import Filter
from index.search import fused, search
from index.store import Library
from tests.fakes import FakeEmbedder
from tests.test_store import article

TEXTS = {
    "a.txt": "India and Russia set a trade target of one hundred billion.",
    "b.txt": "The trade deficit grew.",
    "c.txt": "Oil and coal are shipped through the corridor.",
    "d.txt": "Missiles arrived this month.",
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / ".qa", FakeEmbedder()) as made:
        add_articles(made, [article(source, text) for source, text in TEXTS.items()], FakeEmbedder())
        yield made


def test_the_fused_score_is_the_weighted_sum_whatever_else_was_found() -> None:
    assert fused({1: 0.0, 2: 0.5, 3: 1.0}, {1: 0.5, 2: 0.25}, 0.75) == {1: 0.125, 2: 0.4375, 3: 0.75}
    assert fused({1: 0.5}, {}, 0.5) == {1: 0.25}


def test_the_best_passage_comes_first(library: Library) -> None:
    hits = search("What trade target did they set?", library, FakeEmbedder())
    assert [hit.passage.source for hit in hits][:2] == ["a.txt", "b.txt"]
    assert hits[0].passage.text == TEXTS["a.txt"]
    assert hits[0].score == pytest.approx(0.4 * hits[0].dense + 0.6 * hits[0].lexical)
    assert len(hits) == 4
    assert hits[0].lexical > hits[1].lexical > hits[2].lexical == 0.0


def test_every_hit_carries_its_own_dense_score(library: Library) -> None:
    embedder = FakeEmbedder()
    vector = embedder.encode_query("trade corridor")
    for hit in search("trade corridor", library, embedder):
        assert hit.dense == pytest.approx(float(embedder.encode_query(hit.passage.text) @ vector), abs=1e-3)


def test_the_weight_goes_from_words_to_meaning(library: Library) -> None:
    dense = search("trade", library, FakeEmbedder(), weight=1.0)
    assert [hit.dense for hit in dense] == sorted((hit.dense for hit in dense), reverse=True)
    lexical = search("trade", library, FakeEmbedder(), weight=0.0)
    assert [hit.lexical for hit in lexical] == sorted((hit.lexical for hit in lexical), reverse=True)


def test_k_and_the_filter_limit_the_hits(library: Library) -> None:
    assert [hit.passage.source for hit in search("trade", library, FakeEmbedder(), k=1)] == ["b.txt"]
    assert [
        hit.passage.source
        for hit in search("trade", library, FakeEmbedder(), within=Filter(sources=("c.txt", "a.txt")))
    ] == ["a.txt", "c.txt"]
    assert search("trade", library, FakeEmbedder(), within=Filter(sources=("nothing",))) == ()


@pytest.mark.parametrize("query", ["", "?!", "\U0001f600", '" OR NEAR( * ', "торговля", "trade " * 20_000])
def test_no_query_is_too_strange(library: Library, query: str) -> None:
    assert len(search(query, library, FakeEmbedder())) == 4


def test_an_empty_library_has_no_hits(tmp_path: Path) -> None:
    with Library.create(tmp_path, FakeEmbedder()) as empty:
        assert search("trade", empty, FakeEmbedder()) == ()


def test_equal_hits_are_ordered_by_source_whatever_came_first(tmp_path: Path) -> None:
    found = []
    for seed in (1, 2):
        names = [f"{number}.txt" for number in range(9)]
        random.Random(seed).shuffle(names)
        with Library.create(tmp_path / str(seed), FakeEmbedder()) as library:
            for name in names:
                add_articles(library, [article(name, "The same words.")], FakeEmbedder())
            found.append([(hit.passage.source, hit.score) for hit in search("words", library, FakeEmbedder(), k=9)])
    assert found[0] == found[1]
    assert [source for source, _ in found[0]] == [f"{number}.txt" for number in range(9)]
    assert len({score for _, score in found[0]}) == 1


def test_another_embedder_is_refused(library: Library) -> None:
    with pytest.raises(LibraryError, match="embedder"):
        search("trade", library, FakeEmbedder(dimension=8))


def test_the_measure_is_ndcg_at_ten() -> None:
    ideal = 1 + 1 / math.log2(3)
    assert ndcg(["a", "x", "b"], {"a": 1, "b": 1}) == pytest.approx((1 + 1 / 2) / ideal)
    assert ndcg(["a", "b"], {"a": 1, "b": 1}) == 1.0
    assert ndcg([*"0123456789", "a"], {"a": 1}) == 0.0
