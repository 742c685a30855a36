"""The places of the library, the models and the settings files. Knows nothing of what is in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from index.errors import SettingsError

LIBRARY_FOLDER = ".qa"
SETTINGS_FILE = "qa.toml"


def library_folder(cwd: Path) -> Path:
    """Return the library for work in `cwd`.

    It is `.qa/` there or in the nearest parent that has one, else the one to be made in `cwd`.
    """
    return next(
        (folder / LIBRARY_FOLDER for folder in (cwd, *cwd.parents) if _is_there(folder / LIBRARY_FOLDER, Path.is_dir)),
        cwd / LIBRARY_FOLDER,
    )


def project_file(cwd: Path) -> Path | None:
    """The `qa.toml` of `cwd` or of the nearest parent that has one."""
    return next(
        (folder / SETTINGS_FILE for folder in (cwd, *cwd.parents) if _is_there(folder / SETTINGS_FILE, Path.is_file)),
        None,
    )


def user_file() -> Path:
    """The settings of this user, whether the file exists or not."""
    from platformdirs import user_config_dir

    return _placed(user_config_dir) / SETTINGS_FILE


def models_folder() -> Path:
    """Return where models are kept by default: the platform's cache folder, shared by all projects."""
    from platformdirs import user_cache_dir

    return _placed(user_cache_dir) / "models"


def state_folder(environ: Mapping[str, str]) -> Path:
    """Where conversations and what was typed in them are kept: QA_STATE, else the platform's folder for such things."""
    from platformdirs import user_state_dir

    given = environ.get("QA_STATE")
    return expanded(Path(given)).absolute() if given else _placed(user_state_dir)


def expanded(path: Path) -> Path:
    """A path with ~ written out. Raises `SettingsError` where nobody knows whose folder that is."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise SettingsError(
            f"“{path}” lies in a home folder that is not known here", "write the whole path, or set HOME"
        ) from error


def _placed(platform: Callable[[str], str]) -> Path:
    """Return the platform's folder for such things.

    Without a home, a place that does not exist and cannot be written: reading goes on, writing says what to set.
    """
    try:
        folder = Path(platform("vouch"))
    except RuntimeError:  # newer platformdirs; older ones give back the ~
        folder = Path("~")
    return folder if folder.is_absolute() else Path(os.devnull, "vouch")


def served_file(environ: Mapping[str, str], identity: str) -> Path:
    """Return the record of how to reach a model that `qa serve` keeps loaded.

    `identity` tells models and engines apart.
    """
    return state_folder(environ) / "served" / f"{identity}.json"


def private_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it, for its owner alone. Raises OSError."""
    if not folder.parent.exists():
        private_folder(folder.parent)
    folder.mkdir(exist_ok=True, mode=0o700)


def shown(path: Path) -> str:
    """A path as a person writes it: relative to the current folder, else to the home folder."""
    with suppress(ValueError):
        return path.relative_to(Path.cwd()).as_posix()
    with suppress(ValueError, RuntimeError):
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    return str(path)


def seeds_folder(cwd: Path) -> Path | None:
    """Return the articles of the default library.

    `seeds/` in `cwd`, else the one beside the program where it runs from its checkout.
    """
    return next(
        (folder / "seeds" for folder in (cwd, Path(__file__).parent.parent) if (folder / "seeds").is_dir()), None
    )


def _is_there(path: Path, kind: Callable[[Path], bool]) -> bool:
    """Whether a path exists; False also where permission to look is missing."""
    with suppress(PermissionError):
        return kind(path)
    return False
