"""A named phrase: asked for, found in the articles, proved, shown with the quote that holds it.

Or refused, with the quote that came nearest.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.build import add_articles
from index.records import Filter, Metadata
from index.store import Library
from qa.answering.answer import Assistant, answer
from qa.answering.evidence import Evidence
from qa.answering.phrase import phrasal
from qa.answering.prompt import AGREED, ANSWERABLE, CONFIRMED, DRAFT, DRAFT_FULL, PHRASE, STATED
from qa.answering.question import parse
from qa.answering.reading import reading
from qa.models.engine import Message
from qa.records import Answer, Phrase
from qa.settings import Settings
from tests import articles
from tests.fakes import FakeEmbedder, FakeModel, Judge

TERMINAL = (
    "The ministry opened a grain terminal at Westerby on 4 March 2025. The terminal cost 40 million euros. Its "
    "director is Maria Olsen, a former pilot. "
    "She said that the quay would employ 230 people by the summer."
)
NURSERY = (
    "Gardeners in Easterby grow roses and herbs in the old nursery. The nursery opened in 1902 and has two greenhouses."
)

COSTS, DAYS, NAMES = (
    ("40 million euros", "70 million euros"),
    ("4 March 2025", "6 June 2025"),
    ("Maria Olsen", "Jonas Berg"),
)


def made(folder: Path, *texts: str, title: str | None = None) -> Library:
    library = Library.create(folder, FakeEmbedder())
    known = Metadata(title=title)
    add_articles(
        library,
        [articles.made(f"{n}.txt", text, known) for n, text in enumerate(texts)],
        FakeEmbedder(),
    )
    return library


def asked(library: Library, question: str, model: FakeModel, *, caution: float | None = None) -> Answer:
    return answer(
        question,
        Assistant(
            library, FakeEmbedder(), model, Settings(library=library.folder, models=library.folder, caution=caution)
        ),
    )


def sees_phrases(messages: Sequence[Message]) -> float:
    """Sure of what is read as passages, and of no sentence."""
    return 0.97 if messages[-1].content.endswith((STATED, AGREED)) else 0.02


def naming(*phrases: str, yes: float | Judge = sees_phrases) -> FakeModel:
    return FakeModel(lambda _: "", phrases=phrases, yes=yes)


def sure(reply: str = "", *phrases: str, yes: float | Judge = 0.97) -> FakeModel:
    return FakeModel(lambda _: reply, phrases=phrases, yes=yes)


def test_a_phrase_is_shown_in_a_sentence_that_holds_it_with_its_place_in_the_quote(tmp_path: Path) -> None:
    library = made(tmp_path / "l", TERMINAL, NURSERY)
    result = asked(
        library, "How much did the terminal cost?", sure("The terminal cost 40 million euros.", "€40 million")
    )
    start = TERMINAL.index("40 million euros")
    assert (result.status, result.answer) == ("answered", "The terminal cost 40 million euros. [1]")
    assert result.sentences[0].phrase == Phrase("40 million euros", 1, start, start + len("40 million euros"))
    assert result.citations[0].quote == "The terminal cost 40 million euros."
    assert result.citations[0].phrase == result.sentences[0].phrase


@pytest.mark.parametrize("phrase", ["not stated", "55 million euros", "The terminal", "Westerby"])
def test_a_sentence_stays_unmarked_where_no_words_of_it_and_its_quote_answer(tmp_path: Path, phrase: str) -> None:
    library = made(tmp_path / "l", TERMINAL, NURSERY)
    result = asked(library, "How much did the terminal cost?", sure("The terminal cost 40 million euros.", phrase))
    assert (result.answer, result.sentences[0].phrase) == ("The terminal cost 40 million euros. [1]", None)


def test_a_sentence_of_the_phrase_s_own_quote_is_shown_and_nothing_else_is_drafted(tmp_path: Path) -> None:
    model = FakeModel(["It cost 40 million euros."], phrases=["40 million euros"], yes=0.97)
    result = asked(made(tmp_path / "l", TERMINAL, NURSERY), "How much did the terminal cost?", model)
    start = TERMINAL.index("40 million euros")
    assert (result.answer, [citation.quote for citation in result.citations]) == (
        "It cost 40 million euros. [1]",
        ["The terminal cost 40 million euros."],
    )
    assert result.sentences[0].phrase == Phrase("40 million euros", 1, start, start + len("40 million euros"))
    assert "the caution is 0.50" in result.explanation.decision
    (drafted,) = model.calls
    assert "- The terminal cost 40 million euros.\n" in drafted[-1].content
    assert "Maria Olsen" not in drafted[-1].content


@pytest.mark.parametrize(
    ("confirmed", "phrase", "caution", "status"),
    [
        (0.5, "230", None, "unanswered"),
        (0.9, "230", None, "unanswered"),
        (0.9, "not stated", None, "answered"),
        (0.5, "not stated", None, "unanswered"),
        (0.5, "40 million euros", None, "answered"),  # it says the phrase
        (0.5, "230", 0.15, "unanswered"),
        (0.5, "not stated", 0.15, "answered"),
        (0.9, "230", 0.95, "unanswered"),
    ],
)
def test_a_sentence_in_place_of_a_phrase_has_to_say_it_and_where_there_is_none_to_be_likelier_right_than_not_or_as_sure_as_is_set(
    tmp_path: Path, confirmed: float, phrase: str, caution: float | None, status: str
) -> None:
    def judge(messages: Sequence[Message]) -> float:
        return {CONFIRMED: confirmed, ANSWERABLE: 0.8}.get(messages[-1].content.rpartition("\n")[2], 0.1)

    library = made(tmp_path / "l", TERMINAL, NURSERY)
    model = sure("The terminal cost 40 million euros.", phrase, yes=judge)
    assert asked(library, "How much did the terminal cost?", model, caution=caution).status == status


def test_a_sentence_that_says_other_words_than_were_named_is_told_among_what_was_turned_down(tmp_path: Path) -> None:
    def judge(messages: Sequence[Message]) -> float:
        return {CONFIRMED: 0.9, ANSWERABLE: 0.8}.get(messages[-1].content.rpartition("\n")[2], 0.1)

    library = made(tmp_path / "l", TERMINAL, NURSERY)
    model = sure("The terminal cost 40 million euros.", "230", yes=judge)
    result = asked(library, "How much did the terminal cost?", model)
    assert (result.status, result.explanation.decision) == ("unanswered", "unanswered: no sentence passed the checks")
    assert [(one.text, one.reason) for one in result.rejected][-1] == (
        "The terminal cost 40 million euros.",
        "it does not say “230”, the words that were named",
    )


@pytest.mark.parametrize(
    "draft",
    [
        "",
        "It cost 55 million euros.",
        "The terminal cost much.",
        "The terminal at Westerby cost 40 million euros.",
        "Maria Olsen paid 40 million euros.",
    ],
)
def test_a_phrase_is_shown_by_itself_where_no_sentence_that_holds_it_passes(tmp_path: Path, draft: str) -> None:
    library = made(tmp_path / "l", TERMINAL, NURSERY)
    result = asked(library, "How much did the terminal cost?", sure(draft, "40 million euros"))
    start = TERMINAL.index("40 million euros")
    assert (result.status, result.answer, [citation.quote for citation in result.citations]) == (
        "answered",
        "40 million euros [1]",
        ["The terminal cost 40 million euros."],
    )
    assert result.sentences[0].phrase == Phrase("40 million euros", 1, start, start + len("40 million euros"))


def test_a_quote_that_only_points_is_joined_by_the_sentence_that_names_what_is_asked_about(tmp_path: Path) -> None:
    library = made(tmp_path / "l", TERMINAL, NURSERY)
    result = asked(library, "Who is the director of the terminal at Westerby?", naming("Maria Olsen"))
    assert [citation.quote for citation in result.citations] == [
        "Its director is Maria Olsen, a former pilot.",
        "The ministry opened a grain terminal at Westerby on 4 March 2025.",
    ]


def test_a_phrase_that_no_article_has_is_not_shown(tmp_path: Path) -> None:
    library = made(tmp_path / "l", TERMINAL, NURSERY)
    result = asked(library, "How much did the terminal cost?", naming("55 million euros"))
    assert (result.status, result.sentences, [near.phrase for near in result.nearest]) == (
        "unanswered",
        (),
        [None, None, None],
    )


def test_a_refusal_shows_what_came_nearest_first_with_the_phrase_in_it(tmp_path: Path) -> None:
    library = made(tmp_path / "l", TERMINAL, NURSERY)
    result = asked(library, "Who owns the terminal?", naming("Maria Olsen", yes=0.1))
    start = TERMINAL.index("Maria Olsen")
    assert (result.status, result.sentences) == ("unanswered", ())
    assert result.nearest[0].quote == "Its director is Maria Olsen, a former pilot."
    assert result.nearest[0].phrase == Phrase("Maria Olsen", 1, start, start + 11)
    assert [near.phrase for near in result.nearest[1:]] == [None, None]


def test_where_the_model_sees_no_answer_it_is_not_asked_for_one(tmp_path: Path) -> None:
    library = made(tmp_path / "l", TERMINAL)
    model = naming("Maria Olsen", yes=0.01)
    assert asked(library, "Who owns the terminal?", model).status == "unanswered"
    assert (model.named, model.calls) == ([], [])


def test_all_questions_over_one_reading_share_their_beginning(tmp_path: Path) -> None:
    model = naming("Maria Olsen")
    asked(made(tmp_path / "l", TERMINAL, title="A terminal"), "Who is the director?", model)
    told = [
        messages
        for messages in (*model.asked, *model.named, *model.calls)
        if messages[-1].content.endswith((STATED, AGREED, PHRASE))
    ]
    assert [messages[-1].content.rpartition("\n")[2] for messages in told] == [STATED, AGREED, PHRASE]
    assert {messages[-1].opening for messages in told} == {f"A terminal (undated):\n{TERMINAL}"}


@pytest.mark.parametrize(
    ("question", "by_phrase"),
    [
        ("How much did the terminal cost?", True),
        ("Who is its director?", True),
        ("Where is the terminal?", True),
        ("Supermarkets in France are struggling to stock which condiment", True),
        ("Why was the terminal built?", False),
        ("How does the terminal work?", False),
        ("Did the terminal open in 2025?", False),
        ("What did Olsen say about the quay?", False),
        ("Compare the terminal with the nursery.", False),
    ],
)
def test_a_phrase_is_asked_for_where_one_can_answer(question: str, by_phrase: bool) -> None:
    assert phrasal(parse(question)) is by_phrase


def test_what_is_read_keeps_the_sentences_around_the_best_within_the_limit(tmp_path: Path) -> None:
    library = made(tmp_path / "l", " ".join(f"Sentence number {n} is about topic {n}." for n in range(12)))
    (passage,) = library.passages([row[0] for row in library.rows("SELECT id FROM passages")])
    scores = {5: 0.9, 10: 0.8, 0: 0.7}
    evidence = [Evidence(sentence, passage, scores.get(n, 0.1)) for n, sentence in enumerate(passage.sentences)]
    read = reading(evidence, limit=45)
    assert [[item.sentence.text[16:18].strip() for item in stretch.sentences] for stretch in read] == [
        ["4", "5", "6"],
        ["9", "10", "11"],
    ]
    assert [len(stretch.sentences) for stretch in reading(evidence, limit=1)] == [3]
    assert reading((), limit=45) == ()


@pytest.mark.parametrize(
    ("question", "other", "phrases", "first"),  # the surer value comes first
    [
        (
            "How much did the terminal at Westerby cost?",
            "The terminal at Westerby cost 70 million euros in all.",
            COSTS,
            COSTS[::-1],
        ),
        (
            "When was the terminal at Westerby opened?",
            "The terminal at Westerby was opened on 6 June 2025.",
            DAYS,
            DAYS,
        ),
        (
            "Who is the director of the terminal at Westerby?",
            "The director of the terminal at Westerby is Jonas Berg.",
            NAMES,
            NAMES[::-1],
        ),
    ],
)
def test_articles_whose_phrases_cannot_both_hold_conflict(
    tmp_path: Path, question: str, other: str, phrases: tuple[str, str], first: tuple[str, str]
) -> None:
    library = made(tmp_path / "l", TERMINAL, other)
    result = asked(library, question, naming(*phrases))
    assert result.status == "conflicting"
    assert [value.value for value in result.conflicts[0].claims] == list(first)
    assert [value.phrase and value.phrase.text for value in result.conflicts[0].claims] == [
        value.value for value in result.conflicts[0].claims
    ]
    assert {citation.source for citation in result.citations} == {"0.txt", "1.txt"}


def test_where_no_other_phrase_is_named_the_sentences_of_other_articles_are_compared_with_the_phrases_own(
    tmp_path: Path,
) -> None:
    library = made(tmp_path / "l", TERMINAL, "The terminal at Westerby cost 70 million euros in all.")
    result = asked(library, "How much did the terminal at Westerby cost?", sure("", "40 million euros"))
    assert result.status == "conflicting"
    assert {citation.quote for citation in result.citations} == {
        "The terminal cost 40 million euros.",
        "The ministry opened a grain terminal at Westerby on 4 March 2025.",  # names what the first points at
        "The terminal at Westerby cost 70 million euros in all.",
    }
    assert len(result.sentences) == 2  # each value once


@pytest.mark.parametrize(
    ("question", "other", "phrases"),
    [
        (
            "How much did the terminal at Westerby cost?",
            "The terminal at Westerby cost about 40m euros.",
            ("40 million euros", "40m euros"),
        ),
        (
            "When was the terminal at Westerby opened?",
            "The terminal at Westerby was opened in March 2025.",
            ("4 March 2025", "March 2025"),
        ),
        (
            "How much did the terminal at Westerby cost?",
            "The nursery in Easterby cost 70 million euros.",
            ("40 million euros", "70 million euros"),
        ),
        (
            "What did the ministry open at Westerby?",
            "The ministry opened a port at Westerby.",
            ("a grain terminal", "a port"),
        ),
    ],
)
def test_forms_of_one_value_other_subjects_and_things_of_which_there_are_many_do_not_conflict(
    tmp_path: Path, question: str, other: str, phrases: tuple[str, str]
) -> None:
    assert asked(made(tmp_path / "l", TERMINAL, other), question, naming(*phrases)).status == "answered"


def test_another_article_that_has_the_phrase_beside_the_questions_words_is_quoted_too(tmp_path: Path) -> None:
    library = made(tmp_path / "l", TERMINAL, "Observers say that the terminal cost 40 million euros, as was planned.")
    result = asked(library, "How much did the terminal cost?", naming("40 million euros"))
    assert [citation.source for citation in result.citations] == ["1.txt", "0.txt"]  # the better sentence first
    assert "2 articles say this" in result.notes


def test_the_sentence_that_writes_the_phrase_in_full_is_quoted_before_a_better_one_with_half_of_it(
    tmp_path: Path,
) -> None:
    text = "Maria Olsen came from the north. Olsen is the director of the terminal at Westerby."
    result = asked(
        made(tmp_path / "l", text), "Who is the director of the terminal at Westerby?", naming("Maria Olsen")
    )
    assert result.answer == "Maria Olsen [1][2]"
    assert [citation.quote for citation in result.citations] == [
        "Maria Olsen came from the north.",
        "Olsen is the director of the terminal at Westerby.",
    ]


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Why did the terminal cost 40 million euros?", DRAFT),
        ("What did it cost, and who is its director?", DRAFT_FULL),
    ],
)
def test_only_a_question_for_several_things_is_drafted_in_full(tmp_path: Path, question: str, asks: str) -> None:
    model = sure("The terminal cost 40 million euros.")
    asked(made(tmp_path / "l", TERMINAL), question, model)
    assert model.calls[0][-1].content.endswith(asks)


def test_what_is_left_out_is_not_looked_in(tmp_path: Path) -> None:
    library = made(tmp_path / "l", TERMINAL, "Observers say that the terminal cost 40 million euros.")
    parts = Assistant(
        library, FakeEmbedder(), naming("40 million euros"), Settings(library=library.folder, models=library.folder)
    )
    result = answer("How much did the terminal cost?", parts, within=Filter(without=("1.txt",)))
    assert {shown.source for shown in (*result.citations, *result.nearest)} == {"0.txt"}
    nothing = answer("How much did the terminal cost?", parts, within=Filter(without=("0.txt", "1.txt")))
    assert (nothing.status, nothing.nearest) == ("unanswered", ())
