"""Decide whether words are the name of a person, a publisher or a place. By shape, and by a few words.

In writing without capitals, any word may be part of a name; where words are not set apart either, a few signs are one,
but only after the word for "author".
"""

from __future__ import annotations

import re
import unicodedata

_PARTICLES = frozenset("de da do dos di del della der den van von zu la le el al bin ibn ben ter ten y e du".split())
# The word that stands before the name of an author, in the languages of `index.ingest.months`, Chinese and Japanese.
BY = (
    r"(?:(?:by|von|por|par|di|door|av|af|od|от|oleh)(?=[\s:])"
    r"|(?:author|autora?|auteure?|autore|автор|текст|texte?|texto|testo|लेखक|الكاتب|كتب|بقلم)(?=[\s:])|(?:作者|撰文|文|記者"
    r"|记者|取材)(?=[\s:：/／]))"
)
_LEAD = re.compile(rf"^[\s|•·–—-]*(?:{BY}\s*[:：/／]?\s*)+", re.IGNORECASE)
_IN_NO_NAME = frozenset(
    "the of in on for to at with from by staff desk news bureau team correspondent reporter editor writer admin "
    "administrator"
    " editorial agency agencies web online"
    " special our is are was new how why what all no office team redaktion redacción redação rédaction redazione "
    "redactie редакция"
    " photo foto image bild".split()
)
_IN_NO_PLACE = frozenset("the of in on for to at with by from".split())
_AGENCIES = frozenset(
    (
        "reuters",
        "ap",
        "associated press",
        "the associated press",
        "afp",
        "agence france-presse",
        "pti",
        "ani",
        "ians",
        "bloomberg",
        "tass",
        "xinhua",
        "upi",
        "dpa",
        "efe",
    )
)
_IN_PUBLISHER = re.compile(
    r"\b(?:news|times|post|journal|herald|tribune|press|magazine|review|today|daily|weekly|network|media|guardian"
    r"|independent|telegraph|observer|chronicle|gazette"
    r"|express|standard|mail|mirror|sun|star|globe|bulletin|digest|monitor|broadcasting|radio|television|tv|institute"
    r"|university|foundation|cent(?:er|re)|wire)\b"
    r"|\.(?:com|org|net|in|co|info|io|news)$|^the\s",
    re.IGNORECASE,
)
_ACRONYM_OR_CAMEL = re.compile(r"[A-Z]{2,6}|[A-Z][a-z]+[A-Z]\w*")
AND = re.compile(
    r"[,，、;]\s*(?:(?:and|und|y|e|et|и|और)\s+)?|\s+(?:and|AND|und|UND|y|e|et|en|och|og|i|и|और|و)\s+|\s*&\s*"
)
_WORD = re.compile(r"[^\W\d_]+(?:[.'’-]+[^\W\d_]+)*[.'’]?")
_JOINTS = {"AND": "and", "UND": "und"}
_ABBREVIATED = re.compile(r"\s(?:[JS]r|[A-Z])$")
_LONG = re.compile(r"\b(?!(?:and|und|et)\b)[^\W\d_]{3,}")
# Chinese, Japanese, Korean
_UNSPACED = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u3040-\u30ff\u4e00-\u9fff]{2,8}|[\uac00-\ud7af]{2,4}")


def is_person(text: str) -> bool:
    """Two to five capitalised words, initials and particles: "Jean-Luc de la Tour", "J. K. Rowling"."""
    words = text.split()
    if not 2 <= len(words) <= 5 or words[-1] in _PARTICLES:
        return False
    return all(word in _PARTICLES or _is_name_word(word, _IN_NO_NAME) for word in words) and any(
        len(word.strip(".")) > 1 for word in words
    )


def are_persons(text: str) -> bool:
    """One name, or several with commas or "and" in between."""
    return all(is_person(part) for part in AND.split(text))


def is_unspaced(text: str) -> bool:
    """Whether it can be a name in writing that sets no words apart; so can many words that are none."""
    return bool(_UNSPACED.fullmatch(text))


def without_by(text: str) -> str:
    """What follows the word that stands before an author: "By Mary Hale" is "Mary Hale"."""
    return _LEAD.sub("", text)


def proper(names: str) -> str:
    """Names in capitals as they are written elsewhere: "MARY ANN HALE" is "Mary Ann Hale"."""
    in_capitals = all(part.isupper() for part in AND.split(names) if part)
    return _LONG.sub(lambda found: _JOINTS.get(found[0], found[0].title()), names) if in_capitals else names


def bare_name(text: str) -> str:
    """The text without marks around it; the full stop of "Tom Oak Jr." belongs to the name."""
    name = text.strip(" .,;()*_")
    return f"{name}." if _ABBREVIATED.search(name) and text.rstrip(" ,;)*_").endswith(f"{name}.") else name


def is_agency(text: str) -> bool:
    """Whether it is a news agency."""
    return text.lower() in _AGENCIES


def is_publisher(text: str) -> bool:
    """Whether it reads as a newspaper, broadcaster, site or institute: "The Hindu", "BBC"."""
    return 0 < len(text.split()) <= 7 and bool(
        is_agency(text) or _IN_PUBLISHER.search(text) or _ACRONYM_OR_CAMEL.fullmatch(text)
    )


def is_place(text: str) -> bool:
    """Whether it can be the place that a report is sent from: "NEW DELHI", "Washington, D.C."."""
    words = text.replace(",", " ").replace("/", " ").split()
    return (
        0 < len(words) <= 5
        and all(word in _PARTICLES or _is_name_word(word, _IN_NO_PLACE) for word in words)
        and words[0] not in _PARTICLES
    )


def _is_name_word(word: str, banned: frozenset[str]) -> bool:
    # vowels of Hindi are marks
    letters = "".join(mark for mark in word if not unicodedata.category(mark).startswith("M"))
    return bool(_WORD.fullmatch(letters)) and not letters[0].islower() and word.strip(".").lower() not in banned
