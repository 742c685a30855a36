"""The library on disk: what goes in comes out, whatever is asked of it; what is damaged is refused by name."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.build import add_articles
from index.embed import FloatArray
from index.errors import LibraryError, QuestionError, SourceError
from index.health import check
from index.lexical import match_expression
from index.listing import Summary
from index.records import Article, Credit, Filter, Metadata, Region
from index.store import Library
from index.vectors import ExactIndex, from_bytes, to_bytes
from tests.articles import made
from tests.fakes import FakeEmbedder


def article(source: str, *paragraphs: str, metadata: Metadata = Metadata(), credit: str = "") -> Article:  # noqa: B008 (frozen)
    text, regions = "", []
    for kind, part in [("credit", credit)] * bool(credit) + [("body", paragraph) for paragraph in paragraphs]:
        regions.append(Region(len(text), len(text) + len(part), "credit" if kind == "credit" else "body"))
        text += part + "\n"
    credited = (Credit("author", 0, len(credit)),) if credit else ()
    return made(source, text, metadata, regions=regions, credited=credited)


ARTICLES = (
    article(
        "news/a.txt",
        "Trade rose to ten billion.",
        metadata=Metadata("Trade news", "Jai Verma", "2025-12-10", "ADU", None),
    ),
    article("news/b.txt", "Oil prices fell again.", metadata=Metadata(date="2021")),
    article(
        "c.txt",
        "The corridor carries trade \U0001f600 and coal.",
        credit="By Diya Menon",
        metadata=Metadata(author="Diya Menon"),
    ),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / ".qa", FakeEmbedder()) as made:
        add_articles(made, ARTICLES, FakeEmbedder())
        yield made


def sources(library: Library, ids: list[int]) -> list[str]:
    return [passage.source for passage in library.passages(ids)]


def test_articles_come_out_as_they_went_in(library: Library) -> None:
    assert tuple(library.article(one.source) for one in ARTICLES) == ARTICLES
    assert check(library) == ()


def test_a_passage_is_a_slice_with_its_sentences(library: Library) -> None:
    (passage,) = library.passages([library.lexical("coal", 1)[0][0]])
    assert (passage.source, passage.start, passage.end) == ("c.txt", 14, 52)
    assert passage.text == "The corridor carries trade \U0001f600 and coal." == ARTICLES[2].text[14:52]
    assert [(one.start, one.end, one.text) for one in passage.sentences] == [(14, 52, passage.text)]
    assert passage.metadata == Metadata(author="Diya Menon")


def test_passages_come_in_the_order_asked_for(library: Library) -> None:
    assert sources(library, [3, 1, 2]) == ["c.txt", "news/a.txt", "news/b.txt"]
    with pytest.raises(LibraryError, match="passage 99 is not there"):
        library.passages([99])


def test_summary_and_sources(library: Library) -> None:
    assert library.summary() == Summary(articles=3, passages=3, earliest="2021", latest="2025-12-10", undated=1)
    assert [(info.source, info.file, info.characters, info.passages) for info in library.sources()] == [
        ("c.txt", None, 53, 1),
        ("news/a.txt", None, 27, 1),
        ("news/b.txt", None, 23, 1),
    ]


def test_an_unknown_article_is_an_error(library: Library) -> None:
    with pytest.raises(SourceError, match=r"no article “x\.txt”"):
        library.article("x.txt")


def test_dense_is_the_brute_force(tmp_path: Path) -> None:
    embedder, draw = FakeEmbedder(dimension=16), random.Random(7)
    words = [f"w{number}" for number in range(40)]
    many = [article(f"{number:03}.txt", " ".join(draw.choices(words, k=8)) + ".") for number in range(200)]
    with Library.create(tmp_path, embedder) as library:
        add_articles(library, many, embedder)
        vector = embedder.encode_query("w1 w2 w3 w4")
        rows = from_bytes([to_bytes(embedder.encode_query(one.text)) for one in many], 16)
        expected = np.sort(rows @ vector)[::-1][:20]
        found = library.dense(vector, 20)
        np.testing.assert_allclose([score for _, score in found], expected, atol=1e-6)
        by_source = dict(zip([one.source for one in many], rows @ vector, strict=True))
        np.testing.assert_allclose(
            [by_source[passage.source] for passage in library.passages([number for number, _ in found])],
            expected,
            atol=1e-6,
        )
        few = library.dense(vector, 500, Filter(sources=("00?.txt",)))
        assert sorted(sources(library, [number for number, _ in few])) == [f"00{digit}.txt" for digit in range(10)]
        assert dict(few) == dict(library.similarities(vector, [number for number, _ in few]))


def test_lexical_ignores_accents_endings_and_case(library: Library) -> None:
    assert sources(library, [number for number, _ in library.lexical("CORRIDORS", 5)]) == ["c.txt"]
    assert sources(library, [number for number, _ in library.lexical("Pricés", 5)]) == ["news/b.txt"]
    # twice: title and text
    assert sources(library, [number for number, _ in library.lexical("trade", 5)]) == ["news/a.txt", "c.txt"]
    assert library.lexical("xyzzy", 5) == ()


@pytest.mark.parametrize(
    ("hostile", "plain"),
    [
        ('" OR NEAR( * trade', "near trade"),
        ("trade AND NOT (", "trade"),
        ("text:trade", "text trade"),
        ("^trade*", "trade"),
        ("'; DROP TABLE meta; --trade", "drop table meta trade"),
        ("trade\0coal", "trade coal"),
        ("\U0001f600", ""),
        ("𝔘 ﬁ ½ ٣ क्षि", ""),
    ],
)
def test_a_hostile_query_is_only_words(library: Library, hostile: str, plain: str) -> None:
    assert library.lexical(hostile, 5) == library.lexical(plain, 5)
    assert library.credited(hostile, 5) == library.credited(plain, 5)


def test_the_query_keeps_the_telling_words() -> None:
    assert match_expression("What did the corridor’s S-400 do?") == '"corridor" OR "400"'
    assert match_expression("To be or not to be") == '"to" OR "be" OR "or" OR "not"'
    assert match_expression('" OR NEAR( * ') == '"near"'
    assert match_expression("?!") is None


def test_credits_are_found_apart_from_passages(library: Library) -> None:
    assert library.credited("Who is Menon?", 5) == ("c.txt",)
    assert library.credited("published 2025-12-10", 5) == ("news/a.txt",)
    assert library.credited("coal", 5) == ()
    assert library.lexical("Menon", 5) == ()


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (Filter(sources=("c.txt",)), {"c.txt"}),
        (Filter(sources=("news",)), {"news/a.txt", "news/b.txt"}),
        (Filter(sources=("news/",)), {"news/a.txt", "news/b.txt"}),
        (Filter(sources=("*b.txt", "c.*")), {"news/b.txt", "c.txt"}),
        (Filter(sources=("new",)), set()),
        (Filter(author="menon"), {"c.txt"}),
        (Filter(since="2021-06"), {"news/a.txt", "news/b.txt"}),
        (Filter(since="2022"), {"news/a.txt"}),
        (Filter(since="2025-12-10", until="2025-12"), {"news/a.txt"}),
        (Filter(since="2025-12-11"), set()),
        (Filter(until="2020-12-31"), set()),
        (Filter(until="2021-01-01"), {"news/b.txt"}),
    ],
)
def test_filters(library: Library, within: Filter, expected: set[str]) -> None:
    dense = library.dense(FakeEmbedder().encode_query("trade"), 9, within)
    assert {passage.source for passage in library.passages([number for number, _ in dense])} == expected
    lexical = library.lexical("trade oil", 9, within)
    assert {passage.source for passage in library.passages([number for number, _ in lexical])} == expected


def test_undated_articles_are_counted_where_a_date_is_asked_for(library: Library) -> None:
    assert library.undated_left_out(Filter(since="2020")) == 1
    assert library.undated_left_out(Filter(since="2020", sources=("news",))) == 0
    assert library.undated_left_out(Filter(author="menon")) == 0
    with pytest.raises(QuestionError, match="“March” is not a date"):
        library.undated_left_out(Filter(until="March"))


def test_vectors_survive_storage_and_notice_damage() -> None:
    row = FakeEmbedder().encode_query("one two three")
    blob = to_bytes(row)
    np.testing.assert_allclose(from_bytes([blob], 256)[0], row, atol=1e-3)
    assert float(np.linalg.norm(from_bytes([blob], 256)[0])) == pytest.approx(1.0, abs=1e-6)
    for broken in (bytes([blob[0] ^ 1]) + blob[1:], blob[:-1], b""):
        with pytest.raises(LibraryError, match="vector"):
            from_bytes([broken], 256)


def test_as_many_ids_as_vectors() -> None:
    rows: FloatArray = np.eye(2, 4, dtype=np.float32)
    with pytest.raises(ValueError, match="1 ids for 2 vectors"):
        ExactIndex([1], rows)


def test_a_reader_sees_one_moment(library: Library) -> None:
    with Library.open(library.folder) as reader:
        vector = FakeEmbedder().encode_query("new words")
        with reader.snapshot():
            before = reader.summary().articles
            add_articles(library, [article("d.txt", "New words.")], FakeEmbedder())
            assert (before, reader.summary().articles, len(reader.dense(vector, 9))) == (3, 3, 3)
        assert (reader.summary().articles, len(reader.dense(vector, 9))) == (4, 4)


def test_the_digest_says_what_the_library_holds_not_how_it_came_about(library: Library, tmp_path: Path) -> None:
    with Library.create(tmp_path / "other", FakeEmbedder()) as other:
        add_articles(other, [article("b.txt", "Gone."), *ARTICLES[1:]], FakeEmbedder())
        assert other.digest != library.digest
        add_articles(other, ARTICLES[:1], FakeEmbedder())
        assert other.digest != library.digest
    with Library.create(tmp_path / "third", FakeEmbedder()) as third:
        for one in reversed(ARTICLES):
            add_articles(third, [one], FakeEmbedder())
        assert third.digest == library.digest


def test_another_embedder_chunking_or_format_is_refused(library: Library) -> None:
    library.require(FakeEmbedder())
    with pytest.raises(LibraryError, match="built with the embedder fake-embedder") as refused:
        library.require(FakeEmbedder(dimension=8))
    assert refused.value.hint == "qa index --rebuild"
    library.connection.execute("UPDATE meta SET value = '0' WHERE key = 'chunking'")
    with pytest.raises(LibraryError, match="cut into passages another way") as refused:
        library.require(FakeEmbedder())
    library.connection.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    with pytest.raises(LibraryError, match="has format 99") as refused:
        Library.open(library.folder)
    assert refused.value.hint == "qa index --rebuild"


def test_no_library_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="there is no library") as missing:
        Library.open(tmp_path)
    assert missing.value.hint == "qa index FOLDER"


@pytest.mark.parametrize(
    "content", [b"", b"not a database at all, but long enough to be read as one" * 50, b"SQLite format 3\x00"]
)
def test_a_file_that_is_no_library_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "library.sqlite").write_bytes(content)
    with pytest.raises(LibraryError, match=r"library\.sqlite is damaged") as damaged:
        Library.open(tmp_path)
    assert damaged.value.hint == "qa index --rebuild"


def closed_file(library: Library) -> Path:
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    library.close()
    return library.file


def probe(folder: Path) -> tuple[str, ...]:
    """Everything that can be read of a library; raises LibraryError where it is damaged."""
    with Library.open(folder) as library:
        found = check(library)
        for info in library.sources():
            library.article(info.source)
        hits = library.lexical("trade corridor oil", 5) + library.dense(FakeEmbedder().encode_query("trade"), 5)
        library.passages([number for number, _ in hits])
        return found


def test_a_truncated_library_is_refused(library: Library) -> None:
    file = closed_file(library)
    file.write_bytes(file.read_bytes()[:-8192])
    with pytest.raises(LibraryError):
        assert probe(library.folder) == ()


def test_whatever_byte_is_damaged_there_is_an_error_or_no_difference(library: Library) -> None:
    file, draw = closed_file(library), random.Random(3)
    whole = file.read_bytes()
    for _ in range(100):
        broken = bytearray(whole)
        place = draw.randrange(len(whole))
        broken[place : place + 16] = draw.randbytes(16)
        file.write_bytes(broken)
        try:
            probe(library.folder)
        except LibraryError:
            continue
        with Library.open(library.folder) as again:
            assert tuple(again.article(one.source) for one in ARTICLES) == ARTICLES


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("UPDATE articles SET rest = rest || '.' WHERE source = 'news/a.txt'", "copy of news/a.txt is damaged"),
        ("UPDATE articles SET date = '2022' WHERE source = 'news/b.txt'", "copy of news/b.txt is damaged"),
        ("UPDATE passages SET text = replace(text, 'ten', 'six')", "copy of news/a.txt is damaged"),
        ("UPDATE passages SET heading = 'Oil' WHERE id = 2", "passage of news/b.txt is damaged"),
        ("DELETE FROM vectors WHERE id = 2", "1 passages have no vector"),
        ("UPDATE vectors SET value = substr(value, 2)", "a vector of the library is damaged"),
        ("DELETE FROM words WHERE term = 'coal'", "the words that are searched are not those of the passages"),
        (
            "UPDATE words SET places = x'0100' WHERE term = 'oil'",
            "the words that are searched are not those of the passages",
        ),
        ("UPDATE lengths SET value = substr(value, 3)", "the words that are searched are not those of the passages"),
        ("INSERT INTO articles_fts (rowid, title) VALUES (77, 'more')", "full text (articles_fts)"),
        ("DELETE FROM articles WHERE source = 'c.txt'", "1 passages belong to no article"),
    ],
)
def test_the_check_finds(library: Library, damage: str, problem: str) -> None:
    with sqlite3.connect(library.file) as connection:
        connection.execute(damage)
    connection.close()
    assert any(problem in found for found in check(library)), check(library)
