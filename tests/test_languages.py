"""Articles in other languages: which one is told, how their sentences are cut and their words found, and that English is what it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.abroad import gives, verdict
from bench.abroad import told as given
from bench.data import article
from index.build import add_articles, build
from index.chunk import passages
from index.embed import Embedder
from index.errors import LibraryError, SourceError
from index.health import check
from index.ingest.load import load
from index.language import detected, likeliest, spoken
from index.records import Article, Hit, Metadata, Passage, Sentence
from index.scripts import length
from index.search import search
from index.sentences import sentences
from index.stems import stems
from index.store import Library
from qa.answering.answer import Assistant, answer
from qa.answering.checks.expected import supplies
from qa.answering.checks.words import words, words_in
from qa.answering.draft import split
from qa.answering.evidence import Evidence
from qa.answering.foreign import elsewhere
from qa.answering.ground import ground
from qa.answering.literal import counted, literal
from qa.answering.phrase import held, locate, phrasal
from qa.answering.premise import contradicted, unmentioned
from qa.answering.question import parse
from qa.models.engine import LanguageModel
from qa.settings import Settings
from tests.abroad import LANGUAGES, asked, written
from tests.fakes import FakeEmbedder, FakeModel

SEEDS = Path(__file__).parent.parent / "seeds"
ENGLISH = "Which trade target did the two countries set?"


def cut(text: str, language: str) -> list[str]:
    return [sentence.text for sentence in sentences(text, 0, len(text), language=language)]


def told(text: str, language: str | None, source: str = "a.txt") -> Article:
    made = article(source, text)
    return replace(made, metadata=replace(made.metadata, language=language))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The eighty small articles in eight languages, and the five in English."""
    folder = tmp_path_factory.mktemp("abroad")
    build(folder / "library", [written(folder / "articles"), SEEDS], FakeEmbedder())
    return Library.open(folder / "library")


def test_the_language_of_every_article_is_told_and_kept(library: Library) -> None:
    known = {info.source: info.metadata.language for info in library.sources()}
    assert known == {one.source: language for language in LANGUAGES for one in asked(language)} | {
        path.name: "en" for path in SEEDS.glob("*.txt")
    }
    assert library.article("de0.txt").metadata.language == "de"
    assert check(library) == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The town council of Harrowby voted on Monday to close the old ferry terminal.", "en"),
        ("Le conseil a voté lundi la fermeture de la vieille gare maritime.", "fr"),
        ("Il consiglio comunale ha votato lunedì la chiusura del vecchio porto.", "it"),
        ("สภาเมืองลงมติเมื่อวันจันทร์ให้ปิดท่าเรือเฟอร์รี่เก่า", "th"),
        ("2022: 81, 2023: 77", None),
        ("Oberfeld, Ulm", None),
        ("", None),
    ],
)
def test_what_language_a_text_is_in(text: str, language: str | None) -> None:
    assert detected(text) == language


def test_a_question_is_in_one_of_the_languages_that_it_is_asked_of() -> None:
    assert likeliest("Who planned the bridge in Oberfeld?", {"en", "de"}) == "en"
    for language in LANGUAGES:
        assert {likeliest(one.question, {"en", language}) for one in asked(language)} == {language}
    assert likeliest("1931?", {"en", "de"}) is None


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


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "de",
            [
                "Seit dem 1. Oktober 2022 gilt ein Satz von 7 Prozent.",
                "Der Bau kostet laut Dr. Weber ca. 12 Mio. Euro.",
                "Das gilt z. B. für Gas.",
            ],
        ),
        (
            "fr",
            [
                "M. Dupont a ouvert le pont le 1er mai.",
                "Mme Petit (cf. p. 3) était là.",
                "Il a coûté 12 millions d’euros.",
            ],
        ),
        ("es", ["El Sr. López abrió el puente.", "La Sra. Gil llegó a las 5 p. m.", "¿Cuánto costó?", "¡Mucho!"]),
        (
            "ru",
            ["В 2022 г. был построен мост.", "Он стоил 5 млн. рублей.", "Это сообщил А. С. Петров, ул. Ленина, д. 5."],
        ),
        ("hi", ["पुल 1931 में बना था।", "इसे डॉ. शर्मा ने बनाया।", "क्या यह टूट गया?", "नहीं।"]),
        ("ar", ["بُني الجسر عام 1931.", "صممه د. سمير حداد.", "هل انهار؟", "لا."]),
        ("zh", ["这座桥建于1931年。", "它由王小明设计！", "“太贵了。”市长说。", "费用为3.5亿元。"]),
        (
            "ja",
            [
                "橋は1931年に建てられた。",
                "2022年に閉じた。",
                "「とても高い。」と市長は言った。",
                "費用は3.5億円だった！",
            ],
        ),
        ("th", ["สะพานสร้างขึ้นในปี พ.ศ. 2474 ออกแบบโดยนายสมชาย ใจดี"]),
    ],
)
def test_sentences_are_cut_by_the_language(language: str, parts: list[str]) -> None:
    space = "" if language in ("zh", "ja") else " "
    assert cut(space.join(parts), language) == parts
    assert split(space.join(parts), language=language) == parts


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Die Brücken, Müllers Straße", ["die", "bruck", "mull", "strass"]),
        ("fr", "l’élève des écoles", ["l", "elev", "de", "ecol"]),
        ("ru", "построенных мостов ёлка", ["построен", "мост", "елк"]),
        ("hi", "पुलों लड़कियाँ", ["पुल", "लड़क"]),
        ("ar", "المدرسة الكتاب", ["مدرس", "كتاب"]),
        ("zh", "这座桥3.5亿元", ["这座", "座桥", "3", "5", "亿元"]),
        ("ja", "橋は1931年ＡＢＣ", ["橋は", "1931", "年", "abc"]),
        ("th", "สะพาน ปี 2474", ["สะพ", "ะพา", "พาน", "ปี", "2474"]),
        ("sw", "Daraja la zamani", ["daraja", "la", "zamani"]),  # no stemmer: words as they are
    ],
)
def test_words_are_stemmed_by_the_language(language: str, text: str, expected: list[str]) -> None:
    assert stems(text, language) == expected


@pytest.mark.parametrize(
    ("language", "places"),
    [(language, [1] * 10 if language != "de" else [1, 1, 1, 1, 7, 1, 2, 3, 1, 2]) for language in LANGUAGES],
)
def test_the_right_passage_is_among_the_first_eight_by_words_alone(
    library: Library, language: str, places: list[int]
) -> None:
    found = [
        [hit.passage.source for hit in search(one.question, library, FakeEmbedder(), weight=0.0)]
        for one in asked(language)
    ]
    assert [sources.index(one.source) + 1 for sources, one in zip(found, asked(language), strict=True)] == places


@pytest.mark.model
def test_the_right_passage_is_among_the_first_eight(tmp_path: Path, embedder: Embedder) -> None:
    build(tmp_path / "library", [written(tmp_path / "articles"), SEEDS], embedder)
    with Library.open(tmp_path / "library") as made:
        found = {
            one.source: [hit.passage.source for hit in search(one.question, made, embedder)]
            for language in LANGUAGES
            for one in asked(language)
        }
    assert [source for source, sources in found.items() if source not in sources] == []


def test_english_articles_are_ranked_as_if_there_were_no_others(library: Library, tmp_path: Path) -> None:
    build(tmp_path / "library", [SEEDS], FakeEmbedder())
    with Library.open(tmp_path / "library") as alone:
        for question in (
            ENGLISH,
            "Which engineer did Putin meet in Oberfeld in 2022?",
            "S-400",
            "What does the Russian ambassador say of tourism?",
        ):

            def scored(one: Library) -> list[tuple[str, int, float]]:
                found = one.lexical(question, 100)  # noqa: B023 (called at once)
                placed = [(passage, score) for (number, score) in found for passage in one.passages([number])]
                return [
                    (passage.source, passage.start, score)
                    for passage, score in placed
                    if passage.metadata.language == "en"
                ]

            assert scored(library) == scored(alone)


def test_a_name_is_found_in_articles_of_another_language(library: Library) -> None:
    for question, source in (("Who is Karl Brenner?", "de0.txt"), ("What did Jonas Champ win?", "fr5.txt")):
        assert search(question, library, FakeEmbedder(), weight=0.0)[0].passage.source == source


def test_writings_without_spaces_make_passages_of_about_the_usual_size() -> None:
    for language, sentence in (
        ("zh", "这座桥建于一九三一年，由工程师王凯明设计。"),
        ("ja", "橋は技師の川本健の設計で建てられた。"),
    ):
        drafts = passages(told(sentence * 60, language))
        assert all(200 <= len(draft.text) <= 260 for draft in drafts[:-1])
        assert [one.text for draft in drafts for one in draft.sentences] == [sentence] * 60


def test_a_sentence_without_spaces_or_end_is_cut_at_commas() -> None:
    text = "桥很长，" * 400
    drafts = passages(told(text, "zh"))
    assert "".join(draft.text for draft in drafts) == text
    assert all(draft.text.endswith("，") and len(draft.text) <= 500 for draft in drafts)


def test_checks_read_words_of_every_writing() -> None:
    assert words("पुल 1931 में बना") == ["पुल", "1931", "म", "बन"]
    assert words("这座桥ABC") == ["这", "座", "桥", "abc"]
    assert words("橋をカメラで") == ["橋", "を", "カメラ", "で"]
    assert words("построенных мостов") == words("построенные мосты")
    assert (length("The bridge was built"), length("这座桥建于1931年"), length("")) == (4, 4, 0)


def test_an_english_question_over_foreign_articles_says_so_and_shows_the_nearest(tmp_path: Path) -> None:
    build(tmp_path / "library", [written(tmp_path / "articles")], FakeEmbedder())
    with Library.open(tmp_path / "library") as made:
        settings = Settings(library=made.folder, models=made.folder)
        unsure = FakeModel(lambda _: "Nothing is said.", yes=0.02)
        refused = answer(
            "What did Karl Brenner plan in Oberfeld for Zelensky?", Assistant(made, FakeEmbedder(), unsure, settings)
        )
        own = answer(asked("de")[0].question, Assistant(made, FakeEmbedder(), unsure, settings))
    assert refused.status == "unanswered"
    assert refused.answer.startswith("Whether the articles answer this cannot be told: the passages found are in ")
    assert refused.answer.endswith(", not in the language of the question.")
    assert "German" in refused.answer
    assert not any("no passage" in note for note in refused.notes)
    assert "de0.txt" in [citation.source for citation in refused.nearest]
    assert own.answer == "The articles do not answer this question."


def test_which_passages_are_in_another_language(library: Library) -> None:
    german = [
        hit
        for hit in search(asked("de")[0].question, library, FakeEmbedder(), weight=0.0)
        if hit.passage.metadata.language == "de"
    ][:3]
    english = search(ENGLISH, library, FakeEmbedder(), k=4, weight=0.0)
    assert (len(german), {hit.passage.metadata.language for hit in english}) == (3, {"en"})
    assert elsewhere(ENGLISH, german) == "the passages found are in German, not in the language of the question"
    assert (
        elsewhere(ENGLISH, (*german, *english[:2]))
        == "most passages found are in German, not in the language of the question"
    )
    assert (
        elsewhere(ENGLISH, (*german, *english))
        == elsewhere(asked("de")[0].question, german)
        == elsewhere(ENGLISH, english)
        == ""
    )


def test_what_a_person_says_of_the_language_wins(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(asked("de")[0].text, encoding="utf-8")
    (tmp_path / "sources.toml").write_text('["a.txt"]\nlanguage = "nl-BE"\n', encoding="utf-8")
    build(tmp_path / "library", [tmp_path], FakeEmbedder())
    with Library.open(tmp_path / "library") as made:
        assert made.sources()[0].metadata.language == "nl"
    (tmp_path / "sources.toml").write_text('["a.txt"]\nlanguage = "German"\n', encoding="utf-8")
    with pytest.raises(SourceError, match=r"“German” is not the code of a language below 'a.txt'") as refused:
        build(tmp_path / "library", [tmp_path], FakeEmbedder())
    assert refused.value.hint.startswith('write one of two letters, such as "de"')


def test_a_library_of_the_time_before_is_refused_with_the_command_that_rebuilds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("index.store.FORMAT", 4)
        with Library.create(tmp_path, FakeEmbedder()) as made:
            add_articles(made, [told("The bridge was built.", None)], FakeEmbedder())
    with pytest.raises(LibraryError, match="has format 4, this program reads 5") as refused:
        Library.open(tmp_path)
    assert refused.value.hint == "qa index --rebuild"


def test_an_article_whose_language_is_not_clear_is_read_as_english(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Oberfeld 1931", encoding="utf-8")
    (made,) = load(tmp_path / "a.txt", "a.txt", {})
    assert made.metadata.language is None
    with Library.create(tmp_path / "library", FakeEmbedder()) as kept:
        add_articles(kept, [made], FakeEmbedder())
        assert [term for (term,) in kept.rows("SELECT term FROM words ORDER BY term")] == ["1931", "oberfeld"]


@pytest.mark.model
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_is_answered_in_the_language_of_its_articles(
    language: str, tmp_path: Path, embedder: Embedder, language_model: LanguageModel
) -> None:
    with Library.create(tmp_path, embedder) as made:
        add_articles(made, [given(one) for one in asked(language)], embedder)
        assistant = Assistant(made, embedder, language_model, Settings(library=tmp_path, models=tmp_path))
        first = asked(language)[0]  # who planned a bridge
        assert verdict(answer(first.question, assistant), first) == "right"
