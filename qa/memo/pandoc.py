"""Pandoc, run as a program of its own. In: its JSON tree. Out: bytes of another format. Knows nothing of memos.

The copy that comes with the package is preferred to the system's, so that the same version writes the same bytes
everywhere. Nothing is fetched.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.extras import install_line
from index.pandoc import program
from qa.memo.errors import MemoError

API_VERSION = [1, 23, 1]

Node = dict[str, Any]  # a node of Pandoc's tree: {"t": its kind, "c": its content}


@dataclass(frozen=True, slots=True)
class Pandoc:
    """Where the program is."""

    program: Path

    def convert(
        self,
        blocks: Sequence[Node],
        options: Sequence[str],
        *,
        meta: Mapping[str, Node] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> bytes:
        """What Pandoc makes of a document with these options. Raises MemoError with what it says where it fails."""
        document = {"pandoc-api-version": API_VERSION, "meta": dict(meta or {}), "blocks": list(blocks)}
        return self.run(["--from=json", *options], json.dumps(document).encode(), environ=environ)

    def run(self, options: Sequence[str], content: bytes = b"", *, environ: Mapping[str, str] | None = None) -> bytes:
        """Its standard output. Raises MemoError with what it says where it fails."""
        try:
            done = subprocess.run(
                [str(self.program), *options], input=content, capture_output=True, check=False, env=environ
            )
        except OSError as error:
            raise MemoError(
                f"pandoc cannot be run: {error.strerror or error}", "pip install --force-reinstall pypandoc-binary"
            ) from error
        if done.returncode:
            said = " ".join(done.stderr.decode("utf-8", "replace").split())
            raise MemoError(f"pandoc failed: {said or f'exit code {done.returncode}'}", "qa doctor")
        return done.stdout


def find(*, package: str = "pypandoc_binary", name: str = "pandoc") -> Pandoc:
    """The copy of the package, else the system's. Raises MemoError where there is none."""
    if (found := program(package=package, name=name)) is None:
        raise MemoError("pandoc, which formats citations and documents, is not installed", install_line("memo"))
    return Pandoc(found)
