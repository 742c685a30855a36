"""What stands above a conversation: which library, what is in it, which model.

Takes the library and the settings; returns lines of text.
"""

from __future__ import annotations

from pathlib import Path

from index.listing import Summary
from qa import __version__
from qa.chat.narrowing import told
from qa.chat.records import Conversation
from qa.chat.talk import Talk
from qa.paths import shown
from qa.render.counted import counted


def banner(talk: Talk) -> list[str]:
    """The library with its articles, passages and dates; the model; how to go on; the filter, where there is one."""
    settings = talk.assistant.settings
    lines = [
        f"Vouch {__version__}: {contents(talk.assistant.library.summary())}",
        f"library {shown(talk.assistant.library.folder)}, model {Path(settings.model).name} (it loads while you type)",
    ]
    if narrowed := told(talk.within):
        lines.append(narrowed)
    return [*lines, "Ask a question. /help lists the commands, Ctrl-D leaves."]


def contents(summary: Summary) -> str:
    """How many articles and passages, and from when to when."""
    counts = f"{counted(summary.articles, 'article')}, {counted(summary.passages, 'passage')}"
    if summary.earliest is None or summary.latest is None:
        return f"{counts}, undated"
    dates = (
        f"dated {summary.earliest}"
        if summary.earliest == summary.latest
        else f"dated {summary.earliest} to {summary.latest}"
    )
    return f"{counts}, {dates}" + (f", {summary.undated} undated" if summary.undated else "")


def resumed(conversation: Conversation, library: Path) -> list[str]:
    """Where a conversation that is taken up again stands."""
    last = conversation.turns[-1]
    lines = [
        f"conversation {conversation.id}, {counted(len(conversation.turns), 'question')}; the last: {last.question}"
    ]
    lines += [last.answer.answer]
    if Path(conversation.library) != library:
        lines.append(f"note: it was about the library {shown(Path(conversation.library))}")
    return lines
