"""Rendering: exact text for a terminal, Markdown and JSON, and nothing of an article that could act on its own."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rich.console import Console
from rich.text import Text

from index.errors import LibraryError
from index.records import Hit, Metadata, Passage
from qa.records import Answer, Citation, Claim, Conflict, Phrase, Value
from qa.render.check import check_quotes
from qa.render.differences import Position, positions
from qa.render.harmless import harmless, one_line, safe_url
from qa.render.json import dumps, from_object, hits_to_object, to_object
from qa.render.markdown import escape, markdown, strong
from qa.render.parts import parts
from qa.render.phrases import apart
from qa.render.terminal import fitted, passages, reading, whole
from tests.examples import ANSWERED, CONFLICTING, LESS, MORE, NEW, OLD, SHELF, UNANSWERED

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parent.parent / "docs" / "answer.schema.json").read_text(encoding="utf-8"))
)
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
    answer = replace(ANSWERED, answer="No. It says “as shown [2]”. [1] Two articles say so.", sentences=(claim,))
    assert list(parts(answer)) == ["No. ", claim, 1, " Two articles say so."]


def test_numbers_of_other_citations_stay_words() -> None:
    claim = Claim("Yes.", (1,), 0.9)
    assert list(parts(replace(ANSWERED, answer="Yes. [7]", sentences=(claim,)))) == [claim, " [7]"]


def test_sentences_that_give_the_differing_values_are_told_with_the_values_alone() -> None:
    more = Claim("It has been for years.", (1, 2), 0.9)
    again = Claim("And it stays.", (2,), 0.9)
    assert list(parts(CONFLICTING)) == []
    assert list(parts(replace(CONFLICTING, sentences=(*CONFLICTING.sentences, more, again)))) == [
        more,
        1,
        2,
        " ",
        again,
        2,
    ]


QUOTE = "a *very*  long\nquote, 5\u00ad0\u200b% $x_1 नि☀\ufe0f!"


@pytest.mark.parametrize(
    ("phrase", "pieces"),
    [
        (None, ("a *very* long quote, 50‹U+200B›% $x_1 नि☀\ufe0f!", "", "")),
        ("a", ("", "a", " *very* long quote, 50‹U+200B›% $x_1 नि☀\ufe0f!")),
        ("*very*", ("a ", "*very*", " long quote, 50‹U+200B›% $x_1 नि☀\ufe0f!")),
        ("  long\nquote", ("a *very* ", "long quote", ", 50‹U+200B›% $x_1 नि☀\ufe0f!")),
        ("5\u00ad0\u200b%", ("a *very* long quote, ", "50‹U+200B›%", " $x_1 नि☀\ufe0f!")),
        ("0", ("a *very* long quote, 5", "0", "‹U+200B›% $x_1 नि☀\ufe0f!")),
        ("\u200b", ("a *very* long quote, 50", "‹U+200B›", "% $x_1 नि☀\ufe0f!")),
        ("न", ("a *very* long quote, 50‹U+200B›% $x_1 ", "नि", "☀\ufe0f!")),  # a letter keeps its vowel
        ("☀", ("a *very* long quote, 50‹U+200B›% $x_1 नि", "☀\ufe0f", "!")),
        ("!", ("a *very* long quote, 50‹U+200B›% $x_1 नि☀\ufe0f", "!", "")),
        (" ", ("a *very* long quote, 50‹U+200B›% $x_1 नि☀\ufe0f!", "", "")),
        (QUOTE, ("", "a *very* long quote, 50‹U+200B›% $x_1 नि☀\ufe0f!", "")),
    ],
)
def test_a_quote_is_taken_apart_at_its_phrase(phrase: str | None, pieces: tuple[str, str, str]) -> None:
    start = QUOTE.find(phrase or "")
    assert apart(QUOTE, None if phrase is None else (start, start + len(phrase))) == pieces


@given(st.text(alphabet="ab 5$*_\n\t\u00ad\u200d\u200b☀\ufe0fनि", min_size=1), st.data())
def test_the_pieces_of_a_quote_are_the_quote(quote: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(quote) - 1))
    end = data.draw(st.integers(start + 1, len(quote)))
    assert "".join(apart(quote, (start, end))) == one_line(quote)


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


def test_a_conflict_on_the_terminal_tells_each_value_once() -> None:
    assert whole(CONFLICTING).plain == (
        "Sources differ:\n"
        "  • $100 billion by 2030 [1]\n"
        "    “Trade news” (2025-12)\n"
        "  • $30bn by 2025 [2]\n"
        "    “The target is $30bn by 2025” (undated)\n"
        "\n"
        "[1] Trade news, 2025-12  new.txt:12-69\n"
        "    “India and Russia agreed on trade of $100 billion by 2030.”\n"
        "[2] “The target is $30bn by 2025”, undated  old.txt:0-28\n"
        "    “The target is $30bn by 2025.”\n"
    )


def test_what_else_is_said_stands_under_the_values() -> None:
    further = replace(CONFLICTING, sentences=(*CONFLICTING.sentences, Claim("It has been for years.", (1, 2), 0.9)))
    assert whole(further).plain.startswith(
        "Sources differ:\n  • $100 billion by 2030 [1]\n    “Trade news” (2025-12)\n  • $30bn by 2025 [2]\n    “The "
        "target is $30bn by 2025” (undated)\n"
        "\nIt has been for years. [1][2]\n\n[1] Trade news"
    )


def test_an_article_that_gives_a_value_in_two_places_is_named_once() -> None:
    twice = replace(NEW, number=3, start=12, end=37, quote="India and Russia agreed on")
    conflict = Conflict("the target", (Value("The target.", (1, 3, 2)), Value("Another.", (2,))))
    answer = replace(CONFLICTING, conflicts=(conflict,), citations=(*CONFLICTING.citations, twice))
    assert positions(conflict, answer.citations) == (
        Position("The target.", (1, 3, 2), ("“Trade news” (2025-12)", "“The target is $30bn by 2025” (undated)")),
        Position("Another.", (2,), ("“The target is $30bn by 2025” (undated)",)),
    )


def styled(text: Text, style: str) -> list[str]:
    return [text.plain[span.start : span.end] for span in text.spans if span.style == style and span.end > span.start]


def test_the_phrase_is_bold_on_the_terminal() -> None:
    assert styled(whole(CONFLICTING), "bold") == [
        "Sources differ:\n",
        "$100 billion by 2030",
        "$30bn by 2025",
        "Trade news",
        "$100 billion by 2030",
        "“The target is $30bn by 2025”",
        "$30bn by 2025",
    ]
    assert styled(whole(CONFLICTING), "italic") == ["India and Russia agreed on trade of ", ".", "The target is ", "."]


def test_a_phrase_that_answers_alone_is_bold_before_its_marker() -> None:
    answer = replace(
        ANSWERED,
        answer="$100 billion by 2030 [1]",
        sentences=(Claim("$100 billion by 2030", (1,), 1.0, MORE),),
        rejected=(),
        notes=(),
    )
    text = whole(replace(answer, citations=CONFLICTING.citations[:1]))
    assert text.plain == (
        "$100 billion by 2030 [1]\n\n[1] Trade news, 2025-12  new.txt:12-69\n    “India and Russia agreed on trade of "
        "$100 billion by 2030.”\n"
    )
    assert styled(text, "bold") == ["$100 billion by 2030", "Trade news", "$100 billion by 2030"]
    assert markdown(answer).startswith("**\\$100 billion by 2030**[^1]\n")


def test_what_comes_nearest_to_an_answer_is_bold_in_a_refusal() -> None:
    answer = replace(UNANSWERED, nearest=(replace(UNANSWERED.nearest[0], phrase=replace(LESS, citation=1)),))
    assert styled(whole(answer), "bold") == ["\nNearest passages:\n", "“The target is $30bn by 2025”", "$30bn by 2025"]
    assert "- “The target is **\\$30bn by 2025**.” — " in markdown(answer)


def test_a_refusal_on_the_terminal_shows_the_nearest_passages() -> None:
    assert whole(UNANSWERED).plain == (
        "The articles do not say.\n\nNearest passages:\n[1] “The target is $30bn by 2025”, undated  old.txt:0-28\n    "
        "“The target is $30bn by 2025.”\n"
    )


def test_a_refusal_with_a_quote_has_no_number_twice() -> None:
    denied = replace(UNANSWERED, citations=CONFLICTING.citations[:1])
    assert whole(denied).plain.endswith(
        "[1] Trade news, 2025-12  new.txt:12-69\n    “India and Russia agreed on trade of $100 billion by 2030.”\n\n"
        "Nearest passages:\n• “The target is $30bn by 2025”, undated  old.txt:0-28\n    “The target is $30bn by "
        "2025.”\n"
    )


def test_undated_is_dim() -> None:
    assert styled(whole(CONFLICTING), "dim") == ["  new.txt:12-69\n", "undated", "  old.txt:0-28\n"]


def test_an_article_that_has_neither_title_nor_words_goes_by_its_file() -> None:
    assert whole(replace(UNANSWERED, nearest=(replace(OLD, called=None),))).plain.endswith(
        "[2] old.txt, undated  old.txt:0-28\n    “The target is $30bn by 2025.”\n"
    )


def console(width: int, *, soft_wrap: bool = False) -> Console:
    return Console(file=io.StringIO(), width=width, soft_wrap=soft_wrap, color_system=None)


def test_further_lines_stand_under_the_words_of_the_first() -> None:
    assert fitted(whole(CONFLICTING), console(40)).plain == (
        "Sources differ:\n"
        "  • $100 billion by 2030 [1]\n"
        "    “Trade news” (2025-12)\n"
        "  • $30bn by 2025 [2]\n"
        "    “The target is $30bn by 2025”\n"
        "    (undated)\n"
        "\n"
        "[1] Trade news, 2025-12  new.txt:12-69\n"
        "    “India and Russia agreed on trade of\n"
        "     $100 billion by 2030.”\n"
        "[2] “The target is $30bn by 2025”,\n"
        "    undated  old.txt:0-28\n"
        "    “The target is $30bn by 2025.”\n"
    )
    assert styled(fitted(whole(CONFLICTING), console(40)), "bold")[3:5] == ["Trade news", "$100 billion by 2030"]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (
            80,
            (
                "    “Trade between the two neighbours grows for a fourth year” (2025-12); “The",
                "    target is $30bn by 2025” (undated); “A second summit” (2025-12)",
            ),
        ),
        (
            120,
            (
                "    “Trade between the two neighbours grows for a fourth year” (2025-12); “The target is $30bn by 2025” "
                "(undated); “A",
                "    second summit” (2025-12)",
            ),
        ),
    ],
)
def test_the_further_lines_of_those_who_give_a_value_stand_under_the_first(width: int, lines: tuple[str, ...]) -> None:
    title = "Trade between the two neighbours grows for a fourth year"
    conflict = Conflict("the target", (Value("$100 billion by 2030", (1, 2, 3)),))
    third = replace(NEW, number=3, source="third.txt", title="A second summit")
    answer = replace(CONFLICTING, conflicts=(conflict,), citations=(replace(NEW, title=title), OLD, third))
    assert tuple(fitted(whole(answer), console(width)).plain.splitlines()[2 : 2 + len(lines)]) == lines


def test_nothing_is_wrapped_where_the_console_wraps_nothing() -> None:
    assert fitted(whole(CONFLICTING), console(40, soft_wrap=True)) == whole(CONFLICTING)
    # nothing is indented where little room is left
    assert fitted(Text("    “one two three”"), console(10)).plain == "    “one\ntwo three”"


def test_passages_are_listed_with_place_and_score() -> None:
    assert passages([(hit(), "Trade news")]).plain == (
        "[1] Trade news, 2025-12  new.txt:12-69  0.73\n    India and Russia agreed on trade of $100 billion by 2030.\n"
    )
    assert reading([("Trade news", NEW.quote)], width=24).plain == "  Trade news: India and…\n"
    assert (
        reading([("Trade news", NEW.quote)]).plain
        == "  Trade news: India and Russia agreed on trade of $100 billion by 2030.\n"
    )


def hit() -> Hit:
    metadata = Metadata(title="Trade news", date="2025-12")
    return Hit(
        Passage(7, "new.txt", NEW.start, NEW.end, NEW.quote, None, (), metadata), score=0.734, dense=0.5, lexical=2.0
    )


def hostile_answer() -> Answer:
    citation = replace(
        NEW, title=HOSTILE, author=HOSTILE, publisher=HOSTILE, source=HOSTILE, url="javascript:x", quote=HOSTILE
    )
    claim = Claim(HOSTILE, (1,), 0.9)
    second = replace(citation, number=2, title=None, called=HOSTILE)
    return replace(
        CONFLICTING,
        answer=f"{HOSTILE} [1]",
        sentences=(claim,),
        citations=(citation, second),
        nearest=(citation,),
        notes=(HOSTILE,),
    )


@pytest.mark.parametrize("conflicts", [(), CONFLICTING.conflicts])
def test_no_article_can_move_the_cursor_or_mark_itself_up(conflicts: tuple[Conflict, ...]) -> None:
    text = whole(replace(hostile_answer(), conflicts=conflicts)).plain
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
        "**Sources differ:**\n"
        "\n"
        "- **\\$100 billion by 2030**[^1] — “Trade news” (2025-12)\n"
        "- **\\$30bn by 2025**[^2] — “The target is \\$30bn by 2025” (undated)\n"
        "\n"
        "[^1]: “India and Russia agreed on trade of **\\$100 billion by 2030**.” — Trade news, 2025-12 (new.txt, "
        "12-69)\n"
        "\n"
        "[^2]: “The target is **\\$30bn by 2025**.” — “The target is \\$30bn by 2025”, undated (old.txt, 0-28)\n"
    )


@pytest.mark.parametrize(
    ("pieces", "marked"),
    [
        (("to ", "$5", " by"), "to **\\$5** by"),
        (("US", "$5", " by"), "US<strong>\\$5</strong> by"),  # asterisks between a letter and a sign mark nothing
        (("", "5%", "of"), "<strong>5%</strong>of"),
        (("a", "5", "b"), "a**5**b"),
        (("£", "“x”", "!"), "£<strong>“x”</strong>\\!"),  # readers of Markdown differ about what "£" is
        (("*", "_a_", "*"), "\\***\\_a\\_**\\*"),
        (("", "all.", ""), "**all.**"),
        (("no phrase", "", ""), "no phrase"),
    ],
)
def test_the_phrase_is_bold_in_markdown(pieces: tuple[str, str, str], marked: str) -> None:
    assert strong(*pieces) == marked


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        (
            "*a* _b_ `c` [d](e) <f> &amp; g|h ~i~ #j",
            "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\&amp; g\\|h \\~i\\~ \\#j",
        ),
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
    for answer in (ANSWERED, CONFLICTING, UNANSWERED):
        assert from_object(json.loads(dumps(to_object(answer)))) == answer


def test_an_answer_of_version_0_1_0_has_no_phrases() -> None:
    held = json.loads(dumps(to_object(CONFLICTING)))
    for part in (
        *held["sentences"],
        *held["citations"],
        *(claim for conflict in held["conflicts"] for claim in conflict["claims"]),
    ):
        del part["phrase"]
        part.pop("called", None)
    old = from_object(held)
    assert [part.phrase for part in old.sentences] == [None, None]
    assert [part.phrase for part in old.conflicts[0].claims] == [None, None]
    assert [citation.phrase for citation in old.citations] == [None, None]
    assert [citation.called for citation in old.citations] == [None, None]
    assert (old.sentences[0].text, old.citations[0].quote) == (CONFLICTING.sentences[0].text, NEW.quote)


def test_json_has_the_keys_of_the_contract_in_their_order() -> None:
    thing = json.loads(dumps(to_object(CONFLICTING)))
    assert list(thing) == [
        "question", "status", "answer", "sentences", "citations", "conflicts", "rejected", "nearest", "confidence", "notes", "timings_ms", "provenance",
        "kept",
    ]  # fmt: skip
    more = {"text": "$100 billion by 2030", "citation": 1, "start": 48, "end": 68}
    less = {"text": "$30bn by 2025", "citation": 2, "start": 14, "end": 27}
    assert thing["citations"] == [
        {
            "number": 1, "source": "new.txt", "title": "Trade news", "author": None, "date": "2025-12", "publisher": None, "url": None, "page": None,
         "start": 12, "end": 69, "quote": "India and Russia agreed on\ntrade of $100 billion by 2030.", "page_label": None, "phrase": more, "called": None},
        {
            "number": 2, "source": "old.txt", "title": None, "author": None, "date": None, "publisher": None, "url": None, "page": None,
         "start": 0, "end": 28, "quote": "The target is $30bn by 2025.", "page_label": None, "phrase": less, "called": "“The target is $30bn by 2025”"},
    ]  # fmt: skip
    assert [sentence["phrase"] for sentence in thing["sentences"]] == [more, less]
    assert thing["conflicts"] == [
        {
            "about": "the target; old.txt is undated",
            "claims": [
                {"value": "The target is $100 billion by 2030.", "citations": [1], "phrase": more},
                {"value": "Another article says $30bn by 2025.", "citations": [2], "phrase": less},
            ],
        }
    ]
    SCHEMA.validate(thing)


@pytest.mark.parametrize(
    "phrase", [{"text": "", "citation": 1, "start": 0, "end": 1}, {"text": "a", "citation": 1, "start": 0}, "a"]
)
def test_the_schema_refuses_what_is_no_phrase(phrase: object) -> None:
    thing = json.loads(dumps(to_object(CONFLICTING)))
    for part in (thing["sentences"][0], thing["citations"][0], thing["conflicts"][0]["claims"][0]):
        part["phrase"], right = phrase, part["phrase"]
        assert not SCHEMA.is_valid(thing)
        part["phrase"] = right
    assert SCHEMA.is_valid(thing)


def test_json_keeps_letters_where_the_encoding_has_them() -> None:
    assert dumps({"a": "naïve “x”"}) == '{"a": "naïve “x”"}'
    assert dumps({"a": "naïve “x”"}, encoding="latin-1") == '{"a": "na\\u00efve \\u201cx\\u201d"}'
    assert json.loads(dumps({"a": "\ud800"})) == {"a": "\ud800"}


def test_hits_as_json() -> None:
    assert hits_to_object("trade", (hit(),)) == {
        "query": "trade",
        "hits": [
            {
                "source": "new.txt",
                "title": "Trade news",
                "date": "2025-12",
                "start": 12,
                "end": 69,
                "text": NEW.quote,
                "score": 0.734,
            }
        ],
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
        replace(NEW, phrase=replace(MORE, text="$900 billion by 2030")),
        replace(NEW, phrase=replace(MORE, start=MORE.start + 1)),
        replace(NEW, phrase=Phrase("top", 1, 0, 3)),  # outside of the quote
        replace(NEW, phrase=Phrase("", 1, 20, 20)),
    ],
)
def test_a_quote_that_does_not_stand_there_is_never_shown(forged: Citation) -> None:
    for answer in (replace(CONFLICTING, citations=(forged,)), replace(UNANSWERED, nearest=(forged,))):
        with pytest.raises(LibraryError, match="so the answer is withheld"):
            check_quotes(answer, SHELF)
