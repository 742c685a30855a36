"""Find the program Pandoc: the copy that comes with the package, else the system's.

So the same version reads and writes the same everywhere.
"""

from __future__ import annotations

import shutil
from importlib import metadata
from pathlib import Path


def program(*, package: str = "pypandoc_binary", name: str = "pandoc") -> Path | None:
    """The copy of the package, else the system's; None where there is none. Nothing is fetched."""
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name in (name, f"{name}.exe") and file.parent.name == "files":
            return Path(str(file.locate()))
    found = shutil.which(name)
    return None if found is None else Path(found)
