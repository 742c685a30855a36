"""Articles into sentences and passages: exact offsets, and the slice invariant on whatever text there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import LONGEST_SENTENCE, MOST, Draft, embedded_text, passages
from index.records import Article, Metadata, Region, RegionKind
from index.sentences import sentences
from tests.articles import made


def article(*parts: tuple[RegionKind | None, str], between: str = "\n") -> Article:
    """An article of these regions in this order; a part of kind None is furniture."""
    text, regions = "", []
    for kind, part in parts:
        if kind is not None:
            regions.append(Region(len(text), len(text) + len(part), kind))
        text += part + between
    return made("a.txt", text, regions=regions)


def words(count: int, word: str = "word") -> str:
    """A sentence of `count` words."""
    return " ".join([word.capitalize(), *[word] * (count - 1)]) + "."


def cut(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One came. Two went.", ["One came.", "Two went."]),
        (
            "Dr. Smith of the U.S. Senate paid $1.5 million. He left.",
            ["Dr. Smith of the U.S. Senate paid $1.5 million.", "He left."],
        ),
        ("It is underway to\n\ncater to them. Good.", ["It is underway to\n\ncater to them.", "Good."]),
        ("One.\r\nTwo is \U0001f600\U0001f600.\r\nThree.", ["One.", "Two is \U0001f600\U0001f600.", "Three."]),
        (
            "It helps “various sectors”.“Under it we grow,” he said.",
            ["It helps “various sectors”.", "“Under it we grow,” he said."],
        ),
        (
            "He left for their relations.The next day he came back.",
            ["He left for their relations.", "The next day he came back."],
        ),
        ("“We did it. We won,” Modi said. He left.", ["“We did it. We won,” Modi said.", "He left."]),
        ('"The people want a trial." Pelosi said. It began.', ['"The people want a trial." Pelosi said.', "It began."]),
        ("Infection with E. coli is rare. (It spreads.)", ["Infection with E. coli is rare.", "(It spreads.)"]),
        ("Visit example.com or v2.0 now. Go.", ["Visit example.com or v2.0 now.", "Go."]),
        ("no end", ["no end"]),
        (" \n\t ", []),
        ("", []),
    ],
)
def test_sentences_are_whole(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_a_long_quotation_is_split_inside() -> None:
    quoted = f"He said: “{words(30, 'first')} {words(30, 'second')}”"
    assert cut(quoted) == [f"He said: “{words(30, 'first')}", f"{words(30, 'second')}”"]


def test_sentences_of_a_span_have_offsets_in_the_text() -> None:
    text = "Furniture. One came. Two went. Furniture."
    found = sentences(text, 11, 30)
    assert [(one.start, one.end, one.text) for one in found] == [(11, 20, "One came."), (21, 30, "Two went.")]


@given(
    st.text(alphabet=st.sampled_from("aB .!?“”\"'’()\n\r\t\u2028\U0001f600é…;,0"), max_size=400),
    st.integers(0, 30),
    st.integers(0, 30),
)
def test_sentences_are_slices_and_lose_nothing(text: str, before: int, after: int) -> None:
    start = min(before, len(text))
    end = max(start, len(text) - after)
    found = sentences(text, start, end)
    assert all(text[one.start : one.end] == one.text == one.text.strip() != "" for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert "".join("".join(one.text.split()) for one in found) == "".join(text[start:end].split())


def test_a_paragraph_that_fits_stays_whole_and_small_ones_share_a_passage() -> None:
    one, two, three = words(60, "one"), words(50, "two"), words(100, "three")
    drafts = passages(article(("body", one), ("body", two), ("body", three)))
    assert [draft.text for draft in drafts] == [f"{one}\n{two}", three]
    assert [(draft.start, draft.end) for draft in drafts] == [
        (0, len(one) + 1 + len(two)),
        (len(one) + len(two) + 2, len(one) + len(two) + 2 + len(three)),
    ]
    assert [[sentence.text for sentence in draft.sentences] for draft in drafts] == [[one, two], [three]]


def test_a_long_paragraph_is_cut_evenly_between_sentences() -> None:
    one = words(40, "one")
    drafts = passages(article(("body", " ".join([one] * 5))))
    assert [draft.text for draft in drafts] == [f"{one} {one} {one}", f"{one} {one}"]


@pytest.mark.parametrize("kind", ["heading", "credit", None])
def test_no_passage_crosses_what_is_not_body(kind: RegionKind | None) -> None:
    drafts = passages(article(("body", "One came."), (kind, "Advertisement"), ("body", "Two went.")))
    assert [(draft.start, draft.end, draft.text) for draft in drafts] == [(0, 9, "One came."), (24, 33, "Two went.")]


def test_a_passage_carries_the_last_heading() -> None:
    drafts = passages(
        article(
            ("body", "One."),
            ("heading", "First\tpart"),
            ("body", "Two."),
            ("credit", "By X"),
            ("body", "Three."),
            ("heading", "End"),
        )
    )
    assert [(draft.text, draft.heading) for draft in drafts] == [
        ("One.", None),
        ("Two.", "First part"),
        ("Three.", "First part"),
    ]


def test_only_a_single_sentence_is_longer_than_a_passage() -> None:
    long = words(LONGEST_SENTENCE)
    drafts = passages(article(("body", f"{words(20)} {long} {words(20)}")))
    assert [draft.text for draft in drafts] == [words(20), long, words(20)]


def test_an_endless_sentence_is_cut_at_clauses() -> None:
    clause = " ".join(["word"] * 49) + " end;"  # 50 words
    drafts = passages(article(("body", " ".join([clause] * 8))))
    pieces = [sentence.text for draft in drafts for sentence in draft.sentences]
    assert pieces == [f"{clause} {clause}", f"{clause} {clause}", " ".join([clause] * 4)]


def test_text_without_spaces_is_cut_too() -> None:
    drafts = passages(article(("body", "汉" * 5000)))
    assert "".join(draft.text for draft in drafts) == "汉" * 5000
    assert max(len(draft.text) for draft in drafts) <= LONGEST_SENTENCE * 10


def test_an_article_without_body_has_no_passages() -> None:
    assert passages(article(("credit", "By X"), (None, "top of page"))) == ()


def test_the_embedder_reads_title_date_and_heading_first() -> None:
    draft = Draft(0, 3, "Go.", "Part", ())
    assert embedded_text(Metadata(title="News", date="2025-12"), draft) == "News · 2025-12 · Part\nGo."
    assert embedded_text(Metadata(), Draft(0, 3, "Go.", None, ())) == "Go."


PIECES = st.tuples(st.sampled_from(["body", "body", "heading", "credit", None]), st.text(min_size=1, max_size=300))


@given(st.lists(PIECES, max_size=8), st.sampled_from(["\n", "\r\n\r\n", ""]))
def test_passages_are_slices_of_body_and_lose_nothing(parts: list[tuple[RegionKind | None, str]], between: str) -> None:
    whole = article(*parts, between=between)
    drafts = passages(whole)
    for draft in drafts:
        assert whole.text[draft.start : draft.end] == draft.text
        assert (draft.sentences[0].start, draft.sentences[-1].end) == (draft.start, draft.end)
        assert all(whole.text[one.start : one.end] == one.text for one in draft.sentences)
    body = "".join(whole.text[region.start : region.end] for region in whole.regions if region.kind == "body")
    assert "".join("".join(one.text.split()) for draft in drafts for one in draft.sentences) == "".join(body.split())


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30))
def test_no_passage_is_larger_than_the_most(sizes: list[int]) -> None:
    drafts = passages(article(("body", " ".join(words(size) for size in sizes))))
    assert all(len(draft.text.split()) <= MOST for draft in drafts)
