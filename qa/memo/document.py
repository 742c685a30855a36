"""A memo as Pandoc's tree, for Word and for Typst.

In: a `Memo`. Out: blocks. All words are `Str` and `Space`; what is raw holds none of them.

Headings begin at `level`: in Word the title is not a heading, in Typst it is the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from qa.memo.inlines import nodes, words
from qa.memo.pandoc import Node
from qa.memo.records import (
    BIBLIOGRAPHY,
    NOT_IN_THE_SOURCES,
    Cite,
    Disagreement,
    Finding,
    Memo,
    Note,
    Paragraph,
    Section,
    Span,
    Statement,
    anchor,
    quoted,
)
from qa.memo.wording import BETWEEN, REFUSED, SOURCES_DIFFER, colophon, headers, introduction, said_by

Target = Literal["docx", "typst"]
Styled = Literal["Memo Head", "Bibliography", "Colophon"]
SPACE: Node = {"t": "Space"}
_FUNCTION: dict[Styled, str] = {"Memo Head": "memo-head", "Bibliography": "works-cited", "Colophon": "colophon"}


def blocks(memo: Memo, target: Target, *, level: int) -> list[Node]:
    """Everything below the title."""
    notes = {note.number: note for note in memo.notes}
    head = [_joined([[_strong(f"{name}:"), SPACE, *words(value)] for name, value in headers(memo)], {"t": "LineBreak"})]
    made = _styled("Memo Head", [_paragraph(head[0])], target)
    if memo.bottom_line:
        made.append(_pieces(memo.bottom_line, notes, target))
    for section in memo.sections:
        made += _section(section, notes, target, level)
    if memo.refusals:
        made += [_header(level, NOT_IN_THE_SOURCES), _paragraph(words(REFUSED))]
        made.append(
            _list(
                [
                    [*words(refusal.question), *_after(_statements(refusal.statements, notes, target))]
                    for refusal in memo.refusals
                ]
            )
        )
    if memo.references:
        made.append(_header(level, BIBLIOGRAPHY))
        made += _styled("Bibliography", [_paragraph(nodes(reference.entry)) for reference in memo.references], target)
    return made + _styled("Colophon", [_paragraph(words(line)) for line in colophon(memo)], target)


def _section(section: Section, notes: dict[int, Note], target: Target, level: int) -> list[Node]:
    made = [_header(level, section.heading)]
    if (nothing := introduction(section)) is not None:
        made.append(_paragraph(words(nothing)))
    for finding in section.findings:
        made += _finding(finding, notes, target, level + 1)
    return made + [_pieces(paragraph, notes, target) for paragraph in section.paragraphs]


def _pieces(paragraph: Paragraph, notes: dict[int, Note], target: Target) -> Node:
    inlines: list[Node] = []
    for piece in paragraph:
        inlines += nodes((Span(piece.text, bold=piece.bold),))
        inlines += [_note(notes[piece.note], target)] if piece.note is not None else []
    return _paragraph(inlines)


def _finding(finding: Finding, notes: dict[int, Note], target: Target, level: int) -> list[Node]:
    made = [_header(level, " / ".join(finding.questions))]
    if finding.statements:
        made.append(_paragraph(_statements(finding.statements, notes, target)))
    for disagreement in finding.disagreements:
        made += _disagreement(disagreement, notes, target)
    return made


def _disagreement(disagreement: Disagreement, notes: dict[int, Note], target: Target) -> list[Node]:
    positions = [
        [
            _strong(position.value),
            _note(notes[position.note], target),
            *nodes((Span(BETWEEN),)),
            *words(said_by(position)),
        ]
        for position in disagreement.positions
    ]
    return [_paragraph([_strong(SOURCES_DIFFER)]), _list(positions)]


def _statements(statements: Sequence[Statement], notes: dict[int, Note], target: Target) -> list[Node]:
    return _joined([[*_said(statement), _note(notes[statement.note], target)] for statement in statements], SPACE)


def _said(statement: Statement) -> list[Node]:
    return [_strong(statement.text)] if statement.phrase else words(statement.text)


def _note(note: Note, target: Target) -> Node:
    return {
        "t": "Note",
        "c": [
            _paragraph([*nodes(cite.credit), SPACE, *_quote(cite), SPACE, _anchor(cite, target)]) for cite in note.cites
        ],
    }


def _quote(cite: Cite) -> list[Node]:
    before, phrase, after = quoted(cite)
    return nodes(tuple(span for span in (Span(f"“{before}"), Span(phrase, bold=True), Span(f"{after}”")) if span.text))


def _anchor(cite: Cite, target: Target) -> Node:
    if target == "typst":
        return {"t": "Code", "c": [["", [], []], anchor(cite)]}
    return {"t": "Span", "c": [["", [], [["custom-style", "Source Anchor"]]], words(anchor(cite))]}


def _styled(style: Styled, content: list[Node], target: Target) -> list[Node]:
    """Blocks in one of the styles that the reference document of Word, or the functions of Typst's preamble, define."""
    if target == "docx":
        return [{"t": "Div", "c": [["", [], [["custom-style", style]]], content]}]
    return [
        {"t": "RawBlock", "c": ["typst", f"#{_FUNCTION[style]}["]},
        *content,
        {"t": "RawBlock", "c": ["typst", "]"]},
    ]


def _header(level: int, text: str) -> Node:
    return {"t": "Header", "c": [level, ["", [], []], words(text)]}


def _paragraph(inlines: list[Node]) -> Node:
    return {"t": "Para", "c": inlines}


def _list(items: list[list[Node]]) -> Node:
    return {"t": "BulletList", "c": [[_paragraph(item)] for item in items]}


def _strong(text: str) -> Node:
    return {"t": "Strong", "c": words(text)}


def _after(inlines: list[Node]) -> list[Node]:
    return [SPACE, *inlines] if inlines else []


def _joined(groups: list[list[Node]], between: Node) -> list[Node]:
    return [node for place, group in enumerate(groups) for node in ([between] if place else []) + group]
