"""Judge a sentence of a draft by the quotes found for it, without a language model.

Several sets of quotes are tried. A sentence is supported where one of them says it by a regression over readable
features (`qa.citing.agree`), holds every figure and name of it, and reverses nothing (`qa.answering.checks.relations`).
It is contradicted where a quote would say it but for a figure, a denial or an opposite.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from index.ingest.months import ENGLISH
from qa.answering.checks.denials import Denials
from qa.answering.checks.facts import facts
from qa.answering.checks.figures import Number, is_year, of_a_kind
from qa.answering.checks.hedges import unhedged
from qa.answering.checks.relations import relations, turned
from qa.answering.checks.support import lacking_figures
from qa.answering.checks.tokens import tokens
from qa.answering.checks.unsaid import derived
from qa.answering.evidence import Evidence, quoted
from qa.citing.agree import agreement, has_name, least, overlooking, probability
from qa.citing.clauses import clauses
from qa.citing.counts import miscounted
from qa.citing.gather import Gathered, gathered
from qa.citing.meanings import Meanings
from qa.citing.opening import Usage, uncapitalised, usage
from qa.citing.records import Age, Judged, Judgement, Otherwise

# of the probability that one article says a sentence: another that would say it as surely but for a figure speaks of
# the same thing
LIKE = 0.85
_LONGEST = 5  # words of a figure
UNSHARED = 0.5  # the least probability where quotes share neither a word nor a figure with the sentence
_DERIVED = 5  # letters: shorter stems are begun alike by chance, as "work" and "word"
APART = 1.0  # what names count for that a quote has only from its neighbours, beside a probability
# both as `qa.answering.checks.relations` puts them
_DENIES = "it affirms what its quote denies, or denies what it affirms"
_OPPOSITE = "it says the opposite of its quote"
# no hedges by themselves, though their stems are those of some
_SURE = frozenset("like report reports reported appear appears appeared".split())


@dataclass(frozen=True, slots=True)
class Weighed:
    """A set of quotes as it was weighed: `sure` is the probability that it says the sentence, `but_for` the same as if it held every figure and name."""

    gathered: Gathered
    verdict: Judgement
    sure: float
    but_for: float
    lacking: tuple[str, ...]
    turned: str | None
    apart: float


def judge(sentence: str, evidence: Sequence[Evidence], meanings: Meanings, written: Usage) -> Judged:
    """What the evidence makes of a claim.

    `evidence` is what `qa.answering.evidence.select` found for it, or less; `written` is how its author writes words.

    Of a sentence of several clauses each is judged by itself too: a quote that says one of them is near the whole.
    """
    claim = uncapitalised(
        sentence,
        written,
        usage(text for item in evidence for text in (item.passage.text, item.passage.metadata.title or "")),
    )
    whole = _judged(claim, evidence, meanings)
    parts = clauses(claim) if whole.verdict != "contradicted" else ()
    return _together(whole, [(part, _judged(part, evidence, meanings)) for part in parts]) if parts else whole


def _judged(claim: str, evidence: Sequence[Evidence], meanings: Meanings) -> Judged:
    raw = [_weighed(claim, one, meanings) for one in gathered(claim, evidence, meanings)]
    weighed = _told(raw, elsewhere=_said_elsewhere(claim, evidence))
    if not weighed:
        return Judged("absent")
    best = max(weighed, key=_weight)
    quotes = tuple(quoted(item) for item in best.gathered.quotes)
    if best.verdict == "supported":
        others = tuple(Otherwise(quoted(one.gathered.quotes[0]), _age(one, best)) for one in raw if _differs(one, best))
        return Judged("supported", quotes, best.sure, otherwise=others)
    if best.verdict == "contradicted":
        return Judged(
            "contradicted",
            (),
            best.sure,
            best.lacking,
            tuple(Otherwise(quote, None) for quote in quotes[:1]),
            best.turned,
        )
    if best.verdict == "partly":
        return Judged("partly", quotes, best.sure, best.lacking, (), best.turned)
    return Judged("absent", support=best.sure)


def _together(whole: Judged, parts: Sequence[tuple[str, Judged]]) -> Judged:
    """What came of a sentence from what came of its clauses.

    That of the whole where no clause is supported or contradicted.
    """
    held = [found for _, found in parts if found.verdict == "supported"]
    against = [found for _, found in parts if found.verdict == "contradicted"]
    if not held and not against:
        return whole
    quotes = tuple(dict.fromkeys(quote for found in held for quote in found.quotes))
    support = min(found.support for _, found in parts)
    others = tuple(dict.fromkeys(other for _, found in parts for other in found.otherwise))
    if against:
        return Judged(
            "contradicted",
            quotes,
            support,
            tuple(word for found in against for word in found.lacking),
            others,
            against[0].remark,
        )
    if len(held) == len(parts):
        return Judged("supported", quotes, support, otherwise=others)
    return Judged(
        "partly", quotes, support, tuple(part for part, found in parts if found.verdict != "supported"), others
    )


def _weight(one: Weighed) -> tuple[bool, float, bool]:
    """What says yes or no comes before what does neither.

    Of two, the one that would say it more surely and of the same names, and yes before no.
    """
    return (
        one.verdict in ("supported", "contradicted"),
        round(one.but_for - APART * one.apart, 2),
        one.verdict == "supported",
    )


def _said_elsewhere(claim: str, evidence: Sequence[Evidence]) -> bool:
    """Whether a sentence that was found holds all figures of the claim, and it or its title a name of it."""
    said = facts(claim)
    if not said.numbers and not said.months:
        return False
    for item in evidence:
        own, title = facts(item.sentence.text), facts(item.passage.metadata.title or "")
        if lacking_figures(said, [own]) == 0 and any(has_name(name, {*own.stems, *title.stems}) for name in said.names):
            return True
    return False


def _told(weighed: Sequence[Weighed], *, elsewhere: bool) -> list[Weighed]:
    """Another figure contradicts only where no quote that speaks of the same holds the claim's own."""
    held = elsewhere or any(not one.lacking and one.turned is None for one in weighed)
    return [
        replace(one, verdict="partly") if held and one.verdict == "contradicted" and one.turned is None else one
        for one in weighed
    ]


def _weighed(claim: str, found: Gathered, meanings: Meanings) -> Weighed:
    seen = agreement(claim, found.texts, meanings, known=found.known, dated=found.dated)
    sure, but_for = probability(seen), probability(overlooking(seen))
    lacking = _hard_lacking(claim, found)
    reason = _turned(_untold(claim), [_untold(text) for text in found.texts])
    hedge = _hedge(claim, found.texts[0])
    verdict = _verdict(claim, found, sure, but_for, lacking, reason)
    if verdict == "supported" and hedge is not None:
        verdict, reason = "partly", f"its quote says only ‘{hedge}’"
    return Weighed(found, verdict, sure, but_for, lacking, reason, found.apart(claim))


def _verdict(
    claim: str, found: Gathered, sure: float, but_for: float, lacking: Sequence[str], reason: str | None
) -> Judgement:
    if not lacking and reason is None:
        return "supported" if sure >= (least() if _shares(claim, found.texts) else UNSHARED) else "absent"
    if but_for < least():
        return "absent"
    against = reason == _OPPOSITE or (
        reason is not None and _denied(_untold(claim), [_untold(text) for text in found.texts])
    )
    rival = bool(lacking) and (_rival(claim, found.texts[0]) or bool(miscounted(claim, found.texts)))
    if not found.lacking and (against or rival):
        return "contradicted"
    said = facts(claim)
    return (
        "partly"
        if 2 * len(lacking) < len(said.names) + len(said.numbers) + len(said.months) or not lacking
        else "absent"
    )


def _shares(claim: str, quotes: Sequence[str]) -> bool:
    """Whether the quotes hold a word of the claim that is no name, or a figure.

    Names alone say nothing of whom they name.
    """
    said, stems = facts(claim), {stem for quote in quotes for stem in facts(quote).stems}
    return bool(said.numbers or said.months) or any(
        derived(word, stems) for word in said.stems if word not in said.names
    )


def _turned(claim: str, quotes: Sequence[str]) -> str | None:
    """What a claim turns round of its quotes: of all together, or says the opposite of one.

    A lack in the claim is no denial: it may be a want in a quote.
    """
    positive = re.sub(r"\b(?:lack|absence)(?= of\b)", "shortage", claim, flags=re.IGNORECASE)
    reason = turned(positive, quotes) or (_DENIES if _denied(positive, quotes) else None)
    return reason or next((told for quote in quotes if (told := turned(positive, [quote])) == _OPPOSITE), None)


def _denied(claim: str, quotes: Sequence[str]) -> bool:
    """Whether a quote states what the claim denies, or denies what it states.

    That no quote denies anything is not enough.
    """
    said = relations(claim).denials
    return any(
        said.contradict(held) or held.contradict(said) or _affirmed(said, held)
        for held in (relations(quote).denials for quote in quotes)
    )


def _affirmed(said: Denials, held: Denials) -> bool:
    """Whether the claim states most of what a quote denies, be it in another form of the words.

    It "had decided" where "no decisions had been made".
    """
    stated = {word for word, sign in said.signs if sign > 0} - {word for word, sign in said.signs if sign < 0}
    scopes = (scope for scope in held.scopes if scope)
    return not said.scopes and any(
        2 * sum(_among(word, stated) for word in scope) >= len(scope) and len(scope) > 1 for scope in scopes
    )


def _among(word: str, stated: Set[str]) -> bool:
    return word in stated or (len(word) >= _DERIVED and derived(word, stated))


def _untold(text: str) -> str:
    """A text without the clause that says who says so: a denial before it does not reach into it.

    Nor does "no more than six" deny anything.
    """
    bounded = re.sub(r"\bno (?:more|fewer|less|later|earlier|longer) than\b", "about", text, flags=re.IGNORECASE)
    return re.sub(r", according to [^,;.]*", "", bounded)


def _hedge(claim: str, quote: str) -> str | None:
    """The hedge that the claim leaves out. Who appears in court does not seem to."""
    hedge = unhedged(claim, quote)
    return None if hedge is not None and hedge.casefold() in _SURE and f"{hedge} to " not in quote else hedge


def _rival(claim: str, quote: str) -> bool:
    """Whether the quote gives another figure of the kind that the claim gives and it lacks.

    Then it speaks of the same thing, and says otherwise.
    """
    said, told = facts(claim), facts(quote)
    lacking = [number for number in said.numbers if not any(number.agrees_with(other) for other in told.numbers)]
    offered = [number for number in told.numbers if not any(other.agrees_with(number) for other in said.numbers)]
    if any(_comparable(number, other) for number in lacking for other in offered):
        return True
    return bool(said.months - told.months and told.months - said.months)


def _comparable(one: Number, other: Number) -> bool:
    return of_a_kind(one, other) and (bool(one.unit) or is_year(one) == is_year(other))


def _differs(one: Weighed, best: Weighed) -> bool:
    """Whether a set of quotes of another article contradicts what `best` supports, and would say it nearly as surely.

    Else it may speak of something else.
    """
    return (
        one.verdict == "contradicted"
        and one.but_for >= LIKE * best.sure
        and one.gathered.quotes[0].passage.source not in {quote.passage.source for quote in best.gathered.quotes}
    )


def _age(one: Weighed, best: Weighed) -> Age:
    ours, theirs = (item.gathered.quotes[0].passage.metadata.date for item in (best, one))
    return age(theirs, ours)


def age(date: str | None, beside: str | None) -> Age:
    """How old an article of a date is beside another; dates are ISO, as precise as known."""
    if not date or not beside:
        return "undated"
    length = min(len(date), len(beside))
    if date[:length] == beside[:length]:
        return "of the same date"
    return "newer" if date[:length] > beside[:length] else "older"


def _hard_lacking(claim: str, found: Gathered) -> tuple[str, ...]:
    """The figures, months and names of the claim that its quotes do not hold, as they are shown.

    Names as the claim writes them.
    """
    said, held = facts(claim), [facts(text) for text in (*found.texts, *found.dated)]
    numbers = [number for one in held for number in one.numbers]
    months = {month for one in held for month in one.months}
    written = {token.key: token.written for token in tokens(claim) if token.named}
    names = [written.get(name, name) for name in said.names if name in found.lacking]
    otherwise = miscounted(claim, found.texts)
    figures = [
        number
        for number in said.numbers
        if number in otherwise or not any(_vouches(other, number) for other in numbers)
    ]
    return tuple(
        sorted(names)
        + [_as_written(number, claim) for number in sorted(figures)]
        + [ENGLISH[month - 1] for month in sorted(said.months - months)]
    )


def _vouches(quoted: Number, number: Number) -> bool:
    """Whether a figure of a quote is that of the claim: the 116th Congress is no 116 of anything."""
    return number.agrees_with(quoted) and (quoted.unit != "th" or number.unit == "th")


def _as_written(number: Number, claim: str) -> str:
    """A figure in the fewest words of the claim that give it: "$86.7 billion"."""
    written = claim.split()
    for size in range(1, _LONGEST + 1):
        for start in range(len(written) - size + 1):
            words = " ".join(written[start : start + size])
            if number in facts(words).numbers:
                return words.strip(".,;:()[]“”\"'")
    return str(number)
