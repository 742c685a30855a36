from __future__ import annotations

import pytest

from qa.answering.checks.unsaid import unsaid

MEDIA = "Indeed, Chinese and Russian media hailed the Delhi visit as proof that neither nation is isolated."


@pytest.mark.parametrize(
    ("claim", "told", "lacking"),
    [
        ("The Chinese foreign minister hailed the Delhi visit as proof.", [MEDIA], ("foreign", "minister")),
        ("Chinese media hailed the Delhi visit as a proof.", [MEDIA], ()),
        ("It is a high-range missile.", ["It is a long-range missile."], ("high",)),
        (
            "India's exports reached $70 billion.",
            ["Trade reached $70 billion, driven by India's import of oil."],
            ("exports",),
        ),
        ("They decided to visit.", ["The decision of a visit was taken."], ()),  # one word, in other forms
        ("He got a medal.", ["He was given a medal."], ()),  # a frame
        ("The minister spoke.", ["She speaks.", "The minister rose."], ()),  # in any of the texts
        ("Berlin has 3 bridges.", ["A town."], ("bridges",)),  # names and figures are checked elsewhere
        ("Yes, the deal was signed.", ["The deal was signed."], ()),
    ],
)
def test_content_words_that_no_text_holds(claim: str, told: list[str], lacking: tuple[str, ...]) -> None:
    assert unsaid(claim, told) == lacking
