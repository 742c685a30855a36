"""An answer's text taken apart: what is words, and what is the number of a citation.

In: an `Answer`. Out: words and numbers in order. Article text that happens to hold "[2]" is words: only what follows a vouched sentence is a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.records import Answer

MARKERS = re.compile(r"(?:\s*\[\d+\])+")
NUMBER = re.compile(r"\d+")


def parts(answer: Answer) -> Iterator[str | int]:
    """The words of `answer.answer` as strings, and the citation numbers between them as integers."""
    place = 0
    for sentence in answer.sentences:
        start = answer.answer.find(sentence.text, place)
        if start < 0:
            continue
        end = start + len(sentence.text)
        yield answer.answer[place:end]
        place = end
        if markers := MARKERS.match(answer.answer, end):
            numbers = [int(number) for number in NUMBER.findall(markers[0])]
            if set(numbers) <= set(sentence.citations):
                yield from numbers
                place = markers.end()
    if place < len(answer.answer):
        yield answer.answer[place:]
