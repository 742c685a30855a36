"""`qa models recommend`: which model suits a machine, what it costs and what it brings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.options import Json
from qa.commands.session import current
from qa.models.processor import SLOW
from qa.render.counted import counted, size

if TYPE_CHECKING:
    from qa.models.catalog import Model
    from qa.models.recommend import Advice, Machine

Memory = Annotated[
    float | None,
    typer.Option("--memory", metavar="GB", min=0.5, help="For a machine with this much memory (default: this one's)."),
]
Cores = Annotated[
    int | None,
    typer.Option("--cores", metavar="N", min=1, help="For a machine with this many cores (default: this one's)."),
]
Gpu = Annotated[
    float | None,
    typer.Option(
        "--gpu",
        metavar="GB",
        min=0,
        help="For a machine whose GPU has this much memory; 0: none (default: this one's).",
    ),
]


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
    gpu = f"a GPU with {size(of.gpu)}{f' ({of.gpu_name})' if of.gpu_name else ''}" if of.gpu else "no GPU"
    yield f"{size(of.memory)} of memory, {counted(of.cores, 'core')}, {gpu}"
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
    sizes = f"{size(advice.model.size)} to download, {about}{size(advice.disk)} of disk, {about}{size(advice.memory)} {where}"
    return f"{sizes}, {seconds}{' (estimated from its size)' if advice.estimated else ''}"


def _brings(model: Model) -> str:
    figure = (
        ""
        if model.published is None
        else f"; follows {model.published:.0f} % of instructions to the letter (IFEval, as its makers publish it)"
    )
    return f"{model.summary}{figure}"
