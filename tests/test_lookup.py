from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.models.lookup import AHEAD, guess


def test_what_followed_the_last_time_is_guessed() -> None:
    assert guess([1, 2, 3, 4, 5, 9, 1, 2, 3]) == [4, 5, 9, 1, 2]
    assert guess([1, 2, 3, 4, 1, 2, 3, 5, 1, 2, 3]) == [5, 1, 2, 3]  # the nearest of two places


def test_two_tokens_do_where_three_were_never_seen_together() -> None:
    assert guess([7, 2, 3, 8, 6, 2, 3]) == [8, 6, 2, 3]


def test_one_token_alone_is_no_ground_for_a_guess() -> None:
    assert guess([3, 8, 5, 3]) == []
    assert guess([3]) == []
    assert guess([]) == []


@given(st.lists(st.integers(0, 3), max_size=40))
def test_a_guess_is_a_slice_behind_an_earlier_place_that_ends_alike(tokens: list[int]) -> None:
    guessed = guess(tokens)
    assert len(guessed) <= AHEAD
    if guessed:
        assert any(
            tokens[place : place + len(guessed)] == guessed
            and tokens[place - 2 : place] == tokens[-2:]
            and place < len(tokens)
            for place in range(2, len(tokens))
        )
