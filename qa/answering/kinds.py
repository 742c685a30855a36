"""Classify a question by the type of answer it expects. Pure; takes one sentence without politeness, in either case.

The types are those of the question answering track of TREC (Li and Roth, "Learning question classifiers", 2002),
reduced to those that code can recognise. First the word that asks is found ("Shops in France lack which condiment",
"When he came, what did he sign?"), then the noun behind it, which may name a place, a person, a time or a figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qa.answering.checks.abbreviations import abbreviated
from qa.answering.checks.words import FUNCTION_WORDS, stem

Kind = Literal[
    "person", "number", "duration", "frequency", "time", "place", "polar", "choice", "why", "how", "list", "abbreviation", "what",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnswerType:
    """What a question asks for.

    `noun` is the word that names the `kind` ("city"; "" for none). `broad`: no single phrase answers; `several`:
    several things are asked for; `singular`: one is.
    """

    kind: Kind
    noun: str
    broad: bool
    several: bool
    singular: bool


# What is expected of a question in another language: the words that ask are known in English only, and by those a German
# question was one for yes or no 9 times in 10. A phrase answers most questions (0.94 of XQuAD's in English).
ABROAD = AnswerType("what", "", broad=False, several=False, singular=False)


def answer_type(asking: str) -> AnswerType:
    """Classify `asking`, one sentence with its typography folded (`qa.answering.checks.words.normalise`)."""
    asked = asking[:_LONGEST].casefold().strip(" \"'")
    kind: Kind
    kind, noun = ("abbreviation", "") if abbreviated(asking) else _kind(asked)
    several = (kind == "list" or _BROAD.search(asked) is not None) and kind not in ("polar", "choice", "abbreviation")
    broad = several or (kind in ("why", "how") and not _NAMING.search(asked))
    return AnswerType(kind, noun, broad, several, not broad and _one(kind, noun, asked))


def _kind(asked: str) -> tuple[Kind, str]:
    """Return the type, and the noun that gave it or that stands where one could ("" for none)."""
    if _LISTING.search(asked):
        return "list", ""
    found = _asking_word(asked)
    if found is None:
        return _without_asking_word(asked)
    if _ALTERNATIVES.search(asked[found.start() :]):
        return "choice", ""
    after = asked[found.end() :]
    match found["wh"]:
        case "who" | "whom" | "whose":
            return "person", ""
        case "when":
            return "time", ""
        case "where":
            return "place", ""
        case "why":
            return "why", ""
        case "how":
            return _how(after), ""
        case _:
            return _noun_asked(after, which=found["wh"] == "which")


def _asking_word(asked: str) -> re.Match[str] | None:
    """Find the question word, or None for a yes-or-no question.

    It opens the sentence or its main clause; else it is the last one that does not open a relative clause.
    """
    opening = _OPENS.match(asked)
    if opening and _SUBORDINATE.match(asked):
        opening = _MAIN.search(asked) or opening
    if opening:
        return opening
    if _POLAR.match(asked):
        return None
    within = list(_WITHIN.finditer(asked)) or list(_ANYWHERE.finditer(asked))
    return _MAIN.search(asked) or (within[-1] if within else None)


def _without_asking_word(asked: str) -> tuple[Kind, str]:
    if _POLAR.match(asked) or _WHETHER.match(asked):
        return ("choice" if _EITHER.search(asked) and not _OR_NOT.search(asked) else "polar"), ""
    if named := _NAME_IT.match(asked):
        return _noun_asked(f" is the {asked[named.end() :]}")
    if len(asked.split()) <= _FRAGMENT or _AMOUNT_OF.match(asked):  # "Population of India?"
        return _noun_asked(f" is {asked}")
    return ("polar" if asked.endswith("?") else "what"), ""


def _how(after: str) -> Kind:
    if _OFTEN.match(after):
        return "frequency"
    if _LONG.match(after):
        return "duration"
    return "number" if _MANY.match(after) else "time" if _SOON.match(after) else "how"


def _noun_asked(after: str, *, which: bool = False) -> tuple[Kind, str]:
    """Return the type that the noun after "what" or "which" names: "which city", "what is the population"."""
    for pattern, kind in _PHRASES:
        if pattern.match(after):
            return kind, ""
    read = re.findall(r"[\w'-]+|[,;:?.]", after)
    asserted = bool(read) and read[0] in _BE  # "what is the …"
    if read and not asserted and not which and _verb(read[0]):  # "what caused the fire"; "which decorated gymnast"
        return "what", ""
    phrase: list[str] = []
    following = ""
    for place in range(int(asserted), len(read)):
        word = read[place]
        following = word
        if word == "of" and (not phrase or phrase[-1] in _CARRIERS):
            phrase = []
        elif word.endswith(("'s", "s'")):
            if not asserted:  # "which country's team"
                return _typed([*phrase, word.removesuffix("'s")])
            phrase = []
        elif word in _STOPS or not word[0].isalnum() or (phrase and _verb(word)):
            if word not in _DETERMINERS or phrase:
                break
        elif word not in _DETERMINERS or phrase:
            phrase.append(word)
    if phrase[:1] and phrase[0] in _SORTS:
        return "what", phrase[0]
    kind, noun = _typed(phrase[-1:] if asserted else phrase)
    return ("person", noun) if kind == "what" and following == "who" and phrase else (kind, noun)


def _typed(phrase: list[str]) -> tuple[Kind, str]:
    """Return the type of a noun phrase that may run on into a verb, and its noun.

    The noun is the last known one among the first words, else the last word.
    """
    for word in reversed(phrase[:_REACH]):
        for kind, nouns in _NOUNS.items():
            if word in nouns:
                return kind, word
    return "what", "" if not phrase or _verb(phrase[-1]) else phrase[-1]


def _verb(word: str) -> bool:
    """Whether a word looks like a verb or an adverb: "launched", "recently", "saw".

    An irregular verb does not begin as its stem does.
    """
    return (
        (word in FUNCTION_WORDS and word not in ("us", "it"))
        or _ENDING.search(word) is not None
        or (stem(word)[:2] != word[:2] and word.isalpha())
        or word in _IRREGULAR
    )


def _one(kind: Kind, noun: str, asked: str) -> bool:
    if kind == "person":
        return (
            _ONE_OF.search(asked) is not None or _HOLDER.search(asked) is not None or (bool(noun) and not _plural(noun))
        )
    if kind in ("place", "what"):
        return (
            _ONE_OF.search(asked) is not None
            or (_ONE_THING.search(asked) is not None and bool(noun) and not _plural(noun))
            or (kind == "place" and _WHERE_IS.match(asked) is not None)
        )
    return kind in ("number", "time", "duration", "frequency")


def _plural(noun: str) -> bool:
    return noun in ("people", "men", "women", "children") or (
        noun.endswith("s") and not (noun.endswith(("ss", "us", "is")) or noun in ("species", "series"))
    )


_LONGEST = 1000  # characters of a question that are read
_FRAGMENT = 6  # words
_REACH = 5  # words behind "which" among which its noun is looked for
_AUX = (
    "is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|shall|may|might|must"
    "|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|hasn't|haven't|hadn't|can't|couldn't|won't|wouldn't|shouldn't"
)
_WH = "(?P<wh>what|whom|whose|who|when|where|why|how|which)"
_PREP = "in|on|at|by|for|from|to|with|of|under|since|until|till|about|during|after|before|into|through|towards?|against|over|between|among|within|near"
_OPENS = re.compile(
    rf"(?:and |but |so |or |then |also )?(?:(?:{_PREP}|out of|as of|up to|approximately|about|roughly"
    rf"|around|exactly) )*{_WH}\b"
)
_SUBORDINATE = re.compile(
    rf"(?:(?:when|where)\b(?! (?:{_AUX}|else|exactly)\b)|in what (?:may|might|could|is|was"
    rf"|appears)\b)[^,?]*, (?:{_PREP} )?"
    r"(?:what|whom|whose|who|when|where|why|how|which)\b"
)
_MAIN = re.compile(
    rf"(?<=^)(?:{_PREP}|according|following|as|while|if|although|though|despite|amid|because|once|given|besides|today"
    rf"|yesterday|currently|this|last|when|where)\b"
    rf"[^?]*?[,;] (?:(?:{_PREP}|approximately|about|roughly|around|exactly) )*{_WH}\b"
)
_WITHIN = re.compile(rf"(?:(?<=, )(?:{_PREP}|and|but|so) |(?<!, )\b|\b(?=what|how|why)){_WH}\b")
_ANYWHERE = re.compile(rf"\b{_WH}\b")
_AMOUNT_OF = re.compile(r"(?:the )?(?:[\w-]+ ){1,4}of\b")
_POLAR = re.compile(rf"(?:and |but |so |then |also )?(?:{_AUX})\b(?=.)")
_WHETHER = re.compile(r"(?:if|whether)\b")
_EITHER = re.compile(r" or ")
_OR_NOT = re.compile(
    r" or (?:not|no|more|less|so|fewer|later|earlier|older|younger|above|below|both|any|other|others|otherwise"
    r"|anything|anyone|elsewhere)\b"
    r"|\b(?:two|three) or (?:three|four)\b"
)
_ALTERNATIVES = re.compile(
    r"(?:which|who|what)\b.*[,:;] (?:(?!\b(?:and|who|which|that)\b)[^,?]){1,60},? or [^,?]{1,60}\?*$"
)
_NAME_IT = re.compile(r"(?:name|identify|state|give) (?:the |a |an )?")
_LISTING = re.compile(
    r"^(?:compare|contrast|list|enumerate|summari[sz]e|outline|trace|describe|put\b.*\bin order"
    r"|give (?:me )?(?:an overview|a summary|a list|a timeline|details)"
    r"|tell (?:me|us) (?:about|more|everything)|(?:name|identify|give|state|mention) (?:all|some|two|three|four|five"
    r"|several|any|at least)\b)"
)
_WHS = "(?:what|who|whom|whose|when|where|why|how|which)"
_BROAD = re.compile(
    r"\b(?:timeline|overview|in order of (?:time|date)|in chronological order|how do .* compare"
    r"|what (?:came|became|has become) of|what (?:happened|has happened|happens)(?! to be))\b"
    r"|\b(?:what|which) (?:are|were) (?:all |some of )?(?:the )?(?:\w+ )?(?:main|key|various|two|three|four|five"
    r"|several|different|major)\b"
    r"|\bwhat (?:are|were) (?:\w+ ){0,6}(?:consequences|effects|results|impacts|outcomes|benefits|advantages"
    r"|disadvantages|risks|implications|differences"
    r"|reasons|causes|arguments|criticisms|concerns|challenges|steps|conditions|terms|demands|views|similarities"
    r"|measures)\b"
    r"|\bwhat (?:is|was) the (?:difference|relationship|connection|dispute|disagreement) (?:between|over|about)\b"
    r"|\bwhat (?:did|do|does|have|has) .*\b(?:agree|discuss|talk about|argue|propose|recommend|promise)(?: on| to"
    r"| about)?\?*$"
    r"|\bwhat (?:was|were|has been|is being) (?:agreed|discussed|decided)\b"
    rf"|[,;?] (?:and|but) {_WHS}\b|^(?:\w+ )?{_WHS}\b.* and (?:(?:at|by|for|from|in|of|on|to|with) )?{_WHS} \w"
    rf"|\? \S.*\?"
)
_NAMING = re.compile(
    r"\bhow (?:is|was|are|were|do|does|did)\b.*\b(?:called|known|named|pronounced|spelled|spelt|abbreviated|refer to)\b"
)
_OFTEN = re.compile(r" (?:often|frequently|regularly|many times (?:a|per|each|every)|much time passes)\b")
_LONG = re.compile(
    r" (?:long|many (?:years|months|weeks|days|hours|minutes|seconds|decades|centuries)|much (?:time|longer))\b(?! ago)"
)
_MANY = re.compile(
    r" (?:(?:very|so|too) )?(?:many|much|big|large|far|old|tall|high|deep|fast|expensive|heavy|wide|thick|small|low"
    r"|hot|cold|warm|strong|numerous|young|steep"
    r"|costly|cheap|close|loud|bright|short|great a|large an?|quickly|valuable|populous|likely)\b"
)
_SOON = re.compile(r" (?:soon|early|late|recently|long ago)\b")
_PHRASES: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r" (?:is|are|was|were) .*\b(?:called|known as|named|nicknamed|doing|do|like)\?*$"), "what"),
    (re.compile(r" reasons?\b"), "why"),
    (re.compile(r" (?:ways?|manner|means|extent)\b"), "how"),
    (
        re.compile(
            r" (?:(?:is|was) )?(?:the |a )?(?:(?:length|period) of time|time ?(?:span|frame|period)|duration)\b"
        ),
        "duration",
    ),
    (re.compile(r" (?:is|was|are|were) (?:\w+ ){0,4}(?:duration|lifespan|life expectancy)\b"), "duration"),
    (re.compile(r" (?:is|was) (?:the |his |her |its |their )?date of\b"), "time"),
)
_BE = frozenset("is are was were 's be been".split())
_DETERMINERS = frozenset(
    "the a an this that these those its their his her our your my of following other others another more most same "
    "next each every two three".split()
)
_CARRIERS = frozenset("name names one number-one".split())
_SORTS = frozenset("kind kinds type types sort sorts category categories form class brand style".split())
_STOPS = frozenset(
    f"{_AUX}|{_PREP}|what|who|whom|whose|when|where|why|how|which|the|a|an|this|that|these|those|and|or|be|been|being".split(
        "|"
    )
) | frozenset("its their his her as than if because not it he she they".split())
_ENDING = re.compile(r"(?:[^e]ed|ly)$|^(?:ever|just|now|then|back)$")
_IRREGULAR = frozenset(
    "is was says has set put cut hit let shut beat dates sits leads makes takes won led saw made held fell came gave "
    "got met ran kept".split()
)
_NOUNS: dict[Kind, frozenset[str]] = {
    "number": frozenset(
        "number percentage percent proportion share price cost amount population temperature rate size age length "
        "height width depth weight speed"
        " distance toll total portion sum budget salary revenue score magnitude value worth ratio fraction rank ranking"
        " enrollment enrolment anniversary capacity elevation altitude volume mass"
        " turnout deficit debt income gdp odds density quantity tonnage diameter circumference radius wavelength fee "
        "fine valuation"
        " tally quota margin probability likelihood wage headcount attendance multiple pressure mileage".split()
    ),
    "time": frozenset(
        "year years date dates day days month months century centuries decade decades time times season era weekday "
        "birthday deadline birthdate week"
        " hour".split()
    ),
    "place": frozenset(
        "country countries nation nations city cities capital capitals town towns village villages state states "
        "province provinces county counties"
        " region regions district districts continent continents island islands location locations place places venue "
        "venues stadium territory"
        " territories area areas borough neighborhood neighbourhood municipality suburb street birthplace homeland "
        "headquarters hometown site"
        " peninsula prefecture archipelago planet".split()
    ),
    "person": frozenset(
        "person people man men woman women president minister premier chancellor actor actress singer author writer "
        "poet politician player senator"
        " king queen prince princess emperor empress celebrity star director ceo chairman leader leaders journalist "
        "athlete musician artist rapper"
        " scientist scientists billionaire mayor governor judge general lawyer attorney spokesman spokeswoman "
        "spokesperson coach footballer golfer"
        " swimmer gymnast boxer racer driver pilot astronaut comedian composer philosopher painter novelist architect "
        "engineer doctor professor"
        " economist historian critic explorer founder inventor owner successor predecessor wife husband son daughter "
        "father mother brother sister"
        " partner victim victims suspect suspects winner candidate candidates congressman congresswoman "
        "representative ambassador bishop pope ruler"
        " monarch pharaoh sultan saint goalkeeper quarterback striker captain sprinter guitarist drummer designer "
        "entrepreneur activist nominee"
        " justice secretary lawmaker figure host producer screenwriter mathematician physicist chemist biologist "
        "theologian scholar duke earl lord"
        " lady commander admiral officer".split()
    ),
    "frequency": frozenset(
        "frequency".split()
    ),
}  # fmt: skip
_HOLDER = re.compile(
    r"^(?:[^?]*?, )?(?:and |but )?(?:who (?:(?:is|was) (?:now |currently |then )?(?:the |(?!(?:on|in|at|with|among|by"
    r"|of|behind) )[\w.-]+(?: [\w.-]+)?'s? )"
    r"|(?:now |currently )?(?:leads|led|heads|headed|chairs|chaired|runs|ran|governs|governed|founded|wrote|directed"
    r"|won|succeeded|replaced"
    r"|became|becomes|served|owns|owned|invented|created|designed|composed|painted|discovered|produced|hosts|hosted"
    r"|assassinated)\b"
    r"|(?:the |[\w.-]+(?: [\w.-]+)?'s? )[^?]*\b(?:is|was)\?*$"
    r"|(?:did|does|will|has|have|is|was) [^?]*\b(?:appoint|nominate|choose|chosen|elect|marry|married"
    r"|replace|replacing|replaced by|succeed|succeeding|succeeded by|endorse)\b))"
)
_WHERE_IS = re.compile(r"(?:\w+ )?where (?:is|was)\b")
_ONE_OF = re.compile(r"\bwhich (?:one )?of (?:these|the|those)\b(?! (?:\w+ )?(?:two|three|four|five)\b)")
_ONE_THING = re.compile(
    r"\b(?:which|what) (?!are\b|were\b|did\b|do\b|does\b|has\b|have\b|can\b|could\b|will\b|would\b|else\b|happened\b)"
)
