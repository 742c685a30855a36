"""A memo as Markdown with footnotes, to be read as it is or rendered.

In: a `Memo`. Out: text. Every word of an article, a plan or a model is escaped.
"""

from __future__ import annotations

import re

from qa.memo.records import (
    BIBLIOGRAPHY,
    NOT_IN_THE_SOURCES,
    Cite,
    Disagreement,
    Finding,
    Memo,
    Note,
    Paragraph,
    Rich,
    Section,
    Span,
    Statement,
    anchor,
    quoted,
)
from qa.memo.wording import BETWEEN, REFUSED, SOURCES_DIFFER, colophon, headers, introduction, said_by
from qa.render.harmless import one_line
from qa.render.markdown import escape, strong

_INDENT = "    "  # of the second and later paragraphs of a footnote
_INSIDE = re.compile(r"(?<=[^\W_])\\_(?=[^\W_])")  # an underscore within a word marks nothing up


def markdown(memo: Memo) -> str:
    """The whole document."""
    blocks = [
        f"# {_escaped(memo.title)}",
        "\n".join(f"**{name}:** {_escaped(value)}  " for name, value in headers(memo)).rstrip(),
    ]
    if memo.bottom_line:
        blocks.append(_paragraph(memo.bottom_line))
    for section in memo.sections:
        blocks += _section(section)
    if memo.refusals:
        blocks += [f"## {NOT_IN_THE_SOURCES}", REFUSED]
        blocks.append(
            "\n".join(
                f"- {' '.join([_escaped(refusal.question), *_statements(refusal.statements)])}"
                for refusal in memo.refusals
            )
        )
    if memo.references:
        blocks += [f"## {BIBLIOGRAPHY}", "\n".join(f"- {_rich(reference.entry)}" for reference in memo.references)]
    blocks += ["---", *(_escaped(line) for line in colophon(memo))]
    blocks += [_note(note) for note in memo.notes]
    return "\n\n".join(blocks) + "\n"


def _section(section: Section) -> list[str]:
    blocks = [f"## {_escaped(section.heading)}"]
    if (nothing := introduction(section)) is not None:
        blocks.append(nothing)
    for finding in section.findings:
        blocks += _finding(finding)
    return blocks + [_paragraph(each) for each in section.paragraphs]


def _paragraph(paragraph: Paragraph) -> str:
    pieces = (
        _span(Span(piece.text, bold=piece.bold)) + (f"[^{piece.note}]" if piece.note is not None else "")
        for piece in paragraph
    )
    return "".join(pieces)


def _finding(finding: Finding) -> list[str]:
    blocks = [f"### {' / '.join(_escaped(question) for question in finding.questions)}"]
    if finding.statements:
        blocks.append(" ".join(_statements(finding.statements)))
    return [*blocks, *(_disagreement(each) for each in finding.disagreements)]


def _statements(statements: tuple[Statement, ...]) -> list[str]:
    return [
        f"{_bold(statement.text) if statement.phrase else _escaped(statement.text)}[^{statement.note}]"
        for statement in statements
    ]


def _disagreement(disagreement: Disagreement) -> str:
    positions = [
        f"- {_bold(position.value)}[^{position.note}]{BETWEEN}{_escaped(said_by(position))}"
        for position in disagreement.positions
    ]
    return "\n".join([f"**{SOURCES_DIFFER}**", "", *positions])


def _note(note: Note) -> str:
    paragraphs = [f"{_rich(cite.credit)} “{_plain(strong(*quoted(cite)))}” {_anchor(cite)}" for cite in note.cites]
    return f"\n\n{_INDENT}".join([f"[^{note.number}]: {paragraphs[0]}", *paragraphs[1:]])


def _anchor(cite: Cite) -> str:
    """The anchor, its inside as code unless a backtick in a file's name forbids it."""
    text = anchor(cite)
    return _escaped(text) if "`" in text else f"(`{text[1:-1]}`)"


def _rich(rich: Rich) -> str:
    return "".join(_span(span) for span in rich)


def _span(span: Span) -> str:
    """One stretch of words; white space at its ends stays outside of the marks."""
    if span.url is not None and span.url == span.text:
        return f"<{span.url}>"
    core = span.text.strip()
    if not core:
        return span.text
    before, after = span.text[: len(span.text) - len(span.text.lstrip())], span.text[len(span.text.rstrip()) :]
    text = _escaped(core)
    if span.url is not None:
        text = f"[{text}](<{span.url}>)"
    text = f"*{text}*" if span.italic else text
    return f"{before}{f'**{text}**' if span.bold else text}{after}"


def _bold(text: str) -> str:
    return _plain(strong("", one_line(text), ""))


def _escaped(text: str) -> str:
    return _plain(escape(text))


def _plain(escaped: str) -> str:
    return _INSIDE.sub("_", escaped).replace("@", "\\@")  # a citation to Pandoc, a person to GitHub


def footnote(note: Note) -> str:
    """The definition of a footnote, as `markdown` writes it."""
    return _note(note)


def rich_text(rich: Rich) -> str:
    """Formatted words, as `markdown` writes them."""
    return _rich(rich)


def plain_text(text: str) -> str:
    """Words without form, as `markdown` writes them."""
    return _escaped(text)
