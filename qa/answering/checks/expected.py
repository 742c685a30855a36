"""What kind of thing a question asks for, and whether a sentence supplies one. Pure.

The cheapest sign that a fluent sentence does not answer: "How many …?" met by a sentence without a figure, "When …?" by one without a time. Follows the
expected answer types of the TREC question answering track (Li and Roth, "Learning question classifiers", 2002), reduced to those code can recognise.
"""

from __future__ import annotations

import re
from typing import Literal

from qa.answering.checks.abbreviations import abbreviated, long_form
from qa.answering.checks.facts import facts
from qa.answering.checks.figures import is_year
from qa.answering.checks.words import has_word, normalise, words

Kind = Literal["figure", "time", "name", "polar", "abbreviation", "other"]

_FIGURE = re.compile(
    r"\bhow (?:many|much|big|large|far|long|old|tall|high|deep|fast|often|expensive|heavy)\b"
    r"|\b(?:what|which) (?:is |was |are |were )?(?:the )?(?:\w+ ){0,2}"
    r"(?:number|percentage|per ?cent|proportion|price|cost|amount|population|temperature|value|size|age|length|height|width|depth|weight|speed|distance)"
    r" (?:of|in|was|is|did|do|does)\b"
)
_EXTENT = re.compile(r"\bhow (?:long|far|tall|old)\b")  # a time or a length, never a price, a share or a speed
_RATE = re.compile(
    r"\d[\d.,]{0,30} ?(?:[^\W\d]+ ?(?:/|per |an? )(?:second|sec|minute|min|hour|hr|day|week|month|year|[smh])\b|mph\b|kph\b|knots?\b)", re.IGNORECASE
)
_AGO = re.compile(r"\b[\w.,]{1,30} (?:years?|months?|weeks?|days?|hours?|minutes?) ago\b", re.IGNORECASE)  # a point in time, and no time that something took
_TIME = re.compile(
    r"(?:^|[,:;] )(?:and |but )?(?:since |until |by )?when\b|\b(?:what|which) (?:year|date|day|month|century|decade|time)\b"
    r"|\bwhat (?:is|was) the (?:\w+ )?(?:date|year)\b"
)
_NAME = re.compile(
    r"^(?:and |but |to |by |for |with |from )?(?:who|whom|whose)\b"
    r"|\b(?:what|which) (?:is|was|are|were) the (?:\w+ )?names? of\b|\bwhat (?:is|was|are|were) (?:he|she|it|they) (?:called|named)\b"
)
_HOLDER = re.compile(
    r"^(?:and |but )?who (?:(?:is|was) (?:now |currently |then )?(?:the |[\w.-]+(?: [\w.-]+)?['’]s? )"
    r"|(?:now |currently )?(?:leads|led|heads|headed|chairs|chaired|runs|ran|governs|governed|founded|wrote|directed|won|succeeded|replaced)\b)"
)
_POLAR = re.compile(
    r"^(?:and |but |so )?(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|shall|may|might|must|isn't|aren't|wasn't|didn't|doesn't)\b"
)
_TIMES = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|tomorrow|tonight|century|decade"
    r"|(?:this|last|next|previous|following|same) (?:year|month|week|day|spring|summer|autumn|fall|winter|quarter)|(?:spring|summer|autumn|winter) of"
    r"|morning|evening|afternoon|midnight|noon|(?:years?|months?|weeks?|days?|hours?) (?:ago|later|after|before)|before|after|when|while|until|since|once)\b",
    re.IGNORECASE,
)


def kind(question: str) -> Kind:
    """The kind of answer that `question` asks for; "other" where code cannot tell."""
    if abbreviated(question):
        return "abbreviation"
    asked = normalise(question).casefold()
    if _POLAR.search(asked):
        return "polar"
    if _FIGURE.search(asked):
        return "figure"
    if _TIME.search(asked):
        return "time"
    return "name" if _NAME.search(asked) else "other"


def singular(question: str) -> bool:
    """Whether a question is for the one holder of a part: "Who is the ambassador?", "Who led the talks?"; not "Who criticised the deal?"."""
    return _HOLDER.search(normalise(question).casefold()) is not None


def supplies(question: str, claim: str) -> bool:
    """Whether `claim` holds something of the kind asked for that the question did not already say."""
    asked, said = facts(question), facts(claim)
    new = {number for number in said.numbers if number.value not in {other.value for other in asked.numbers}}
    match kind(question):
        case "figure" if _EXTENT.search(normalise(question).casefold()):
            extents = facts(_AGO.sub(" ", _RATE.sub(" ", normalise(claim)))).numbers
            return any(number.unit == "" for number in new & extents) or said.negated
        case "figure":
            return any(number.unit != "th" and not is_year(number) for number in new) or said.negated
        case "time":
            return bool(any(number.unit == "" for number in new) or said.months - asked.months or _TIMES.search(claim))
        case "name":
            return any(not has_word(name, set(asked.stems)) for name in said.names)
        case "abbreviation":
            return long_form(abbreviated(question) or "", claim) is not None
        case "polar":
            return True
        case _:
            return bool(new) or any(not has_word(word, set(asked.stems)) for word in words(claim))
