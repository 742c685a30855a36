"""Read the sentences of a Word draft, and write it back with real footnotes and comments.

The parts of the file are edited in place: a run is split where a mark goes in, and nothing else of the draft moves;
parts that are not concerned are copied byte for byte. What an earlier run added is known by its styles and its
comments' author and removed first, so a second run gives the same bytes. Tracked deletions, text boxes and headers are
not read.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.records import Sentence
from qa.citing import word_notes as notes
from qa.citing.cut import Mark, cut
from qa.citing.records import Additions, Said
from qa.citing.word_package import Package, W, opened

_SKIPPED = {
    f"{W}{name}"
    for name in (
        "del",
        "moveFrom",
        "pPr",
        "rPr",
        "instrText",
        "delText",
        "delInstrText",
        "txbxContent",
        "pict",
        "object",
        "drawing",
    )
}
_SKIPPED.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent")
_MARKS = (f"{W}footnoteReference", f"{W}endnoteReference")
_BREAKS = {f"{W}tab": "\t", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, its text, and for each stretch of the text the element that holds it and where in the text it begins."""

    element: Any
    text: str
    stretches: tuple[tuple[Any, int], ...]
    cut: tuple[tuple[Sentence, Said], ...]


def read(content: bytes, name: str) -> tuple[Said, ...]:
    """The sentences of a draft. Raises MemoError for what is no Word document."""
    package = opened(content, name)
    notes.take_out(package)
    return tuple(said for paragraph in _paragraphs(package) for _, said in paragraph.cut)


def written(content: bytes, name: str, additions: Additions) -> bytes:
    """The draft with these additions, one for each of its sentences.

    The same draft and additions give the same bytes.
    """
    package = opened(content, name)
    notes.take_out(package)
    added = iter(additions.sentences)
    writer = notes.Writer(package, len(additions.sentences))
    for paragraph in _paragraphs(package):
        planned = [(sentence, writer.marks(next(added))) for sentence, _ in paragraph.cut]
        for sentence, marks in reversed(planned):  # from behind, so that what is in front stays where it is
            if marks.after:
                _insert(paragraph, sentence.end, marks.after)
            if marks.before is not None:
                _insert(paragraph, sentence.start, [marks.before], opening=True)
    writer.finish(additions)
    return package.whole()


def _paragraphs(package: Package) -> list[Paragraph]:
    headings = notes.heading_styles(package)
    own = notes.footnote_texts(package)
    found = []
    for element in package.document.iter(f"{W}p"):
        if any(above.tag in _SKIPPED for above in element.iterancestors()):
            continue
        text, stretches, marks = "", [], []
        for piece, value in _pieces(element):
            if value is None:
                key = (piece.tag.rsplit("}", 1)[1].removesuffix("Reference"), piece.get(f"{W}id"))
                if key in own:
                    marks.append(Mark(len(text), own[key]))
                continue
            stretches.append((piece, len(text)))
            text += value
        if text.strip():
            found.append(
                Paragraph(
                    element, text, tuple(stretches), cut(text, marks, heading=notes.is_heading(element, headings))
                )
            )
    return found


def _pieces(element: Any) -> Iterator[tuple[Any, str | None]]:
    """The elements that hold text, each with it, and the marks of footnotes and endnotes, each with None, in their order."""
    for child in element:
        if child.tag in _SKIPPED or not isinstance(child.tag, str):
            continue
        if child.tag == f"{W}t":
            yield child, child.text or ""
        elif child.tag in _BREAKS:
            yield child, _BREAKS[child.tag]
        elif child.tag in _MARKS:
            yield child, None
        elif child.tag != f"{W}p":
            yield from _pieces(child)


def _insert(paragraph: Paragraph, at: int, new: Sequence[Any], *, opening: bool = False) -> None:
    """Put elements at a place of a paragraph's text.

    Behind the character before it, or with `opening` in front of the one after it.
    """
    anchor = at if opening else at - 1
    piece, start = next((piece, start) for piece, start in reversed(paragraph.stretches) if start <= anchor)
    run = piece.getparent()
    while run.tag != f"{W}r":
        run = run.getparent()
    first, second = _split(run, piece, at - start)
    if opening:
        target = first if second is None else second
        for one in new:
            target.addprevious(one)
        return
    after = first
    for one in _beyond(first, second):
        after = one
    for one in new:
        after.addnext(one)
        after = one


def _beyond(first: Any, second: Any) -> Iterator[Any]:
    """The runs directly behind the sentence that only hold the author's own footnote mark: ours goes behind it."""
    if second is not None:
        return
    following = first.getnext()
    while following is not None and following.tag == f"{W}r" and _only_marks(following):
        yield following
        following = following.getnext()


def _only_marks(run: Any) -> bool:
    held = [child.tag for child in run if child.tag != f"{W}rPr"]
    return bool(held) and all(tag in _MARKS for tag in held)


def _split(run: Any, piece: Any, at: int) -> tuple[Any, Any]:
    """A run cut within or behind one of its pieces.

    What is before the cut, and a new run with the rest, None where nothing is left.

    Where the cut is before everything, the run itself is the rest and comes first with None behind it.
    """
    length = len(piece.text or "") if piece.tag == f"{W}t" else 1
    content = [child for child in run if child.tag != f"{W}rPr"]
    place = content.index(piece)
    if at <= 0 and place == 0:
        return run, None
    while at >= length and place < len(content) - 1 and content[place + 1].tag in _MARKS:
        place, at, length = place + 1, 1, 1  # the author's own footnote mark stays with his sentence
    if at >= length and place == len(content) - 1:
        return run, None
    rest = copy.deepcopy(run)
    kept = [child for child in rest if child.tag != f"{W}rPr"]
    piece = content[place]
    inside = 0 < at < length and piece.tag == f"{W}t"
    for child in kept[: place + (0 if inside or at <= 0 else 1)]:
        rest.remove(child)
    for child in content[place + (1 if inside or at > 0 else 0) :]:
        run.remove(child)
    if inside:
        text = piece.text
        _set(piece, text[:at])
        _set(kept[place], text[at:])
    run.addnext(rest)
    return run, rest


def _set(element: Any, text: str) -> None:
    element.text = text
    if text != text.strip():
        element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
