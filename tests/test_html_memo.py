"""The HTML memo as text: what is marked, what is escaped, what the policy allows.

How it behaves is in tests/browser.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LibraryError
from index.records import Article, Metadata, Region
from qa.memo.records import Cite, Disagreement, Finding, Memo, Note, Position, Section, Span, Statement, anchor, plain
from qa.render.harmless import harmless, one_line
from qa.render.html import page
from qa.render.html.quotations import Quotation
from qa.render.html.sources import marked, paragraphs
from qa.render.html.words import rich, slice_of
from qa.verify.check import checked, shelf
from qa.verify.html import html
from tests.markup import Element, parse
from tests.memo_sample import article, notes_of, over_the_seeds, references_of, seeds, small

HOSTILE = '</p></script><script>window.owned=1</script><img src=x onerror="window.owned=1"> \' " &amp; {title} ]]> <!-- a\x1b[2Jb \u202ec\u202c d\u200be'
SHOWN = (
    HOSTILE.replace("\x1b", "‹U+001B›")
    .replace("\u202e", "‹U+202E›")
    .replace("\u202c", "‹U+202C›")
    .replace("\u200b", "‹U+200B›")
)


def test_every_quote_is_marked_once_with_its_own_words_and_its_footnote_leads_there() -> None:
    memo, articles = over_the_seeds()
    root = parse(page(memo, articles))
    for note in memo.notes:
        element = root.one(data_note=str(note.number))
        ways = element.all("a", class_="show")
        assert len(ways) == len(note.cites)
        for cite, way in zip(note.cites, ways, strict=True):
            mark = root.one("mark", id=_target(way))
            assert mark.text == cite.quote
            assert len(root.all("mark", data_quote=mark.attributes["data-quote"] or "")) == 1
            assert mark in root.one(data_article=cite.source).all("mark")
            assert root.one(data_mark=str(note.number)).attributes["href"] == f"#note-{note.number}"
            assert [
                _target(back)
                for back in root.all("a", class_="back")
                if back.attributes["data-back"] == str(note.number)
            ] == [f"mark-{note.number}"] * len(note.cites)


def test_the_text_of_an_article_is_the_article_letter_for_letter() -> None:
    memo, articles = over_the_seeds()
    root = parse(page(memo, articles))
    assert {each.attributes["data-article"]: each.text for each in root.all(class_="text")} == {
        name: each.text for name, each in articles.items()
    }


def test_a_footnote_reads_as_all_formats_have_agreed() -> None:
    memo, articles = over_the_seeds()
    root = parse(page(memo, articles))
    for note in memo.notes:
        cites = [each for each in root.one(data_note=str(note.number)).all("span") if "data-cite" in each.attributes]
        assert [each.text for each in cites] == [
            f"{plain(cite.credit)} “{one_line(cite.quote)}” {anchor(cite)}" for cite in note.cites
        ]


@pytest.mark.parametrize("crlf", [False, True])
def test_qa_verify_finds_nothing_wrong_with_it_and_sees_a_changed_word(crlf: bool) -> None:
    memo, articles = over_the_seeds()
    if crlf:
        articles = {"a.txt": article("a.txt", "One two\u202e\r\nthree. Co\u00adop \u200cfour.\r\n")}
        memo = small(articles, [("a", "two\u202e\r\nthree."), ("a", "One")])
    text = page(memo, articles)
    library = shelf(articles, articles.__getitem__, "l1")
    count = sum(len(note.cites) for note in memo.notes)
    assert [check.outcome for check in checked(html(text, "memo.html"), library)] == ["ok"] * count
    word = "Coop" if crlf else "most details under wraps"
    outcomes = [check.outcome for check in checked(html(text.replace(word, "no such words"), "memo.html"), library)]
    assert set(outcomes) - {"ok"} == ({"changed text"} if crlf else {"changed words", "changed text"})


def test_every_link_within_the_page_leads_somewhere_and_no_name_is_given_twice() -> None:
    root = parse(page(*over_the_seeds()))
    names = [each.attributes["id"] for each in root.all() if "id" in each.attributes]
    assert sorted(set(names), key=str) == sorted(names, key=str)
    links = [each.attributes["href"] or "" for each in root.all("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(names)


def test_nothing_is_loaded_and_other_sites_are_opened_only_by_the_reader() -> None:
    text = page(*over_the_seeds())
    root = parse(text)
    assert {each.tag for each in root.all()} & {
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "base",
        "form",
        "source",
        "use",
    } == set()
    attributes = {name for each in root.all() for name in each.attributes}
    assert {
        name for name in attributes if name.startswith("on") or name in {"src", "srcset", "style", "action", "ping"}
    } == set()
    assert (
        re.findall(
            r"url\(|@import|https?://|fetch\(|XMLHttp"
            r"|import\(",
            root.one("style").text + root.one("script").text,
        )
        == []
    )
    outside = [each for each in root.all("a") if not (each.attributes["href"] or "").startswith("#")]
    assert {each.attributes["href"] for each in outside} == {
        "https://www.aviation-defence-universe.com/putins-india-visit-a-strategic-reset-in-india-russia-relations/"
    }
    assert {(each.attributes["target"], each.attributes["rel"]) for each in outside} == {
        ("_blank", "noopener noreferrer")
    }


def test_the_policy_names_the_style_and_the_script_that_are_in_the_page_and_nothing_else() -> None:
    root = parse(page(*over_the_seeds()))
    policy = next(
        each.attributes["content"]
        for each in root.all("meta")
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    expected = (
        f"default-src 'none'; style-src '{_sha(root.one('style').text)}'; script-src "
        f"'{_sha(root.one('script').text)}'; base-uri 'none'; form-action 'none'"
    )
    assert policy == expected


def test_nothing_in_a_memo_or_an_article_becomes_markup() -> None:
    metadata = Metadata(
        title=HOSTILE, author=HOSTILE, date=None, publisher=HOSTILE, url="javascript:alert(1)//" + HOSTILE
    )
    articles = {HOSTILE: article(HOSTILE, f"{HOSTILE} It was said.", metadata=metadata)}
    memo = small(articles, [("<", "</script>"), ("<", HOSTILE)], title=HOSTILE, question=HOSTILE, text=HOSTILE)
    differing = Disagreement((Position(HOSTILE, (HOSTILE,), 1),))
    section = replace(
        memo.sections[0], heading=HOSTILE, findings=(replace(memo.sections[0].findings[0], disagreements=(differing,)),)
    )
    root = parse(page(replace(memo, recipient=HOSTILE, sender=HOSTILE, sections=(section,)), articles))
    usual = parse(page(*over_the_seeds()))
    assert {each.tag for each in root.all()} <= {each.tag for each in usual.all()}
    assert {name for each in root.all() for name in each.attributes} <= {
        name for each in usual.all() for name in each.attributes
    }
    assert len(root.all("script")) == 1
    assert (
        root.one("h1").text
        == root.one("h2", id="section-1").text
        == root.one("h3", id="source-1-title").text
        == one_line(SHOWN)
    )
    assert root.one(class_="text").text == f"{SHOWN} It was said."
    assert [each.text for each in root.all("mark")] == [SHOWN, "</script>"]
    assert "javascript:" not in "".join(each.attributes["href"] or "" for each in root.all("a"))
    assert root.one("div", class_="address").text.startswith("addressjavascript:alert(1)//</p>")


@pytest.mark.parametrize(
    ("text", "start", "end", "shown"),
    [
        ("a\r\nb\rc", 0, 6, "a\r\nb\rc"),
        ("a\r\nb", 2, 4, "\nb"),
        ("x\u202ey", 0, 3, "x‹U+202E›y"),
        ("می\u200cخواهم", 2, 4, "\u200cخ"),  # part of a word's spelling, though the word begins in another piece
        ("ad\u200cmin", 2, 4, "‹U+200C›m"),
        ("a\r\u200cb", 0, 4, "a\r‹U+200C›b"),
        ("co\u00adop", 0, 5, "coop"),
        ("\ud800<", 0, 2, "‹U+D800›<"),
    ],
)
def test_a_slice_keeps_its_letters_and_line_ends_and_shows_what_is_invisible(
    text: str, start: int, end: int, shown: str
) -> None:
    markup = slice_of(text, start, end)
    assert parse(markup).text == shown
    assert "\r" not in markup


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        ([(0, 3)], '<mark id="quote-1" tabindex="-1" data-quote="1">abc</mark>{1}defgh'),
        (
            [(2, 4), (4, 6)],
            'ab<mark id="quote-1" tabindex="-1" data-quote="1">cd</mark>{1}<mark id="quote-2" '
            'tabindex="-1" data-quote="2">ef</mark>{2}gh',
        ),
        (
            [(0, 8), (2, 4)],
            '<mark id="quote-1" tabindex="-1" data-quote="1">ab<mark id="quote-2" tabindex="-1" '
            'data-quote="2">cd</mark>{2}efgh</mark>{1}',
        ),
        (
            [(2, 8), (2, 4)],
            'ab<mark id="quote-1" tabindex="-1" data-quote="1"><mark id="quote-2" tabindex="-1" '
            'data-quote="2">cd</mark>{2}efgh</mark>{1}',
        ),
        (
            [(0, 5), (3, 8)],
            '<mark id="quote-1" tabindex="-1" data-quote="1">abc<mark id="quote-2" tabindex="-1" '
            'data-quote="2">de</mark></mark>{1}'
            '<mark data-quote="2">fgh</mark>{2}',
        ),
    ],
)
def test_quotes_that_touch_contain_or_overlap_each_other_are_marked_properly(
    quotes: list[tuple[int, int]], expected: str
) -> None:
    marks = [Quotation(number, "a.txt", start, end, (number,)) for number, (start, end) in enumerate(quotes, start=1)]
    ways = {str(number): _way_back(number) for number in (1, 2)}
    assert marked(article("a.txt", "abcdefgh"), 0, 8, marks) == expected.replace("{1}", ways["1"]).replace(
        "{2}", ways["2"]
    )


WORDS = st.text(st.sampled_from("ab c\n<&\u202e\r"), min_size=1, max_size=30)
SPANS = st.lists(st.tuples(st.integers(0, 29), st.integers(1, 12)), max_size=6)


@given(WORDS, SPANS, SPANS)
def test_however_quotes_and_paragraphs_lie_the_pieces_of_a_quote_are_its_words(
    text: str, quoted: list[tuple[int, int]], bodies: list[tuple[int, int]]
) -> None:
    spans = sorted(
        {(start, min(start + length, len(text))) for start, length in quoted if start < len(text)},
        key=lambda each: (each[0], -each[1]),
    )
    regions: list[Region] = []
    for start, length in sorted(bodies):
        if start < len(text) and (not regions or start >= regions[-1].end):
            regions.append(Region(start, min(start + length, len(text)), "body"))
    whole = replace(article("a.txt", text), regions=tuple(regions))
    marks = [Quotation(number, "a.txt", start, end, ()) for number, (start, end) in enumerate(spans, start=1)]
    root = parse("".join(marked(whole, start, end, marks) for start, end, _ in paragraphs(whole)))
    assert root.text == text.replace("\u202e", "‹U+202E›")
    for mark in marks:
        pieces = root.all("mark", data_quote=str(mark.number))
        assert "".join(each.text for each in pieces) == text[mark.start : mark.end].replace("\u202e", "‹U+202E›")
        assert [each.attributes.get("id") for each in pieces] == [f"quote-{mark.number}", *[None] * (len(pieces) - 1)]


def test_a_quote_cited_twice_is_marked_once_and_leads_back_to_both_sentences() -> None:
    articles = {"a.txt": article("a.txt", "One thing. Another.")}
    root = parse(page(small(articles, [("a", "One thing.")], [("a", "One thing.")]), articles))
    assert root.one("mark").text == "One thing."
    assert [back.attributes["aria-label"] for back in root.all("a", class_="back")] == [
        "Back to note 1 in the memo",
        "Back to note 2 in the memo",
    ]


def test_page_furniture_is_set_apart_and_line_ends_between_paragraphs_are_kept() -> None:
    whole = Article(
        "a.txt",
        "top of page\n\nBody.\r\nMore.\n\n",
        "utf-8",
        Metadata(),
        (Region(13, 18, "body"), Region(20, 25, "heading")),
        (),
        (),
        "",
    )
    assert list(paragraphs(whole)) == [
        (0, 11, "furniture"),
        (11, 13, ""),
        (13, 18, "body"),
        (18, 20, ""),
        (20, 25, "heading"),
        (25, 27, ""),
    ]


def test_pages_of_a_pdf_are_numbered_without_adding_to_its_text() -> None:
    whole = replace(article("a.pdf", "One. Two. Three."), page_starts=(0, 5))
    assert (
        marked(whole, 0, 16, [])
        == '<span class="page" data-page="1"></span>One. <span class="page" data-page="2"></span>Two. Three.'
    )


def test_what_is_known_of_an_article_stands_over_its_text_and_a_missing_date_is_said() -> None:
    known = Metadata(
        title="Trade <news>",
        author="A. Writer",
        date="2025-12",
        publisher="The Paper",
        url="https://example.org/a?b=1&c=2",
    )
    articles = {"a.txt": article("a.txt", "It is so.", metadata=known), "b.txt": article("b.txt", "It is not.")}
    root = parse(page(small(articles, [("a", "It is so."), ("b", "It is not.")]), articles))
    first, second = root.all("section", class_="source")
    assert [(each.one("dt").text, each.one("dd").text) for each in first.one("dl").all("div")] == [
        ("author", "A. Writer"),
        ("publisher", "The Paper"),
        ("date", "December 2025"),
        ("file", "a.txt"),
        ("address", "https://example.org/a?b=1&c=2"),
    ]
    assert first.one("h3").text == "Trade <news>"
    assert first.one("a", class_="out").attributes["href"] == "https://example.org/a?b=1&c=2"
    assert second.one("h3").text == "“It is not”"
    assert [(each.one("dt").text, each.one("dd").text) for each in second.one("dl").all("div")] == [
        ("date", "undated"),
        ("file", "b.txt"),
    ]
    assert [each.text for each in root.one(id="shelf").all("p")][1:] == [
        "A. Writer, The Paper, December 2025 · 1 quote",
        "undated · 1 quote",
    ]


def test_a_disagreement_is_a_paragraph_of_its_own_that_names_who_says_what() -> None:
    root = parse(page(*over_the_seeds()))
    box = root.one(class_="differ")
    assert box.one("p").text == "The sources differ:"
    assert [each.text for each in box.all("li")] == [
        "$100 billion by 20301 — an unsigned article (undated); Diya Menon, DailyDigest360 (2025); Jai Kumar Verma "
        "(10 December 2025)",
        "$30bn by the end of 20252 — an unsigned article (undated)",
    ]
    assert [each.one("strong").text for each in box.all("li")] == ["$100 billion by 2030", "$30bn by the end of 2025"]


def phrased(phrase: tuple[int, int], *, text: str = "So: it is *so*,\nand so.") -> str:
    """The page of a memo that quotes `text` with a phrase in it."""
    articles = {"a.txt": article("a.txt", f"Before. {text} After.")}
    memo = small(articles, [("a", text)])
    cite = replace(memo.notes[0].cites[0], phrase=(8 + phrase[0], 8 + phrase[1]))
    return page(replace(memo, notes=(Note(1, (cite,)),)), articles)


@pytest.mark.parametrize(
    ("phrase", "note", "source"),
    [
        (
            (4, 22),
            'So: <strong class="phrase">it is *so*, and so</strong>.',
            'So: <strong class="phrase">it is *so*,\nand so</strong>.',
        ),
        (
            (0, 2),
            '<strong class="phrase">So</strong>: it is *so*, and so.',
            '<strong class="phrase">So</strong>: it is *so*,\nand so.',
        ),
        (
            (0, 23),
            '<strong class="phrase">So: it is *so*, and so.</strong>',
            '<strong class="phrase">So: it is *so*,\nand so.</strong>',
        ),
    ],
)
def test_the_phrase_is_set_apart_in_the_note_and_in_the_article(
    phrase: tuple[int, int], note: str, source: str
) -> None:
    made = phrased(phrase)
    assert f'<span class="quoted">{note}</span>' in made
    assert f'<mark id="quote-1" tabindex="-1" data-quote="1">{source}</mark>' in made


def test_a_phrase_that_its_quote_does_not_hold_makes_no_page() -> None:
    with pytest.raises(LibraryError, match="so the memo is withheld"):
        phrased((4, 24))


def test_phrases_of_quotes_that_overlap_are_cut_where_these_are() -> None:
    whole = article("a.txt", "One two three four.")
    quotes = [Quotation(1, "a.txt", 0, 13, (1,), ((4, 13),)), Quotation(2, "a.txt", 8, 19, (2,), ((8, 18),))]
    assert re.sub(r"<a [^>]*></a>", "", marked(whole, 0, 19, quotes)) == (
        '<mark id="quote-1" tabindex="-1" data-quote="1">One <strong class="phrase">two </strong><mark id="quote-2" '
        'tabindex="-1" data-quote="2">'
        '<strong class="phrase">three</strong></mark></mark><mark data-quote="2"><strong class="phrase"> '
        "four</strong>.</mark>"
    )


def test_what_was_refused_is_listed_with_what_the_articles_say_against_it() -> None:
    refused = parse(page(*over_the_seeds())).one("section", class_="refusals")
    assert refused.one("h2").text == "Not in the sources"
    assert [" ".join(each.text.split()) for each in refused.all("li")] == [
        "What did the summit cost?",
        "Did the two countries agree to triple their trade by 2026? The target they fixed is US$ 100 billion by "
        "2030.11",
    ]


def test_formatted_words_keep_their_form_and_only_web_addresses_are_linked() -> None:
    spans = (
        Span("A <i> "),
        Span("Title", italic=True, bold=True),
        Span("n", superscript=True),
        Span("X", small_caps=True),
        Span("https://e.org/", url="https://e.org/"),
        Span("no", url="javascript:1"),
    )
    assert rich(spans) == (
        'A &lt;i&gt; <strong><em>Title</em></strong><sup>n</sup><span class="small-caps">X</span>'
        '<a class="out" href="https://e.org/" target="_blank" rel="noopener noreferrer">https://e.org/</a>no'
    )


@pytest.mark.parametrize(
    "change", [{"quote": "It was sad."}, {"start": 1}, {"end": 99}, {"source": "b.txt"}, {"start": -11}]
)
def test_a_quote_that_is_not_in_its_article_withholds_the_memo(change: dict[str, str | int]) -> None:
    articles = {"a.txt": article("a.txt", "It was said.")}
    memo = small(articles, [("a", "It was said.")])
    wrong: Cite = replace(memo.notes[0].cites[0], **change)  # type: ignore[arg-type]  # one field at a time
    with pytest.raises(LibraryError, match="so the memo is withheld"):
        page(replace(memo, notes=(Note(1, (wrong,)),)), articles)


def test_a_memo_in_which_everything_was_refused_is_still_a_memo() -> None:
    memo, _ = over_the_seeds()
    bare: Memo = replace(memo, sections=(Section("Trade", ()),), refusals=memo.refusals[:1], notes=(), references=())
    root = parse(page(bare, {}))
    assert [each.text for each in root.all("h2")] == ["Trade", "Not in the sources", "The sources"]
    assert root.one(class_="hint").text == "The memo cites no article."
    assert root.all("nav") == []


def test_the_same_memo_gives_the_same_page() -> None:
    assert page(*over_the_seeds()) == page(*over_the_seeds())


def test_an_article_that_is_not_cited_is_not_in_the_page() -> None:
    articles = {"a.txt": article("a.txt", "It was said."), "b.txt": article("b.txt", "A secret.")}
    assert "secret" not in page(small(articles, [("a", "It was said.")]), articles)


def test_questions_answered_alike_stand_over_one_paragraph() -> None:
    articles = seeds()
    notes = notes_of(
        [[("000", "The joint statement gave a target of bilateral trade worth $100 billion by 2030.")]], articles
    )
    memo = small(articles)
    finding = Finding(("One?", "Two?"), (Statement("Yes.", 1),), ())
    root = parse(
        page(
            replace(memo, sections=(Section("S", (finding,)),), notes=notes, references=references_of(notes, articles)),
            articles,
        )
    )
    heading = root.one(id="memo").one("h3")
    assert [part if isinstance(part, str) else part.tag for part in heading.content] == ["One?", "br", "Two?"]
    assert root.one(class_="claim").text == "Yes.1"


def test_the_shown_text_is_that_of_the_other_renderers() -> None:
    text = "a\x07b می\u200cخ 👩\u200d🔬 c\u00add\n"
    assert parse(slice_of(text, 0, len(text))).text == harmless(text)


def _target(link: Element) -> str:
    return (link.attributes["href"] or "").removeprefix("#")


def _way_back(note: int) -> str:
    return f'<a class="back" href="#mark-{note}" data-back="{note}" aria-label="Back to note {note} in the memo"></a>'


def _sha(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
