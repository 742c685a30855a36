"""A decision fitted to a model: the fit against its own conditions, the figures against references, the file, and what the commands do with it."""

from __future__ import annotations

import io
import json
import math
import random
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bench.quiz import calibration_error as reference_error
from index.build import build
from index.errors import QuestionError, SettingsError
from qa import doctor
from qa.answering.answer import LIKELY
from qa.answering.decide import (
    Decision,
    Named,
    Signals,
    feature,
    probability,
    probability_of_answer,
    probability_of_phrase,
    shipped,
    table_of,
)
from qa.answering.guarantee import Measured, Row, at_most
from qa.calibration.fit import PULL, Tried, Weighing, coefficients, crossed, probabilities, pulls
from qa.calibration.keep import decisions, forget, place, read, write
from qa.calibration.measure import (
    FEWEST,
    GUESSWORK,
    calibrated,
    calibration_error,
    check_questions,
    chosen_caution,
)
from qa.calibration.weighed import weighing
from qa.cli import run
from qa.commands.session import Loaders, Session
from qa.evaluate import Outcome
from qa.expectations import Expectation
from qa.models.engine import Message
from qa.records import Explanation, Quote, Weighed
from qa.settings import CAUTION
from tests.examples import ANSWERED
from tests.fakes import FakeEmbedder, FakeModel


def drawn(count: int, *, shift: float, seed: int = 0) -> list[Weighing]:
    """Questions, every second answerable, each with one sentence that is right as often as `shift` beside the shipped log-odds says."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        signals = {
            "answerable": chance.uniform(0.05, 0.95),
            "confirmed": chance.uniform(0.05, 0.95),
            "coverage": chance.random(),
        }
        weights = {**shipped()["unprobed"]}
        weights["intercept"] += shift
        made.append(
            Weighing(number % 2 == 0, (Tried("unprobed", signals, chance.random() < probability(signals, weights)),))
        )
    return made


def test_the_fit_is_where_the_pull_of_the_data_and_of_what_ships_are_equal() -> None:
    weighings = drawn(60, shift=1.0)
    (weights,) = coefficients(weighings).values()
    held = dict(zip(weights, pulls(list(weights)), strict=True))
    assert held == {"intercept": PULL, "answerable": 4 * PULL, "confirmed": 4 * PULL, "coverage": PULL}
    for name in weights:
        slope = sum(
            (probability(tried.signals, weights) - tried.right)
            * (1.0 if name == "intercept" else feature(name, tried.signals[name]))
            for weighing in weighings
            for tried in weighing.tried
        )
        assert slope + held[name] * (weights[name] - shipped()["unprobed"][name]) == pytest.approx(0.0, abs=1e-6)


def test_many_questions_move_what_ships_to_where_they_are_and_few_hardly() -> None:
    few, many = (coefficients(drawn(count, shift=2.0))["unprobed"] for count in (4, 4000))
    assert all(abs(few[name] - weight) < 1.0 for name, weight in shipped()["unprobed"].items())
    assert many["intercept"] - shipped()["unprobed"]["intercept"] == pytest.approx(2.0, abs=0.3)


def test_a_question_counts_once_however_much_was_weighed_for_it() -> None:
    one = drawn(30, shift=1.0)
    twice = [replace(weighing, tried=weighing.tried * 2) for weighing in one]
    assert coefficients(twice)["unprobed"] == pytest.approx(coefficients(one)["unprobed"])


def test_no_signal_comes_to_speak_against_an_answer() -> None:
    backwards = [
        Weighing(True, (Tried("unprobed", {"answerable": yes, "confirmed": 1 - yes, "coverage": 0.5}, right),))
        for yes, right in ((0.9, False), (0.1, True)) * 500
    ]
    weights = coefficients(backwards)["unprobed"]
    assert weights["answerable"] == 0.0
    assert weights["confirmed"] > 0


def test_tables_that_nothing_was_weighed_by_stay_as_they_ship() -> None:
    assert set(coefficients(drawn(10, shift=0.0))) == {"unprobed"}
    (phrase,) = (Tried("phrase_unsure", {"stated": 0.5, "agreed": 0.5, "sentence": 0.5, "articles": 0.25}, True),)
    moved = coefficients(drawn(10, shift=3.0))
    assert probabilities(Weighing(True, (phrase,)), moved) == [probability(phrase.signals, shipped()["phrase_unsure"])]


def test_a_question_is_never_measured_by_a_fit_that_it_was_part_of() -> None:
    weighings = drawn(20, shift=1.0)
    turned = [
        replace(one, tried=tuple(replace(tried, right=not tried.right) for tried in one.tried)) if number == 7 else one
        for number, one in enumerate(weighings)
    ]
    before, after = crossed(weighings), crossed(turned)
    assert before[7] == after[7]
    assert [number for number in range(20) if before[number] == after[number]] == [2, 7, 12, 17]  # its fold


def test_the_calibration_error_is_that_of_the_benches() -> None:
    chance = random.Random(1)
    sure = [(chance.random(), chance.random() < 0.5) for _ in range(40)]
    assert calibration_error(sure) == pytest.approx(reference_error([p for p, _ in sure], [right for _, right in sure]))
    assert calibration_error([]) == 0.0


def sentences(*each: tuple[bool, float]) -> tuple[list[Weighing], list[list[float]]]:
    """Questions with one sentence: whether they are answerable, and how sure the sentence is."""
    one = Tried("unprobed", {"answerable": 0.5, "confirmed": 0.5, "coverage": 0.5}, True)
    return [Weighing(answerable, (one,)) for answerable, _ in each], [[p] for _, p in each]


def test_a_caution_is_chosen_where_it_is_better_by_more_than_chance() -> None:
    # the nearest to the default of those that part them
    assert chosen_caution(*sentences(*[(True, 0.9)] * 10, *[(False, 0.22)] * 10)) == 0.25
    assert chosen_caution(*sentences(*[(True, 0.9)] * 10, *[(False, 0.02)] * 10)) is None
    # one question is not more than chance
    assert chosen_caution(*sentences(*[(True, 0.9)] * 10, *[(False, 0.02)] * 9, (False, 0.22))) is None
    assert chosen_caution(*sentences(*[(True, 0.12)] * 10)) is None


def test_what_does_no_better_than_what_ships_is_not_taken() -> None:
    well = calibrated(drawn(200, shift=0.0))
    assert well.coefficients == {}
    assert well.figures.error == well.figures.error_before
    moved = calibrated(drawn(200, shift=2.0))
    assert set(moved.coefficients) == {"unprobed"}
    assert moved.figures.error < moved.figures.error_before


def test_the_figures_count_what_would_be_shown() -> None:
    weak, strong = ({"answerable": p, "confirmed": p, "coverage": 1.0} for p in (0.01, 0.99))
    phrase = {"stated": 0.99, "agreed": 0.99, "sentence": 1.0, "articles": 1.0}
    middling, unlikely = {"answerable": 0.7, "confirmed": 0.6, "coverage": 1.0}, dict.fromkeys(phrase, 0.1)
    assert probability(unlikely, shipped()["phrase_unsure"]) < LIKELY
    assert CAUTION < probability(middling, shipped()["unprobed"]) < LIKELY
    weighings = [
        *[Weighing(True, (Tried("unprobed", strong, True),))] * 10,
        Weighing(True, (Tried("unprobed", strong, False),)),
        # the phrase is sure enough; the next is not, nor is a sentence shown that says something else
        Weighing(True, (Tried("unprobed", weak, False), Tried("phrase_unsure", phrase, True))),
        Weighing(True, (Tried("unprobed", strong, False, instead=True), Tried("phrase_unsure", unlikely, False))),
        # where there is no phrase, one that would do by itself is not sure enough
        Weighing(True, (Tried("unprobed", middling, False, instead=True),)),
        Weighing(True, (Tried("unprobed", weak, False),)),
        Weighing(True, ()),
        *[Weighing(False, (Tried("unprobed", weak, False),))] * 5,
        Weighing(False, ()),
    ]
    figures = calibrated(weighings).figures
    assert (figures.n, figures.answerable, figures.right, figures.wrong, figures.refused, figures.shown) == (
        22,
        16,
        17,
        1,
        4,
        12,
    )
    assert figures.at_most == at_most(1, 12)
    assert figures.is_guesswork == (GUESSWORK > 20)


@pytest.mark.parametrize(
    ("answerable", "message"),
    [
        ([True] * 5 + [False] * 4, "q.csv holds 9 questions, too few to calibrate on"),
        ([True] * FEWEST, "q.csv holds only questions that have answers, so nothing can be calibrated on it"),
        ([False] * FEWEST, "q.csv holds only questions that have no answers, so nothing can be calibrated on it"),
    ],
)
def test_what_cannot_carry_a_calibration_is_refused_before_anything_is_asked(
    answerable: Sequence[bool], message: str
) -> None:
    with pytest.raises(QuestionError) as caught:
        check_questions(answerable, "q.csv")
    assert caught.value.message == message
    assert 'has "expect": "unanswered"' in caught.value.hint
    check_questions([*[True] * 9, False], "q.csv")


def weighed(text: str, signals: dict[str, float], *, source: str = "new.txt", asked: str | None = None) -> Weighed:
    return Weighed(text, "draft", (Quote(source, 0, 1, "x"),), 1.0, signals, 0.5, None, asked)


SAID = {"answerable": 0.5, "confirmed": 0.5, "coverage": 0.5}
NAMED = {"stated": 0.5, "agreed": 0.5, "sentence": 0.5, "articles": 0.25}


@pytest.mark.parametrize(
    ("expected", "said", "right"),
    [
        (Expectation("Q?", "answered", "k", must=(("30",), ("mills",))), "30 mills.", True),
        (Expectation("Q?", "answered", "k", must=(("30",), ("mills",))), "30 dams.", False),
        (Expectation("Q?", "answered", "k", must=(("30",),), sources=("old",)), "30 mills.", False),
        (Expectation("Q?", "unanswered", "k"), "30 mills.", False),
        (Expectation("Q?", "conflicting", "k", values=("30", "40")), "30 mills.", True),
        (Expectation("Q?", "conflicting", "k", values=("50", "40")), "30 mills.", False),
    ],
)
def test_what_was_weighed_is_right_where_it_says_what_is_expected(
    expected: Expectation, said: str, right: bool
) -> None:
    told = Explanation(weighed=(weighed(said, SAID),))
    outcome = Outcome(expected, replace(ANSWERED, explanation=told), "right", 0, 0, 0, 0.0)
    assert weighing(outcome) == Weighing(
        expected.status != "unanswered", (Tried("unprobed", SAID, right, instead=True),)
    )


def test_parts_of_a_full_answer_are_one_and_what_one_article_says_by_itself_is_left_out() -> None:
    told = Explanation(
        weighed=(
            weighed("30 mills.", {**SAID, "probed": 0.7}),
            weighed("Two dams.", {**SAID, "probed": 0.7}),
            replace(weighed("Beside the point.", {}), reason="turned down"),
            weighed("30 mills.", NAMED),
            weighed("30 mills.", {**NAMED, "sure": 0.9}),
            weighed("30 mills.", SAID, asked="old.txt"),
        )
    )
    outcome = Outcome(
        Expectation("Q?", "answered", "k", must=(("30",), ("two",))),
        replace(ANSWERED, explanation=told),
        "right",
        0,
        0,
        0,
        0.0,
    )
    assert [(tried.table, tried.right) for tried in weighing(outcome).tried] == [
        ("probed", True),
        ("phrase_unsure", False),
        ("phrase", False),
    ]


def test_the_table_is_that_of_the_signals_that_are_given() -> None:
    assert [table_of({**SAID,
        "probed": None}), table_of({**SAID, "probed": 0.5}), table_of({**NAMED, "sure": None}), table_of({**NAMED, "sure": 0.5})] == [
        "unprobed", "probed", "phrase_unsure", "phrase",
    ]  # fmt: skip


def test_a_decision_replaces_the_tables_that_it_has() -> None:
    own = Decision({"unprobed": {"intercept": 1.0, "answerable": 0.0, "confirmed": 0.0, "coverage": 2.0}})
    assert probability_of_answer(Signals(0.5, 0.5, 0.5), own) == pytest.approx(1 / (1 + math.exp(-2.0)))
    assert probability_of_answer(Signals(0.5, 0.5, 0.5, 0.5), own) == probability_of_answer(Signals(0.5, 0.5, 0.5, 0.5))
    assert probability_of_phrase(Named(0.5, 0.5, 0.5, 0.25), own) == probability_of_phrase(Named(0.5, 0.5, 0.5, 0.25))


MADE = calibrated(drawn(200, shift=2.0))


def test_a_calibration_is_kept_and_read_as_it_was(tmp_path: Path) -> None:
    assert read(tmp_path, "abc") is None
    assert decisions(tmp_path)("abc") == Decision()
    kept = write(tmp_path, "abc", 'the "toy" (fake)', "2026-11-29", MADE)
    assert kept.file == place(tmp_path, "abc") == tmp_path / "calibrations" / "abc.toml"
    assert (kept.name, kept.date) == ('the "toy" (fake)', "2026-11-29")
    assert kept.calibrated.coefficients["unprobed"] == pytest.approx(MADE.coefficients["unprobed"], abs=1e-4)
    assert kept.calibrated.caution == MADE.caution
    assert kept.calibrated.figures.n == 200
    decision = decisions(tmp_path)("abc")
    assert decision == Decision(kept.calibrated.coefficients, kept.calibrated.caution, kept.note, kept.measured)
    figures = MADE.figures
    assert kept.measured == Measured("200 questions of your own", (Row(None, figures.shown, figures.wrong),))
    assert decision.note.startswith("calibrated ")
    assert decision.note.endswith(" on 200 questions, 2026-11-29")
    assert [file.name for file in kept.file.parent.iterdir()] == ["abc.toml"]
    assert forget(tmp_path, "abc") == kept.file
    assert forget(tmp_path, "abc") is None
    assert read(tmp_path, "abc") is None


def test_another_fit_has_another_note(tmp_path: Path) -> None:
    notes = {
        write(tmp_path, "abc", "toy", "2026-11-29", calibrated(drawn(200, shift=2.0, seed=seed))).note
        for seed in (0, 1, 0)
    }
    assert len(notes) == 2


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda text: text + "[", "cannot be read: "),
        (lambda text: text.partition("[figures]")[0], "is not a calibration"),
        (lambda text: text.replace('model = "abc"', 'model = "xyz"'), "is not a calibration of this model"),
        (lambda text: text.replace("n = 200", "n = true"), "is not a calibration of this model"),
        (lambda text: text.replace("coverage", "kindness"), "was made by another version, which weighed other things"),
        (
            lambda text: text.replace("[coefficients.unprobed]", "[coefficients.unheard]"),
            "was made by another version, which weighed other things",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_what_ships_decides(
    tmp_path: Path, spoil: object, message: str
) -> None:
    file = write(tmp_path, "abc", "toy", "2026-11-29", MADE).file
    file.write_text(spoil(file.read_text(encoding="utf-8")), encoding="utf-8")  # type: ignore[operator]
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, "abc")
    assert caught.value.message.startswith(f"{file} {message}")
    assert "qa eval FILE --calibrate" in caught.value.hint
    decision = decisions(tmp_path)("abc")
    assert decision == Decision(note=f"not calibrated: {caught.value.message}")
    found = doctor.decision("abc", tmp_path)
    assert (found.state, found.hint) == (caught.value.message, caught.value.hint)


def test_where_it_cannot_be_kept_one_line_says_so(tmp_path: Path) -> None:
    (tmp_path / "calibrations").write_text("a file where the folder should be")
    with pytest.raises(SettingsError, match=r"^the calibration cannot be kept in "):
        write(tmp_path, "abc", "toy", "2026-11-29", MADE)


PLACES = ("Alder", "Brend", "Clove", "Derrow", "Esk", "Fenn")
TOWNS = ("Oakham", "Ryhill")


class Desk:
    """A library of rivers, a model that is less sure than it should be, and the command line."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        (folder / "rivers").mkdir()
        for number, river in enumerate(PLACES):
            (folder / "rivers" / f"{river}.txt").write_text(f"The river {river} is {number + 2}10 kilometres long.\n")
        build(folder / ".qa", [folder / "rivers"], FakeEmbedder())
        rows = [
            {"question": f"How long is the river {river}?", "expect": "answered", "must": [[f"{number + 2}10"]]}
            for number, river in enumerate(PLACES)
        ] + [
            {"question": f"How long is the wall of {town} {when}?", "expect": "unanswered"}
            for town in TOWNS
            for when in ("now", "then", "again")
        ]
        (folder / "q.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        self.model = FakeModel(self._reply, yes=self._yes, name="toy", digest="abc")

    def qa(self, *arguments: str) -> tuple[int, str, str]:
        loaders = Loaders(embedder=lambda _: FakeEmbedder(), model=lambda _: self.model)
        code = run(
            arguments,
            Session(
                loaders=loaders, environ={}, cwd=self.folder, user_file=self.folder / "user.toml", stdin=io.BytesIO()
            ),
        )
        out, err = self._capsys.readouterr()
        return code, out, err

    @staticmethod
    def _asked(messages: Sequence[Message]) -> str:
        return messages[-1].content.rpartition("Question: ")[2]

    def _yes(self, messages: Sequence[Message]) -> float:
        return 0.75 if any(river in self._asked(messages) for river in PLACES) else 0.55

    def _reply(self, messages: Sequence[Message]) -> str:
        asked = self._asked(messages)
        return next(
            (
                f"The river {river} is {number + 2}10 kilometres long."
                for number, river in enumerate(PLACES)
                if river in asked
            ),
            "It is long.",
        )


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_a_model_is_calibrated_used_shown_and_forgotten(desk: Desk) -> None:
    ask = ("ask", "How long is the river Derrow?", "--json")
    before = json.loads(desk.qa(*ask)[1])
    assert before["provenance"]["model"] == "toy abc"

    code, out, _ = desk.qa("eval", "q.jsonl", "--calibrate")
    assert code == 0
    file = desk.folder / "calibrations" / "abc.toml"
    told = out.splitlines()[-3:]
    assert told[0].startswith("calibrated toy: ")
    assert "12 questions (6 answerable, guesswork under" in told[0]
    assert told[1] == f"with fewer than {GUESSWORK} questions this is guesswork: add more, and calibrate again"
    assert told[2] == f"used for this model from now on; kept in {file}; undone by: qa eval --forget-calibration"
    kept = tomllib.loads(file.read_text(encoding="utf-8"))
    assert (kept["model"], kept["name"], kept["figures"]["n"], kept["figures"]["answerable"]) == ("abc", "toy", 12, 6)
    assert set(kept["coefficients"]) == {"unprobed"}

    after = json.loads(desk.qa(*ask)[1])
    note = read(desk.folder, "abc").note  # type: ignore[union-attr]
    assert after["provenance"]["model"] == f"toy abc, {note}"
    assert after["confidence"] != before["confidence"]
    assert f"; {note}" in desk.qa("ask", "How long is the river Derrow?", "--explain")[1]

    first = file.read_bytes()
    desk.qa("eval", "q.jsonl", "--calibrate")
    assert file.read_bytes() == first  # from what ships, not from itself

    code, out, err = desk.qa("eval", "--forget-calibration")
    assert (code, out, err) == (0, "", f"toy is decided by what ships again; {file} is removed\n")
    again = json.loads(desk.qa(*ask)[1])
    assert again.pop("kept") is not None  # the answer from before the calibration is as good as ever
    assert again == {key: value for key, value in before.items() if key != "kept"}
    assert desk.qa("eval", "--forget-calibration")[2] == "toy is not calibrated: it is decided by what ships\n"


def test_json_carries_the_calibration(desk: Desk) -> None:
    told = json.loads(desk.qa("eval", "q.jsonl", "--calibrate", "--json")[1])["calibration"]
    assert (told["model"], told["guesswork"], told["figures"]["n"]) == ("toy", True, 12)
    assert told["file"] == str(desk.folder / "calibrations" / "abc.toml")
    forgotten = json.loads(desk.qa("eval", "--forget-calibration", "--json")[1])
    assert forgotten == {"model": "toy abc", "forgotten": told["file"]}


def test_a_caution_of_the_settings_comes_before_that_of_a_calibration(desk: Desk) -> None:
    write(desk.folder, "abc", "toy", "2026-11-29", replace(MADE, coefficients={}, caution=0.99))
    ask = ("ask", "How long is the river Derrow?")
    assert desk.qa(*ask)[0] == 3
    assert desk.qa(*ask, "--caution", "0.1")[0] == 0
    assert "caution           0.15  (default)\n" in desk.qa("settings")[1]


def test_a_risk_goes_by_the_calibration_and_does_not_keep_one_from_calibrating(desk: Desk) -> None:
    (desk.folder / "qa.toml").write_text('risk = "50%"\n', encoding="utf-8")
    ask = ("ask", "How long is the river Derrow?", "--explain")
    assert "nothing was measured with this model\n" in desk.qa(*ask)[2]
    assert desk.qa("eval", "q.jsonl", "--calibrate")[0] == 0
    kept = read(desk.folder, "abc")
    assert kept is not None
    shown, wrong = kept.calibrated.figures.shown, kept.calibrated.figures.wrong
    code, out, _ = desk.qa(*ask)
    assert code == 0
    assert (
        f"; of {shown} answers shown at the default caution to 12 questions of your own, {wrong or 'none'} were" in out
    )
    assert desk.qa(*ask[:2], "--risk", "1%")[0] == 1  # no 12 questions say as much


@pytest.mark.parametrize(
    "arguments",
    [("eval",), ("eval", "q.jsonl", "--forget-calibration"), ("eval", "--calibrate", "--forget-calibration")],
)
def test_a_file_or_forgetting(desk: Desk, arguments: tuple[str, ...]) -> None:
    code, _, err = desk.qa(*arguments)
    assert code == 2
    assert "name a FILE of questions, or --forget-calibration by itself" in err.replace("\n", " ")


def test_too_few_questions_are_refused_before_any_is_asked(desk: Desk) -> None:
    (desk.folder / "few.jsonl").write_text('{"question": "How long is the river Esk?", "expect": "answered"}\n')
    code, _, err = desk.qa("eval", "few.jsonl", "--calibrate")
    assert code == 1
    assert err.startswith("error: few.jsonl holds 1 question, too few to calibrate on")
    assert desk.model.calls == []


def test_doctor_says_what_a_model_is_decided_by(tmp_path: Path) -> None:
    assert (
        doctor.decision("abc", tmp_path).state
        == "fitted on another model: qa eval FILE --calibrate fits it to this one"
    )
    kept = write(tmp_path, "abc", "toy", "2026-11-29", MADE)
    found = doctor.decision("abc", tmp_path)
    assert found.well
    assert found.state.startswith("calibrated 2026-11-29, 200 questions (100 answerable), each by a fit on others: ")
    assert found.state.endswith(f"; {kept.file}")


def test_guesswork_is_a_matter_of_a_bound() -> None:
    """As docs/models.md tells it: of as many questions some thirty are shown, and then the bound comes under a tenth."""
    page = (Path(__file__).parent.parent / "docs" / "models.md").read_text(encoding="utf-8")
    assert f"fewer than {GUESSWORK} questions" in page
    assert at_most(0, 30) == pytest.approx(0.1, abs=0.01)
    assert at_most(0, 20) == pytest.approx(1 / 7, abs=0.01)
