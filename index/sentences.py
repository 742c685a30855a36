"""The sentences of a stretch of text.

Takes a text, a span of it and its language; returns `Sentence` spans. Knows nothing of articles or regions.

The spans are the unit of quotation, so they err on the side of being whole: a quotation stays with the words that
introduce it unless it is long. White space within the stretch, line breaks too, only separates words: a caller that
knows paragraphs passes them one by one.
"""

from __future__ import annotations

import itertools
import re

from index.language import ENGLISH
from index.records import Sentence

_LONG_QUOTATION = 50  # words; above this, a quotation of several sentences is split inside
_QUOTE_MARKS = str.maketrans(dict.fromkeys('"“”‘’«»„', " "))  # one for one: offsets stay
_GLUED = re.compile(r"(?<=[^\W\d_A-Z]{2}[.!?])(?=[A-Z][a-z]+\s)|(?<=[.!?][”\"’])(?=[“‘])|(?<=[”\"’][.!?])(?=[“‘\"])")
SPEAKING = "said|says|added|told|asked|wrote|replied|noted|explained|tweeted"  # verbs that follow what was quoted
_WHO_SAID = re.compile(rf"(?:[\w.'’-]+\s+){{1,4}}(?:{SPEAKING})\b[^.]{{0,30}}\.")
_ENDS_QUOTED = ("”", '"', "’")
_ENDS_SHORT = re.compile(r"(?:\b[A-Z]\.|…|\.\.\.\]?|\b(?:viz|etc|cf|ca|approx|al|[Ff]ig|eq)\.)$")
# What ends no sentence, by language: titles and units that sentencex takes for the end of one; in Thai no full stop
# does.
_ABBREVIATED = {
    "ar": re.compile(r"\b\w\.$"),
    "fr": re.compile(r"\b(?:MM?|Mgr|Me|Ste?)\.$"),
    "hi": re.compile(r"(?:^|\s)(?:डॉ|प्रो|श्री|मि|रु|पं|सं|कि|मी)\.$"),
    "th": re.compile(r"\.$"),
}
# languages that write "the 3rd" as "3."
_ORDINALS = frozenset("bs cs da de et fi fo hr hu is lb lv nn no pl sk sl sr tr".split())
_ORDINAL = re.compile(r"(?<![\w.,:])\d{1,2}\.$")
_GLUED_AS = dict.fromkeys(("ja", "zh"), re.compile(r"(?<=[。！？])(?=[\dA-Za-z])"))
_ENDS_QUOTED_AS = {"ja": ("」", "』"), "zh": ("”", "」", "』")}
_GOES_ON = {"ja": re.compile("[\u3040-\u309f]"), "zh": re.compile(r"[^“「『]{1,15}$")}  # 「…。」と…, “…。”他说。
_TAIL = 64  # characters of a sentence that tell how it ends
# characters given to sentencex at once: its time grows faster than the text, and hardly a paragraph is this long
_WINDOW = 5_000


def sentences(text: str, start: int, end: int, *, language: str = ENGLISH) -> tuple[Sentence, ...]:
    """The sentences of `text[start:end]`, in order, without surrounding white space.

    Together they hold every word of it.
    """
    flat = re.sub(r"\s", " ", text[start:end])
    cuts = _joined(
        flat, _corrected(flat, _split_long_quotations(flat, _boundaries(flat, language), language), language), language
    )
    return tuple(_trimmed(text, start + a, start + b) for a, b in cuts if flat[a:b].strip())


def _boundaries(flat: str, language: str) -> list[int]:
    """Where sentences begin according to sentencex, in code points, and the end of the text."""
    import sentencex

    cuts = [0]
    while cuts[-1] < len(flat):
        begin = cuts[-1]
        window = flat[begin : begin + _WINDOW]
        found = [begin + boundary["start_index"] for boundary in sentencex.get_sentence_boundaries(language, window)]
        whole = begin + len(window) == len(flat)
        cuts += [*found[1:], len(flat)] if whole else found[1:] or [begin + (window.rfind(" ") + 1 or len(window))]
    return cuts


def _split_long_quotations(flat: str, cuts: list[int], language: str) -> list[int]:
    """The library never cuts inside quotation marks.

    Where that leaves a long stretch, it is cut as if the marks were not there.
    """
    more = []
    for a, b in itertools.pairwise(cuts):
        if len(flat[a:b].split()) > _LONG_QUOTATION:
            more += [a + cut for cut in _boundaries(flat[a:b].translate(_QUOTE_MARKS), language)]
    return sorted({*cuts, *more})


def _corrected(flat: str, cuts: list[int], language: str) -> list[int]:
    """Adds the cuts where two sentences are glued together, and gives an opening quotation mark to the sentence that it opens."""
    glued = _GLUED_AS.get(language, _GLUED)
    cuts = sorted({*cuts, *(found.start() for found in glued.finditer(flat))})
    moved = {0, len(flat)}
    for a, b in itertools.pairwise(cuts):
        moved.add(_before_openings(flat, a, b) if b < len(flat) and not flat[b].isspace() else b)
    return sorted(moved)


def _before_openings(flat: str, a: int, b: int) -> int:
    """Where the opening marks that `flat[a:b]` ends with begin.

    Looked for from the end: a search would begin anew at every mark of a long row.
    """
    while b > a and (flat[b - 1] in "“‘«„([" or (flat[b - 1] in "\"'" and flat[b - 2 : b - 1].isspace())):
        b -= 1
    return b


def _joined(flat: str, cuts: list[int], language: str) -> list[tuple[int, int]]:
    """Joins what says nothing alone: `“…a trial.” Pelosi said.`, `E. coli`, a closing bracket."""
    spans: list[tuple[int, int]] = []
    end = 0  # of the last words
    for a, b in itertools.pairwise(cuts):
        before, here = (flat[max(spans[-1][0], end - _TAIL) : end] if spans else ""), flat[a:b].strip()
        attribution = before.endswith(_ENDS_QUOTED) and _WHO_SAID.fullmatch(here)
        broken = here[:1].islower() and _ENDS_SHORT.search(before)
        if spans and (attribution or broken or not re.search(r"\w", here) or _goes_on(before, here, language)):
            spans[-1] = (spans[-1][0], b)
        else:
            spans.append((a, b))
        end = a + len(flat[a:b].rstrip()) if here else end
    return spans


def _goes_on(before: str, here: str, language: str) -> bool:
    """Whether a sentence in a language other than English goes on where sentencex ends it.

    In small letters, after an abbreviation or an ordinal.
    """
    if language == ENGLISH:
        return False
    abbreviated = language in _ABBREVIATED and _ABBREVIATED[language].search(before)
    ordinal = language in _ORDINALS and _ORDINAL.search(before)
    told = language in _ENDS_QUOTED_AS and before.endswith(_ENDS_QUOTED_AS[language]) and _GOES_ON[language].match(here)
    return bool(abbreviated or ordinal or told or (before.endswith(".") and here[:1].islower()))


def _trimmed(text: str, start: int, end: int) -> Sentence:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Sentence(start=start, end=start + len(piece.strip()), text=piece.strip())
