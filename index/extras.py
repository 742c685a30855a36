"""The extras of the package: what each is for, the modules that it brings, and the command that adds it.

Every module of an extra is imported late, by the function that needs it. Where that fails, the user is told which extra
is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from index.errors import VouchError

PACKAGE = "vouch-qa"
EXTRAS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType({  # the modules are those that the code imports
    "chat": ("a conversation at a terminal", ("prompt_toolkit",)),
    "docs": ("documents other than text, mail and Markdown", ("htmldate", "lxml_html_clean", "pypdfium2", "python_calamine", "trafilatura")),
    "memo": ("memos in Word and PDF", ("docx", "pypdf", "typst")),
    "torch": ("this model or engine", ("accelerate", "sentence_transformers", "torch", "transformers")),
})  # fmt: skip


class MissingExtraError(VouchError):
    """A needed part of this package is not installed."""


def install_line(extra: str) -> str:
    """The command that adds an extra."""
    return f"pip install '{PACKAGE}[{extra}]'"


@contextmanager
def explaining() -> Iterator[None]:
    """Turn the failed import of an extra's module into a `MissingExtraError`; pass other errors on."""
    try:
        yield
    except ModuleNotFoundError as error:
        top = (error.name or "").partition(".")[0]
        found = next((extra for extra, (_, modules) in EXTRAS.items() if top in modules), None)
        if found is None:
            raise
        raise MissingExtraError(
            f"{EXTRAS[found][0]} cannot be had without {top}, which is not installed", install_line(found)
        ) from error
