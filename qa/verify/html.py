"""Read what an HTML memo shows. Its markup is agreed in `qa.memo.records`; scripts and styles are not text."""

from __future__ import annotations

from typing import Any

from qa.citing.wording import CHECKED
from qa.memo.errors import MemoError
from qa.verify.places import hashes
from qa.verify.records import Copy, Document, Footnote


def html(text: str, name: str) -> Document:
    """The footnotes, the marks that lead to them, and the articles' texts beside them.

    Raises MemoError where there is nothing in it.
    """
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    try:
        root = document_fromstring(text.encode(), parser=HTMLParser(encoding="utf-8", huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise MemoError(f"{name} cannot be read: {error}", "name an HTML memo") from error
    for unseen in list(root.iter("script", "style", "template")):
        unseen.drop_tree()
    footnotes = tuple(
        Footnote(f"note {note.get('data-note')}", _paragraphs(note)) for note in root.iterfind(".//*[@data-note]")
    )
    marks = tuple(f"note {mark.get('data-mark')}" for mark in root.iterfind(".//*[@data-mark]"))
    copies = tuple(
        Copy(str(copy.get("data-article")), copy.text_content()) for copy in root.iterfind(".//*[@data-article]")
    )
    return Document(
        footnotes, marks=marks, copies=copies, hashes=hashes(root.text_content()), cited=CHECKED in root.text_content()
    )


def _paragraphs(note: Any) -> tuple[str, ...]:
    """Everything visible of a footnote: a cite may have been moved out of its paragraph, and words added beside it."""
    whole = list(note.iterchildren("p", "div", "li"))
    outside = [note.text or "", *(child.tail or "" for child in whole)]
    if whole and not any(part.strip() for part in outside) and len(whole) == len(list(note.iterchildren())):
        return tuple(child.text_content() for child in whole)
    return (note.text_content(),)
