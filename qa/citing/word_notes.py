"""Add to a Word file what `qa cite` writes, and remove it again: footnotes, comments, the list of sources.

Ours are footnotes in the style `VouchNote`, comments by `qa cite`, and paragraphs in styles that begin with `Vouch`;
everything else is the author's. Of that only the hidden numbers of footnotes change (`_number` says why).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qa.citing.records import Addition, Additions
from qa.citing.word_package import Package, W
from qa.citing.wording import AUTHOR, SOURCES
from qa.memo.records import Cite, Rich, anchor
from qa.render.harmless import harmless

_NOTE, _MARK, _ANCHOR, _HEAD, _ENTRY, _COLOPHON = (
    "VouchNote",
    "VouchReference",
    "VouchAnchor",
    "VouchSources",
    "VouchSource",
    "VouchColophon",
)
_OURS = (_HEAD, _ENTRY, _COLOPHON)
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SMALL, _GREY = '<w:sz w:val="{0}"/><w:szCs w:val="{0}"/>', '<w:color w:val="595959"/>'
_STYLES = {
    _NOTE: ("paragraph", "Vouch Note", '<w:spacing w:after="40"/>', _SMALL.format(18)),
    _MARK: ("character", "Vouch Reference", "", '<w:vertAlign w:val="superscript"/>'),
    _ANCHOR: ("character", "Vouch Anchor", "", _GREY + _SMALL.format(14)),
    _HEAD: ("paragraph", "Vouch Sources", '<w:keepNext/><w:spacing w:before="360" w:after="80"/>', "<w:b/>"),
    _ENTRY: ("paragraph", "Vouch Source", '<w:spacing w:after="100"/><w:ind w:left="360" w:hanging="360"/>', ""),
    _COLOPHON: ("paragraph", "Vouch Colophon", '<w:spacing w:before="80"/>', _GREY + _SMALL.format(15)),
}


@dataclass(frozen=True, slots=True)
class Marks:
    """What goes in front of a sentence and behind it."""

    before: Any | None
    after: tuple[Any, ...]


class Writer:
    """Gives out the marks of additions in the order of the text, and writes what they lead to."""

    def __init__(self, package: Package, sentences: int) -> None:
        self._package = package
        self._notes: list[tuple[int, Addition]] = []
        self._comments: list[tuple[int, Addition]] = []
        own = [(root, one) for root, one in _notes_of(package, "footnotes", "footnote") if not one.get(f"{W}type")]
        self._first = _free(_notes_of(package, "comments", "comment"))
        self._next_note = _free(own)
        # beyond all footnotes: LibreOffice 7.4 shows those empty that share a comment's number
        self._next_comment = self._first + len(own) + sentences

    def marks(self, addition: Addition) -> Marks:
        """The marks of one addition."""
        after: list[Any] = []
        before = None
        if addition.cites:
            number = self._next_note + len(self._notes)
            self._notes.append((number, addition))
            after.append(_run(_element("footnoteReference", id=str(number)), style=_MARK))
        if addition.comment:
            number = self._next_comment + len(self._comments)
            self._comments.append((number, addition))
            before = _element("commentRangeStart", id=str(number))
            after += [_element("commentRangeEnd", id=str(number)), _run(_element("commentReference", id=str(number)))]
        return Marks(before, tuple(after))

    def finish(self, additions: Additions) -> None:
        """Write the footnotes, the comments, the styles and the list of sources."""
        package = self._package
        if not self._notes and not self._comments:
            return
        package.touch(package.main)
        if self._notes:
            root = _part(package, "footnotes", _separators)
            root.extend([_footnote(number, one) for number, one in self._notes])
            _number(root, package.document, self._first)
        if self._comments:
            root = _part(package, "comments", lambda: _element("comments"))
            root.extend([_comment(number, one) for number, one in self._comments])
        _add_styles(package)
        body = package.document.find(f"{W}body")
        behind = [_paragraph(_HEAD, [_words(SOURCES)])] if additions.references else []
        behind += [_paragraph(_ENTRY, list(_rich(reference.entry))) for reference in additions.references]
        behind += [_paragraph(_COLOPHON, [_words(line)]) for line in additions.colophon]
        last = body.find(f"{W}sectPr")
        for one in behind:
            body.append(one) if last is None else last.addprevious(one)


def take_out(package: Package) -> None:
    """Remove what an earlier run put in."""
    ours = {"footnote": set[str](), "comment": set[str]()}
    for root, one in _notes_of(package, "footnotes", "footnote"):
        style = one.find(f"{W}p/{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val") == _NOTE:
            ours["footnote"].add(one.get(f"{W}id"))
            root.remove(one)
            package.touch(str(package.related("footnotes")))
    for root, one in _notes_of(package, "comments", "comment"):
        if one.get(f"{W}author") == AUTHOR:
            ours["comment"].add(one.get(f"{W}id"))
            root.remove(one)
            package.touch(str(package.related("comments")))
    found = [
        one
        for one in package.document.iter(*(f"{W}{name}" for name in _MARKING))
        if one.get(f"{W}id") in ours[_MARKING[one.tag.rsplit("}", 1)[1]]]
    ]
    for one in found:
        gone = one.getparent() if one.tag.endswith("Reference") and one.getparent().tag == f"{W}r" else one
        gone.getparent().remove(gone)
    paragraphs = [one for one in package.document.iter(f"{W}p") if _style_of(one) in _OURS]
    for one in paragraphs:
        one.getparent().remove(one)
    if found or paragraphs:
        package.touch(package.main)


def footnote_texts(package: Package) -> dict[tuple[str, str | None], str]:
    """The words of the author's own notes, by kind and id."""
    return {
        (kind, one.get(f"{W}id")): " ".join("".join(text.text or "" for text in one.iter(f"{W}t")).split())
        for kind in ("footnote", "endnote")
        for _, one in _notes_of(package, f"{kind}s", kind)
    }


def heading_styles(package: Package) -> frozenset[str]:
    """The ids of the styles of titles, headings, captions and tables of contents."""
    part = package.related("styles")
    if part is None:
        return frozenset()
    found = set()
    for style in package.root(part).iter(f"{W}style"):
        name = style.find(f"{W}name")
        called = "" if name is None else str(name.get(f"{W}val")).casefold()
        if (
            called.startswith(("heading", "toc ", "caption"))
            or called in ("title", "subtitle")
            or style.find(f"{W}pPr/{W}outlineLvl") is not None
        ):
            found.add(str(style.get(f"{W}styleId")))
    return frozenset(found)


def is_heading(paragraph: Any, styles: frozenset[str]) -> bool:
    """Whether a paragraph titles what follows."""
    return _style_of(paragraph) in styles or paragraph.find(f"{W}pPr/{W}outlineLvl") is not None


_MARKING = {
    "footnoteReference": "footnote",
    "commentRangeStart": "comment",
    "commentRangeEnd": "comment",
    "commentReference": "comment",
}


def _style_of(paragraph: Any) -> str | None:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return None if style is None else style.get(f"{W}val")


def _notes_of(package: Package, kind: str, tag: str) -> list[tuple[Any, Any]]:
    """The root and each note in it."""
    part = package.related(kind)
    root = None if part is None else package.root(part)
    return [] if root is None else [(root, one) for one in root.findall(f"{W}{tag}")]


def _free(held: list[tuple[Any, Any]]) -> int:
    numbers = [int(one.get(f"{W}id")) for _, one in held if str(one.get(f"{W}id")).lstrip("-").isdigit()]
    return max([0, *numbers]) + 1


def _part(package: Package, kind: str, make: Any) -> Any:
    part = package.related(kind) or package.add(kind, make())
    package.touch(part)
    return package.root(part)


def _number(footnotes: Any, document: Any, first: int) -> None:
    """Number and sort all footnotes as the text refers to them, from `first`.

    The author's own keep their words and places.

    LibreOffice 7.4 gives footnotes to their marks in the order of their numbers, whatever number a mark has.
    """
    marks = list(document.iter(f"{W}footnoteReference"))
    notes = [one for one in footnotes if not one.get(f"{W}type")]
    known = {one.get(f"{W}id") for one in notes}
    asked = dict.fromkeys(mark.get(f"{W}id") for mark in marks if mark.get(f"{W}id") in known)
    numbers = {
        identity: str(number) for number, identity in enumerate((*asked, *sorted(known - set(asked))), start=first)
    }
    for one in (*notes, *(mark for mark in marks if mark.get(f"{W}id") in known)):
        one.set(f"{W}id", numbers[one.get(f"{W}id")])
    notes.sort(key=lambda one: int(one.get(f"{W}id")))
    footnotes[:] = [*(one for one in footnotes if one.get(f"{W}type")), *notes]


def _separators() -> Any:
    root = _element("footnotes")
    for number, (kind, mark) in enumerate(
        (("separator", "separator"), ("continuationSeparator", "continuationSeparator")), start=-1
    ):
        note = _element("footnote", type=kind, id=str(number))
        paragraph = _element("p")
        paragraph.append(_run(_element(mark)))
        note.append(paragraph)
        root.append(note)
    return root


def _footnote(number: int, addition: Addition) -> Any:
    """A footnote with a paragraph for each cite.

    Credit “quote” (source:start-end), as `qa.memo.records` agrees with `qa verify`.
    """
    note = _element("footnote", id=str(number))
    for place, cite in enumerate(addition.cites):
        opening = [_run(_element("footnoteRef"), style=_MARK), _words(" ")] if place == 0 else []
        note.append(_paragraph(_NOTE, [*opening, *_cite(cite)]))
    return note


def _cite(cite: Cite) -> Iterator[Any]:
    yield from _rich(cite.credit)
    yield _words(f" “{' '.join(harmless(cite.quote).split())}” ")
    yield _words(anchor(cite), style=_ANCHOR)


def _comment(number: int, addition: Addition) -> Any:
    comment = _element("comment", id=str(number), author=AUTHOR, initials="qa")
    for line in addition.comment:
        paragraph = _element("p")
        paragraph.append(_words(line))
        comment.append(paragraph)
    return comment


def _add_styles(package: Package) -> None:
    from lxml import etree

    part = package.related("styles") or package.add("styles", _element("styles"))
    root = package.root(part)
    held = {style.get(f"{W}styleId") for style in root.iter(f"{W}style")}
    for identity, (kind, name, paragraph, run) in _STYLES.items():
        if identity not in held:
            body = f"<w:pPr>{paragraph}</w:pPr>" if paragraph else ""
            opening = f'<w:style xmlns:w="{W[1:-1]}" w:type="{kind}" w:customStyle="1" w:styleId="{identity}">'
            xml = f'{opening}<w:name w:val="{name}"/>{body}<w:rPr>{run}</w:rPr></w:style>'
            root.append(etree.fromstring(xml))
            package.touch(part)


def _rich(rich: Rich) -> Iterator[Any]:
    for span in rich:
        properties = [
            name for name, wanted in (("b", span.bold), ("i", span.italic), ("smallCaps", span.small_caps)) if wanted
        ]
        yield _words(span.text, properties=properties)


def _paragraph(style: str, runs: list[Any]) -> Any:
    paragraph, properties = _element("p"), _element("pPr")
    properties.append(_element("pStyle", val=style))
    paragraph.append(properties)
    paragraph.extend(runs)
    return paragraph


def _words(text: str, *, style: str | None = None, properties: list[str] | None = None) -> Any:
    element = _element("t")
    element.text = harmless(text)
    element.set(_SPACE, "preserve")
    return _run(element, style=style, properties=properties)


def _run(content: Any, *, style: str | None = None, properties: list[str] | None = None) -> Any:
    run = _element("r")
    if style or properties:
        held = _element("rPr")
        if style:
            held.append(_element("rStyle", val=style))
        held.extend([_element(name) for name in properties or ()])
        run.append(held)
    run.append(content)
    return run


def _element(name: str, **attributes: str) -> Any:
    from lxml import etree

    return etree.Element(f"{W}{name}", {f"{W}{key}": value for key, value in attributes.items()}, nsmap={"w": W[1:-1]})
