"""Mark up the memo: head, findings with footnotes, disagreements, open questions, notes, bibliography.

Every footnote has the text that `qa verify` reads (`qa.memo.records`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

from qa.memo.records import (
    BIBLIOGRAPHY,
    NOT_IN_THE_SOURCES,
    Cite,
    Disagreement,
    Finding,
    Memo,
    Note,
    Paragraph,
    Position,
    Reference,
    Refusal,
    Section,
    Statement,
    anchor,
    quoted,
)
from qa.memo.wording import BETWEEN, REFUSED, SOURCES_DIFFER, colophon, headers, introduction, said_by
from qa.render.html.quotations import Place, Quotation, place
from qa.render.html.words import EMPTY, line, phrased, rich

NUMBERED_CONTENTS = 3  # sections; with fewer, a list of them tells nothing


def memo_column(memo: Memo, quotes: Mapping[Place, Quotation]) -> Markup:
    """Everything but the sources' texts."""
    first = {note.number: quotes[place(note.cites[0])].number for note in memo.notes}
    sections = EMPTY.join(_section(number, section, first) for number, section in enumerate(memo.sections, start=1))
    bottom = _paragraph(memo.bottom_line, first) if memo.bottom_line else EMPTY
    return Markup('<main id="memo" tabindex="-1">\n{}{}{}{}{}{}{}{}</main>\n').format(
        _head(memo),
        bottom,
        _contents(memo),
        sections,
        _refusals(memo.refusals, first),
        _notes(memo.notes, quotes),
        _bibliography(memo.references),
        _colophon(memo),
    )


def _head(memo: Memo) -> Markup:
    table = EMPTY.join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, line(value)) for name, value in headers(memo)
    )
    return Markup('<header>\n<p class="kind">Memorandum</p>\n<h1>{}</h1>\n<dl>{}</dl>\n</header>\n').format(
        line(memo.title), table
    )


def _contents(memo: Memo) -> Markup:
    if len(memo.sections) < NUMBERED_CONTENTS:
        return EMPTY
    entries = [(f"section-{number}", section.heading) for number, section in enumerate(memo.sections, start=1)]
    if memo.refusals:
        entries.append(("refusals", NOT_IN_THE_SOURCES))
    items = EMPTY.join(
        Markup('<li><a href="#{}">{}</a></li>').format(target, line(heading)) for target, heading in entries
    )
    return Markup('<nav aria-label="Contents"><ol>{}</ol></nav>\n').format(items)


def _section(number: int, section: Section, first: Mapping[int, int]) -> Markup:
    findings = EMPTY.join(_finding(finding, first) for finding in section.findings)
    findings += EMPTY.join(_paragraph(paragraph, first) for paragraph in section.paragraphs)
    if (nothing := introduction(section)) is not None:
        findings = Markup("<p>{}</p>\n").format(nothing)
    return Markup('<section aria-labelledby="section-{0}">\n<h2 id="section-{0}">{1}</h2>\n{2}</section>\n').format(
        number, line(section.heading), findings
    )


def _paragraph(paragraph: Paragraph, first: Mapping[int, int]) -> Markup:
    """Sentences, or clauses of one, each up to its footnote number."""
    made, words = EMPTY, EMPTY
    for piece in paragraph:
        if piece.text.isspace():  # between two sentences
            made, words = made + words + piece.text, EMPTY
            continue
        words += Markup("<strong>{}</strong>").format(piece.text) if piece.bold else escape(piece.text)
        if piece.note is not None:
            made, words = made + _claim(words, piece.note, first), EMPTY
    return Markup("<p>{}{}</p>\n").format(made, words)


def _finding(finding: Finding, first: Mapping[int, int]) -> Markup:
    questions = Markup("<br>").join(line(question) for question in finding.questions)
    disagreements = EMPTY.join(_disagreement(each, first) for each in finding.disagreements)
    return Markup("<h3>{}</h3>\n{}{}").format(questions, _statements(finding.statements, first), disagreements)


def _statements(statements: Iterable[Statement], first: Mapping[int, int]) -> Markup:
    sentences = Markup(" ").join(_claim(_said(each), each.note, first) for each in statements)
    return Markup("<p>{}</p>\n").format(sentences) if sentences else EMPTY


def _said(statement: Statement) -> Markup:
    return Markup("<strong>{}</strong>").format(line(statement.text)) if statement.phrase else line(statement.text)


def _disagreement(disagreement: Disagreement, first: Mapping[int, int]) -> Markup:
    positions = EMPTY.join(_position(each, first) for each in disagreement.positions)
    return Markup(
        '<div class="differ" role="note" aria-label="The sources '
        'differ">\n<p><strong>{}</strong></p>\n<ul>\n{}</ul>\n</div>\n'
    ).format(SOURCES_DIFFER, positions)


def _position(position: Position, first: Mapping[int, int]) -> Markup:
    value = _claim(Markup("<strong>{}</strong>").format(line(position.value)), position.note, first)
    return Markup('<li>{}{}<span class="voices">{}</span></li>\n').format(value, BETWEEN, line(said_by(position)))


def _claim(words: Markup, note: int, first: Mapping[int, int]) -> Markup:
    """A sentence and its footnote number.

    Without a script the number leads to the note; with it, to the quote itself.
    """
    return Markup(
        '<span class="claim">{0}<sup><a id="mark-{1}" class="mark" role="doc-noteref" href="#note-{1}" '
        'data-mark="{1}" data-first="quote-{2}"'
        ' aria-label="Note {1}">{1}</a></sup></span>'
    ).format(words, note, first[note])


def _refusals(refusals: Iterable[Refusal], first: Mapping[int, int]) -> Markup:
    items = EMPTY.join(
        Markup('<li><p class="question">{}</p>\n{}</li>\n').format(
            line(refusal.question), _statements(refusal.statements, first)
        )
        for refusal in refusals
    )
    if not items:
        return EMPTY
    return Markup(
        '<section class="refusals" aria-labelledby="refusals">\n<h2 '
        'id="refusals">{}</h2>\n<p>{}</p>\n<ul>\n{}</ul>\n</section>\n'
    ).format(NOT_IN_THE_SOURCES, REFUSED, items)


def _notes(notes: Iterable[Note], quotes: Mapping[Place, Quotation]) -> Markup:
    items = EMPTY.join(
        Markup('<li id="note-{0}" value="{0}" tabindex="-1"><div data-note="{0}">{1}</div></li>\n').format(
            note.number,
            EMPTY.join(_cite(cite, note, quotes[place(cite)], last=cite is note.cites[-1]) for cite in note.cites),
        )
        for note in notes
    )
    if not items:
        return EMPTY
    return Markup(
        '<section class="notes" role="doc-endnotes" aria-labelledby="notes">\n<h2 '
        'id="notes">Notes</h2>\n<ol>\n{}</ol>\n</section>\n'
    ).format(items)


def _cite(cite: Cite, note: Note, quote: Quotation, *, last: bool) -> Markup:
    back = (
        Markup(
            ' <a class="return" role="doc-backlink" href="#mark-{0}" aria-label="Back to the sentence of note '
            '{0}">↩</a>'
        ).format(note.number)
        if last
        else EMPTY
    )
    return Markup(
        '<p><span data-cite>{} “<span class="quoted">{}</span>” <span class="anchor">{}</span></span>'
        ' <a class="show" href="#quote-{}" data-of="{}">in its source</a>{}</p>\n'
    ).format(rich(cite.credit), phrased(quoted(cite)), anchor(cite), quote.number, note.number, back)


def _bibliography(references: Iterable[Reference]) -> Markup:
    items = EMPTY.join(
        Markup('<li id="reference-{0}">{1} <a class="show" href="#source-{0}">its text</a></li>\n').format(
            number, rich(reference.entry)
        )
        for number, reference in enumerate(references, start=1)
    )
    if not items:
        return EMPTY
    return Markup(
        '<section class="bibliography" role="doc-bibliography" aria-labelledby="bibliography">\n<h2 '
        'id="bibliography">{}</h2>\n<ul>\n{}</ul>\n</section>\n'
    ).format(BIBLIOGRAPHY, items)


def _colophon(memo: Memo) -> Markup:
    return Markup("<footer>{}</footer>\n").format(
        EMPTY.join(Markup("<p>{}</p>").format(line(each)) for each in colophon(memo))
    )
