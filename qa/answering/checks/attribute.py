"""Find the quotes that support a sentence, or say why none do. Pure: calls no model, opens no library.

A sentence passes only if one evidence sentence says most of it and every number, date and name in it stands in its
quotes. Quotes are whole evidence sentences, as few as will do, so that a reader can check the claim at a glance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.ingest.months import ENGLISH
from index.records import Sentence
from qa.answering.checks.facts import Facts, facts
from qa.answering.checks.opposites import opposite
from qa.answering.checks.relations import turned
from qa.answering.checks.words import WORD, content, has_word, normalise
from qa.answering.evidence import Evidence

CARRIES = 0.5  # the least share of a claim that its main quote must hold
COVERED = 0.7  # the least share that all its quotes together must hold
LOCAL = 0.5  # of the words around a figure, the share that the sentence vouching for the figure must hold
HARD_WEIGHT = 2.0  # a number, date or name counts twice


@dataclass(frozen=True, slots=True)
class Attribution:
    """The quotes that carry a claim.

    `support`, in [0, 1], is the share of the claim that they hold; `reason` says why the claim may not be shown, and is
    `None` where it may.
    """

    quotes: tuple[Evidence, ...]
    support: float
    reason: str | None


def attribute(claim: str, evidence: Sequence[Evidence], *, question: str | None = None) -> Attribution:
    """Find the quotes that carry `claim` among `evidence` and the sentences around it.

    A name may be resolved from a neighbouring sentence only if `question`, where it is given, holds it too: then it is
    what is spoken of. A name that the question does not hold is part of the answer, and has to stand beside what is
    said of it.
    """
    said = _without_yes(claim)
    spoken_of = None if question is None else frozenset(facts(question).stems)
    asserted = facts(said)
    if not evidence or not (asserted.stems or asserted.numbers or asserted.months):
        return Attribution((), 0.0, "it says nothing that can be checked")
    ranked = _ranked(asserted, evidence)
    carrying = [item for item in ranked if _share(asserted, [item]) >= CARRIES]
    if not carrying:
        return Attribution((ranked[0],), _share(asserted, ranked[:1]), "no sentence of the articles says this")
    tried = (
        _checked(said, asserted, main, [item for item in ranked if item is not main], spoken_of) for main in carrying
    )
    first = next(tried)
    found = first if first.reason is None else next((other for other in tried if other.reason is None), first)
    return corroborated(claim, found, evidence)


def corroborated(claim: str, found: Attribution, evidence: Sequence[Evidence]) -> Attribution:
    """Add to `found` one quote from every other article of `evidence` that carries all of `claim` by itself."""
    if found.reason is not None:
        return found
    said = _without_yes(claim)
    asserted = facts(said)
    return replace(
        found, quotes=(*found.quotes, *_corroborating(said, asserted, found.quotes, _ranked(asserted, evidence)))
    )


def telling(claim: str, question: str, evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the sentence that holds most of what `claim` adds to the question.

    What it adds is the answer itself; the rest of the claim is the question in other words. None where no sentence
    holds half of it.
    """
    said, asked = facts(_without_yes(claim)), facts(question)
    known = set(asked.stems)
    added = replace(
        said,
        stems=tuple(stem for stem in said.stems if not has_word(stem, known)),
        names=frozenset(name for name in said.names if not has_word(name, known)),
        numbers=said.numbers - asked.numbers,
        months=said.months - asked.months,
    )
    best = next(iter(_ranked(added, evidence)), None)
    return best if best is not None and _share(added, [best]) >= CARRIES else None


def missing(claim: str, quotes: Iterable[str]) -> tuple[str, ...]:
    """The numbers, dates and names of `claim` that stand in none of `quotes`, as they would be shown."""
    said = _without_yes(claim)
    return tuple(_shown(_lacking(facts(said), [facts(quote) for quote in quotes]), said))


def saying(claim: str, quotes: Iterable[tuple[str, str]]) -> int:
    """Count the articles that say `claim` by themselves, given its quotes as (article, words).

    An article counts if its own quotes have every figure and date of the claim, or, for a claim without any, its
    names. Where figures tie a quote to the claim, "the two countries" is enough for a name.
    """
    asserted = facts(_without_yes(claim))
    tied = bool(asserted.numbers or asserted.months)
    by_article: dict[str, list[Facts]] = {}
    for source, text in quotes:
        by_article.setdefault(source, []).append(facts(text))
    return sum(
        not any(kind != "name" or not tied for kind, _ in _lacking(asserted, told)) for told in by_article.values()
    )


def _ranked(asserted: Facts, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Those that hold most of a claim first; of two, the one that denies something only if the claim does."""
    return sorted(
        evidence,
        key=lambda item: (
            -_share(asserted, [item]),
            facts(item.sentence.text).negated != asserted.negated,
            -item.score,
        ),
    )


def _checked(
    said: str, asserted: Facts, main: Evidence, others: Sequence[Evidence], spoken_of: frozenset[str] | None
) -> Attribution:
    """The claim with `main` as its main quote."""
    quotes = _completed(said, asserted, main, others, spoken_of)
    held = [facts(quote.sentence.text) for quote in quotes]
    support = _share_of(asserted, held)
    if lacking := _lacking(asserted, held):
        return Attribution(quotes, support, f"not in its quotes: {', '.join(_shown(lacking, said))}")
    if support < COVERED:
        return Attribution(quotes, support, "its quotes hold too few of its words")
    return Attribution(quotes, support, turned(said, [quote.sentence.text for quote in quotes]))


def _completed(
    said: str, asserted: Facts, main: Evidence, others: Sequence[Evidence], spoken_of: frozenset[str] | None
) -> tuple[Evidence, ...]:
    """Return the main quote, and a sentence for each number, date or name that it lacks.

    Each of these has what is missing and is about the same thing.
    """
    quotes = [main]
    for candidate in (*_neighbours(main), *others):
        lacking = _lacking(asserted, [facts(quote.sentence.text) for quote in quotes])
        if not lacking:
            break
        offered = facts(candidate.sentence.text)
        gained = lacking - _lacking(asserted, [offered])
        if not gained or candidate in quotes:
            continue
        answering = any(
            kind != "name" or (spoken_of is not None and not has_word(str(value), spoken_of)) for kind, value in gained
        )
        if (answering and _speaks_of(said, offered, gained)) or (
            not answering and candidate.passage.source == main.passage.source
        ):
            quotes.append(candidate)
    return tuple(quotes)


def _speaks_of(said: str, offered: Facts, gained: set[tuple[str, object]]) -> bool:
    """Whether a sentence that holds a figure or name of the claim also holds the words around it there."""
    for part in re.split(r",\s|;\s|\band\b|\bwhile\b", said):
        local = facts(part)
        if gained & _hard(local) and local.stems and _share_of(local, [offered]) < LOCAL:
            return False
    return True


def _neighbours(main: Evidence) -> list[Evidence]:
    """Return the other sentences of the main quote's passage, those before it first, nearest first.

    They resolve references such as "both countries".
    """
    around = [sentence for sentence in main.passage.sentences if sentence != main.sentence]
    around.sort(key=lambda sentence: (sentence.start > main.sentence.start, abs(sentence.start - main.sentence.start)))
    return [replace(main, sentence=Sentence(near.start, near.end, near.text)) for near in around]


def _corroborating(
    said: str, asserted: Facts, quotes: Sequence[Evidence], ranked: Sequence[Evidence]
) -> list[Evidence]:
    """From every other article, the sentence that carries the whole claim by itself, if there is one."""
    found: list[Evidence] = []
    cited = {quote.passage.source for quote in quotes}
    for item in ranked:
        if item.passage.source not in cited and _carries(said, asserted, item):
            cited.add(item.passage.source)
            found.append(item)
    return found


def _carries(said: str, asserted: Facts, item: Evidence) -> bool:
    """Whether a sentence carries the claim by itself, denies something only if that does, and says the opposite of no word.

    Where figures tie it to the claim, its passage or title may say who "the two countries" are.
    """
    own = facts(item.sentence.text)
    lacking = _lacking(asserted, [own])
    if lacking and (asserted.numbers or asserted.months):
        around = frozenset(facts(f"{item.passage.metadata.title or ''}\n{item.passage.text}").stems)
        told = {str(name) for kind, name in lacking if kind == "name" and has_word(str(name), around)}
        asserted = replace(
            asserted, stems=tuple(stem for stem in asserted.stems if stem not in told), names=asserted.names - told
        )
        lacking = _lacking(asserted, [own])
    return (
        not lacking
        and own.negated == facts(said).negated
        and not any(opposite(root, set(own.stems)) for root in set(asserted.stems) - set(own.stems))
        and _share_of(asserted, [own]) >= COVERED
        and turned(said, [item.sentence.text]) is None
    )


def _share(asserted: Facts, quotes: Sequence[Evidence]) -> float:
    return _share_of(asserted, [facts(quote.sentence.text) for quote in quotes])


def _share_of(asserted: Facts, quotes: Sequence[Facts]) -> float:
    """The share of the claim's words, numbers and dates that the quotes hold, those that must agree counting double."""
    held = _stems(quotes)
    soft = set(asserted.stems) - asserted.names
    lacking = len(_lacking(asserted, quotes))
    hard = len(_hard(asserted))
    total = len(soft) + HARD_WEIGHT * hard
    return (sum(has_word(stem, held) for stem in soft) + HARD_WEIGHT * (hard - lacking)) / total if total else 0.0


def _lacking(asserted: Facts, quotes: Sequence[Facts]) -> set[tuple[str, object]]:
    """The numbers, dates and names of the claim that no quote holds."""
    held = _stems(quotes)
    numbers = {number for quote in quotes for number in quote.numbers}
    months = {month for quote in quotes for month in quote.months}
    return (
        {("name", name) for name in asserted.names if not has_word(name, held)}
        | {("number", number) for number in asserted.numbers if not any(number.agrees_with(other) for other in numbers)}
        | {("month", month) for month in asserted.months - months}
    )


def _hard(asserted: Facts) -> set[tuple[str, object]]:
    return (
        {("name", name) for name in asserted.names}
        | {("number", number) for number in asserted.numbers}
        | {("month", month) for month in asserted.months}
    )


def _stems(quotes: Sequence[Facts]) -> set[str]:
    return {stem for quote in quotes for stem in quote.stems}


def _shown(lacking: set[tuple[str, object]], said: str) -> list[str]:
    """What is missing: a name as the claim writes it, a month by its name."""
    written = {content(word.group()): word.group() for word in WORD.finditer(said)}
    names = [written.get(str(value), str(value)) for kind, value in lacking if kind == "name"]
    months = [ENGLISH[int(str(value)) - 1] for kind, value in lacking if kind == "month"]
    return sorted([*names, *months, *(str(value) for kind, value in lacking if kind == "number")])


def _without_yes(claim: str) -> str:
    """A claim without the yes or no at its beginning, which answers the question but claims nothing by itself."""
    return re.sub(r"^(?:yes|no)(?:[,.:;]\s+|[.!]?$)", "", normalise(claim), flags=re.IGNORECASE)
