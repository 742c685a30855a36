"""`qa memo`: a document whose every sentence carries a footnote, from a plan or a topic."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping, Sequence, Set
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.asking import narrowing, say_what_is_left_out
from qa.commands.bars import counting
from qa.commands.options import (
    Author,
    Engine,
    Force,
    Fresh,
    Json,
    Length,
    LibraryFolder,
    Model,
    Passages,
    Since,
    Sources,
    StyleName,
    Until,
)
from qa.commands.session import Session, current
from qa.memo.forms import Form
from qa.render.counted import counted

if TYPE_CHECKING:
    from index.records import Filter
    from qa.assistant import Assistant
    from qa.choices import Narrowing
    from qa.memo.plan import Plan
    from qa.memo.records import Memo
    from qa.records import Answer

PlanFile = Annotated[
    Path | None,
    typer.Argument(
        metavar="PLAN", help="A plan in .md (# title, ## sections, - questions) or .yaml.", show_default=False
    ),
]
Outputs = Annotated[
    list[Path] | None,
    typer.Option("--output", "-o", metavar="OUT", help="The .md, .html, .docx or .pdf to write; may be repeated."),
]
Topic = Annotated[
    str | None,
    typer.Option(
        "--topic", metavar="WORDS", help="Instead of a plan: the model proposes the questions and shows them first."
    ),
]
FormName = Annotated[
    Form,
    typer.Option("--form", help="answers: questions with answers under them; brief: the bottom line, then paragraphs."),
]
Bibliographies = Annotated[
    list[Path] | None,
    typer.Option("--bibliography", metavar="FILE", help="Write the bibliography too, as .bib (BibTeX) or .json (CSL)."),
]
Date = Annotated[
    str | None,
    typer.Option("--date", metavar="DATE", help="The date of the memo (default: the plan's, else today)."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Print the plan as Markdown and ask nothing.")]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Write a memo about --topic without showing the questions first.")
]


def memo(
    ctx: typer.Context,
    plan: PlanFile = None,
    *,
    output: Outputs = None,
    topic: Topic = None,
    form: FormName = "answers",
    style: StyleName = "chicago-note-bibliography",
    bibliography: Bibliographies = None,
    date: Date = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    force: Force = False,
    fresh: Fresh = False,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    author: Author = None,
    passages: Passages = None,
    length: Length = None,
    model: Model = None,
    engine: Engine = None,
    library: LibraryFolder = None,
    as_json: Json = False,
) -> None:
    """Write a memo with footnotes and a bibliography.

    Every sentence is one that the articles vouch for, with their words in its footnote; what they do not say stands at
    the end. Interrupted, it goes on where it was when the same command is given again. What was asked before, of the
    same library with the same models and settings, is not asked again.
    """
    from qa.memo import output as files
    from qa.memo import pandoc as pandocs
    from qa.memo import style as styles
    from qa.memo.dates import writing_date
    from qa.memo.errors import MemoError
    from qa.memo.journal import beside, noted
    from qa.memo.make import make
    from qa.memo.plan import plan_markdown, read_plan

    session = current(ctx)
    if (plan is None) == (topic is None):
        raise MemoError(
            "a memo needs a plan or a topic, one of the two",
            'qa memo plan.md -o memo.docx, or: qa memo --topic "the summit" -o memo.docx',
        )
    if not output and not dry_run:
        raise MemoError(
            "nothing says where to write the memo",
            "name a file: -o memo.docx (or .md, .html, .pdf), or print the plan with -n",
        )
    outputs, bibliographies = (
        [session.cwd / name for name in output or ()],
        [session.cwd / name for name in bibliography or ()],
    )
    planned = read_plan(session.cwd / plan, form=form) if plan is not None else None
    if not dry_run:
        files.check_outputs(
            outputs, bibliographies, session.cwd / plan if plan else None, force=force, ours=noted(beside(outputs[0]))
        )
    chosen, pandoc = styles.find(style, cwd=session.cwd), pandocs.find()
    written = writing_date(date or (planned.date if planned else None), session.environ, today=datetime.date.today())
    if dry_run and planned is not None:
        _print(session, plan_markdown(planned))
        return
    settings = session.settings(passages=passages, length=length, model=model, engine=engine, library=library)
    narrow = narrowing(source, since, until, author)
    with session.opened(settings) as assistant:
        within = assistant.narrowed(**narrow)
        say_what_is_left_out(session, assistant.library, within)
        if planned is None:
            planned = _proposed(topic or "", assistant, within, session)
            if dry_run:
                _print(session, plan_markdown(planned))
                return
            _agreed(planned, session, yes=yes)
        answers = _answers(planned, assistant, narrow, beside(outputs[0]), session, fresh=fresh)
        done = make(
            planned,
            answers,
            outputs,
            bibliographies,
            assistant.article,
            style=chosen,
            pandoc=pandoc,
            written=written,
            form=form,
        )
    _report(session, done, answers, [*(output or ()), *(bibliography or ())], as_json=as_json)


def _proposed(topic: str, assistant: Assistant, within: Filter, session: Session) -> Plan:
    from qa.answering.valid import valid
    from qa.memo.propose import propose

    console = session.err
    busy = (
        console.status("proposing questions", spinner="dots")
        if console.is_terminal and not console.is_dumb_terminal
        else nullcontext()
    )
    with busy:
        return propose(valid(topic), assistant.pipeline, within=within)


def _agreed(planned: Plan, session: Session, *, yes: bool) -> None:
    """Shows the plan; goes on only with a yes. Raises MemoError where nobody is there to say it."""
    from qa.memo.errors import MemoError
    from qa.memo.plan import plan_markdown

    session.say(plan_markdown(planned))
    if yes:
        return
    edit = "to edit the questions first: qa memo --topic … -n > plan.md, then qa memo plan.md"
    if not session.stdin.isatty():
        raise MemoError(
            "the questions above are a proposal, and there is nobody to agree to it", f"add --yes, or {edit}"
        )
    sys.stderr.write("Write the memo from these questions? [y/N] ")
    sys.stderr.flush()
    if session.stdin.readline().strip().lower() not in (b"y", b"yes"):
        session.say(f"nothing was written; {edit}")
        raise typer.Exit(0)


def _answers(
    planned: Plan, assistant: Assistant, narrow: Narrowing, journal: Path, session: Session, *, fresh: bool
) -> dict[str, Answer]:
    from qa.memo.journal import answered, kept

    made_with, within = assistant.provenance, assistant.narrowed(**narrow)
    before = kept(journal, made_with, within).keys() & set(planned.questions)
    if before:
        session.say(
            f"note: {len(before)} of {counted(len(planned.questions), 'question')} had been answered before the "
            "interruption"
        )
    with counting(session, len(planned.questions)) as report:
        answers = answered(
            planned.questions,
            lambda question: assistant.ask(question, fresh=fresh, **narrow),
            journal,
            provenance=made_with,
            within=within,
            report=report,
        )
    if not session.as_json:
        _say_what_was_kept(answers, before, session)
    return answers


def _say_what_was_kept(answers: Mapping[str, Answer], told: Set[str], session: Session) -> None:
    """Says how many were answered at another time, without those of which that has been told."""
    from qa.render.moments import moment

    asked = [answer for question, answer in answers.items() if question not in told]
    if dates := [answer.kept for answer in asked if answer.kept is not None]:
        first, last = moment(min(dates)), moment(max(dates))
        when = first if first == last else f"{first} to {last}"
        session.say(
            f"note: {len(dates)} of {counted(len(answers), 'question')} answered before: kept answers "
            f"of {when}; --fresh asks again"
        )


def _print(session: Session, text: str) -> None:
    from qa.render.harmless import harmless

    session.out.print(harmless(text), end="", markup=False, soft_wrap=True)


def _report(
    session: Session, done: Memo, answers: Mapping[str, Answer], written: Sequence[Path], *, as_json: bool
) -> None:
    statuses = [answer.status for answer in answers.values()]
    numbers = {status: statuses.count(status) for status in ("answered", "conflicting", "unanswered")}
    quotes = sum(len(note.cites) for note in done.notes)
    if as_json:
        session.write({
            "outputs": [str(file) for file in written], **numbers, "footnotes": len(done.notes), "quotes": quotes, "articles": len(done.references),
                       "kept": sum(answer.kept is not None for answer in answers.values())})  # fmt: skip
        return
    files = ", ".join(str(file) for file in written)
    questions = f"{numbers['answered']} answered, {numbers['conflicting']} with sources that differ, {numbers['unanswered']} not in the sources"
    marks = f"{counted(len(done.notes), 'footnote')}, {counted(quotes, 'quote')} from {counted(len(done.references), 'article')}"
    session.say(f"{files}: {questions}; {marks}")
