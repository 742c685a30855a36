"""`qa cite`: where words stand in the articles, and how to cite them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.ask import NOT_ANSWERED
from qa.commands.asking import opened, read_question
from qa.commands.options import Json, LibraryFolder
from qa.commands.session import current
from qa.render.counted import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from qa.cite import Cited, Near

Words = Annotated[str, typer.Argument(metavar="WORDS", help="The words as an article has them, or - to read them from standard input.", show_default=False)]
StyleName = Annotated[str, typer.Option("--style", metavar="STYLE", help="Citation style: chicago-note-bibliography, apa, mla, ieee, … or a .csl file.")]


def cite(ctx: typer.Context, words: Words, *, style: StyleName = "chicago-note-bibliography", library: LibraryFolder = None, as_json: Json = False) -> None:
    """Find a quotation, and print the note and the bibliography entry for it.

    White space and the shape of quotation marks do not matter. Exit code 3 means that no article holds these words; the nearest sentences are shown then.
    """
    from dataclasses import asdict

    from qa.cite import cited, nearest, pattern_of, places
    from qa.memo.pandoc import find as find_pandoc
    from qa.memo.style import find as find_style

    session = current(ctx)
    text = read_question(words, session)
    pattern = pattern_of(text)
    chosen = find_style(style, cwd=session.cwd)
    with opened(session.settings(library=library)) as library_, library_.snapshot():
        found = places(pattern, library_)
        made = cited(found, library_.article, chosen, find_pandoc()) if found else ()
        near = () if found else nearest(text, library_)
    if as_json:
        session.write({"words": text, "places": [asdict(one) for one in made], "nearest": [asdict(one) for one in near]})
    else:
        session.out.print(listing(made, near), end="", soft_wrap=True)
    if not found:
        session.say("no article holds these words" + ("; the nearest sentences are above" if near else ""))
        raise typer.Exit(NOT_ANSWERED)
    if len(found) > 1:
        session.say(f"{counted(len(found), 'place')} in {counted(len({one.source for one in found}), 'article')}")


def listing(found: Sequence[Cited], near: Sequence[Near]) -> Text:
    """Each place with its citation, or the nearest sentences, said to be no more than that."""
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
