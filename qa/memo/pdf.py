"""A memo as PDF, typeset by Typst. In: a `Memo`. Out: bytes, the same for the same memo and the same fonts.

Pandoc writes the structure; every word stands in it as a string of Typst, in which nothing is markup and three dots
stay three dots. Title and date enter as inputs of the program. The fonts come with Typst; those of the system stand in
only for letters that these do not have.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from index.extras import install_line
from qa.memo.dates import epoch
from qa.memo.document import blocks
from qa.memo.errors import MemoError
from qa.memo.inlines import words
from qa.memo.pandoc import Node, Pandoc
from qa.memo.records import Memo

PREAMBLE = """\
#let ink = rgb("1f2a44")
#let grey = rgb("595959")
#set document(title: sys.inputs.title, date: datetime(year: int(sys.inputs.year), month: int(sys.inputs.month), day: int(sys.inputs.day)))
#set page(paper: "a4", margin: (x: 2.6cm, top: 2.4cm, bottom: 2.2cm), numbering: "1")
#set text(font: "Libertinus Serif", size: 11pt, lang: "en", region: "GB", hyphenate: false)
#set smartquote(enabled: false)
#set par(leading: 0.62em, spacing: 0.95em)
#set list(marker: [–], indent: 0.4em, spacing: 0.7em)
#set footnote.entry(gap: 0.55em)
#show footnote.entry: set text(size: 8.5pt)
#show footnote.entry: set par(leading: 0.5em, spacing: 0.55em)
#show footnote.entry: set block(breakable: false)
#show raw: set text(font: "Libertinus Serif", size: 0.9em / 0.8, fill: grey)
#show link: set text(fill: ink)
#show heading: set block(sticky: true)
#show heading: set text(fill: ink)
#show heading.where(level: 1): set text(size: 20pt)
#show heading.where(level: 1): set block(below: 0.8em)
#show heading.where(level: 2): set text(size: 13.5pt)
#show heading.where(level: 2): set block(above: 1.7em, below: 0.75em)
#show heading.where(level: 3): set text(size: 11pt, fill: black)
#show heading.where(level: 3): set block(above: 1.25em, below: 0.65em)
#let memo-head(body) = block(below: 1.6em, stroke: (bottom: 0.6pt + ink), inset: (bottom: 0.8em), width: 100%, body)
#let works-cited(body) = { set par(hanging-indent: 1.5em); set text(size: 10pt); body }
#let colophon(body) = block(above: 2.4em, stroke: (top: 0.4pt + grey), inset: (top: 0.8em), width: 100%, {
  set text(size: 7.5pt, fill: grey); set par(spacing: 0.7em); body
})
"""


def pdf(memo: Memo, pandoc: Pandoc) -> bytes:
    """The document, tagged so that it can be read aloud; the dates within are those of the memo.

    Raises MemoError where pandoc or Typst fails.
    """
    try:
        import typst
    except ImportError as error:
        raise MemoError(
            "typst, which sets PDF, is not installed", f"{install_line('memo')}, or write .md or .html"
        ) from error
    year, month, day = memo.written.split("-")
    source = PREAMBLE.encode() + typst_source(memo, pandoc)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "memo.typ")
        file.write_bytes(source)
        inputs = {"title": memo.title, "year": year, "month": month, "day": day}
        try:
            return bytes(typst.compile(str(file), root=folder, sys_inputs=inputs, timestamp=epoch(memo.written)))
        except typst.TypstError as error:
            raise MemoError(f"typst failed: {error}", "write .docx or .html") from error


def typst_source(memo: Memo, pandoc: Pandoc) -> bytes:
    """The memo in Typst's markup, below the preamble."""
    title: Node = {"t": "Header", "c": [1, ["", [], []], words(memo.title)]}
    return pandoc.convert(
        [_literal(block) for block in (title, *blocks(memo, "typst", level=2))], ["--to=typst", "--wrap=preserve"]
    )


def _literal(node: Any) -> Any:
    """The tree with every word as a string: `#"word";`, the semicolon so that nothing behind it is taken for a call of it."""
    if isinstance(node, list):
        return [_literal(part) for part in node]
    if not isinstance(node, dict):
        return node
    if node.get("t") == "Str":
        text = node["c"].replace("\\", "\\\\").replace('"', '\\"')
        return {"t": "RawInline", "c": ["typst", f'#"{text}";']}
    return {name: _literal(value) for name, value in node.items()}
