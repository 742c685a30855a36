"""What `bench.polar` asks, and what it counts."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from bench.polar import FILE, Asked, condaqa, line


def row(passage: int, edit: int, label: str, question: str) -> str:
    return json.dumps(
        {
            "PassageID": passage,
            "PassageEditID": edit,
            "label": label,
            "sentence2": question,
            "original passage": f"Passage {passage}.",
            "sentence1": f"Passage {passage}, edited.",
        }
    )


def test_only_questions_for_yes_or_no_of_unedited_passages_are_asked(tmp_path: Path) -> None:
    rows = [
        row(1, 0, "YES", "Is it so?"),
        row(1, 0, "YES", "Is it so?"),
        row(1, 2, "NO", "Was it so?"),
        row(2, 0, "DON'T KNOW", "Can it be so?"),
        row(2, 0, "GRADE PRIMARY", "What is it?"),
        row(2, 0, "NO", "How can it be so?"),
    ]
    with zipfile.ZipFile(tmp_path / "train.zip", "w") as packed:
        packed.writestr(FILE, "\n".join(rows))
    articles, asked = condaqa(tmp_path)
    assert [(one.source, one.text) for one in articles] == [("1", "Passage 1."), ("2", "Passage 2.")]
    assert set(asked) == {Asked("Is it so?", "1", "yes"), Asked("Can it be so?", "2", None)}


def test_counts_what_is_shown_from_its_passage_and_whether_yes_is_so() -> None:
    asked = [
        Asked("Is it?", "1", "yes"),
        Asked("Was it?", "1", "no"),
        Asked("Can it?", "2", "yes"),
        Asked("?", "2", None),
    ]
    rows = [
        {"said": "Yes, it is.", "shown": True, "own": True},
        {"said": "Yes.", "shown": True, "own": False},
        {"said": "It can.", "shown": True, "own": True},
        {"said": "NOT FOUND", "shown": False, "own": False},
    ]
    assert line("Vouch", asked, rows).split() == ["Vouch", "4", "3", "2", "1", "1"]
