"""The plan of a memo: a title, sections, the questions of each.

In: a Markdown or YAML file. Out: a `Plan`, and a plan as Markdown again. Answers nothing.

Nothing in a plan is passed over in silence: a line that is neither heading nor question, or a key that is not known, is
refused and named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import QuestionError
from index.plain_yaml import YamlError, load
from qa.answering.valid import valid
from qa.memo.errors import MemoError
from qa.memo.forms import Form

ALONE = "Findings"  # the heading over questions that stand under none
EXAMPLE = "a plan is a # title, ## sections and - questions under them; see docs/memo.md"
_QUESTION = re.compile(r"(?:[-*+]|\d+[.)])\s+(.+)")
_HEADER = re.compile(r"(To|From|Date):\s*(.+)", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:wh(?:at|o|om|ose|en|ere|y|ich|ether)|how|is|are|was|were|do|does|did|has|have|had|can"
    r"|will)\b",
    re.IGNORECASE,
)
_AT_ALL = "what do the articles say"
_KEYS = {"title", "to", "from", "date", "sections"}


@dataclass(frozen=True, slots=True)
class Part:
    """A section to be written: its heading and its questions.

    Where it has none, a brief asks what the heading says (`asked`).
    """

    heading: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A memo to be written. `date` is the day it is to bear, as the plan has it."""

    title: str
    parts: tuple[Part, ...]
    recipient: str | None = None
    sender: str | None = None
    date: str | None = None

    @property
    def questions(self) -> tuple[str, ...]:
        """All questions, each once, in order."""
        return tuple(dict.fromkeys(question for part in self.parts for question in part.questions))


def read_plan(file: Path, *, form: Form = "answers") -> Plan:
    """The plan in `file`, .md or .yaml, for a memo of this form.

    Raises MemoError where it cannot be read or is no plan, QuestionError for a question that cannot be asked.
    """
    kind = file.suffix.lower()
    if kind not in (".md", ".markdown", ".yaml", ".yml"):
        raise MemoError(f"{file.name} is neither a Markdown nor a YAML plan", f"name it .md or .yaml; {EXAMPLE}")
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise MemoError(f"{file} cannot be read: {error.strerror or error}", "name a plan that is there") from error
    except UnicodeDecodeError as error:
        raise MemoError(f"{file} is not UTF-8 text", "save it as UTF-8") from error
    return checked(
        from_markdown(text, file.name) if kind in (".md", ".markdown") else _from_yaml(text, file.name),
        file.name,
        form=form,
    )


def checked(plan: Plan, name: str, *, form: Form = "answers") -> Plan:
    """The plan, if it can be carried out, for a brief with a question under every heading.

    Raises MemoError for one without title or questions, QuestionError for a question that cannot be asked.
    """
    if not plan.title:
        raise MemoError(f"{name} has no title", EXAMPLE)
    if form == "brief":
        plan = replace(plan, parts=tuple(map(asked, plan.parts)))
    if not plan.parts:
        raise MemoError(f"{name} has no questions", EXAMPLE)
    for part in plan.parts:
        if not part.questions:
            hint = "add some under it, each after a -, take the section out, or write it with --form brief"
            raise MemoError(f"{name}: the section “{part.heading}” has no questions", hint)
        for question in part.questions:
            try:
                valid(question)
            except QuestionError as error:
                raise QuestionError(f"{name}, “{part.heading}”: {error.message}", error.hint) from error
    return plan


def asked(part: Part) -> Part:
    """A section with questions: its own, else those of its heading.

    "Energy: what was agreed, what is new" is called "Energy" and asks two.
    """
    if part.questions:
        return part
    topic, colon, rest = part.heading.partition(":")
    asks = (
        [ask.strip().rstrip("?") for ask in re.split(r"[,;?]\s*(?:and\s+)?|\s+and\s+(?=(?:wh|how\b))", rest)]
        if colon
        else []
    )
    if not topic.strip() or not any(asks):
        return Part(part.heading, (f"{part.heading.strip().rstrip('?:')}: {_AT_ALL}?",))
    return Part(
        topic.strip(),
        tuple(f"{topic.strip()}: {ask if _ASKS.match(ask) else f'{_AT_ALL} about {ask}'}?" for ask in asks if ask),
    )


def plan_markdown(plan: Plan) -> str:
    """The plan as Markdown that `read_plan` reads."""
    headers = [
        f"{name}: {value}"
        for name, value in (("To", plan.recipient), ("From", plan.sender), ("Date", plan.date))
        if value
    ]
    lines = [f"# {plan.title}", *(["", *headers] if headers else [])]
    for part in plan.parts:
        lines += ["", f"## {part.heading}", "", *(f"- {question}" for question in part.questions)]
    return "\n".join(lines) + "\n"


def from_markdown(text: str, name: str) -> Plan:
    """The plan in Markdown text. Raises MemoError for a line that has no place in a plan."""
    title = ""
    headers: dict[str, str] = {}
    parts: list[tuple[str, list[str]]] = []
    for number, line in enumerate(re.sub(r"<!--.*?-->", _blank_lines, text, flags=re.DOTALL).splitlines(), start=1):
        stripped = line.strip()
        if not stripped:
            continue
        if stripped.startswith("## "):
            parts.append((stripped[3:].strip(), []))
        elif stripped.startswith("# ") and not title:
            title = stripped[2:].strip()
        elif question := _QUESTION.fullmatch(stripped):
            if not parts:
                parts.append((ALONE, []))
            parts[-1][1].append(question[1])
        elif line[:1].isspace() and parts and parts[-1][1]:
            parts[-1][1][-1] += f" {stripped}"
        elif (header := _HEADER.fullmatch(stripped)) and not parts:
            headers[header[1].lower()] = header[2]
        else:
            raise MemoError(
                f"{name}, line {number}: “{_short(stripped)}” is neither title, section nor question", EXAMPLE
            )
    found = tuple(Part(heading, tuple(questions)) for heading, questions in parts)
    return Plan(title, found, headers.get("to"), headers.get("from"), headers.get("date"))


def _blank_lines(comment: re.Match[str]) -> str:
    return "\n" * comment[0].count("\n")


def _from_yaml(text: str, name: str) -> Plan:
    try:
        held = load(text)
    except YamlError as error:
        where = name if error.line is None else f"{name}, line {error.line}"
        raise MemoError(f"{where}: {error}", "put a text that holds “: ” or begins with a mark in quotes") from error
    if not isinstance(held, dict):
        raise MemoError(f"{name} has no title", "write title: and sections:, as docs/memo.md shows")
    _known(held, _KEYS, name)
    parts = tuple(
        _part(part, f"{name}, section {number}")
        for number, part in enumerate(_list(held.get("sections"), f"{name}: sections"), start=1)
    )
    words = {key: _text(held.get(key), f"{name}: {key}") for key in _KEYS - {"sections"}}
    return Plan(words["title"] or "", parts, words["to"], words["from"], words["date"])


def _part(held: object, where: str) -> Part:
    if not isinstance(held, dict):
        raise MemoError(f"{where} has no title", "write title: and questions: for each section")
    _known(held, {"title", "questions"}, where)
    heading = _text(held.get("title"), f"{where}: title")
    if heading is None:
        raise MemoError(f"{where} has no title", "write title: and questions: for each section")
    questions = [
        _text(question, f"{where}, question {number}")
        for number, question in enumerate(_list(held.get("questions"), where), start=1)
    ]
    return Part(heading, tuple(question for question in questions if question))


def _known(held: dict[object, object], keys: set[str], where: str) -> None:
    for key in held:
        if key not in keys:
            raise MemoError(f"{where}: “{key}” is not known", f"a plan knows {', '.join(sorted(keys))}")


def _list(held: object, where: str) -> list[object]:
    if held is None:
        return []
    if not isinstance(held, list):
        raise MemoError(f"{where}: this is no list", "begin each item on a line of its own with a -")
    return held


def _text(held: object, where: str) -> str | None:
    if held is None:
        return None
    if not isinstance(held, str | int | float) or isinstance(held, bool):
        raise MemoError(f"{where}: this is no text", "put it in quotes")
    return " ".join(str(held).split()) or None


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
