"""An answer for a person at a terminal, as Rich text: sentences, numbered footnotes, what the sources disagree on, what was left out.

In: answers, hits and citations. Out: `rich.text.Text`, which holds no markup to be parsed; whether it is coloured or wrapped is the console's affair.
Every word from an article passes `harmless`.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from index.records import Hit, Metadata
from qa.records import Answer, Citation, Claim
from qa.render.counted import counted
from qa.render.harmless import harmless, one_line
from qa.render.parts import parts

DIM = "dim"
MARK = "cyan"
TITLE = "bold"
QUOTE = "italic"


def whole(answer: Answer) -> Text:
    """The answer and all that belongs to it."""
    text = Text()
    for part in parts(answer):
        if isinstance(part, int):
            text.append("" if text.plain.endswith("]") else " ").append_text(_marker(part))
        else:
            text.append(harmless(part))
    return text.append("\n").append_text(rest(answer))


def sentence(claim: Claim) -> Text:
    """One sentence as it is shown while the answer is being written."""
    text = Text(harmless(claim.text) + " ")
    for number in claim.citations:
        text.append_text(_marker(number))
    return text


def rest(answer: Answer) -> Text:
    """What follows the sentences: conflicts, footnotes, the nearest passages, notes."""
    text = Text()
    for conflict in answer.conflicts:
        text.append("\nSources differ: ", style=TITLE).append(one_line(conflict.about)).append("\n")
        for claim in conflict.claims:
            text.append(f"  • {one_line(claim.value)} ")
            for number in claim.citations:
                text.append_text(_marker(number))
            text.append("\n")
    if answer.citations:
        text.append("\n").append_text(_footnotes(answer.citations))
    if answer.nearest:
        text.append("\nNearest passages:\n", style=TITLE).append_text(_footnotes(answer.nearest, numbered=not answer.citations))
    remarks = [*answer.notes, *_removed(answer)]
    if remarks:
        text.append("\n")
    for remark in remarks:
        text.append(f"note: {one_line(remark)}\n", style=DIM)
    return text


def passages(hits: Iterable[Hit]) -> Text:
    """Passages one after the other, each under where it comes from."""
    text = Text()
    for number, hit in enumerate(hits, start=1):
        passage = hit.passage
        text.append_text(_marker(number)).append(" ").append_text(_credit(passage.source, passage.metadata))
        text.append(f"  {one_line(passage.source)}:{passage.start}-{passage.end}  {hit.score:.2f}\n", style=DIM)
        text.append(f"    {one_line(passage.text)}\n")
    return text


def reading(hits: Iterable[Hit], *, width: int = 100) -> Text:
    """One line a passage: what the answer will be looked for in."""
    text = Text()
    for hit in hits:
        line = f"  {one_line(hit.passage.metadata.title or hit.passage.source)}: {one_line(hit.passage.text)}"
        text.append(line if len(line) <= width else line[: width - 1] + "…").append("\n")
    text.stylize(DIM)
    return text


def _footnotes(citations: Iterable[Citation], *, numbered: bool = True) -> Text:
    """`numbered` is false where other footnotes bear the same numbers."""
    text = Text()
    for citation in citations:
        metadata = Metadata(citation.name, citation.author, citation.date, citation.publisher, citation.url)
        text.append_text(_marker(citation.number) if numbered else Text("•")).append(" ").append_text(_credit(citation.source, metadata))
        if citation.printed_page is not None:
            text.append(f", p. {one_line(citation.printed_page)}")
        text.append(f"  {one_line(citation.source)}:{citation.start}-{citation.end}\n", style=DIM)
        text.append("    “").append(one_line(citation.quote), style=QUOTE).append("”\n")
    return text


def _credit(source: str, metadata: Metadata) -> Text:
    text = Text().append(one_line(metadata.title or source), style=TITLE)
    for part in (metadata.author, metadata.publisher):
        if part:
            text.append(f", {one_line(part)}")
    text.append(", ")
    return text.append(one_line(metadata.date)) if metadata.date else text.append("undated", style=DIM)


def _marker(number: int) -> Text:
    return Text(f"[{number}]", style=MARK)


def _removed(answer: Answer) -> list[str]:
    count = len(answer.rejected)
    if not count:
        return []
    return [f"{counted(count, 'sentence')} of the draft removed: not vouched for by the articles (--explain shows why, /why in a chat)"]
