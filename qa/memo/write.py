"""Answers become a memo. In: a plan, the answer to each of its questions, a citation style. Out: a `Memo`. Asks no model; checks every quote once more.

Only verified sentences get in, each with a footnote of its own. What was refused goes to the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.records import Article
from qa.memo.csl import Place, formatted
from qa.memo.dates import long_date_or_undated
from qa.memo.pandoc import Pandoc
from qa.memo.plan import Part, Plan
from qa.memo.records import Cite, Disagreement, Finding, Memo, Note, Position, Refusal, Rich, Section, Statement
from qa.memo.style import Style
from qa.memo.works import works
from qa.records import Answer, Citation, Claim, Phrase
from qa.render.check import check_quotes
from qa.render.harmless import one_line
from qa.render.naming import name
from qa.render.phrases import is_phrase, of_claim, shown_value


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles that a memo may cite."""

    read: Callable[[str], Article]

    def article(self, source: str) -> Article:
        """The article as it was read."""
        return self.read(source)


@dataclass(slots=True)
class Footnotes:
    """The citations that have been given a footnote so far, in order."""

    cited: list[tuple[Citation, ...]] = field(default_factory=list)

    def add(self, answer: Answer, numbers: Iterable[int], phrase: Phrase | None) -> int:
        """The number of a new footnote for these citations of the answer, with the phrase of what they are cited for."""
        by_number = {citation.number: replace(citation, phrase=of_claim(citation, phrase)) for citation in answer.citations}
        self.cited.append(tuple(by_number[number] for number in dict.fromkeys(numbers)))
        return len(self.cited)


def write(plan: Plan, answers: Mapping[str, Answer], read: Callable[[str], Article], *, style: Style, pandoc: Pandoc, written: str) -> Memo:
    """The memo of a plan. `answers` holds one for each question. Raises LibraryError where a quote is not in its article, MemoError where pandoc fails."""
    for answer in answers.values():
        check_quotes(answer, Shelf(read))
    footnotes = Footnotes()
    sections = tuple(_section(part, answers, footnotes) for part in plan.parts)
    refusals = tuple(_refusal(question, part, answers, footnotes) for part in plan.parts for question in part.questions if _refused(answers[question]))
    items = works(read(source) for source in dict.fromkeys(citation.source for cited in footnotes.cited for citation in cited))
    keys = {work.source: work.key for work in items}
    made = formatted(items, [Place(keys[citation.source], citation.printed_page) for cited in footnotes.cited for citation in cited], style, pandoc)
    credit = iter(made.credits)
    notes = tuple(Note(number, tuple(_cite(one, keys[one.source], next(credit)) for one in cited)) for number, cited in enumerate(footnotes.cited, start=1))
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
    )


def _cite(one: Citation, key: str, credit: Rich) -> Cite:
    phrase = None if one.phrase is None else (one.phrase.start, one.phrase.end)
    return Cite(key, one.source, credit, one.page, one.start, one.end, one.quote, phrase)


def _section(part: Part, answers: Mapping[str, Answer], footnotes: Footnotes) -> Section:
    """The findings of a section. A question whose every sentence stands there already joins the one that gave the first of them."""
    findings: list[Finding] = []
    said: dict[str, int] = {}  # what has been said, and in which finding
    for question in dict.fromkeys(part.questions):
        answer = answers[question]
        if _refused(answer):
            continue
        given = [value.value for conflict in answer.conflicts for value in conflict.claims]
        told = {_same(text) for text in given}
        fresh = [claim for claim in answer.sentences if claim.citations and _same(claim.text) not in told and _same(claim.text) not in said]
        before = [said[_same(claim.text)] for claim in answer.sentences if _same(claim.text) in said]
        if not fresh and before and all(_same(text) in said for text in given):
            joined = findings[before[0]]
            findings[before[0]] = Finding((*joined.questions, question), joined.statements, joined.disagreements)
            continue
        statements = _statements(answer, fresh, footnotes)
        for text in [*given, *(claim.text for claim in fresh)]:
            said.setdefault(_same(text), len(findings))
        findings.append(Finding((question,), statements, _disagreements(answer, footnotes)))
    return Section(one_line(part.heading), tuple(findings))


def _refusal(question: str, part: Part, answers: Mapping[str, Answer], footnotes: Footnotes) -> Refusal:
    answer = answers[question]
    statements = _statements(answer, [claim for claim in answer.sentences if claim.citations], footnotes)
    return Refusal(one_line(question), one_line(part.heading), statements)


def _statements(answer: Answer, claims: Iterable[Claim], footnotes: Footnotes) -> tuple[Statement, ...]:
    return tuple(Statement(one_line(claim.text), footnotes.add(answer, claim.citations, claim.phrase), is_phrase(claim)) for claim in claims)


def _refused(answer: Answer) -> bool:
    return answer.status == "unanswered" or not any(claim.citations for claim in answer.sentences)


def _disagreements(answer: Answer, footnotes: Footnotes) -> tuple[Disagreement, ...]:
    by_number = {citation.number: citation for citation in answer.citations}
    made = []
    for conflict in answer.conflicts:
        cited = [[by_number[number] for number in value.citations] for value in conflict.claims]
        labels = _labels([citation for group in cited for citation in group])
        positions = tuple(
            Position(shown_value(value), tuple(dict.fromkeys(labels[one.source] for one in group)), footnotes.add(answer, value.citations, value.phrase))
            for value, group in zip(conflict.claims, cited, strict=True)
        )
        made.append(Disagreement(positions))
    return tuple(made)


def _labels(cited: Sequence[Citation]) -> dict[str, str]:
    """What to call each article in a sentence, with its date; two that would be called the same are told apart by their source."""
    called = {one.source: one_line(one.author or (f"“{one.title}”" if one.title else name(one))) for one in cited}
    dates = {one.source: long_date_or_undated(one.date) for one in cited}
    whole = {source: f"{name} ({dates[source]})" for source, name in called.items()}
    twice = {label for label in whole.values() if list(whole.values()).count(label) > 1}
    return {source: f"{called[source]} ({one_line(source)}, {dates[source]})" if label in twice else label for source, label in whole.items()}


def _same(text: str) -> str:
    """What two sentences share that say the same in the same words."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())
