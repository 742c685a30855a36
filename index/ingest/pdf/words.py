"""Read the words of a PDF page, each with the place where it is printed.

PDFium says which letters a page shows and where. Right-to-left letters are ordered by their places: their order in the
file means nothing, since some programs store them as read and others as seen.
"""

from __future__ import annotations

import ctypes
import math
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING

from index.ingest.pdf import bidi
from index.ingest.pdf.raised import RAISED, SMALLER, attached
from index.ingest.pdf.records import Page, Word

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

BROKEN = "\ufffd"  # a letter that the file draws without saying which one it is
_NO_LETTERS = ("Cc", "Cn")
_AT_LINE_END = 2  # what PDFium gives for a hyphen there
_SPACES = frozenset((0x09, 0x0A, 0x0D, 0x20, 0xA0, *range(0x2000, 0x200C), 0x202F, 0x205F, 0x3000))
# ligatures, shapes of Arabic letters, radicals: printers' forms of letters
_FORMS = (("\ufb00", "\ufdff"), ("\ufe70", "\ufefc"), ("\u2f00", "\u2fd5"))
# shares of the letters of a page: what is no letter at all, and what PDFium guesses, together mean that all are wrong
_MOST_BROKEN, _MOST_GUESSED = 0.05, 0.5
# by how much letters of a word may stand above each other: in heights of a line, and points that are not worth
# measuring one
_SAME_LINE, _STEP = 0.5, 0.1
_FIGURES = frozenset(range(0x30, 0x3A))
_SLASHES = frozenset((0x2F, 0x2044))
_MOST = 500_000  # letters of a page: more is a drawing


@dataclass(frozen=True, slots=True)
class _Letters:
    """The letters of a word as PDFium counts them: `codes[n]` is number `first + n`."""

    first: int
    codes: Sequence[int]


def read(page: PdfPage) -> Page:
    """The words that a page shows. Those in another direction than most come last, as if they stood below."""
    text = page.get_textpage()
    try:
        found = [(_turn(text, letters.first), letters) for letters in _letters(text)]
        words: list[Word] = []
        below = 0.0
        box = page.get_bbox()
        for turn, _ in Counter(turn for turn, _ in found).most_common():
            left, top, right, bottom = _turned(box, turn)
            drawn = attached(
                [word for other, letters in found if other == turn for word in _words(text, letters, turn)]
            )
            # the others lie beside the paper
            shown = [word for word in drawn if word.right > left and word.left < right and top <= word.y <= bottom]
            words += [
                Word(word.text, word.left - left, word.right - left, below + word.y - top, word.size) for word in shown
            ]
            below += bottom - top
        return Page(tuple(words), below, is_known=_is_known(text, [letters for _, letters in found]))
    finally:
        text.close()


@cache
def _pdfium() -> ModuleType:
    """PDFium's own functions."""
    from pypdfium2 import raw

    return raw  # type: ignore[no-any-return]


def _letters(text: PdfTextPage) -> Iterator[_Letters]:
    """The words, as PDFium parts them."""
    raw = _pdfium()
    first, codes = 0, list[int]()
    for number in range(min(text.count_chars(), _MOST)):
        code = int(raw.FPDFText_GetUnicode(text.raw, number))
        if code not in _SPACES:
            codes.append(code)
        if codes and (code in _SPACES or code == _AT_LINE_END):
            yield _Letters(first, codes)
            codes = []
        if not codes:
            first = number + 1
    if codes:
        yield _Letters(first, codes)


def _words(text: PdfTextPage, letters: _Letters, turn: int) -> Iterator[Word]:
    """A word; or several, where PDFium takes for one what stands on different lines, or holds raised figures."""
    numbers = range(letters.first, letters.first + len(letters.codes))
    raised = _raised_figures(text, letters, turn)
    if not raised and abs(_origin(text, numbers[0], turn)[1] - _origin(text, numbers[-1], turn)[1]) <= _STEP:
        yield _word(text, letters, turn)
        return
    most = _SAME_LINE * _height(text, numbers[0], turn)
    levels = [_origin(text, number, turn)[1] for number in numbers]
    start = 0
    for stop in range(1, len(numbers) + 1):
        if stop == len(numbers) or abs(levels[stop] - levels[stop - 1]) > most or (start in raised) != (stop in raised):
            word = _word(text, _Letters(numbers[start], letters.codes[start:stop]), turn)
            lift = raised.get(start)
            yield word if lift is None else replace(word, y=lift, size=SMALLER * word.size)
            start = stop


def _raised_figures(text: PdfTextPage, letters: _Letters, turn: int) -> dict[int, float]:
    """Where in a word figures are drawn above its line, and how high their feet stand.

    Some fonts have letters of their own for them, of the size of the others and on the line: only what is drawn tells.
    """
    codes = letters.codes
    if len(codes) < 2 or not any(code in _FIGURES for code in codes):
        return {}
    found: dict[int, float] = {}
    base: int | None = None  # the last letter that stands on the line
    for place, code in enumerate(codes):
        if code not in _FIGURES:
            base = place
            continue
        on = (
            base
            if base is not None
            else next((each for each in range(place + 1, len(codes)) if codes[each] not in _FIGURES), None)
        )
        is_note = base is not None or (on is not None and chr(codes[on]).isalpha())
        number = letters.first + place
        foot = _foot(text, number, turn)
        line = _origin(text, letters.first + (on if on is not None else place), turn)[1]
        low, high = RAISED
        if is_note and low <= (line - foot) / max(_height(text, letters.first + (on or 0), turn), _STEP) <= high:
            found[place] = foot
        else:
            base = place
    if found and (after := max(found) + 1) < len(codes) and codes[after] in _SLASHES:
        return {}  # the upper half of a fraction
    return found


def _word(text: PdfTextPage, letters: _Letters, turn: int) -> Word:
    first, last = letters.first, letters.first + len(letters.codes) - 1
    begin, end = _box(text, first, turn), _box(text, last, turn)
    left, right = min(begin[0], end[0]), max(begin[2], end[2])
    shown = "".join(map(_letter, letters.codes))
    leftward = bidi.is_right_to_left(shown)
    # the latter are figures that PDFium takes for a part of what is written from right to left
    if leftward or begin[0] > end[0]:
        places = [_origin(text, number, turn)[0] for number in range(first, last + 1)]
        left, right = min(left, *places), max(right, *places)
        seen = _from_right(shown, places)
        shown = bidi.word(seen) if leftward else seen[::-1]
    elif len(shown) == 1 and unicodedata.category(shown) == "Co":
        shown = "•"  # of a font of signs: what stands alone marks an item of a list
    return Word(
        _plain_letters(shown), left, right, _origin(text, first, turn)[1], max(begin[3] - begin[1], end[3] - end[1])
    )


def _height(text: PdfTextPage, number: int, turn: int) -> float:
    box = _box(text, number, turn)
    return box[3] - box[1]


@lru_cache(maxsize=8192)
def _letter(code: int) -> str:
    if code == _AT_LINE_END:
        return "-"
    letter = chr(code) if code <= sys.maxunicode else BROKEN
    return BROKEN if unicodedata.category(letter) in _NO_LETTERS else letter


def _from_right(shown: str, places: Sequence[float]) -> str:
    """The letters from right to left, marks behind the letter that carries them."""
    groups: list[tuple[float, str]] = []
    for letter, place in zip(shown, places, strict=True):
        if groups and unicodedata.combining(letter):
            groups[-1] = (groups[-1][0], groups[-1][1] + letter)
        else:
            groups.append((place, letter))
    return "".join(group for _, group in sorted(groups, key=lambda group: -group[0]))


def _plain_letters(text: str) -> str:
    """Letters in place of the forms that printers have for them, such as `fi` for the ligature."""
    if text.isascii():
        return text
    # PDFium gives letters beyond U+FFFF in halves
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(
        unicodedata.normalize("NFKC", each) if any(low <= each <= high for low, high in _FORMS) else each
        for each in text
    )


def _is_known(text: PdfTextPage, words: Sequence[_Letters]) -> bool:
    """Whether PDFium knows what is drawn.

    Fonts may number their shapes as they please, and say nothing of what they mean.
    """
    raw = _pdfium()
    codes = Counter(code for word in words for code in word.codes)
    drawn = codes.total()
    broken = sum(
        count for code, count in codes.items() if _letter(code) == BROKEN or unicodedata.category(_letter(code)) == "Co"
    )
    if broken <= _MOST_BROKEN * drawn:
        return True
    guessed = sum(
        raw.FPDFText_HasUnicodeMapError(text.raw, number) == 1
        for word in words
        for number in range(word.first, word.first + len(word.codes))
    )
    return bool(guessed <= _MOST_GUESSED * drawn)


def _foot(text: PdfTextPage, number: int, turn: int) -> float:
    """Where what is drawn of a letter ends below."""
    raw = _pdfium()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text.raw, number, left, right, bottom, top)
    return _turned((left.value, bottom.value, right.value, top.value), turn)[3]


def _turn(text: PdfTextPage, number: int) -> int:
    """By how many quarters a letter is turned, against the clock."""
    raw = _pdfium()
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text.raw, number, matrix)
    return round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4


Box = tuple[float, float, float, float]  # left, top, right, bottom; as PDF has it, left, bottom, right, top


def _box(text: PdfTextPage, number: int, turn: int) -> Box:
    raw = _pdfium()
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text.raw, number, box)
    return _turned((box.left, box.bottom, box.right, box.top), turn)


def _origin(text: PdfTextPage, number: int, turn: int) -> tuple[float, float]:
    raw = _pdfium()
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text.raw, number, x, y)
    return _point(x.value, y.value, turn)


def _turned(box: Box, turn: int) -> Box:
    """A box of PDF's, whose `y` grows upwards, as it is read when the page is turned so that letters with this turn stand upright."""
    (a, b), (c, d) = _point(box[0], box[1], turn), _point(box[2], box[3], turn)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _point(x: float, y: float, turn: int) -> tuple[float, float]:
    return ((x, -y), (y, x), (-x, y), (-y, -x))[turn]
