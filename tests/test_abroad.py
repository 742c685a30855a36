"""Bylines, dates and front matter as people have them.

In other languages, from Obsidian, Hugo, Zotero; and what an article without a title is called.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from index.called import called
from index.ingest import dates
from index.ingest.load import load
from index.ingest.metadata import read
from index.records import Article, Metadata, Region

PROSE = "The town council of Harrowby voted on Monday to close the old ferry terminal, after a debate of four hours. The terminal was built in 1931."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oberfeld schließt das alte Fährhaus\nVon Anna Beispiel\n12. März 2024",
         Metadata("Oberfeld schließt das alte Fährhaus", "Anna Beispiel", "2024-03-12")),
        ("Valdeoro cierra la vieja estación\nPor Ana Ejemplo\n12 de marzo de "
        "2024", Metadata("Valdeoro cierra la vieja estación", "Ana Ejemplo", "2024-03-12")),
        ("Harrowby ferme sa vieille gare\nPar Luc Moulin et Zoé Petit\n1er mars 2024",
         Metadata("Harrowby ferme sa vieille gare", "Luc Moulin et Zoé Petit", "2024-03-01")),
        ("Совет закрыл старый вокзал\nАвтор: Анна Петрова\n12 марта 2024 "
        "г.", Metadata("Совет закрыл старый вокзал", "Анна Петрова", "2024-03-12")),
        ("पुराना घाट बंद होगा\nलेखक: अनिल शर्मा\n१२ मार्च "
        "२०२४", Metadata("पुराना घाट बंद होगा", "अनिल शर्मा", "2024-03-12")),
        ("البلدية تغلق المرفأ القديم\nبقلم: سمير حداد\n12 مارس "
        "2024", Metadata("البلدية تغلق المرفأ القديم", "سمير حداد", "2024-03-12")),
        ("作者：王小明\n2024年3月12日", Metadata(None, "王小明", "2024-03-12")),
        ("文/山田太郎\n公開：2024年3月12日", Metadata(None, "山田太郎", "2024-03-12")),
        ("Harrowby to Close Ferry Terminal\n\nBy MARY ANN HALE and TOM OAK\nMARCH 5, 2024",
         Metadata("Harrowby to Close Ferry Terminal", "Mary Ann Hale and Tom Oak", "2024-03-05")),
        ("Harrowby to Close Ferry Terminal\n\nBY J. K. ROW", Metadata("Harrowby to Close Ferry Terminal", "J. K. Row")),
        ("Guide to the ferries\nFirst published May 2006. This edition July "
        "2016.", Metadata("Guide to the ferries", None, "2016-07")),
        ("Guide to the ferries\nFirst published 1998; third edition published 3 July "
        "2016", Metadata("Guide to the ferries", None, "2016-07-03")),
        ("Guide to the ferries\nFirst published 5 May 2006", Metadata("Guide to the ferries", None, "2006-05-05")),
        ("Handbook for claimants\nBy the Claims Office\n1 October "
        "2023", Metadata("Handbook for claimants", None, "2023-10-01")),
        ("By the Ministry of Ports\n1 October 2023", Metadata(None, None, "2023-10-01")),
        ("Von der Leyen gewinnt die Wahl\n12. März "
        "2024", Metadata("Von der Leyen gewinnt die Wahl", None, "2024-03-12")),
        ("New York CNN —", Metadata()),
        ("New York\nCNN\n—", Metadata()),
        ("London (CNN Business) —", Metadata()),
        ("Washington, D.C. –", Metadata()),
    ],
)  # fmt: skip
def test_the_head_of_an_article(text: str, expected: Metadata) -> None:
    assert read(f"{text}\n\n{PROSE}\n", suffix=".txt")[0] == expected


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        (
            "7. Juli 2019 - 18:44", "2019-07-07"), ("4 de maio de 2022, 05:34 h", "2022-05-04"), ("martes, 12 de marzo de 2024", "2024-03-12"),
        ("Mrz 2024", "2024-03"), ("10 mayo, 2022", "2022-05-10"), ("٢٠٢٤", None),
        ("2024년 3월 12일", "2024-03-12"), ("2024年3月", "2024-03"), ("3.11.2023", "2023-11-03"),
        ("3/11/2023", "2023"), ("im März 2024", None), ("32. März 2024", None), ("12 Marzipan 2024", None),
    ],
)  # fmt: skip
def test_dates_in_other_languages(text: str, iso: str | None) -> None:
    assert dates.parse(text) == iso


def test_a_date_is_found_where_it_stands() -> None:
    found = dates.search("Stand: Dienstag, 12. März 2024, 10:30 Uhr, aktualisiert")
    assert found == dates.Found(7, 41, "2024-03-12")


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("title: >-\n  Harrowby closes\n  its terminal\nauthor: Mary "
        "Hale", Metadata("Harrowby closes its terminal", "Mary Hale")),
        ("title: |\n  Harrowby closes\ndate: 2024-03-05T10:00:00Z # "
        "written", Metadata("Harrowby closes", None, "2024-03-05")),
        # no YAML, and read all the same
        ("title: Harrowby: the terminal\nauthor: By Mary Hale", Metadata("Harrowby: the terminal", "Mary Hale")),
        ("tags: [a, b\ntitle: 'It''s over'\nauthor:\ndate: null", Metadata("It's over")),
        ('author:\n  - "[[Mary Hale]]"\n  - "[[people/tom|Tom Oak]]"\npublished: '
        '"[[2024-03-05]]"', Metadata(None, "Mary Hale, Tom Oak", "2024-03-05")),
        ("author: [[Mary Hale]]\nsource: "
        "https://example.org/a", Metadata(None, "Mary Hale", None, None, "https://example.org/a")),
        ("author:\n  - family: Hale\n    given: Mary\nissued:\n  date-parts:\n    - [2024, 3, 5]\ncontainer-title: "
        "The Post\nURL: https://example.org/a",
         Metadata(None, "Mary Hale", "2024-03-05", "The Post", "https://example.org/a")),
        ("creators:\n  - firstName: Mary\n    lastName: Hale\n    creatorType: author\npublicationTitle: The "
        "Post\ndate: 5 March 2024",
         Metadata(None, "Mary Hale", "2024-03-05", "The Post")),
        ("title: Fähren\nissued:\n  year: 2024\n  month: 3\ndate: 12. März 2024", Metadata("Fähren", None, "2024-03")),
        ("author: {a: {b: [1]}}\ndate: [[[]]]\ntitle: true", Metadata()),
    ],
)  # fmt: skip
def test_front_matter_as_programs_write_it(front: str, expected: Metadata) -> None:
    for newline in ("\n", "\r\n"):
        assert read(f"---\n{front}\n---\n{PROSE}\n".replace("\n", newline), suffix=".md")[0] == expected


def test_front_matter_of_hugo() -> None:
    front = 'title = "Harrowby closes"\nauthors = ["Mary Hale", "Tom Oak"]\ndate = 2024-03-05T10:00:00Z\ndescription = """\na\n"""\n'
    front += '[params]\nauthor = "Someone Else"'
    assert read(f"+++\n{front}\n+++\n{PROSE}\n", suffix=".md")[0] == Metadata(
        "Harrowby closes", "Mary Hale, Tom Oak", "2024-03-05"
    )


def test_the_lines_of_a_key_are_its_credit() -> None:
    text = f"---\nauthor:\n  - family: Hale\n    given: Mary\ntitle: >\n  Harrowby\n  closes\n---\n{PROSE}\n"
    found = [(credit.field, text[credit.start : credit.end]) for credit in read(text, suffix=".md")[1]]
    assert found == [
        ("author", "author:\n  - family: Hale\n    given: Mary"),
        ("title", "title: >\n  Harrowby\n  closes"),
    ]


def test_front_matter_nested_without_end_is_no_harm() -> None:
    assert (
        read("---\nauthor: " + "[" * 50_000 + f"\ndate: 2024-03-05\n---\n{PROSE}\n", suffix=".md")[0].date
        == "2024-03-05"
    )


def test_a_row_of_json_names_its_author_without_by(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        f'{{"content": "{PROSE}", "byline": "By Mary Hale"}}\n{{"text": "{PROSE}", "author": "Por Ana Ejemplo"}}\n',
        encoding="utf-8",
    )
    assert [article.metadata.author for article in load(tmp_path / "a.jsonl", "a.jsonl", {})] == [
        "Mary Hale",
        "Ana Ejemplo",
    ]


@pytest.mark.parametrize(
    ("text", "title", "name"),
    [
        (PROSE, None, "“The town council of Harrowby voted on Monday…”"),
        (PROSE, "Terminal closes", "Terminal closes"),
        ("It is “over”.", None, "“It is ‘over’”"),
        ("这款名为神经计算机的模型可以接受家谱和伦敦地铁网络地图这样的信息，还可以回答与那些数据结构中的不同项目之间的关系有关的复杂问题，并且可以用来规划路线。",
         None,
         "“这款名为神经计算机的模型可以接受家谱和伦敦地铁网络地图这样的信息，还可以回答与那些数据结构中的不同项目之间的关系有关的复…”"),
    ],
)  # fmt: skip
def test_an_article_without_a_title_is_called_by_its_first_words(text: str, title: str | None, name: str) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert (
        called(Article("a.txt", text, "utf-8", Metadata(title), (Region(0, len(text), "body"),), (), (), digest))
        == name
    )
    assert called(Article("a.txt", text, "utf-8", Metadata(), (), (), (), digest)) == "a.txt"
