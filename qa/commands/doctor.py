"""`qa doctor`: what is installed, what is broken, and the command that mends it."""

from __future__ import annotations

from dataclasses import replace

import typer

from qa.commands.options import Json, LibraryFolder
from qa.commands.session import current

UNWELL = 1


def doctor(ctx: typer.Context, *, library: LibraryFolder = None, as_json: Json = False) -> None:
    """Say what is broken and how to repair it.

    Looks at everything that an answer needs; exit code 1 if something has to be mended.
    """
    from qa.doctor import examine
    from qa.paths import state_folder
    from qa.render.harmless import one_line

    session = current(ctx)
    found = examine(session.settings(library=library), session.settings_folder, state_folder(session.environ))
    findings = [replace(each, hint=session.hint(each.hint)) if each.hint else each for each in found]
    well = all(finding.well for finding in findings)
    if as_json:
        rows = [{"what": each.what, "state": each.state, "well": each.well, "hint": each.hint} for each in findings]
        session.write({"well": well, "findings": rows})
    else:
        for each in findings:
            session.out.print(f"{'ok ' if each.well else 'BAD'}  {each.what}: {one_line(each.state)}", markup=False)
            if each.hint is not None:
                session.out.print(f"     → {each.hint}", markup=False)
    if not well:
        raise typer.Exit(UNWELL)
