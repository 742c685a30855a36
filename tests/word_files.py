"""Word files made by hand: parts of XML in an archive, as Word itself writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_KINDS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_OTHERS = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_ROOTS = {
    "styles": "styles",
    "numbering": "numbering",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "header": "hdr",
    "footer": "ftr",
}


def word_file(
    body: str,
    *,
    strict: bool = False,
    parts: Mapping[str, str] | None = None,
    others: Mapping[str, bytes] | None = None,
) -> bytes:
    """A Word file with this body and these further parts, by kind ("footnotes"); `others` are parts as they are, by kind."""
    namespace, kinds = (STRICT, _STRICT_KINDS) if strict else (W, _KINDS)
    made = {
        kind: f'<w:{_ROOTS[kind]} xmlns:w="{namespace}" {_OTHERS}>{content}</w:{_ROOTS[kind]}>'.encode()
        for kind, content in (parts or {}).items()
    }
    made |= others or {}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _types(made))
        archive.writestr("_rels/.rels", _related({"officeDocument": "word/document.xml"}, kinds))
        archive.writestr("word/_rels/document.xml.rels", _related({kind: f"{kind}.xml" for kind in made}, kinds))
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{namespace}" {_OTHERS}><w:body>{body}</w:body></w:document>'
        )
        for kind, content in made.items():
            archive.writestr(f"word/{kind}.xml", content)
    return file.getvalue()


def p(content: str, properties: str = "") -> str:
    """A paragraph; text without tags becomes a run."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{content if content.startswith('<') else r(content)}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def ins(content: str) -> str:
    """A tracked insertion."""
    return f'<w:ins w:id="1" w:author="A">{content}</w:ins>'


def gone(text: str) -> str:
    """A tracked deletion."""
    return f'<w:del w:id="2" w:author="A"><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


def tbl(*rows: str, properties: str = "") -> str:
    """A table of these rows."""
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid/>{''.join(rows)}</w:tbl>"


def tr(*cells: str, properties: str = "") -> str:
    """A row; cells without tags become such."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cell if cell.startswith('<w:tc>') else tc(cell) for cell in cells)}</w:tr>"


def tc(content: str, properties: str = "") -> str:
    """A cell; text without tags becomes a paragraph."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content.startswith('<') else p(content) if content else '<w:p/>'}</w:tc>"


def _types(parts: Mapping[str, bytes]) -> str:
    main = '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    others = "".join(f'<Override PartName="/word/{kind}.xml" ContentType="{_TYPES.format(kind)}"/>' for kind in parts)
    default = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
        'Extension="xml" ContentType="text/xml"/>'
    )
    return (
        f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{default}{main}{others}</Types>'
    )


def _related(targets: Mapping[str, str], kinds: str) -> str:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{kinds}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{_PACKAGE}">{listed}</Relationships>'
