r"""Rich Text as programs write it -> as Pandoc reads it whole: characters as they are, no deletions, no hidden text, footnotes where Pandoc looks for them.

Pandoc drops a letter or a figure after `\u8364?`, knows one code page, and takes a deletion for words that are struck out. What the words of control mean:
Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_TOKEN = re.compile(rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\")
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_DATA = ("pict", "objdata", "themedata", "colorschememapping", "datastore", "latentstyles", "rsidtbl", "xmlnstbl")
_PLAIN = {b"~": "\u00a0", b"_": "-", b"-": ""}
_NOTES = {"hidden": "holds hidden text, which is not read", "deleted": "holds tracked changes: what they insert is read, what they delete is not"}


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within a group: its code page, how many characters stand for one of Unicode in older programs, what is not seen."""

    codec: str
    fallback: int = 1
    hidden: bool = False
    deleted: bool = False
    data: bool = False
    fonts: bool = False


class _Text:
    """What was written so far; bytes of a character may come one by one."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._bytes = b""
        self._codec = ""
        self._half = 0  # the first half of a character that takes two

    def byte(self, data: bytes, codec: str) -> None:
        if codec != self._codec:
            self.flush()
            self._codec = codec
        self._bytes += data

    def unicode(self, number: int) -> None:
        self.flush()
        number %= 65_536
        if 0xD800 <= number < 0xDC00:
            self._half = number
        elif 0xDC00 <= number < 0xE000 and self._half:
            self.parts.append(chr(0x10000 + ((self._half - 0xD800) << 10) + number - 0xDC00))
        elif not 0xD800 <= number < 0xE000:
            self.parts.append(chr(number))

    def control(self, words: str) -> None:
        self.flush()
        self.parts.append(words)

    def flush(self) -> None:
        if self._bytes:
            self.parts.append(re.sub(r"([\\{}])", r"\\\1", self._bytes.decode(self._codec, "replace")))
            self._bytes = b""


def rich_text(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The same document in UTF-8, and what is told of it. Groups that are left open are closed."""
    page = re.search(rb"\\ansicpg(\d{3,5})", data[:4096])
    codec = _known(f"cp{int(page[1])}") if page else "cp1252"
    state, outer = _State(codec), list[_State]()
    fonts: dict[int, str] = {}
    font = 0
    told: set[str] = set()
    text = _Text()
    skip = 0  # characters that stand for one of Unicode in older programs
    for word, number, byte, sign, brace, plain in _tokens(data):
        unseen = state.hidden or state.deleted
        if brace == b"{":
            outer.append(state)
            skip = 0
            text.control("{")
        elif brace == b"}":
            if not outer:
                break
            state, skip = outer.pop(), 0
            text.control("}")
        elif byte or sign in (b"\\", b"{", b"}") or plain:
            piece = bytes([int(byte, 16)]) if byte else sign or plain or b""
            dropped, skip = piece[:skip], max(skip - len(piece), 0)
            piece = piece[len(dropped) :]
            if state.hidden or state.deleted:
                told |= {name for name in _NOTES if getattr(state, name) and piece.strip()}
            elif not state.data and piece:
                text.byte(piece, state.codec)
        elif sign:
            if sign == b"*":
                text.control("\\*")
            elif skip:
                skip -= 1
            elif not unseen:
                text.control(_PLAIN.get(sign, "\\par " if sign in b"\r\n" else f"\\{sign.decode('latin-1')}"))
        elif word:
            name, value = word.decode("ascii"), None if number is None else int(number)
            on = value != 0
            if name == "u" and value is not None:
                if unseen:
                    told |= {each for each in _NOTES if getattr(state, each)}
                elif not state.data:
                    text.unicode(value)
                skip = state.fallback
            elif name == "uc":
                state = replace(state, fallback=min(value or 0, 8))
            elif name in ("v", "deleted"):
                state = replace(state, hidden=on) if name == "v" else replace(state, deleted=on)
            elif name == "plain":
                state = replace(state, hidden=False, deleted=False, codec=codec)
                text.control("\\plain ")
            elif name == "fonttbl":
                state = replace(state, fonts=True)
                text.control("\\fonttbl ")
            elif name == "f" and value is not None:
                font = value
                state = replace(state, codec=fonts.get(value, codec))
                text.control(f"\\f{value} ")
            elif name == "fcharset":
                if state.fonts and value in _CHARSETS:
                    fonts[font] = _CHARSETS[value]
            elif name in ("listtext", "ls", "ilvl"):  # its label is written out: it is a paragraph that begins with that
                pass
            elif name in _DATA:
                state = replace(state, data=True)
                text.control(f"\\{name} ")
            elif name == "footnote" and text.parts[-1:] == ["\\*"]:
                text.parts[-1] = "\\footnote "
            elif not unseen or name not in ("par", "line", "tab", "cell", "row"):
                text.control(f"\\{name}{'' if value is None else value} ")
    text.flush()
    notes = tuple(note for name, note in _NOTES.items() if name in told or (name == "deleted" and b"\\revised" in data))
    return ("".join(text.parts) + "}" * len(outer)).encode("utf-8", "replace"), notes


def _tokens(data: bytes) -> Iterator[tuple[bytes | None, bytes | None, bytes | None, bytes | None, bytes | None, bytes | None]]:
    """Words of control with their numbers, bytes in hexadecimal, signs, braces and plain text, without binary data."""
    place = 0
    while found := _TOKEN.match(data, place):
        place = found.end()
        if found[1] == b"bin" and found[2]:
            place += max(int(found[2]), 0)
        else:
            yield found[1], found[2], found[3], found[4], found[5], found[6]


def _known(codec: str) -> str:
    try:
        return codecs.lookup(codec).name
    except LookupError:
        return "cp1252"
