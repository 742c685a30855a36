"""Articles in other languages: which one is told, how their sentences are cut and their words found, and that English is what it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.data import article
from index.build import add_articles, build
from index.chunk import passages
from index.embed import Embedder
from index.errors import LibraryError, SourceError
from index.health import check
from index.ingest.load import load
from index.language import detected, likeliest
from index.records import Article
from index.scripts import length
from index.search import search
from index.sentences import sentences
from index.stems import stems
from index.store import Library
from qa.answering.answer import Assistant, answer
from qa.answering.checks.words import words
from qa.answering.draft import split
from qa.answering.foreign import elsewhere
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
