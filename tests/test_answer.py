"""The whole pipeline with fake models.

What is shown, what is removed, what is refused, and that nothing around a question changes its answer.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.build import add_articles, build
from index.errors import QuestionError
from index.records import Filter, Hit, Metadata
from index.search import search
from index.store import Library
from qa.answering.answer import Assistant, answer
from qa.models.engine import Message
from qa.records import Answer
from qa.render.json import to_object
from qa.settings import Settings
from tests.articles import made
from tests.fakes import FakeEmbedder, FakeModel, Judge, Reply

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "What trade target have the two countries set?"
TARGET = "The two countries have set a target of $100 billion by 2030."
HUNDRED = "The countries set a trade target of $100 billion by 2030."
THIRTY = "The countries set a trade target of $30bn by 2025."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("library")
    build(folder, [SEEDS], FakeEmbedder())
    return Library.open(folder)


def assistant(
    library: Library, replies: Sequence[str] | Reply, *, yes: float | Judge = 0.95, caution: float = 0.5
) -> Assistant:
    settings = Settings(library=library.folder, models=library.folder, caution=caution)
    return Assistant(library, FakeEmbedder(), FakeModel(replies, yes=yes), settings)


def where(words: str, reply: str, otherwise: str) -> Reply:
    """A model that gives one reply where it reads these words, and another elsewhere."""
    return lambda messages: reply if words in messages[-1].content else otherwise


def small(folder: Path, *texts: str) -> Library:
    library = Library.create(folder, FakeEmbedder())
    add_articles(library, [made(f"{n}.txt", text) for n, text in enumerate(texts)], FakeEmbedder())
    return library


def quotes(result: Answer) -> list[str]:
    return [citation.quote for citation in result.citations]


def test_a_draft_in_the_articles_words_is_shown_with_the_sentence_it_comes_from(library: Library) -> None:
    result = answer(QUESTION, assistant(library, [TARGET, "Nothing is said."]), within=Filter(sources=("002*",)))
    assert result.status == "answered"
    assert result.answer == f"{TARGET} [1]"
    text = (SEEDS / "002_f8000c92fed4ad4d.txt").read_text(encoding="utf-8")
    start = text.index(TARGET)
    assert [(c.number, c.source, c.start, c.end, c.quote) for c in result.citations] == [
        (1, "002_f8000c92fed4ad4d.txt", start, start + len(TARGET), TARGET)
    ]


def test_a_figure_that_no_article_gives_is_rejected_and_the_articles_own_sentence_stands_in(library: Library) -> None:
    invented = "The two countries have set a target of $150 billion by 2030."
    result = answer(QUESTION, assistant(library, [invented]), within=Filter(sources=("002*",)))
    assert [(rejected.text, rejected.reason) for rejected in result.rejected] == [
        (invented, "not in its quotes: 150,000,000,000 usd")
    ]
    assert "150" not in result.answer
    assert all(sentence.text in quotes(result) for sentence in result.sentences)


def test_a_model_that_is_not_convinced_makes_a_refusal_with_the_nearest_sentences(library: Library) -> None:
    result = answer(QUESTION, assistant(library, [TARGET], yes=0.02), within=Filter(sources=("002*",)))
    assert (result.status, result.answer, result.sentences, result.citations) == (
        "unanswered",
        "The articles do not answer this question.",
        (),
        (),
    )
    assert TARGET in [citation.quote for citation in result.nearest]
    assert [citation.number for citation in result.nearest] == [1, 2, 3]


def test_caution_moves_the_line(library: Library) -> None:
    within = Filter(sources=("002*",))
    bold, careful = (
        answer(QUESTION, assistant(library, [TARGET], yes=0.8, caution=caution), within=within)
        for caution in (0.01, 0.999)
    )
    assert (bold.status, careful.status) == ("answered", "unanswered")
    assert bold.confidence == pytest.approx(1 - careful.confidence)


def test_articles_with_different_figures_conflict_and_the_undated_one_is_said_to_be(tmp_path: Path) -> None:
    library = small(
        tmp_path,
        HUNDRED,
        THIRTY,
    )

    result = answer(
        "What trade target did the countries set?", assistant(library, where("$100 billion", HUNDRED, THIRTY))
    )
    assert result.status == "conflicting"
    assert [claim.value for claim in result.conflicts[0].claims] == [
        HUNDRED,
        THIRTY,
    ]
    assert (
        result.conflicts[0].about
        == "0.txt is undated and may speak of another time; 1.txt is undated and may speak of another time"
    )
    assert (
        result.answer
        == "The countries set a trade target of $100 billion by 2030. [1] The countries set a trade target of $30bn "
        "by 2025. [2]"
    )


def test_it_is_said_how_many_articles_agree_on_the_first_value(tmp_path: Path) -> None:
    hundred, thirty = (
        HUNDRED,
        THIRTY,
    )
    library = small(
        tmp_path,
        hundred,
        thirty,
        "The leaders met in Delhi. The two countries set a new trade target of US$ 100 bn by 2030.",
    )
    result = answer("What trade target did the countries set?", assistant(library, by_article(hundred, thirty)))
    assert [claim.value for claim in result.conflicts[0].claims] == [hundred, thirty]
    assert result.conflicts[0].about.startswith("2 articles say the first; ")


AMBASSADORS = (
    "Anna Lind is the ambassador to Norway.",
    "Bob Day is the ambassador to Norway.",
    "The ambassador to Norway, Lind, left. He met Tom Ray.",
)


def by_article(*texts: str) -> Reply:
    """A model that says the first of `texts` that it reads."""
    return lambda messages: next((text for text in texts if text in messages[-1].content), texts[0])


def test_articles_with_different_holders_of_one_post_conflict(tmp_path: Path) -> None:
    library = small(tmp_path, AMBASSADORS[0], f"{AMBASSADORS[1]} He came to diplomacy late, after thirty years at sea.")
    result = answer("Who is the ambassador to Norway?", assistant(library, by_article(*AMBASSADORS)))
    assert result.status == "conflicting"
    assert sorted(claim.value for claim in result.conflicts[0].claims) == sorted(AMBASSADORS[:2])


def test_a_sentence_that_names_nobody_speaks_for_nobody(tmp_path: Path) -> None:
    library = small(tmp_path, AMBASSADORS[0], f"{AMBASSADORS[1]} Who is the ambassador? A sailor, once.")
    result = answer("Who is the ambassador to Norway?", assistant(library, by_article(*AMBASSADORS)))
    assert sorted(claim.value for claim in result.conflicts[0].claims) == sorted(AMBASSADORS[:2])


def test_an_article_with_the_same_holder_and_another_person_is_not_even_asked(tmp_path: Path) -> None:
    library = small(tmp_path, AMBASSADORS[0], AMBASSADORS[2])
    asked = assistant(library, [AMBASSADORS[0]])
    assert answer("Who is the ambassador to Norway?", asked).status == "answered"


def test_an_article_about_somebody_else_is_not_asked_when_he_did_it(tmp_path: Path) -> None:
    library = small(
        tmp_path,
        "Jacques Roy was convicted of fraud in 2011.",
        "The clerk of Lund was tried for fraud. He was convicted of fraud in 2006.",
    )
    result = answer(
        "When was Jacques Roy convicted of fraud?",
        assistant(library, by_article("Jacques Roy was convicted of fraud in 2011.")),
    )
    assert (result.status, result.conflicts) == ("answered", ())
    assert [weighed.asked for weighed in result.explanation.weighed if weighed.asked] == []


def test_many_may_do_what_one_did(tmp_path: Path) -> None:
    library = small(tmp_path, "Anna Lind criticised the deal with Norway.", "Bob Day criticised the deal with Norway.")
    result = answer(
        "Who criticised the deal with Norway?", assistant(library, ["Anna Lind criticised the deal with Norway."])
    )
    assert (result.status, result.conflicts) == ("answered", ())


def test_an_article_counts_against_another_only_where_it_would_be_shown_alone(tmp_path: Path) -> None:
    library = small(
        tmp_path,
        HUNDRED,
        THIRTY,
    )

    def judge(messages: Sequence[Message]) -> float:
        return 0.95 if "$100 billion" in messages[-1].content else 0.6

    says = by_article(
        HUNDRED,
        THIRTY,
    )
    bold, careful = (
        answer("What trade target did the countries set?", assistant(library, says, yes=judge, caution=caution))
        for caution in (0.01, 0.7)
    )
    assert (bold.status, careful.status) == ("conflicting", "answered")


def test_an_article_that_says_both_counts_for_what_it_says_otherwise(tmp_path: Path) -> None:
    library = small(
        tmp_path,
        "The visit produced new agreements.",
        "The visit did bring agreements. It did not produce any agreements.",
    )
    says = by_article("The visit produced new agreements.", "The visit did bring agreements.")

    def doubting(messages: Sequence[Message]) -> float:
        return 0.6 if "Answer: It did not" in messages[-1].content else 0.75

    result = answer(
        "Did the visit produce new agreements?",
        assistant(library, says, yes=doubting, caution=0.15),
    )
    assert [claim.value for claim in result.conflicts[0].claims] == [
        "The visit produced new agreements.",
        "It did not produce any agreements.",
    ]


def test_a_refusal_quotes_the_sentence_that_denies_the_premise_and_does_not_show_it_twice(tmp_path: Path) -> None:
    denial = "No deal for the Su-57 jet was signed by India."
    library = small(tmp_path, f"India looked at the Su-57 jet. {denial} The jet is made in Russia.")
    result = answer("When did India buy the Su-57?", assistant(library, [], yes=0.2))
    assert (result.status, result.answer) == ("unanswered", f"The articles do not answer this question. {denial} [1]")
    assert quotes(result) == [denial]
    assert [citation.quote for citation in result.nearest] == [
        "India looked at the Su-57 jet.",
        "The jet is made in Russia.",
    ]
    without = answer("When was the Su-57 built?", assistant(library, [], yes=0.2))
    assert (without.answer, without.citations) == ("The articles do not answer this question.", ())


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        # though it is not two in a hundred away
        ("The bridge was opened in 1902.", "The bridge was opened in 1885, at the river's mouth.", "conflicting"),
        (
            "The bridge was opened on 8 May 1902.",
            "The bridge was opened on 8 May 1905, at the river's mouth.",
            "conflicting",
        ),
        ("The bridge was opened on 8 May 1902.", "The bridge was opened in 1902, at the river's mouth.", "answered"),
        ("The bridge was opened on 8 May.", "The bridge was opened on 9 May, at the river's mouth.", "conflicting"),
    ],
)
def test_times_are_compared_exactly(tmp_path: Path, one: str, other: str, status: str) -> None:
    result = answer("When was the bridge opened?", assistant(small(tmp_path, one, other), by_article(one, other)))
    assert result.status == status


def test_figures_of_the_same_year_are_not_the_same_for_that(tmp_path: Path) -> None:
    texts = (
        "The population of Alder was 174 at the 2011 census.",
        "The population of Alder was 9,523 at the 2011 census, its mayor says.",
    )
    result = answer("What is the population of Alder?", assistant(small(tmp_path, *texts), by_article(*texts)))
    assert result.status == "conflicting"
    assert sorted(claim.value for claim in result.conflicts[0].claims) == sorted(texts)


def test_a_figure_that_stands_with_other_words_is_rejected_and_the_sentence_with_both_is_shown(tmp_path: Path) -> None:
    told = "In the earthquake 116 people died in Izmir, and 1,035 people were hurt."
    result = answer(
        "How many people died in the earthquake in Izmir?",
        assistant(small(tmp_path, told), ["In the earthquake 1,035 people were dead."]),
    )
    assert [sentence.text for sentence in result.sentences] == [told]
    assert [rejected.reason for rejected in result.rejected] == [
        "its quote says 116 where the words of the question stand"
    ]


@pytest.mark.parametrize(("yes", "status"), [(0.95, "answered"), (0.72, "unanswered")])
def test_where_the_premise_is_denied_an_answer_has_to_be_likelier_than_not(
    tmp_path: Path, yes: float, status: str
) -> None:
    denial = "The driver Ivan Roe pleaded not guilty in court."
    beside = "The court held the driver Ivan Roe to be a danger to the public."
    library = small(tmp_path, f"{denial} {beside}")
    result = answer("Why did Ivan Roe plead guilty?", assistant(library, [beside], yes=yes, caution=0.05))
    assert (result.status, quotes(result)) == (status, [denial] if status == "unanswered" else [beside])
    raised = "under the caution of 0.50, raised because a sentence denies what the question takes for granted"
    assert (raised in result.explanation.decision) is (status == "unanswered")


@pytest.mark.parametrize(
    ("date", "notes"),
    [
        ("2024-12-10", ("“this year” in “Trade between them was $68.7 billion this year” is 2024, by its date",)),
        (
            None,
            (
                "“this year” in “Trade between them was $68.7 billion this year” cannot be told without an exact date",
                "source “Trade between them was $68.7 billion this year” carries no date",
            ),
        ),
    ],
)
def test_a_note_says_what_this_year_is_by_the_date_of_the_article(
    tmp_path: Path, date: str | None, notes: tuple[str, ...]
) -> None:
    text = "Trade between them was $68.7 billion this year."
    library = Library.create(tmp_path, FakeEmbedder())
    add_articles(library, [made("a.txt", text, Metadata(date=date))], FakeEmbedder())
    assert answer("What was the trade between them?", assistant(library, [text])).notes == notes


def test_a_rounded_figure_is_no_conflict(tmp_path: Path) -> None:
    library = small(
        tmp_path,
        "Trade between them was $68.7 billion last year.",
        "Trade between them was almost $70 billion last year.",
    )
    result = answer(
        "What was the trade between them?",
        assistant(library, lambda _: "Trade between them was $68.7 billion last year."),
    )
    assert (result.status, result.conflicts) == ("answered", ())


@pytest.mark.parametrize(
    ("other", "status"),
    [("185", "conflicting"), ("nearly 200", "conflicting"), ("187", "conflicting"), ("180", "answered")],
)
def test_counts_are_not_almost_the_same_amounts_are(tmp_path: Path, other: str, status: str) -> None:
    told = [f"The fire at the mill killed {count} people." for count in ("180", other)]
    library = small(tmp_path, *told)
    assert (
        answer("How many people did the fire at the mill kill?", assistant(library, by_article(*told))).status == status
    )


def test_a_count_in_fewer_digits_is_the_same_count(tmp_path: Path) -> None:
    told = ["The fire at the mill killed 7,804 people.", "The fire at the mill killed about 8,000 people."]
    assert (
        answer(
            "How many people did the fire at the mill kill?", assistant(small(tmp_path, *told), by_article(*told))
        ).status
        == "answered"
    )


def test_the_year_that_a_count_is_of_is_no_value_of_it_not_even_2000(tmp_path: Path) -> None:
    told = ["Orrick had 2,764 people at the 2000 census.", "Orrick had 837 people at the 2000 census."]
    assert (
        answer("How many people did Orrick have?", assistant(small(tmp_path, *told), by_article(*told))).status
        == "conflicting"
    )


def test_who_wrote_an_article_is_answered_from_its_byline_without_a_model(library: Library) -> None:
    result = answer("Who wrote the DailyDigest360 piece?", assistant(library, []))
    assert (result.status, "Diya Menon" in result.answer) == ("answered", True)
    assert {citation.source for citation in result.citations} == {"002_f8000c92fed4ad4d.txt"}
    assert any("Diya Menon" in quote for quote in quotes(result))


def test_the_passages_are_told_as_soon_as_they_are_found(library: Library) -> None:
    seen: list[tuple[Hit, ...]] = []
    asked = assistant(library, [TARGET])
    answer(QUESTION, asked, within=Filter(sources=("002*",)), on_hits=seen.append)
    assert [len(found) for found in seen] == [4]


@pytest.mark.parametrize("question", ["", "  \n ", "?!…", "\u200b"])
def test_an_empty_question_is_refused(library: Library, question: str) -> None:
    with pytest.raises(QuestionError, match="the question is empty"):
        answer(question, assistant(library, []))


def test_a_question_of_100_000_characters_is_refused(library: Library) -> None:
    with pytest.raises(QuestionError, match="the question has 100,000 characters; at most 2,000 can be asked"):
        answer("a" * 100_000, assistant(library, []))


@pytest.mark.parametrize("question", ["Какова цель торговли?", "貿易目標は何ですか", "ما هو هدف التجارة؟"])
def test_a_question_in_another_alphabet_is_refused_or_answered_but_never_fails(library: Library, question: str) -> None:
    assert answer(question, assistant(library, ["Nothing."], yes=0.1)).status == "unanswered"


def test_the_order_of_questions_does_not_show(library: Library) -> None:
    questions = [
        QUESTION,
        "What does the Quad consist of?",
        "Who wrote the DailyDigest360 piece?",
        "What is INSTC short for?",
        "Which airline flew Putin?",
    ]

    def echo(messages: Sequence[Message]) -> str:
        return messages[-1].content.split("\n")[1].removeprefix("- ")

    def one_by_one() -> dict[str, object]:
        return {question: _bytes(answer(question, assistant(library, echo))) for question in questions}

    expected = one_by_one()
    chance = random.Random(7)
    for _ in range(3):
        chance.shuffle(questions)
        shared = assistant(library, echo)
        assert {question: _bytes(answer(question, shared)) for question in questions} == expected


def _bytes(result: Answer) -> dict[str, object]:
    return to_object(result) | {"timings_ms": {}}


def test_a_draft_that_reports_words_nobody_said_is_rejected(tmp_path: Path) -> None:
    library = small(tmp_path, "Putin’s visit to India marked a strategic partnership. Nobody spoke to the press.")
    result = answer(
        "How did Putin describe India?", assistant(library, ["Putin described India as a strategic partnership."])
    )
    assert [rejected.reason for rejected in result.rejected] == ["the articles do not say this: described"]
    assert "described" not in result.answer


def test_the_value_that_more_articles_give_comes_first(tmp_path: Path) -> None:
    library = small(
        tmp_path,
        THIRTY,
        HUNDRED,
        "A target of US$ 100 billion in trade was set by the countries for 2030.",
    )

    result = answer("What trade target did the countries set?", assistant(library, where("$30bn", THIRTY, HUNDRED)))
    assert [claim.value for claim in result.conflicts[0].claims] == [
        HUNDRED,
        THIRTY,
    ]
    assert [sentence.text for sentence in result.sentences] == [claim.value for claim in result.conflicts[0].claims]
    assert [len(claim.citations) for claim in result.conflicts[0].claims] == [2, 1]
    assert result.conflicts[0].about.startswith("2 articles say the first; ")


def test_a_name_that_nothing_found_mentions_raises_the_caution_and_is_told(tmp_path: Path) -> None:
    told = "The minister hailed the visit as a turning point."
    library = small(tmp_path, told)
    unsure = assistant(library, [told, told], yes=0.75, caution=0.15)
    assert answer("What did the minister say about the visit?", unsure).status == "answered"
    refused = answer("What did Zelensky say about the visit?", unsure)
    assert refused.status == "unanswered"
    assert refused.notes[0] == "no passage that was found mentions Zelensky"
    assert refused.explanation.decision.endswith(
        "under the caution of 0.50, raised because no passage that was found mentions Zelensky"
    )


def test_what_somebody_said_is_sought_with_the_word_that_tells_it(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    library = small(tmp_path, "“A friend,” Putin said of India.")
    model = FakeModel(["“A friend,” Putin said of India.", "It is a country."], yes=0.95)
    asked = Assistant(library, embedder, model, Settings(library=library.folder, models=library.folder))
    answer("How did Putin describe India?", asked)
    assert set(embedder.queries[:2]) == {"How did Putin describe India? said"}
    embedder.queries.clear()
    answer("What is India?", asked)
    assert set(embedder.queries[:2]) == {"What is India?"}


def test_articles_that_the_question_does_not_find_are_quoted_where_they_say_the_same(tmp_path: Path) -> None:
    told, again = (
        "Norway set a target of 40 ships for the harbour.",
        "A target of 40 ships for the harbour was set, Norway says.",
    )
    beside = "Which goal did the parliament name, nobody knows."
    library = small(tmp_path, told, again, beside)
    settings = Settings(library=library.folder, models=library.folder, passages=2)
    asked = Assistant(library, FakeEmbedder(), FakeModel([told], yes=0.95), settings)
    question = "Which goal did Norway name, of ships for the harbour?"
    assert {hit.passage.source for hit in search(question, library, FakeEmbedder(), k=2)} == {"0.txt", "2.txt"}
    result = answer(question, asked)
    assert quotes(result) == [told, again]
    assert "2 articles say this" in result.notes


def test_a_copy_that_the_question_does_not_find_is_no_second_article(tmp_path: Path) -> None:
    told = "Norway set a target of 40 ships for the harbour."
    story = f"{told} The mayor of the town was glad. Fishermen had asked for it since the storm of last winter took nine boats and the old pier away."
    library = small(tmp_path, f"{story} A vote follows.", story)
    asked = Assistant(
        library,
        FakeEmbedder(),
        FakeModel([told], yes=0.95),
        Settings(library=library.folder, models=library.folder, passages=1),
    )
    assert quotes(answer("Which target did Norway set?", asked)) == [told]
