"""Commands that read and write files: the conversation saved, its answers made a memo, articles taken into the library.

Takes a talk and a path; writes files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from index.errors import QuestionError
from qa.chat.records import Conversation
from qa.chat.talk import Talk
from qa.chat.transcript import writer
from qa.paths import shown
from qa.records import Answer
from qa.render.counted import counted
from qa.render.harmless import one_line

PLAN = "memo-plan.md"


def save(talk: Talk, argument: str) -> None:
    """Write the conversation into a file that its ending gives the form of.

    Raises `QuestionError` where there is nothing to write or no way to.
    """
    file = _path(talk, argument, "/save conversation.md")
    write = writer(file)
    if not talk.turns:
        raise QuestionError("nothing has been answered yet", "ask a question first")
    _write(talk, file, write(said(talk)))
    talk.screen.say(f"saved {counted(len(talk.turns), 'answer')}: {shown(file)}")


def said(talk: Talk) -> Conversation:
    """What has been said since the conversation began, or was resumed, or cleared."""
    kept = talk.keeper.conversation
    return Conversation(kept.id, kept.started, kept.library, tuple(talk.turns))


def memo(talk: Talk, argument: str) -> None:
    """Write the answers as a memo, or, without a file to write to, their questions as a plan for `qa memo`.

    Raises `QuestionError` and `MemoError`.
    """
    from qa.memo.plan import ALONE, Part, Plan, plan_markdown

    answers = {turn.question: turn.answer for turn in talk.turns}  # asked twice: the later answer
    if not answers:
        raise QuestionError("nothing has been answered yet", "ask a question first")
    questions = tuple(one_line(question) for question in answers)
    plan = Plan(questions[0].rstrip("?. "), (Part(ALONE, questions),))
    file = _path(talk, argument or PLAN, "")
    if not argument:
        _write(talk, file, plan_markdown(plan))
        talk.screen.say(
            f"a plan of {counted(len(questions), 'question')}: {shown(file)}; edit it, then: qa "
            f"memo {shown(file)} -o memo.docx"
        )
        return
    from qa.memo import output, pandoc, style
    from qa.memo.write import write

    _check_library(talk, answers)
    if not talk.files & {file}:
        output.check_outputs([file], [], None, force=False, ours=lambda _: False)
    program = pandoc.find()
    chosen = style.find(style.DEFAULT, cwd=talk.means.cwd)
    read = talk.assistant.library.article
    with talk.screen.busy("writing"):
        by_question = {one_line(question): answer for question, answer in answers.items()}
        made = write(plan, by_question, read, style=chosen, pandoc=program, written=talk.means.now().date().isoformat())
        content = output.render(
            made, file, {reference.source: read(reference.source) for reference in made.references}, program
        )
    _write(talk, file, content)
    talk.screen.say(f"a memo of {counted(len(questions), 'question')}: {shown(file)}")


def index(talk: Talk, argument: str) -> None:
    """Take a file or folder into the library, and say what that changed."""
    file = _path(talk, argument, "/index FOLDER")
    talk.screen.say(talk.means.index(file))


def _path(talk: Talk, argument: str, example: str) -> Path:
    if not argument:
        raise QuestionError("name a file or folder", example)
    quoted = len(argument) > 1 and argument[0] == argument[-1] and argument[0] in "\"'"
    return talk.means.cwd / Path(argument[1:-1] if quoted else argument).expanduser()


def put(file: Path, content: str | bytes, *, over: bool) -> None:
    """Write a file, `over` one that is there only where that is wished.

    Raises `QuestionError` where it cannot be written.
    """
    try:
        with file.open("wb" if over else "xb") as stream:
            stream.write(content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content)
    except FileExistsError as error:
        raise QuestionError(f"{shown(file)} exists", "name another file") from error
    except OSError as error:
        raise QuestionError(
            f"{shown(file)} cannot be written: {error.strerror or error}", "name another file"
        ) from error


def _write(talk: Talk, file: Path, content: str | bytes) -> None:
    """Write a file that is not there yet, or that this conversation wrote."""
    put(file, content, over=file in talk.files)
    talk.files.add(file)


def _check_library(talk: Talk, answers: Mapping[str, Answer]) -> None:
    """Raise `QuestionError` where an answer is of a library that has changed since: its quotes may stand elsewhere now."""
    digest = talk.assistant.library.digest
    if changed := [question for question, answer in answers.items() if answer.provenance.library != digest]:
        hint = "/memo without a file writes a plan, which qa memo answers anew"
        raise QuestionError(
            f"the library has changed since {counted(len(changed), 'answer')} of this conversation", hint
        )
