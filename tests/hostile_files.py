"""Files that are made to do harm, or came to it: each small, each a kind of its own."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from functools import cache

import docx

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PARAGRAPH = "<w:p><w:r><w:t>The river Alder rises in the northern hills.</w:t></w:r></w:p>"


@cache
def word() -> bytes:
    """A Word file with nothing wrong."""
    document = docx.Document()
    document.add_paragraph("The river Alder rises in the northern hills. It is 210 kilometres long.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def word_of(body: str, *, method: int = zipfile.ZIP_DEFLATED, part: str = "word/document.xml") -> bytes:
    """A Word file whose body, or another of its parts, is exchanged."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as held, zipfile.ZipFile(file, "w", method) as made:
        for name in held.namelist():
            if name != part:
                made.writestr(name, held.read(name))
        made.writestr(
            part,
            f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
            if part == "word/document.xml"
            else body,
        )
    return file.getvalue()


def table(properties: str) -> str:
    """A table of one cell with these properties."""
    return f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr>{properties}</w:tcPr><w:p/></w:tc></w:tr></w:tbl>{_PARAGRAPH}"


def _figures() -> str:
    """A body that is long also when it is packed."""
    return "".join(f"<w:p>{number * 7919}</w:p>" for number in range(9000))


def flagged(data: bytes, bit: int, *, method: int | None = None) -> bytes:
    """A ZIP file whose members say that they are encrypted, or packed in another way than they are."""
    changed = bytearray(data)
    for signature, flags, packed in ((b"PK\x01\x02", 8, 10), (b"PK\x03\x04", 6, 8)):
        at = data.find(signature)
        while at >= 0:
            changed[at + flags] |= bit
            if method is not None:
                changed[at + packed : at + packed + 2] = struct.pack("<H", method)
            at = data.find(signature, at + 4)
    return bytes(changed)


def spoilt(data: bytes, at: float) -> bytes:
    """The same bytes, forty of them wrong from some share of the length on."""
    place = int(at * len(data))
    return data[:place] + bytes(byte ^ 0x5A for byte in data[place : place + 40]) + data[place + 40 :]


def pdf(page: str, *, contents: bytes = b"BT /F1 12 Tf (Hello) Tj ET", filters: str = "", trailer: str = "") -> bytes:
    """A PDF of one page, its stream packed as `filters` say."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page.encode("latin-1"),
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(contents), filters.encode("latin-1"), contents),
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table_at = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer << /Size 5 /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        trailer.encode("latin-1"),
        table_at,
    )


_PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /Font << >> >> /Contents 4 0 R >>"

# What is wrong with each, and words of the line that tells of it.
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "encrypted.docx": (lambda: flagged(word(), 1), "is locked with a password"),
    "lzma.docx": (lambda: spoilt(word_of(_figures(), method=zipfile.ZIP_LZMA), 0.9), "is a damaged Word file"),
    "bzip2.docx": (lambda: spoilt(word_of(_figures(), method=zipfile.ZIP_BZIP2), 0.9), "is a damaged Word file"),
    "deflate.docx": (lambda: spoilt(word_of(_figures()), 0.9), "is a damaged Word file"),
    "method 99.docx": (lambda: flagged(word(), 0, method=99), "is a damaged Word file"),
    "columns.docx": (lambda: word_of(table('<w:gridSpan w:val="2000000000"/>')), "has a table of 2,000,000,000 columns"),
    "wide.docx": (lambda: word_of(table('<w:gridSpan w:val="1001"/>')), "has a table of 1,001 columns"),
    "nested.docx": (lambda: word_of("<w:p>" * 3000 + "</w:p>" * 3000), "is a damaged Word file"),
    "entities.docx": (lambda: word_of("&a;"), "is a damaged Word file"),
    "spaces.docx": (lambda: word_of(f"<w:p><w:r><w:t>{' ' * 3_000_000}</w:t></w:r></w:p>"), "MB when it is unpacked; a file may have 2"),
    "styles.docx": (lambda: word_of(" " * 3_000_000, part="word/styles.xml"), "MB when it is unpacked; a file may have 2"),
    "media.docx": (lambda: word_of("\0" * 3_000_000, part="word/media/a.bin"), "MB when it is unpacked; a file may have 2"),
    "half.docx": (lambda: word()[: len(word()) // 2], "is a damaged Word file"),
    "zlib.pdf": (lambda: pdf(_PAGE, filters="/Filter /FlateDecode", contents=b"no zlib at all"), "no text layer"),
    "lzw.pdf": (lambda: pdf(_PAGE, filters="/Filter /LZWDecode", contents=b"\xff" * 50), "no text layer"),
    "parent.pdf": (lambda: pdf("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"), "no text layer"),
    "key.pdf": (lambda: pdf(_PAGE, trailer="/Encrypt << /Filter /Standard /V 1 /R 2 /O () /U () /P 0 /Length 0 >>"), "is locked with a password"),
    "cut.pdf": (lambda: pdf(_PAGE)[:200], "is a damaged PDF"),
    "none.pdf": (lambda: b"%PDF-1.7 nothing", "is a damaged PDF"),
    "deep.html": (lambda: b"<div>" * 50_000 + b"Hello" + b"</div>" * 50_000, "holds no article"),
    "signs.html": (lambda: b"<" * 200_000, "holds no article"),
    "binary.txt": (lambda: bytes(range(256)) * 40, "is not text"),
    "large.txt": (lambda: b"The ferry sails.\n" * 200_000, "large.txt has 3 MB; a file may have 2 (the setting max_file_mb)"),
    "nested.jsonl": (lambda: b'{"text": ' + b"[" * 100_000 + b"}", "row 1 of nested.jsonl is not JSON"),
    "digits.jsonl": (lambda: b'{"text": "The ferry sails.", "date": ' + b"1" * 5000 + b"}", "row 1 of digits.jsonl is not JSON"),
}  # fmt: skip
