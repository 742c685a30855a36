"""Answered once: the answer to a question that was asked before is taken from the cache, every other one is asked and put there.

In: a question, the library, what an answer would be made with, a way to ask. Out: an `Answer`, every quote of it compared with its article, whether it was
kept or not. An answer is kept under everything that can shape it: the question, the filter, the library and its generation, the models, the settings, the
program. What cannot be read, or does not stand up to the check, is asked anew. `qa.answering.answer` knows nothing of this: evaluation and benches call that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.errors import LibraryError, ModelError
from index.records import Filter
from index.store import Library
from qa.answering.valid import valid
from qa.kept.cache import FOLDER, Cache, get, keep_only, put
from qa.kept.key import own_key
from qa.kept.program import fingerprint
from qa.records import Answer, Provenance
from qa.render.check import check_quotes
from qa.render.json import from_object, to_object
from qa.settings import Settings

FORMAT = 1
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Keeping:
    """How answers are kept: in which cache, None for in none; `fresh` asks again what is there, and keeps the new answer."""

    cache: Cache | None
    fresh: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def cache_of(settings: Settings, state: Path, *, make: bool = True) -> Cache | None:
    """The cache of the library of these settings.

    None where nothing is to be kept, or this user has no key, which is made where that is wished.
    """
    if settings.kept_mb == 0:
        return None
    key = own_key(state, make=make)
    return None if key is None else Cache(settings.library / FOLDER, key, settings.kept_mb * _MEGABYTE)


def answered(
    question: str,
    library: Library,
    keeping: Keeping,
    *,
    within: Filter,
    made: Callable[[], Provenance],
    ask: Callable[[], Answer],
) -> Answer:
    """The answer, kept or asked for by `ask`; `made` is what it would be made with, known without asking.

    Raises what `ask` raises, QuestionError for a question that cannot be asked, LibraryError where a quote of a new
    answer is not in its article.
    """
    asked = valid(question)
    if keeping.cache is None:
        return _checked(ask(), library)
    try:
        known = made()
    except ModelError:  # said by `ask` where it is needed, after the passages
        return _checked(ask(), library)
    if not keeping.fresh and (found := find(asked, library, keeping.cache, within=within, made=known)) is not None:
        return found
    generation = _generation(library)
    result = _checked(ask(), library)
    # else the library or a model was changed meanwhile
    if result.provenance == known and _generation(library) == generation:
        keep(result, keeping.cache, generation, within=within, at=keeping.now())
    return result


def find(question: str, library: Library, cache: Cache, *, within: Filter, made: Provenance) -> Answer | None:
    """The kept answer to a question that is `valid`, its quotes compared with the articles as they are now.

    None where there is none that stands.
    """
    with library.snapshot():
        generation = _generation(library)
        keep_only(library.folder, generation)
        of = _of(question, within, generation, made)
        content = get(cache, generation, _name(of))
        if content is None:
            return None
        try:
            held = json.loads(content)
            answer = replace(from_object(held["answer"]), kept=held["at"])
            if held["of"] != of or answer.question != question or answer.provenance != made:
                return None
            return _checked(answer, library)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, LibraryError):
            return None


def keep(answer: Answer, cache: Cache, generation: str, *, within: Filter, at: datetime) -> None:
    """Put an answer into the cache, with how it came about."""
    of = _of(answer.question, within, generation, answer.provenance)
    content = json.dumps({"of": of, "at": at.isoformat(timespec="seconds"), "answer": to_object(answer, explain=True)})
    put(cache, generation, _name(of), content.encode())


def _of(question: str, within: Filter, generation: str, made: Provenance) -> dict[str, object]:
    """What an answer depends on, as JSON gives it back."""
    told: dict[str, object] = json.loads(json.dumps(asdict(within)))
    return {
        "format": FORMAT,
        "question": question,
        "within": told,
        "generation": generation,
        "made": asdict(made),
        "program": fingerprint(),
    }


def _name(of: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()


def _generation(library: Library) -> str:
    return f"{library.digest} {library.generation}"


def _checked(answer: Answer, library: Library) -> Answer:
    check_quotes(answer, library)
    return answer
