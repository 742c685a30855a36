"""Detect text that addresses the reader's software instead of the reader.

This is a courtesy, not a defence: an order phrased like any other sentence is not recognised. What protects an answer
is that nothing is shown unless its quotes carry it (`qa.answering.checks.attribute`), whatever the model was told to
write. A recognised sentence is neither read by the model nor quoted, unless the question asks about it
(`qa.answering.evidence.select`); a recognised title is not put before the model (`qa.answering.prompt.label`). Orders
that people give people do not count: a judge tells jurors to disregard earlier instructions.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator

from index.records import Passage
from index.visible import ZERO_WIDTH, visible
from qa.answering.checks.words import normalise


def notes(passages: Iterable[Passage]) -> tuple[str, ...]:
    """One note for each source of which a passage addresses software, in the order of the passages."""
    sources = dict.fromkeys(passage.source for passage in passages if any(map(addresses_the_model, _told(passage))))
    return tuple(
        f"source {source} holds text that addresses the reader's software; it was treated as text" for source in sources
    )


def _told(passage: Passage) -> Iterator[str]:
    """The text of a passage, with its title, author, publisher, heading and file name."""
    known = passage.metadata
    yield passage.text
    yield from (
        text[:_LABEL] for text in (known.title, known.author, known.publisher, passage.heading, passage.source) if text
    )


def asked_about(question: str) -> bool:
    """Whether a question asks what a text tells software to do: then sentences that do so may answer it."""
    return _ASKED_ABOUT.search(normalise(question)) is not None


def addresses_the_model(text: str) -> bool:
    """Whether `text` gives orders to a language model, speaks to it or imitates its prompt.

    Also where it hides words where only a machine would read them.
    """
    return (
        _gives_orders(text)
        or any(run.search(text) for run in _HIDDEN)
        or any(_gives_orders(words) for words in _decoded(text))
    )


def _gives_orders(text: str) -> bool:
    plain = normalise(text)
    if any(mark.search(plain) for mark in _MARKS) or any(
        not _reported(plain, found) for order in _ORDERS for found in order.finditer(plain)
    ):
        return True
    return any(
        _commanded(plain, found) and not _reported(plain, found) for order in _BARE for found in order.finditer(plain)
    )


def _commanded(plain: str, found: re.Match[str]) -> bool:
    """Whether a verb commands: at the beginning of a clause, or of what "you" or a model is to do.

    "Jurors must disregard earlier instructions" does not.
    """
    lead = _lead(plain, found)
    if _OPENS.search(lead):
        return True
    told = _TO_DO.search(lead) and _TO_WHOM.search(lead)
    # "a model was made to ignore its instructions" tells of one
    return bool(told) and not (lead.endswith("to ") and _THEIRS.search(found.group()))


def _reported(plain: str, found: re.Match[str]) -> bool:
    """Whether an order is from people to people: "the judge told the jury", "the form says".

    An order that says what to answer never is.
    """
    after = _CLAUSE_ENDS.split(plain[found.end() : found.end() + _NEAR], maxsplit=1)[0]
    if _DEMANDS.search(after):
        return False
    lead = _lead(plain, found)
    return bool(_PEOPLE.search(lead) and not _TO_WHOM.search(lead)) or bool(_ATTRIBUTED.match(after))


def _lead(plain: str, found: re.Match[str]) -> str:
    """What stands before an order in its sentence, or in its brackets."""
    return _CLAUSE_ENDS.split(plain[max(found.start() - _NEAR, 0) : found.start()])[-1]


def _decoded(text: str) -> Iterable[str]:
    """What the base64 and hexadecimal blobs of a text say, those that say something."""
    for blob in _BLOB.findall(visible(text)):
        for decode in (_from_base64, bytes.fromhex):
            try:
                words = decode(blob).decode("utf-8")
            except (binascii.Error, ValueError):
                continue
            if all(letter.isprintable() or letter.isspace() for letter in words):
                yield words


def _from_base64(blob: str) -> bytes:
    return base64.b64decode(
        blob.rstrip("=") + "=" * (-len(blob.rstrip("=")) % 4),
        altchars=b"-_" if re.search("[-_]", blob) else None,
        validate=True,
    )


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_LABEL = 1000  # characters of a title: more are put before no model
_BLOB = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{24,}={0,2}(?![\w+/=-])")
_HIDDEN = _compiled(
    # letters as tag characters; after a black flag they name a country's flag
    r"(?<!🏴)(?<![\U000e0020-\U000e007f])[\U000e0020-\U000e007f]{8,}",
    r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]{8,}",  # bytes as selectors of glyph variants
    f"[{ZERO_WIDTH}]{{16,}}",  # bits as zero-width characters
)
_SOFTWARE = r"(?:AIs?|(?:AI|language|chat) models?|AI[- ](?:assistants?|agents?|systems?|bots?)|LLMs?|chat ?bots?|ChatGPT|GPT|Claude|Gemini|Copilot)"
_REPLY = r"(?:answers?|responses?|reply|replies|output|completions?)"
# then a verb
_ORDER = r"""(?:^|[.!?:;>*#)\]] ?|(?:^| )["'(\[]|- )(?:(?:please|now|also|then|instead|finally),? |you (?:must|should|will) (?:now |also )?)?"""
_WITHIN = r'(?:"[^"]{0,150}"|[^.!?"]|\.(?=\S))'  # one sentence, with what is quoted in it and the dots of web addresses
_WRITE = (
    r"(?:add|alter|anagram|append|augment|begin|change|combine|compose|conclude|convert|encode|end|enhance|ensure"
    r"|expand|finish|format|give|group|hint|include|"
    r"incorporate|insert|integrate|introduce|jumble|keep|limit|make|mention|misspell|modify|omit|prepend|promote"
    r"|provide|rearrange|recommend|remove|render|"
    r"repeat|rephrase|replace|reverse|rewrite|scramble|shuffle|spell|start|substitute|suggest|swap|translate|use|write)"
)
_SETS_ASIDE = r"\b(?:ignore|disregard|forget|override|bypass)"
_BARE = _compiled(  # orders only where the verb commands
    rf"{_SETS_ASIDE}\b[^.!?]{{0,60}}?\b(?:previous|prior|above|preceding|earlier|foregoing|original|initial|system"
    rf"|your|"
    r"all (?:of )?the)\b[^.!?]{0,25}\b(?:instructions?|prompts?|directives?|commands?|context|programming|training)\b",
    rf"{_SETS_ASIDE} (?:everything|anything|all) (?:that (?:was|is|has been) )?"
    r"(?:above|before|said|previous|you (?:were|have been) told)\b(?! (?:about|of|on)\b)",
    rf"{_SETS_ASIDE} (?:the|this|that|any|every|all)(?: \w+){{0,3}}? questions?\b",
    r"\b(?:reveal|print|show|repeat|output|display|leak|disclose|return|tell me|what is) [^.!?]{0,25}\b"
    r"(?:(?:system|developer) (?:prompt|message)|(?:hidden|initial) (?:prompt|instructions))\b",
)
_ASKED_ABOUT = re.compile(
    rf"\b(?:instructions?|prompts?|injections?)\b|\b(?:tell|ask|order|instruct|address|want)(?:s|ed"
    rf"|ing)?\b.*\b(?:{_SOFTWARE}|assistants?|software|models?)\b",
    re.IGNORECASE,
)
_MARKS = _compiled(  # of a prompt
    r"(?:^|[.!?#*\[(] ?)(?:new |updated )?system (?:prompt|instructions?|override) ?\]?:",
    r"<\|\w+\|>|\[/?INST\]|<</?SYS>>|</?(?:system|assistant)>|<(?:start|end)_of_turn>|(?<!#)##+ ?(?:instructions?"
    r"|response|system|human|assistant|user) ?:",
    r"\b(?:human|user): .{1,400}\bassistant:",
    r"(?-i:\b(?:END OF|BEGIN(?: NEW)?) (?:ARTICLE|CONTEXT|DOCUMENT|PROMPT|INSTRUCTIONS?|TASK)\b)",
)
_ORDERS = _compiled(
    # to be somebody, or whoever feels spoken to
    rf"\b(?:you are|you're) (?:now )?(?:an?|the) (?:\w+ ){{0,2}}{_SOFTWARE}\b(?=[.,;:!?]|$| (?:and|that|who|which|with"
    rf"|trained|designed|you)\b)",
    r"\byou are now (?-i:[A-Z]{3,})\b|\bfrom now on,? you (?:answer|reply|respond)\b",
    rf"{_ORDER}(?:act as|pretend (?:to be|you are)|behave like) an? (?:\w+ ){{0,3}}{_SOFTWARE}\b",
    rf"{_ORDER}(?:attention|dear|hey|hello|hi),? (?:any |all |every |the )?(?!Claude\b){_SOFTWARE}\b(?= ?[:,!])",
    rf"\b(?:note|notice|message|memo|instructions?) (?:for|to) (?:any |all |every |the )?(?:{_SOFTWARE}|model"
    rf"|assistant) ?:",
    rf"\bif you (?:are|'re) (?:an? )?(?:\w+ )?{_SOFTWARE}\b(?! (?:user|engineer|developer|expert|researcher|company"
    rf"|firm|fan|customer|start))",
    r"\bas an? (?:AI|(?:large )?language model|AI (?:language )?(?:model|assistant)),? (?:I|you) (?:am|are|can|cannot"
    r"|do|have|must|should|will)\b",
    r"(?:^|[.!?#*\[(] ?)(?:new |updated )?system message ?\]?:",
    r"(?:^|[.!?:#*\[(] ?)(?:your )?(?:new|updated|real|actual) (?:instructions?|task)(?: ?:| (?:is|are)(?: now)? to\b)",
    r"\byour (?:new|real|actual) (?:instructions?|task) (?:is|are)(?: now)? to\b",
    # to say something, or not to
    rf"{_ORDER}(?:respond|reply|answer) (?:(?:only|solely|exclusively|just|always|instead) (?:with|in|by"
    rf"|as)\b(?! (?:writing|person|post|letter|e-?mail)\b)|"
    r"with (?:only|just|nothing but)\b|(?:only|just) ?:)",
    rf"{_ORDER}(?:respond|reply|answer)(?: to)? (?:every|each|any|all)(?: (?:of )?(?:the"
    rf"|these))?(?: \w+)? questions?\b(?: \w+)? (?:with|by|as)\b",
    rf"{_ORDER}(?:whatever|whenever|when|if)(?: \w+){{0,4}} ask(?:s|ed)\b[^.!?,]{{0,60}}, "
    r"(?:always |only |just )?(?:answer|reply|respond|say)\b(?! (?:nothing|no)\b)",
    rf"{_ORDER}{_WRITE}\b{_WITHIN}{{0,120}}?\byour (?:\w+ )?{_REPLY}\b(?! ?\?| on an?\b| in the (?:box|space)\b"
    rf"| below\b| to the\b)",
    rf"{_ORDER}in your (?:\w+ )?{_REPLY}, (?!(?:you|did|do|does|is|was|are|were)\b)",
    rf"{_ORDER}(?:do not|don't|never) (?:mention|reveal|disclose|repeat|tell|show|say)\b[^.!?]{{0,20}}\b"
    r"(?:(?:this|these|the above|your) (?:instructions?|prompt|message|note|text|sentence|rules)"
    r"|(?:to )?the user\b(?! of\b))",
    rf"{_ORDER}(?:do not|don't|never) (?:answer|respond to|reply to) (?:the|this|that|any) questions?\b",
    rf"{_ORDER}(?:tell|inform|convince|ask|instruct|urge|advise) the user (?:that|to|about|of)\b",
    rf"{_ORDER}(?:decode|decrypt) (?:the following|this)\b[^.!?]{{0,40}}\b(?:and|then) (?:follow|execute|obey|do|run"
    rf"|carry out|respond)\b",
)
# What tells an order to software from one that people give people; the words are of courts, schools and offices.
_NEAR = 120  # characters
_CLAUSE_ENDS = re.compile(r"[.!?] |[()\[\]]")
_THEIRS = re.compile(r"\b(?:its|their|his|her)\b", re.IGNORECASE)
_OPENS = re.compile(
    r"""(?:^|[:;,>*#"'-]|\b(?:and|or|then|now|please|just|simply|also|instead|so|but|kindly|immediately|first|you)) ?$""",
    re.IGNORECASE,
)
_TO_DO = re.compile(r"\b(?:to|must|should|shall|will) (?:now |always )?$", re.IGNORECASE)
_TO_WHOM = re.compile(rf"\b(?:you|{_SOFTWARE}|assistants?|models?|software)\b", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\b(?:jur(?:y|ies|ors?)|judges?|justices?|courts?|magistrates?|tribunal|counsel|lawyers?|prosecutors?"
    r"|witness(?:es)?|panel|police|officers?|soldiers?|troops|"
    r"spies|pilots?|crews?|drivers?|passengers?|residents?|voters?|members|pupils|students?|teachers?|actors?|staff"
    r"|employees|investigators?|referees?|players)\b",
    re.IGNORECASE,
)
_DEMANDS = re.compile(r":|\b(?:answer|reply|respond|say|output|print|repeat)\b", re.IGNORECASE)
_ATTRIBUTED = re.compile(
    r"""[^,:"]{0,30}(?:,["']?|["'],?) (?:\w+ ){1,4}(?:said|says|told|tells|ruled|read|reads|advises|advised|warned|wrote)\b""",
    re.IGNORECASE,
)
