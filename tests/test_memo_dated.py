"""Which day a sentence of a memo means."""

from __future__ import annotations

import pytest

from qa.memo.dated import dated, has_time


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("On Friday, the port closed.", "On Friday [13 March 2020], the port closed."),
        ("The port closed Friday night.", "The port closed Friday night [13 March 2020]."),
        (
            "Monday's vote and Monday's count were close.",
            "Monday's [16 March 2020] vote and Monday's count were close.",
        ),
        ("Yesterday, the vote was held.", "[On 15 March 2020], the vote was held."),
        ("The vote was held yesterday.", "The vote was held [on 15 March 2020]."),
        ("By yesterday, all were counted.", "By [15 March 2020], all were counted."),
        ("Yesterday's vote was close.", "Yesterday's [15 March 2020] vote was close."),
        ("It closed yesterday morning.", "It closed yesterday morning [15 March 2020]."),
        ("It is the first of this year’s votes.", "It is the first of this year’s [2020] votes."),
        ("The vote of Friday, 13 March, was close.", "The vote of Friday, 13 March, was close."),
        ("The vote follows tomorrow.", "The vote follows [on 17 March 2020]."),
        (
            "On Friday, it was named after two months ago.",
            "On Friday [13 March 2020], it was named after two months ago.",
        ),
        (
            "On Friday, it got a name: “Ida” is to replace “I”.",
            "On Friday [13 March 2020], it got a name: “Ida” is to replace “I”.",
        ),
        ("The port closed.", "The port closed."),
    ],
)
def test_a_day_is_dated_by_its_article(said: str, told: str) -> None:
    assert dated(said, "2020-03-16") == told


@pytest.mark.parametrize(
    "said",
    [
        "The vote is scheduled for Friday.",
        "The storm was forecast to arrive on Friday.",
        "The ban holds until Friday.",
        "It has a name: on Friday “Ida” is to replace “I”.",
        "It was found two months ago.",
        "It closed last week.",
        "On Black Friday the shops are full.",
    ],
)
def test_a_time_that_may_be_another_is_not_dated(said: str) -> None:
    assert has_time(said)
    assert dated(said, "2020-03-16") is None


@pytest.mark.parametrize("published", [None, "2020", "2020-03"])
def test_without_a_whole_date_no_day_is_told(published: str | None) -> None:
    assert dated("On Friday, the port closed.", published) is None
    assert dated("The port closed.", published) == "The port closed."
