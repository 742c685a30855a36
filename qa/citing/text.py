"""Map the words of a text draft to their places in the file, and insert what goes between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.records import Sentence
from qa.citing.cut import Mark, cut
from qa.citing.records import Addition, Said
from qa.memo.errors import MemoError


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph as it is read: for each character of `text`, where in the file the characters that write it begin and end."""

    text: str
    places: tuple[tuple[int, int], ...]
    marks: tuple[Mark, ...] = ()
    heading: bool = False

    def cut(self) -> tuple[tuple[Sentence, Said], ...]:
        """Its sentences."""
        return cut(self.text, self.marks, heading=self.heading)


class Reading:
    """A paragraph as it is being read."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._places: list[tuple[int, int]] = []
        self._marks: list[Mark] = []

    def add(self, character: str, start: int, end: int) -> None:
        """One character that `[start, end)` of the file writes; white space counts once."""
        if character.isspace():
            character = " "
            if not self._text or self._text[-1] == " ":
                return
        self._text.append(character)
        self._places.append((start, end))

    def cite(self, citation: str) -> None:
        """What the author cites here."""
        self._marks.append(Mark(len(self._text), citation))

    def block(self, *, heading: bool = False) -> Block | None:
        """The paragraph, if it holds anything."""
        text = "".join(self._text)
        return Block(text, tuple(self._places), tuple(self._marks), heading) if text.strip() else None


def decoded(content: bytes, name: str) -> tuple[str, str]:
    """A byte order mark, if there is one, and the text behind it. Raises MemoError where it is not UTF-8."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MemoError(f"{name} is not UTF-8 text", "save it as UTF-8") from error
    return ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)


def said(blocks: Sequence[Block]) -> tuple[Said, ...]:
    """The sentences of a draft."""
    return tuple(one for block in blocks for _, one in block.cut())


def placed(blocks: Sequence[Block], additions: Sequence[Addition]) -> Iterator[tuple[int, Addition]]:
    """Every addition that says something, with the place in the file behind its sentence.

    There is one for each sentence.
    """
    ends = [block.places[sentence.end - 1][1] for block in blocks for sentence, _ in block.cut()]
    for end, addition in zip(ends, additions, strict=True):
        if addition.cites or addition.comment:
            yield end, addition


def inserted(text: str, new: Sequence[tuple[int, str]], beyond: Callable[[str, int], int]) -> str:
    """The text with these at their places, each moved `beyond` what closes the sentence there."""
    made, reached = [], 0
    for place, words in new:
        at = beyond(text, place)
        made += [text[reached:at], words]
        reached = at
    return "".join([*made, text[reached:]])
