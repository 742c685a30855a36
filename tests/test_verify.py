"""Documents looked up again: what stands, what was changed, and how it is named.

Every document is one that the production code wrote.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from index.records import Metadata
from qa.batch.answers import Tally
from qa.batch.outcome import Outcome
from qa.memo.docx import docx
from qa.memo.errors import MemoError
from qa.memo.markdown import markdown
from qa.memo.pdf import pdf
from qa.memo.records import Memo
from qa.records import Answer
from qa.render.answers import document
from qa.render.csv import table
from qa.render.html import page
from qa.render.json import dumps, to_object
from qa.render.markdown import markdown as answer_markdown
from qa.verify.check import checked
from qa.verify.difference import difference
from qa.verify.read import read
from qa.verify.records import Check
from tests.memo_made import ANSWERS, BOOKS, BRIDGE, COST, HARBOUR, Books, hostile, made, memo, pandoc

FORMATS = ("md", "html", "docx", "pdf")
UNPLACED = "the footnote names no place, and no article holds these words"
Edit = Callable[[bytes], bytes]


@lru_cache
def written(memo: Memo, kind: str, books: Books = BOOKS) -> bytes:
    if kind == "html":
        return page(memo, {reference.source: books.read(reference.source) for reference in memo.references}).encode()
    return markdown(memo).encode() if kind == "md" else docx(memo, pandoc()) if kind == "docx" else pdf(memo, pandoc())


def checks_of(tmp_path: Path, kind: str, content: bytes, books: Books = BOOKS) -> tuple[Check, ...]:
    file = tmp_path / f"memo.{kind}"
    file.write_bytes(content)
    return checked(read(file), books.shelf())


def wrong(checks: tuple[Check, ...]) -> list[tuple[str, str, str]]:
    return [(check.where, check.outcome, check.detail) for check in checks if check.outcome != "ok"]


def replaced(old: str, new: str) -> Edit:
    def edit(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    return edit


def in_word(old: str, new: str, part: str = "word/footnotes.xml") -> Edit:
    """An edit of one part of a .docx."""

    def edit(content: bytes) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(stream, "w") as after:
            for name in before.namelist():
                held = before.read(name)
                after.writestr(name, replaced(old, new)(held) if name == part else held)
        return stream.getvalue()

    return edit


@pytest.mark.parametrize("kind", FORMATS)
def test_a_memo_as_it_was_written_stands(tmp_path: Path, kind: str) -> None:
    checks = checks_of(tmp_path, kind, written(memo(), kind))
    assert wrong(checks) == []
    assert [(check.source, check.start, check.end) for check in checks] == [
        (
            "harbour.txt", 0, 28), ("harbour.txt", 29, 69), ("harbour.txt", 0, 28), ("bridge.pdf", 0, 34), ("old_ledger.txt", 0, 51), ("bridge.pdf", 35, 52),
    ]  # fmt: skip


@pytest.mark.parametrize("style", ["apa", "ieee"])
def test_a_memo_in_another_style_stands(tmp_path: Path, style: str) -> None:
    checks = checks_of(tmp_path, "md", written(memo(style), "md"))
    assert (wrong(checks), len(checks)) == ([], 6)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_hostile_article_is_quoted_letter_for_letter(tmp_path: Path, kind: str) -> None:
    checks = checks_of(tmp_path, kind, written(hostile(), kind))
    assert [(check.outcome, check.source, check.start) for check in checks] == [("ok", "hostile (1).txt", 0)]


STARRED = "*It*  cost US$5 (5%),\nsaid _x_1_ `now` <b> [^1] @y."
STARS = Books((*BOOKS.articles, made("stars.txt", f"Before. {STARRED} After.", Metadata("Stars"))))
PHRASES = [
    "*It*",
    "cost",
    "$5",
    "US$5",
    "5%",
    "(5%),\nsaid",
    "said",
    "_x_1_",
    "1",
    "`now`",
    "<b>",
    "[^1]",
    "@y",
    ".",
    "*It*  cost",
    STARRED,
]


@pytest.mark.parametrize("kind", [*FORMATS, "jsonl", "csv", "answers"])
def test_a_quote_stands_wherever_its_phrase_is_set_apart(tmp_path: Path, kind: str) -> None:
    told = [f"It cost five, {number}." for number in range(len(PHRASES))]
    answers = [
        STARS.answer(f"{text}?", (text, [("stars.txt", STARRED)]), phrases={text: phrase})
        for text, phrase in zip(told, PHRASES, strict=True)
    ]
    outcomes = [Outcome(number, {"question": answer.question}, answer) for number, answer in enumerate(answers)]
    if kind in FORMATS:
        content = written(STARS.memo(answers), kind, STARS)
    elif kind == "jsonl":
        content = "".join(f"{dumps(to_object(answer))}\n" for answer in answers).encode()
    else:
        content = b"".join(
            table(outcomes, ["question"])
            if kind == "csv"
            else document(outcomes, Tally(16, 16, 0, 0, 0, 16, 0), title="T")
        )
    checks = checks_of(tmp_path, "md" if kind == "answers" else kind, content, STARS)
    assert [(check.outcome, check.source, check.start, check.end, check.detail) for check in checks] == [
        ("ok", "stars.txt", 8, 8 + len(STARRED), "") for _ in PHRASES
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "edit"),
    [
        ("md", replaced("**US\\$5**", "**US\\$6**")),
        ("html", replaced(">US$5</strong>", ">US$6</strong>")),
        ("docx", in_word("US$5", "US$6")),
    ],
)
def test_a_changed_phrase_is_named(tmp_path: Path, kind: str, edit: Edit) -> None:
    answer = STARS.answer(
        "What did it cost?", ("It cost five.", [("stars.txt", STARRED)]), phrases={"It cost five.": "US$5"}
    )
    found = checks_of(tmp_path, kind, edit(written(STARS.memo([answer]), kind, STARS)), STARS)
    assert ("note 1", "changed words", "“US$6” stands for “US$5”") in wrong(found)


@pytest.mark.parametrize(
    ("kind", "edit"),
    [
        ("md", replaced("38 million crowns, the ledger says", "39 million crowns, the ledger says")),
        ("html", replaced('class="quoted">The bridge cost 38 million', 'class="quoted">The bridge cost 39 million')),
        ("docx", in_word("“The bridge cost 38", "“The bridge cost 39")),
    ],
)
def test_one_changed_word_is_named(tmp_path: Path, kind: str, edit: Edit) -> None:
    assert wrong(checks_of(tmp_path, kind, edit(written(memo(), kind)))) == [
        ("note 4", "changed words", "“39” stands for “38”")
    ]


@pytest.mark.parametrize("kind", FORMATS)
def test_an_article_that_is_gone_is_named(tmp_path: Path, kind: str) -> None:
    found = wrong(checks_of(tmp_path, kind, written(memo(), kind), BOOKS.without("old_ledger.txt")))
    assert [(outcome, detail) for _, outcome, detail in found] == [
        ("missing article", "the library holds no article “old_ledger.txt”")
    ]


@pytest.mark.parametrize("kind", FORMATS)
def test_an_article_that_changed_since_is_told_from_a_changed_memo(tmp_path: Path, kind: str) -> None:
    content = written(memo(), kind)
    rewritten = wrong(checks_of(tmp_path, kind, content, BOOKS.with_text("bridge.pdf", BRIDGE.replace("40", "41"))))
    assert rewritten[0][1:] == ("changed text", "the article has changed since, and does not hold these words")
    moved = wrong(checks_of(tmp_path, kind, content, BOOKS.with_text("bridge.pdf", "New. " + BRIDGE)))
    assert {outcome for _, outcome, _ in moved} == {"changed text"}
    if kind != "pdf":
        assert moved[0][2] == "the article has changed since; the words now stand at 5-39"
    if kind == "html":
        assert moved[-1][0] == "text of bridge.pdf"


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        (replaced("“The bridge cost 40 million crowns.” (", "“The bridge did not cost 40 million crowns.” ("), ("changed words", "“did not” is added")),
        (replaced("“The bridge cost 40 million crowns.” (", "“The bridge cost 40 crowns.” ("), ("changed words", "“million” is left out")),
        (replaced("“The bridge cost 40 million crowns.” (", "“He denied: “The bridge cost 40 million crowns.” ("),
         ("changed words", UNPLACED)),
        (replaced("“The bridge cost 40 million crowns.” (", "“It was cheap.” “The bridge cost 40 million crowns.” ("),
         ("changed words", UNPLACED)),
        (replaced("“The bridge cost 40 million crowns.” (`bridge.pdf:0-34`)", "“The bridge cost a lot.”"),
         ("changed words", UNPLACED)),
        (replaced("“The bridge cost 40 million crowns.” (", "("), ("no quotation", f"no quoted words stand before the place; there it says: {COST[1]}")),
        (replaced("“The bridge cost 40 million crowns.” "
        "(`bridge.pdf:0-34`)", "As everybody knows."), ("no quotation", "the footnote quotes no article")),
        (replaced("bridge.pdf:0-34", "bridge.pdf:3-30"), ("wrong place", "the words stand at 0-34")),
        (replaced("bridge.pdf:0-34", "bridge.pdf:34-0"), ("wrong place", "the words stand at 0-34")),
        (replaced("bridge.pdf:0-34", "bridge.pdf:0-34000"), ("wrong place", "the words stand at 0-34")),
        (replaced("(`bridge.pdf:0-34`)", "(`bridge.pdf:0-34`) And “it sank.”"), ("changed words", UNPLACED)),
    ],
)  # fmt: skip
def test_every_way_of_changing_a_quotation_is_noticed(tmp_path: Path, edit: Edit, found: tuple[str, str]) -> None:
    assert wrong(checks_of(tmp_path, "md", edit(written(memo(), "md")))) == [("note 3", *found)]


@pytest.mark.parametrize(
    "edit",
    [
        replaced("“The bridge cost 40 million crowns.”", "“The  bridge\n    cost 40 million crowns.”"),
        replaced("“The bridge cost 40 million crowns.”", "*“The **bridge** cost 40 million crowns.”*"),
        replaced("(`bridge.pdf:0-34`)", "(bridge.pdf:0-34). See also annex B."),
        replaced("(`bridge.pdf:0-34`)", "(bridge.pdf:0-34) And “opened in May”."),
        replaced("“The bridge cost 40 million crowns.” (`bridge.pdf:0-34`)", "“The bridge cost 40 million crowns.”"),
        replaced("\n\n    Lund, “Ships", " Lund, “Ships"),  # two paragraphs joined
        replaced("It was dug in 1902.[^1]", "One reads that it was dug in 1902.[^1]"),
    ],
)
def test_what_changes_no_quotation_is_let_pass(tmp_path: Path, edit: Edit) -> None:
    checks = checks_of(tmp_path, "md", edit(written(memo(), "md")))
    assert wrong(checks) == []
    assert len(checks) >= 6


@pytest.mark.parametrize(
    ("kind", "edit", "found"),
    [
        ("md", replaced("It opened in May.[^5]", "It opened in May."), ("note 5", "no mark")),
        ("md", replaced("It opened in May.[^5]", "It opened in May.[^5][^9]"), ("note 9", "no footnote")),
        ("html", replaced('data-mark="5"', ""), ("note 5", "no mark")),
        ("html", replaced('data-note="5"', ""), ("note 5", "no footnote")),
    ],
)
def test_marks_and_footnotes_belong_together(tmp_path: Path, kind: str, edit: Edit, found: tuple[str, str]) -> None:
    assert [
        (where, outcome) for where, outcome, _ in wrong(checks_of(tmp_path, kind, edit(written(memo(), kind))))
    ] == [found]


def test_a_mark_in_word_without_its_footnote_is_noticed(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(written(memo(), "docx"))) as archive:
        notes = archive.read("word/footnotes.xml").decode()
    last = notes[notes.rindex("<w:footnote ") : notes.rindex("</w:footnote>") + len("</w:footnote>")]
    found = wrong(checks_of(tmp_path, "docx", in_word(last, "")(written(memo(), "docx"))))
    assert [(where, outcome) for where, outcome, _ in found] == [("note 5", "no footnote")]


def test_a_tracked_change_counts_as_made(tmp_path: Path) -> None:
    deleted, added = (
        '<w:del w:id="9" w:author="x"><w:r><w:delText>38</w:delText></w:r></w:del>',
        '<w:ins w:id="8" w:author="x"><w:r><w:t>39</w:t></w:r></w:ins>',
    )
    deletion = f"“The bridge cost </w:t></w:r>{deleted}{added}<w:r><w:t>"
    found = wrong(checks_of(tmp_path, "docx", in_word("“The bridge cost 38", deletion)(written(memo(), "docx"))))
    assert [(where, outcome) for where, outcome, _ in found] == [("note 4", "changed words")]


def test_a_changed_copy_of_an_article_is_noticed(tmp_path: Path) -> None:
    content = written(memo(), "html")
    at = content.index(b'data-article="harbour.txt"')
    edited = content[:at] + content[at:].replace(b"a day", b"a week", 1)
    assert [(where, outcome) for where, outcome, _ in wrong(checks_of(tmp_path, "html", edited))] == [
        ("text of harbour.txt", "changed text")
    ]


@pytest.mark.parametrize(
    "text",
    ["It is.[^1]\n\n[^1]: So[^1]\n", "It is.[^1]\n\n[^1]: So[^2]\n\n[^2]: Or[^1]\n", "> [^a]: So[^a]\n\nIt is.[^a]\n"],
)
def test_a_footnote_within_itself_is_told_and_not_followed_for_ever(tmp_path: Path, text: str) -> None:
    (tmp_path / "memo.md").write_text(text, encoding="utf-8")
    with pytest.raises(MemoError, match=r"^memo\.md cannot be read: it never ends$"):
        read(tmp_path / "memo.md")


def test_long_memos_are_read(tmp_path: Path) -> None:
    notes = "".join(
        f"[^{number}]: “It is {number} km.” — a.txt, undated (a.txt:{number}-{number + 12})\n\n"
        for number in range(600)
    )
    (tmp_path / "memo.md").write_text(
        "".join(f"It is {number} km.[^{number}]\n\n" for number in range(600)) + notes, encoding="utf-8"
    )
    assert len(read(tmp_path / "memo.md").footnotes) == 600
    subprocess.run(
        [str(pandoc().program), "--from=markdown", "-o", str(tmp_path / "memo.docx"), str(tmp_path / "memo.md")],
        check=True,
    )
    assert len(read(tmp_path / "memo.docx").footnotes) == 600


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_footnotes_survive_libreoffice(tmp_path: Path) -> None:
    source, out = tmp_path / "memo.docx", tmp_path / "out"
    source.write_bytes(written(memo(), "docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "docx", "--outdir", str(out), str(source)],
        check=True,
        capture_output=True,
    )
    content = (out / "memo.docx").read_bytes()
    checks = checks_of(tmp_path, "docx", content)
    assert (wrong(checks), len(checks)) == ([], 6)
    changed = in_word("“The bridge cost 38", "“The bridge cost 39")(content)  # the article is called by these words too
    assert wrong(checks_of(tmp_path, "docx", changed))[0][:2] == ("note 4", "changed words")


def lines(*answers: Answer) -> bytes:
    return b"".join(dumps(to_object(answer)).encode() + b"\n" for answer in answers)


def test_a_file_of_answers_stands_and_a_changed_word_in_it_does_not(tmp_path: Path) -> None:
    content = lines(*ANSWERS) + b'{"id": 9, "row": {}, "error": {"message": "m", "hint": "h"}}\n'
    assert (wrong(checks_of(tmp_path, "jsonl", content)), len(checks_of(tmp_path, "jsonl", content))) == ([], 6)
    assert wrong(
        checks_of(tmp_path, "jsonl", content.replace(b"38 million crowns, the", b"39 million crowns, the"))
    ) == [("line 3, [2]", "changed words", "“39” stands for “38”")]
    one = json.dumps(to_object(ANSWERS[0])).encode()
    assert wrong(checks_of(tmp_path, "json", one)) == []
    assert wrong(checks_of(tmp_path, "json", b"[" + one.replace(b'"citations": [1]', b'"citations": [7]') + b"]")) == [
        ("answer 1, [7]", "no footnote", "the text has its mark, the document no such footnote"),
        ("answer 1, [1]", "no mark", "no mark in the text leads to this footnote"),
    ]


def test_answers_of_another_library_say_so(tmp_path: Path) -> None:
    content = lines(ANSWERS[3]).replace(b'"library": "l1"', b'"library": "l0"')
    assert wrong(checks_of(tmp_path, "jsonl", content)) == []
    found = wrong(
        checks_of(tmp_path, "jsonl", content, BOOKS.with_text("bridge.pdf", "It opened in June, as far as is known."))
    )
    assert found == [("line 1, [1]", "changed text", "the article has changed since, and does not hold these words")]


def test_an_answer_in_markdown_stands(tmp_path: Path) -> None:
    checks = checks_of(tmp_path, "md", answer_markdown(ANSWERS[2]).encode())
    assert (wrong(checks), len(checks)) == ([], 2)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("memo.odt", b"", "“.odt” cannot be checked"),
        ("memo", b"", "“no extension” cannot be checked"),
        ("memo.docx", b"no zip", "memo.docx is not a Word document"),
        ("memo.pdf", b"%PDF-1.4 nothing", "memo.pdf cannot be read"),
        ("memo.html", b"", "memo.html cannot be read"),
        ("answers.jsonl", b"{", "answers.jsonl, line 1: not JSON"),
        ("answers.json", b'{"a": 1}', "answers.json, answer 1: this is not an answer"),
        ("answers.csv", b"a,b\n1,2\n", "answers.csv is not a table of answers"),
        ("memo.md", b"\xff\xfe", "is not UTF-8 text"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MemoError) as caught:
        read(tmp_path / name)
    assert message in caught.value.message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MemoError, match="cannot be read: No such file or directory"):
        read(tmp_path / "none.md")


def test_differences_are_named_each_once_and_the_rest_counted() -> None:
    assert difference("a b c", "a x c") == "“b” stands for “x”"
    assert (
        difference("1 b 2 d 3 f 4 h 5", "a b c d e f g h i")
        == "“1” stands for “a”; “2” stands for “c”; “3” stands for “e”; and 2 more"
    )


def test_the_harbour_is_what_the_tests_say() -> None:
    assert HARBOUR[29:69] == "It “holds” 40 ships, and costs $3 a day."


def test_a_table_of_answers_stands_at_any_delimiter(tmp_path: Path) -> None:
    outcomes = [
        Outcome(number, {"question": answer.question}, answer, None) for number, answer in enumerate(ANSWERS, start=1)
    ]
    for delimiter in (",", ";"):
        content = b"".join(table(outcomes, ["question"], delimiter=delimiter))
        checks = checks_of(tmp_path, "csv", content)
        assert (wrong(checks), len(checks)) == ([], 6)
        assert wrong(
            checks_of(
                tmp_path,
                "csv",
                content.replace(b"38 million crowns, the ledger says", b"39 million crowns, the ledger says"),
            )
        ) == [("row 3, [2]", "changed words", "“39” stands for “38”")]
