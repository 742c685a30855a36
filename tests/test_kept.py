"""Kept answers: what is taken from the cache, what is asked anew, what goes when the library changes, and what a damaged or foreign file comes to."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.build import build
from index.errors import LibraryError, ModelError, QuestionError
from index.records import Filter
from index.store import Library
from qa.answering.answer import Assistant, answer, provenance
from qa.kept import answers as keeping
from qa.kept.answers import Keeping, answered, cache_of
from qa.kept.cache import FOLDER, Cache, Contents, contents, forget, get, keep_only, put, writable
from qa.kept.key import FILE, own_key
from qa.kept.program import fingerprint
from qa.models.engine import Message
from qa.records import Answer, Provenance
from qa.settings import Settings
from tests.fakes import FakeEmbedder, FakeModel

RIVER = (
    "The river Alder rises in the northern hills. It is 210 kilometres long and carries timber to the port of Brandt.\n"
)
ASKED = "How long is the river Alder?"
THEN = datetime(2026, 11, 29, 7, 40, tzinfo=UTC)


def reply(_: Sequence[Message]) -> str:
    return "It is 210 kilometres long and carries timber to the port of Brandt."


class Desk:
    """A library of one article, a model that counts how often it is asked, and a way to ask that keeps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "articles").mkdir()
        (folder / "articles" / "river.txt").write_text(RIVER, encoding="utf-8")
        self.embedder, self.model = FakeEmbedder(), FakeModel(reply, yes=0.99)
        self.settings = Settings(library=folder / ".qa", models=folder / "models")
        self.index()
        cache = cache_of(self.settings, folder / "state")
        assert cache is not None
        self.cache = cache

    def index(self) -> None:
        build(self.folder / ".qa", [self.folder / "articles"], self.embedder)

    def ask(
        self,
        question: str = ASKED,
        *,
        fresh: bool = False,
        within: Filter = Filter(),  # noqa: B008 (frozen)
        settings: Settings | None = None,
    ) -> Answer:
        with Library.open(self.folder / ".qa") as library:
            parts = Assistant(library, self.embedder, self.model, settings or self.settings)
            how = Keeping(self.cache, fresh=fresh, now=lambda: THEN)
            return answered(
                question,
                library,
                how,
                within=within,
                made=lambda: provenance(parts),
                ask=lambda: answer(question, parts, within=within),
            )

    @property
    def asked(self) -> int:
        return len(self.model.calls)

    @property
    def files(self) -> list[Path]:
        return sorted(file for file in (self.folder / ".qa" / FOLDER).rglob("*") if file.is_file())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_was_asked_before_is_not_asked_again(desk: Desk) -> None:
    first = desk.ask()
    assert (first.status, first.kept, desk.asked) == ("answered", None, 1)
    second = desk.ask(f"  {ASKED}\n")
    assert (second.kept, desk.asked, desk.model.asked[1:]) == ("2026-11-29T07:40:00+00:00", 1, desk.model.asked[1:])
    assert replace(second, kept=None) == first  # with how it came about, and the timings of then
    assert desk.ask(fresh=True).kept is None
    assert desk.asked == 2
    assert len(desk.files) == 1


@pytest.mark.parametrize(
    "changed", ["question", "within", "caution", "passages", "engine", "model", "embedder", "program"]
)
def test_whatever_shapes_an_answer_keeps_it_apart(desk: Desk, monkeypatch: pytest.MonkeyPatch, changed: str) -> None:
    desk.ask()
    question, within, settings = ASKED, Filter(), desk.settings
    match changed:
        case "question":
            question = "How long is the river Alder ?"
        case "within":
            within = Filter(sources=("river.txt",))
        case "caution":
            settings = replace(settings, caution=0.2)
        case "passages":
            settings = replace(settings, passages=3)
        case "engine":
            settings = replace(settings, engine="transformers")
        case "model":
            desk.model.digest = "another"
        case "embedder":
            desk.embedder.name = "another"
        case _:
            monkeypatch.setattr(keeping, "fingerprint", lambda: "another")
    assert desk.ask(question, within=within, settings=settings).kept is None
    assert desk.asked == 2
    assert desk.ask(question, within=within, settings=settings).kept is not None


def test_a_changed_library_keeps_nothing_of_before(desk: Desk) -> None:
    desk.ask()
    (before,) = desk.files
    desk.index()
    assert desk.ask().kept is not None  # nothing was changed
    (desk.folder / "articles" / "bridge.txt").write_text("The bridge cost 40 million crowns.\n", encoding="utf-8")
    desk.index()
    assert desk.ask().kept is None
    (now,) = desk.files
    assert (before.exists(), now.name == before.name, now.parent == before.parent) == (False, False, False)
    (desk.folder / "articles" / "bridge.txt").unlink()
    desk.index()  # the same articles as at first, and the same digest: but what was kept then is gone
    assert desk.ask().kept is None


def test_an_answer_during_which_the_library_changes_is_not_kept(desk: Desk) -> None:
    def changes(messages: Sequence[Message]) -> str:
        (desk.folder / "articles" / "bridge.txt").write_text("The bridge cost 40 million crowns.\n", encoding="utf-8")
        desk.index()
        return reply(messages)

    desk.model = FakeModel(changes, yes=0.99)
    assert desk.ask().status == "answered"
    assert desk.files == []


def test_a_refusal_is_kept_and_an_error_is_not(desk: Desk) -> None:
    desk.model = FakeModel(lambda _: "not stated", yes=0.0)
    assert (desk.ask("Who is the mayor of Brandt?").status, desk.ask("Who is the mayor of Brandt?").kept is None) == (
        "unanswered",
        False,
    )
    with pytest.raises(QuestionError, match="the question is empty"):
        desk.ask(" ? ")

    def missing() -> Provenance:
        raise ModelError("the model is missing", "qa models fetch")

    def ask() -> Answer:
        raise ModelError("said by whoever needs it", "qa models fetch")

    with Library.open(desk.folder / ".qa") as library, pytest.raises(ModelError, match="said by whoever needs it"):
        answered(ASKED, library, Keeping(desk.cache), within=Filter(), made=missing, ask=ask)
    assert len(desk.files) == 1


@pytest.mark.parametrize(
    "damage", ["cut", "one bit", "empty", "another's", "moved here", "not JSON", "a quote", "another format"]
)
def test_what_does_not_stand_up_is_asked_anew(desk: Desk, damage: str) -> None:
    desk.ask()
    (file,) = desk.files
    whole = file.read_bytes()
    content = whole.partition(b"\n")[2]
    held = json.loads(content)

    def signed(text: bytes, key: bytes = desk.cache.key) -> bytes:
        put(Cache(desk.folder / "elsewhere", key, 10**6), "g", "ab" * 32, text)
        (made,) = (path for path in (desk.folder / "elsewhere").rglob("*") if path.is_file())
        return made.read_bytes()

    match damage:
        case "cut":
            file.write_bytes(whole[:-20])
        case "one bit":
            file.write_bytes(whole.replace(b"210 kilometres", b"211 kilometres"))
        case "empty":
            file.write_bytes(b"")
        case "another's":
            file.write_bytes(signed(content, b"k" * 32))
        case "moved here":
            file.write_bytes(signed(content.replace(json.dumps(ASKED).encode(), b'"How deep is it?"')))
        case "not JSON":
            file.write_bytes(signed(b"nonsense"))
        case "a quote":  # as only a flaw of this program could write it
            held["answer"]["citations"][0]["quote"] = "It is 21 kilometres long"
            file.write_bytes(signed(json.dumps(held).encode()))
        case _:
            del held["answer"]["status"]
            file.write_bytes(signed(json.dumps(held).encode()))
    again = desk.ask()
    assert (again.status, again.kept, desk.asked) == ("answered", None, 2)
    assert (desk.ask().kept, len(desk.files)) == ("2026-11-29T07:40:00+00:00", 1)


def test_an_answer_whose_quote_is_not_in_its_article_is_neither_shown_nor_kept(desk: Desk) -> None:
    good = desk.ask()
    forged = replace(good, citations=(replace(good.citations[0], quote="It is 21 kilometres long"),))
    forget(desk.folder / ".qa")
    with Library.open(desk.folder / ".qa") as library, pytest.raises(LibraryError, match="so the answer is withheld"):
        answered(ASKED, library, Keeping(desk.cache), within=Filter(), made=lambda: good.provenance, ask=lambda: forged)
    assert desk.files == []


def test_where_nothing_is_to_be_kept_nothing_is_read_either(desk: Desk) -> None:
    desk.ask()
    assert cache_of(replace(desk.settings, kept_mb=0), desk.folder / "state") is None
    with Library.open(desk.folder / ".qa") as library:
        parts = Assistant(library, desk.embedder, desk.model, desk.settings)
        found = answered(
            ASKED,
            library,
            Keeping(None),
            within=Filter(),
            made=lambda: provenance(parts),
            ask=lambda: answer(ASKED, parts),
        )
    assert (found.kept, desk.asked) == (None, 2)


def test_the_pipeline_itself_never_reads_what_is_kept(desk: Desk) -> None:
    """`qa eval` and the benches call it."""
    desk.ask()
    with Library.open(desk.folder / ".qa") as library:
        assert answer(ASKED, Assistant(library, desk.embedder, desk.model, desk.settings)).kept is None
    assert desk.asked == 2


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    (tmp_path / ".qa").mkdir()
    return Cache(tmp_path / ".qa" / FOLDER, b"k" * 32, 1000)


def name(number: int) -> str:
    return f"{number:064x}"


def test_what_has_not_been_used_for_longest_makes_room(cache: Cache) -> None:
    for number in range(4):  # 265 bytes each: three fit
        put(cache, "g", name(number), b"%d" % number * 200)
        (file,) = cache.folder.rglob(name(number))
        os.utime(file, (number, number))
        if number == 2:
            assert get(cache, "g", name(0)) == b"0" * 200  # used now
    assert [get(cache, "g", name(number)) is not None for number in range(4)] == [True, False, True, True]
    put(cache, "g", name(5), b"x" * 1000)  # larger than all that may be kept: what is there stays
    assert (get(cache, "g", name(5)), contents(cache)) == (None, Contents(3, 3 * 265, 0))


def test_what_a_killed_process_left_goes_when_it_is_old(cache: Cache) -> None:
    put(cache, "g", name(1), b"one")
    (file,) = cache.folder.rglob(name(1))
    old, new = (file.with_name(f".{name(2)}.{each}.abcdef") for each in ("1", "2"))
    for draft in (old, new):
        draft.write_bytes(b"half")
    os.utime(old, (1, 1))
    put(cache, "g", name(3), b"three")
    assert (old.exists(), new.exists(), contents(cache)) == (
        False,
        True,
        Contents(2, file.stat().st_size + 2 + file.stat().st_size, 0),
    )


def test_only_what_was_written_here_is_ever_deleted(cache: Cache, tmp_path: Path) -> None:
    put(cache, "g", name(1), b"one")
    put(cache, "h", name(1), b"one")
    (cache.folder / "notes").mkdir()
    mine = [
        cache.folder / "notes" / "a.txt",
        cache.folder / "README",
        next(cache.folder.rglob(name(1))).with_name("mine.txt"),
    ]
    for file in mine:
        file.write_text("mine")
    keep_only(tmp_path / ".qa", "g")
    assert (get(cache, "g", name(1)), get(cache, "h", name(1))) == (b"one", None)
    forget(tmp_path / ".qa")
    assert (get(cache, "g", name(1)), [file.exists() for file in mine]) == (None, [True, True, True])


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_a_folder_that_leads_elsewhere_is_left_alone(cache: Cache, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs" / ("a" * 16)
    theirs.mkdir(parents=True)
    (theirs / name(1)).write_text("theirs")
    cache.folder.symlink_to(tmp_path / "theirs")
    put(cache, "g", name(2), b"two")
    keep_only(tmp_path / ".qa", "g")
    forget(tmp_path / ".qa")
    assert (
        (theirs / name(1)).read_text(),
        sorted(path.name for path in (tmp_path / "theirs").iterdir()),
        writable(cache),
    ) == ("theirs", ["a" * 16], False)


def test_what_cannot_be_written_is_not_kept_and_no_error(cache: Cache) -> None:
    cache.folder.write_text("a file where the folder should be")
    put(cache, "g", name(1), b"one")
    assert (get(cache, "g", name(1)), contents(cache), writable(cache)) == (None, Contents(0, 0, 0), False)


def test_many_at_once_read_whole_answers_or_none(cache: Cache) -> None:
    texts = {b"%d" % number * 300 for number in range(8)}
    wrong: list[bytes] = []

    def work(text: bytes) -> None:
        for _ in range(30):
            put(cache, "g", name(1), text)
            found = get(cache, "g", name(1))
            if found is not None and found not in texts:
                wrong.append(found)
            keep_only(cache.folder.parent, "g")

    threads = [threading.Thread(target=work, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (wrong, get(cache, "g", name(1)) in texts, len(list(cache.folder.rglob("*")))) == ([], True, 2)


def test_the_key_is_this_users_and_is_made_once(tmp_path: Path) -> None:
    assert (own_key(tmp_path / "state", make=False), (tmp_path / "state").exists()) == (None, False)
    key = own_key(tmp_path / "state")
    assert key is not None
    assert (len(key), own_key(tmp_path / "state", make=False)) == (32, key)
    (tmp_path / "state" / FILE).write_bytes(b"cut")
    assert own_key(tmp_path / "state") not in (None, key)
    (tmp_path / "file").write_text("no folder")
    assert own_key(tmp_path / "file" / "state") is None
    if os.name == "posix":
        assert (tmp_path / "state" / FILE).stat().st_mode & 0o777 == 0o600


def test_the_program_has_one_fingerprint() -> None:
    assert (len(fingerprint()), fingerprint()) == (16, fingerprint())
