"""The guarantee: bounds of textbooks, the caution that keeps to a risk, what is told of it, and what the bench writes."""

from __future__ import annotations

import io
import json
import math
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from scipy.stats import beta

from bench.desk import promised as measured_at
from bench.kept import Row as Result
from bench.realtime import Question
from index.build import add_articles, build
from index.errors import SettingsError
from index.records import Metadata
from index.store import Library
from qa.answering import guarantee
from qa.answering.answer import Assistant, answer, provenance
from qa.answering.decide import SHIPPED, Decision
from qa.answering.guarantee import Measured, Row, at_most, caution_for, promised, promising, settled, told
from qa.answering.prompt import AGREED, ANSWERABLE, CONFIRMED, STATED
from qa.cli import run
from qa.commands.session import Loaders, Session
from qa.models.engine import Message
from qa.records import Answer
from qa.settings import Settings, digest
from tests import articles
from tests.fakes import FakeEmbedder, FakeModel

NEWS = Measured("50 questions", (Row(None, 78, 27), Row(0.5, 40, 11), Row(0.6, 30, 5), Row(0.7, 22, 2), Row(0.8, 9, 1)))
(MODEL,) = guarantee.shipped()
HERE = Path("/nowhere")
SETTINGS = Settings(library=HERE, models=HERE)
RIVER = "The river Alder rises in the northern hills. It is 210 kilometres long and carries timber to Brandt.\n"
ASKED = "How long is the river Alder?"


@pytest.mark.parametrize(
    ("wrong", "shown", "bound"), [(0, 10, 0.2589), (2, 22, 0.2595), (27, 78, 0.4445), (0, 30, 0.0950), (1, 12, 0.3387)]
)
def test_the_bound_is_that_of_clopper_and_pearson(wrong: int, shown: int, bound: float) -> None:
    """By the quantile of a beta, and by the binomial tail itself, in fractions: so few are wrong once in twenty."""
    assert at_most(wrong, shown) == pytest.approx(bound, abs=5e-5)
    assert at_most(wrong, shown) == pytest.approx(float(beta.ppf(0.95, wrong + 1, shown - wrong)), abs=1e-9)
    share = Fraction(at_most(wrong, shown))
    tail = sum(math.comb(shown, k) * share**k * (1 - share) ** (shown - k) for k in range(wrong + 1))
    assert float(tail) == pytest.approx(0.05, abs=1e-9)


def test_the_bound_of_none_wrong_is_a_root_and_of_nothing_no_bound() -> None:
    assert at_most(0, 10) == pytest.approx(1 - 0.05 ** (1 / 10))
    assert (at_most(0, 0), at_most(3, 3), at_most(10, 10)) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("caution", "row"), [(None, 0), (0.3, None), (0.5, 1), (0.69, 2), (0.7, 3), (0.75, 3), (1.0, 4)]
)
def test_a_caution_is_promised_what_the_nearest_below_it_keeps(caution: float | None, row: int | None) -> None:
    assert promised(caution, NEWS) == (None if row is None else NEWS.rows[row])


@pytest.mark.parametrize(("risk", "caution"), [(0.45, None), (0.44, 0.5), (0.4, 0.6), (0.26, 0.7), (0.3, 0.7)])
def test_a_risk_stands_for_the_least_caution_that_keeps_to_it(risk: float, caution: float | None) -> None:
    assert caution_for(risk, NEWS) == caution


def test_a_risk_that_nothing_keeps_to_is_refused_with_what_comes_nearest() -> None:
    with pytest.raises(SettingsError) as caught:
        caution_for(0.1, NEWS)
    assert caught.value.message == (
        "no caution keeps the share of wrong answers to 10 %: the least bound that was measured is 26 %, at a caution of 0.70"
    )
    assert caught.value.hint == ("name a larger risk, or measure it on your own questions: qa eval FILE --calibrate")


def test_settings_get_the_caution_of_their_risk() -> None:
    row = guarantee.shipped()[MODEL].rows[-1]
    wished = replace(SETTINGS, risk=math.ceil(row.bound * 100) / 100)
    kept_to = settled(wished, SHIPPED, MODEL)
    assert kept_to == replace(SETTINGS, caution=caution_for(wished.risk or 0, guarantee.shipped()[MODEL]))
    assert settled(SETTINGS, SHIPPED, "any") is SETTINGS


def test_a_calibration_keeps_to_a_risk_by_its_own_questions() -> None:
    own = Decision(caution=0.25, measured=Measured("60 questions of your own", (Row(None, 40, 1),)))
    assert settled(replace(SETTINGS, risk=0.12), own, "any") == SETTINGS  # that is at its own caution
    assert settled(replace(SETTINGS, risk=0.12, passages=5), own, MODEL) == replace(SETTINGS, passages=5)
    with pytest.raises(SettingsError, match="is 12 %, at the default caution"):
        settled(replace(SETTINGS, risk=0.1), own, MODEL)


@pytest.mark.parametrize(
    ("changed", "model", "told"),
    [
        ({}, "another", "this model"),
        ({"passages": 5}, MODEL, "passages = 5"),
        ({"length": "full", "evidence": 9}, MODEL, "evidence = 9 and length = full"),
    ],
)
def test_nothing_is_promised_of_what_was_not_measured(changed: dict[str, int], model: str, told: str) -> None:
    settings = replace(SETTINGS, **changed)  # type: ignore[arg-type]
    with pytest.raises(SettingsError) as caught:
        settled(replace(settings, risk=0.9), SHIPPED, model)
    assert caught.value.message == (
        f"no caution is known that keeps the share of wrong answers to 90 %: nothing was measured with {told}"
    )
    assert "qa eval FILE --calibrate" in caught.value.hint
    assert promising(SHIPPED, settings, model) is SHIPPED


def test_what_is_told_is_rounded_up() -> None:
    assert told(Row(0.7, 22, 2), NEWS) == (
        "of 22 answers shown at a caution of 0.70 to 50 questions, 2 were wrong: at most 26 % with 95 % confidence"
    )
    assert told(Row(None, 12, 1), NEWS) == (
        "of 12 answers shown at the default caution to 50 questions, 1 was wrong: at most 34 % with 95 % confidence"
    )
    assert told(Row(0.8, 10, 0), NEWS).endswith(", none were wrong: at most 26 % with 95 % confidence")


def test_the_note_of_a_calibration_is_followed_by_its_figures() -> None:
    own = Decision(
        note="calibrated 1a on 60 questions", measured=Measured("60 questions of your own", (Row(None, 40, 1),))
    )
    assert promising(own, SETTINGS, "any").note == (
        "calibrated 1a on 60 questions; of 40 answers shown at the default caution to 60 questions of your own, 1 was wrong: at most 12 % with 95 % confidence"
    )
    assert promising(own, replace(SETTINGS, caution=0.7), "any") is own  # a caution that it was not measured at


def test_what_ships_is_what_the_bench_would_write() -> None:
    ((model, measured),) = guarantee.shipped().items()
    assert guarantee.written(measured, model) == guarantee.TABLE.read_text(encoding="utf-8")
    assert tomllib.loads(guarantee.written(NEWS, "abc"))["rows"][:2] == [
        {"shown": 78, "wrong": 27},
        {"caution": 0.5, "shown": 40, "wrong": 11},
    ]
    assert measured.rows[0].caution is None
    cautions = [row.caution or 0 for row in measured.rows]
    assert cautions == sorted(cautions)
    assert all(0 <= row.wrong <= row.shown for row in measured.rows)


def test_the_docs_say_what_ships() -> None:
    """The default's sentence, and that of the least bound, as `bench.desk --write` prints them."""
    page = (Path(__file__).parent.parent / "docs" / "trust.md").read_text(encoding="utf-8")
    (measured,) = guarantee.shipped().values()
    for row in (measured.rows[0], min(measured.rows, key=lambda row: row.bound)):
        assert told(row, measured).removeprefix("of ") in page


def result(verdict: str, confidence: float) -> Result:
    return {"verdict": verdict, "confidence": confidence}


def test_the_bench_asks_again_what_a_higher_caution_can_change_and_nothing_else() -> None:
    asked: list[tuple[str, float]] = []
    given = {
        "a": result("right", 0.95),
        "b": result("wrong", 0.65),
        "c": result("refused", 0.9),
        "d": result("right", 0.2),
    }
    replies = {
        ("d", 0.5): result("refused", 0.8),
        ("b", 0.7): result("right", 0.75),
        ("b", 0.8): result("refused", 0.3),
    }

    def again(one: Question, caution: float) -> Result:
        asked.append((one.id, caution))
        return replies[one.id, caution]

    questions = [(Question(name, "2025-01-03", "Who?", (), (), (), ()), row) for name, row in given.items()]
    assert measured_at(questions, again) == (
        Row(None, 3, 1),
        Row(0.5, 2, 1),
        Row(0.6, 2, 1),
        Row(0.7, 2, 0),
        Row(0.8, 1, 0),
    )
    assert asked == [("d", 0.5), ("b", 0.7), ("b", 0.8)]


@pytest.mark.parametrize("phrase", ["40 million euros", "70 million euros", "not stated", "230"])
@pytest.mark.parametrize(("stated", "confirmed"), [(0.1, 0.4), (0.1, 0.85), (0.6, 0.97), (0.95, 0.05), (0.95, 0.85)])
def test_a_higher_caution_only_changes_what_is_less_sure(
    tmp_path: Path, phrase: str, stated: float, confirmed: float
) -> None:
    """What `bench.desk` takes for granted where it does not ask again."""
    library = Library.create(tmp_path / "l", FakeEmbedder())
    texts = [
        "The ministry opened a grain terminal at Westerby. The terminal cost 40 million euros. It employs 230 people.",
        "The grain terminal at Westerby cost 70 million euros, the ministry says.",
    ]
    add_articles(library, [articles.made(f"{n}.txt", text, Metadata()) for n, text in enumerate(texts)], FakeEmbedder())

    def judge(messages: Sequence[Message]) -> float:
        last = messages[-1].content.rpartition("\n")[2]
        return {CONFIRMED: confirmed, ANSWERABLE: 0.8, STATED: stated, AGREED: stated}.get(last, 0.5)

    def ask(caution: float | None) -> Answer:
        model = FakeModel(lambda _: "The terminal cost 40 million euros.", phrases=[phrase, phrase], yes=judge)
        settings = replace(SETTINGS, caution=caution)
        return answer("How much did the terminal cost?", Assistant(library, FakeEmbedder(), model, settings))

    before = ask(None)
    for caution in (0.5, 0.6, 0.7, 0.8):
        now = ask(caution)
        if before.status == "unanswered" or before.confidence >= caution:
            assert (now.status, now.answer, now.confidence) == (before.status, before.answer, before.confidence)
        before = now


class Desk:
    """A library of one article, the model that the guarantee is of, and the command line."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        (folder / "rivers").mkdir()
        (folder / "rivers" / "alder.txt").write_text(RIVER, encoding="utf-8")
        build(folder / ".qa", [folder / "rivers"], FakeEmbedder())
        self.model = FakeModel(lambda _: "It is 210 kilometres long.", yes=0.99, digest=MODEL)

    def qa(self, *arguments: str, **environ: str) -> tuple[int, str, str]:
        loaders = Loaders(embedder=lambda _: FakeEmbedder(), model=lambda _: self.model)
        place = {"QA_STATE": str(self.folder / "state")} | environ
        session = Session(
            loaders=loaders, environ=place, cwd=self.folder, user_file=self.folder / "user.toml", stdin=io.BytesIO()
        )
        code = run(arguments, session)
        out, err = self._capsys.readouterr()
        return code, out, err


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(
        guarantee, "shipped", lambda: {MODEL: NEWS}
    )  # which of its rows there are is the bench's matter
    return Desk(tmp_path, capsys)


def test_an_explanation_says_how_often_such_answers_are_wrong(desk: Desk) -> None:
    code, out, _ = desk.qa("ask", ASKED, "--explain")
    assert code == 0
    assert (
        "; of 78 answers shown at the default caution to 50 questions, 27 were wrong: at most 45 % with 95 % confidence\n"
        in out
    )
    assert (
        "of 22 answers shown at a caution of 0.70 to 50 questions, 2 were wrong"
        in desk.qa("ask", ASKED, "--explain", "--caution", "0.7")[1]
    )
    assert "were wrong" not in desk.qa("ask", ASKED, "--explain", "--caution", "0.3")[1]
    assert "were wrong" not in desk.qa("ask", ASKED, "--explain", "--passages", "3")[1]


def test_a_risk_is_the_caution_that_it_stands_for(desk: Desk) -> None:
    """Also for what is kept: neither shows an answer of another caution, and each shows those of the other."""

    def made(*arguments: str, **environ: str) -> tuple[bool, str]:
        told = json.loads(desk.qa("ask", ASKED, "--json", *arguments, **environ)[1])
        return told["kept"] is not None, told["provenance"]["settings"]

    kept, usual = made()
    assert (kept, usual) == (False, digest(SETTINGS))
    assert made("--risk", "30%") == (False, digest(replace(SETTINGS, caution=0.7)))
    assert made("--caution", "0.7") == (True, digest(replace(SETTINGS, caution=0.7)))
    assert made(QA_RISK="0.3") == (True, digest(replace(SETTINGS, caution=0.7)))
    assert made("--risk", "50%") == (True, usual)  # the default keeps to that


def test_a_risk_refuses_what_is_less_sure(desk: Desk) -> None:
    desk.model = FakeModel(lambda _: "It is 210 kilometres long.", yes=0.82, digest=MODEL)
    assert desk.qa("ask", ASKED)[0] == 0
    code, out, _ = desk.qa("ask", ASKED, "--explain", "--risk", "30%")
    assert (code, "under the caution of 0.70; of 22 answers" in out) == (3, True)


def test_a_risk_that_cannot_be_kept_to_is_one_line_and_no_model_is_asked(desk: Desk) -> None:
    code, out, err = desk.qa("ask", ASKED, "--risk", "10%")
    assert (code, out) == (1, "")
    assert err == (
        "error: no caution keeps the share of wrong answers to 10 %: the least bound that was measured is 26 %, at a caution of 0.70\n"
        "hint: name a larger risk, or measure it on your own questions: qa eval FILE --calibrate\n"
    )
    assert (desk.model.calls, desk.model.asked) == ([], [])


def test_the_settings_show_a_risk_in_the_place_of_a_caution(desk: Desk) -> None:
    out = desk.qa("settings", QA_RISK="30%")[1]
    assert "caution           none  (default)\nrisk              0.3  (environment QA_RISK)\n" in out
    assert "caution           0.15  (default)\nrisk              none  (default)\n" in desk.qa("settings")[1]


def test_the_pipeline_by_itself_keeps_to_a_risk_as_its_provenance_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarantee, "shipped", lambda: {"fake": NEWS})
    build(tmp_path / "l", [_river(tmp_path)], FakeEmbedder())
    with Library.open(tmp_path / "l") as library:
        model = FakeModel(lambda _: "It is 210 kilometres long.", yes=0.82)
        assistant = Assistant(library, FakeEmbedder(), model, replace(SETTINGS, risk=0.3))
        result = answer(ASKED, assistant)
        assert result.status == "unanswered"
        assert "under the caution of 0.70" in result.explanation.decision
        assert provenance(assistant) == result.provenance
        assert result.provenance.settings == digest(replace(SETTINGS, caution=0.7))


def _river(folder: Path) -> Path:
    (folder / "river.txt").write_text(RIVER, encoding="utf-8")
    return folder / "river.txt"
