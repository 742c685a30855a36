"""What a command works with: the streams, the environment, the settings, and the way to the models.

The one place where `qa` meets the process it runs in; everything below gets what it needs as arguments, and tests put their own in.
"""

from __future__ import annotations

import io
import os
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, cast

import typer

from qa import paths
from qa.render.harmless import harmless

if TYPE_CHECKING:
    from rich.console import Console

    from index.embed import Embedder
    from index.rerank import Reranker
    from index.store import Library
    from qa.answer import Assistant
    from qa.models.catalog import LocalModel
    from qa.models.engine import LanguageModel
    from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Loaders:
    """How the models come into memory: the real ones, or the fakes of a test."""

    embedder: Callable[[Settings], Embedder]
    model: Callable[[Settings], LanguageModel]
    reranker: Callable[[Settings], Reranker | None] = field(default=lambda settings: _reranker(settings))


@dataclass(slots=True)
class Session:
    """One run of the program. `as_json` and `plain` are set by the options of the command line."""

    loaders: Loaders = field(default_factory=lambda: Loaders(embedder=_embedder, model=_model))
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    cwd: Path = field(default_factory=Path.cwd)
    user_file: Path | None = None  # where the settings of this user lie; None: where the platform keeps such things
    stdin: BinaryIO = field(default_factory=lambda: sys.stdin.buffer if sys.stdin else io.BytesIO())  # a service may have none
    as_json: bool = False
    plain: bool = False
    library: Path | None = None  # as a flag named it: the commands that hints name must be of the same one

    def settings(self, **flags: object) -> Settings:
        """The settings of this run under these flags; a flag of `None` is not given. Raises `SettingsError`."""
        self.library = cast(Path | None, flags.get("library"))
        return self.settings_with_origins(**flags)[0]

    def settings_with_origins(self, **flags: object) -> tuple[Settings, dict[str, str]]:
        """The settings, and where each came from."""
        from qa.settings import load

        return load(flags, environ=self.environ, cwd=self.cwd, user_file=self.user_file or paths.user_file())

    def assistant(self, settings: Settings, library: Library) -> Assistant:
        """Everything an answer needs, the library checked against the embedder before the slow model begins to load."""
        from qa.answer import Assistant
        from qa.commands.late import late

        embedder = self.loaders.embedder(settings)
        library.require(embedder)
        return Assistant(
            library=library, embedder=embedder, model=late(lambda: self.loaders.model(settings)), settings=settings, reranker=self.loaders.reranker(settings)
        )

    @property
    def out(self) -> Console:
        """Standard output, for data."""
        return self._console(sys.stdout)

    @property
    def err(self) -> Console:
        """Standard error, for everything else."""
        return self._console(sys.stderr)

    def write(self, thing: object) -> None:
        """One JSON object on standard output, on one line."""
        from qa.render.json import dumps

        sys.stdout.write(dumps(thing, encoding=sys.stdout.encoding or "utf-8") + "\n")
        sys.stdout.flush()

    def hint(self, text: str) -> str:
        """A hint, with the flag that names this run's library where it is a command that works on one."""
        if self.library is None or not text.startswith("qa index"):
            return text
        return text.replace("qa index", f"qa index --library {shlex.quote(str(self.library))}", 1)

    def say(self, line: str) -> None:
        """A line for a person, on standard error."""
        sys.stderr.write(harmless(line) + "\n")
        sys.stderr.flush()

    def _console(self, stream: TextIO) -> Console:
        from rich.console import Console

        terminal = stream.isatty()
        dumb = self.plain or not terminal or bool(self.environ.get("NO_COLOR")) or self.environ.get("TERM") == "dumb"
        # without a colour system Rich writes no escape sequence at all; off a terminal it must not wrap either
        return Console(file=stream, force_terminal=terminal, color_system=None if dumb else "auto", highlight=False, soft_wrap=not terminal, emoji=False)


def current(ctx: typer.Context) -> Session:
    """The session that a command runs in."""
    return cast(Session, cast(Any, ctx).find_root().obj)


def _embedder(settings: Settings) -> Embedder:
    from index.embedders import Runtime, load
    from qa.models.resolve import resolve

    here = resolve(settings.embedder, "embed", settings.models, as_published=settings.engine == "transformers")
    runtime: Runtime = "sentence-transformers" if settings.engine == "transformers" else "auto"
    return load(here.safetensors or here.folder, name=here.name, digest=here.digest, converted=here.openvino, runtime=runtime)


def _reranker(settings: Settings) -> Reranker | None:
    from qa.models.resolve import resolve
    from qa.settings import NO_RERANKER

    if settings.reranker == NO_RERANKER:
        return None
    from index.rerank import CrossEncoderReranker

    here = resolve(settings.reranker, "rerank", settings.models)
    return CrossEncoderReranker(here.safetensors or here.folder, name=here.name, digest=here.digest)


def _model(settings: Settings) -> LanguageModel:
    """The model of the server that the settings name, or the model as `qa serve` keeps it loaded, or loaded here."""
    from qa.models import address

    if address.is_address(settings.engine):
        from qa.models.engine_server import KEY, ServerModel

        return ServerModel(address.parse(settings.engine), settings.model, key=os.environ.get(KEY), allow_remote=settings.allow_remote)
    from qa.models.resolve import resolve

    here = resolve(settings.model, "answer", settings.models)
    place = served_file(here, settings, os.environ)
    if place.exists():
        from qa import __version__
        from qa.models.served import ServedModel, holder, published

        record = published(place)
        if record is not None and record.version == __version__:
            return ServedModel(record, lambda: _whole(here, settings))
        if (held := record or holder(place)) is not None and held.address:
            problem = "does not answer" if record is None else f"is version {held.version} and not {__version__}"
            sys.stderr.write(f"note: qa serve, process {held.pid}, {problem}: the model is loaded here\n")
    return _whole(here, settings)


def _whole(here: LocalModel, settings: Settings) -> LanguageModel:
    """The model, loaded; its weights are read once more beside that, and compared with what they were."""
    from concurrent.futures import ThreadPoolExecutor

    from qa.models.engines import load
    from qa.models.resolve import check_read

    with ThreadPoolExecutor(1) as beside:
        checked = beside.submit(check_read, here, settings.models)
        model = load(here, engine=settings.engine)
        checked.result()
    return model


def served_file(model: LocalModel, settings: Settings, environ: Mapping[str, str]) -> Path:
    """Where it stands how this very model is reached if it is served: the same weights and engine."""
    from qa.models.engines import choose

    engine, _ = choose(model, settings.engine)
    return paths.served_file(environ, f"{model.digest}-{engine}")
