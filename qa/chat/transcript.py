"""A conversation as a document: Markdown, JSON or plain text. Takes a conversation; returns its text. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from index.errors import QuestionError
from qa.chat.narrowing import told
from qa.chat.records import Conversation, Turn
from qa.render.harmless import one_line
from qa.render.json import dumps, to_object
from qa.render.markdown import escape, markdown
from qa.render.terminal import whole


def writer(file: Path) -> Callable[[Conversation], str]:
    """How a conversation is written into a file of this name.

    Raises `QuestionError` for an ending that is none of .md, .json and .txt.
    """
    try:
        return WRITERS[file.suffix.casefold()]
    except KeyError:
        raise QuestionError(
            f"{file.name} ends in none of {', '.join(WRITERS)}", f"/save {file.stem or 'conversation'}.md"
        ) from None


def as_markdown(conversation: Conversation) -> str:
    """A heading a question, its answer with footnotes under it."""
    blocks = [f"# Conversation of {conversation.started[:10]}\n"]
    for number, turn in enumerate(conversation.turns, start=1):
        blocks.append(f"## {escape(turn.typed)}\n")
        if note := _note(turn):
            blocks.append(f"*{escape(note)}*\n")
        blocks.append(markdown(turn.answer, label=f"{number}-"))
    return "\n".join(blocks)


def as_text(conversation: Conversation) -> str:
    """Questions and answers as they were on the screen."""
    blocks = []
    for turn in conversation.turns:
        note = _note(turn)
        blocks.append(
            f"> {one_line(turn.typed)}\n" + (f"({one_line(note)})\n" if note else "") + f"\n{whole(turn.answer).plain}"
        )
    return "\n".join(blocks)


def as_json(conversation: Conversation) -> str:
    """One object; each turn holds its answer as docs/answer.schema.json describes it."""
    turns = [
        {"typed": turn.typed, "at": turn.at, "within": asdict(turn.within), "answer": to_object(turn.answer)}
        for turn in conversation.turns
    ]
    return (
        dumps(
            {"id": conversation.id, "started": conversation.started, "library": conversation.library, "turns": turns},
            indent=2,
        )
        + "\n"
    )


def _note(turn: Turn) -> str:
    """How the question was asked, where that is not how it was typed."""
    asked = f"asked: {turn.question}" if turn.question != turn.typed else ""
    return "; ".join(part for part in (asked, told(turn.within)) if part)


WRITERS: dict[str, Callable[[Conversation], str]] = {".md": as_markdown, ".json": as_json, ".txt": as_text}
