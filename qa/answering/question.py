"""Parse a question as people type it: what it asks for, about whom, of when. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from index.language import ENGLISH, spoken
from qa.answering.checks.facts import facts
from qa.answering.checks.figures import Number
from qa.answering.checks.tokens import Token, tokens
from qa.answering.checks.words import normalise, words_in
from qa.answering.kinds import ABROAD, Kind, answer_type


@dataclass(frozen=True, slots=True)
class Question:
    """A parsed question.

    - `text` is the question as asked, `plain` the same without politeness and contractions.
    - `kind` is the expected answer type, `noun` the word that names it ("city" in "in which city"; "" for none). Of a
      question in another language than English neither is known: it is "what", which a phrase may answer.
    - `broad`: no single phrase answers it. `several`: it asks for several things (a list, a comparison, two questions
      in one; not a reason). `singular`: it asks for one person or thing ("who leads", not "who criticised").
    - `names` are the stems of proper names, `numbers` its figures, `months` its months (1-12), `words` the stems of its
      content words in order, in its own language.
    - `query` is what to search by: `plain`, with "said" added where the question is what somebody said, since news
      reports that with this word.
    """

    text: str
    plain: str
    kind: Kind
    noun: str
    broad: bool
    several: bool
    singular: bool
    names: frozenset[str]
    numbers: frozenset[Number]
    months: frozenset[int]
    words: tuple[str, ...]
    query: str


@lru_cache(maxsize=1024)
def parse(text: str) -> Question:
    """Parse a question.

    Any text is accepted: a statement may ask ("Shops in France lack which condiment"), and an empty text asks "what".
    """
    plain = _spelled_out(_without_politeness(" ".join(text.split())))
    folded = normalise(plain)
    language = spoken(text)
    found = answer_type(_asking(folded)) if language == ENGLISH else ABROAD
    stated = facts(plain)
    asks_twice = _SEVERAL.search(folded) is not None
    return Question(
        text=text.strip(),
        plain=plain,
        kind=found.kind,
        noun=found.noun,
        broad=found.broad or asks_twice,
        several=found.several or asks_twice,
        singular=found.singular,
        names=_names(tokens(plain)),
        numbers=stated.numbers,
        months=stated.months,
        words=tuple(words_in(plain, language)),
        query=f"{plain} said" if _REPORTED.search(folded.casefold()) else plain,
    )


def _without_politeness(text: str) -> str:
    """Return `text` without "Can you tell me", "please" and the like.

    "Tell me about X" is left alone: it asks for X.
    """
    bare = _CLOSING.sub("", text)
    while (shorter := _OPENING.sub("", bare, count=1)) != bare:
        bare = shorter
    return bare[:1].upper() + bare[1:] if bare != text else text


def _spelled_out(text: str) -> str:
    """Return `text` with its contractions spelled out: "Who's", "what've", "won't".

    A verb that opens it keeps its "n't": "Did not India buy it?" is not English.
    """
    straight = _APOSTROPHE.sub("'", text)
    if straight == text and "'" not in text and not _BARE.match(text):
        return text
    spelled = _BARE.sub(r"\1 is", straight)
    for contracted, full in _CONTRACTIONS:
        spelled = contracted.sub(full, spelled)
    return spelled if spelled != straight else text


def _asking(text: str) -> str:
    """Return the sentence of `text` that asks.

    The last with a question mark, else the last with a question word, else all of it.
    """
    sentences = _SENTENCE_END.split(text)
    worded = [sentence for sentence in sentences if _ASKS.search(sentence.casefold())]
    marked = [sentence for sentence in sentences if sentence.rstrip("\"' ").endswith("?")]
    both = [sentence for sentence in worded if sentence in marked]
    return next(iter(reversed(both or marked or worded)), text)


def _names(read: tuple[Token, ...]) -> frozenset[str]:
    """Return the stems of words written as names.

    The first word of a sentence is capitalised anyway, so it counts only if something else marks it as a name.
    """
    named = {token.key for place, token in enumerate(read) if token.named and not _opens(read, place)}
    for place, token in enumerate(read):
        if token.named and _opens(read, place):
            follows = place + 1 < len(read) and read[place + 1].named and read[place + 1].gap == " "
            if follows or "'" in token.written or not token.written[1:].islower() or not _PLURAL.search(token.lower):
                named.add(token.key)
    return frozenset(named)


def _opens(read: tuple[Token, ...], place: int) -> bool:
    return place == 0 or re.search(r"[.?!]['\"]? *['\"]?$", read[place].gap) is not None


_WH = r"(?:what|who|whom|whose|when|where|why|how|which)(?:'?s|'re)?"
_PREPOSITION = r"(?:in|on|at|by|for|from|to|with|of|under|since|until|about|during|after|before)"
_ASKS = re.compile(rf"\b{_WH}\b")
_TOLD = rf"(?=(?:{_PREPOSITION} )?{_WH}\b|if\b|whether\b|(?:the )?names? of\b)"
_OPENING = re.compile(
    r"^(?:"
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))(?: there| all| everyone| vouch)?[,.!:] "
    r"|(?:please|kindly),? |(?:ok|okay|well|so|excuse me|sorry)[,.!:] |(?:(?:a )?quick|one|my|another) question[,.:]? "
    r"|(?:(?:please|kindly),? )?(?:(?:can|could|would|will) you (?:please |kindly |possibly )?)?"
    rf"(?:tell|explain to|say to|inform|remind|show|give|let) (?:me|us)(?: know)?,?(?: please,?)? {_TOLD}"
    rf"|(?:can|could|would|will) you (?:please |kindly |possibly )?(?:say|explain|find out|clarify|confirm|state"
    rf"|specify),? {_TOLD}"
    rf"|(?:can|could|may|might) i (?:please |just )?(?:ask|know)(?: you)?,?:? {_TOLD}"
    rf"|(?:do|does|would|did) (?:you|anyone|anybody|somebody|the articles?|the sources?|the documents?) (?:happen to "
    rf"|perhaps )?"
    rf"(?:know|say|tell|remember),? {_TOLD}"
    rf"|(?:any idea|do you have any idea|have you any idea|you know),? {_TOLD}"
    rf"|i(?: would|['’]d)? (?:really |just |also )?(?:like|love|want|need|wish) to (?:know|find out|ask|learn|hear"
    rf"|understand|see),? {_TOLD}"
    rf"|i(?: am|['’]m)? (?:just )?(?:wonder(?:ing)?|curious(?: to know)?|trying to (?:find out|understand)"
    rf"|asking myself|not sure),? {_TOLD}"
    rf"|what i (?:would like|['’]d like|want) to know is,? {_TOLD}"
    r")",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r",? (?:please|thanks|thank you|pls)(?: (?:very|so) much| a lot| in advance)?(?=[.?!]*$)[.!]*",
    re.IGNORECASE,
)
_APOSTROPHE = re.compile("[’‘ʼ]")
_BARE = re.compile(r"^(what|who|where|when|how)s\b(?=.)", re.IGNORECASE)  # "Whats the price"
_PAST = r"(?:been|got|had|become|happened|gone|done|won|made|said|changed|taken|left|come|given|[a-z]+ed (?:the|a|an|its|his|her|their|that|to|by|in))\b"
_CONTRACTIONS = tuple(
    (re.compile(contracted, re.IGNORECASE), full)
    for contracted, full in (
        (rf"\b(what|who|where|when|why|how|which|that|there|here|it|he|she)'s (?={_PAST})", r"\1 has "),
        (r"\b(what|who|where|when|why|how|which|that|there|here|it|he|she)'s\b", r"\1 is"),
        (r"\b(what|who|where|when|why|how|which)'d\b", r"\1 did"),
        (r"\b(i|you|he|she|it|we|they)'d\b", r"\1 would"),
        (r"\b(what|who|where|why|how|which|there|they|we|you)'re\b", r"\1 are"),
        (r"\b(what|who|where|why|how|which|i|you|we|they)'ve\b", r"\1 have"),
        (r"\b(what|who|where|when|how|which|that|i|you|he|she|it|we|they)'ll\b", r"\1 will"),
        (r"\bi'm\b", "I am"),
        (r"(?<=.)\bcan't\b", "cannot"),
        (r"(?<=.)\bwon't\b", "will not"),
        (r"(?<=[^.?!] )\b(is|are|was|were|do|does|did|has|have|had|could|would|should|must|need)n't\b", r"\1 not"),
    )
)
_SENTENCE_END = re.compile(
    r"(?<=[a-z0-9)\"'%][.?!])(?<!\b(?:No|St|Mr|Ms|Dr|vs|Jr|Sr)\.)(?<!\b(?:Mrs|Rep|Sen|Gov|Gen|Col)\.) +(?=[A-Z\"'0-9])"
)
_REPORTED = re.compile(
    r"\b(?:what|how) (?:did|does|do|has|have|had|was|were|is|are) .*"
    r"\b(?:sa(?:y|id|ying)|tell|told|call(?:ed|ing)?|think|thought|view(?:ed)?|(?:describ|characteri[sz]|react"
    r"|respon[ds]|comment)\w*)\b"
)
_SEVERAL = re.compile(r"\? [^?]+\?")
_PLURAL = re.compile(
    r"(?:[^s'i]s|ists|ers)$|^(?:police|people|actor|actress|singer|author|former|scientists|officials|a|an|the)$"
)
