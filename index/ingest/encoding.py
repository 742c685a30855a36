"""Bytes of a text file -> its text and the encoding it is in. Knows nothing of articles.

UTF-8 is tried first, and byte order marks are believed. Else the file is in a legacy encoding: for the languages of Europe in Latin letters the one whose
reading fits an alphabet best is taken, because there statistics mistake cp1252 for cp1250; for all others charset-normalizer decides.
Both look at a sample only. The result depends on nothing but the bytes, and `open(path, encoding=..., newline="").read()` gives the same text.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from index.errors import SourceError

_SAMPLE = 256 * 1024  # bytes to detect a legacy encoding from
_MOST_CONTROLS = 0.01  # share of control characters above which a file is not text
_MOST_MISFITS = 0.05  # share of non-ASCII characters that may be foreign to an alphabet
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the other's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\v\f\r\x1b"})
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
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
    """A text without its byte order mark, and the encoding as `open()` takes it."""

    text: str
    encoding: str


def decode(data: bytes, name: str) -> Decoded:
    """The text that `data` is.

    Raises `SourceError`, naming the file `name`, where it is no text, is damaged, or is in no encoding that can be told.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding, name)
    _refuse_binary(data, name)
    try:
        return _checked(Decoded(data.decode("utf-8"), "utf-8"), name)
    except UnicodeDecodeError as error:
        _refuse_damaged(data, name, error)
    for encoding in _candidates(_sample(data)):
        try:
            return _checked(Decoded(data.decode(encoding), encoding), name)
        except UnicodeDecodeError:
            continue
    raise SourceError(f"{name} is not text in any known encoding", "save it as UTF-8, or leave it out of the folder")


def _strictly(data: bytes, encoding: str, name: str) -> Decoded:
    try:
        return _checked(Decoded(data.decode(encoding), encoding), name)
    except UnicodeDecodeError as error:
        message = f"{name} says that it is {encoding.upper()}, but is damaged at byte {error.start}"
        raise SourceError(message, "save it as UTF-8 from the program it came from") from error


def _checked(decoded: Decoded, name: str) -> Decoded:
    beginning = decoded.text[:_SAMPLE]
    if len(_CONTROL.findall(beginning)) > _MOST_CONTROLS * len(beginning):
        raise _binary(name)
    return decoded


def _refuse_binary(data: bytes, name: str) -> None:
    for beginning, suffix in _OTHER_FORMATS:
        if data.startswith(beginning):
            raise SourceError(f"{name} is not text: it begins like a {suffix} file", f"rename it so that it ends in {suffix}, or leave it out of the folder")
    if b"\x00" in data or len(data) - len(data.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(data):
        raise _binary(name)


def _binary(name: str) -> SourceError:
    return SourceError(f"{name} is not text: it holds binary data", "leave it out of the folder, or save its text as UTF-8")


def _refuse_damaged(data: bytes, name: str, error: UnicodeDecodeError) -> None:
    """A UTF-8 file with a few broken bytes would be read as cp1252 without complaint, and every quotation mark as three letters."""
    lenient = data.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    sound = len(lenient) - len(lenient.encode("ascii", errors="ignore")) - broken
    if sound >= 2 * broken:
        message = f"{name} is UTF-8 but damaged at byte {error.start}"
        raise SourceError(message, f"drop the broken bytes: iconv -c -f utf-8 -t utf-8 {name}") from error


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


def _candidates(sample: bytes) -> Iterator[str]:
    """Encodings to try, likeliest first."""
    latin = min(((misfit, number, encoding) for number, encoding in enumerate(_LATIN) if (misfit := _misfit(sample, encoding)) is not None), default=None)
    if latin and latin[0] <= _MOST_MISFITS:
        yield latin[2]
    from charset_normalizer import from_bytes

    for cut in range(4):  # a sample of one long line may end within a character
        for match in from_bytes(sample[: len(sample) - cut], steps=8):
            if match.encoding != "utf_7":  # it can hold half characters, which no text may
                yield match.encoding
        if len(sample) < _SAMPLE:
            break


def _misfit(sample: bytes, encoding: str) -> float | None:
    """The share of non-ASCII characters, read in `encoding`, that are in no sign list and not in the alphabet that suits best; `None` if unreadable."""
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
