"""Text as the eye has it. In: any text; out: the same without what shows nothing: terminal sequences, controls, invisible characters.

For what is matched, embedded or put before a model, so that "6<zero-width space>8.7" and "<red>68.7" are found as 68.7. Never for what is quoted: offsets do
not survive. What a person is shown instead is `qa.render.harmless`.
"""

from __future__ import annotations

import re


def visible(text: str) -> str:
    """`text` without terminal sequences, controls and invisible characters; white space stays, and a sequence that moves the cursor leaves a space."""
    if _IGNORABLE.search(text) is None and text.isprintable():
        return text
    shown = _IGNORABLE.sub("", _SEQUENCE.sub(_gap, _HYPHENATED.sub("", text)))
    return "".join(character for character in shown if character.isprintable() or character.isspace())


def _gap(sequence: re.Match[str]) -> str:
    return " " if sequence["moves"] else ""


# What a terminal takes for one sequence (ECMA-48), each within a line. In order: strings such as a window's title or the address of a link (OSC, DCS, SOS, PM,
# APC), control sequences such as colours (CSI), and of the short escapes those in use. The one-byte forms are letters where a file's encoding was guessed
# wrong, so of these only OSC and CSI are read, and only with their parameters. A sequence that never ends loses its beginning alone, and no letter of a word
# is taken for an escape: no text may hide behind one.
_END = r"(?:\x07|\x1b\\|\x9c)"
_SEQUENCE = re.compile(
    rf"(?:\x1b[PX\]^_]|\x9d\d+;)[^\x07\x1b\x9c\x9d\n\r\x85\u2028\u2029]*{_END}"
    r"|(?:\x1b\[[0-?]*|\x9b[0-?]+)[!-/]*(?:(?P<moves>[A-H`adef])|[@-~])"
    r"|\x9b[JKm](?![a-z])"
    r"|\x1b(?:[()#%][0-9A-Z]|[78=>\\\[\]]|c(?![a-z]))"
)
_HYPHENATED = re.compile("\u00ad[ \t]*\r?\n[ \t]*")  # a word that a typesetter divided at the end of a line
# Letters, marks and signs that show nothing: fillers of Hangul, Khmer, Khitan and musical notes, selectors of glyph variants, the joiner of graphemes.
# Invisible controls and formats, the tag characters among them, and what is unassigned or for private use are no "printable" characters to Python.
_IGNORABLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U00016fe4\U0001d159\U000e0100-\U000e01ef]")
