"""The news questions fall into halves by week, so that no week's news is in both; a desk is drawn from one half."""

import json
import zipfile
from pathlib import Path

from bench.desk import drawn
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


def test_the_pages_of_a_desk_hold_the_answers_of_one_part_of_its_questions_and_none_of_the_other(
    tmp_path: Path,
) -> None:
    rows = [
        {
            "id": f"{number:04}",
            "asked": "2023-01-06" if number < 800 else "2023-01-13",
            "question": "Who?",
            "answer": ["A"],
            "choices": [],
            "articles": [f"holds {number % 7}", f"also holds {number % 7}", f"third of {number % 7}"],
            "others": [f"holds {(number + 1) % 7}", f"near {number % 7}"] if number % 2 else [],
        }
        for number in range(1000)
    ]
    names = dict.fromkeys(name for row in rows for name in (*row["articles"], *row["others"]))
    pages = [{"id": name, "url": "", "title": name, "date": "2023-01-05", "text": "A."} for name in names]
    with zipfile.ZipFile(tmp_path / "news_2023_2025.zip", "w") as made:
        made.writestr("questions.jsonl", "\n".join(json.dumps(row) for row in rows))
        made.writestr("articles.jsonl", "\n".join(json.dumps(row) for row in pages))
    for first in (True, False):
        desk = drawn(tmp_path, first=first, answerable=5, silent=2)
        held = {page.id for page in desk.pages}
        assert (len(desk.answerable), len(desk.silent)) == (5, 2)
        assert all(int(one.id) % 2 and (int(one.id) < 800) is first for one in (*desk.answerable, *desk.silent))
        assert not held & {name for one in desk.silent for name in one.articles}
        assert held <= {name for one in desk.answerable for name in one.articles[:2]} | {
            name for one in desk.silent for name in one.others
        }
        assert drawn(tmp_path, first=first, answerable=5, silent=2) == desk
