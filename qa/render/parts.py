"""Take an answer's text apart: its sentences, the words around them, and the numbers of citations.

Article text that happens to hold "[2]" is words: only what follows a vouched sentence is a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.records import Answer, Claim
from qa.render.differences import beside

MARKERS = re.compile(r"(?:\s*\[\d+\])+")
NUMBER = re.compile(r"\d+")


def parts(answer: Answer) -> Iterator[str | Claim | int]:
    """Return the sentences of `answer.answer`, other words as strings, and citation numbers as integers.

    Of an answer whose articles differ only what the differences do not tell.
    """
    if answer.conflicts:
        for place, claim in enumerate(beside(answer)):
            yield from (" ",) if place else ()
            yield claim
            yield from claim.citations
        return
    place = 0
    for sentence in answer.sentences:
        start = answer.answer.find(sentence.text, place)
        if start < 0:
            continue
        if start > place:
            yield answer.answer[place:start]
        yield sentence
        place = start + len(sentence.text)
        if markers := MARKERS.match(answer.answer, place):
            numbers = [int(number) for number in NUMBER.findall(markers[0])]
            if set(numbers) <= set(sentence.citations):
                yield from numbers
                place = markers.end()
    if place < len(answer.answer):
        yield answer.answer[place:]
