"""How an answer came about, for a person. Takes an answer; returns text.

An answer that was just given carries the record of how it was made, which `qa.render.explanation` shows. One of a
conversation that was resumed carries only what its JSON holds, and of that this module shows what bears on the question
why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.records import Answer
from qa.render.harmless import one_line

if TYPE_CHECKING:
    from rich.text import Text

TITLE = "bold"


def why(answer: Answer) -> Text:
    """Everything that is known of how the answer came about."""
    from qa.render.explanation import explanation

    return explanation(answer) if answer.explanation.decision else remembered(answer)


def remembered(answer: Answer) -> Text:
    """The decision, sentences with their quotes, what was removed and why, nearest passages, notes, times, provenance."""
    from rich.text import Text

    text = Text()
    text.append("Question: ", style=TITLE).append(one_line(answer.question)).append("\n")
    text.append("Decision: ", style=TITLE).append(f"{answer.status}, confidence {answer.confidence:.2f}\n")
    _list(
        text,
        "Sentences and how well their quotes carry them",
        [f"{claim.support:.2f}  {claim.text} {_numbers(claim.citations)}" for claim in answer.sentences],
    )
    for conflict in answer.conflicts:
        _list(
            text,
            f"Sources differ: {conflict.about}",
            [f"{value.value} {_numbers(value.citations)}" for value in conflict.claims],
        )
    _list(
        text,
        "Removed from the draft",
        [f"“{rejected.text}”: {rejected.reason}" for rejected in answer.rejected],
        none="nothing",
    )
    _list(
        text, "Nearest passages", [f"{near.source}:{near.start}-{near.end} “{near.quote}”" for near in answer.nearest]
    )
    _list(text, "Notes", answer.notes)
    if answer.timings_ms:
        text.append("Time: ", style=TITLE).append(
            ", ".join(f"{step} {milliseconds / 1000:.1f} s" for step, milliseconds in answer.timings_ms.items())
        ).append("\n")
    made = answer.provenance
    text.append("Made with: ", style=TITLE).append(
        one_line(f"{made.model}; {made.embedder}; library {made.library[:12]}; settings {made.settings}")
    ).append("\n")
    return text


def _list(text: Text, title: str, lines: list[str] | tuple[str, ...], *, none: str = "") -> None:
    if lines:
        text.append(f"{one_line(title)}:\n", style=TITLE)
        for line in lines:
            text.append(f"  {one_line(line)}\n")
    elif none:
        text.append(f"{title}: ", style=TITLE).append(f"{none}\n")


def _numbers(citations: tuple[int, ...]) -> str:
    return "".join(f"[{number}]" for number in citations)
