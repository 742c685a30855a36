"""Open a Word file as its parts, each a tree of XML.

Elements go by their local names: Strict Office Open XML has the same ones in other namespaces.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Element = Any  # of lxml, which says nothing of its types
_READ = ("comments", "core", "endnotes", "footer", "footnotes", "header", "numbering", "styles")
_DAMAGED = (SyntaxError, EOFError, OSError, NotImplementedError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
_TRUE = ("", "1", "on", "true")


@dataclass(frozen=True, slots=True)
class Package:
    """The main part and those that it refers to, by what they are to it ("footnotes", "header").

    `unread` counts those of other kinds; those in `unreadable` are damaged.
    """

    main: Element
    parts: dict[str, list[Element]] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)

    def part(self, kind: str) -> Element | None:
        """The only part of a kind."""
        return next(iter(self.parts.get(kind, ())), None)


def opened(data: bytes) -> Package:
    """The parts of a Word file.

    Raises whatever zipfile and lxml raise for damaged ones, KeyError and ValueError for what is no Word file.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {_key(member.filename): member.filename for member in archive.infolist()}

        def tree(path: str) -> Element:
            return _tree(archive.read(names[_key(path)]))

        def related(path: str) -> Iterator[tuple[str, str]]:
            """What a part refers to: the kind and the path of each."""
            folder, name = posixpath.split(path)
            listed = posixpath.join(folder, "_rels", f"{name}.rels")
            for each in tree(listed) if _key(listed) in names else ():
                if each.get("TargetMode") != "External" and each.get("Target"):
                    target = posixpath.normpath(posixpath.join("/", folder, each.get("Target")))
                    yield (each.get("Type") or "").rpartition("/")[2].lower(), target.lstrip("/")

        whole = dict(related(""))
        place = whole.get("officedocument", "word/document.xml")
        package = Package(tree(place))
        if child(package.main, "body") is None:
            raise ValueError("no body")
        about = [("core", whole[kind]) for kind in ("core-properties", "coreproperties") if kind in whole]
        for kind, path in (*related(place), *about):
            if kind not in _READ:
                package.unread[kind] += 1
            elif _key(path) in names:
                try:
                    package.parts.setdefault(kind, []).append(tree(path))
                except _DAMAGED:
                    package.unreadable.append(kind)
    return package


def local(element: Element) -> str:
    """The name of an element; "" for what is none, such as the mark of an entity."""
    return element.tag if isinstance(element.tag, str) else ""


def child(element: Element | None, *path: str) -> Element | None:
    """The first child of that name, and so on down the path; None where there is none."""
    for name in path:
        element = None if element is None else element.find(name)
    return element


def attribute(element: Element | None, name: str = "val") -> str | None:
    """The attribute of that local name."""
    return (
        None
        if element is None
        else next((value for key, value in element.items() if key.rpartition("}")[2] == name), None)
    )


def number(element: Element | None, name: str = "val") -> int | None:
    """The attribute as a number; None where it is none."""
    value = attribute(element, name) or ""
    return int(value) if value.isascii() and value.removeprefix("-").isdecimal() and len(value) < 12 else None


def is_on(element: Element | None, name: str = "val") -> bool:
    """Whether a property that can be switched off, by its value, is there and is not."""
    return element is not None and (attribute(element, name) or "").lower() in _TRUE


def _key(path: str) -> str:
    """Names of parts are the same in capitals; some programs write them with a backslash."""
    return path.replace("\\", "/").lstrip("/").lower()


def _tree(data: bytes) -> Element:
    from lxml import etree

    root = etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    )
    for each in root.iter("*"):
        each.tag = each.tag.rpartition("}")[2]
    return root
