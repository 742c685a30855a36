from __future__ import annotations

import pytest

from qa.answering.checks.shortens import keys, shortens

WHOLE = "Los Angeles, which hosted the 1932 and 1984 Olympics, and Philadelphia have announced their interest."


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (WHOLE, True),
        ("Los Angeles hosted the 1984 Olympics.", True),
        ("Los Angeles and Philadelphia announced their interest.", True),
        ("Los Angeles hosted the 2024 Olympics.", False),
        ("Philadelphia hosted the 1984 Olympics.", False),  # its words stand there, in another order
        ("Los Angeles hosted the Olympics of 1984.", False),
        ("", True),
    ],
)
def test_a_sentence_shortens_another_if_its_words_stand_there_in_their_order(sentence: str, expected: bool) -> None:
    assert shortens(sentence, WHOLE) is expected


def test_what_is_compared_are_content_words_figures_and_months() -> None:
    assert keys("The two hosted it on 4 May.") == keys("the two hosting, 4 may")
