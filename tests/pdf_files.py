"""PDF files made by hand: letters at places, in a font that says which letter is which, as real ones are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH = 500  # of every letter, in thousandths of its size
_CMAP = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
    b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n%s\nendcmap CMapName currentdict /CMap defineresource "
    b"pop end end"
)


@dataclass(frozen=True, slots=True)
class At:
    """Words at a place of a page, from its lower left corner, in points.

    `backwards`: drawn word by word from right to left.
    """

    x: float
    y: float
    text: str
    size: float = 10.0
    backwards: bool = False

    def drawn(self) -> bytes:
        """The operators that draw them."""
        if self.backwards:
            words = [
                At(self.x + width(self.text[: found.start()], self.size), self.y, found[0], self.size)
                for found in re.finditer(r"\S+", self.text)
            ]
            return b"\n".join(word.drawn() for word in reversed(words))
        codes = "".join(_code(letter) for letter in self.text)
        return f"BT /F {self.size} Tf {self.x} {self.y} Td <{codes}> Tj ET".encode()


def width(text: str, size: float = 10.0) -> float:
    """How wide words are."""
    return len(text) * size * _WIDTH / 1000


def made(
    pages: Sequence[Sequence[At]],
    *,
    labels: str = "",
    rotate: int = 0,
    known: bool = True,
    size: tuple[int, int] = (600, 800),
) -> bytes:
    """A PDF of these pages.

    `labels` is its dictionary of page labels; without `known` it does not say which letters it draws.
    """
    letters = sorted({letter for page in pages for at in page for letter in at.text})
    lines = [f"<{_code(letter)}> <{letter.encode('utf-16-be').hex()}>" for letter in letters]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    mapping = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % (f"/PageLabels << /Nums [ {labels} ] >>" if labels else "").encode(),
        f"<< /Type /Pages /Kids [{' '.join(f'{7 + 2 * number} 0 R' for number in range(len(pages)))}] "
        f"/Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Plain /Encoding /Identity-H /DescendantFonts [4 0 R] %s "
        b">>" % (b"/ToUnicode 6 0 R" if known else b""),
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Plain /CIDSystemInfo << /Registry (Adobe) /Ordering "
        f"(Identity) /Supplement 0 >> /DW {_WIDTH}"
        " /FontDescriptor 5 0 R >>".encode(),
        b"<< /Type /FontDescriptor /FontName /Plain /Flags 4 /FontBBox [0 -250 500 900] /ItalicAngle 0 /Ascent 900 "
        b"/Descent -250 /CapHeight 700 /StemV 80 >>",
        _stream(_CMAP % mapping.encode()),
    ]
    for number, page in enumerate(pages):
        resources = "/Resources << /Font << /F 3 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Rotate {rotate} {resources} "
            f"/Contents {8 + 2 * number} 0 R >>".encode()
        )
        objects.append(_stream(b"\n".join(at.drawn() for at in page)))
    out = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(out),
    )  # fmt: skip


def _code(letter: str) -> str:
    return f"{ord(letter) & 0xFFFF:04x}"


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
