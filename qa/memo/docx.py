"""A memo as a Word document with real footnotes. In: a `Memo`. Out: the bytes of a .docx, the same for the same memo.

Pandoc writes it; how it looks comes from Pandoc's own reference document, whose styles are set here.
"""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from qa.memo.dates import epoch
from qa.memo.document import blocks
from qa.memo.inlines import words
from qa.memo.pandoc import Node, Pandoc
from qa.memo.records import Memo

SERIF, SANS = "Times New Roman", "Arial"  # or what has the same widths, where they are not installed
_INK, _GREY = "1F2A44", "595959"  # both dark enough to be read on white


@dataclass(frozen=True, slots=True)
class Look:
    """How a style looks: sizes and distances in points."""

    font: str
    size: float
    before: float = 0
    after: float = 0
    bold: bool = False
    italic: bool = False
    colour: str = "000000"
    hanging: float = 0
    rule: Literal["top", "bottom"] | None = None


LOOKS = {
    "Normal": Look(SERIF, 11.5, after=6),
    "Body Text": Look(SERIF, 11.5, after=8),
    "First Paragraph": Look(SERIF, 11.5, after=8),
    "Compact": Look(SERIF, 11.5, after=4),
    "Title": Look(SANS, 20, after=10, bold=True, colour=_INK),
    "Heading 1": Look(SANS, 13.5, before=20, after=4, bold=True, colour=_INK),
    "Heading 2": Look(SERIF, 11.5, before=10, after=3, bold=True),
    "Footnote Text": Look(SERIF, 9, after=2),
    "Bibliography": Look(SERIF, 10.5, after=5, hanging=18),
    "Memo Head": Look(SANS, 10, after=14, rule="bottom"),
    "Colophon": Look(SANS, 7.5, before=4, colour=_GREY, rule="top"),
}
ANCHOR = Look(SANS, 7, colour=_GREY)
ANCHOR_STYLE = "Source Anchor"


def docx(memo: Memo, pandoc: Pandoc) -> bytes:
    """The document; the dates within are those of the memo. Raises MemoError where pandoc fails."""
    meta: dict[str, Node] = {
        name: {"t": "MetaInlines", "c": words(value)} for name, value in (("title", memo.title), ("lang", "en-GB"))
    }
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch(memo.written))}
    with tempfile.TemporaryDirectory() as folder:
        reference, written = Path(folder, "reference.docx"), Path(folder, "memo.docx")
        reference.write_bytes(_reference(pandoc.run(["--print-default-data-file=reference.docx"])))
        options = ["--to=docx", f"--reference-doc={reference}", f"--output={written}"]
        pandoc.convert(blocks(memo, "docx", level=1), options, meta=meta, environ=environ)
        return written.read_bytes()


def _reference(default: bytes) -> bytes:
    """Pandoc's reference document with these looks, on A4, with page numbers."""
    from docx import Document
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Cm, RGBColor

    document = Document(io.BytesIO(default))
    for name, look in LOOKS.items():
        style = (
            document.styles[name]
            if name in document.styles
            else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        )
        _dress(style, look)
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
        _rule(style, look)
    _dress(document.styles.add_style(ANCHOR_STYLE, WD_STYLE_TYPE.CHARACTER), ANCHOR)
    document.styles["Hyperlink"].font.color.rgb = RGBColor.from_string(_INK)
    page = document.sections[0]
    for restart in page._sectPr.findall(qn("w:footnotePr")):
        page._sectPr.remove(restart)  # it lets the numbers begin anew; LibreOffice does so under each heading
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.6)
    page.top_margin, page.bottom_margin = Cm(2.4), Cm(2.2)
    page.header_distance = page.footer_distance = Cm(1.2)
    _number_pages(page.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.CENTER)
    stream = io.BytesIO()
    document.save(stream)
    return _timeless(stream.getvalue())


def _timeless(archive: bytes) -> bytes:
    """The archive without the time of its making, which Pandoc would hand on for the parts that it does not write anew."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name))  # dated 1980
    return stream.getvalue()


def _dress(style: Any, look: Look) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = look.font, Pt(look.size)
    style.font.bold, style.font.italic = look.bold, look.italic
    style.font.color.rgb = RGBColor.from_string(look.colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in [name for name in fonts.attrib if name.endswith("Theme") or name == qn("w:cstheme")]:
        del fonts.attrib[attribute]  # the theme's font would win over ours
    for attribute in ("w:cs", "w:eastAsia"):
        fonts.set(qn(attribute), look.font)
    if hasattr(style, "paragraph_format"):
        form = style.paragraph_format
        form.space_before, form.space_after = Pt(look.before), Pt(look.after)
        form.left_indent, form.first_line_indent = Pt(look.hanging), Pt(-look.hanging)


def _rule(style: Any, look: Look) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if look.rule is None:
        return
    borders, line = OxmlElement("w:pBdr"), OxmlElement(f"w:{look.rule}")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "6"), ("color", _INK)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    style.element.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )


def _number_pages(paragraph: Any, alignment: Any) -> None:
    """A field with the page's number; its instruction is ours, no word of an article."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.alignment = alignment
