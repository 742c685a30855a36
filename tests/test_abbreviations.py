from __future__ import annotations

import pytest

from qa.answering.checks.abbreviations import abbreviated, long_form
from qa.answering.checks.expected import kind, supplies


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What does RELOS stand for?", "RELOS"),
        ("what is INSTC short for?", "INSTC"),
        ('What does the acronym "BRICS" stand for?', "BRICS"),
        ("What is the full form of SCO?", "SCO"),
        ("And what are SMRs an abbreviation of?", "SMRs"),
        ("What does Putin stand for?", None),  # a person
        ("What is the Quad?", None),
        ("What does NATO want?", None),
    ],
)
def test_a_question_that_asks_for_a_long_form(question: str, short: str | None) -> None:
    assert abbreviated(question) == short
    assert (kind(question) == "abbreviation") == (short is not None)


@pytest.mark.parametrize(
    ("short", "text", "long"),
    [
        (
            "RELOS",
            "Under the Reciprocal Exchange of Logistics Support (RELOS), both sides may land.",
            "Reciprocal Exchange of Logistics Support",
        ),
        (
            "CAATSA",
            "Under the Countering America’s Adversaries Through Sanctions Act (CAATSA)",
            "Countering America’s Adversaries Through Sanctions Act",
        ),
        ("SMRs", "They spoke of small modular reactors (SMRs), floating ones too.", "small modular reactors"),
        ("NATO", "NATO (North Atlantic Treaty Organization) met.", "North Atlantic Treaty Organization"),
        (
            "RELOS",
            "RELOS stands for Reciprocal Exchange of Logistics Support.",
            "Reciprocal Exchange of Logistics Support",
        ),
        ("CAATSA", "There is also the CAATSA problem.", None),
        ("WHO", "The agency (WHO) said so.", None),  # its letters do not lead through it
        ("RELOS", "RELOS stands for RELOS.", None),
        ("NSR", "A sea route (NSR)", None),  # no word begins with its first letter
    ],
)
def test_long_forms_are_found_where_a_text_gives_them(short: str, text: str, long: str | None) -> None:
    assert long_form(short, text) == long


def test_only_a_sentence_that_spells_it_out_supplies_a_long_form() -> None:
    assert supplies("What does RELOS stand for?", "It is the Reciprocal Exchange of Logistics Support (RELOS).")
    assert not supplies("What does RELOS stand for?", "RELOS lets both sides use ports.")
