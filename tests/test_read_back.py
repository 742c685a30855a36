"""What the real model reads in quotes: of a sentence that denies them, and of a sentence about somebody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build
from index.embed import Embedder
from index.store import Library
from qa.answering import prompt
from qa.answering.answer import Assistant, answer
from qa.answering.candidate import SAID
from qa.models.engine import LanguageModel
from qa.settings import Settings
from tests.test_attribute import evidence

pytestmark = pytest.mark.model

NOT_SAID = [
    ("The minister signed the pact.", "The minister did not sign the pact."),
    ("The minister did not sign the pact.", "The minister signed the pact."),
    ("The council approved the harbour.", "The council rejected the harbour by nine votes to four."),
    ("Prices fell in March.", "Prices rose in March, for the third month in a row."),
    ("Peru beat Chile in Lima.", "Chile beat Peru in Lima."),
]
SAID_SO = [
    ("Chile won in Lima.", "Chile beat Peru in Lima."),
    ("The harbour was rejected.", "The council rejected the harbour by nine votes to four."),
    ("Prices went up in March.", "Prices rose in March, for the third month in a row."),
]


def test_what_quotes_deny_is_not_read_in_them(language_model: LanguageModel) -> None:
    read = [language_model.opinion(prompt.said(said, evidence(quote))).yes for said, quote in (*NOT_SAID, *SAID_SO)]
    assert [yes < SAID for yes in read] == [True] * len(NOT_SAID) + [False] * len(SAID_SO)


def test_what_an_article_says_of_one_is_not_shown_for_another(
    tmp_path: Path, embedder: Embedder, language_model: LanguageModel
) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "heron.txt").write_text(
        "Heron reads old maps\n\nHeron is a program that reads old maps. Its makers are at the university of Westerby.\n"
    )
    (articles / "lark.txt").write_text(
        "Lark hears birds\n\nLark is a program that tells birds by their song. All training was done on twelve machines "
        "in a barn near Osby.\n"
    )
    folder = tmp_path / "library"
    build(folder, [articles], embedder)
    with Library.open(folder) as library:
        assistant = Assistant(library, embedder, language_model, Settings(library=folder, models=folder))
        assert answer("On how many machines was Heron trained?", assistant).status == "unanswered"
        told = answer("On how many machines was Lark trained?", assistant)
    assert (told.status, "twelve" in told.sentences[0].text) == ("answered", True)
