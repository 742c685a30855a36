"""Open a .docx as parts that can be changed, added and written. Untouched parts are copied byte for byte.

Raises MemoError for a file that is locked, damaged, or in "Strict Open XML", whose names differ. Reads no external
entity and no network.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import Any

from qa.memo.errors import MemoError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NAMESPACE = W[1:-1]
_RELATED = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPED = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_LOCKED = b"\xd0\xcf\x11\xe0"
_OPEN_AGAIN = "open it in a word processor and save it again"


@dataclass(slots=True)
class Package:
    """The file's parts.

    `roots` are those that were parsed, by name; `changed` the names of those that are written anew; `added` new ones,
    in their order.
    """

    archive: zipfile.ZipFile
    content: bytes
    name: str
    main: str
    roots: dict[str, Any] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    added: list[str] = field(default_factory=list)

    @property
    def document(self) -> Any:
        """The main part's root."""
        return self.root(self.main)

    def root(self, part: str) -> Any:
        """A part's root, parsed once."""
        if part not in self.roots:
            self.roots[part] = _parsed(self.archive.read(part), self.name)
        return self.roots[part]

    def touch(self, part: str) -> None:
        """Say that a part's tree was changed."""
        self.changed.add(part)

    def related(self, kind: str) -> str | None:
        """The name of the part that is this to the main part ("footnotes"); None where there is none."""
        if (rels := self._rels()) not in self.archive.namelist() and rels not in self.roots:
            return None
        for one in self.root(rels):
            if one.get("Type") == f"{_KIND}{kind}" and one.get("TargetMode") != "External":
                part = _resolved(self.main, str(one.get("Target")))
                return part if part in self.archive.namelist() or part in self.roots else None
        return None

    def add(self, kind: str, root: Any) -> str:
        """A new part that is this to the main part; its name."""
        from lxml import etree

        folder = posixpath.dirname(self.main)
        names = {*self.archive.namelist(), *self.added}
        part = next(
            name
            for name in (posixpath.join(folder, f"{kind}{number}.xml") for number in ("", *range(2, 99)))
            if name not in names
        )
        self.roots[part] = root
        self.added.append(part)
        types, rels = "[Content_Types].xml", self._rels()
        held = self.root(types)
        held.append(
            held.makeelement(f"{_TYPED}Override", {"PartName": f"/{part}", "ContentType": _CONTENT.format(kind)})
        )
        self.touch(types)
        if rels not in self.archive.namelist() and rels not in self.roots:
            self.roots[rels] = etree.Element(f"{_RELATED}Relationships", nsmap={None: _RELATED[1:-1]})
            self.added.append(rels)
        links = self.root(rels)
        taken = {one.get("Id") for one in links}
        free = next(name for name in (f"rId{number}" for number in range(1, len(taken) + 2)) if name not in taken)
        links.append(
            links.makeelement(
                f"{_RELATED}Relationship", {"Id": free, "Type": f"{_KIND}{kind}", "Target": posixpath.basename(part)}
            )
        )
        self.touch(rels)
        return part

    def whole(self) -> bytes:
        """The file: every old part in its place, as it was or as it is now, and the new ones behind them.

        The bytes given where nothing was changed.
        """
        if not self.changed and not self.added:
            return self.content
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
            for old in self.archive.infolist():
                info = zipfile.ZipInfo(old.filename, old.date_time)
                info.compress_type = (
                    zipfile.ZIP_STORED if old.compress_type == zipfile.ZIP_STORED else zipfile.ZIP_DEFLATED
                )
                info.external_attr = old.external_attr
                out.writestr(
                    info, self._written(old.filename) if old.filename in self.changed else self.archive.read(old)
                )
            for part in self.added:
                info = zipfile.ZipInfo(part)  # dated 1980
                info.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(info, self._written(part))
        return stream.getvalue()

    def _written(self, part: str) -> bytes:
        from lxml import etree

        written: bytes = etree.tostring(self.roots[part], xml_declaration=True, encoding="UTF-8", standalone=True)
        return written

    def _rels(self) -> str:
        return posixpath.join(posixpath.dirname(self.main), "_rels", f"{posixpath.basename(self.main)}.rels")


def opened(content: bytes, name: str) -> Package:
    """The package of a .docx."""
    if content.startswith(_LOCKED):
        raise MemoError(
            f"{name} is locked with a password, or in the format of Word before 2007",
            "save it as .docx without a password",
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        if len(set(archive.namelist())) != len(archive.namelist()):
            raise MemoError(f"{name} holds a part twice", _OPEN_AGAIN)
        rels = _parsed(archive.read("_rels/.rels"), name)
        main = next(
            (str(one.get("Target")) for one in rels if str(one.get("Type")).endswith("/officeDocument")),
            "word/document.xml",
        ).lstrip("/")
        package = Package(archive, content, name, main)
        root = package.document
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise MemoError(f"{name} is no Word document, or a damaged one", _OPEN_AGAIN) from error
    if root.tag != f"{W}document":
        raise MemoError(
            f"{name} is in a form of Word that cannot be edited here", "save it as an ordinary Word document (.docx)"
        )
    return package


def _parsed(content: bytes, name: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_blank_text=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise MemoError(f"{name} is a damaged Word document", _OPEN_AGAIN) from error


def _resolved(main: str, target: str) -> str:
    return (
        target.lstrip("/")
        if target.startswith("/")
        else posixpath.normpath(posixpath.join(posixpath.dirname(main), target))
    )
