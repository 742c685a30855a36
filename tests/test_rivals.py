from __future__ import annotations

import pytest

from qa.answering.checks.rivals import rival

QUAKE = "In the earthquake 116 people died in Izmir, and 1,035 people were hurt."


@pytest.mark.parametrize(
    ("question", "claim", "quote", "other"),
    [
        ("How many people died in the earthquake in Izmir?", "1,035 people died.", QUAKE, "116"),
        ("How many people died in the earthquake in Izmir?", "116 people died.", QUAKE, None),
        ("How many people were hurt?", "1,035 people were hurt.", QUAKE, None),
        # only one word tells them apart: not clear enough
        ("How many people were hurt?", "116 people were hurt.", QUAKE, None),
        ("Who died in Izmir?", "1,035 people died.", QUAKE, None),  # no figure is asked for
        (
            "When was the bridge opened to traffic?",
            "It was opened in 1990.",
            "Work began in 1990; the bridge was opened to traffic in 1998.",
            "1998",
        ),
        (
            "When was the bridge opened to traffic?",
            "It was opened in 1998.",
            "Work began in 1990; the bridge was opened to traffic in 1998.",
            None,
        ),
        # 40 is given
        (
            "How many of the 40 ships reached the port?",
            "12 ships reached it.",
            "Of the 40 ships that reached the port area, 12 docked.",
            None,
        ),
        # other units
        (
            "How long is the river Alder?",
            "It is 210 kilometres long.",
            "The river Alder is 210 kilometres long and has 14 locks.",
            None,
        ),
    ],
)
def test_the_words_of_the_question_stand_beside_its_figure(
    question: str, claim: str, quote: str, other: str | None
) -> None:
    found = rival(question, claim, [quote])
    assert (None if found is None else str(found)) == other
