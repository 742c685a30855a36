"""Vouch: answers from your own articles, every sentence vouched for by a verbatim quote.

    from qa import Assistant

    with Assistant.open("~/articles") as assistant:
        print(assistant.ask("Who opposes the merger?").answer)

The names in `__all__` are the library's; each is imported when it is first used, so that `import qa` loads nothing
heavy (docs/library.md).
"""

from importlib import import_module
from typing import TYPE_CHECKING

import index  # noqa: F401 (it shuts the network, before any module here can load a library that would use it)

if TYPE_CHECKING:
    from index.embed import Embedder
    from index.errors import LibraryError, ModelError, QuestionError, SettingsError, SourceError, VouchError
    from index.listing import SourceInfo
    from index.progress import BuildReport
    from index.records import Article, Hit, Metadata, Passage, Sentence
    from qa.assistant import Assistant
    from qa.cite import Cited, Near
    from qa.memo.errors import MemoError
    from qa.memo.plan import Part, Plan
    from qa.memo.records import Memo
    from qa.models.engine import Generation, LanguageModel, Message, Opinion
    from qa.records import Answer, Citation, Claim, Conflict, Phrase, Provenance, Quote, Rejected, Value
    from qa.settings import Settings
    from qa.verify.records import Check

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "Article",
    "Assistant",
    "BuildReport",
    "Check",
    "Citation",
    "Cited",
    "Claim",
    "Conflict",
    "Embedder",
    "Generation",
    "Hit",
    "LanguageModel",
    "LibraryError",
    "Memo",
    "MemoError",
    "Message",
    "Metadata",
    "ModelError",
    "Near",
    "Opinion",
    "Part",
    "Passage",
    "Phrase",
    "Plan",
    "Provenance",
    "QuestionError",
    "Quote",
    "Rejected",
    "Sentence",
    "Settings",
    "SettingsError",
    "SourceError",
    "SourceInfo",
    "Value",
    "VouchError",
    "__version__",
]
_HOMES = {
    "index.embed": ("Embedder",),
    "index.errors": ("LibraryError", "ModelError", "QuestionError", "SettingsError", "SourceError", "VouchError"),
    "index.listing": ("SourceInfo",),
    "index.progress": ("BuildReport",),
    "index.records": ("Article", "Hit", "Metadata", "Passage", "Sentence"),
    "qa.assistant": ("Assistant",),
    "qa.cite": ("Cited", "Near"),
    "qa.memo.errors": ("MemoError",),
    "qa.memo.plan": ("Part", "Plan"),
    "qa.memo.records": ("Memo",),
    "qa.models.engine": ("Generation", "LanguageModel", "Message", "Opinion"),
    "qa.records": ("Answer", "Citation", "Claim", "Conflict", "Phrase", "Provenance", "Quote", "Rejected", "Value"),
    "qa.settings": ("Settings",),
    "qa.verify.records": ("Check",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # a type checker then refuses a name that there is not

    def __getattr__(name: str) -> object:
        """A public name, imported now."""
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(_HOME[name]), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    """What `dir(qa)` lists."""
    return sorted({*globals(), *__all__})
