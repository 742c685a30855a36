"""`qa batch`: many questions from a file, one answer a line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.asking import narrowed, opened
from qa.commands.bars import counting
from qa.commands.options import Engine, Json, LibraryFolder, Model, Passages
from qa.commands.session import current

if TYPE_CHECKING:
    from index.records import Filter
    from qa.records import Answer

Questions = Annotated[Path, typer.Argument(metavar="FILE", help="A .jsonl file: question and, if wanted, id, source, since, until and columns of your own.")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="The .jsonl file to write; an unfinished one is gone on with.", show_default=False)]


def batch(
    ctx: typer.Context,
    file: Questions,
    *,
    output: Output,
    passages: Passages = None,
    model: Model = None,
    engine: Engine = None,
    library: LibraryFolder = None,
    as_json: Json = False,
) -> None:
    """Answer every question of a file.

    Each answer is written as soon as it is there. What was interrupted goes on where it stopped when the same command is given again.
    """
    from qa import batch as work
    from qa.answer import answer
    from qa.render.check import check_quotes

    session = current(ctx)
    rows = work.read_rows(session.cwd / file)
    if repeated := work.repeated_ids(rows):
        session.say(f"warning: more than one row has the id {', '.join(repeated)}; all are kept")
    settings = session.settings(passages=passages, model=model, engine=engine, library=library)
    with opened(settings) as library_, counting(session, len(rows)) as advance:
        assistant = session.assistant(settings, library_)

        def ask(question: str, within: Filter) -> Answer:
            result = answer(question, assistant, within=narrowed(library_, within))
            check_quotes(result, library_)
            return result

        tally = work.run(rows, session.cwd / output, ask, report=advance)
    if as_json:
        session.write({"asked": tally.asked, "failed": tally.failed, "kept": tally.kept, "output": str(output)})
        return
    kept = f", {tally.kept} were there already" if tally.kept else ""
    session.say(f"{tally.asked} answered, {tally.failed} could not be asked{kept}: {output}")
