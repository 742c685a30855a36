"""Escape words for HTML: on one line or as they stand, with nothing invisible in them.

The result is `Markup`, which is never escaped again, while every plain string formatted into it is: forgetting to
escape shows as `&lt;`, never as a tag.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from qa.memo.dates import long_date
from qa.memo.records import Rich, Span
from qa.render.harmless import harmless, one_line, safe_url

EMPTY = Markup()
# a bare one becomes a line feed in every HTML parser, and the words would no longer be those of the article
_CARRIAGE_RETURN = Markup("&#13;")


def line(text: str) -> Markup:
    """`text` on one line."""
    return escape(one_line(text))


def phrased(pieces: tuple[str, str, str]) -> Markup:
    """Three pieces of a line that is harmless already, the second of them, if there is any, set apart."""
    before, phrase, after = pieces
    return Markup("{}{}{}").format(before, phrase_of(escape(phrase)), after) if phrase else escape(before + after)


def phrase_of(words: Markup) -> Markup:
    """Words of a quote that are the answer."""
    return Markup('<strong class="phrase">{}</strong>').format(words)


def slice_of(text: str, start: int, end: int) -> Markup:
    """Return `text[start:end]` as it stands, line ends included.

    Invisible characters are shown as ‹U+202E›, and soft hyphens dropped.
    """
    before = text[start - 1 : start] if start else ""
    return _CARRIAGE_RETURN.join(escape(part) for part in _harmless_after(before, text[start:end]).split("\r"))


def rich(spans: Rich) -> Markup:
    """Formatted words, every address a link that opens in a tab of its own."""
    return EMPTY.join(_span(span) for span in spans)


def day(iso: str | None) -> Markup:
    """An ISO date of any precision as `<time>`, written out; an unknown one as “undated”."""
    if not iso:
        return Markup('<span class="undated">undated</span>')
    return Markup('<time datetime="{}">{}</time>').format(iso, long_date(iso))


def link(url: str, words: str) -> Markup:
    """Return a link that loads nothing until it is followed, and does not tell the site where it was."""
    return Markup('<a class="out" href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, words)


def _harmless_after(before: str, text: str) -> str:
    # whether a joiner is part of a word's spelling shows in the letter before it, which may lie in another piece
    parts = text.split("\r")
    return "\r".join(
        harmless(lead + part)[len(harmless(lead)) :]
        for lead, part in zip([before, *[""] * (len(parts) - 1)], parts, strict=True)
    )


def _span(span: Span) -> Markup:
    words = escape(harmless(span.text))
    url = safe_url(span.url)
    if url:
        words = link(url, words)
    if span.superscript:
        words = Markup("<sup>{}</sup>").format(words)
    if span.small_caps:
        words = Markup('<span class="small-caps">{}</span>').format(words)
    if span.italic:
        words = Markup("<em>{}</em>").format(words)
    return Markup("<strong>{}</strong>").format(words) if span.bold else words
