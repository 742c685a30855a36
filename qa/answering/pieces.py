"""Split a text into words and figures that can be compared and keep their offsets. Pure.

`qa.answering.checks` folds the typography of a whole text first, which loses the offsets. Here each word is folded by
itself: "U.S.", "co‑operate" and "naïve" are one piece each, with its span in code points of the original text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from qa.answering.checks.figures import Number
from qa.answering.checks.tokens import tokens
from qa.answering.checks.words import FUNCTION_WORDS, WORD, content, normalise, unpossessed


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a figure at `text[start:end]`.

    `lower` is what is written, folded; `same` what it has in common with its other signs ("#4" of "four", "month 9" of
    "Sept"), else `lower`; `key` its stem, "" for a function word; `named`: it has a capital.

    `figure` holds of digits, numbers in words, months, scales ("million") and units ("dollars"): what they mean
    together is read by `qa.answering.checks.facts`.
    """

    start: int
    end: int
    lower: str
    same: str
    key: str
    figure: bool
    named: bool


def pieces(text: str) -> list[Piece]:
    """Every word and figure of `text` in order. Takes time in proportion to its length."""
    found: list[Piece] = []
    for chunk in _CHUNK.finditer(text):
        for start, end, written in _parts(chunk.group()):
            piece = _piece(written, chunk.start() + start, chunk.start() + end)
            if found and piece.named and (short := _short_form(text, found[-1], piece)):
                found[-1] = _piece(short, found[-1].start, piece.end)
            else:
                found.append(piece)
    return found


def _piece(written: str, start: int, end: int) -> Piece:
    return Piece(start, end, *_read(written))


@lru_cache(maxsize=65536)
def _read(written: str) -> tuple[str, str, str, bool, bool]:
    lower, key = unpossessed(written.casefold()), content(written)
    # "mainly" is no form of "main"; "family" and "families" are of one word
    adverb = lower.endswith("ly") and key and not key.endswith(("li", "ly"))
    read = tokens(written)
    alone = (
        len(read) == 1 and read[0].value is not None and (isinstance(read[0].value, int) or read[0].value.unit == "")
    )
    return (
        lower,
        read[0].key if alone else lower,
        f"{key}ly" if adverb else key,
        _is_figure(written),
        written[:1].isupper(),
    )


def _is_figure(written: str) -> bool:
    """Whether it is a figure or a month, or changes one that stands before it."""
    if (
        written[:1].isdigit()
        or written.casefold() == "one"
        or any(token.value is not None for token in tokens(written))
    ):
        return True
    if not written.isalpha() or written.casefold() in FUNCTION_WORDS or len(written) < 2:
        return False
    read = [token for token in tokens(f"5 {written}") if token.value is not None or token.key]
    return len(read) == 1 and read[0].value != _FIVE


def _short_form(text: str, before: Piece, piece: Piece) -> str:
    """Return the short form of a two-word name that `qa.answering.checks.words` knows: "US"; else ""."""
    if not before.named or piece.start - before.end != 1 or before.lower not in _LONG_FIRST:
        return ""
    short = normalise(text[before.start : piece.end])
    return "" if " " in short else short


@lru_cache(maxsize=65536)
def _parts(chunk: str) -> tuple[tuple[int, int, str], ...]:
    """The words of a text without white space: start, end, and the word as it is written, folded."""
    folded = _DOTTED.sub(lambda found: found.group().replace(".", ""), normalise(chunk))
    if folded == chunk:
        return tuple(
            (found.start(), _whole(chunk, found.end(), found.group()), found.group())
            for found in _WRITTEN.finditer(chunk)
        )
    places = [place for place, letter in enumerate(chunk) for shown in _fold(letter) if shown.isalnum()]
    counts = [0]
    for letter in folded:
        counts.append(counts[-1] + letter.isalnum())
    found = [(match.start(), match.end(), match.group()) for match in _WRITTEN.finditer(folded)]
    if counts[-1] != len(places):  # a terminal sequence, or letters that only count together
        return tuple((0, len(chunk), written) for _, _, written in found[:1])
    return tuple(
        (places[counts[start]], _whole(chunk, places[counts[end] - 1] + 1, written), written)
        for start, end, written in found
    )


def _whole(chunk: str, end: int, written: str) -> int:
    """Return the end of a word with its last accents and the last dot of "U.S.", without a genitive's 's."""
    while end < len(chunk) and unicodedata.combining(chunk[end]):
        end += 1
    dotted = len(written) > 1 and chunk[end : end + 1] == "." and chunk[end - 2 : end - 1] == "."
    return end + 1 if dotted else end - 2 if _GENITIVE.search(written) else end


@lru_cache(maxsize=4096)
def _fold(letter: str) -> str:
    return letter if letter.isascii() else normalise(letter)


_FIVE = Number(Decimal(5), "")
_CHUNK = re.compile(r"\S+")
_DOTTED = re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b\.?")  # "a.m." as well as "U.S."
_WRITTEN = re.compile(rf"\d+(?:[.,']\d+)+[^\W_]*|{WORD.pattern}")
_GENITIVE = re.compile(r"[^\W_]'s$")
_LONG_FIRST = frozenset({"united", "european"})
