"""Around each fault of the field, others of its kind: bylines, editions, notes of Obsidian, rows with short titles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.chunk import passages
from index.ingest.load import load
from index.records import Article
from tests.test_field_documents import EN, SHORT, quotable

TEXTS = {
    "fr": "Le conseil de Valbrune a voté lundi la fermeture de la vieille gare maritime. Le bâtiment date de 1931.",
    "it": "Il consiglio di Valdoro ha votato lunedì la chiusura del vecchio porto. L'edificio è stato costruito nel 1931.",
    "nl": "De gemeenteraad van Overveld besloot maandag de oude veerhaven te sluiten. Het gebouw dateert uit 1931.",
    "ru": "Совет города Верхнеполье в понедельник проголосовал за закрытие старого причала. Здание построено в 1931 году.",
    "de": "Der Gemeinderat von Oberfeld hat am Montag beschlossen, das alte Fährhaus zu schließen. Es stammt aus dem Jahr 1931.",
}


def read(folder: Path, name: str, text: str) -> Article:
    (folder / name).write_text(text, encoding="utf-8")
    (article,) = load(folder / name, name, {})
    return article


@pytest.mark.parametrize(
    ("language", "lines", "author", "date"),
    [
        ("fr", "Par Anne Exemple\n12 mars 2024", "Anne Exemple", "2024-03-12"),
        ("fr", "Par Anne Exemple, le 1er mars 2024", "Anne Exemple", "2024-03-01"),
        ("it", "Di Anna Esempio\n12 marzo 2024", "Anna Esempio", "2024-03-12"),
        ("nl", "Door Anna Voorbeeld\n12 maart 2024", "Anna Voorbeeld", "2024-03-12"),
        ("ru", "Автор: Анна Петрова\n12 марта 2024 г.", "Анна Петрова", "2024-03-12"),
        ("de", "Von Anna Beispiel und Tom Eiche\nDienstag, 12. März 2024", "Anna Beispiel und Tom Eiche", "2024-03-12"),
    ],
)
def test_bylines_abroad(tmp_path: Path, language: str, lines: str, author: str, date: str) -> None:
    known = read(tmp_path, "a.txt", f"Harrowby\n{lines}\n\n{TEXTS[language]}").metadata
    assert (known.author, known.date, known.language) == (author, date, language)


@pytest.mark.parametrize(
    ("lines", "author"),
    [
        ("By MARY ANN HALE, TOM OAK and J. K. STONE\nMARCH 5, 2024", "Mary Ann Hale, Tom Oak and J. K. Stone"),
        ("BY MARY ANN HALE AND TOM OAK\nTUESDAY, MARCH 5, 2024", "Mary Ann Hale and Tom Oak"),
        ("By Mary Ann Hale\nand Tom Oak\nMarch 5, 2024", "Mary Ann Hale and Tom Oak"),
        ("By Mary Ann Hale & Tom Oak Jr.\nMarch 5, 2024, 10:30 a.m. ET", "Mary Ann Hale & Tom Oak Jr."),
    ],
)
def test_bylines_of_several(tmp_path: Path, lines: str, author: str) -> None:
    article = read(tmp_path, "a.txt", f"Harrowby to Close Ferry Terminal\n\n{lines}\n\n{SHORT}")
    assert (article.metadata.author, article.metadata.date) == (author, "2024-03-05")
    assert quotable(article)[0].startswith("The town council of Harrowby")


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Third edition, March 2012", "2012-03"),
        ("First edition May 2006. Second edition July 2016.", "2016-07"),
        ("First published 1998; this edition published 2016-07-03", "2016-07-03"),
        ("First published May 2006. This printing July 2016.", "2016-07"),
        ("First published May 2006", "2006-05"),
        ("The second edition sold well in July 2016.", None),
    ],
)
def test_editions(tmp_path: Path, line: str, date: str | None) -> None:
    assert read(tmp_path, "a.txt", f"Guide to the ferries\n{line}\n\n{SHORT}").metadata.date == date


@pytest.mark.parametrize("by", ["By the Editors", "By the Department for Health and Care", "By Order of the Board"])
def test_offices_are_neither_authors_nor_titles(tmp_path: Path, by: str) -> None:
    known = read(tmp_path, "a.txt", f"Handbook for claimants\n{by}\n1 October 2023\n\n{SHORT}").metadata
    assert (known.title, known.author, known.date) == ("Handbook for claimants", None, "2023-10-01")
    assert read(tmp_path, "b.txt", f"{by}\n1 October 2023\n\n{SHORT}").metadata.title is None


@pytest.mark.parametrize(
    ("author", "read_as"),
    [
        ('"[[Mary Hale|Mary]]"', "Mary Hale"),
        ('"[[mhale|Mary Hale]]"', "Mary Hale"),
        ('["[[Mary Hale]]", "[[Tom Oak]]"]', "Mary Hale, Tom Oak"),
        ('\n- "[[people/Mary Hale]]"', "Mary Hale"),
    ],
)
def test_links_of_obsidian(tmp_path: Path, author: str, read_as: str) -> None:
    note = f"---\ntitle: Harrowby closes terminal\nauthor: {author}\ncreated: 2025-01-01\npublished: 2024-03-05\n---\n{SHORT}"
    known = read(tmp_path, "a.md", note).metadata
    assert (known.author, known.date) == (read_as, "2024-03-05")


@pytest.mark.parametrize("title", ["a", "Harrowby", "Ferry terminal", "Tom Reyes", "Another title"])
def test_a_short_title_takes_no_sentence_away(tmp_path: Path, title: str) -> None:
    article = read(tmp_path, "rows.jsonl", json.dumps({"text": f"{EN[0]} {EN[1]}", "title": title}))
    assert (article.metadata.title, quotable(article)) == (title, [EN[0], EN[1]])


@pytest.mark.parametrize("line", ["Harrowby", "Harrowby to close its terminal", "News from Harrowby?"])
def test_a_line_that_shows_the_title_is_no_sentence(tmp_path: Path, line: str) -> None:
    article = read(tmp_path, "rows.jsonl", json.dumps({"text": f"{line}\n\n{EN[0]}", "title": "Harrowby"}))
    assert quotable(article) == [EN[0]]


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("| Year | Passengers |\n|---|---|\n| 2022 | 2,450 |", "| Year | Passengers |"),
        ("| Year | Passengers |\n|:--|--:|\n| 2022 | 2,450 |\n| 2023 | 1,840 |", "| Year | Passengers |"),
        ("|Year|Passengers|\n|:-:|-|\n| 2022 | 2,450 |", "|Year|Passengers|"),
    ],
)
def test_tables_in_markdown(tmp_path: Path, table: str, names: str) -> None:
    lead = "The table shows how many passengers the ferry carried, in thousands."
    article = read(tmp_path, "a.md", f"# Ferry traffic\n\n{lead}\n\n{table}\n\n{EN[1]}\n")
    row = next(one for one in passages(article) if "2022" in one.text)
    assert (row.text, row.heading) == ("| 2022 | 2,450 |", f"{lead} · {names}")


@pytest.mark.parametrize(
    "entries",
    [
        ("03.11.2022 - Mark Turner - Arena", "04.11.2022 - Sam Ryder - Flex", "05.11.2022 - Dives - WUK"),
        ("2022-11-03 | Mark Turner | Arena", "2022-11-04 | Sam Ryder | Flex"),
        ("3 November 2022 – Mark Turner", "4 November 2022 – Sam Ryder", "5 November 2022 – Chris de Burgh"),
    ],
)
def test_a_calendar_names_no_author(tmp_path: Path, entries: tuple[str, ...]) -> None:
    article = read(tmp_path, "a.txt", f"Concerts in Harrowby\n\n{EN[0]}\n\n{EN[1]}\n\n" + "\n".join(entries))
    assert (article.metadata.author, article.metadata.date) == (None, None)
    shown = [article.text[region.start : region.end] for region in article.regions if region.kind == "body"]
    assert all(any(entry in text for text in shown) for entry in entries)


def test_a_byline_with_its_day_stays_one(tmp_path: Path) -> None:
    article = read(tmp_path, "a.txt", f"Concerts in Harrowby\n\n3 November 2022 – Mark Turner\n\n{EN[0]}\n\n{EN[1]}")
    assert (article.metadata.author, article.metadata.date) == ("Mark Turner", "2022-11-03")
