"""Turn rows of a question file into what can be asked, or say why it cannot.

Of a row's columns only question, id, source, since and until mean anything here (in any case); the others are the
user's and are passed through untouched.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.errors import QuestionError
from index.records import Filter
from qa.jsonl import RawRow

Asked = tuple[str, Filter]  # all that an answer depends on, besides library, models and settings


@dataclass(frozen=True, slots=True)
class Row:
    """One question as it came: `id` keeps its JSON type and is the row's number where it had none; `columns` is the whole row."""

    id: object
    columns: dict[str, object] | None
    question: str
    within: Filter
    error: QuestionError | None = None

    @property
    def asked(self) -> Asked:
        return self.question, self.within


def parsed(lines: Iterable[RawRow]) -> tuple[Row, ...]:
    """The rows of a file; those that cannot be asked carry their error."""
    return tuple(_row(line) for line in lines)


def checked(rows: Iterable[Row], check: Callable[[str, Filter], object]) -> tuple[Row, ...]:
    """The rows, with an error for those that `check` refuses by raising `QuestionError`."""
    return tuple(_checked(row, check) for row in rows)


def repeated_ids(rows: Sequence[Row]) -> tuple[str, ...]:
    """The ids that more than one row carries, as JSON."""
    counts = Counter(json.dumps(row.id, sort_keys=True, ensure_ascii=False) for row in rows)
    return tuple(id_ for id_, count in counts.items() if count > 1)


def cell(columns: Mapping[str, object], name: str) -> object:
    """What a row says under `name`, else under the first column that is called so in another case; `None` for blank text."""
    key = name if name in columns else next((each for each in columns if each.strip().casefold() == name), None)
    value = None if key is None else columns[key]
    return None if isinstance(value, str) and not value.strip() else value


def question_of(columns: Mapping[str, object]) -> str:
    """The question of a row. Raises `QuestionError` where it has none."""
    question = cell(columns, "question")
    if not isinstance(question, str):
        raise QuestionError("the row has no question", 'write {"question": "What was agreed?"}')
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise QuestionError("the question is not text: it holds half a character", "write it again") from error
    return question.strip()


def filter_of(columns: Mapping[str, object]) -> Filter:
    """Which articles a row asks. Raises `QuestionError` for what can be no source and no date."""
    sources = cell(columns, "source")
    sources = [] if sources is None else [sources] if isinstance(sources, str) else sources
    if not isinstance(sources, list) or not all(isinstance(source, str) for source in sources):
        raise QuestionError("source is neither a text nor a list of texts", 'write {"source": "article.txt"}')
    return Filter(
        sources=tuple(source.strip() for source in sources),
        since=_date(columns, "since"),
        until=_date(columns, "until"),
    )


def _row(line: RawRow) -> Row:
    columns = line.value
    given = None if columns is None else cell(columns, "id")
    number = line.number if given is None else given
    if columns is None or line.problem is not None:
        return Row(
            number,
            columns,
            "",
            Filter(),
            QuestionError(f"row {line.number}: {line.problem}", "correct the row and run the same command again"),
        )
    try:
        return Row(number, columns, question_of(columns), filter_of(columns))
    except QuestionError as error:
        return Row(number, columns, "", Filter(), error)


def _checked(row: Row, check: Callable[[str, Filter], object]) -> Row:
    if row.error is not None:
        return row
    try:
        check(row.question, row.within)
    except QuestionError as error:
        return replace(row, error=error)
    return row


def _date(columns: Mapping[str, object], name: str) -> str | None:
    value = cell(columns, name)
    if value is not None and (not isinstance(value, str | int) or isinstance(value, bool)):
        raise QuestionError("since or until is not a date", 'write {"since": "2025-12-10"}')
    return None if value is None else str(value).strip()
