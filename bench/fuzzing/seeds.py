"""Small valid files of every kind that the program reads, made by code: what fuzzing and soaking begin from."""

from __future__ import annotations

import html
import io
import json
import zipfile

ARTICLE = "The river Alder is 210 kilometres long. It does not freeze.\n\nBy Mary Hale, 3 March 2021. The ferry carried 1.84 million people."
_WORDML = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xml_text(text: str) -> str:
    """`text` as XML may hold it."""
    return html.escape(
        "".join(
            letter
            for letter in text
            if letter in "\t\n" or (" " <= letter < "\ud800") or ("\udfff" < letter < "\ufffe") or letter > "\uffff"
        )
    )


def docx(text: str = ARTICLE) -> bytes:
    """A Word file: a title, a paragraph a line, a table and a footnote."""
    paragraphs = "".join(
        f"<w:p><w:r><w:t xml:space='preserve'>{xml_text(line)}</w:t></w:r></w:p>" for line in text.split("\n")
    )
    cell = (
        f"<w:tc><w:tcPr><w:gridSpan w:val='1'/></w:tcPr><w:p><w:r><w:t>{xml_text(text[:20])}</w:t></w:r></w:p></w:tc>"
    )
    table = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr>{cell}{cell}</w:tr></w:tbl>"
    note = "<w:p><w:r><w:t>See</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>"
    inserted = "<w:ins w:id='1' w:author='A' w:date='2024-01-01T00:00:00Z'><w:r><w:t>not</w:t></w:r></w:ins>"
    tracked = f"<w:p>{inserted}<w:del w:id='3'><w:r><w:delText>did</w:delText></w:r></w:del></w:p>"
    kinds = (("document", "document.main"), ("footnotes", "footnotes"), ("styles", "styles"))
    overrides = "".join(
        f"<Override PartName='/word/{part}.xml' "
        f"ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml'/>"
        for part, kind in kinds
    )
    members = {
        "[Content_Types].xml": f"<Types xmlns='{_PACKAGE}/content-types'><Default Extension='rels' ContentType='application/vnd.openxmlformats-package."
        f"relationships+xml'/>{overrides}</Types>",
        "_rels/.rels": f"<Relationships xmlns='{_PACKAGE}/relationships'><Relationship Id='r1' Type='{_RELATIONS}/officeDocument' Target='word/document.xml'/>"
        "</Relationships>",
        "word/_rels/document.xml.rels": f"<Relationships xmlns='{_PACKAGE}/relationships'><Relationship Id='r1' Type='{_RELATIONS}/footnotes' "
        f"Target='footnotes.xml'/><Relationship Id='r2' Type='{_RELATIONS}/styles' "
        f"Target='styles.xml'/></Relationships>",
        "word/document.xml": f"<w:document xmlns:w='{_WORDML}'><w:body>{paragraphs}{table}{note}{tracked}<w:sectPr/></w:body></w:document>",
        "word/footnotes.xml": f"<w:footnotes xmlns:w='{_WORDML}'><w:footnote w:id='2'><w:p><w:r><w:t>Carried 5.</w:t></w:r></w:p></w:footnote></w:footnotes>",
        "word/styles.xml": f"<w:styles xmlns:w='{_WORDML}'><w:style w:type='paragraph' w:default='1' w:styleId='n'>"
        "<w:name w:val='Normal'/></w:style></w:styles>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, held in members.items():
            target.writestr(name, held)
    return packed.getvalue()


def pdf(text: str = ARTICLE) -> bytes:
    """A PDF of a page for every empty line between, its streams uncompressed so that an edit reaches what they say."""
    pages = text.split("\n\n")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids = []
    for page in pages:
        lines = (
            page.encode("cp1252", "replace")
            .replace(b"\\", rb"\\")
            .replace(b"(", rb"\(")
            .replace(b")", rb"\)")
            .split(b"\n")
        )
        stream = b"BT /F1 12 Tf 14 TL 50 700 Td " + b" ".join(b"(" + line + b") Tj T*" for line in lines) + b" ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [ %s ] >>" % (len(kids), b" ".join(kids))
    objects.append(b"<< /Title (A river and its ferry) /Author (Mary Hale) /Creator (Typst 0.14) >>")
    out, places = b"%PDF-1.4\n", []
    for number, held in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>" % (len(objects) + 1, len(objects))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
        trailer,
        len(out),
    )


def page(text: str = ARTICLE) -> bytes:
    """A web page with an article in it, and what markup says of it."""
    body = "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n"))
    said = json.dumps(
        {
            "@type": "NewsArticle",
            "headline": text[:60],
            "datePublished": "2021-03-03T01:00:00+05:30",
            "author": [{"name": "Mary Hale"}],
        }
    )
    head = f"<meta charset='utf-8'><title>{html.escape(text[:40])}</title><meta property='article:published_time' content='2021-03-03'>"
    return (
        f"<!DOCTYPE html><html lang='en'><head>{head}<script type='application/ld+json'>{said}</script></head>"
        f"<body><nav>Home</nav><article><h1>A "
        f"river</h1>{body}<p>{ARTICLE}</p><table><tr><td>1</td></tr></table></article>"
        "<div class='comments'><p>First!</p></div></body></html>"
    ).encode("utf-8", "replace")


def rows(text: str = ARTICLE) -> bytes:
    """A .jsonl file of three rows."""
    said: tuple[dict[str, object], ...] = (
        {},
        {"title": text[:50], "author": ["Mary Hale", "Tom Oak"], "date": "2021-03-03"},
        {"date": 2021, "url": "https://a.example/b", "x": [1]},
    )
    return "".join(json.dumps({"text": f"{text} {number}.", **row}) + "\n" for number, row in enumerate(said)).encode()
