from __future__ import annotations

import pytest

from qa.answering.checks.expected import Kind, kind, singular, supplies


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many S-400 units does India own?", "figure"),
        ("How much will the plant cost?", "figure"),
        ("What was the temperature in Delhi?", "figure"),
        ("What is the total value of the deal?", "figure"),
        ("What is the median age in Riceville?", "figure"),
        ("When did India buy the Su-57?", "time"),
        ("Since when?", "time"),
        ("In which year did he come?", "time"),
        ("Who met Modi?", "name"),
        ("Whose article is it?", "name"),
        ("What was the name of the flight engineer who survived?", "name"),
        ("What were the full names of the victims?", "name"),
        ("What names did they call him?", "other"),
        ("Was a formal deal signed?", "polar"),
        ("Didn’t India buy it?", "polar"),
        ("What law threatens sanctions?", "other"),
        ("普京说了什么？", "other"),
        ("", "other"),
    ],
)
def test_kind(question: str, expected: Kind) -> None:
    assert kind(question) == expected


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
