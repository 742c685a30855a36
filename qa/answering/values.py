"""Decide whether two short answers to one question contradict each other. Pure.

"5 May" and "6 June" do (True); "$68.7 billion" and "almost 70 billion dollars" do not (False); of "Delhi" and "India"
code cannot tell (None). An answer that says what the other says, and more, never contradicts it.
"""

from __future__ import annotations

import re
from collections.abc import Set

from qa.answering.amounts import amounts, compatible, overlap, years
from qa.answering.checks.facts import facts
from qa.answering.checks.opposites import opposite
from qa.answering.checks.values import given, meet
from qa.answering.checks.words import has_word, normalise, stem, words
from qa.answering.question import Question

LONG = 8  # content words: what is longer is no value, and says more than one thing
SHORT = 5  # content words: of longer phrases, two that share none may still mean the same


def differ(question: Question, one: str, other: str) -> bool | None:
    """Whether `one` and `other`, short answers to `question`, cannot both be true."""
    told = _differ(question, one, other)
    return None if told and max(len(words(one)), len(words(other))) > LONG else told


def _differ(question: Question, one: str, other: str) -> bool | None:
    if question.kind in ("polar", "choice") and (told := _opposed(question, one, other)) is not None:
        return told
    if _same(one, other):
        return False
    match question.kind:
        case "time":
            told = _times(one, other)
            # "in what time"
            measured = told is None and not years(one) and not years(other) and _is_amount(one) and _is_amount(other)
            return _amounts(question, one, other) if measured else told
        case "number" | "duration" | "frequency":
            return _amounts(question, one, other)
        case "person":
            return _persons(question, one, other)
        case "place":
            return _places(question, one, other)
        case "why" | "how" | "list" | "polar":
            return False if _contained(one, other, frozenset()) else None
    return _things(question, one, other)


def _same(one: str, other: str) -> bool:
    return normalise(one).casefold().strip(" .\"'") == normalise(other).casefold().strip(" .\"'")


def _opposed(question: Question, one: str, other: str) -> bool | None:
    """Whether one answer says yes and the other no."""
    if question.kind == "choice":
        options = [[word for word in words(text) if has_word(word, set(question.words))] for text in (one, other)]
        return set(options[0]).isdisjoint(options[1]) if all(options) else None
    said = [_says(question, text) for text in (one, other)]
    return None if None in said else said[0] != said[1]


def _says(question: Question, text: str) -> bool | None:
    """Whether a short answer says yes; None where it says neither yes nor no."""
    if opening := _OPENING.match(normalise(text)):
        return opening["no"] is None
    read = facts(text)
    stems = set(read.stems)
    contrary = any(opposite(asked, stems) for asked in question.words if not has_word(asked, stems))
    if not contrary and not any(has_word(asked, stems) for asked in question.words):
        return None
    return read.negated == contrary


def _times(one: str, other: str) -> bool | None:
    """Days, months and years, as far as both give them; else weekdays, or the hour of the day."""
    spans = years(one), years(other)
    if all(spans) and not overlap(*spans):
        return None if _RELATIVE.search(one) or _RELATIVE.search(other) else True
    ones, others = given(_WHEN, one), given(_WHEN, other)
    units = {time.unit for time in ones} & {time.unit for time in others} - {"", "th"}
    if units - {"year"} or (units and not all(spans)):
        dated = [frozenset(time for time in times if time.unit in ("day", "month")) for times in (ones, others)]
        return not meet(_WHEN, *dated)
    if all(spans):
        return False
    for named in (_WEEKDAYS, _SEASONS):
        sides = [named & {_AUTUMN.get(word, word) for word in words(text)} for text in (one, other)]
        if all(sides):
            return sides[0].isdisjoint(sides[1])
    hours = [_HOUR.findall(normalise(text).casefold()) for text in (one, other)]
    if all(hours):
        return {(hour.lstrip("0"), minute or "00", half) for hour, minute, half in hours[0]}.isdisjoint(
            {(hour.lstrip("0"), minute or "00", half) for hour, minute, half in hours[1]}
        )
    return False if _contained(one, other, frozenset()) else None


def _amounts(question: Question, one: str, other: str) -> bool | None:
    asked = frozenset(question.words)
    ones, others = (
        amounts(text, known=question.numbers, asked=asked, lengths=question.kind != "number") for text in (one, other)
    )
    if not ones or not others:
        return False if _contained(one, other, frozenset()) else None
    met = [compatible(mine, theirs) for mine in ones for theirs in others]
    if True in met:
        return False
    return None if None in met else True


def _persons(question: Question, one: str, other: str) -> bool | None:
    """Compare names: one that both have is one person, unless given names differ.

    Without any in common they differ where one person is asked for.
    """
    ones, others = _names(question, one), _names(question, other)
    if not ones or not others or not (facts(one).names and facts(other).names):
        return False if _contained(one, other, frozenset()) else None
    if _shared(ones, others):
        return False if _within(ones, others) or _within(others, ones) else None
    return True if question.singular and not _abbreviates(one, other) else None


def _places(question: Question, one: str, other: str) -> bool | None:
    """Compare names of places: of one rank ("which city"), two names are two places.

    Else one may lie in the other, unless a third name holds both.
    """
    ones, others = _names(question, one), _names(question, other)
    if not ones or not others or _abbreviates(one, other):
        return False if _contained(one, other, frozenset()) else None
    if _within(ones, others) or _within(others, ones):
        return False
    if (
        question.noun in _RANKED
        and question.singular
        and _all_named(one)
        and _all_named(other)
        and _apart(ones, others)
    ):
        return True
    inner, outer = ([part.strip() for part in text.split(",", 1)] for text in (one, other))
    located = len(inner) == len(outer) == 2 and _apart(_names(question, inner[0]), _names(question, outer[0]))
    return True if located and (_same(inner[1], outer[1]) or not _shared(ones, others)) else None


def _apart(ones: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two names are of two places.

    They share no word, or only "New", or "Carolina" of "North Carolina" and "South Carolina".
    """
    shared = {one for one in ones if has_word(one, others)}
    return shared <= _QUALIFIERS or bool(
        ones & _QUALIFIERS and others & _QUALIFIERS and (ones & _QUALIFIERS).isdisjoint(others & _QUALIFIERS)
    )


def _things(question: Question, one: str, other: str) -> bool | None:
    """Compare words: figures where both are figures.

    Else two short phrases without a word in common differ, where one thing is asked for.
    """
    asked = frozenset(question.words)
    if _is_amount(one) and _is_amount(other):
        return _amounts(question, one, other)
    if _contained(one, other, asked):
        return False
    ones, others = (frozenset(word for word in words(text) if not has_word(word, asked)) for text in (one, other))
    if (
        not (question.singular or question.kind == "abbreviation")
        or not ones
        or not others
        or max(len(ones), len(others)) > SHORT
    ):
        return None
    apart = not _shared(ones, others) and not _abbreviates(one, other) and not _glued(one, other)
    return True if apart and _of_a_sort(one, other) else None


def _of_a_sort(one: str, other: str) -> bool:
    """Whether two answers can be compared.

    They can if both are in one alphabet, both or neither are figures, and a name is not set against a description in
    small letters.
    """
    if bool(_LATIN.search(one)) != bool(_LATIN.search(other)) or _is_amount(one) != _is_amount(other):
        return False
    return not (_all_named(one) and other[:1].islower()) and not (_all_named(other) and one[:1].islower())


def _all_named(text: str) -> bool:
    """Whether every content word is written as a name."""
    read = facts(text)
    return bool(read.stems) and set(read.stems) <= read.names


def _is_amount(text: str) -> bool:
    read = facts(text)
    return bool(read.numbers) and len(read.stems) <= 1 and not read.names


def _names(question: Question, text: str) -> frozenset[str]:
    """Return the names in an answer, without titles and what the question says.

    Every content word where none has a capital.
    """
    read = facts(text)
    asked = frozenset(question.words)
    found = {name for name in read.names or read.stems if name not in _TITLES}
    return frozenset(name for name in found if not has_word(name, asked)) or frozenset(found)


def _contained(one: str, other: str, aside: Set[str]) -> bool:
    """Whether one says all words and figures that the other says."""
    ones, others = (
        {token for token in (*words(text), *map(str, facts(text).numbers)) if token not in aside}
        for text in (one, other)
    )
    return bool(ones and others) and (_within(ones, others) or _within(others, ones))


def _within(ones: Set[str], others: Set[str]) -> bool:
    return all(has_word(one, others) for one in ones)


def _shared(ones: Set[str], others: Set[str]) -> bool:
    return any(has_word(one, others) for one in ones)


def _abbreviates(one: str, other: str) -> bool:
    """Whether one is the initials of the other: "UCLA" and "University of California, Los Angeles"."""
    for short, long in ((one, other), (other, one)):
        letters = re.sub(r"[^\w]", "", normalise(short))
        initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", normalise(long)))
        capitals = "".join(letter for letter in initials if letter.isupper())
        if (
            2 <= len(letters) <= 6
            and letters.isupper()
            and letters.casefold() in (initials.casefold(), capitals.casefold())
        ):
            return True
    pair = {normalise(one).casefold().removeprefix("the "), normalise(other).casefold().removeprefix("the ")}
    return any(pair <= group for group in _ALIASES)


def _glued(one: str, other: str) -> bool:
    """Whether one is written within the other: "Facebook" and "face book"."""
    ones, others = (re.sub(r"[\W_]", "", normalise(text).casefold()) for text in (one, other))
    return ones in others or others in ones


_WHEN = "When?"
_OPENING = re.compile(r"(?:yes|yeah|correct|true|(?P<no>no|not|never|false))\b", re.IGNORECASE)
_WEEKDAYS = frozenset(stem(day) for day in "monday tuesday wednesday thursday friday saturday sunday".split())
_SEASONS = frozenset(stem(season) for season in "spring summer autumn winter".split())
_AUTUMN = {stem("fall"): stem("autumn")}
_LATIN = re.compile("[A-Za-z]")
_RELATIVE = re.compile(r"\b(?:after|before|since|until|later|earlier|following|prior|ago)\b", re.IGNORECASE)
_HOUR = re.compile(r"\b(\d{1,2})(?:[:.](\d\d))? ?([ap])\.?m\b")
_RANKED = frozenset(
    "country nation city capital town village state province county continent planet region territory "
    "island borough district".split()
)
_QUALIFIERS = frozenset(
    stem(word)
    for word in "new north south east west northern southern eastern western san santa saint st los las".split()
)
_TITLES = frozenset(
    stem(title)
    for title in "mr mrs ms dr sir lord lady president minister prime chancellor senator governor king queen prince "
    "princess pope mayor judge justice general"
    " professor secretary chairman chief former late actor actress singer".split()
)
_ALIASES = (frozenset({"us", "america", "usa"}), frozenset({"uk", "britain", "great britain"}))
