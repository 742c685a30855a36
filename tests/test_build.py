"""Files into a library and kept in step with them.

Exact counts, and the old library or the new one whatever happens in between.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from index.build import add_articles, build, remove
from index.errors import LibraryError, SourceError
from index.health import check
from index.listing import Root
from index.progress import Progress
from index.store import Library
from index.write import writing
from tests.fakes import FakeEmbedder
from tests.test_store import article


def paragraph(word: str, *, sentences: int = 8) -> str:
    """Prose of 12 words a sentence: a passage of its own."""
    return " ".join(
        f"The {word} number {count} was carried over the river to the old town." for count in range(sentences)
    )


def write(folder: Path, **articles: list[str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, paragraphs in articles.items():
        (folder / f"{name}.txt").write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return write(
        tmp_path / "news",
        a=[paragraph("apple"), paragraph("pear")],
        b=[paragraph("boat"), paragraph("ship"), paragraph("raft")],
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".qa"


def healthy(folder: Path) -> tuple[str, ...]:
    """The sources of a library that is found to be whole."""
    with Library.open(folder) as library:
        assert check(library) == ()
        return tuple(info.source for info in library.sources())


def digest(folder: Path) -> str:
    with Library.open(folder) as library:
        assert check(library) == ()
        return library.digest


def test_a_folder_becomes_a_library(folder: Path, news: Path) -> None:
    embedder = FakeEmbedder()
    seen: list[Progress] = []
    done = build(folder, [news], embedder, report=seen.append)
    assert (done.added, done.changed, done.unchanged, done.removed, done.skipped) == (2, 0, 0, 0, ())
    assert (done.passages, done.embedded, len(embedder.texts)) == (5, 5, 5)
    assert healthy(folder) == ("a.txt", "b.txt")
    assert [(now.done, now.total, now.source) for now in seen] == [(0, 2, "a.txt"), (1, 2, "b.txt"), (1, 2, "b.txt")]
    with Library.open(folder) as library:
        assert library.roots() == (Root(news, None),)
        assert [info.file for info in library.sources()] == [news / "a.txt", news / "b.txt"]
        assert library.article("a.txt").text == (news / "a.txt").read_text(encoding="utf-8")


def test_the_second_time_nothing_is_done(folder: Path, news: Path) -> None:
    embedder = FakeEmbedder()
    build(folder, [news], embedder)
    with Library.open(folder) as library:
        before = library.generation
    done = build(folder, [], embedder)
    assert (done.added, done.changed, done.unchanged, done.removed, done.embedded) == (0, 0, 2, 0, 0)
    with Library.open(folder) as library:
        assert library.generation == before
    assert len(embedder.texts) == 5


def test_a_touched_file_is_not_read_again(folder: Path, news: Path) -> None:
    seen: list[Progress] = []
    build(folder, [news], FakeEmbedder())
    os.utime(news / "a.txt", ns=(0, 1_600_000_000_000_000_000))
    assert build(folder, [], FakeEmbedder(), report=seen.append).unchanged == 2
    (news / "a.txt").chmod(0o000)  # size and time are enough from now on
    assert build(folder, [], FakeEmbedder(), report=seen.append).unchanged == 2
    assert seen == []


def test_an_edited_paragraph_embeds_only_its_passage(folder: Path, news: Path) -> None:
    embedder = FakeEmbedder()
    build(folder, [news], embedder)
    write(news, b=[paragraph("boat"), paragraph("ferry"), paragraph("raft")])
    done = build(folder, [], embedder)
    assert (done.added, done.changed, done.unchanged, done.removed) == (0, 1, 1, 0)
    assert (done.passages, done.embedded) == (5, 1)
    assert embedder.texts[5:] == [paragraph("ferry")]
    assert healthy(folder) == ("a.txt", "b.txt")
    with Library.open(folder) as library:
        assert library.lexical("ship", 9) == ()
        assert len(library.lexical("ferry", 9)) == 1


def test_a_deleted_file_disappears(folder: Path, news: Path) -> None:
    build(folder, [news], FakeEmbedder())
    (news / "a.txt").unlink()
    done = build(folder, [], FakeEmbedder())
    assert (done.added, done.changed, done.unchanged, done.removed, done.passages) == (0, 0, 1, 1, 3)
    assert healthy(folder) == ("b.txt",)
    with Library.open(folder) as library:
        assert library.lexical("apple", 9) == ()
        assert library.rows("SELECT count(*) FROM vectors") == [(3,)]


def test_a_renamed_file_embeds_nothing(folder: Path, news: Path) -> None:
    build(folder, [news], FakeEmbedder())
    (news / "a.txt").rename(news / "z.txt")
    done = build(folder, [], FakeEmbedder())
    assert (done.added, done.removed, done.embedded) == (1, 1, 0)
    assert healthy(folder) == ("b.txt", "z.txt")


def test_what_the_sidecar_says_reaches_the_library(folder: Path, news: Path) -> None:
    build(folder, [news], FakeEmbedder())
    (news / "sources.toml").write_text('["a.txt"]\ndate = "2025-12"\n', encoding="utf-8")
    done = build(folder, [], FakeEmbedder(), names={})
    assert (done.changed, done.unchanged, done.embedded) == (1, 1, 2)
    with Library.open(folder) as library:
        assert library.article("a.txt").metadata.date == "2025-12"


def test_a_second_root_is_added_and_both_are_refreshed(folder: Path, news: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other", c=[paragraph("cart")])
    build(folder, [news], FakeEmbedder())
    write(news, a=[paragraph("apple")])
    done = build(folder, [other / "c.txt"], FakeEmbedder())
    assert (done.added, done.changed, done.unchanged) == (1, 1, 1)
    assert healthy(folder) == ("a.txt", "b.txt", "c.txt")


def test_colliding_roots_are_named_apart(folder: Path, news: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other", a=[paragraph("cart")])
    build(folder, [news], FakeEmbedder())
    with pytest.raises(SourceError, match=r"would both be called “a\.txt”") as collision:
        build(folder, [other], FakeEmbedder())
    assert collision.value.hint == f"qa index {other} --name NAME"
    assert healthy(folder) == ("a.txt", "b.txt")
    (other / "sources.toml").write_text('["a.txt"]\ntitle = "Carts"\n', encoding="utf-8")
    build(folder, [other], FakeEmbedder(), names={other: "more"})
    assert healthy(folder) == ("a.txt", "b.txt", "more/a.txt")
    with Library.open(folder) as library:
        assert library.article("more/a.txt").metadata.title == "Carts"
    assert build(folder, [], FakeEmbedder()).unchanged == 3
    build(folder, [news], FakeEmbedder(), names={news: "first"})
    assert healthy(folder) == ("first/a.txt", "first/b.txt", "more/a.txt")


def test_a_path_inside_a_root_adds_nothing_and_one_around_it_is_refused(
    folder: Path, news: Path, tmp_path: Path
) -> None:
    build(folder, [news], FakeEmbedder())
    assert build(folder, [news / "a.txt"], FakeEmbedder()).unchanged == 2
    with pytest.raises(SourceError, match="in the library already") as inside:
        build(folder, [tmp_path], FakeEmbedder())
    assert inside.value.hint == f"qa sources remove {news}"


def test_a_vanished_root_is_an_error_and_keeps_its_articles(folder: Path, news: Path) -> None:
    build(folder, [news], FakeEmbedder())
    news.rename(news.with_name("away"))
    with pytest.raises(SourceError, match="news does not exist"):
        build(folder, [], FakeEmbedder())
    assert healthy(folder) == ("a.txt", "b.txt")


def test_library_and_articles_can_be_moved_together(tmp_path: Path) -> None:
    project = tmp_path / "one"
    write(project / "news", a=[paragraph("apple")])
    build(project / ".qa", [project / "news"], FakeEmbedder())
    project.rename(tmp_path / "two")
    assert build(tmp_path / "two" / ".qa", [], FakeEmbedder()).unchanged == 1


def test_unreadable_files_are_left_out_and_told(folder: Path, news: Path) -> None:
    (news / "empty.txt").write_bytes(b"")
    (news / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    done = build(folder, [news], FakeEmbedder())
    assert (done.added, [problem.path.name for problem in done.skipped]) == (2, ["broken.pdf", "empty.txt"])
    with Library.open(folder) as library:
        assert library.skipped() == done.skipped
    write(news, empty=[paragraph("full")])
    done = build(folder, [], FakeEmbedder())
    assert (done.added, [problem.path.name for problem in done.skipped]) == (1, ["broken.pdf"])


def test_where_nothing_can_be_read_there_is_no_library(folder: Path, tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    junk.mkdir()
    (junk / "empty.txt").write_bytes(b"")
    with pytest.raises(SourceError, match=r"empty\.txt"):
        build(folder, [junk], FakeEmbedder())
    with pytest.raises(SourceError, match="does not exist"):
        build(folder, [tmp_path / "nowhere"], FakeEmbedder())
    with pytest.raises(SourceError, match="does not know which folders"):
        build(folder, [], FakeEmbedder())
    assert not (folder / "library.sqlite").exists()


def test_a_removed_article_stays_away_until_it_is_asked_for(folder: Path, news: Path) -> None:
    build(folder, [news], FakeEmbedder())
    assert remove(folder, "a.txt") == 1
    write(news, a=[paragraph("apple"), paragraph("plum")])
    build(folder, [], FakeEmbedder())
    assert healthy(folder) == ("b.txt",)
    build(folder, [], FakeEmbedder(), rebuild=True)
    assert healthy(folder) == ("b.txt",)
    build(folder, [news / "a.txt"], FakeEmbedder())
    assert healthy(folder) == ("a.txt", "b.txt")
    with pytest.raises(SourceError, match="no article or root “x”"):
        remove(folder, "x")


def test_a_removed_root_takes_its_articles_along(folder: Path, news: Path, tmp_path: Path) -> None:
    build(folder, [news, write(tmp_path / "other", c=[paragraph("cart")])], FakeEmbedder())
    assert remove(folder, str(news)) == 2
    assert healthy(folder) == ("c.txt",)
    assert remove(folder, "c.txt") == 1
    with Library.open(folder) as library:
        assert library.roots() == (Root(tmp_path / "other", None),)


def test_a_second_writer_is_turned_away(folder: Path, news: Path) -> None:
    build(folder, [news], FakeEmbedder())
    with writing(folder), pytest.raises(LibraryError, match="another qa index is running"):
        build(folder, [], FakeEmbedder())
    assert build(folder, [], FakeEmbedder()).unchanged == 2


def test_another_embedder_needs_a_rebuild(folder: Path, news: Path) -> None:
    build(folder, [news], FakeEmbedder())
    other = FakeEmbedder(dimension=8)
    with pytest.raises(LibraryError, match="embedder") as refused:
        build(folder, [], other)
    assert refused.value.hint == "qa index --rebuild"
    with Library.open(folder) as reader, reader.snapshot():
        assert reader.identity.dimension == 256
        assert build(folder, [], other, rebuild=True).embedded == 5
        assert reader.identity.dimension == 256
    with Library.open(folder) as library:
        library.require(other)
        assert len(library.dense(other.encode_query("boat"), 9)) == 5
    assert healthy(folder) == ("a.txt", "b.txt")
    assert not (folder / "rebuild.sqlite").exists()


@pytest.mark.parametrize("keep", [0, 5000])
def test_a_damaged_library_is_rebuilt(folder: Path, news: Path, keep: int) -> None:
    build(folder, [news], FakeEmbedder())
    file = folder / "library.sqlite"
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(LibraryError) as damaged:
        build(folder, [], FakeEmbedder())
    assert damaged.value.hint == "qa index --rebuild"
    assert build(folder, [news], FakeEmbedder(), rebuild=True).added == 2
    assert healthy(folder) == ("a.txt", "b.txt")


def test_a_file_with_too_little_space_leaves_the_library_as_it_was(folder: Path, news: Path) -> None:
    build(folder, [news], FakeEmbedder())
    before = digest(folder)
    with Library.open(folder) as library:
        pages = library.rows("PRAGMA page_count")[0][0]
        library.rows(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(LibraryError, match="the disk is full") as full:
            add_articles(
                library, [article("big.txt", *(paragraph(f"word{count}") for count in range(200)))], FakeEmbedder()
            )
        assert full.value.hint == "free some space and run it again; the library is as it was"
        assert digest(folder) == before
        library.rows("PRAGMA max_page_count = 1000000")
        assert add_articles(library, [article("small.txt", paragraph("word"))], FakeEmbedder()) == 1
    assert healthy(folder) == ("a.txt", "b.txt", "small.txt")


@pytest.mark.skipif(sys.platform == "win32", reason="limits and signals of POSIX")
def test_a_full_disk_leaves_the_library_as_it_was(folder: Path, news: Path) -> None:
    build(folder, [news], FakeEmbedder())
    before = digest(folder)
    write(news, **{f"c{count}": [paragraph(f"word{count}x{inner}") for inner in range(10)] for count in range(20)})
    limited = (
        "import resource, sys; from pathlib import Path; from index.build import build; from index.errors import "
        "LibraryError\n"
        "from tests.fakes import FakeEmbedder\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "try: build(Path(sys.argv[1]), [], FakeEmbedder())\n"
        "except LibraryError as error: print(error.hint)\n"
    )
    done = subprocess.run([sys.executable, "-c", limited, str(folder)], capture_output=True, text=True, check=True)
    assert "the library is as it was" in done.stdout
    assert digest(folder) == before
    assert build(folder, [], FakeEmbedder()).added == 20


_INDEXER = """
import os, sys
from pathlib import Path
import faiss
from index.build import build
from tests.fakes import FakeEmbedder
for line in sys.stdin:
    folder, root, rebuild = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if child == 0:
        build(Path(folder), [Path(root)], FakeEmbedder(), rebuild=rebuild == "rebuild")
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits and signals of POSIX")
def test_killed_at_any_of_20_moments_the_library_is_the_old_or_the_new_one(folder: Path, tmp_path: Path) -> None:
    versions = {
        word: {f"f{count}": [paragraph(f"{word}{count}x{inner}") for inner in range(9)] for count in range(40)}
        for word in ("old", "new")
    }
    digests = {}
    for word, articles in versions.items():
        build(tmp_path / word, [write(tmp_path / f"{word} news", **articles)], FakeEmbedder())
        digests[word] = digest(tmp_path / word)
    news, draw, killed = tmp_path / "news", random.Random(11), 0
    with subprocess.Popen(
        [sys.executable, "-c", _INDEXER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as indexer:
        assert indexer.stdin is not None
        assert indexer.stdout is not None
        lasts, attempt = 0.5, 0  # seconds that a run takes when it is left alone
        while killed < 20:
            attempt += 1
            write(news, **versions[("old", "new")[attempt % 2]])
            began = time.perf_counter()
            print(folder, news, "rebuild" if attempt % 5 == 0 else "", sep="\t", file=indexer.stdin, flush=True)
            child = int(indexer.stdout.readline())
            if attempt > 1:
                time.sleep(draw.uniform(0, lasts))
                with suppress(ProcessLookupError):  # it was quicker
                    os.kill(child, signal.SIGKILL)
            if int(indexer.stdout.readline()) == signal.SIGKILL:
                killed += 1
            else:
                lasts = (lasts + time.perf_counter() - began) / 2
            assert digest(folder) in digests.values()
            assert attempt < 100
        indexer.stdin.close()
    for word, articles in versions.items():
        write(news, **articles)
        build(folder, [], FakeEmbedder())
        assert digest(folder) == digests[word]
