"""Which spans may be quoted: body, headings and credits of the seeds and of pages like them, and never their furniture."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.ingest.clean import regions
from index.ingest.furniture import is_furniture
from index.ingest.metadata import read
from index.records import Credit, Field

SEEDS = Path(__file__).parent.parent / "seeds"
PROSE = "Russia and India agreed on Friday to expand their trade to $100 billion by 2030, both governments said."
MORE = "Exports to Russia remain modest, although the two leaders spoke about them for an hour in Delhi."


def outline(text: str, suffix: str = ".txt", page_starts: tuple[int, ...] = ()) -> list[tuple[str, str]]:
    return [
        (region.kind, text[region.start : region.end])
        for region in regions(text, read(text, suffix=suffix)[1], page_starts=page_starts)
    ]


def seed(number: str) -> str:
    return next(SEEDS.glob(f"{number}_*.txt")).read_text(encoding="utf-8")


def masked(text: str) -> str:
    kept = regions(text, read(text, suffix=".txt")[1])
    return "".join(
        mark for place, mark in enumerate(text) if not any(region.start <= place < region.end for region in kept)
    ).strip()


def test_seed_000_is_all_body() -> None:
    text = seed("000")
    assert outline(text) == [("body", line) for line in text.split("\n") if line]


def test_seed_001_has_three_headings() -> None:
    headings = ["Key Highlights of the Tour", "Impact on Bilateral Ties", "Potential Reactions from the US"]
    assert [words for kind, words in outline(seed("001")) if kind == "heading"] == headings
    assert masked(seed("001")) == ""


def test_seed_002_ends_with_its_author() -> None:
    found = outline(seed("002"))
    assert [kind for kind, _ in found] == ["credit", *["body"] * 6, "credit", "credit"]
    assert found[-2][1].startswith("Written By\nDiya Menon is")
    assert found[-2][1].endswith("believes journalism should inform, inspire, and empower.")
    assert found[-1][1] == "© 2025 DailyDigest360"
    assert masked(seed("002")).split() == [
        "Advertisement",
        "Latest",
        "Post",
        *["Advertisement"] * 3,
        "About",
        "•",
        "Terms",
        "•",
        "Privacy",
    ]


def test_seed_003_begins_with_its_credits() -> None:
    found = outline(seed("003"))
    assert [kind for kind, _ in found[:6]] == ["credit", "credit", "heading", "credit", "credit", "body"]
    assert found[2][1] == "A Renewed Partnership: How Putin’s India Visit Reshapes Global Geopolitics"
    assert found[4][1] == "New Delhi. 10 December 2025."
    assert found[5][1].startswith("For two and a half days India was")
    assert found[-1][0] == "credit"
    assert found[-1][1].startswith("(Jai Kumar Verma is a Delhi-based strategic analyst")
    assert found[-1][1].endswith("editor.adu@gmail.com)")
    assert not any("The Author" in words or "Post a Comment" in words for _, words in found)


def test_seed_004_joins_what_an_empty_line_broke() -> None:
    found = outline(seed("004"))
    broken = next(words for kind, words in found if "exceptionally underway to\n\ncater to India’s quest" in words)
    assert broken.startswith("Putin’s visit to India emphasizes")
    assert broken.endswith("technology and systems.")
    assert [words for kind, words in found if kind == "heading"] == ["Regional dynamics", "Washington Concern"]
    assert masked(seed("004")).split() == "top of page 12 views0 comments bottom of page".split()
    assert (
        "body",
        "“It is quite remarkable that India still decided to go ahead with the S-400 deal, despite the US "
        "disapproval,”",
    ) in found


@pytest.mark.parametrize(
    "line",
    [
        "top of page", "12 views0 comments", "Advertisement", "ADVERTISEMENT", "Advertisement · Scroll to continue", "Latest Post", "About • Terms • Privacy",
        "Comments",
        "Post a Comment", "0 Comments", "Share on Facebook", "Follow us on", "The Author", "https://example.org/x", "3", "- 3 -", "Page 3 of 10", "Read more",
        "Also read: Five things to "
        "know", "Photo: AFP", "(Photo by Jane Doe/Getty Images)", "Home | World | Asia", "Home > News > India", "5 min read",
        "Sign in", "* * *",
        "We use cookies to improve your experience on our website and to show you other things.",
        "Subscribe to our newsletter to get the latest news delivered to your inbox every morning.",
    ],
)  # fmt: skip
def test_furniture(line: str) -> None:
    assert is_furniture(line)
    assert line not in [words for _, words in outline(f"{PROSE}\n\n{line}\n\n{MORE}")]


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell by 3% on Monday, the exchange said in "
        "Moscow.", "Read the room before you speak, the old diplomat told his staff.",
        "Comments by the president caused outrage in Washington and in "
        "Delhi.", "“We perceive India as a great power,” Putin said.", "He said no.",
        "The image of the two leaders meeting warmly mattered to the "
        "audience.", "Subscribe to this view and you will lose, he said in Delhi on Monday.",
        "Follow the money and you will find the trade deal, the analyst said.", "| India | 68.7 |",
    ],
)  # fmt: skip
def test_prose_is_never_furniture(line: str) -> None:
    assert not is_furniture(line)
    assert ("body", line) in outline(f"{PROSE}\n\n{line}\n\n{MORE}")


def test_hard_wrapped_text_is_read_by_paragraphs() -> None:
    one = "The summit was short. The two leaders met for an hour on Friday and\nagreed to raise trade to 100 billion dollars by 2030. The text of the\n"
    one += "Moscow statement is long."
    two = "There is little in it that was not known before, and what there is has\nbeen said by others at length."
    text = f"{one}\n\nWhat we learned\n\n{two}\n\n- Oil imports go on, whatever Washington says about them in the\n  months to come.\n- Payments change.\n"
    assert outline(text) == [
        ("body", one),
        ("heading", "What we learned"),
        ("body", two),
        ("body", "- Oil imports go on, whatever Washington says about them in the\n  months to come."),
        ("body", "- Payments change."),
    ]


def test_lines_are_paragraphs_where_nothing_is_wrapped() -> None:
    assert outline(f"{PROSE}\n{MORE}\n{PROSE}") == [("body", PROSE), ("body", MORE), ("body", PROSE)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_newline(newline: str) -> None:
    text = newline.join([PROSE, "", "What it means", "", MORE, ""])
    assert outline(text) == [("body", PROSE), ("heading", "What it means"), ("body", MORE)]


def test_a_paragraph_does_not_go_on_across_furniture() -> None:
    text = (
        f"{PROSE}\n\nThe leaders of the two countries said that the target is\n\nAdvertisement\n\nwithin their reach "
        f"by the year 2030 at the latest.\n\n{MORE}"
    )
    assert outline(text)[1:3] == [
        ("body", "The leaders of the two countries said that the target is"),
        ("body", "within their reach by the year 2030 at the latest."),
    ]


def test_markdown() -> None:
    text = f'---\ntitle: A summit\nlayout: post\n---\n\n## What it means\n\n{PROSE}\n\n```python\nprint("Hello there, this is a sentence of code.")\n```\n\n'
    text += f"| A | B |\n|---|---|\n| India | 68.7 |\n\n{MORE}\n"
    assert outline(text, ".md") == [
        ("credit", "title: A summit"),
        ("heading", "What it means"),
        ("body", PROSE),
        ("body", "| A | B |"),
        ("body", "| India | 68.7 |"),
        ("body", MORE),
    ]


def test_running_heads_and_page_numbers() -> None:
    pages = [
        f"Daily Planet Quarterly 2025, {number}\n{PROSE.replace('Friday', day)}\nPage {number}"
        for number, day in enumerate(["Monday", "Tuesday", "Sunday"], 1)
    ]
    text = "\n\n".join(pages)
    starts = (0, len(pages[0]) + 2, len(pages[0]) + len(pages[1]) + 4)
    assert [words for _, words in outline(text, ".pdf", starts)] == [
        PROSE.replace("Friday", day) for day in ("Monday", "Tuesday", "Sunday")
    ]


def test_headlines_of_other_articles_at_the_foot() -> None:
    text = f"{PROSE}\n\n{MORE}\n\nRelated articles\nFive takeaways from the visit of Putin to India\nOil prices fall\n"
    assert outline(text) == [("body", PROSE), ("body", MORE)]


def test_three_short_lines_are_a_list_and_one_is_a_heading() -> None:
    text = f"{PROSE}\n\nIndia\nRussia\nChina\n\n{MORE}\n\nThe way ahead\n\n{PROSE}"
    assert outline(text) == [
        ("body", PROSE),
        ("body", "India"),
        ("body", "Russia"),
        ("body", "China"),
        ("body", MORE),
        ("heading", "The way ahead"),
        ("body", PROSE),
    ]


def test_a_text_without_prose_is_not_masked() -> None:
    assert outline("Buy milk\nCall Jane") == [("body", "Buy milk"), ("body", "Call Jane")]


FIELD: st.SearchStrategy[Field] = st.sampled_from(["title", "author", "date", "publisher", "url"])
LINE = st.one_of(
    st.sampled_from(
        [
            PROSE,
            MORE,
            "Advertisement",
            "By Jane Doe",
            "4 December 2025",
            "© 2025 Daily Planet",
            "Written By",
            "Jane Doe is a reporter.",
            "---",
            "```",
            "# A",
            "a b",
            "",
        ]
    ),
    st.text(alphabet=st.sampled_from("aA1 .,|•-#\u200b\u00a0“é中\U0001f600"), max_size=30),
)
TEXT = st.lists(st.tuples(LINE, st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\u2028"])), max_size=15).map(
    lambda pairs: "".join(a + b for a, b in pairs)
)


def test_code_parts_the_lines_around_it() -> None:
    text = "The harbour was opened\n```\nx = 1\n```\nin the spring of 1998.\n"
    assert [text[region.start : region.end] for region in regions(text, [])] == [
        "The harbour was opened",
        "in the spring of 1998.",
    ]


@settings(max_examples=150, deadline=None)
@given(TEXT, st.sampled_from([".txt", ".md", ".html", ".pdf"]))
@example("A\n```\nBy Jane Doe\n```\na\n", ".txt")
def test_credits_and_regions_lie_in_the_text_in_order(text: str, suffix: str) -> None:
    metadata, credited = read(text, suffix=suffix)
    for credit in credited:
        assert 0 <= credit.start < credit.end <= len(text)
        assert getattr(metadata, credit.field) is not None
    check(text, credited)


@settings(max_examples=100, deadline=None)
@given(
    TEXT,
    st.lists(st.tuples(FIELD, st.integers(0, 200), st.integers(0, 60)), max_size=4),
    st.lists(st.integers(0, 200), max_size=4),
)
def test_any_credits_give_regions_in_order(text: str, spans: list[tuple[Field, int, int]], pages: list[int]) -> None:
    size = len(text)
    check(
        text,
        [Credit(field, min(start, size), min(start + length, size)) for field, start, length in spans],
        tuple(sorted(pages)),
    )


def check(text: str, credited: list[Credit] | tuple[Credit, ...], page_starts: tuple[int, ...] = ()) -> None:
    reached = 0
    for region in regions(text, credited, page_starts=page_starts):
        assert reached <= region.start < region.end <= len(text)
        assert text[region.start : region.end] == text[region.start : region.end].strip()
        reached = region.end
