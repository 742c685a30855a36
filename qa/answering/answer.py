"""The pipeline: a question goes in, an `Answer` comes out. The only path: the terminal, batches and memos all call it.

question -> byline? -> passages -> the phrase that answers, in a verified sentence where there is one -> decision ->
other values? -> numbered quotes. Where no phrase can answer, or none is sure enough, verified sentences do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache

from index.embed import Embedder
from index.records import Article, Filter, Hit
from index.rerank import CANDIDATES, Reranker, reranked
from index.search import search
from index.store import Library
from qa.answering import copies
from qa.answering.authorship import about_an_article
from qa.answering.candidate import Candidate
from qa.answering.checks.attribute import corroborated
from qa.answering.compare import Compared, compare, compare_phrases
from qa.answering.compose import Verdict, compose
from qa.answering.decide import Decision, as_shipped
from qa.answering.draft import Drafted, drafted, nearest
from qa.answering.evidence import Evidence, foremost, select
from qa.answering.foreign import elsewhere
from qa.answering.guarantee import promising, settled
from qa.answering.phrase import Named, name, phrasal
from qa.answering.plain import plain
from qa.answering.premise import contradicted, unmentioned
from qa.answering.question import Question, parse
from qa.answering.reading import reading
from qa.answering.retrieve import deeper, sifted
from qa.answering.tell import candidate, in_a_sentence, marked, saying
from qa.answering.valid import valid
from qa.answering.verdict import Asked, answered, refused
from qa.models.engine import LanguageModel
from qa.models.names import named
from qa.provenance import made_with
from qa.records import Answer, Provenance
from qa.settings import CAUTION, Settings

# likelier right than not: the least probability of a phrase that is shown, and of a sentence in its stead, unless the
# settings name another; and of any answer where what the question takes for granted is denied, or not spoken of
LIKELY = 0.5
# the least probability of a phrase of another article that gives another value
DIFFERENT = 0.6


@dataclass(frozen=True, slots=True)
class Assistant:
    """What an answer is made with; `decisions` gives what a model is decided by, by its digest."""

    library: Library
    embedder: Embedder
    model: LanguageModel
    settings: Settings
    reranker: Reranker | None = None
    decisions: Callable[[str], Decision] = as_shipped


def answer(
    question: str,
    assistant: Assistant,
    *,
    within: Filter = Filter(),  # noqa: B008  # frozen
    on_hits: Callable[[tuple[Hit, ...]], None] | None = None,
) -> Answer:
    """Answer from the library alone. `on_hits` gets the passages as soon as they are found.

    Raises QuestionError for a question that cannot be asked, LibraryError where a quote no longer matches its article.
    """
    asked = valid(question)
    timings: dict[str, float] = {}
    read = lru_cache(maxsize=None)(assistant.library.article)
    with assistant.library.snapshot():
        with _timed(timings, "total"):
            verdict = about_an_article(asked, assistant.library, within=within) or _from_passages(
                asked, assistant, within, read, on_hits, timings
            )
        return compose(asked, verdict, read, provenance=provenance(assistant), timings_ms=timings)


def _from_passages(
    text: str,
    assistant: Assistant,
    within: Filter,
    article: Callable[[str], Article],
    on_hits: Callable[[tuple[Hit, ...]], None] | None,
    timings: dict[str, float],
) -> Verdict:
    settings = assistant.settings
    question = parse(text)
    hits = _found(question, assistant, within, timings, k=settings.passages)
    if on_hits is not None:
        on_hits(hits)
    with _timed(timings, "select"):
        found = sifted(question.query, hits, assistant.embedder, article)
    if not found.evidence:
        return Verdict("unanswered", (), confidence=1.0, notes=found.notes)
    denial = contradicted(question.plain, found.evidence)
    foreign = elsewhere(text, hits)
    raised = (
        "a sentence denies what the question takes for granted"
        if denial
        else foreign or _strange(unmentioned(question.plain, hits))
    )
    digest = assistant.model.digest
    decision = assistant.decisions(digest)
    settings = settled(settings, decision, digest)
    assistant, decision = replace(assistant, settings=settings), promising(decision, settings, digest)
    caution = _caution(settings, decision)
    usual = max(caution, LIKELY) if raised else caution
    asked = Asked(
        question,
        hits,
        found,
        within,
        article,
        denial,
        raised,
        decision,
        foreign,
        usual,
        usual if settings.caution is not None else max(usual, LIKELY),
        timings,
    )
    if phrasal(question) and settings.length != "full":
        return _by_phrase(asked, assistant)
    return _by_sentences(asked, assistant)


def _caution(settings: Settings, decision: Decision) -> float:
    """The caution that the settings name, else the model's own, else the default."""
    return next(caution for caution in (settings.caution, decision.caution, CAUTION) if caution is not None)


def _found(
    question: Question, assistant: Assistant, within: Filter, timings: dict[str, float], *, k: int
) -> tuple[Hit, ...]:
    """The `k` passages that match a question best: by the reranker, where there is one, else by the search."""
    with _timed(timings, "retrieve"):
        depth = k if assistant.reranker is None else max(k, CANDIDATES)
        hits = search(question.query, assistant.library, assistant.embedder, k=depth, within=within)
    if assistant.reranker is None:
        return hits
    with _timed(timings, "rerank"):
        return reranked(question.query, hits, assistant.reranker, k=k)


def _by_phrase(asked: Asked, assistant: Assistant) -> Verdict:
    """The verdict of the phrase that the model names in what it reads, if that is likely enough.

    Else that of sentences, which then have to be surer than where no phrase can answer.
    """
    question, settings = asked.question, assistant.settings
    more = _found(question, assistant, asked.within, asked.timings, k=deeper(settings.passages))
    with _timed(asked.timings, "select"):
        evidence = sifted(question.query, more, assistant.embedder, asked.article).evidence
    with _timed(asked.timings, "phrase"):
        read = reading(evidence, limit=settings.reading)
        named = name(question, read, evidence, assistant.model, decision=asked.decision)
    best = candidate(named)
    if best is None or best.probability < asked.likely:
        return _by_sentences(asked, assistant, instead_of=named)
    with _timed(asked.timings, "draft"):
        told = in_a_sentence(question, best, assistant.model, max_tokens=settings.max_tokens)
    written = Drafted(named.text, (best,), (told,))
    lines = tuple(item for stretch in read for item in stretch.sentences)
    if told is not best:
        return _compared(asked, assistant, written, lines, asked.likely)
    with _timed(asked.timings, "compare"):
        compared = compare_phrases(
            question,
            best,
            evidence,
            assistant.model,
            caution=DIFFERENT,
            limit=settings.reading,
            stories=asked.sifted.stories,
            decision=asked.decision,
        )
    if not compared.values:  # what a phrase leaves out, its own sentence may tell apart
        compared = _differing(asked, assistant, (replace(best, text=plain(best.attribution.quotes[0].sentence.text)),))
    written = replace(written, kept=compared.values or written.kept)
    return answered(asked, assistant.embedder, written, lines, compared, asked.likely)


def _by_sentences(asked: Asked, assistant: Assistant, *, instead_of: Named | None = None) -> Verdict:
    """The verdict where sentences answer, each verified by itself; `instead_of` a phrase that was not sure enough.

    Then only a sentence that says that same phrase is shown; where no phrase was weighed, one that is likelier
    right than not.
    """
    settings, evidence, question = assistant.settings, asked.sifted.evidence, asked.question
    full = settings.length == "full" or question.several
    with _timed(asked.timings, "draft"):
        read = foremost(evidence, limit=settings.evidence * (2 if full else 1))
        written = drafted(
            question.plain,
            read,
            evidence,
            assistant.model,
            max_tokens=settings.max_tokens * (2 if full else 1),
            near=nearest(question.plain, evidence),
            full=full,
            decision=asked.decision,
        )
    caution = asked.caution
    if instead_of is not None and instead_of.signals is not None:
        written = saying(instead_of.text, written)
    elif instead_of is not None:
        caution = asked.likely
    if written.best is None or written.probability < caution:
        return refused(asked, written, read, caution, instead_of)
    if full:  # it gives several values by itself, for several things
        return answered(asked, assistant.embedder, written, read, Compared(), caution)
    return _compared(asked, assistant, written, read, caution)


def _compared(
    asked: Asked, assistant: Assistant, written: Drafted, read: Sequence[Evidence], caution: float
) -> Verdict:
    """The verdict with every article that says the same, and with what other articles give instead, if one does."""
    with _timed(asked.timings, "compare"):
        written = replace(written, kept=tuple(_corroborated(one, asked, assistant) for one in written.kept))
    compared = _differing(asked, assistant, written.kept)
    if phrasal(asked.question):
        with _timed(asked.timings, "phrase"):
            written = replace(written, kept=tuple(marked(asked.question, one, assistant.model) for one in written.kept))
    return answered(asked, assistant.embedder, written, read, compared, caution)


def _differing(asked: Asked, assistant: Assistant, kept: Sequence[Candidate]) -> Compared:
    """What other articles give instead of the sentences `kept`, each value with the words that answer."""
    settings, question = assistant.settings, asked.question
    with _timed(asked.timings, "compare"):
        compared = compare(
            question.plain,
            kept,
            asked.sifted.evidence,
            assistant.model,
            caution=_caution(settings, asked.decision),
            limit=settings.evidence,
            max_tokens=settings.max_tokens,
            stories=asked.sifted.stories,
            decision=asked.decision,
        )
    if not phrasal(question):
        return compared
    with _timed(asked.timings, "phrase"):
        return replace(compared, values=tuple(marked(question, one, assistant.model) for one in compared.values))


def _corroborated(one: Candidate, asked: Asked, assistant: Assistant) -> Candidate:
    """The sentence with a quote from every further article that says it, in words that the question may not have found.

    Versions of one story count once.
    """
    more = search(one.text, assistant.library, assistant.embedder, k=assistant.settings.passages, within=asked.within)
    stories = copies.origins(
        copies.versions(
            [asked.article(source) for source in dict.fromkeys(hit.passage.source for hit in (*asked.hits, *more))]
        )
    )
    known = {stories.get(quote.passage.source, quote.passage.source) for quote in one.attribution.quotes}
    evidence = select(
        one.text, [hit for hit in more if hit.passage.source not in {*stories, *known}], assistant.embedder
    )
    return replace(one, attribution=corroborated(one.text, one.attribution, evidence))


def _strange(names: Sequence[str]) -> str:
    return f"no passage that was found mentions {' or '.join(names)}" if names else ""


def provenance(assistant: Assistant) -> Provenance:
    """What an answer of this assistant would say it was made with; known without asking."""
    names = named(assistant.embedder, assistant.model, assistant.reranker)
    return made_with(assistant.library, assistant.settings, names, assistant.decisions(names.digest))


@contextmanager
def _timed(timings: dict[str, float], step: str) -> Iterator[None]:
    """Add the milliseconds that a step takes under its name."""
    start = time.perf_counter()
    try:
        yield
    finally:
        timings[step] = round(timings.get(step, 0.0) + (time.perf_counter() - start) * 1000, 1)
