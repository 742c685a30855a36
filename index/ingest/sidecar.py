"""Read and write `sources.toml`, which describes the articles beside it: title, author, date, publisher, url, language.

A table for each relative path. Writing keeps the user's comments. Knows nothing of the articles themselves.
"""

from __future__ import annotations

import datetime
import os
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from index.errors import SettingsError, SourceError
from index.ingest import contents, dates
from index.ingest.folder import walk
from index.ingest.metadata import FIELDS, merge
from index.language import coded
from index.limits import Limits
from index.naming import readable
from index.records import Field, Metadata

NAME = "sources.toml"
_EXAMPLE = '["article.txt"] with title, author, date, publisher, url or language below it'


def read(folder_file: Path) -> dict[str, Metadata]:
    """What a `sources.toml` says, by path relative to its folder.

    Raises `SourceError` if it is not TOML, or holds an unknown key, a path outside the folder, a value that is not text
    or a date that is none.
    """
    try:
        tables = tomllib.loads(contents.read(folder_file, Limits()).decode("utf-8-sig"))
    except (
        ValueError,
        RecursionError,
    ) as error:  # a TOMLDecodeError and a UnicodeDecodeError are ValueErrors, and so is a number of 5,000 digits
        raise SourceError(
            f"{folder_file} is not TOML: {error}", f"correct it there; a table is written {_EXAMPLE}"
        ) from error
    return {_key(key, folder_file): _metadata(key, table, folder_file) for key, table in tables.items()}


def overrides(root: Path, *, follow_links: bool = False) -> dict[str, Metadata]:
    """Return what all the `sources.toml` in and below a folder say, by path relative to it.

    Of a file, what the one beside it says.

    Where two describe the same article, the nearer one wins, field by field. Raises `SourceError` as `read` does.
    """
    if not root.is_dir():
        beside = root.parent / NAME
        found = read(beside) if beside.is_file() else {}
        return {key: value for key, value in found.items() if key.partition("#")[0] == readable(root.name)}
    result: dict[str, Metadata] = {}
    folders = [folder for folder in walk(root, follow_links=follow_links).folders if (folder / NAME).is_file()]
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        for key, value in read(folder / NAME).items():
            path = (PurePosixPath(readable(folder.relative_to(root).as_posix())) / key).as_posix()
            result[path] = merge(result.get(path, Metadata()), value)
    return result


def write(folder: Path, name: str, changes: Mapping[Field, str | None]) -> None:
    """Set fields of the article `name` in the `sources.toml` of `folder`, or remove those that are None.

    Everything else is kept as it is.

    The file is replaced at once: it is the old one or the new one. Raises `SourceError` if it cannot be read or
    written, and `SettingsError` for a date or a language that is none.
    """
    import tomlkit

    path = (folder / NAME).resolve()  # a link stays a link
    for field, value in changes.items():
        if field not in FIELDS:
            raise SourceError(f"an article has no {field!r}", f"it has {', '.join(FIELDS)}")
        if field == "date" and value is not None:
            dates.valid(value)
        if field == "language" and value is not None:
            coded(value)
    try:
        if path.exists():
            read(path)  # refuses what is damaged before it is touched
            document = tomlkit.parse(path.read_bytes().decode("utf-8-sig"))
        else:
            document = tomlkit.document()
        table = document.get(name)
        if table is None:
            table = tomlkit.table()
        for field, value in changes.items():
            if value is None:
                table.pop(field, None)
            else:
                table[field] = value
        document[name] = table
        if not table:
            document.remove(name)
        _replace(path, tomlkit.dumps(document))
    except OSError as error:
        raise SourceError(
            f"{path} cannot be written: {error.strerror}",
            f"check the permissions of {folder} and the space on its disk",
        ) from error


def _replace(path: Path, text: str) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{NAME}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(mode)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _key(key: str, path: Path) -> str:
    relative = PurePosixPath(key.replace("\\", "/"))
    if relative.is_absolute() or ".." in relative.parts or not relative.parts:
        raise SourceError(
            f"{path}: {key!r} is not a path below the folder of {NAME}", f"describe it in a {NAME} beside it"
        )
    return relative.as_posix()


def _metadata(key: str, table: object, path: Path) -> Metadata:
    if not isinstance(table, dict):
        raise SourceError(
            f"{path}: {key!r} stands outside of any table", f"put it below the name of an article: {_EXAMPLE}"
        )
    values: dict[str, str] = {}
    for field, value in table.items():
        if isinstance(value, dict):
            raise SourceError(
                f"{path}: unknown key {field!r} below {key!r}",
                f'put the name of the article in quotation marks: ["{key}.{field}"]',
            )
        if field not in FIELDS:
            raise SourceError(f"{path}: unknown key {field!r} below {key!r}", f"the keys are {', '.join(FIELDS)}")
        values[field] = _value(field, value, key, path)
    return Metadata(**values)


def _value(field: str, value: object, key: str, path: Path) -> str:
    if field == "date":
        if isinstance(value, datetime.datetime):
            value = value.date()
        text = value.isoformat() if isinstance(value, datetime.date) else str(value)
        try:
            return dates.valid(text)
        except SettingsError as error:
            raise SourceError(f"{path}: {error.message} below {key!r}", error.hint) from error
    if not isinstance(value, str) or not value.strip():
        raise SourceError(f"{path}: {field} below {key!r} is not text", f'write {field} = "..."')
    if field == "language":
        try:
            return coded(value)
        except SettingsError as error:
            raise SourceError(f"{path}: {error.message} below {key!r}", error.hint) from error
    return " ".join(value.split())
