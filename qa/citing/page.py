"""Read the sentences of an HTML draft, and write it back with marks and notes, its markup otherwise unchanged.

A mark is a raised number after the sentence, with a word where something needs saying; the notes are in a section at
the end. Both carry `data-qa-cite` and are removed first where an earlier run added them. `qa verify` reads `data-mark`
and `data-note` as in every memo in HTML (`qa.memo.records`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from html.parser import HTMLParser

from qa.citing.records import Addition, Additions, Said
from qa.citing.text import Block, Reading, decoded, inserted, placed, said
from qa.citing.wording import NAMES, SOURCES
from qa.memo.records import Rich, anchor
from qa.render.harmless import harmless, one_line

_OURS = re.compile(r'<sup data-qa-cite="mark">.*?</sup>|\n<section data-qa-cite="notes">.*?</section>\n', re.DOTALL)
_CLOSING = re.compile(
    r"(?:</(?:a|abbr|b|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|u)\s*>"
    r"|<sup\b[^>]*>(?:(?!</sup>).)*</sup\s*>)*",
    re.IGNORECASE | re.DOTALL,
)
_SKIPPED = frozenset("head script style template pre code nav button select textarea noscript svg math title".split())
_INLINE = frozenset(
    "a abbr b bdi bdo cite code data dfn em font i kbd mark q s samp small span strong sub sup time u "
    "var wbr ins del label".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 th caption figcaption dt legend summary".split())
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def read(content: bytes, name: str) -> tuple[Said, ...]:
    """The sentences of a draft. Raises MemoError where it is not UTF-8."""
    _, text = decoded(content, name)
    return said(_blocks(_OURS.sub("", text)))


def written(content: bytes, name: str, additions: Additions) -> bytes:
    """The draft with these additions, one for each of its sentences."""
    mark, text = decoded(content, name)
    text = _OURS.sub("", text)
    new, notes = [], []
    for number, (place, addition) in enumerate(placed(_blocks(text), additions.sentences), start=1):
        new.append((place, _mark(number, addition)))
        notes.append(_note(number, addition))
    if not new:
        return (mark + text).encode()
    made = inserted(text, new, lambda held, at: _CLOSING.match(held, at).end())  # type: ignore[union-attr]
    ends = [found.start() for found in re.finditer(r"</body\s*>", made, re.IGNORECASE)]
    end = ends[-1] if ends else len(made)
    return f"{mark}{made[:end]}{_section(additions, notes)}{made[end:]}".encode()


def _mark(number: int, addition: Addition) -> str:
    told = "" if addition.verdict == "supported" else f" {NAMES[addition.verdict]}"
    held = f'data-mark="{number}" ' if _quoted(addition) else ""
    return (
        f'<sup data-qa-cite="mark"><a {held}id="qa-mark-{number}" href="#qa-note-{number}">[{number}{told}]</a></sup>'
    )


def _note(number: int, addition: Addition) -> str:
    held = f'data-note="{number}" ' if _quoted(addition) else ""
    paragraphs = [f"<p>{_text(line)}</p>" for line in addition.comment]
    paragraphs += [
        f"<p data-cite>{_rich(cite.credit)} “{_text(one_line(cite.quote))}” {_text(anchor(cite))}</p>"
        for cite in addition.cites
    ]
    return f'<li value="{number}"><div {held}id="qa-note-{number}">{"".join(paragraphs)}</div> <a href="#qa-mark-{number}">↩</a></li>'


def _quoted(addition: Addition) -> bool:
    return bool(addition.cites) or any("“" in line for line in addition.comment)


def _section(additions: Additions, notes: Iterable[str]) -> str:
    lines = ['\n<section data-qa-cite="notes">', "<hr>", "<ol>", *notes, "</ol>"]
    if additions.references:
        lines += [
            f"<h2>{SOURCES}</h2>",
            "<ul>",
            *(f"<li>{_rich(reference.entry)}</li>" for reference in additions.references),
            "</ul>",
        ]
    return "\n".join([*lines, *(f"<p><small>{_text(line)}</small></p>" for line in additions.colophon), "</section>\n"])


def _rich(rich: Rich) -> str:
    made = []
    for span in rich:
        text = _text(span.text)
        text = f"<i>{text}</i>" if span.italic else text
        made.append(f"<b>{text}</b>" if span.bold else text)
    return "".join(made)


def _text(text: str) -> str:
    return html.escape(harmless(text), quote=False)


def _blocks(text: str) -> list[Block]:
    reader = _Reader(text)
    reader.feed(text)
    reader.close()
    reader.end_block()
    return reader.blocks


class _Reader(HTMLParser):
    """Reads paragraphs off the markup, with the place of each character."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.blocks: list[Block] = []
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._whole = text
        self._reading = Reading()
        self._skipped = 0
        self._heading = False

    def end_block(self) -> None:
        """What was read so far is a paragraph."""
        if (block := self._reading.block(heading=self._heading)) is not None:
            self.blocks.append(block)
        self._reading = Reading()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipped += 1
        if tag == "a" and not self._skipped:
            self._cited(dict(attrs).get("href") or "")
        if tag == "br":
            self._reading.add(" ", self._at(), self._at())
        elif tag not in _INLINE and tag not in _VOID:
            self.end_block()
            self._heading = tag in _HEADINGS

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipped = max(0, self._skipped - 1)
        if tag not in _INLINE and tag not in _VOID:
            self.end_block()
            self._heading = False

    def handle_data(self, data: str) -> None:
        at = self._at()
        if not self._skipped:
            for place, character in enumerate(data, start=at):
                self._reading.add(character, place, place + 1)

    def handle_entityref(self, name: str) -> None:
        self._entity(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._entity(f"&#{name}")

    def _entity(self, written: str) -> None:
        at = self._at()
        end = at + len(written) + (self._whole[at + len(written) : at + len(written) + 1] == ";")
        if not self._skipped:
            for character in html.unescape(f"{written};"):
                self._reading.add(character, at, end)

    def _cited(self, address: str) -> None:
        """A link is what the author cites: an address, or what stands at the place in the file that it leads to."""
        if address.startswith("#") and len(address) > 1:
            found = re.search(rf"\bid\s*=\s*[\"']?{re.escape(address[1:])}[\"'\s>]", self._whole)
            after = self._whole[found.end() : found.end() + 2000] if found else ""
            address = " ".join(
                html.unescape(
                    re.sub(r"<[^>]*>", " ", after.partition(">")[2] if found and found[0][-1] != ">" else after)
                ).split()
            )[:500]
        if address:
            self._reading.cite(address)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
