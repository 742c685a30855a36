"""Does a passage address the reader's software instead of the reader? In: text. Out: yes or no, and the note that says so.

A courtesy, no defence: an order that sounds like any other sentence is not recognised. What protects an answer is that nothing is shown that its quotes do not
carry (`qa.checks.attribute`), whatever the model was told to write. A sentence that is recognised is not read by the model (`qa.evidence.foremost`).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable

from index.records import Passage
from index.visible import visible
from qa.checks.words import normalise


def notes(passages: Iterable[Passage]) -> tuple[str, ...]:
    """One note for each source of which a passage addresses software, in the order of the passages."""
    sources = dict.fromkeys(passage.source for passage in passages if addresses_the_model(passage.text))
    return tuple(f"source {source} holds text that addresses the reader's software; it was treated as text" for source in sources)


def addresses_the_model(text: str) -> bool:
    """Whether `text` gives orders to a language model, speaks to it, imitates its prompt, or hides words where only a machine would read them."""
    return _gives_orders(text) or any(run.search(text) for run in _HIDDEN) or any(_gives_orders(words) for words in _decoded(text))


def _gives_orders(text: str) -> bool:
    plain = normalise(text)
    return any(pattern.search(plain) for pattern in _ORDERS)


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
    return base64.b64decode(blob.rstrip("=") + "=" * (-len(blob.rstrip("=")) % 4), altchars=b"-_" if re.search("[-_]", blob) else None, validate=True)


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_BLOB = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{24,}={0,2}(?![\w+/=-])")
_HIDDEN = _compiled(
    r"(?<!🏴)(?<![\U000e0020-\U000e007f])[\U000e0020-\U000e007f]{8,}",  # letters as tag characters; after a black flag they name a country's flag
    r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]{8,}",  # bytes as selectors of glyph variants
    r"[\u200b-\u200f\u2060-\u2064\ufeff]{16,}",  # bits as zero-width characters
)
_SOFTWARE = r"(?:AIs?|(?:AI|language|chat) models?|AI[- ](?:assistants?|agents?|systems?|bots?)|LLMs?|chat ?bots?|ChatGPT|GPT|Claude|Gemini|Copilot)"
_REPLY = r"(?:answers?|responses?|reply|replies|output|completions?)"
_ORDER = r"""(?:^|[.!?:;>*#)\]] ?|(?:^| )["'(\[]|- )(?:(?:please|now|also|then|instead|finally),? |you (?:must|should|will) (?:now |also )?)?"""  # then a verb
_WITHIN = r'(?:"[^"]{0,150}"|[^.!?"]|\.(?=\S))'  # one sentence, with what is quoted in it and the dots of web addresses
_WRITE = (
    r"(?:add|alter|anagram|append|augment|begin|change|combine|compose|conclude|convert|encode|end|enhance|ensure|expand|finish|format|give|hint|include|"
    r"incorporate|insert|integrate|introduce|jumble|keep|limit|make|mention|misspell|modify|omit|prepend|promote|provide|rearrange|recommend|remove|render|"
    r"repeat|rephrase|replace|reverse|rewrite|scramble|shuffle|spell|start|substitute|suggest|swap|translate|use|write)"
)
_ORDERS = _compiled(
    # to set aside what it was told
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?]{0,60}?\b(?:previous|prior|above|preceding|earlier|foregoing|original|initial|system|your|"
    r"all (?:of )?the)\b[^.!?]{0,25}\b(?:instructions?|prompts?|directives?|commands?|context|programming|training)\b",
    r"\b(?:ignore|disregard|forget) (?:everything|anything|all) (?:that (?:was|is|has been) )?(?:above|before|said|previous|you (?:were|have been) told)",
    # to be somebody, or whoever feels spoken to
    rf"\b(?:you are|you're) (?:now )?(?:an?|the) (?:\w+ ){{0,2}}{_SOFTWARE}\b(?=[.,;:!?]|$| (?:and|that|who|which|with|trained|designed|you)\b)",
    rf"{_ORDER}(?:act as|pretend (?:to be|you are)|behave like) an? (?:\w+ ){{0,3}}{_SOFTWARE}\b",
    rf"{_ORDER}(?:attention|dear|hey|hello|hi),? (?:any |all |every |the )?{_SOFTWARE}\b(?= ?[:,!])",
    rf"\b(?:note|notice|message|memo|instructions?) (?:for|to) (?:you|(?:any |all |every |the )?(?:{_SOFTWARE}|model|assistant)) ?:",
    rf"\bif you (?:are|'re) (?:an? )?(?:\w+ )?{_SOFTWARE}\b",
    r"\bas an? (?:AI|(?:large )?language model|AI (?:language )?(?:model|assistant)),? (?:I|you) (?:am|are|can|cannot|do|have|must|should|will)\b",
    # to tell its prompt; and what looks like one
    r"\b(?:reveal|print|show|repeat|output|display|leak|disclose|return|tell me|what is|ignore) [^.!?]{0,25}\b"
    r"(?:(?:system|developer) (?:prompt|message)|(?:hidden|initial) (?:prompt|instructions))\b",
    r"(?:^|[.!?#*\[(] ?)(?:new |updated )?system (?:prompt|message|instructions?|override) ?\]?:",
    r"<\|\w+\|>|\[/?INST\]|<</?SYS>>|</?(?:system|assistant)>|<(?:start|end)_of_turn>|#{2,} ?(?:instructions?|response|system|human|assistant|user) ?:",
    r"\b(?:human|user): .{1,400}\bassistant:",
    # to say something, or not to
    rf"{_ORDER}(?:respond|reply|answer) (?:(?:only|solely|exclusively|just|always|instead) (?:with|in|by|as)|with (?:only|just|nothing but))\b",
    rf"{_ORDER}{_WRITE}\b{_WITHIN}{{0,120}}?\byour (?:\w+ )?{_REPLY}\b(?! ?\?)",
    rf"{_ORDER}in your (?:\w+ )?{_REPLY}, ",
    rf"{_ORDER}(?:do not|don't|never) (?:mention|reveal|disclose|repeat|tell|show|say)\b[^.!?]{{0,20}}\b"
    r"(?:(?:this|these|the above|your) (?:instructions?|prompt|message|note|text|sentence|rules)|(?:to )?the user)\b",
    rf"{_ORDER}(?:tell|inform|convince|ask|instruct|urge|advise) the user (?:that|to|about|of)\b",
    rf"{_ORDER}(?:decode|decrypt) (?:the following|this)\b[^.!?]{{0,40}}\b(?:and|then) (?:follow|execute|obey|do|run|carry out|respond)\b",
)
