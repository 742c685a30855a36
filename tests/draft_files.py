"""Drafts that a person might have written, for the tests of `qa cite`.

One in Word of five pages, with all that Word puts into a file.
"""

from __future__ import annotations

from qa.citing.records import Addition, Additions, Said
from qa.memo.records import Cite, Reference, Span
from tests.memo_made import HARBOUR
from tests.word_files import gone, ins, p, r, tbl, word_file

_STYLES = (
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:rPr><w:i/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/></w:style>'
)
_NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText '
    'w:val="•"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
_FOOTNOTES = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
    + "".join(f'<w:footnote w:id="{number}">{p(r(f"My own note {number}."))}</w:footnote>' for number in (1, 2, 3))
)
_COMMENTS = b"".join(
    (
        b'<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">',
        b'<w:comment w:id="4" w:author="Ada"><w:p><w:r><w:t>Is this so?</w:t></w:r></w:p></w:comment></w:comments>',
    )
)
_ITEM = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
_REMARKED = "{_REMARKED}"
_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


def own_note(number: int) -> str:
    """The mark of one of the author's own footnotes."""
    return f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'


def word_draft() -> bytes:
    """Five pages: headings, a list, a table, a quotation in a style, tracked changes, a comment and three footnotes of the author's own."""
    cell = (
        f"<w:tc><w:tcPr/>{p('The pier of the old town was rebuilt in stone.')}</w:tc><w:tc><w:tcPr/>{p('1902')}</w:tc>"
    )
    body = [
        p("The harbour", '<w:pStyle w:val="Heading1"/>'),
        p(
            r("The harbour was dug in 1902. It ")
            + r("holds", "<w:b/>")
            + r(" forty ships of the line.")
            + own_note(1)
            + r(" The ferry is slow.")
        ),
        _BREAK,
        p(f"{r('The bridge cost ')}{gone('thirty')}{ins(r('forty'))}{r(' million crowns in all.')}"),
        p(f'<w:commentRangeStart w:id="4"/>{r("Nobody minds the soft bread of the town.")}{_REMARKED}'),
        _BREAK,
        p("The first point concerns the depth of the water.", _ITEM),
        p(r("The second point concerns the price of a berth.") + own_note(2), _ITEM),
        _BREAK,
        tbl(f"<w:tr>{cell}</w:tr>"),
        _BREAK,
        p(
            '<w:r><w:t xml:space="preserve">The ledger of the town names a sum.</w:t><w:footnoteReference w:id="3"/>'
            '<w:t xml:space="preserve"> It was never paid back.</w:t></w:r>',
            '<w:pStyle w:val="Quote"/>',
        ),
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>',
    ]
    parts = {
        "styles": _STYLES,
        "numbering": _NUMBERING,
        "footnotes": _FOOTNOTES,
        "header": p("Draft, not for the press"),
    }
    return word_file("".join(body), parts=parts, others={"comments": _COMMENTS})


CITE = Cite(
    "lund1902", "harbour.txt", (Span("Ada Lund, "), Span("Tides", italic=True), Span(".")), None, 0, 28, HARBOUR[:28]
)
SECOND = Cite("lund1902", "harbour.txt", (Span("Lund."),), None, 29, 47, HARBOUR[29:47])
FOUND = Addition("supported", (CITE,))
DENIED = Addition(
    "contradicted",
    (),
    ("Contradicted: the sources say otherwise.", f"The ledger (undated) says: “{HARBOUR[:28]}” (harbour.txt:0-28)"),
)
PARTLY = Addition("partly", (CITE, SECOND), ("Partly supported; not in its quotes: ‘berth’.",))
COLOPHON = (
    "Checked by qa cite: 1 supported, 1 partly, 1 contradicted, 0 not in the sources. To check every "
    "quotation again: qa verify.",
)


def additions(said: tuple[Said, ...], chosen: dict[str, Addition]) -> Additions:
    """An addition for each sentence that begins with one of these words."""
    from index.records import Metadata

    sentences = tuple(
        next((one for words, one in chosen.items() if sentence.text.startswith(words)), Addition()) for sentence in said
    )
    work = Reference(
        "lund1902",
        "harbour.txt",
        Metadata(),
        "0" * 64,
        (),
        (),
        (Span("Lund, Ada. "), Span("Tides", italic=True), Span(".")),
    )
    return Additions(sentences, (work,), COLOPHON)
