"""`qa ask` and `qa search`: one question, or the passages for some words."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.commands.asking import narrowing, read_question, say_what_is_left_out
from qa.commands.options import (
    Author,
    Caution,
    Engine,
    Explain,
    Fresh,
    Json,
    Length,
    LibraryFolder,
    Model,
    Passages,
    Risk,
    Since,
    Sources,
    Until,
)
from qa.commands.session import current
from qa.commands.view import View

NOT_ANSWERED = 3

Question = Annotated[
    str,
    typer.Argument(metavar="QUESTION", help="The question, or - to read it from standard input.", show_default=False),
]
Words = Annotated[
    str,
    typer.Argument(metavar="WORDS", help="What to look for, or - to read it from standard input.", show_default=False),
]


def ask(
    ctx: typer.Context,
    question: Question,
    *,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    author: Author = None,
    passages: Passages = None,
    model: Model = None,
    engine: Engine = None,
    caution: Caution = None,
    risk: Risk = None,
    length: Length = None,
    library: LibraryFolder = None,
    explain: Explain = False,
    fresh: Fresh = False,
    as_json: Json = False,
) -> None:
    """Answer one question, with quotes.

    Every sentence of the answer is vouched for by verbatim words of your articles. Exit code 3 means that the articles
    do not answer it. What was asked before, of the same library with the same models and settings, is answered at once.
    """
    from qa.answering.valid import valid

    session = current(ctx)
    text = valid(read_question(question, session))  # before anything slow
    settings = session.settings(
        passages=passages, model=model, engine=engine, caution=caution, risk=risk, length=length, library=library
    )
    within = narrowing(source, since, until, author)
    with session.opened(settings) as assistant, View(session, as_json=as_json, explain=explain) as view:
        say_what_is_left_out(session, assistant.library, assistant.narrowed(**within))
        result = assistant.ask(text, fresh=fresh, on_passages=view.hits, **within)
        view.end(result)
    if result.status == "unanswered":
        raise typer.Exit(NOT_ANSWERED)


def search(
    ctx: typer.Context,
    words: Words,
    *,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    author: Author = None,
    passages: Passages = None,
    library: LibraryFolder = None,
    as_json: Json = False,
) -> None:
    """Find passages, without a language model."""
    from index.called import called
    from qa.render.json import hits_to_object

    session = current(ctx)
    text = read_question(words, session)
    settings = session.settings(passages=passages, library=library)
    within = narrowing(source, since, until, author)
    with session.opened(settings) as assistant:
        say_what_is_left_out(session, assistant.library, assistant.narrowed(**within))
        hits = assistant.search(text, **within)
        named = [(hit, called(assistant.article(hit.passage.source))) for hit in hits]
    if as_json:
        session.write(hits_to_object(text, hits))
        return
    from qa.render.terminal import fitted
    from qa.render.terminal import passages as listing

    session.out.print(fitted(listing(named), session.out), end="")
