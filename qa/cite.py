"""Find where words stand in the articles: every place with its offsets, or the nearest sentences.

White space, hyphens and the shape of quotation marks are ignored in finding; what is found is the article's own text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.errors import QuestionError
from index.records import Article, Sentence
from index.store import Library
from index.visible import SOFT_HYPHEN
from qa.memo.csl import Formatted, Place, formatted
from qa.memo.pandoc import Pandoc
from qa.memo.records import plain
from qa.memo.style import Style
from qa.memo.works import works
from qa.records import Quote

NEAREST = 3
_DEPTH = 20  # passages that are looked through for the nearest sentences
_DOUBLE, _SINGLE = '"“”„‟«»″', "'‘’‚‛′`´"
_HYPHENS = "\u2010\u2011-"
_GAP = rf"[\s{SOFT_HYPHEN}\u200b]+"


@dataclass(frozen=True, slots=True)
class Near:
    """A sentence that resembles the words: `likeness` in [0, 1] is the share of them that it holds in their order."""

    quote: Quote
    likeness: float


@dataclass(frozen=True, slots=True)
class Cited:
    """A quotation with its citation in a style: `note` the first time, `short` after that.

    `quote == article.text[start:end]`.
    """

    source: str
    start: int
    end: int
    page: int | None
    quote: str
    note: str
    short: str
    bibliography: str
    page_label: str | None


def places(pattern: re.Pattern[str], library: Library) -> tuple[Quote, ...]:
    """Every place in the library that holds the words of `pattern_of`, by source and offset."""
    return tuple(quote for info in library.sources() for quote in within(pattern, library.article(info.source)))


def within(pattern: re.Pattern[str], article: Article) -> Iterator[Quote]:
    """Every place in one article that the pattern matches."""
    for found in pattern.finditer(article.text):
        yield Quote(article.source, found.start(), found.end(), found[0])


def pattern_of(words: str) -> re.Pattern[str]:
    """A pattern that finds these words. Raises QuestionError if there are none."""
    if not any(letter.isalnum() for letter in words):
        raise QuestionError("there are no words to look for", 'qa cite "words as they stand in an article"')
    return re.compile(_GAP.join("".join(_letter(letter) for letter in piece) for piece in words.split()))


def cited(quotes: Sequence[Quote], read: Callable[[str], Article], style: Style, pandoc: Pandoc) -> tuple[Cited, ...]:
    """The quotations with their citations, each as if it were the first. Raises MemoError where pandoc fails."""
    articles = {quote.source: read(quote.source) for quote in quotes}
    made: dict[tuple[str, str | None], Formatted] = {}
    found = []
    for quote in quotes:
        article = articles[quote.source]
        page = article.page_label(quote.start)
        if (quote.source, page) not in made:
            items = works([article])
            made[quote.source, page] = formatted(items, [Place(items[0].key, page)], style, pandoc)
        form = made[quote.source, page]
        short, entry = plain(form.references[0].short), plain(form.references[0].entry)
        found.append(
            Cited(
                quote.source,
                quote.start,
                quote.end,
                article.page(quote.start),
                quote.text,
                plain(form.credits[0]),
                short,
                entry,
                page,
            )
        )
    return tuple(found)


def most_like(words: str, library: Library) -> tuple[Near, ...]:
    """The sentences most like these words, best first; none where no passage shares a word with them."""
    found = [number for number, _ in library.lexical(words, _DEPTH)]
    likened = {
        _quote(passage.source, sentence): _likeness(words, sentence.text)
        for passage in library.passages(found)
        for sentence in passage.sentences
    }
    ranked = sorted(likened, key=lambda quote: (-likened[quote], len(quote.text), quote.source, quote.start))
    return tuple(Near(quote, round(likened[quote], 4)) for quote in ranked[:NEAREST] if likened[quote] > 0)


def _likeness(words: str, sentence: str) -> float:
    """The share of the words that stand in the sentence in their order."""
    wanted = _plain(words)
    blocks = SequenceMatcher(None, wanted, _plain(sentence), autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(wanted) if wanted else 0.0


def _letter(letter: str) -> str:
    for marks in (_DOUBLE, _SINGLE):
        if letter in marks:
            return f"[{re.escape(marks)}]"
    if letter in _HYPHENS:
        return f"[{_HYPHENS}]?"  # where a PDF breaks a line at one, nothing tells whether the word is written with it
    return re.escape(letter) + (f"{SOFT_HYPHEN}?" if letter.isalpha() else "")


def _plain(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _quote(source: str, sentence: Sentence) -> Quote:
    return Quote(source, sentence.start, sentence.end, sentence.text)
