"""What a command works with: streams, environment, settings, and the loaders of models.

The one place where `qa` meets the process it runs in; everything below gets what it needs as arguments, and tests put
their own in.
"""

from __future__ import annotations

import io
import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, cast

import typer

from qa import paths
from qa.models.loading import Loaders, loaders, served_file
from qa.render.harmless import harmless

if TYPE_CHECKING:
    from rich.console import Console

    from index.store import Library
    from qa import assistant as whole
    from qa.answering.answer import Assistant
    from qa.kept.cache import Cache
    from qa.settings import Settings


__all__ = ["Loaders", "Session", "current", "served_file"]


@dataclass(slots=True)
class Session:
    """One run of the program. `as_json` and `plain` are set by the options of the command line."""

    loaders: Loaders = field(default_factory=lambda: loaders(_to_stderr))
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    cwd: Path = field(default_factory=Path.cwd)
    user_file: Path | None = None  # where the settings of this user lie; None: where the platform keeps such things
    # a service may have none
    stdin: BinaryIO = field(default_factory=lambda: sys.stdin.buffer if sys.stdin else io.BytesIO())
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
        """Everything that an answer needs; the library is checked before the slow model begins to load."""
        from qa.calibration.keep import decisions
        from qa.pipeline import assembled

        embedder = self.loaders.embedder(settings)
        return assembled(settings, library, self.loaders, embedder, decisions(self.settings_folder))

    @property
    def settings_folder(self) -> Path:
        """Where the settings of this user lie, and the calibrations beside them."""
        return (self.user_file or paths.user_file()).parent

    def opened(self, settings: Settings) -> whole.Assistant:
        """The library of these settings, open and known to be whole, and the way to its answers.

        Raises `LibraryError`.
        """
        from qa.assistant import Assistant
        from qa.opening import opened

        return Assistant(
            settings,
            opened(settings.library, told=_to_stderr),
            self.loaders,
            paths.state_folder(self.environ),
            settings_folder=self.settings_folder,
        )

    def cache(self, settings: Settings) -> Cache | None:
        """Where the library of these settings keeps answers; None where it keeps none."""
        from qa.kept.answers import cache_of

        return cache_of(settings, paths.state_folder(self.environ))

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
        """A hint; if it is a command on a library, with the flag that names the library of this run."""
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
        return Console(
            file=stream,
            force_terminal=terminal,
            color_system=None if dumb else "auto",
            highlight=False,
            soft_wrap=not terminal,
            emoji=False,
        )


def current(ctx: typer.Context) -> Session:
    """The session that a command runs in."""
    return cast(Session, cast(Any, ctx).find_root().obj)


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
