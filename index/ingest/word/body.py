"""Read the blocks of a Word body, note, header or text box in reading order, with every tracked change accepted.

What a reader does not see is left out: deletions, hidden text, field codes, tables of contents. Notes and text boxes
come after the paragraph that they belong to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from index.ingest.blocks import Block, cell
from index.ingest.tables import LONGEST_MERGED, is_layout, pad, table
from index.ingest.word.lists import Lists
from index.ingest.word.package import Element, attribute, child, is_on, local, number
from index.ingest.word.signs import sign_of, spelled
from index.ingest.word.styles import Styles

_BLOCKS = ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "body")  # what only wraps blocks
_UNSEEN = (
    "del",
    "moveFrom",
    "delText",
    "instrText",
    "delInstrText",
    "pPr",
    "rPr",
    "sdtPr",
    "sdtEndPr",
    "tblPr",
    "tblGrid",
    "trPr",
    "tcPr",
    "sectPr",
    "rt",
)
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_RAISED = {"f": ("num", "/", "den"), "sSup": ("e", "^", "sup"), "sSub": ("e", "_", "sub")}  # in formulas: 1/2 is not 12


Note = tuple[str, str | None]  # its kind, "footnote" or "endnote", and its id


class Reader:
    """Reads one part after the other.

    Lists are counted on, and a paragraph whose end was deleted goes on in the next.
    """

    def __init__(self, styles: Styles, lists: Lists, notes: Mapping[Note, Element]) -> None:
        self._styles, self._lists, self._notes = styles, lists, notes
        self.hidden = False  # whether text was left out because nobody sees it,
        self.struck = False  # or because it is struck out

    def blocks(self, element: Element, *, with_notes: bool = True) -> list[Block]:
        """The blocks within an element.

        A note that is referred to within a note is not read there: it would never end.
        """
        found: list[Block] = []
        begun = ""  # of a paragraph whose end was deleted
        for each in _wrapped(element):
            if local(each) == "tbl":
                found += [*([Block(begun)] if begun else []), *self._table(each, with_notes=with_notes)]
                begun = ""
            elif _joins(each):
                begun += "".join(self._inline(each))
            else:
                found += [self._paragraph(each, begun), *self._fastened(each, with_notes=with_notes)]
                begun = ""
        return _captions_first(
            block for block in (*found, *([Block(begun)] if begun else [])) if block.role != "contents"
        )

    def _paragraph(self, paragraph: Element, begun: str) -> Block:
        properties = child(paragraph, "pPr")
        label = self._lists.label(properties, attribute(child(properties, "pStyle")))
        text = begun + "".join(self._inline(paragraph))
        return Block(f"{label} {text}" if label and text.strip() else text, self._styles.role(properties))

    def _inline(self, element: Element, font: str | None = None) -> Iterator[str]:
        """The text within a paragraph, without that of boxes in it; `font` is that of the run."""
        raised = False
        for each in element:
            name = local(each)
            if name == "AlternateContent":
                yield from self._inline(_chosen(each))
            elif name == "txbxContent" or _is_unseen(each):
                continue
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "t":
                yield spelled(font, each.text or "")
            elif name == "sym":
                yield sign_of(attribute(each, "font"), attribute(each, "char"))
            elif name in _RAISED and child(each, _RAISED[name][0]) is not None:
                under, sign, above = _RAISED[name]
                yield (
                    "".join(self._inline(child(each, under)))
                    + sign
                    + "".join(self._inline(child(each, above)) if child(each, above) is not None else ())
                )
            elif name == "r" and child(each, "rPr") is not None:
                if self._is_hidden(child(each, "rPr")):
                    self.hidden = self.hidden or any(self._inline(each))
                    continue
                if any(is_on(child(each, "rPr", line)) for line in ("strike", "dstrike")):
                    self.struck = self.struck or any(map(str.strip, self._inline(each)))
                    continue
                is_raised = attribute(child(each, "rPr", "vertAlign")) == "superscript"
                text = "".join(self._inline(each, attribute(child(each, "rPr", "rFonts"), "ascii")))
                # "10" with a raised 6 is not 106
                yield f"^{text}" if is_raised and not raised and text[:1].isdecimal() else text
                raised = is_raised
            else:
                yield from self._inline(each)

    def _is_hidden(self, properties: Element) -> bool:
        own = child(properties, "vanish")
        return is_on(own) if own is not None else self._styles.hides(attribute(child(properties, "rStyle")))

    def _fastened(self, paragraph: Element, *, with_notes: bool) -> list[Block]:
        """The text boxes in a paragraph, and the notes that it refers to."""
        found: list[Block] = []
        for each in _seen(paragraph):
            if local(each) == "txbxContent":
                found += self.blocks(each, with_notes=with_notes)
            elif (
                with_notes
                and (note := self._notes.get((local(each).removesuffix("Reference"), attribute(each, "id"))))
                is not None
            ):
                found += [
                    Block(block.text.strip(), "note")
                    for block in self.blocks(note, with_notes=False)
                    if block.text.strip()
                ]
        return found

    def _table(self, element: Element, *, with_notes: bool) -> list[Block]:
        """The rows of a table; the blocks of its cells, where it is there for the layout."""
        rows: list[list[str | None]] = []
        inner: list[Block] = []
        header, in_header = 0, True
        reached: list[bool] = []  # whether a cell of the row above reaches into the row
        for line in (each for each in _within(element, "tr") if child(each, "trPr", "del") is None):
            in_header = in_header and is_on(child(line, "trPr", "tblHeader"))
            header += in_header
            reached.append(any(map(_goes_on, _within(line, "tc"))))
            cells: list[str | None] = []
            pad(cells, number(child(line, "trPr", "gridBefore")) or 0, "")
            for place in (each for each in _within(line, "tc") if child(each, "tcPr", "cellDel") is None):
                blocks = self.blocks(place, with_notes=with_notes)
                inner += blocks
                text = cell(blocks)
                above = rows[-1][len(cells)] if rows and len(cells) < len(rows[-1]) else None
                if _goes_on(place):
                    text = above if above and len(above) <= LONGEST_MERGED else ""
                pad(cells, 1, text)
                pad(cells, (number(child(place, "tcPr", "gridSpan")) or 1) - 1, None)
            rows.append(cells)
        if is_layout(rows):
            return inner
        if (
            not header
            and is_on(child(element, "tblPr", "tblLook"), "firstRow")
            and self._styles.marks_first_row(attribute(child(element, "tblPr", "tblStyle")))
        ):
            header = 1
        while 0 < header < len(rows) and reached[header]:
            header += 1
        return [
            *(Block(line, "row") for line in table(rows, header=header or None)),
            *(block for block in inner if block.role == "note"),
        ]


def _wrapped(element: Element) -> Iterator[Element]:
    """The paragraphs and tables within what only wraps them, in order."""
    for each in element:
        name = local(each)
        if name in ("p", "tbl"):
            yield each
        elif name == "AlternateContent":
            yield from _wrapped(_chosen(each))
        elif name in _BLOCKS and not _is_unseen(each):
            yield from _wrapped(each)


def _within(element: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also those within a content control."""
    for each in element:
        if local(each) == name:
            yield each
        elif local(each) in _BLOCKS:
            yield from _within(each, name)


def _seen(element: Element) -> Iterator[Element]:
    """All that is seen of an element, in order; a text box as a whole."""
    for each in element:
        if local(each) == "AlternateContent":
            yield from _seen(_chosen(each))
        elif not _is_unseen(each):
            yield each
            if local(each) != "txbxContent":
                yield from _seen(each)


def _is_unseen(element: Element) -> bool:
    """Whether it is no text, was deleted or moved away, or is the invitation to fill in a content control."""
    return local(element) in _UNSEEN or (
        local(element) == "sdt" and child(element, "sdtPr", "showingPlcHdr") is not None
    )


def _goes_on(cell: Element) -> bool:
    """Whether the cell above reaches into this one."""
    merged = child(cell, "tcPr", "vMerge")
    return merged is not None and attribute(merged) != "restart"


def _joins(paragraph: Element) -> bool:
    """Whether a paragraph goes on in the next: its end was deleted, or it is the large first letter of that."""
    if attribute(child(paragraph, "pPr", "framePr"), "dropCap") in ("drop", "margin"):
        return True
    return any(child(paragraph, "pPr", "rPr", change) is not None for change in ("del", "moveFrom"))


def _chosen(element: Element) -> Element:
    """Of the same thing in two forms the one for newer programs, unless only the other one holds words."""
    forms = [each for each in element if local(each) in ("Choice", "Fallback")]
    return next((form for form in forms if _has_words(form)), forms[0] if forms else ())


def _has_words(element: Element) -> bool:
    return any(each.text and each.text.strip() for each in element.iter("t"))


def _captions_first(blocks: Iterable[Block]) -> list[Block]:
    """The caption below a table above it, where there is none above."""
    ordered: list[Block] = []
    first = None  # where the rows of the last table begin, unless a caption stands before them
    listed = list(blocks)
    for place, block in enumerate(listed):
        if block.role == "row" and (not ordered or ordered[-1].role != "row"):
            first = None if ordered and ordered[-1].role == "caption" else len(ordered)
        is_below = block.role == "caption" and ordered and ordered[-1].role == "row"
        if is_below and first is not None and not (place + 1 < len(listed) and listed[place + 1].role == "row"):
            ordered.insert(first, block)
        else:
            ordered.append(block)
    return ordered
