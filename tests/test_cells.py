"""Large libraries: what the cells find, that they stay in step, and that nothing depends on the files they are mapped from."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.arrange import arrange
from index.build import add_articles, remove
from index.cell_block import CellBlock, whole
from index.cell_index import CellIndex
from index.cells import Cells, cells_for, probed, sample_size, trained
from index.embed import FloatArray, unit_rows
from index.errors import LibraryError
from index.health import check, damaged_blocks
from index.postings import BLOCK, Presence, Scored
from index.records import Filter
from index.search import search
from index.store import Library
from tests.fakes import FakeEmbedder
from tests.test_store import article, sources

EMBEDDER = FakeEmbedder(dimension=32)
WORDS = [f"w{number}" for number in range(60)]


def text(number: int) -> str:
    return " ".join(random.Random(number).choices(WORDS[number % 40 : number % 40 + 20], k=12)) + f" n{number}."


ARTICLES = [article(f"{number:03}.txt", text(number)) for number in range(300)]


def add(library: Library, *articles: object) -> None:
    add_articles(library, articles, EMBEDDER, most_exact=100)  # type: ignore[arg-type]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / ".qa", EMBEDDER) as made:
        add(made, *ARTICLES)
        yield made


def exact(library: Library, vector: FloatArray, k: int, within: Filter = Filter()) -> Scored:  # noqa: B008 (frozen)
    """All passages of the filter, compared one by one."""
    flags = library.flags(within)
    ids = [number for (number,) in library.rows("SELECT id FROM passages") if flags is None or flags[number]]
    return library.similarities(vector, ids)[:k]


def recall(library: Library, within: Filter = Filter(), k: int = 10) -> float:  # noqa: B008 (frozen)
    found = []
    for number in range(50):
        vector = EMBEDDER.encode_query(text(number)[:20])
        best = {number for number, _ in exact(library, vector, k, within)}
        found.append(len(best & {number for number, _ in library.dense(vector, k, within)}) / max(len(best), 1))
    return float(np.mean(found))


def test_the_number_of_cells_grows_with_the_root() -> None:
    assert [cells_for(passages) for passages in (20_001, 100_000, 1_000_000, 10_000_000)] == [256, 512, 2048, 8192]
    assert sample_size(1_000_000) == 98_304
    assert sample_size(100) == 100


def test_the_fewer_are_allowed_the_more_cells_are_looked_into() -> None:
    assert [probed(2000, 1_000_000, allowed) for allowed in (1_000_000, 500_000, 50_000, 10, 0)] == [
        125,
        250,
        2000,
        2000,
        2000,
    ]
    assert [probed(256, 20_001, allowed) for allowed in (20_001, 10_001, 100)] == [96, 192, 256]


def test_cells_are_stored_and_restored() -> None:
    rows = unit_rows(np.random.default_rng(1).normal(size=(200, 8)).astype(np.float32))
    cells, again = trained(rows, 200), trained(rows.copy(), 200)
    assert cells.digest == again.digest
    back = Cells.restored(cells.stored(), 8)
    assert back.digest == cells.digest
    np.testing.assert_array_equal(back.centers, cells.centers)
    np.testing.assert_allclose(np.linalg.norm(cells.centers, axis=1), 1, atol=1e-5)


def test_looking_into_all_cells_is_the_brute_force() -> None:
    draw = np.random.default_rng(2)
    rows = unit_rows(draw.normal(size=(400, 16)).astype(np.float32))
    cells, places = trained(rows, 400), np.sort(draw.choice(BLOCK, 400, replace=False))
    lengths = np.zeros(2 * BLOCK, dtype=np.uint16)
    lengths[places + BLOCK] = 1
    block = CellBlock.built(cells, [(places[:150], rows[:150]), (places[150:], rows[150:])], key="k", moment=1)
    index = CellIndex(cells, {1: block}, Presence(lengths, 400, 0), lambda _: block)
    allowed = np.zeros(2 * BLOCK, dtype=np.bool_)
    allowed[places[::20] + BLOCK] = True
    query = unit_rows(draw.normal(size=(1, 16)).astype(np.float32))[0]
    found = index.nearest(query, 5, allowed)
    assert set(found) >= set((places[::20] + BLOCK)[np.argsort(-(rows[::20] @ query))[:5]].tolist())
    assert set(found) <= set(np.flatnonzero(allowed).tolist())
    assert index.nearest(query, 5, np.zeros(2 * BLOCK, dtype=np.bool_)) == []
    assert index.nearest(query, 0) == []


def test_a_large_library_gets_cells_and_a_small_one_loses_them(library: Library) -> None:
    cells = library.cells()
    assert cells is not None
    assert (cells.passages, len(cells.centers), library.blocks()) == (300, 32, (0,))
    assert whole(library.folder / "vectors-0000.faiss")
    assert check(library) == ()
    before = library.digest
    arrange(library, most_exact=100)
    assert library.digest == before
    arrange(library, most_exact=1000)
    assert (library.cells(), library.blocks(), library.digest == before) == (None, (), False)
    assert not list(library.folder.glob("*.faiss"))
    assert check(library) == ()


def test_most_of_the_nearest_are_found_and_filters_lose_none(library: Library) -> None:
    # so small a library has fewer cells than are looked into; what a large one gives is measured in bench/scale.py
    assert recall(library) == 1.0
    assert recall(library, Filter(sources=("00*.txt",))) == 1.0
    vector = EMBEDDER.encode_query("w1 w2")
    found = library.dense(vector, 99, Filter(sources=("00?.txt",)))
    assert sorted(sources(library, [number for number, _ in found])) == [f"00{digit}.txt" for digit in range(10)]
    assert dict(found) == dict(library.similarities(vector, [number for number, _ in found]))


def test_what_changes_is_found_and_what_is_gone_is_not(library: Library) -> None:
    add(library, article("new.txt", "alpha beta gamma."), article("000.txt", "delta epsilon zeta."))
    remove_one = EMBEDDER.encode_query(text(7))
    for query, source in (("alpha beta gamma", "new.txt"), ("delta epsilon zeta", "000.txt")):
        (best, *_) = library.dense(EMBEDDER.encode_query(query), 3)
        assert sources(library, [best[0]]) == [source]
    assert sources(library, [library.dense(remove_one, 1)[0][0]]) == ["007.txt"]
    with library.snapshot():
        cells = library.rows("SELECT * FROM cells")
    add_articles(library, [article("007.txt", "eta theta.")], EMBEDDER, most_exact=100)
    assert sources(library, [library.dense(remove_one, 1)[0][0]]) != ["007.txt"]
    assert library.rows("SELECT * FROM cells") == cells
    assert check(library) == ()


def test_the_cells_are_computed_anew_when_the_library_has_doubled(library: Library) -> None:
    add(library, *[article(f"more {number}.txt", text(1000 + number)) for number in range(299)])
    assert library.cells() is not None
    assert library.cells().passages == 300  # type: ignore[union-attr]
    add(library, *[article(f"most {number}.txt", text(2000 + number)) for number in range(9)])
    assert library.cells().passages == 608  # type: ignore[union-attr]


@pytest.mark.parametrize("damage", ["missing", "empty", "head", "truncated", "key"])
def test_a_block_is_rebuilt_in_silence(library: Library, damage: str) -> None:
    file = library.folder / "vectors-0000.faiss"
    sound = file.read_bytes()
    vector = EMBEDDER.encode_query("w1 w2 w3")
    expected = library.dense(vector, 20)
    broken = {
        "missing": b"",
        "empty": b"",
        "head": sound[:40] + b"\xff" + sound[41:],
        "truncated": sound[:-20],
        "key": sound.replace(b'"key": "', b'"key": "0'),
    }
    file.unlink()  # what is mapped stays as it is
    if damage != "missing":
        file.write_bytes(broken[damage])
    with Library.open(library.folder) as again:
        assert again.dense(vector, 20) == expected
        assert check(again) == ()
    assert whole(file)


def test_damage_among_the_vectors_of_a_block_is_found_by_the_check(library: Library) -> None:
    file = library.folder / "vectors-0000.faiss"
    sound = file.read_bytes()
    file.unlink()
    file.write_bytes(sound[:-4000] + bytes([sound[-4000] ^ 1]) + sound[-3999:])
    assert damaged_blocks(library) == (file,)


def test_damage_among_the_vectors_of_a_block_changes_nothing_that_is_found(library: Library) -> None:
    file = library.folder / "vectors-0000.faiss"
    sound, draw = file.read_bytes(), random.Random(5)
    queries = [EMBEDDER.encode_query(text(number)) for number in range(4)]
    expected = [library.dense(vector, 20) for vector in queries]
    for _ in range(60):
        file.unlink()  # what is mapped stays as it is
        place = draw.randrange(len(sound))
        file.write_bytes(sound[:place] + bytes([sound[place] ^ 1 << draw.randrange(8)]) + sound[place + 1 :])
        with Library.open(library.folder) as again:
            assert [again.dense(vector, 20) for vector in queries] == expected


def test_a_reader_of_an_older_moment_sees_that_moment(library: Library) -> None:
    vector = EMBEDDER.encode_query(text(5))
    expected = library.dense(vector, 3)
    with Library.open(library.folder) as reader, reader.snapshot():
        assert reader.passage_count() == 300
        with Library.open(library.folder) as writer:
            remove_from(writer, "005.txt")
            (writer.folder / "vectors-0000.faiss").unlink()
            add(writer, article("005.txt", "other words."))
        assert reader.dense(vector, 3) == expected
    assert library.dense(vector, 3) != expected


def remove_from(library: Library, source: str) -> None:
    add(library, article(source, "nothing."))


def test_damaged_cells_are_named(library: Library) -> None:
    library.connection.execute("UPDATE cells SET value = x'00' WHERE name = 'centers'")
    with pytest.raises(LibraryError, match="the cells of the library's vectors are damaged"):
        library.cells()


def test_the_same_library_gives_the_same_hits_whatever_was_asked_before(library: Library) -> None:
    queries = [text(number)[:15] for number in range(12)]
    first = [search(query, library, EMBEDDER) for query in queries]
    with Library.open(library.folder) as again:
        assert [search(query, again, EMBEDDER) for query in reversed(queries)] == first[::-1]


def test_removing_most_articles_drops_the_cells(library: Library) -> None:
    for one in ARTICLES[:2]:
        remove(library.folder, one.source)  # far below the size at which cells pay: the next change drops them
    assert library.cells() is None
    assert library.passage_count() == 298
    assert check(library) == ()


@pytest.mark.parametrize("vectors", [1, 2, 5])
def test_passages_that_repeat_are_arranged_and_found(tmp_path: Path, vectors: int) -> None:
    sample = np.eye(32, dtype=np.float32)[:vectors]
    assert trained(sample, 20_001).centers.shape == (vectors, 32)
    with Library.create(tmp_path / ".qa", EMBEDDER) as made:
        add(made, *(article(f"{number:03}.txt", text(number % vectors)) for number in range(150)))
        assert (cells := made.cells()) is not None
        assert len(cells.centers) == vectors
        found = made.dense(EMBEDDER.encode_query(text(0)), 5)
        assert [round(score, 2) for _, score in found] == [1.0] * 5
        assert check(made) == ()


def test_one_article_of_equal_paragraphs_is_arranged(tmp_path: Path) -> None:
    paragraph = text(1) * 10
    with Library.create(tmp_path / ".qa", EMBEDDER) as made:
        add(made, article("a.txt", *[paragraph] * 150))
        assert made.passage_count() == 150
        assert len(made.dense(EMBEDDER.encode_query(paragraph), 9)) == 9
