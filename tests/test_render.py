"""Rendering: exact text for a terminal, Markdown and JSON, and nothing of an article that could act on its own."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console
from rich.text import Text

from index.errors import LibraryError
from index.records import Hit, Metadata, Passage
from qa.records import Answer, Citation, Claim
from qa.render.check import check_quotes
from qa.render.harmless import harmless, one_line, safe_url
from qa.render.json import dumps, from_object, hits_to_object, to_object
from qa.render.markdown import escape, markdown
from qa.render.parts import parts
from qa.render.terminal import passages, reading, rest, sentence, whole
from tests.examples import ANSWERED, CONFLICTING, NEW, SHELF, UNANSWERED

HOSTILE = "a\x1b[2J\x1b]0;owned\x07b \u202ereversed\u202c z\u200bw \U000e0041tag [bold red]x[/] **b** <img src=x> =1+1"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain “text”, naïve — भारत 日本\n\tindented", "plain “text”, naïve — भारत 日本\n\tindented"),
        ("\x1b[31mred\x1b[0m", "‹U+001B›[31mred‹U+001B›[0m"),
        ("\x9b31m\x07\x00\x7f\r", "‹U+009B›31m‹U+0007›‹U+0000›‹U+007F›‹U+000D›"),
        ("abc\u202edef\u2066", "abc‹U+202E›def‹U+2066›"),
        ("pay\u200bpal\ufeff", "pay‹U+200B›pal‹U+FEFF›"),
        ("\U000e0049\U000e0100", "‹U+E0049›‹U+E0100›"),
        ("a\u3164b\u034f", "a‹U+3164›b‹U+034F›"),
        ("☀\ufe0f 1\ufe0f\u20e3", "☀\ufe0f 1\ufe0f\u20e3"),  # how a sign is drawn
        ("a\ufe0f☀\ufe0f\ufe01 \ufe0f", "a‹U+FE0F›☀\ufe0f‹U+FE01› ‹U+FE0F›"),
        ("co\u00adoperate", "cooperate"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # the spelling of a Persian word
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("ad\u200cmin", "ad‹U+200C›min"),
        ("\ud800\u2028", "‹U+D800›‹U+2028›"),
    ],
)
def test_what_could_deceive_is_made_visible(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_white_space_is_collapsed_for_display() -> None:
    assert one_line(" two\r\nlines\u2028and\tmore ") == "two lines and more"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c", True),
        ("javascript:alert(1)", False),
        ("https://example.org/a b", False),
        ("https://e.org/>\x1b[2J", False),
        ("https://e.org/\u202e", False),
        (None, False),
    ],
)
def test_only_plain_web_addresses_become_links(url: str | None, kept: bool) -> None:
    assert safe_url(url) == (url if kept else None)


def test_numbers_are_told_from_article_text_that_looks_like_one() -> None:
    claim = Claim("It says “as shown [2]”.", (1,), 0.9)
    answer = replace(ANSWERED, answer="It says “as shown [2]”. [1] Two articles say so.", sentences=(claim,))
    assert list(parts(answer)) == ["It says “as shown [2]”.", 1, " Two articles say so."]


def test_numbers_of_other_citations_stay_words() -> None:
    answer = replace(ANSWERED, answer="Yes. [7]", sentences=(Claim("Yes.", (1,), 0.9),))
    assert list(parts(answer)) == ["Yes.", " [7]"]


def test_an_answer_on_the_terminal() -> None:
    assert whole(ANSWERED).plain == (
        "They agreed on $100 billion by 2030. [1]\n"
        "\n"
        "[1] Trade news, 2025-12  new.txt:12-69\n"
        "    “India and Russia agreed on trade of $100 billion by 2030.”\n"
        "\n"
        "note: old.txt carries no date\n"
        "note: 1 sentence of the draft removed: not vouched for by the articles (--explain shows why, /why in a chat)\n"
    )


def test_a_conflict_on_the_terminal_shows_each_value() -> None:
    assert whole(CONFLICTING).plain == (
        "The target is $100 billion by 2030. [1] Another article says $30bn by 2025. [2]\n"
        "\n"
        "Sources differ: the target; old.txt is undated\n"
        "  • $100 billion by 2030 [1]\n"
        "  • $30bn by 2025 [2]\n"
        "\n"
        "[1] Trade news, 2025-12  new.txt:12-69\n"
        "    “India and Russia agreed on trade of $100 billion by 2030.”\n"
        "[2] old.txt, undated  old.txt:0-28\n"
        "    “The target is $30bn by 2025.”\n"
    )


def test_a_refusal_on_the_terminal_shows_the_nearest_passages() -> None:
    assert whole(UNANSWERED).plain == (
        "The articles do not say.\n\nNearest passages:\n[1] old.txt, undated  old.txt:0-28\n    “The target is $30bn by 2025.”\n"
    )


def test_a_refusal_with_a_quote_has_no_number_twice() -> None:
    denied = replace(UNANSWERED, citations=CONFLICTING.citations[:1])
    assert whole(denied).plain.endswith(
        "[1] Trade news, 2025-12  new.txt:12-69\n    “India and Russia agreed on trade of $100 billion by 2030.”\n\n"
        "Nearest passages:\n• old.txt, undated  old.txt:0-28\n    “The target is $30bn by 2025.”\n"
    )


def test_undated_is_dim() -> None:
    text = rest(CONFLICTING)
    assert [text.plain[span.start : span.end] for span in text.spans if span.style == "dim"] == [
        "  new.txt:12-69\n",
        "undated",
        "  old.txt:0-28\n",
    ]


def test_a_streamed_sentence_carries_its_numbers() -> None:
    assert sentence(CONFLICTING.sentences[1]).plain == "Another article says $30bn by 2025. [2]"


def test_passages_are_listed_with_place_and_score() -> None:
    assert passages([hit()]).plain == "[1] Trade news, 2025-12  new.txt:12-69  0.73\n    India and Russia agreed on trade of $100 billion by 2030.\n"
    assert reading([hit()], width=24).plain == "  Trade news: India and…\n"


def hit() -> Hit:
    metadata = Metadata(title="Trade news", date="2025-12")
    return Hit(Passage(7, "new.txt", NEW.start, NEW.end, NEW.quote, None, (), metadata), score=0.734, dense=0.5, lexical=2.0)


def hostile_answer() -> Answer:
    citation = replace(NEW, title=HOSTILE, author=HOSTILE, publisher=HOSTILE, source=HOSTILE, url="javascript:x", quote=HOSTILE)
    claim = Claim(HOSTILE, (1,), 0.9)
    return replace(CONFLICTING, answer=f"{HOSTILE} [1]", sentences=(claim,), citations=(citation,), nearest=(citation,), notes=(HOSTILE,))


@pytest.mark.parametrize("part", [whole, rest])
def test_no_article_can_move_the_cursor_or_mark_itself_up(part: Callable[[Answer], Text]) -> None:
    text = part(hostile_answer()).plain
    assert not {"\x1b", "\x07", "\u202e", "\u202c", "\u200b", "\U000e0041"} & set(text)
    assert "‹U+001B›[2J" in text
    assert "[bold red]x[/]" in text  # shown as it stands, not taken for markup


def test_a_console_adds_escapes_only_for_style() -> None:
    stream = io.StringIO()
    Console(file=stream, force_terminal=True, color_system="standard", width=500).print(whole(hostile_answer()))
    assert "\x1b[2J" not in stream.getvalue()
    assert "\x1b]0" not in stream.getvalue()


def test_markdown_has_one_footnote_a_quote() -> None:
    assert markdown(CONFLICTING) == (
        "The target is \\$100 billion by 2030.[^1] Another article says \\$30bn by 2025.[^2]\n"
        "\n"
        "**Sources differ:** the target; old.txt is undated\n"
        "\n"
        "- \\$100 billion by 2030[^1]\n"
        "- \\$30bn by 2025[^2]\n"
        "\n"
        "[^1]: “India and Russia agreed on trade of \\$100 billion by 2030.” — Trade news, 2025-12 (new.txt, 12-69)\n"
        "\n"
        "[^2]: “The target is \\$30bn by 2025.” — old.txt, undated (old.txt, 0-28)\n"
    )


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("*a* _b_ `c` [d](e) <f> &amp; g|h ~i~ #j", "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\&amp; g\\|h \\~i\\~ \\#j"),
        ("1. one", "1\\. one"),
        ("- item", "\\- item"),
        ("===", "\\==="),
        ("see https://e.org and www.e.org", "see https\\://e.org and www\\.e.org"),
        ("two\n\n# lines", "two \\# lines"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_markdown_takes_no_markup_from_an_article(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_an_answer_comes_back_from_its_json() -> None:
    assert from_object(json.loads(dumps(to_object(CONFLICTING)))) == CONFLICTING


def test_json_has_the_keys_of_the_contract_in_their_order() -> None:
    thing = to_object(CONFLICTING)
    assert list(thing) == [
        "question", "status", "answer", "sentences", "citations", "conflicts", "rejected", "nearest", "confidence", "notes", "timings_ms", "provenance",
    ]  # fmt: skip
    assert thing["citations"] == [
        {"number": 1, "source": "new.txt", "title": "Trade news", "author": None, "date": "2025-12", "publisher": None, "url": None, "page": None,
         "start": 12, "end": 69, "quote": "India and Russia agreed on\ntrade of $100 billion by 2030.", "page_label": None, "called": None},
        {"number": 2, "source": "old.txt", "title": None, "author": None, "date": None, "publisher": None, "url": None, "page": None,
         "start": 0, "end": 28, "quote": "The target is $30bn by 2025.", "page_label": None, "called": None},
    ]  # fmt: skip
    assert json.loads(dumps(thing["conflicts"])) == [
        {
            "about": "the target; old.txt is undated",
            "claims": [{"value": "$100 billion by 2030", "citations": [1]}, {"value": "$30bn by 2025", "citations": [2]}],
        }
    ]


def test_json_keeps_letters_where_the_encoding_has_them() -> None:
    assert dumps({"a": "naïve “x”"}) == '{"a": "naïve “x”"}'
    assert dumps({"a": "naïve “x”"}, encoding="latin-1") == '{"a": "na\\u00efve \\u201cx\\u201d"}'
    assert json.loads(dumps({"a": "\ud800"})) == {"a": "\ud800"}


def test_hits_as_json() -> None:
    assert hits_to_object("trade", (hit(),)) == {
        "query": "trade",
        "hits": [{"source": "new.txt", "title": "Trade news", "date": "2025-12", "start": 12, "end": 69, "text": NEW.quote, "score": 0.734}],
    }


def test_quotes_that_stand_in_their_articles_pass() -> None:
    check_quotes(CONFLICTING, SHELF)
    check_quotes(UNANSWERED, SHELF)


@pytest.mark.parametrize(
    "forged",
    [
        replace(NEW, quote=NEW.quote.replace("100", "900")),
        replace(NEW, start=NEW.start + 1, end=NEW.end + 1),
        replace(NEW, start=-5, end=-1, quote=SHELF.article("new.txt").text[-5:-1]),
        replace(NEW, start=3, end=3, quote=""),
        replace(NEW, source="nowhere.txt"),
    ],
)
def test_a_quote_that_does_not_stand_there_is_never_shown(forged: Citation) -> None:
    for answer in (replace(CONFLICTING, citations=(forged,)), replace(UNANSWERED, nearest=(forged,))):
        with pytest.raises(LibraryError, match="so the answer is withheld"):
            check_quotes(answer, SHELF)
