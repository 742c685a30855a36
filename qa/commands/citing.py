"""What `qa cite DRAFT` does: read, judge, write, say what came of it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from qa.commands.asking import asked_for, opened, say_what_is_left_out
from qa.commands.bars import citing
from qa.commands.session import Session
from qa.narrowing import narrowed
from qa.render.counted import counted

if TYPE_CHECKING:
    from rich.text import Text

    from index.embed import Embedder
    from index.records import Filter
    from index.store import Library
    from qa.citing.records import Judged, Said
    from qa.models.engine import LanguageModel

FAILED = 1


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for: the draft, where its copy goes, and what to look in."""

    draft: Path
    output: Path | None
    style: str
    strict: bool
    force: bool
    sources: tuple[str, ...]
    since: str | None
    until: str | None
    author: str | None
    model: str | None
    engine: str | None
    library: Path | None


def hold(session: Session, order: Order, *, as_json: bool) -> None:
    """Hold a draft to the articles. Raises MemoError and LibraryError; exits with 1 where `strict` finds something."""
    from qa import __version__
    from qa.citing import drafts
    from qa.citing.annotate import annotated
    from qa.citing.journal import beside
    from qa.memo import output as files
    from qa.memo import pandoc as pandocs
    from qa.memo import style as styles

    draft = session.cwd / order.draft
    output = None if order.output is None else session.cwd / order.output
    settings = session.settings(model=order.model, engine=order.engine, library=order.library)
    content = drafts.content_of(draft, settings.limits)
    said = drafts.read(content, draft)
    chosen = styles.find(order.style, cwd=session.cwd)
    pandoc = pandocs.find() if output is not None else None
    if output is not None:
        drafts.check_output(output, draft, force=order.force)
    with opened(settings) as library, library.snapshot():
        within = narrowed(library, asked_for(list(order.sources), order.since, order.until, order.author))
        say_what_is_left_out(session, library, within)
        embedder = session.loaders.embedder(settings)
        library.require(embedder)
        model = session.loaders.model(settings)
        journal = None if output is None else beside(output)
        judged = _judged(session, said, library, embedder, model, within, journal)
        if output is not None and pandoc is not None:
            additions = annotated(
                judged, library.article, style=chosen, pandoc=pandoc, version=__version__, library=library.digest
            )
            files.put(output, drafts.written(content, draft, additions))
    if journal is not None:
        journal.unlink(missing_ok=True)
    _tell(session, order, said, judged, as_json=as_json)
    if order.strict and any(one.verdict in ("contradicted", "absent") for one in judged):
        raise typer.Exit(FAILED)


def _judged(
    session: Session,
    said: Sequence[Said],
    library: Library,
    embedder: Embedder,
    model: LanguageModel,
    within: Filter,
    journal: Path | None,
) -> tuple[Judged, ...]:
    from qa import __version__
    from qa.citing.agree import DECISION
    from qa.citing.examine import Examiner
    from qa.citing.journal import judged

    examiner = Examiner(library, embedder, model, [one.text for one in said], within=within)
    texts = hashlib.sha256(json.dumps([one.text for one in said]).encode()).hexdigest()
    provenance = json.dumps(
        [
            __version__,
            library.digest,
            embedder.digest,
            model.digest,
            DECISION.read_text(encoding="utf-8"),
            repr(within),
            texts,
        ]
    )
    with citing(session, len(said)) as report:
        made, kept = judged(said, examiner.examine, journal, provenance=provenance, report=report)
    if kept:
        session.say(f"note: {kept} of {counted(len(said), 'sentence')} had been checked before the interruption")
    return made


def _tell(session: Session, order: Order, said: Sequence[Said], judged: Sequence[Judged], *, as_json: bool) -> None:
    from qa.citing.journal import to_object
    from qa.citing.records import VERDICTS
    from qa.citing.wording import NAMES

    numbers = Counter(one.verdict for one in judged)
    if as_json:
        sentences = [
            {"text": one.text, "cites": list(one.citations), **to_object(made)}
            for one, made in zip(said, judged, strict=True)
        ]
        counts = {verdict: numbers[verdict] for verdict in VERDICTS}
        session.write(
            {
                "draft": str(order.draft),
                "output": None if order.output is None else str(order.output),
                "counts": counts,
                "sentences": sentences,
            }
        )
        return
    if order.output is None:
        session.out.print(listing(said, judged), end="", soft_wrap=True)
    elif order.strict:
        for one, made in zip(said, judged, strict=True):
            if made.verdict in ("contradicted", "absent"):
                session.say(f"{NAMES[made.verdict]}: {one.text}")
    quotes = [quote for one in judged for quote in one.quotes]
    marks = f"{counted(sum(bool(one.quotes) for one in judged), 'footnote')}, {counted(len(quotes), 'quote')} from "
    marks += counted(len({quote.source for quote in quotes}), "article")
    told = ", ".join(f"{numbers[verdict]} {NAMES[verdict]}" for verdict in VERDICTS)
    session.say(
        f"{order.output or order.draft}: {counted(len(said), 'sentence')}: {told}{'; ' + marks if order.output else ''}"
    )


def listing(said: Sequence[Said], judged: Sequence[Judged]) -> Text:
    """Each sentence that claims something, what came of it, and the quotes."""
    from rich.text import Text

    from qa.citing.wording import quotation, told
    from qa.render.harmless import one_line

    colours = {"supported": "green", "partly": "yellow", "contradicted": "bold red", "absent": "red"}
    text = Text()
    for one, made in zip(said, judged, strict=True):
        if made.verdict == "no claim":
            continue
        text.append(f"{one_line(told(made))}\n", style=colours[made.verdict]).append(f"  {one_line(one.text)}\n")
        for quote in (*made.quotes, *(other.quote for other in made.otherwise)):
            text.append(f"    {quotation(quote)}\n", style="dim")
    return text
