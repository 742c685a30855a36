"""Prepare Rich Text so that Pandoc reads all of it: real characters, no deletions, no hidden text, footnotes.

Pandoc drops a letter or a figure after a character given by its number, knows one code page, and takes a deletion for
struck-out words. The control words are those of the Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.ingest.told import held

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)"
    rb"|[\r\n]+|\\"
)
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_DATA = ("pict", "objdata", "themedata", "colorschememapping", "datastore", "latentstyles", "rsidtbl", "xmlnstbl")
_LISTS = ("ls", "ilvl")  # an item is a paragraph that begins with its label
_MARKS = ("par", "line", "tab", "cell", "row")
_PLAIN = {b"~": "\u00a0", b"_": "-", b"-": ""}
_NOTES = {
    "hidden": "holds hidden text, which is not read",
    "deleted": "holds tracked changes: what they insert is read, what they delete is not",
}


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within a group.

    Its code page, how many characters stand for one of Unicode in older programs, and what is not seen.
    """

    codec: str
    fallback: int = 1
    hidden: bool = False
    deleted: bool = False
    data: bool = False
    fonts: bool = False
    label: bool = False  # of an item of a list


def rich_text(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The same document in UTF-8, and what is told of it. Groups that are left open are closed."""
    page = re.search(rb"\\ansicpg(\d{3,5})", data[:4096])
    writer = _Writer(_known(f"cp{int(page[1])}") if page else "cp1252")
    for word, number, byte, sign, brace, plain in _tokens(data):
        if brace:
            writer.group(opens=brace == b"{")
        elif byte:
            writer.characters(bytes([int(byte, 16)]))
        elif plain or sign in (b"\\", b"{", b"}"):
            writer.characters(plain or sign or b"")
        elif sign:
            writer.sign(sign)
        elif word:
            writer.word(word.decode("ascii"), None if number is None else int(number))
    notes = tuple(
        note for name, note in _NOTES.items() if name in writer.told or (name == "deleted" and b"\\revised" in data)
    )
    notes += held(data.count(b"\\*\\annotation"), "comment")
    return writer.finished().encode("utf-8", "replace"), notes


class _Writer:
    """Takes tokens in turn; `told` is what it left out because nobody sees it."""

    def __init__(self, codec: str) -> None:
        self.told: set[str] = set()
        self._codec = codec  # of the document
        self._state, self._outer = _State(codec), list[_State]()
        self._fonts: dict[int, str] = {}  # the code pages of those that have one
        self._font = 0
        self._parts: list[str] = []
        self._bytes, self._bytes_in = b"", codec  # those of a character may come one by one
        self._half = 0  # of a character of Unicode that takes two
        self._skip = 0  # characters to come that stand for one of Unicode in older programs
        self._label = ""  # of a list item; written when its text begins

    def group(self, *, opens: bool) -> None:
        """A brace; one that closes nothing is dropped."""
        self._skip = 0
        if opens:
            self._outer.append(self._state)
            self._control("{")
        elif self._outer:
            self._control("}")
            self._state = self._outer.pop()

    def characters(self, piece: bytes) -> None:
        """Bytes of text in the code page that holds."""
        dropped, self._skip = piece[: self._skip], max(self._skip - len(piece), 0)
        piece = piece[len(dropped) :]
        if piece and not self._is_unseen(has_ink=bool(piece.strip())):
            if self._state.codec != self._bytes_in:
                self._flush()
                self._bytes_in = self._state.codec
            self._bytes += piece

    def unicode(self, number: int) -> None:
        """A character, or half of one."""
        self._skip = self._state.fallback
        if self._is_unseen(has_ink=True):
            return
        self._flush()
        number %= 65_536
        if 0xD800 <= number < 0xDC00:
            self._half = number
        elif 0xDC00 <= number < 0xE000:
            self._text(chr(0x10000 + ((self._half - 0xD800) << 10) + number - 0xDC00) if self._half else "\ufffd")
            self._half = 0
        else:
            self._text(chr(number))

    def sign(self, sign: bytes) -> None:
        """A control of one character."""
        if sign == b"*":
            self._control("\\*")
        elif self._skip:
            self._skip -= 1
        elif not self._is_unseen(has_ink=False):
            self._control(_PLAIN.get(sign, "\\par " if sign in b"\r\n" else ""))

    def word(self, name: str, value: int | None) -> None:
        """A word of control with its number."""
        state, on = self._state, value != 0
        if name == "u" and value is not None:
            self.unicode(value)
        elif name == "uc":
            self._state = replace(state, fallback=min(max(value or 0, 0), 8))
        elif name in ("v", "deleted"):
            self._flush()
            self._state = replace(state, hidden=on) if name == "v" else replace(state, deleted=on)
        elif name == "f" and value is not None:
            self._font = value
            self._control(f"\\f{value} ")
            self._state = replace(state, codec=self._fonts.get(value, self._codec))
        elif name == "fcharset" and state.fonts and value in _CHARSETS:
            self._fonts[self._font] = _CHARSETS[value]
        elif name in ("listtext", "pntext"):
            self._label, self._state = "", replace(state, label=True)
        elif name == "footnote" and self._parts[-1:] == ["\\*"]:
            self._parts[-1] = "\\footnote "
        elif name not in _LISTS and not (name in _MARKS and self._is_unseen(has_ink=False)):
            self._control(f"\\{name}{'' if value is None else value} ")
            if name == "plain":
                self._state = replace(state, hidden=False, deleted=False, codec=self._codec)
            elif name == "fonttbl" or name in _DATA:
                self._state = replace(state, fonts=name == "fonttbl", data=name in _DATA)

    def finished(self) -> str:
        """The whole document."""
        self._flush()
        return "".join(self._parts) + "}" * len(self._outer)

    def _is_unseen(self, *, has_ink: bool) -> bool:
        if has_ink and not self._state.data:
            self.told |= {name for name in _NOTES if getattr(self._state, name)}
        return self._state.hidden or self._state.deleted or self._state.data

    def _control(self, words: str) -> None:
        self._flush()
        if not self._state.label or words in "{}":
            self._parts.append(words)

    def _text(self, text: str) -> None:
        if self._state.label:
            self._label += text
        else:
            label, self._label = ("", self._label) if self._state.fonts or not text.strip() else (self._label, "")
            self._parts.append(
                re.sub(r"([\\{}])", r"\\\1", f"{label.strip()} {text.lstrip()}" if label.strip() else text)
            )

    def _flush(self) -> None:
        if self._bytes:
            text, self._bytes = self._bytes.decode(self._bytes_in, "replace"), b""
            self._text(text)


def _tokens(
    data: bytes,
) -> Iterator[tuple[bytes | None, bytes | None, bytes | None, bytes | None, bytes | None, bytes | None]]:
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
