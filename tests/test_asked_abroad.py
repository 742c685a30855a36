"""Questions asked in other languages: what is taken for one, what a sentence holds of it, where a phrase of it stands.

English is what it was; the articles of `tests/abroad` are asked of the real model.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.abroad import gives, told, verdict
from index.build import add_articles
from index.embed import Embedder
from index.language import spoken
from index.records import Hit, Metadata, Passage, Sentence
from index.store import Library
from qa.answering.answer import Assistant, answer
from qa.answering.checks.expected import supplies
from qa.answering.checks.words import words, words_in
from qa.answering.evidence import Evidence
from qa.answering.ground import ground
from qa.answering.literal import counted, literal
from qa.answering.phrase import held, locate, phrasal
from qa.answering.premise import contradicted, unmentioned
from qa.answering.question import parse
from qa.models.engine import LanguageModel
from qa.settings import Settings
from tests.abroad import LANGUAGES, asked


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Was kostet die Karte in Ulm?", "de"),  # "was" and "in" are English, too
        ("¿Has visto el nuevo puerto?", "es"),
        ("Qui a payé la facture ?", "fr"),
        ("Сколько стоит билет?", "ru"),
        ("टिकट कितने का है?", "hi"),
        ("كم ثمن التذكرة؟", "ar"),
        ("票价多少？", "zh"),
        ("切符はいくらですか。", "ja"),
        ("Was the ferry sold?", "en"),
        ("Are attachments available?", "en"),
        ("Population of Andorra la Vella?", "en"),
        ("Did Angela Merkel meet Gerhard Schröder in Baden-Baden?", "en"),
        ("Who is Karl Brenner?", "en"),
        ("1931?", "en"),
        ("", "en"),
    ],
)
def test_what_language_a_question_is_asked_in(question: str, language: str) -> None:
    assert spoken(question) == language


@pytest.mark.parametrize(
    "question",
    [
        "Wann wurde die neue Brücke über den Fluss eröffnet?",
        "Was kostet eine Fahrkarte nach Ulm?",
        "¿Cuándo abrió el nuevo puente sobre el río Duero?",
        "Когда открыли новый мост через реку Волхов?",
        "नदी पर नया पुल कब खोला गया था?",
        "متى افتتح الجسر الجديد فوق النهر؟",
        "新桥是什么时候开通的？",
        "新しい橋はいつ開通しましたか。",
    ],
)
def test_a_question_in_another_language_is_not_one_for_yes_or_no(question: str) -> None:
    asked = parse(question)
    assert (asked.kind, asked.noun, phrasal(asked)) == ("what", "", True)


def test_an_english_statement_that_asks_is_one_for_yes_or_no() -> None:
    assert parse("India bought the new fighter jets from Russia in 2022?").kind == "polar"
    assert parse("Paris hosted a summit on debt in June?").kind == "polar"


def evidence(text: str, language: str | None) -> Evidence:
    sentence = Sentence(0, len(text), text)
    return Evidence(
        sentence, Passage(1, "a.txt", 0, len(text), text, None, (sentence,), Metadata(language=language)), 1
    )


def test_what_a_sentence_holds_of_a_question_is_told_by_the_stems_of_its_language() -> None:
    asked = frozenset(parse("Wie viele Häuser stehen an der alten Straße?").words)
    assert held(asked, evidence("Das Haus in den alten Straßen.", "de")) == pytest.approx(2 / 4)
    assert held(asked, evidence("Der Wind weht an der See, die wie er ist.", "de")) == 0.0
    assert words_in("Häuser an der Straße 31", "de") == ["haus", "strass", "31"]
    assert words_in("wie das", "de") == ["wie", "das"]  # nothing longer is left
    assert words_in("ปี 2474", "th") == ["ปี", "2474"]
    for language in ("zh", "ja"):
        assert words_in("橋は31年", language) == words("橋は31年")


def test_what_an_english_question_finds_in_a_sentence_is_what_it_was() -> None:
    asked = frozenset(parse("Who planned the bridges in Oberfeld?").words)
    assert asked == frozenset(words("planned bridges Oberfeld"))
    for language in ("en", "de"):
        assert held(asked, evidence("The bridge of Oberfeld is old.", language)) == pytest.approx(2 / 3)


def test_a_capital_marks_no_name_where_every_noun_has_one() -> None:
    question = "Welche Summe zahlte der Betreiber für den neuen Hafen?"
    assert unmentioned(question, [Hit(evidence("Er kostete 5 Millionen Euro.", "de").passage, 1.0, 1.0, 1.0)]) == ()
    spanish = [Hit(evidence("Costó 5 millones.", "es").passage, 1.0, 1.0, 1.0)]
    assert unmentioned("¿Cuánto pagó el alcalde de Oviedo por el nuevo puerto?", spanish) == ("Oviedo",)


def test_a_denial_is_read_in_english_only() -> None:
    items = [evidence("Oviedo no compró el puerto.", "es")]
    assert contradicted("¿Cuándo compró Oviedo el puerto?", items) is None
    assert contradicted("When did Oviedo buy the port?", [evidence("Oviedo did not buy the port.", "en")]) is not None


def test_a_word_of_characters_that_the_question_has_apart_is_new_to_it() -> None:
    assert supplies("山の上にある川の名前は何ですか。", "山川")
    assert supplies("哪条江流过长的河谷？", "长江")
    assert not supplies("山川の名前は何ですか。", "山川")
    assert not supplies("长江在哪里？", "长江")


@pytest.mark.parametrize(
    ("phrase", "text", "place"),
    [
        ("horaire d'été", "Elle tient à l'horaire d'été.", 15),
        ("Horaire d'été", "Elle tient à l'horaire d'été.", 15),
        ("Allen", "Maçı Allen'ın takımı kazandı.", 5),
        ("6.80米", "河水涨到6.80米。", 4),
        ("15,628人", "利用者数は15,628人であり", 5),
        ("หัวหิน", "เขาอยู่ที่หัวหินมานาน", 10),
        ("6", "河水涨到6.80米。", None),  # part of a figure
        ("80米", "河水涨到6.80米。", None),
        ("5,6", "利用者数は15,628人", None),
        ("mur", "Les murs sont vieux.", None),  # part of a word
        ("мост", "Старые мосты закрыли.", None),
        ("'", "l'été", None),
        ("", "été", None),
    ],
)
def test_a_phrase_of_another_language_is_found_as_it_is_written(phrase: str, text: str, place: int | None) -> None:
    found = literal(phrase, text)
    assert (found.start if found else None) == place
    if found:
        assert text[found.start : found.end].casefold() == phrase.casefold()


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("8 percent", "Die Mieten steigen um 8 Prozent.", "8 Prozent"),
        ("8 percent", "Los precios subieron un 8 por ciento en mayo.", "8 por ciento"),
        ("30 million euros", "Das kostet 30 Millionen Euro.", "30 Millionen Euro"),
        ("8 percent", "ارتفعت بنسبة 8 في المئة.", "8 في المئة"),
        ("8 percent", "किराया 8 प्रतिशत बढ़ा।", "8 प्रतिशत"),
        ("8 percent", "Der Bau kostet 8,5 Mio. Euro, 18 Prozent mehr.", None),  # other figures
        ("8 percent", "Um 8 Prozent im Mai und 8 Prozent im Juni.", None),  # which of the two
        ("8 percent", "Das Paragraph 8.", None),
        ("8", "Um 8 Prozent.", None),
        ("Eight percent", "Um 8 Prozent.", None),
    ],
)
def test_a_figure_that_is_worded_in_english_is_found_with_the_words_of_the_article(
    phrase: str, text: str, found: str | None
) -> None:
    span = counted(phrase, text)
    assert (text[span.start : span.end] if span else None) == found


def test_a_figure_worded_in_english_is_quoted_of_articles_in_other_languages_alone() -> None:
    asked = parse("Um wie viel stiegen die Mieten?")
    text = "Die Mieten stiegen um 8 Prozent."
    assert [one.text for one in locate(asked, "8 percent", (), [evidence(text, "de")])] == ["8 Prozent"]
    assert locate(asked, "8 percent", (), [evidence(text, "en")]) == ()


@pytest.mark.parametrize(
    ("said", "words", "right"),
    [
        ("Sie ziehen in die Burg um.", "in die Burg", True),
        ("Burgdorf", "in Burgdorf", True),
        ("31", "31台", True),
        ("3", "31台", False),
        ("2026", "im Dezember 2026", False),
        ("Dezember 2026", "im Dezember 2026", True),
        ("Burg", "in Burgdorf", False),
        ("", "31", False),
    ],
)
def test_what_counts_as_the_right_value(said: str, words: str, right: bool) -> None:
    assert gives(said, words) is right


@pytest.mark.parametrize(("language", "found"), [("fr", ["horaire d'été"]), ("en", []), (None, [])])
def test_what_english_words_do_not_find_is_found_in_other_languages_alone(
    language: str | None, found: list[str]
) -> None:
    item = evidence("Elle tient à l'horaire d'été.", language)
    assert [one.text for one in locate(parse("Qu'est-ce qui compte ?"), "horaire d'été", (), [item])] == found


def test_two_names_in_katakana_are_two_words() -> None:
    assert words("父・アドリヤン") == ["父", "アドリヤン"]
    text = "父・アドリヤンと母の長男。"
    found = ground("アドリヤン", text)
    assert found is not None
    assert text[found.start : found.end] == "アドリヤン"


@pytest.mark.model
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_is_answered_in_the_language_of_its_articles(
    language: str, tmp_path: Path, embedder: Embedder, language_model: LanguageModel
) -> None:
    with Library.create(tmp_path, embedder) as made:
        add_articles(made, [told(one) for one in asked(language)], embedder)
        assistant = Assistant(made, embedder, language_model, Settings(library=tmp_path, models=tmp_path))
        first = asked(language)[0]  # who planned a bridge
        assert verdict(answer(first.question, assistant), first) == "right"
