"""Show how an answer came about: what was searched, read, drafted, weighed and decided, and the time.

Every word from an article passes `harmless`.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from qa.records import Answer, Found, Weighed
from qa.render.harmless import one_line

HEAD = "bold"
DIM = "dim"
SHOWN = 100  # characters of a passage


def explanation(answer: Answer) -> Text:
    """Everything in the order in which it happened."""
    told = answer.explanation
    text = Text()
    if not told.decision:
        return text.append(
            "The byline answered this: no passages were searched, and no model was asked.\n"
        ).append_text(_times(answer))
    _listed(text, "Passages considered", told.passages, shorten=True)
    _listed(text, "Sentences read by the model", told.read, shorten=False)
    for source, draft in told.drafts.items():
        text.append(f"\nDraft{f' from {one_line(source)} alone' if source else ''}\n", style=HEAD).append(
            f"  {one_line(draft) or '(none)'}\n"
        )
    text.append("\nChecks\n", style=HEAD)
    for weighed in told.weighed:
        _weighed(text, weighed)
    if not told.weighed:
        text.append("  (nothing to check)\n")
    text.append("\nDecision\n", style=HEAD).append(f"  {told.decision}\n")
    return text.append_text(_times(answer))


def _listed(text: Text, title: str, found: Iterable[Found], *, shorten: bool) -> None:
    text.append(f"{chr(10) if text.plain else ''}{title}\n", style=HEAD)
    for item in found:
        words = one_line(item.quote.text)
        text.append(f"  {item.score:.2f}  ").append(
            words if not shorten or len(words) <= SHOWN else words[: SHOWN - 1] + "…"
        )
        text.append(f"  {one_line(item.quote.source)}:{item.quote.start}-{item.quote.end}\n", style=DIM)


def _weighed(text: Text, weighed: Weighed) -> None:
    verdict = (
        f"rejected: {one_line(weighed.reason)}"
        if weighed.reason is not None
        else f"answers with probability {weighed.probability or 0.0:.2f}"
    )
    text.append(f"  {one_line(weighed.text)}\n    {verdict}\n")
    origin = "an article's own sentence" if weighed.origin == "article" else "from the draft"
    numbers = [f"support {weighed.support:.2f}", *(f"{name} {value:.2f}" for name, value in weighed.signals.items())]
    text.append(
        f"    {origin}{f' of {one_line(weighed.asked)} alone' if weighed.asked else ''}; {', '.join(numbers)}\n",
        style=DIM,
    )
    for quote in weighed.quotes:
        text.append(f"    “{one_line(quote.text)}”  {one_line(quote.source)}:{quote.start}-{quote.end}\n", style=DIM)


def _times(answer: Answer) -> Text:
    text = Text("\nTime\n", style="").append("")
    text.stylize(HEAD)
    for step, milliseconds in answer.timings_ms.items():
        text.append(f"  {step:<10} {milliseconds / 1000:6.2f} s\n", style="not bold")
    return text
