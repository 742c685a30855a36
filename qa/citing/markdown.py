"""Read the sentences of a Markdown draft, and write it back with `[^n]` notes and HTML comments.

Code, HTML blocks, comments and the metadata at the top are skipped; headings are read. What an earlier run added is
removed first: the block between `<!-- qa cite -->` and `<!-- /qa cite -->` at the end, the marks that it defines, and
the comments that begin with `qa cite:`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from qa.citing.records import Addition, Additions, Said
from qa.citing.text import Block, Reading, decoded, inserted, placed, said
from qa.citing.wording import AUTHOR, SOURCES
from qa.memo.markdown import footnote, plain_text, rich_text
from qa.memo.records import Note

_BLOCK = re.compile(rf"\n\n<!-- {AUTHOR} -->\n.*?\n<!-- /{AUTHOR} -->\n", re.DOTALL)
_COMMENT = re.compile(rf" <!-- {AUTHOR}: .*? -->", re.DOTALL)
_DEFINED = re.compile(r"^\[\^([^\]\s]+)\]:", re.MULTILINE)
_NUMBER = re.compile(r"\[\^(\d+)\]")
_FRONT = re.compile(r"\A---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_LEAD = re.compile(r"^(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?")
_ITEM = re.compile(r"^(?:[ \t]*>)*[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_TABLE = re.compile(
    r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$"
    r"|^[ \t]*\|[ \t]*:?-+:?[ \t]*\|[ \t]*$"
)
_RULE = re.compile(r"^[ \t]*(?:=+|-{2,}|(?:[*_-][ \t]*){3,})[ \t]*$")
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)$")
_TOKEN = re.compile(
    r"(?P<skip><!--.*?-->|!\[[^\]]*\]\([^)]*\)|</?[A-Za-z][^<>]*>|\*+|~~|(?<![^\W_])_+(?=\S)|(?<=\S)_+(?![^\W_])|`+"
    r"|\[(?=[^\]]*\][\[(])|\]\([^)]*\)|\]\[[^\]]*\])"
    r"|\[\^(?P<note>[^\]\s]+)\]|\^\[(?P<inline>[^\]]*)\]|\[(?P<keys>[^\]@]*-?@[^\]]+)\]"
    r"|(?<![\w@])@(?P<key>[A-Za-z][\w:.#$%&+?<>~/-]*\w)"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)",
    re.DOTALL,
)
_CLOSING = re.compile(
    r"(?:[*~`]+|_+(?![^\W_])|\]\([^)\n]*\)|\]\[[^\]\n]*\]|\[\^[^\]\s]+\]|\^\[[^\]\n]*\]"
    r"|[ \t]?\[[^\]@\n]*@[^\]\n]+\])*"
)


def read(content: bytes, name: str) -> tuple[Said, ...]:
    """The sentences of a draft. Raises MemoError where it is not UTF-8."""
    _, text = decoded(content, name)
    return said(_blocks(_bare(text)))


def written(content: bytes, name: str, additions: Additions) -> bytes:
    """The draft with these additions, one for each of its sentences."""
    mark, text = decoded(content, name)
    text = _bare(text)
    first = max((int(number) for number in _NUMBER.findall(text)), default=0) + 1
    notes: list[Note] = []
    new = []
    for place, addition in placed(_blocks(text), additions.sentences):
        if addition.cites:
            notes.append(Note(first + len(notes), addition.cites))
        new.append((place, _marks(addition, notes[-1].number if notes else 0)))
    if not new:
        return (mark + text).encode()
    made = inserted(text, new, lambda held, at: _CLOSING.match(held, at).end())  # type: ignore[union-attr]
    return f"{mark}{made}\n\n<!-- {AUTHOR} -->\n{_end(additions, notes)}\n<!-- /{AUTHOR} -->\n".encode()


def _marks(addition: Addition, number: int) -> str:
    # an end of the comment, a cell of a table
    words = " ".join(addition.comment).replace("-->", "--&gt;").replace("|", "&#124;")
    return (f"[^{number}]" if addition.cites else "") + (f" <!-- {AUTHOR}: {words} -->" if words else "")


def _end(additions: Additions, notes: list[Note]) -> str:
    blocks = []
    if additions.references:
        blocks += [f"## {SOURCES}", "\n".join(f"- {rich_text(reference.entry)}" for reference in additions.references)]
    return "\n\n".join(
        [*blocks, *(plain_text(line) for line in additions.colophon), *(footnote(note) for note in notes)]
    )


def _bare(text: str) -> str:
    """The draft without what an earlier run added."""
    ours = {label for block in _BLOCK.findall(text) for label in _DEFINED.findall(block)}
    bare = _COMMENT.sub("", _BLOCK.sub("", text))
    return re.sub(r"\[\^(\d+)\]", lambda found: "" if found[1] in ours else found[0], bare)


def _blocks(text: str) -> list[Block]:
    notes = {found[1]: found[2] for line in text.splitlines() if (found := _NOTE.match(line))}
    return [
        block
        for lines, heading in _paragraphs(text)
        if (block := _block(text, lines, notes, heading=heading)) is not None
    ]


def _paragraphs(text: str) -> Iterator[tuple[list[tuple[int, int]], bool]]:
    """The stretches of the file that make up each paragraph, line by line, and whether it is a heading."""
    at = front.end() if (front := _FRONT.match(text)) else 0
    fence: str | None = None
    skipping = False  # a block of HTML, a footnote or indented code
    lines: list[tuple[int, int]] = []
    for line in text[at:].splitlines(keepends=True):
        start, at = at, at + len(line)
        bare = line.strip()
        if fence is not None:
            fence = None if bare.startswith(fence) and not bare.strip(fence[0]) else fence
            continue
        opening = _FENCE.match(line)
        if opening or not bare or _RULE.match(line.rstrip("\r\n")) or _TABLE.match(line.rstrip("\r\n")):
            if lines:
                yield lines, bool(bare) and set(bare) <= {"=", "-"} and not opening
            lines, skipping, fence = [], skipping and not bare and False, opening[1] if opening else None
            continue
        if skipping:
            continue
        if not lines and (
            re.match(r" {0,3}<(?!https?:)", line)
            or _NOTE.match(line)
            or re.match(r"(?: {4}|\t)(?![ \t]*(?:[-*+]|\d{1,9}[.)])\s)", line)
        ):
            skipping = True
            continue
        if bare.startswith("#") and re.match(r"#{1,6}\s", bare):
            if lines:
                yield lines, False
            yield [(start + line.index("#") + len(bare) - len(bare.lstrip("#")), start + len(line.rstrip()))], True
            lines = []
            continue
        if "|" in bare and (bare.startswith("|") or bare.count("|") > 1):
            if lines:
                yield lines, False
            lines = []
            yield from (([cell], False) for cell in _cells(line, start))
            continue
        if lines and _ITEM.match(line):
            yield lines, False
            lines = []
        lead = _LEAD.match(line)
        lines.append((start + (lead.end() if lead else 0), at))
    if lines:
        yield lines, False


def _cells(line: str, start: int) -> Iterator[tuple[int, int]]:
    place = 0
    for found in re.finditer(r"(?:\\.|[^|\\])+", line.rstrip()):
        place = found.start()
        yield start + place, start + found.end()


def _block(text: str, lines: list[tuple[int, int]], notes: dict[str, str], *, heading: bool) -> Block | None:
    reading = Reading()
    for start, end in lines:
        at = start
        while at < end:
            token = _TOKEN.match(text, at, end)
            if token is None:
                reading.add(text[at], at, at + 1)
                at += 1
                continue
            _take(reading, token, notes)
            at = token.end()
        reading.add(" ", end, end)
    return reading.block(heading=heading)


def _take(reading: Reading, token: re.Match[str], notes: dict[str, str]) -> None:
    """What a token says: a character, or what the author cites."""
    if token["note"] or token["inline"]:
        reading.cite(notes.get(token["note"], token["note"]) if token["note"] else token["inline"])
    elif token["keys"]:
        for key in re.findall(r"@([\w:.#$%&+?<>~/-]*\w)", token["keys"]):
            reading.cite(f"@{key}")
    elif token["key"]:
        reading.cite(f"@{token['key']}")
    elif token["escaped"]:
        reading.add(token["escaped"], token.start(), token.end())
    elif token["entity"]:
        for character in html.unescape(token["entity"]):
            reading.add(character, token.start(), token.end())
