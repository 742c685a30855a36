"""Answers become a memo.

In: a plan, the answer to each of its questions, a citation style. Out: a `Memo`. Asks no model; checks every quote once
more.

Only verified sentences get in, each with a footnote of its own. What was refused goes to the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from index.records import Article
from qa.memo.brief import brief
from qa.memo.csl import Place, formatted
from qa.memo.footnotes import Footnotes
from qa.memo.forms import Form
from qa.memo.pandoc import Pandoc
from qa.memo.plan import Part, Plan
from qa.memo.records import Cite, Disagreement, Finding, Memo, Note, Position, Refusal, Rich, Section, Statement
from qa.memo.said import refused, same, voices
from qa.memo.style import Style
from qa.memo.works import works
from qa.records import Answer, Citation, Claim
from qa.render.check import check_quotes
from qa.render.harmless import one_line
from qa.render.phrases import is_phrase, shown_value


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles that a memo may cite."""

    read: Callable[[str], Article]

    def article(self, source: str) -> Article:
        """The article as it was read."""
        return self.read(source)


def write(
    plan: Plan,
    answers: Mapping[str, Answer],
    read: Callable[[str], Article],
    *,
    style: Style,
    pandoc: Pandoc,
    written: str,
    form: Form = "answers",
) -> Memo:
    """The memo of a plan.

    `answers` holds one for each question. Raises LibraryError where a quote is not in its article, MemoError where
    pandoc fails.
    """
    for answer in answers.values():
        check_quotes(answer, Shelf(read))
    footnotes = Footnotes()
    told = brief(plan, answers, footnotes) if form == "brief" else None
    sections = told.sections if told is not None else tuple(_section(part, answers, footnotes) for part in plan.parts)
    refusals = tuple(
        _refusal(question, part, answers, footnotes)
        for part in plan.parts
        for question in part.questions
        if refused(answers[question])
    )
    items = works(
        read(source) for source in dict.fromkeys(citation.source for cited in footnotes.cited for citation in cited)
    )
    keys = {work.source: work.key for work in items}
    made = formatted(
        items,
        [Place(keys[citation.source], citation.printed_page) for cited in footnotes.cited for citation in cited],
        style,
        pandoc,
    )
    credit = iter(made.credits)
    notes = tuple(
        Note(number, tuple(_cite(one, keys[one.source], next(credit)) for one in cited))
        for number, cited in enumerate(footnotes.cited, start=1)
    )
    return Memo(
        title=one_line(plan.title),
        written=written,
        recipient=one_line(plan.recipient) if plan.recipient else None,
        sender=one_line(plan.sender) if plan.sender else None,
        sections=sections,
        refusals=refusals,
        notes=notes,
        references=made.references,
        style=style.name,
        provenance=answers[plan.questions[0]].provenance,
        bottom_line=told.bottom_line if told is not None else (),
    )


def _cite(one: Citation, key: str, credit: Rich) -> Cite:
    phrase = None if one.phrase is None else (one.phrase.start, one.phrase.end)
    return Cite(key, one.source, credit, one.page, one.start, one.end, one.quote, phrase)


def _section(part: Part, answers: Mapping[str, Answer], footnotes: Footnotes) -> Section:
    """The findings of a section.

    A question whose every sentence stands there already joins the one that gave the first of them.
    """
    findings: list[Finding] = []
    said: dict[str, int] = {}  # what has been said, and in which finding
    for question in dict.fromkeys(part.questions):
        answer = answers[question]
        if refused(answer):
            continue
        given = [value.value for conflict in answer.conflicts for value in conflict.claims]
        told = {same(text) for text in given}
        fresh = [
            claim
            for claim in answer.sentences
            if claim.citations and same(claim.text) not in told and same(claim.text) not in said
        ]
        before = [said[same(claim.text)] for claim in answer.sentences if same(claim.text) in said]
        if not fresh and before and all(same(text) in said for text in given):
            joined = findings[before[0]]
            findings[before[0]] = Finding((*joined.questions, question), joined.statements, joined.disagreements)
            continue
        statements = _statements(answer, fresh, footnotes)
        for text in [*given, *(claim.text for claim in fresh)]:
            said.setdefault(same(text), len(findings))
        findings.append(Finding((question,), statements, _disagreements(answer, footnotes)))
    return Section(one_line(part.heading), tuple(findings))


def _refusal(question: str, part: Part, answers: Mapping[str, Answer], footnotes: Footnotes) -> Refusal:
    answer = answers[question]
    statements = _statements(answer, [claim for claim in answer.sentences if claim.citations], footnotes)
    return Refusal(one_line(question), one_line(part.heading), statements)


def _statements(answer: Answer, claims: Iterable[Claim], footnotes: Footnotes) -> tuple[Statement, ...]:
    return tuple(
        Statement(one_line(claim.text), footnotes.add(answer, claim.citations, claim.phrase), is_phrase(claim))
        for claim in claims
    )


def _disagreements(answer: Answer, footnotes: Footnotes) -> tuple[Disagreement, ...]:
    by_number = {citation.number: citation for citation in answer.citations}
    made = []
    for conflict in answer.conflicts:
        cited = [[by_number[number] for number in value.citations] for value in conflict.claims]
        labels = voices([citation for group in cited for citation in group])
        positions = tuple(
            Position(
                shown_value(value),
                tuple(dict.fromkeys(labels[one.source] for one in group)),
                footnotes.add(answer, value.citations, value.phrase),
            )
            for value, group in zip(conflict.claims, cited, strict=True)
        )
        made.append(Disagreement(positions))
    return tuple(made)
