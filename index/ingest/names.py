"""Is this the name of a person, of a publisher, of a place? Judged by shape alone; English words. Knows nothing of articles or lines."""

from __future__ import annotations

import re

_PARTICLES = frozenset("de da do dos di del della der den van von zu la le el al bin ibn ben ter ten y e du".split())
_IN_NO_NAME = frozenset(
    "the of in on for to at with from by staff desk news bureau team correspondent reporter editor writer admin administrator"
    " editorial agency agencies web online"
    " special our is are was new how why what all no".split()
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
    r"\b(?:news|times|post|journal|herald|tribune|press|magazine|review|today|daily|weekly|network|media|guardian|independent|telegraph|observer|chronicle|gazette"
    r"|express|standard|mail|mirror|sun|star|globe|bulletin|digest|monitor|broadcasting|radio|television|tv|institute|university|foundation|cent(?:er|re)|wire)\b"
    r"|\.(?:com|org|net|in|co|info|io|news)$|^the\s",
    re.IGNORECASE,
)
_ACRONYM_OR_CAMEL = re.compile(r"[A-Z]{2,6}|[A-Z][a-z]+[A-Z]\w*")
_AND = re.compile(r",\s*(?:and\s+)?|\s+and\s+|\s*&\s*|;\s*")
_WORD = re.compile(r"[^\W\d_]+(?:[.'’-]+[^\W\d_]+)*[.'’]?")


def is_person(text: str) -> bool:
    """Two to five capitalised words, initials and particles: "Jean-Luc de la Tour", "J. K. Rowling"."""
    words = text.split()
    if not 2 <= len(words) <= 5 or words[-1] in _PARTICLES:
        return False
    return all(word in _PARTICLES or _is_name_word(word, _IN_NO_NAME) for word in words) and any(len(word.strip(".")) > 1 for word in words)


def are_persons(text: str) -> bool:
    """One name, or several with commas or "and" in between."""
    return all(is_person(part) for part in _AND.split(text))


def is_agency(text: str) -> bool:
    """Whether it is a news agency."""
    return text.lower() in _AGENCIES


def is_publisher(text: str) -> bool:
    """Whether it reads as a newspaper, broadcaster, site or institute: "The Hindu", "BBC", "DailyDigest360", "Delhi Times"."""
    return 0 < len(text.split()) <= 7 and bool(is_agency(text) or _IN_PUBLISHER.search(text) or _ACRONYM_OR_CAMEL.fullmatch(text))


def is_place(text: str) -> bool:
    """Whether it can be the place that a report is sent from: "NEW DELHI", "Washington, D.C."."""
    words = text.replace(",", " ").replace("/", " ").split()
    return 0 < len(words) <= 5 and all(word in _PARTICLES or _is_name_word(word, _IN_NO_PLACE) for word in words) and words[0] not in _PARTICLES


def _is_name_word(word: str, banned: frozenset[str]) -> bool:
    return bool(_WORD.fullmatch(word)) and word[0].isupper() and word.strip(".").lower() not in banned
