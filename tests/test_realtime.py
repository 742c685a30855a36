"""The news questions fall into halves by week, so that no week's news is in both."""

import json
import zipfile
from pathlib import Path

from bench.realtime import articles, questions


def test_whole_weeks_are_fitted_on_until_there_are_eight_hundred(tmp_path: Path) -> None:
    weeks = ["2023-01-06"] * 799 + ["2023-01-13"] * 3 + ["2023-01-20"] * 2
    rows = [
        {
            "id": f"{number:04}",
            "asked": asked,
            "question": "Who?",
            "answer": ["A"],
            "choices": [],
            "articles": ["b"],
            "others": [],
        }
        for number, asked in enumerate(weeks)
    ]
    pages = [
        {"id": name, "url": f"https://{name}.example", "title": name, "date": "2023-01-05", "text": "A."}
        for name in ("a", "b")
    ]
    with zipfile.ZipFile(tmp_path / "news_2023_2025.zip", "w") as made:
        made.writestr("questions.jsonl", "\n".join(json.dumps(row) for row in reversed(rows)))
        made.writestr("articles.jsonl", "\n".join(json.dumps(row) for row in pages))
    fit, test = questions(tmp_path)
    assert [one.id for one in fit] == [f"{number:04}" for number in range(802)]
    assert [(one.id, one.asked) for one in test] == [("0802", "2023-01-20"), ("0803", "2023-01-20")]
    assert [(one.id, one.source) for one in articles(tmp_path)] == [("a", "0000"), ("b", "0001")]
