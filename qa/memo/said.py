"""What a memo asks of an answer: whether it is a refusal, whether two sentences are one, who says what.

In: answers and citations. Out: text. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.memo.dates import long_date_or_undated
from qa.records import Answer, Citation
from qa.render.harmless import one_line
from qa.render.naming import name


def refused(answer: Answer) -> bool:
    """Whether the articles do not answer: what they say against the question is no answer."""
    return answer.status == "unanswered" or not any(claim.citations for claim in answer.sentences)


def same(text: str) -> str:
    """What two sentences share that say the same in the same words."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


def voices(cited: Sequence[Citation]) -> dict[str, str]:
    """What to call each article in a sentence, with its date.

    Two that would be called the same are told apart by their source.
    """
    called = {one.source: one_line(one.author or (f"“{one.title}”" if one.title else name(one))) for one in cited}
    dates = {one.source: long_date_or_undated(one.date) for one in cited}
    whole = {source: f"{name} ({dates[source]})" for source, name in called.items()}
    twice = {label for label in whole.values() if list(whole.values()).count(label) > 1}
    return {
        source: f"{called[source]} ({one_line(source)}, {dates[source]})" if label in twice else label
        for source, label in whole.items()
    }
