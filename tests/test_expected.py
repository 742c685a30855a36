from __future__ import annotations

import pytest

from qa.answering.checks.expected import singular, supplies

# A sentence that answers, one of the same thing that does not, and ways in which people ask.
ASKED = {
    ("The plant has six reactors.", "The plant has reactors of a new kind."): (
        "How many reactors does the plant have?",
        "The plant has how many reactors?",
        "What is the number of reactors at the plant?",
        "can you tell me how many reactors the plant has",
        "Number of reactors at the plant?",
        "At the plant, how many reactors are there?",
        "What number of reactors does the plant have?",
        "I'd like to know how many reactors the plant has.",
    ),
    ("The bridge was opened in May 1998.", "The bridge was opened by the mayor."): (
        "When was the bridge opened?",
        "The bridge was opened when?",
        "In what year was the bridge opened?",
        "What year did the bridge open?",
        "On which date was the bridge opened?",
        "Do you know when the bridge was opened?",
        "Since when has the bridge been open?",
        "Until what year was the bridge closed?",
    ),
    ("The prize went to Maria Sandoval.", "The prize went to a young writer."): (
        "Who won the prize?",
        "The prize was won by whom?",
        "Which writer won the prize?",
        "What is the name of the writer who won the prize?",
        "Can you say who won the prize?",
        "Whose book won the prize?",
        "To whom did the prize go?",
    ),
}


@pytest.mark.parametrize(
    ("question", "answers", "beside"),
    [(question, *claims) for claims, questions in ASKED.items() for question in questions],
)
def test_however_it_is_asked_a_sentence_that_answers_passes_and_one_beside_the_point_does_not(
    question: str, answers: str, beside: str
) -> None:
    assert supplies(question, answers)
    assert not supplies(question, beside)


@pytest.mark.parametrize(
    "question", ["What law threatens sanctions?", "What names did they call him?", "普京说了什么？", ""]
)
def test_where_code_cannot_tell_what_is_asked_for_any_new_word_will_do(question: str) -> None:
    assert supplies(question, "CAATSA threatens them.")
    assert not supplies(question, question)


@pytest.mark.parametrize(
    ("question", "claim", "expected"),
    [
        ("How many reactors are operational?", "Two of six reactors are operational.", True),
        ("How many reactors are operational?", "The reactors are operational.", False),
        ("How many reactors are operational?", "No reactors are operational.", True),
        ("How many reactors came in 2025?", "Reactors came in 2025.", False),
        ("How many reactors came?", "Reactors came in 2025.", False),
        ("How many reactors came?", "The first reactors came.", False),
        ("How many people came?", "2,000 people came.", True),
        ("When did Putin visit?", "Putin visited in December.", True),
        ("When did Putin visit?", "Putin visited on Friday.", True),
        ("When did Putin visit?", "Putin visited Delhi.", False),
        ("When did they set the target?", "They set a target of $100 billion.", False),
        ("When did they set the target?", "They set it in 2025.", True),
        ("Who met Modi?", "Modi met Putin.", True),
        ("Who met Modi?", "Modi met somebody.", False),
        ("Who met Modi?", "India’s Modi met him.", True),
        ("Was it signed?", "It was.", True),
        ("What did they sign?", "They signed.", False),
        ("What did they sign?", "They signed a pact.", True),
        ("How long did the flight take?", "The flight flew at 47.92 km/h.", False),
        ("How long did the flight take?", "The flight took 85 minutes at 110 miles per hour.", True),
        ("How long has the duty been in force?", "The duty has been in force since 1957.", True),
        ("How far is the port?", "The road cost $4 million.", False),
        ("How fast did it fly?", "It flew at 47.92 km/h.", True),
        ("How long is the river?", "The river is 210 kilometres long.", True),
        ("How long did the flight take?", "He built the machine three years ago.", False),
        ("How long did the flight take?", "It took 22 minutes.", True),
        ("What was the name of the engineer who survived?", "The lone survivor was a flight engineer.", False),
        ("What was the name of the engineer who survived?", "The survivor is Farshad Mahdavi.", True),
    ],
)
def test_supplies(question: str, claim: str, expected: bool) -> None:
    assert supplies(question, claim) is expected


@pytest.mark.parametrize(
    ("question", "one"),
    [
        ("Who is the ambassador of India to Russia?", True),
        ("Who was India's first prime minister?", True),
        ("Who is now the Kremlin's spokesperson?", True),
        ("Who led the talks?", True),
        ("Who wrote the report?", True),
        ("Who criticised the deal?", False),
        ("Who was criticised by Trump?", False),
        ("Who was at the summit?", False),
        ("Who are the directors of the film?", False),
        ("Who is Jane Doe?", False),
        ("What is the capital of Norway?", False),
        ("Where was the summit held?", False),
    ],
)
def test_a_question_for_the_one_holder_of_a_part(question: str, one: bool) -> None:
    assert singular(question) is one
