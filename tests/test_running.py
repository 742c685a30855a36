"""Texts are computed at few lengths, so that what OpenVINO prepares for each of them stays little."""

from __future__ import annotations

import pytest

from index.running import padded


@pytest.mark.parametrize(
    ("tokens", "length"),
    [
        (0, 16),
        (1, 16),
        (16, 16),
        (17, 32),
        (200, 208),
        (256, 256),
        (257, 288),
        (300, 320),
        (512, 512),
        (513, 576),
        (8191, 8192),
    ],
)
def test_a_length_is_rounded_up_by_little(tokens: int, length: int) -> None:
    assert padded(tokens, 8192) == length


def test_a_model_is_never_given_more_than_it_reads() -> None:
    assert [padded(tokens, 250) for tokens in (239, 241, 250)] == [240, 250, 250]


def test_there_are_few_lengths_and_none_costs_much() -> None:
    assert len({padded(tokens, 4096) for tokens in range(1, 4097)}) == 48
    assert all(tokens <= padded(tokens, 4096) <= max(tokens + 15, tokens * 1.125) for tokens in range(1, 4097))
