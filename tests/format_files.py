"""Files of every format that say the same, written by code: how many passengers a ferry carried, and what became of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape
from struct import pack

SAID = "The council of Harrowby sold the ferry to the harbour board for 3 million pounds."
MORE = "The new bridge across the Sound was opened in June 2022, and most of the traffic has used it since, said Tom Reyes of the harbour board."
ROW = "| Year: 2022 | Passengers (thousands): 2,450 | Cars: 388 |"
TABLE = [
    ["Year", "Passengers (thousands)", "Cars"],
    ["2021", "3,100", "410"],
    ["2022", "2,450", "388"],
    ["2023", "1,840", "301"],
]


def as_bytes(part: str | bytes) -> bytes:
    return part.encode() if isinstance(part, str) else part


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def html(rows: Sequence[Sequence[str]] = TABLE, *, more: str = "") -> str:
    head, *body = (
        "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"
        for row, tag in zip(rows, ["th", *["td"] * len(rows)], strict=False)
    )
    table = f"<table><caption>Traffic of the ferry</caption><thead>{head}</thead><tbody>{''.join(body)}</tbody></table>"
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>The end of the ferry</title></head>"
        f"<body><article><h1>The end of the "
        f"ferry</h1><p>{SAID}</p><p>{MORE}</p>{table}<p>{MORE}</p>{more}</article></body></html>"
    )


def message(
    body: str, *, kind: str = "text/plain", sender: str = '"Hale, Mary" <mary@example.org>', more: str = ""
) -> bytes:
    head = f"From: {sender}\nTo: tom@example.org\nSubject: =?utf-8?q?The_end_of_the_ferry_=E2=80=93_at_last?=\nDate: Tue, 05 Mar 2024 23:30:00 -0500\n"
    return f"{head}MIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n{more}\n{body}".encode()


def mhtml() -> bytes:
    import quopri

    page = quopri.encodestring(html().encode()).decode()
    return (
        "From: <Saved by a browser>\nSnapshot-Content-Location: https://example.org/ferry\nSubject: The "
        "end\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="xx"\n\n--xx\nContent-Type: text/html; '
        "charset=utf-8\n"
        f"Content-Transfer-Encoding: quoted-printable\n\n{page}\n--xx\nContent-Type: "
        f"image/png\nContent-Transfer-Encoding: base64\n\niVBORw0=\n--xx--\n"
    ).encode()


def csv(rows: Sequence[Sequence[str]] = TABLE, *, delimiter: str = ",") -> str:
    return "".join(
        delimiter.join(f'"{cell}"' if delimiter in cell or '"' in cell else cell for cell in row) + "\n" for row in rows
    )


_NONE, _LAST = 0xFFFFFFFF, 0xFFFFFFFE  # no sector, no further one
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def _rels(*targets: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{each}</Relationships>'


def xlsx(sheets: Mapping[str, Sequence[Sequence[str]]], *, hidden: Sequence[str] = (), merged: str = "") -> bytes:
    """A workbook; a cell that begins with `=` is a number, one with `@` a date by its number."""
    seen = ("visible", "hidden")
    kinds = {"=": '<c r="{r}"><v>{v}</v></c>', "@": '<c r="{r}" s="1"><v>{v}</v></c>'}
    parts: dict[str, str | bytes] = {
        "_rels/.rels": _rels(("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": _rels(
            *(("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)), ("styles", "styles.xml")
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>'
        + "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="r{n}" state="{seen[name in hidden]}"/>'
            for n, name in enumerate(sheets, 1)
        )
        + "</sheets></workbook>",
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    }
    for number, rows in enumerate(sheets.values(), 1):
        lines = []
        for line, row in enumerate(rows, 1):
            cells = [
                kinds[cell[0]].format(r=f"{chr(65 + place)}{line}", v=cell[1:])
                if cell[0] in kinds
                else f'<c r="{chr(65 + place)}{line}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
                for place, cell in enumerate(row)
                if cell
            ]
            lines.append(f'<row r="{line}">{"".join(cells)}</row>')
        merge = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData>{merge}</worksheet>'
        )
    return zipped(parts)


def ods(rows: Sequence[Sequence[str]] = TABLE) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = f'xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" xmlns:text="{office}:text:1.0"'
    content = f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="Ferry">{body}</table:table>'
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content + "</office:spreadsheet></office:body></office:document-content>",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0"/>',
    })  # fmt: skip


def pptx(*, chart: bool = False) -> bytes:
    """Two slides, the second first in the archive: text, and a table with a grouped box and the notes of the speaker."""
    a, p = (
        "http://schemas.openxmlformats.org/drawingml/2006/main",
        "http://schemas.openxmlformats.org/presentationml/2006/main",
    )
    spaces = f'xmlns:a="{a}" xmlns:p="{p}" xmlns:r="{_RELATED}"'

    def shape(kind: str, *lines: str) -> str:
        holder = f'<p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>' if kind else ""
        text = "".join(
            f"<a:p><a:r><a:t>{escape(line[:5])}</a:t></a:r><a:r><a:t>{escape(line[5:])}</a:t></a:r></a:p>"
            for line in lines
        )
        return f"<p:sp>{holder}<p:txBody>{text}</p:txBody></p:sp>"

    cells = "".join(
        "<a:tr>"
        + "".join(f"<a:tc><a:txBody><a:p><a:r><a:t>{escape(cell)}</a:t></a:r></a:p></a:txBody></a:tc>" for cell in row)
        + "</a:tr>"
        for row in TABLE
    )
    frame = (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{cells}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )
    drawn = '<p:graphicFrame><a:graphic><a:graphicData uri="chart"/></a:graphic></p:graphicFrame>' if chart else ""
    group = f"<p:grpSp>{shape('', 'Source: harbour board, 2024.')}</p:grpSp>"

    def slide(*shapes: str) -> str:
        return f"<p:sld {spaces}><p:cSld><p:spTree>{''.join(shapes)}</p:spTree></p:cSld></p:sld>"

    return zipped({
        "ppt/slides/slide1.xml": slide(shape("title", "Traffic of the ferry"), frame, drawn, group, shape("sldNum", "2")),
        "ppt/slides/slide2.xml": slide(shape("ctrTitle", "The end of the ferry"), shape("body", SAID, MORE), shape("ftr", "Harbour board")),
        "ppt/slides/_rels/slide1.xml.rels": _rels(("notesSlide", "../notesSlides/n1.xml")),
        "ppt/notesSlides/n1.xml": slide(shape("sldImg"), shape("body", "The figures for 2024 come in March.")),
        "ppt/presentation.xml": f'<p:presentation {spaces}><p:sldIdLst><p:sldId r:id="r2"/><p:sldId r:id="r1"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": _rels(("slide", "slides/slide1.xml"), ("slide", "slides/slide2.xml")),
        "docProps/core.xml": '<c xmlns:dc="x"><dc:title>Traffic on the Sound</dc:title><dc:creator>Jonas Berg</dc:creator></c>',
    })  # fmt: skip


def nitf(*, table: bool = True) -> str:
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in TABLE)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><nitf><head><title>x</title><docdata><date.issue '
        'norm="20240305T233000-0500"/></docdata>'
        '<pubdata name="Harrowby Wire"/></head><body><body.head><hedline><hl1>The end of the '
        "ferry</hl1></hedline><byline>By Mary Hale</byline></body.head>"
        f"<body.content><p>The coun<em>cil</em>{SAID[11:]}</p><media><caption><p>A picture of the ferry at "
        f"night.</p></caption></media><p>{MORE}</p>"
        f"{f'<table>{rows}</table>' if table else ''}</body.content></body></nitf>"
    )


def newsml(*bodies: str) -> str:
    items = "".join(
        '<newsItem><itemMeta><provider literal="wire"><name>Harrowby '
        "Wire</name></provider><versionCreated>2024-03-06T05:30:00Z</versionCreated></itemMeta>"
        f"<contentMeta><contentCreated>2024-03-05T23:30:00-05:00</contentCreated><headline>Item {number}</headline><by>Mary Hale</by></contentMeta>"
        f"<contentSet><inlineXML><html "
        f'xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html></inlineXML></contentSet></newsItem>'
        for number, body in enumerate(bodies, 1)
    )
    return f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{items}</itemSet></newsMessage>'


def xls(rows: Sequence[Sequence[str]] = TABLE) -> bytes:
    """A workbook of Excel 97: one sheet of text cells, in a compound file of 512-byte sectors."""

    def record(kind: int, body: bytes) -> bytes:
        return pack("<HH", kind, len(body)) + body

    def begin(kind: int) -> bytes:
        return record(0x0809, pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))

    cells = b"".join(
        record(0x0204, pack("<HHHHB", line, place, 0, len(cell), 1) + cell.encode("utf-16-le"))
        for line, row in enumerate(rows)
        for place, cell in enumerate(row)
    )
    end = record(0x000A, b"")
    named = record(0x0085, pack("<IHBB", 0, 0, 5, 0) + b"Ferry")
    first = len(begin(5)) + len(named) + len(end)
    named = named[:4] + pack("<I", first) + named[8:]
    stream = (begin(5) + named + end + begin(0x10) + cells + end).ljust(4096, b"\0")  # less would be a "mini stream"
    sectors = -(-len(stream) // 512)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        own = name.encode("utf-16-le")
        head = own.ljust(64, b"\0") + pack("<HBB", len(own) + 2 if own else 0, kind, 1)
        return head + pack("<III", _NONE, _NONE, child) + bytes(36) + pack("<IQ", start, size)

    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _LAST, 0, _LAST, 0) + pack("<I", 0) + pack("<I", _NONE) * 108
    table = [0xFFFFFFFD, _LAST, *range(3, 2 + sectors), _LAST]
    folder = (
        entry("Root Entry", 5, 1, _LAST, 0)
        + entry("Workbook", 2, _NONE, 2, len(stream))
        + 2 * entry("", 0, _NONE, 0, 0)
    )
    return head + pack("<128I", *table, *[_NONE] * (128 - len(table))) + folder + stream.ljust(512 * sectors, b"\0")


LETTER = f"{SAID}\n\n{MORE}\n"
FILES: dict[str, Callable[[], bytes | str]] = {
    "a.markdown": lambda: (
        f"# The end of the ferry\n\n{SAID}\n\n| Year | Passengers |\n|---|---|\n| 2022 | 2,450 |\n\n{MORE}\n"
    ),
    "a.xhtml": lambda: '<?xml version="1.0" encoding="ISO-8859-1"?>' + html().replace("<meta charset='utf-8'>", ""),
    "a.mhtml": mhtml,
    "a.eml": lambda: message(LETTER),
    "a.mbox": lambda: b"From mary@example.org Tue Mar  5 23:30:00 2024\n" + message(LETTER),
    "a.csv": csv,
    "a.tsv": lambda: csv(delimiter="\t"),
    "a.xlsx": lambda: xlsx({"Ferry": TABLE}),
    "a.xls": xls,
    "a.ods": ods,
    "a.pptx": pptx,
    "a.xml": nitf,
}
