"""Tables become lines, a row a line that says what each of its cells is, and each row a passage with what stands above the table."""

from __future__ import annotations

import pytest

from index.chunk import passages
from index.ingest import metadata as meta
from index.ingest import pipes
from index.ingest.clean import regions
from index.ingest.tables import Cells, is_row, table
from index.records import Article, Metadata

PROSE = "word " * 60 + "word."
YEARS: list[Cells] = [["Region", "2021", "2022"], ["Midland", "95", "81"], ["Highland", "1,204", "n/a"]]


@pytest.mark.parametrize(
    ("rows", "header", "lines"),
    [
        (YEARS, None, ["| Region: Midland | 2021: 95 | 2022: 81 |", "| Region: Highland | 2021: 1,204 | 2022: n/a |"]),
        ([["", "2021", "2022"], ["Midland", "95", ""]], None, ["| Midland | 2021: 95 |"]),
        ([["Dead", "12"], ["Hurt", "40"]], None, ["| Dead | 12 |", "| Hurt | 40 |"]),
        ([["Port", "2022"], ["Alder", "3"]], None, ["| Port | 2022 |", "| Port: Alder | 2022: 3 |"]),
        (
            [["Name", "Ada"], ["Born", "3 May 1990"], ["Age", "34"]],
            None,
            ["| Name | Ada |", "| Born | 3 May 1990 |", "| Age | 34 |"],
        ),
        ([["Name", "Ada"], ["Born", "in Turku"]], None, ["| Name | Ada |", "| Born | in Turku |"]),
        ([["Name", "Post"], ["Ada", "chair"]], 1, ["| Name: Ada | Post: chair |"]),
        ([["Name", "Post", "Town"], ["Ada", "chair", "Turku"]], None, ["| Name: Ada | Post: chair | Town: Turku |"]),
        (
            [["", "2022", None], ["Region", "Dead", "Hurt"], ["Midland", "81", "240"]],
            2,
            ["| Region: Midland | 2022 Dead: 81 | 2022 Hurt: 240 |"],
        ),
        (
            [
                ["Port", "2021", "2022"],
                ["North", None, None],
                ["Alder", "3", "4"],
                ["Port", "2021", "2022"],
                ["South", None, None],
                ["Birch", "5", "6"],
            ],
            None,
            [
                "| North |",
                "| North | Port: Alder | 2021: 3 | 2022: 4 |",
                "| South |",
                "| South | Port: Birch | 2021: 5 | 2022: 6 |",
            ],
        ),
        ([["Road deaths", None, None], *YEARS[:2]], None, ["Road deaths", "| Region: Midland | 2021: 95 | 2022: 81 |"]),
        (
            [["", "2022", None], ["Region", "Dead", "Hurt"], ["Midland", "81", "240"]],
            None,
            ["| Region: Midland | 2022 Dead: 81 | 2022 Hurt: 240 |"],
        ),
        ([["The mayor said no."], ["The council said yes."]], None, ["The mayor said no.", "The council said yes."]),
        (
            [["The left column of a page.", "The right column of a page."]],
            None,
            ["The left column of a page.", "The right column of a page."],
        ),
        ([["India", "68.7"]], None, ["| India | 68.7 |"]),
        ([["x" * 101, "2021"], ["Midland", "95"]], 1, ["| Midland | 2021: 95 |"]),
        (
            [["Port", "Year"], ["Alder", f"{PROSE}\nIt was built in 1902."], ["Birch", "1911"]],
            1,
            ["Alder", PROSE, "It was built in 1902.", "| Port: Birch | Year: 1911 |"],
        ),
        ([], None, []),
    ],
)
def test_lines(rows: list[Cells], header: int | None, lines: list[str]) -> None:
    assert table(rows, header=header) == lines


def test_a_caption_stands_above() -> None:
    assert table(YEARS, caption="Road\ndeaths")[:2] == ["Road deaths", "| Region: Midland | 2021: 95 | 2022: 81 |"]


ROWS = {
    "| Total |": True,
    "| a | b |": True,
    "| a | b | c": True,
    "| a | b": False,
    "| a": False,
    "a | b |": False,
    "": False,
}


@pytest.mark.parametrize(("line", "is_one"), ROWS.items())
def test_rows_are_known_again(line: str, *, is_one: bool) -> None:
    assert is_row(line) == is_one


def cut(text: str) -> list[tuple[str | None, str]]:
    article = Article("a", text, "utf-8", Metadata(), regions(text, ()), (), (), "")
    return [(draft.heading, draft.text) for draft in passages(article)]


LEAD = "The table shows how many people died on the roads of three regions of the country."
AFTER = "The minister called the figures of Midland a great success, and promised further money for the roads of the region."


def test_each_row_is_a_passage_with_what_stands_above_the_table() -> None:
    text = "\n".join([LEAD, *table(YEARS), AFTER])
    assert cut(text) == [
        (None, LEAD),
        (LEAD, "| Region: Midland | 2021: 95 | 2022: 81 |"),
        (LEAD, "| Region: Highland | 2021: 1,204 | 2022: n/a |"),
        (None, AFTER),
    ]


def test_in_markdown_the_names_of_the_columns_are_context() -> None:
    rows = "| Region | 2021 | 2022 |\n|:-------|-----:|---|\n| Midland | 95 | 81 |\n| Highland | 3 | 4 |"
    names = "| Region | 2021 | 2022 |"
    assert cut(f"## Deaths\n\n{AFTER}\n\n{LEAD}\n\n{rows}\n\n{AFTER}") == [
        ("Deaths", f"{AFTER}\n\n{LEAD}"),
        (f"Deaths · {LEAD} · {names}", "| Midland | 95 | 81 |"),
        (f"Deaths · {LEAD} · {names}", "| Highland | 3 | 4 |"),
        ("Deaths", AFTER),
    ]


def test_a_row_is_one_sentence_and_never_a_heading_a_byline_or_furniture() -> None:
    rows = [
        "| 12 | 40 |",
        "| By Jane Doe | 5 May |",
        "| Home | World | Asia |",
        "| He said no. She said yes. | 3 |",
        "| Total |",
    ]
    assert cut("\n".join([LEAD, *rows, "which was more than in any other year, the ministry said."])) == [
        (None, LEAD), *((LEAD, row) for row in rows), (None, "which was more than in any other year, the ministry "
        "said."),
    ]  # fmt: skip


BELOW = "Every figure above was counted again by hand in the spring of this year."


def rows_of(text: str) -> list[str]:
    return [text[start:].splitlines()[0] for start in sorted(pipes.rows(text))]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "Region | 2021 | 2022\n--- | ---: | :-:\nMidland | 95 | 81\nNorth | South | East",
            ["Region | 2021 | 2022", "Midland | 95 | 81", "North | South | East"],
        ),
        ("A | B\n-|-\nX | 1,204", ["A | B", "X | 1,204"]),
        ("| Region | 2022\n| --- | ---\n| Midland | 81", ["| Region | 2022", "| Midland | 81"]),
        ("Region | 2022 |\n--- | --- |\nMidland | 81 |", ["Region | 2022 |", "Midland | 81 |"]),
        ("Port |\n--- |\nAlder |\nBirch |", ["Port |", "Alder |", "Birch |"]),
        ("Sign \\| word | Use\n---|---\na \\| b | either", ["Sign \\| word | Use", "a \\| b | either"]),
        ("Port | Ships\r\n--- | ---\r\nAlder | 3", ["Port | Ships", "Alder | 3"]),
        ("Port | Ships\n  ---|:---  \n  Alder | 3", ["Port | Ships", "Alder | 3"]),
    ],
)
def test_rows_in_markdown_need_no_bars_around_them(table: str, rows: list[str]) -> None:
    text = f"{LEAD}\n\n{table}"  # the file may end with the table, without a line break
    for ending in ("", "\n", f"\n\n{BELOW}\n"):
        assert rows_of(text + ending) == rows
        quoted = [(text + ending)[each.start : each.end] for each in regions(text + ending, ())]
        assert quoted == [LEAD, *rows, *([BELOW] if BELOW in ending else [])]


@pytest.mark.parametrize(
    "text",
    [
        "Home | News | Sport\n\nWorld | Asia | Europe",  # no rule
        "Ada Hale | The Planet | 5 May 2024\n---",  # a line across the page
        "a | b | c\n--- | ---",  # a rule of fewer columns
        "one \\| two\n--- | ---",  # nothing but a bar that is written
        "Port | Ships\n\n--- | ---\nAlder | 3",  # apart from its names
        "--- | ---\nAlder | 3",  # without names
    ],
)
def test_bars_make_no_table_without_a_rule_below_its_names(text: str) -> None:
    assert rows_of(text) == []


@pytest.mark.parametrize(
    "end", ["", "plain words", "# The next part | of it", "> said | so", "- one | two", "```\nx | y\n```"]
)
def test_a_table_ends_where_another_block_begins(end: str) -> None:
    assert rows_of(f"Port | Ships\n--- | ---\nAlder | 3\n{end}\n\nBirch | 4") == ["Port | Ships", "Alder | 3"]


def test_bars_in_code_are_code() -> None:
    table = "Port | Ships\n--- | ---\nAlder | 3"
    text = f"{PROSE}\n\n```\n{table}\n```\n\n{BELOW}\n\n{table.replace('Alder', 'Birch')}\n"
    assert [text[each.start : each.end] for each in regions(text, ())] == [PROSE, BELOW, "Port | Ships", "Birch | 3"]


def test_a_row_without_bars_around_it_names_no_author_date_or_title() -> None:
    text = f"Author | Published\n--- | ---\nBy Jane Doe | 5 May 2024\n\n{PROSE}"
    assert meta.read(text, suffix=".md") == (Metadata(), ())


def test_rows_without_bars_around_them_are_passages_below_their_names() -> None:
    rows = "Region | 2021 | 2022\n--- | ---: | ---\nMidland | 95 | 81\nNorth | South | East"
    assert cut(f"{LEAD}\n\n{rows}\n\n{AFTER}") == [
        (None, LEAD),
        (f"{LEAD} · Region | 2021 | 2022", "Midland | 95 | 81"),
        (f"{LEAD} · Region | 2021 | 2022", "North | South | East"),
        (None, AFTER),
    ]
