"""The citations of an answer in a citation style.

Takes an answer, the library, a style's name; returns a note for each footnote, and the bibliography.
"""

from __future__ import annotations

from pathlib import Path

from index.errors import QuestionError
from index.store import Library
from qa.memo import csl, pandoc, style
from qa.memo.records import plain
from qa.memo.works import works
from qa.records import Answer
from qa.render.harmless import one_line


def in_style(answer: Answer, library: Library, name: str) -> str:
    """The notes with the quoted words, then the bibliography.

    Raises `MemoError` for an unknown style, `QuestionError` where nothing is cited.
    """
    if not answer.citations:
        raise QuestionError("the last answer cites nothing", "/open shows the nearest passages")
    chosen = style.find(name or style.DEFAULT, cwd=Path.cwd())
    items = works(library.article(source) for source in dict.fromkeys(citation.source for citation in answer.citations))
    keys = {work.source: work.key for work in items}
    places = [csl.Place(keys[citation.source], citation.printed_page) for citation in answer.citations]
    made = csl.formatted(items, places, chosen, pandoc.find())
    notes = [
        f"[{citation.number}] {one_line(plain(credit))} “{one_line(citation.quote)}”"
        for citation, credit in zip(answer.citations, made.credits, strict=True)
    ]  # fmt: skip
    return (
        "\n".join(
            [*notes, "", "Bibliography:", *(f"  {one_line(plain(reference.entry))}" for reference in made.references)]
        )
        + "\n"
    )


def styles() -> tuple[str, ...]:
    """The names of the best known styles, for completion; there are thousands more."""
    return tuple(style.SHORT_NAMES)
