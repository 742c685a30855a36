"""Drafts in Markdown, HTML and plain text.

Read into sentences, given back with marks and notes, and the same when it is done twice.
"""

from __future__ import annotations

from types import ModuleType

import pytest

from qa.citing import markdown, page, plain
from qa.memo.errors import MemoError
from tests.draft_files import COLOPHON, DENIED, FOUND, PARTLY, additions

MARKDOWN = """---
title: none of it
---
# The *harbour*

It holds **forty ships**.[^own] The `bridge` cost 40\\$
in all [@lund1902, p. 3]. It said so.

> The quoted one stands here.

- The first point is [linked](http://a.example/x_y).
* The second point is deep.
1. Third &amp; last, as @lund1902 has it.

| The pier is old. | 1902 |
|---|---|
| The table is new. | x |

```
The code is not read.
```

    Nor is this indented.

<div>Nor is this.</div>

<!-- nor this -->

[^own]: My own note.
"""


def marked(module: ModuleType, draft: str, name: str, chosen: dict[str, object]) -> str:
    content = draft.encode()
    text: str = module.written(content, name, additions(module.read(content, name), chosen)).decode()  # type: ignore[arg-type]
    return text


def test_markdown_is_read_as_a_reader_sees_it() -> None:
    assert [(one.text, one.heading, one.citations) for one in markdown.read(MARKDOWN.encode(), "a.md")] == [
        ("The harbour", True, ()),
        ("It holds forty ships.", False, ("My own note.",)),
        ("The bridge cost 40$ in all .", False, ("@lund1902",)),
        ("It said so.", False, ()),
        ("The quoted one stands here.", False, ()),
        ("The first point is linked.", False, ()),
        ("The second point is deep.", False, ()),
        ("Third & last, as  has it.".replace("  ", " "), False, ("@lund1902",)),
        ("The pier is old.", False, ()),
        ("1902", False, ()),
        ("The table is new.", False, ()),
        ("x", False, ()),
    ]


def test_markdown_gets_footnotes_and_comments_and_keeps_all_else() -> None:
    text = marked(
        markdown, MARKDOWN, "a.md", {"It holds": FOUND, "The bridge": DENIED, "The pier": PARTLY, "The first": FOUND}
    )
    assert "It holds **forty ships**.[^own][^1] The `bridge`" in text
    assert (
        "in all [@lund1902, p. 3]. <!-- qa cite: Contradicted: the sources say otherwise. The ledger (undated) says: "
        "“The harbour was dug in 1902.”" in text
    )
    assert "is [linked](http://a.example/x_y).[^2]\n" in text
    assert "| The pier is old.[^3] <!-- qa cite: Partly supported; not in its quotes: ‘berth’. --> | 1902 |" in text
    assert text.endswith(
        "\n\n<!-- qa cite -->\n## Sources\n\n- Lund, Ada. *Tides*.\n\n" + COLOPHON[0] + "\n\n"
        "[^1]: Ada Lund, *Tides*. “The harbour was dug in 1902.” (`harbour.txt:0-28`)\n\n"
        "[^2]: Ada Lund, *Tides*. “The harbour was dug in 1902.” (`harbour.txt:0-28`)\n\n"
        "[^3]: Ada Lund, *Tides*. “The harbour was dug in 1902.” (`harbour.txt:0-28`)\n\n"
        "    Lund. “It “holds” 40 ship” (`harbour.txt:29-47`)\n<!-- /qa cite -->\n"
    )


PAGE = """<!DOCTYPE html>
<html><head><title>None of it.</title><style>p { color: red }</style></head>
<body class="x">
<h1>The harbour</h1>
<p>It holds <b>forty &amp; more ships.</b> The bridge cost 40<br>in all, <a href="http://lund.example/tides">says Lund</a>.<sup><a href="#n1">1</a></sup></p>
<ul><li>The first point</li><li>The second point is deep.</li></ul>
<table><tr><th>The head</th><td>The pier is old.</td></tr></table>
<pre>Not read.</pre>
<p id="n1">My own note.</p>
</body></html>
"""


def test_a_page_is_read_as_a_reader_sees_it() -> None:
    assert [(one.text, one.heading, one.citations) for one in page.read(PAGE.encode(), "a.html")] == [
        ("The harbour", True, ()),
        ("It holds forty & more ships.", False, ()),
        ("The bridge cost 40 in all, says Lund.1", False, ("http://lund.example/tides", "My own note.")),
        ("The first point", False, ()),
        ("The second point is deep.", False, ()),
        ("The head", True, ()),
        ("The pier is old.", False, ()),
        ("My own note.", False, ()),
    ]


def test_a_page_gets_marks_and_a_section_and_keeps_all_else() -> None:
    text = marked(page, PAGE, "a.html", {"It holds": FOUND, "The bridge": DENIED})
    first = '<sup data-qa-cite="mark"><a data-mark="1" id="qa-mark-1" href="#qa-note-1">[1]</a></sup>'
    second = '<sup data-qa-cite="mark"><a data-mark="2" id="qa-mark-2" href="#qa-note-2">[2 contradicted]</a></sup>'
    assert f"<b>forty &amp; more ships.</b>{first} The bridge" in text
    assert f'<sup><a href="#n1">1</a></sup>{second}</p>' in text
    begin, end = text.index('\n<section data-qa-cite="notes">'), text.index("</section>\n") + len("</section>\n")
    assert text[end:] == "</body></html>\n"
    assert (text[:begin] + text[end:]).replace(first, "").replace(second, "") == PAGE
    assert (
        "<p data-cite>Ada Lund, <i>Tides</i>. “The harbour was dug in 1902.” (harbour.txt:0-28)</p></div> <a "
        'href="#qa-mark-1">↩</a></li>' in text
    )


PLAIN = """The harbour

It holds forty ships [3]. The bridge
cost forty in all. It said so.
- The first point is deep.
2) The second point is too.

The end"""


def test_plain_text_is_read_by_paragraphs() -> None:
    assert [(one.text, one.heading) for one in plain.read(PLAIN.encode(), "a.txt")] == [
        ("The harbour", True),
        ("It holds forty ships [3].", False),
        ("The bridge cost forty in all.", False),
        ("It said so.", False),
        ("The first point is deep.", False),
        ("The second point is too.", False),
        ("The end", True),
    ]


def test_plain_text_gets_numbers_and_notes_and_keeps_all_else() -> None:
    text = marked(plain, PLAIN, "a.txt", {"It holds": FOUND, "The bridge": DENIED})
    assert text == (
        "The harbour\n\nIt holds forty ships [3]. [4] The bridge\ncost forty in all. [5 contradicted] It said so.\n- "
        "The first point is deep.\n"
        "2) The second point is too.\n\nThe end\n\n---- qa cite: notes ----\n"
        "[4] Ada Lund, Tides. “The harbour was dug in 1902.” (harbour.txt:0-28)\n"
        "[5] Contradicted: the sources say otherwise.\n    The ledger (undated) says: “The harbour was dug in 1902.” "
        "(harbour.txt:0-28)\n\n"
        f"Sources\nLund, Ada. Tides.\n\n{COLOPHON[0]}\n---- qa cite: end ----\n"
    )


CASES = [
    (markdown, MARKDOWN, "a.md"),
    (page, PAGE, "a.html"),
    (plain, PLAIN, "a.txt"),
    (plain, PLAIN.replace("\n", "\r\n"), "a.txt"),
]
CASES += [
    (markdown, "\ufeff" + MARKDOWN.replace("\n", "\r\n"), "a.md"),
    (markdown, "It holds forty.", "a.md"),
    (page, "It holds forty.", "a.html"),
]


@pytest.mark.parametrize(("module", "draft", "name"), CASES)
def test_the_same_twice_is_the_same_and_nothing_is_what_it_was(module: ModuleType, draft: str, name: str) -> None:
    chosen: dict[str, object] = {"It holds": FOUND, "The bridge": DENIED, "The second": PARTLY}
    once = marked(module, draft, name, chosen)
    assert once != draft
    assert module.read(once.encode(), name) == module.read(draft.encode(), name)
    assert marked(module, once, name, chosen) == once
    assert marked(module, once, name, {}) == draft


@pytest.mark.parametrize(("module", "name"), [(markdown, "a.md"), (page, "a.html"), (plain, "a.txt")])
def test_what_is_not_utf_8_is_refused(module: ModuleType, name: str) -> None:
    with pytest.raises(MemoError, match=f"{name} is not UTF-8 text"):
        module.read("café".encode("latin-1"), name)
