"""`qa cite`: check a draft against the articles, or find where words stand in them and how to cite them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.ask import NOT_ANSWERED
from qa.commands.asking import opened, read_question
from qa.commands.options import Author, Engine, Force, Json, LibraryFolder, Model, Since, Sources, StyleName, Until
from qa.commands.session import Session, current
from qa.render.counted import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from qa.cite import Cited, Near

Words = Annotated[
    str,
    typer.Argument(
        metavar="DRAFT|WORDS",
        help="A draft (.docx, .md, .html, .txt); or words as an article has them, - for standard input.",
        show_default=False,
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="OUT", help="Write the draft with footnotes and comments there, in its own format."
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit with 1 if a sentence is contradicted or not in the sources.")
]


def cite(
    ctx: typer.Context,
    words: Words,
    *,
    output: Output = None,
    style: StyleName = "chicago-note-bibliography",
    strict: Strict = False,
    force: Force = False,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    author: Author = None,
    model: Model = None,
    engine: Engine = None,
    library: LibraryFolder = None,
    as_json: Json = False,
) -> None:
    """Check your own draft against the articles.

    Each sentence is supported, partly so, contradicted, not in the sources, or no claim.

    With -o the draft is written again with footnotes, comments and a list of sources; its own words stay as they are.
    Interrupted, it goes on where it was when the same command is given again.

    Words in quotation marks instead of a draft are looked for in the articles, and their note and bibliography entry
    are printed; exit code 3 means that no article holds them.
    """
    from qa.citing.drafts import is_draft
    from qa.commands.citing import Order, hold

    session = current(ctx)
    if output is not None or is_draft(words):
        hold(
            session,
            Order(
                Path(words),
                output,
                style,
                strict,
                force,
                tuple(source or ()),
                since,
                until,
                author,
                model,
                engine,
                library,
            ),
            as_json=as_json,
        )
        return
    _find(session, words, style, library, as_json=as_json)


def _find(session: Session, words: str, style: str, library: Path | None, *, as_json: bool) -> None:
    """White space and the shape of quotation marks do not matter."""
    from dataclasses import asdict

    from qa.cite import cited, most_like, pattern_of, places
    from qa.memo.pandoc import find as find_pandoc
    from qa.memo.style import find as find_style

    text = read_question(words, session)
    pattern = pattern_of(text)
    chosen = find_style(style, cwd=session.cwd)
    with opened(session.settings(library=library)) as library_, library_.snapshot():
        found = places(pattern, library_)
        made = cited(found, library_.article, chosen, find_pandoc()) if found else ()
        near = () if found else most_like(text, library_)
    if as_json:
        session.write(
            {"words": text, "places": [asdict(one) for one in made], "nearest": [asdict(one) for one in near]}
        )
    else:
        session.out.print(listing(made, near), end="", soft_wrap=True)
    if not found:
        session.say("no article holds these words" + ("; the nearest sentences are above" if near else ""))
        raise typer.Exit(NOT_ANSWERED)
    if len(found) > 1:
        session.say(f"{counted(len(found), 'place')} in {counted(len({one.source for one in found}), 'article')}")


def listing(found: Sequence[Cited], near: Sequence[Near]) -> Text:
    """Each place with its citation, or the nearest sentences, marked as such."""
    from rich.text import Text

    from qa.render.harmless import one_line

    text = Text()
    for one in found:
        text.append("\n" if text else "").append(f"{one_line(one.source)}:{one.start}-{one.end}\n", style="bold")
        text.append(f"  “{one_line(one.quote)}”\n", style="italic")
        for name, form in (("note", one.note), ("again", one.short), ("bibliography", one.bibliography)):
            text.append(f"  {name}: ", style="dim").append(f"{form}\n")
    for sentence in near:
        quote = sentence.quote
        text.append(f"near, not the same ({sentence.likeness:.2f})  ", style="yellow")
        text.append(f"{one_line(quote.source)}:{quote.start}-{quote.end}\n  “{one_line(quote.text)}”\n")
    return text
