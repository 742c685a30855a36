"""Decide whether a paragraph is about the article's author, and whom it names. By its shape; English words."""

from __future__ import annotations

import re

from index.ingest.names import is_person

_LABEL = re.compile(
    r"[*_#\s]*(?:written by|(?:about )?the (?:author|writer)s?|about me"
    r"|author bio(?:graphy)?)\s*:?[*_\s]*",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"[(\[*_\s]*((?:[^\W\d_][\w.'’-]*\s){1,4}?[^\W\d_][\w.'’-]*?),?[*_]*,?\s+(?:is|was|are|covers|writes|has|works"
    r"|serves|teaches|reports|leads|holds)\b"
)
_TRADE = re.compile(
    r"\b(?:journalist|reporter|correspondent|editor|writer|columnist|author|analyst|researcher|fellow|professor"
    r"|lecturer|scholar|strategist|commentator|contributor"
    r"|freelancer|blogger|historian|economist|director|diplomat|ambassador|student|lawyer|founder|producer"
    r"|photographer|covers|writes)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:(?:can|may) be (?:contacted|reached|followed)|follow (?:him|her|them) (?:on|at)|(?:tweets|posts) (?:at|as"
    r"|@)|(?:views|opinions)\b.{0,60}"
    r"\b(?:his|her|their|personal"
    r"|author|writer|own)\b|solely (?:his|her|their|the author))",
    re.IGNORECASE,
)
_THE_AUTHOR = re.compile(
    r"[(\[*_\s]*the (?:author|writer)s? (?:is|are|was|were|teaches|has|works"
    r"|serves)\b",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"[(\[*_\s]*(?:disclaimer\s*:\s*)?(?:the )?(?:views|opinions)(?: and opinions)? (?:expressed|in (?:this"
    r"|the) (?:article|piece|column))\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])(?<!\b(?:Dr|Mr|Ms|St|Jr|Sr))(?<!\bMrs)(?<!\bProf)[.!?][\"”’)\]]*(?=\s|$)")
_LONGEST = 1500  # characters


def is_label(plain: str) -> bool:
    """Whether a line announces the author: "Written By", "The Author"."""
    return len(plain) <= 40 and bool(_LABEL.fullmatch(plain))


def is_about(plain: str) -> bool:
    """Whether words that name an author are from a paragraph about that person, rather than a byline."""
    return (
        bool(_LABEL.match(plain) and not re.fullmatch(r"written by\W+\S.{0,60}", plain, re.IGNORECASE))
        or opening(plain, labelled=False) is not None
    )


def is_own(plain: str) -> bool:
    """Whether a paragraph at an article's foot is about its author, by what it says.

    It gives a way to reach the person, or says whose views these are.
    """
    if len(plain) > _LONGEST:
        return False
    if _THE_AUTHOR.match(plain) or _DISCLAIMER.match(plain):
        return True
    in_brackets = plain[:1] in "([" and plain[-1:] in ")]."
    return opening(plain, labelled=False) is not None and bool(in_brackets or _OWN.search(plain))


def is_of(plain: str, credited: str) -> bool:
    """Whether a paragraph is about a person who is named in `credited`, the words of a byline."""
    found = opening(plain, labelled=False)
    return found is not None and found[0].casefold() in credited.casefold()


def opening(plain: str, *, labelled: bool) -> tuple[str, str] | None:
    """Return the person whom a paragraph introduces, and its first sentence.

    Below a label a name alone will do; else a trade must be told.
    """
    if labelled and len(plain) <= _LONGEST and is_person(plain.strip(" .,:*_")):
        return plain.strip(" .,:*_"), plain
    found = _OPENING.match(plain) if len(plain) <= _LONGEST else None
    if not found or not is_person(found[1]):
        return None
    end = _SENTENCE_END.search(plain, found.end())
    sentence = plain[: end.end()] if end else plain
    return (found[1], sentence) if _TRADE.search(sentence) else None
