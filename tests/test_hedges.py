from __future__ import annotations

import pytest

from qa.answering.checks.hedges import unhedged


@pytest.mark.parametrize(
    ("claim", "quote", "hedge"),
    [
        (
            "A labour agreement was signed.",
            "A labour agreement is also expected to be signed, setting a frame.",
            "expected",
        ),
        (
            "The visit changed the diplomatic outreach of smaller states.",
            "Smaller states may recalibrate their diplomatic outreach.",
            "may",
        ),
        (
            "Smaller states may recalibrate their outreach.",
            "Smaller states may recalibrate their diplomatic outreach.",
            None,
        ),
        ("A labour agreement will be signed.", "A labour agreement is expected to be signed.", None),  # to come in both
        ("The company closed the plant.", "The company plans to close the plant.", "plans"),
        # of something else
        ("The company closed the plant.", "The company closed the plant, which could cost the town 300 jobs.", None),
        ("Testosterone is immunosuppressive.", "Testosterone seems to be immunosuppressive.", "seems"),
        ("The talks were in May.", "The talks were held in May in Delhi.", None),  # a month
        ("Trade rose.", "Trade rose.", None),
    ],
)
def test_what_is_only_possible_in_the_quote_is_no_fact_in_the_claim(claim: str, quote: str, hedge: str | None) -> None:
    assert unhedged(claim, quote) == hedge
