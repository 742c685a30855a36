"""Judge a sentence of a draft by the quotes found for it.

Code finds the quotes that come nearest and sees which of its figures, dates and names they lack; a language model reads
whether they say it. A sentence is supported where both agree; it is contradicted where a quote that speaks of the same
gives another figure, or where the model is sure that it does not say it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answering.checks.facts import facts
from qa.answering.checks.support import lacking_figures
from qa.answering.evidence import Evidence, quoted
from qa.citing.agree import about, denied, has_name, least, read
from qa.citing.clauses import clauses
from qa.citing.exchanged import exchanged
from qa.citing.meanings import Meanings
from qa.citing.opening import Usage, uncapitalised, usage
from qa.citing.records import Age, Judged, Judgement, Otherwise
from qa.citing.weigh import Weighed, weighed

Says = Callable[[str, Sequence[Evidence]], float]  # P(the quotes say the sentence), as a model reads them

# of the probability that one article says a sentence: another that would say it as surely but for a figure speaks of
# the same thing
LIKE = 0.85
READ = 2  # sets of quotes that are read for a claim at most, the nearest that lack nothing
WORTH_READING = 0.25  # by words alone, the least probability of what is read at all
_DENIES = "its quote says otherwise"


@dataclass(frozen=True, slots=True)
class Read:
    """Quotes that were weighed, and the probability that they say the claim, where a model has read them."""

    weighed: Weighed
    sure: float | None


def judge(sentence: str, evidence: Sequence[Evidence], meanings: Meanings, written: Usage, says: Says) -> Judged:
    """What the evidence makes of a claim.

    `evidence` is what `qa.answering.evidence.select` found for it, or less; `written` is how its author writes words.

    Of a sentence of several clauses each is judged by itself too: a quote that says one of them is near the whole.
    """
    claim = uncapitalised(
        sentence,
        written,
        usage(text for item in evidence for text in (item.passage.text, item.passage.metadata.title or "")),
    )
    whole = _judged(claim, evidence, meanings, says)
    parts = clauses(claim) if whole.verdict != "contradicted" else ()
    return _together(whole, [(part, _judged(part, evidence, meanings, says)) for part in parts]) if parts else whole


def _judged(claim: str, evidence: Sequence[Evidence], meanings: Meanings, says: Says) -> Judged:
    near = weighed(claim, evidence, meanings)
    told = [one for one in near if not one.lacking and one.turned is None and one.but_for >= WORTH_READING]
    told.sort(key=lambda one: -one.near)
    seen = []
    for one in told[:READ]:
        said = says(claim, one.quotes)
        sure = read(one.sure, said)
        if sure >= least():
            return _supported(one, sure, near, exchanged(claim, one.quotes, says, said))
        seen.append(Read(one, sure))
    held = bool(told) or _said_elsewhere(claim, evidence)
    offered = [*seen, *(Read(one, None) for one in near if one.lacking or one.turned is not None)]
    verdicts = [(one, _unsupported(claim, one, held=held)) for one in offered]
    if not verdicts:
        return Judged("absent")
    nearest, verdict = max(verdicts, key=lambda pair: (pair[1] == "contradicted", pair[0].weighed.near))
    quotes = tuple(quoted(item) for item in nearest.weighed.quotes)
    sure = nearest.weighed.sure if nearest.sure is None else nearest.sure
    lacking = nearest.weighed.lacking
    if verdict == "contradicted":
        against = tuple(Otherwise(quote, None) for quote in quotes[:1])
        return Judged("contradicted", (), sure, lacking, against, None if lacking else _DENIES)
    if verdict == "partly":
        return Judged("partly", quotes, sure, lacking, remark=nearest.weighed.turned)
    return Judged("absent", support=sure)


def _supported(best: Weighed, sure: float, near: Sequence[Weighed], instead: tuple[str, str] | None) -> Judged:
    """What came of a claim that the quotes say, unless they have another figure or name `instead` of one of its own."""
    quotes = tuple(quoted(item) for item in best.quotes)
    if instead is not None:
        own, other = instead
        return Judged("partly", quotes, sure, (own,), remark=f"its quote rather says ‘{other}’")
    if best.hedge is not None:
        return Judged("partly", quotes, sure, remark=f"its quote says only ‘{best.hedge}’")
    others = tuple(Otherwise(quoted(one.quotes[0]), _age(one, best)) for one in near if _differs(one, best))
    return Judged("supported", quotes, sure, otherwise=others)


def _unsupported(claim: str, one: Read, *, held: bool) -> Judgement:
    """What quotes make of a claim that they do not say; `held` tells that others speak of the same and hold its figures."""
    found = one.weighed
    if found.but_for < about():
        return "absent"
    if one.sure is not None:
        return "contradicted" if one.sure < denied() and not found.gathered.lacking else "absent"
    if found.rival and not found.gathered.lacking and not held:
        return "contradicted"
    if found.turned is not None and not found.lacking:
        return "partly"
    said = facts(claim)
    few = 2 * len(found.lacking) < len(said.names) + len(said.numbers) + len(said.months)
    return "partly" if few or (found.rival and not found.gathered.lacking) else "absent"


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


def _said_elsewhere(claim: str, evidence: Sequence[Evidence]) -> bool:
    """Whether a sentence that was found holds all figures of the claim, and it or its title a name of it.

    Then another figure of another quote does not contradict.
    """
    said = facts(claim)
    if not said.numbers and not said.months:
        return False
    for item in evidence:
        own, title = facts(item.sentence.text), facts(item.passage.metadata.title or "")
        if lacking_figures(said, [own]) == 0 and any(has_name(name, {*own.stems, *title.stems}) for name in said.names):
            return True
    return False


def _differs(one: Weighed, best: Weighed) -> bool:
    """Whether a set of quotes of another article contradicts what `best` supports, and would say it nearly as surely.

    Else it may speak of something else.
    """
    return (
        one.rival
        and not one.gathered.lacking
        and one.but_for >= LIKE * best.sure
        and one.quotes[0].passage.source not in {quote.passage.source for quote in best.quotes}
    )


def _age(one: Weighed, best: Weighed) -> Age:
    ours, theirs = (item.quotes[0].passage.metadata.date for item in (best, one))
    return age(theirs, ours)


def age(date: str | None, beside: str | None) -> Age:
    """How old an article of a date is beside another; dates are ISO, as precise as known."""
    if not date or not beside:
        return "undated"
    length = min(len(date), len(beside))
    if date[:length] == beside[:length]:
        return "of the same date"
    return "newer" if date[:length] > beside[:length] else "older"
