"""Remove what a reader does not see from a text: terminal sequences, control and invisible characters.

For text that is matched, embedded or put before a model, so that "6<zero-width space>8.7" and "<red>68.7" are both
found as 68.7. Never for text that is quoted, because offsets do not survive; what a reader is shown is
`qa.render.harmless`.
"""

from __future__ import annotations

import re

SOFT_HYPHEN = "\u00ad"  # shows nothing unless a line breaks there; very common in HTML
# spaces, joiners, marks of direction, operators
ZERO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
# turn the direction of writing until they are closed
EMBEDDINGS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))  # say how the sign before them is drawn
# Letters, marks and signs that show nothing though Python calls them printable: fillers of Hangul, Khmer, Khitan and
# musical notes, selectors of Mongolian and of rare glyph variants, the joiner of graphemes.
BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u3164\uffa0\U00016fe4\U0001d159"
) | frozenset(map(chr, range(0xE0100, 0xE01F0)))


def visible(text: str) -> str:
    """`text` without terminal sequences, controls and invisible characters.

    White space stays, and a sequence that moves the cursor leaves a space.
    """
    # what most texts are is told without a look at each character of them: that took two fifths of all of indexing
    if (text.isascii() or _IGNORED.isdisjoint(text)) and "".join(text.split()).isprintable():
        return text
    shown = _IGNORABLE.sub("", _SEQUENCE.sub(_gap, _HYPHENATED.sub("", text)))
    return "".join(character for character in shown if character.isprintable() or character.isspace())


def _gap(sequence: re.Match[str]) -> str:
    return " " if sequence["moves"] else ""


# What a terminal takes for one sequence (ECMA-48), each within a line. In order: strings such as a window's title or
# the address of a link (OSC, DCS, SOS, PM, APC), control sequences such as colours (CSI), and of the short escapes
# those in use. The one-byte forms are letters where a file's encoding was guessed wrong, so of these only OSC and CSI
# are read, and only with their parameters. A sequence that never ends loses its beginning alone, and no letter of a
# word is taken for an escape: no text may hide behind one.
_END = r"(?:\x07|\x1b\\|\x9c)"
_SEQUENCE = re.compile(
    rf"(?:\x1b[PX\]^_]|\x9d\d+;)[^\x07\x1b\x9c\x9d\n\r\x85\u2028\u2029]*{_END}"
    r"|(?:\x1b\[[0-?]*|\x9b[0-?]+)[!-/]*(?:(?P<moves>[A-H`adef])|[@-~])"
    r"|\x9b[JKm](?![a-z])"
    r"|\x1b(?:[()#%][0-9A-Z]|[78=>\\\[\]]|c(?![a-z]))"
)
_HYPHENATED = re.compile(f"{SOFT_HYPHEN}[ \t]*\r?\n[ \t]*")  # a word that a typesetter divided at the end of a line
# The rest of what shows nothing (controls, formats such as tag characters, unassigned and private code points) is not
# printable to Python.
_IGNORED = BLANK | SELECTORS
_IGNORABLE = re.compile(f"[{''.join(sorted(_IGNORED))}]")
