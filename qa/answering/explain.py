"""Record how an answer came about, as data: an `Explanation`, which `qa.render.explanation` shows. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from index.records import Hit
from qa.answering.compare import Compared
from qa.answering.draft import Drafted
from qa.answering.evidence import Evidence, quoted
from qa.records import Explanation, Found, Quote, Weighed


def explained(
    hits: Sequence[Hit],
    read: Sequence[Evidence],
    written: Drafted,
    compared: Compared,
    *,
    caution: float,
    raised: str,
    note: str = "",
) -> Explanation:
    """Record what was searched, read, drafted and weighed, and what decided.

    `raised` is why the caution is above the setting, "" where it is not; `note` says by whose coefficients, "" where by
    those that ship.
    """
    drafts = {"": written, **dict(compared.asked)}
    return Explanation(
        passages=tuple(
            Found(Quote(hit.passage.source, hit.passage.start, hit.passage.end, hit.passage.text), round(hit.score, 4))
            for hit in hits
        ),
        read=tuple(Found(quoted(item), round(item.score, 4)) for item in read),
        drafts={source: drafted.text for source, drafted in drafts.items()},
        weighed=tuple(weighed for source, drafted in drafts.items() for weighed in _weighed(drafted, source or None)),
        decision=_decision(written, compared, caution, raised) + (f"; {note}" if note else ""),
    )


def _weighed(drafted: Drafted, asked: str | None) -> Iterator[Weighed]:
    for candidate in drafted.weighed:
        yield Weighed(
            candidate.text,
            candidate.origin,
            tuple(quoted(item) for item in candidate.attribution.quotes),
            round(candidate.attribution.support, 4),
            {}
            if candidate.signals is None
            else {name: round(value, 4) for name, value in asdict(candidate.signals).items() if value is not None},
            None if candidate.signals is None else round(candidate.probability, 4),
            candidate.reason,
            asked,
        )


def _decision(written: Drafted, compared: Compared, caution: float, raised: str) -> str:
    best = written.best
    if not written.text:
        return "unanswered: the model sees no answer in what it read, so nothing was drafted"
    if not written.weighed:
        return "unanswered: asked for the words that answer, the model says that there are none in what it read"
    if best is None:
        return "unanswered: no sentence passed the checks"
    if best.probability < caution:
        return (
            f"unanswered: the best sentence answers with probability {best.probability:.2f}, under the caution "
            f"of {caution:.2f}" + (f", raised because {raised}" if raised else "")
        )
    sure = f"the best sentence answers with probability {best.probability:.2f}, and the caution is {caution:.2f}"
    if compared.values:
        return f"conflicting: {sure}; {len(compared.values)} different values were found"
    return f"answered: {sure}; {_others(compared.asked)}"


def _others(asked: Sequence[tuple[str, Drafted]]) -> str:
    return (
        f"{len(asked)} other articles were asked and give no other value"
        if asked
        else "no other article holds another value"
    )
