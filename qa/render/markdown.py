"""An answer as Markdown with footnotes. Every character of an article is escaped: it is text, never markup.

In: an `Answer`. Out: Markdown text. Knows nothing of files or terminals.
"""

from __future__ import annotations

import re

from qa.records import Answer, Citation
from qa.render.harmless import one_line, safe_url
from qa.render.parts import parts

SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&$!^])")
LINE_START = re.compile(r"^([-+=:]|\d+(?=[.)]))")
AUTOLINK = re.compile(r"(?i)(\w+:)(?=//)|(www)(?=\.)")


def markdown(answer: Answer, *, label: str = "") -> str:
    """The answer with one footnote a quote; for an unanswered question the nearest passages as a list.

    `label` stands before the number of each footnote, so that several answers can share a document.
    """
    text = "".join(f"[^{label}{part}]" if isinstance(part, int) else _inline(part) for part in parts(answer))
    blocks = [_line_start(text.strip())]
    for conflict in answer.conflicts:
        values = [f"- {escape(claim.value)}{''.join(f'[^{label}{number}]' for number in claim.citations)}" for claim in conflict.claims]
        blocks.append("\n".join([f"**Sources differ:** {escape(conflict.about)}", "", *values]))
    if answer.nearest:
        blocks.append("\n".join(["Nearest passages:", "", *(f"- {_footnote(citation)}" for citation in answer.nearest)]))
    blocks += [f"*Note:* {escape(note)}" for note in answer.notes]
    blocks += [f"[^{label}{citation.number}]: {_footnote(citation)}" for citation in answer.citations]
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """`text` on one line, every character that Markdown could take for markup escaped."""
    return _line_start(_inline(" ".join(text.split())))


def _inline(text: str) -> str:
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    escaped = SPECIAL.sub(r"\\\1", one_line(text))
    return before + AUTOLINK.sub(lambda found: f"{found[1][:-1]}\\:" if found[1] else f"{found[2]}\\", escaped) + after


def _line_start(text: str) -> str:
    # "1." and "-" make a list only where a line begins
    return LINE_START.sub(lambda found: f"{found[1]}\\" if found[1].isdigit() else f"\\{found[1]}", text)


def _footnote(citation: Citation) -> str:
    credit = [escape(citation.name)]
    credit += [escape(part) for part in (citation.author, citation.publisher) if part]
    credit.append(escape(citation.date) if citation.date else "undated")
    if citation.printed_page is not None:
        credit.append(f"p. {escape(citation.printed_page)}")
    url = safe_url(citation.url)
    return f"“{escape(citation.quote)}” — {', '.join(credit)}{f' <{url}>' if url else ''} ({escape(citation.source)}, {citation.start}-{citation.end})"
