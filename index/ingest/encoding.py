"""Decode the bytes of a text file, and report its encoding and what in it was not text.

UTF-8 is tried first, and byte order marks are believed. Otherwise the file is in UTF-16 without a mark, or in a legacy
encoding. For the languages of Europe in Latin letters, the one whose reading fits an alphabet best is taken, because
statistics mistake cp1252 for cp1250; for all others charset-normalizer decides. Both look at a sample only. A few bytes
that are not text become U+FFFD, and that is reported.

The result depends on nothing but the bytes, and `open(path, encoding=..., errors="replace", newline="").read()` gives
the same text.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from index.errors import SourceError

_SAMPLE = 256 * 1024  # bytes to detect a legacy encoding from
_MOST_CONTROLS = 0.01  # share of control characters above which a file is not text,
_A_FEW = 2  # unless it holds no more than these
_MOST_MISFITS = 0.05  # share of non-ASCII characters that may be foreign to an alphabet
_A_FLAW = 20  # letters of ASCII for each broken byte: where there are fewer, the bytes are letters of another encoding
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the other's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\v\f\r\x1b"})
# NULs in a row count once: a crash leaves thousands
_CONTROL = re.compile("\x00+|[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_NO_LETTERS = re.compile(rb"[\xfe\xff]")  # but for ÿ and þ
_NULS = re.compile(rb"\x00+")
_ZEROS = 0.05  # share of zero bytes from which on they belong to the letters
_UNMARKED = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_COMMON = re.compile("[ \n,.\u3000\u3001\u3002\uff0c]")  # of the characters of any text one in a hundred, at least
_OTHER_FORMATS = ((b"%PDF-", ".pdf"), (b"PK\x03\x04", ".docx"))
_LATIN = ("cp1252", "iso8859_15", "cp1250", "iso8859_2", "cp1254", "cp1257", "mac_roman", "cp850")
# One alphabet a language; English, first, may quote any of the Western ones, as long as it does so rarely.
_WESTERN = "àáâãäåæçèéêëìíîïñòóôõöøœùúûüýÿßšž"
_ALPHABETS = (
    "àâæçéèêëîïôœùûüÿ", "äöüßé", "áéíóúüñ", "àáâãçéêíóôõúü", "àèéìíîòóùú", "áéëïíóöüè", "åäöé", "æøåéòóô", "áéíóúýæöðþ",
    "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíľĺňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ", "čćđšž", "çğıöşüâîûi̇", "ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž",
)  # fmt: skip
_SIGNS = "’‘“”„«»‹›–—…•·€£§©®™°±²³½¼¾×¡¿ºª\xa0\xad"
_ODD = re.compile(r"(?<=[^\W\d_])(?:[^\w\s’‘–—·­-](?=[a-z])|(?<=[a-z])[À-ÖØ-Þ]|[\xa0º])(?=\w)|¤|[^\W\d_]¿[a-z]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text without its byte order mark, the encoding as `open()` takes it, and what is to be told of the file."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, name: str) -> Decoded:
    """The text that `data` is, and what in it is none.

    Raises `SourceError`, naming the file `name`, where it is no text, or in no encoding that can be told.
    """
    if said := next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None):
        decoded = leniently(data, said)
        if _A_FLAW * decoded.text.count("\ufffd") > len(decoded.text):
            raise SourceError(
                f"{name} says that it is {said.upper()}, but is not", "save it as UTF-8 from the program it came from"
            )
        return _checked(decoded, name)
    decoded = leniently(data, "utf-8")
    is_sound = not decoded.notes or is_flawed(decoded.text)
    rarely = not is_sound and _is_rare(decoded.text)
    if (data.count(0) >= _ZEROS * len(data) or not (is_sound or rarely)) and (unmarked := _unmarked(data)):
        return _checked(leniently(data, unmarked), name)
    _refuse_binary(data, name)
    if is_sound:
        return _checked(decoded, name)
    for encoding in _candidates(_sample(data), rarely=rarely):
        try:
            return _checked(Decoded(data.decode(encoding), encoding), name)
        except UnicodeDecodeError:
            continue
    if rarely:
        return _checked(decoded, name)
    raise SourceError(f"{name} is not text in any known encoding", "save it as UTF-8, or leave it out of the folder")


def leniently(data: bytes, encoding: str) -> Decoded:
    """`data` read in this encoding, U+FFFD in place of what is no text in it, and how many bytes that is."""
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        text = data.decode(encoding, errors="replace")
        own = data.count(b"\xef\xbf\xbd") if encoding.startswith("utf-8") else 0  # a U+FFFD that the file itself holds
        broken = text.count("\ufffd") - own
        lost = len(data) - len(text.encode("utf-8")) + 3 * broken if encoding == "utf-8" else broken
        what = (
            f"{lost:,} {'byte is' if lost == 1 else 'bytes are'}"
            if encoding == "utf-8"
            else f"{lost:,} {'place is' if lost == 1 else 'places are'}"
        )
        note = f'{what} not {encoding.upper()}, the first at byte {error.start:,}: read as U+FFFD, like errors="replace" in Python'
        return Decoded(text, encoding, (note,))


def is_flawed(text: str) -> bool:
    """Whether the U+FFFD in what was read as UTF-8 are flaws of the text.

    Read in another encoding, every quotation mark would be three letters.

    Else they may be the letters of another encoding.
    """
    broken = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", errors="ignore")) - broken >= 2 * broken


def _is_rare(text: str) -> bool:
    """Whether there are so few U+FFFD that they may be flaws of a text in ASCII."""
    return _A_FLAW * text.count("\ufffd") <= sum(map(str.isalpha, text))


def _checked(decoded: Decoded, name: str) -> Decoded:
    """The text, unless it holds too many controls to be one. A NUL stays, as `open()` gives it, and is told."""
    beginning = decoded.text[:_SAMPLE]
    if len(_CONTROL.findall(beginning)) > max(_A_FEW, _MOST_CONTROLS * len(beginning)):
        raise _binary(name)
    nuls = decoded.text.count("\x00")
    told = (f"{nuls:,} NUL {'character' if nuls == 1 else 'characters'}",) if nuls else ()
    return Decoded(decoded.text, decoded.encoding, (*decoded.notes, *told))


def _refuse_binary(data: bytes, name: str) -> None:
    for beginning, suffix in _OTHER_FORMATS:
        if data.startswith(beginning):
            raise SourceError(
                f"{name} is not text: it begins like a {suffix} file",
                f"rename it so that it ends in {suffix}, or leave it out of the folder",
            )
    shown = _NULS.sub(b"\x00", data)
    if len(shown) - len(shown.translate(None, _CONTROLS)) > max(_A_FEW, _MOST_CONTROLS * len(shown)):
        raise _binary(name)


def _binary(name: str) -> SourceError:
    return SourceError(
        f"{name} is not text: it holds binary data", "leave it out of the folder, or save its text as UTF-8"
    )


def _unmarked(data: bytes) -> str | None:
    """Return the encoding of a file in UTF-16 or UTF-32 without a byte order mark.

    The one in which spaces and full stops are as common as in any text.
    """
    best: tuple[float, str] | None = None
    for encoding in _UNMARKED:
        text = data[: _SAMPLE // 4 * 4].decode(encoding, errors="replace")
        odd = sum(
            unicodedata.category(mark) in ("Cc", "Cn", "Co", "Cs") and mark not in "\t\n\r\f" for mark in text
        ) + text.count("\ufffd")
        common = len(_COMMON.findall(text)) / max(len(text), 1)
        if (
            common >= _MOST_CONTROLS
            and odd <= max(1, _MOST_CONTROLS * len(text))
            and (best is None or common > best[0])
        ):
            best = (common, encoding)
    return best[1] if best else None


def _sample(data: bytes) -> bytes:
    """The first lines that hold more than ASCII."""
    lines: list[bytes] = []
    size = 0
    for line in data.split(b"\n"):
        if not line.isascii():
            size += len(line) + 1
            if size > _SAMPLE and lines:
                break
            lines.append(line)
    return b"\n".join(lines)[:_SAMPLE]


def _candidates(sample: bytes, *, rarely: bool) -> Iterator[str]:
    """Encodings to try, likeliest first.

    A byte or two that occur `rarely` tell little: they are letters in the usual encoding, or flaws.
    """
    few = rarely and sum(byte > 127 for byte in sample) <= 2
    among = () if few and _NO_LETTERS.search(sample) else _LATIN[:1] if few else _LATIN
    latin = min(
        (
            (misfit, number, encoding)
            for number, encoding in enumerate(among)
            if (misfit := _misfit(sample, encoding)) is not None
        ),
        default=None,
    )
    if latin and latin[0] <= _MOST_MISFITS:
        yield latin[2]
    if rarely:
        return
    from charset_normalizer import from_bytes

    for cut in range(4):  # a sample of one long line may end within a character
        for match in from_bytes(sample[: len(sample) - cut], steps=8):
            if match.encoding != "utf_7":  # it can hold half characters, which no text may
                yield match.encoding
        if len(sample) < _SAMPLE:
            break


def _misfit(sample: bytes, encoding: str) -> float | None:
    """Return the share of non-ASCII characters in `encoding` that are neither signs nor of the best alphabet.

    None if it cannot be read in this encoding.
    """
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return None
    foreign = [mark.lower() for mark in text if not mark.isascii()]
    letters = Counter(mark for mark in foreign if mark not in _SIGNS)
    rare = letters.total() < 0.03 * sum(mark.isalpha() for mark in text)
    alphabets = (*((_WESTERN,) if rare else ()), *_ALPHABETS)
    unknown = min(sum(count for mark, count in letters.items() if mark not in alphabet) for alphabet in alphabets)
    return (unknown + len(_ODD.findall(text))) / max(len(foreign), 1)
