"""The pipeline: a question goes in, an `Answer` comes out. The only path: the terminal, batches and memos all call it.

question -> byline? -> passages -> evidence sentences -> draft, each sentence checked -> decision -> other values? -> numbered quotes
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache

from index.embed import Embedder
from index.errors import QuestionError
from index.records import Article, Filter, Hit
from index.rerank import CANDIDATES, Reranker, reranked
from index.search import search
from index.store import Library
from qa import __version__, copies, hostile
from qa.authorship import about_an_article
from qa.checks.attribute import corroborated
from qa.checks.expected import broad, sought
from qa.checks.support import similarity, supported
from qa.compare import Compared, compare
from qa.compose import Difference, Supported, Verdict, compose
from qa.draft import Candidate, drafted, nearest
from qa.evidence import Evidence, foremost, quoted, select
from qa.explain import explained
from qa.models.engine import LanguageModel
from qa.premise import contradicted, unmentioned
from qa.prompt import plain, without_marks
from qa.records import Answer, Citation, Claim, Provenance, Quote, Rejected
from qa.settings import Settings, digest

MAX_QUESTION = 2000  # characters; longer is a document, not a question
NEAREST = 3  # how many passages a refusal shows
DENIED = 0.5  # the least caution where what the question takes for granted is denied, or not spoken of: then an answer has to be likelier than not


@dataclass(frozen=True, slots=True)
class Assistant:
    """What an answer is made with."""

    library: Library
    embedder: Embedder
    model: LanguageModel
    settings: Settings
    reranker: Reranker | None = None


def answer(
    question: str,
    assistant: Assistant,
    *,
    within: Filter = Filter(),  # noqa: B008  # frozen
    on_hits: Callable[[tuple[Hit, ...]], None] | None = None,
    on_claim: Callable[[Claim, tuple[Citation, ...]], None] | None = None,
) -> Answer:
    """Answer from the library alone. `on_hits` gets the passages as soon as they are found, `on_claim` each sentence once it is verified and decided.

    Raises QuestionError for a question that cannot be asked, LibraryError where a quote no longer matches its article.
    """
    asked = valid(question)
    timings: dict[str, float] = {}
    read = lru_cache(maxsize=None)(assistant.library.article)
    with assistant.library.snapshot():
        with _timed(timings, "total"):
            verdict = about_an_article(asked, assistant.library, within=within) or _from_passages(asked, assistant, within, read, on_hits, timings)
        result = compose(asked, verdict, read, provenance=provenance(assistant), timings_ms=timings)
    if on_claim is not None and result.status != "unanswered":
        for claim in result.sentences:
            on_claim(claim, result.citations)
    return result


def valid(question: str) -> str:
    """The question without white space around it. Raises QuestionError where it is empty or too long."""
    asked = question.strip()
    if not any(letter.isalnum() for letter in without_marks(asked)):
        raise QuestionError("the question is empty", 'ask something: qa ask "What was decided?"')
    if len(asked) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(asked):,} characters; at most {MAX_QUESTION:,} can be asked", "shorten it, or put the text in a file and run: qa index FILE"
        )
    return asked


def _from_passages(
    question: str,
    assistant: Assistant,
    within: Filter,
    article: Callable[[str], Article],
    on_hits: Callable[[tuple[Hit, ...]], None] | None,
    timings: dict[str, float],
) -> Verdict:
    query = sought(question)
    with _timed(timings, "retrieve"):
        wanted = assistant.settings.passages
        found = wanted if assistant.reranker is None else max(wanted, CANDIDATES)
        hits = search(query, assistant.library, assistant.embedder, k=found, within=within)
    if assistant.reranker is not None:
        with _timed(timings, "rerank"):
            hits = reranked(query, hits, assistant.reranker, k=wanted)
    if on_hits is not None:
        on_hits(hits)
    with _timed(timings, "select"):
        versions = copies.versions([article(source) for source in dict.fromkeys(hit.passage.source for hit in hits)])
        evidence = select(query, copies.unrepeated(hits, versions), assistant.embedder)
    stories = copies.origins(versions)
    notes = (*copies.notes(versions), *hostile.notes(hit.passage for hit in hits))
    if not evidence:
        return Verdict("unanswered", (), confidence=1.0, notes=notes)
    settings = assistant.settings
    with _timed(timings, "draft"):
        full = settings.length == "full" or broad(question)
        read = foremost(evidence, limit=settings.evidence * (2 if full else 1))
        written = drafted(
            question, read, evidence, assistant.model, max_tokens=settings.max_tokens * (2 if full else 1), near=nearest(question, evidence), full=full
        )
    denial = contradicted(question, evidence)
    raised = "a sentence denies what the question takes for granted" if denial else _strange(unmentioned(question, hits))
    caution = max(settings.caution, DENIED) if raised else settings.caution
    answered = written.best is not None and written.probability >= caution
    compared = Compared()
    if answered and not full:  # a full answer gives several values by itself, for several things
        with _timed(timings, "compare"):
            written = replace(written, kept=tuple(_corroborated(candidate, hits, assistant, within, article) for candidate in written.kept))
            compared = compare(
                question,
                written.kept,
                evidence,
                assistant.model,
                caution=settings.caution,
                limit=settings.evidence,
                max_tokens=settings.max_tokens,
                stories=stories,
            )
    explanation = explained(hits, read, written, compared, caution=caution, raised=raised)
    rejected = tuple(Rejected(candidate.text, candidate.reason) for candidate in written.weighed if candidate.reason is not None)
    if not answered:
        return Verdict(
            "unanswered",
            (Supported(plain(denial.sentence.text), (quoted(denial),), 1.0),) if denial else (),
            rejected=rejected,
            nearest=_nearest(item for item in evidence if item is not denial),
            confidence=1.0 - written.probability,
            notes=(*notes, raised) if raised and not denial else notes,
            explanation=explanation,
        )
    claims = tuple(_supported(candidate, assistant.embedder) for candidate in written.kept)
    if not compared.values:
        return Verdict("answered", claims, rejected=rejected, confidence=written.probability, notes=notes, explanation=explanation, stories=stories)
    values = tuple(_supported(candidate, assistant.embedder) for candidate in compared.values)
    return Verdict(
        "conflicting",
        (*values, *(claim for claim in claims if claim.text not in {value.text for value in values})),
        differences=(Difference(compared.why, tuple((value.text, value.quotes) for value in values)),),
        rejected=rejected,
        confidence=min(candidate.probability for candidate in compared.values),
        notes=notes,
        explanation=explanation,
    )


def _corroborated(candidate: Candidate, hits: Sequence[Hit], assistant: Assistant, within: Filter, article: Callable[[str], Article]) -> Candidate:
    """The sentence with a quote from every further article that says it, in words that the question may not have found; versions of one story count once."""
    more = search(candidate.text, assistant.library, assistant.embedder, k=assistant.settings.passages, within=within)
    stories = copies.origins(copies.versions([article(source) for source in dict.fromkeys(hit.passage.source for hit in (*hits, *more))]))
    known = {stories.get(quote.passage.source, quote.passage.source) for quote in candidate.attribution.quotes}
    evidence = select(candidate.text, [hit for hit in more if hit.passage.source not in {*stories, *known}], assistant.embedder)
    return replace(candidate, attribution=corroborated(candidate.text, candidate.attribution, evidence))


def _strange(names: Sequence[str]) -> str:
    return f"no passage that was found mentions {' or '.join(names)}" if names else ""


def _supported(candidate: Candidate, embedder: Embedder) -> Supported:
    """The sentence with the probability that its quotes say it."""
    quotes = tuple(quoted(item) for item in candidate.attribution.quotes)
    texts = [quote.text for quote in quotes]
    return Supported(candidate.text, quotes, supported(candidate.text, texts, similarity=similarity(candidate.text, texts, embedder)))


def _nearest(evidence: Iterable[Evidence]) -> tuple[Quote, ...]:
    ranked = sorted(evidence, key=lambda item: (-item.score, item.passage.source, item.sentence.start))
    return tuple(quoted(item) for item in ranked[:NEAREST])


def provenance(assistant: Assistant) -> Provenance:
    """What an answer of this assistant would say it was made with; known without asking."""
    reranker = "" if assistant.reranker is None else f", reranked by {assistant.reranker.name} {assistant.reranker.digest}"
    return Provenance(
        version=__version__,
        library=assistant.library.digest,
        embedder=f"{assistant.embedder.name} {assistant.embedder.digest}{reranker}",
        model=f"{assistant.model.name} {assistant.model.digest}",
        settings=digest(assistant.settings),
    )


@contextmanager
def _timed(timings: dict[str, float], step: str) -> Iterator[None]:
    """Add the milliseconds that a step takes under its name."""
    start = time.perf_counter()
    try:
        yield
    finally:
        timings[step] = round(timings.get(step, 0.0) + (time.perf_counter() - start) * 1000, 1)
