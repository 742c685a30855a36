"""An answer as Rich text for a terminal: sentences or disagreements, numbered footnotes, what was left out.

The result holds no markup to be parsed; colours and wrapping are the console's affair. Every word from an article
passes `harmless`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from index.records import Hit, Metadata
from qa.records import Answer, Citation, Claim, Conflict
from qa.render.counted import counted
from qa.render.differences import HEADING, positions
from qa.render.harmless import harmless, one_line
from qa.render.naming import name
from qa.render.parts import parts
from qa.render.phrases import is_phrase, quote_parts

DIM = "dim"
MARK = "cyan"
TITLE = "bold"
VALUE = "bold"
QUOTE = "italic"
PHRASE = "bold"
NARROWEST = 20  # columns; what is left less by its indentation begins at the margin
# what the further lines of a line stand under the end of; a quotation mark only where it is a quote's, which ends the
# line: that of a title stands with those of the titles behind it
_LEAD = re.compile(r"\s*(?:\[\d+\] |• |note: |(?<=\s)“(?=.*”$))?")


def whole(answer: Answer) -> Text:
    """Render the answer and all that belongs to it.

    An answer on which the articles differ begins with the values that they give.
    """
    text = Text("\n").join(_difference(conflict, answer.citations) for conflict in answer.conflicts)
    said = _said(answer)
    if said and text:
        text.append("\n")
    return text.append_text(said).append_text(_rest(answer))


def fitted(text: Text, console: Console) -> Text:
    """Wrap `text` to the console, each further line under the words of the first.

    Unchanged where the console wraps nothing.
    """
    if console.soft_wrap:
        return text
    lines: list[Text] = []
    for line in text.split("\n", allow_blank=True):
        lead = _LEAD.match(line.plain)
        hang = lead.end() if lead and console.width - lead.end() >= NARROWEST else 0
        first, words = line.divide([hang])
        wrapped = list(words.wrap(console, console.width - hang)) or [words]
        for piece in wrapped[:-1]:
            piece.rstrip()
        lines += [first.append_text(wrapped[0]), *(Text(" " * hang).append_text(further) for further in wrapped[1:])]
    return Text("\n").join(lines)


def _said(answer: Answer) -> Text:
    """The sentences with their markers; a phrase that stands for a sentence is bold."""
    text = Text()
    for part in parts(answer):
        if isinstance(part, int):
            text.append("" if text.plain.endswith("]") else " ").append_text(_marker(part))
        elif isinstance(part, Claim):
            text.append(harmless(part.text), style=VALUE if is_phrase(part) else "")
        else:
            text.append(harmless(part))
    return text.append("\n") if text else text


def _difference(conflict: Conflict, citations: Iterable[Citation]) -> Text:
    """Each value with its markers, and under it the articles that give it."""
    text = Text(f"{HEADING}\n", style="")
    text.stylize(TITLE)
    for position in positions(conflict, citations):
        text.append("  • ").append(position.value, style=VALUE).append(" ")
        for number in position.citations:
            text.append_text(_marker(number))
        text.append(f"\n    {'; '.join(position.voices)}\n")
    return text


def _rest(answer: Answer) -> Text:
    """What follows: footnotes, the nearest passages, notes."""
    text = Text()
    if answer.citations:
        text.append("\n").append_text(_footnotes(answer.citations))
    if answer.nearest:
        text.append("\nNearest passages:\n", style=TITLE).append_text(
            _footnotes(answer.nearest, numbered=not answer.citations)
        )
    remarks = [*answer.notes, *_removed(answer)]
    if remarks:
        text.append("\n")
    for remark in remarks:
        text.append(f"note: {one_line(remark)}\n", style=DIM)
    return text


def passages(hits: Iterable[tuple[Hit, str]]) -> Text:
    """Passages one after the other, each under where it comes from; each is given with what its article is called."""
    text = Text()
    for number, (hit, called) in enumerate(hits, start=1):
        passage = hit.passage
        text.append_text(_marker(number)).append(" ").append_text(_credit(called, passage.metadata))
        text.append(f"  {one_line(passage.source)}:{passage.start}-{passage.end}  {hit.score:.2f}\n", style=DIM)
        text.append(f"    {one_line(passage.text)}\n")
    return text


def reading(found: Iterable[tuple[str, str]], *, width: int | None = None) -> Text:
    """One line a passage, of what its article is called and its words: what an answer is looked for in.

    Cut at `width` columns, if there are any.
    """
    text = Text()
    for called, words in found:
        line = Text(f"  {one_line(called)}: {one_line(words)}")
        if width is not None:
            line.truncate(width, overflow="ellipsis")
        text.append_text(line).append("\n")
    return text


def _footnotes(citations: Iterable[Citation], *, numbered: bool = True) -> Text:
    """`numbered` is false where other footnotes bear the same numbers."""
    text = Text()
    for citation in citations:
        metadata = Metadata(citation.title, citation.author, citation.date, citation.publisher, citation.url)
        text.append_text(_marker(citation.number) if numbered else Text("•")).append(" ").append_text(
            _credit(name(citation), metadata)
        )
        if citation.printed_page is not None:
            text.append(f", p. {one_line(citation.printed_page)}")
        text.append(f"  {one_line(citation.source)}:{citation.start}-{citation.end}\n", style=DIM)
        before, phrase, after = quote_parts(citation)
        text.append("    “").append(before, style=QUOTE).append(phrase, style=PHRASE).append(after, style=QUOTE).append(
            "”\n"
        )
    return text


def _credit(called: str, metadata: Metadata) -> Text:
    text = Text().append(one_line(called), style=TITLE)
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
    return [
        f"{counted(count, 'sentence')} of the draft removed: not vouched for by the articles (--explain shows "
        f"why, /why in a chat)"
    ]
