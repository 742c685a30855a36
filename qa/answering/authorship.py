"""Answer questions about an article itself: who wrote it, when it appeared, who published it.

The answer quotes the byline; no model is called. A question about anything else is left to the pipeline.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.ingest.months import ENGLISH
from index.records import Article, Field, Filter
from index.store import Library
from qa.answering.checks.words import has_word, normalise, words
from qa.answering.compose import Supported, Verdict
from qa.answering.hostile import addresses_the_model
from qa.answering.prompt import label
from qa.records import Quote

_ARTICLE = r"(?:article|piece|story|report|column|post|op-?ed|essay|text|commentary|analysis|item|dispatch|blog)s?"
_ASKED: tuple[tuple[Field, re.Pattern[str]], ...] = (
    (
        "author",
        re.compile(
            r"\bwho (?:is|was) the (?:author|writer|journalist|reporter)\b|\bwho (?:wrote|authored|penned)\b"
            rf"|\b(?:author|byline|writer) of .*\b{_ARTICLE}\b"
        ),
    ),
    (
        "publisher",
        re.compile(
            rf"\bwho published\b|\bpublisher of\b.*\b{_ARTICLE}\b"
            r"|\b(?:which|what) (?:\w+ )?(?:publisher|outlet|newspaper|site|website|publication"
            r"|magazine)\b.*\b(?:published|ran|carried)\b"
        ),
    ),
    (
        "date",
        re.compile(
            rf"\b(?:publication date|date of publication)\b|\bdate of .*\b{_ARTICLE}\b"
            rf"|\bwhen (?:was|did) .*\b{_ARTICLE}\b.*\b(?:published|written|posted|appear|dated|come out)\b"
            rf"|\b(?:what|which) (?:date|day|year)\b.*\b{_ARTICLE}\b.*\b(?:published|written|posted|dated|appear)\b"
        ),
    ),
)
_OF_AN_ARTICLE = re.compile(rf"\b{_ARTICLE}\b|[\"'][^\"']+[\"']")  # or its title in quotation marks
_WHOLE = 3  # content words: a title of so many is named by a question that holds them all
# Words of such questions that say nothing of which article is meant.
_COMMON = frozenset(
    words(
        "article piece story report column post essay text commentary analysis item dispatch blog author writer "
        "journalist reporter wrote written"
        " authored penned byline publication publish published publisher date dated day year posted appear came come "
        "out outlet newspaper site"
        " website magazine ran carried titled called headed entitled give name"
    )
)
_SAYS = {
    "author": "The author of {article} is {value}.",
    "date": "{article} is dated {value}.",
    "publisher": "{article} was published by {value}.",
}


def about_an_article(question: str, library: Library, *, within: Filter) -> Verdict | None:
    """Answer who wrote an article, when or where it appeared, with quotes; None for any other question.

    The question identifies the article by its title, author, date or publisher.
    """
    plain = normalise(question)
    asked = next((field for field, pattern in _ASKED if pattern.search(plain.casefold())), None)
    identifying = [word for word in dict.fromkeys(words(plain)) if word not in _COMMON]
    if asked is None or not identifying:
        return None
    meant = [
        article
        for source in library.credited(" ".join(identifying), 20, within)
        if _identified(identifying, article := library.article(source))
        and (_OF_AN_ARTICLE.search(plain.casefold()) or _entitled(identifying, article))
    ]  # fmt: skip
    if not meant:
        return None
    # not "… in Asia"
    meant = [article for article in meant if set(words(article.metadata.title or "")) == set(identifying)] or meant
    claims = tuple(claim for article in meant if (claim := _claim(asked, article, identifying)))
    if claims:
        return Verdict("answered", claims, confidence=0.95 if len(meant) == 1 else 0.7)
    names = ", ".join(article.source for article in meant)
    return Verdict("unanswered", (), refusal=f"The text of {names} does not say its {asked}.", confidence=0.9)


def _identified(identifying: Sequence[str], article: Article) -> bool:
    """Whether every identifying word stands in what is known of the article."""
    known = article.metadata
    spoken = " ".join(
        (
            *filter(None, (known.title, known.author, known.publisher, known.date, known.url)),
            *(article.text[c.start : c.end] for c in article.credits),
        )
    )
    held = set(words(spoken))
    return all(has_word(word, held) for word in identifying)


def _entitled(identifying: Sequence[str], article: Article) -> bool:
    """Whether the identifying words are the whole title.

    "Who wrote the constitution?" does not ask about an article with more in its title.
    """
    title = set(words(article.metadata.title or ""))
    return len(title) >= _WHOLE and title <= set(identifying)


def _claim(asked: Field, article: Article, identifying: Sequence[str]) -> Supported | None:
    """Return the sentence that gives the value.

    It quotes the credit that the value was read from and the one that identifies the article.
    """
    credit = next((credit for credit in article.credits if credit.field == asked), None)
    value = getattr(article.metadata, asked)
    if credit is None or value is None or addresses_the_model(value):
        return None
    quoted = article.text[credit.start : credit.end]
    if asked == "date":  # as written, not as parsed: a quote must hold what the sentence says
        value = _date_as_written(quoted) or value
    elif not all(has_word(word, set(words(quoted))) for word in words(value)):
        return None  # the sidecar file says so, the article does not: nothing to quote
    naming = [
        other
        for other in article.credits
        if other.field != asked
        and not addresses_the_model(article.text[other.start : other.end])
        and any(has_word(word, set(words(article.text[other.start : other.end]))) for word in identifying)
    ]
    spans = dict.fromkeys((span.start, span.end) for span in (credit, *naming))
    titled, by = label(article.metadata.title, ""), label(article.metadata.author, "") if asked != "author" else ""
    shown = f"“{titled}”" if titled else f"the article by {by}" if by else f"the article {article.source}"
    text = _SAYS[asked].format(article=shown, value=value)
    title = next((other for other in article.credits if other.field == "title"), None)
    if titled and title:
        spans[(title.start, title.end)] = None
    quotes = tuple(Quote(article.source, start, end, article.text[start:end]) for start, end in spans)
    return Supported(text[0].upper() + text[1:], quotes, 1.0)


def _date_as_written(quoted: str) -> str | None:
    month = rf"(?:{'|'.join(name[:3] for name in ENGLISH)})[a-z]*\.?"
    found = re.search(
        rf"\d{{1,2}}(?:st|nd|rd|th)? {month},? \d{{4}}|{month} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|{month},? \d{{4}}"
        rf"|\d{{4}}-\d\d(?:-\d\d)?",
        quoted,
        re.IGNORECASE,
    )
    return found.group() if found else None
