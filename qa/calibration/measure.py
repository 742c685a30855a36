"""Makes a calibration of what was weighed.

Coefficients and a caution, if they do better than what ships on questions that they were not fitted on. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.errors import QuestionError
from qa.answering.answer import LIKELY
from qa.answering.decide import Coefficients
from qa.answering.guarantee import at_most
from qa.calibration.fit import FOLDS, Tried, Weighing, crossed, probabilities
from qa.calibration.fit import coefficients as fit
from qa.render.counted import counted
from qa.settings import CAUTION

CAUTIONS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
FEWEST = 2 * FOLDS  # questions: with fewer, a fold holds one
# questions: some 30 of them are shown, and of 30 answers without a wrong one up to a tenth may still be wrong
# (`at_most`); with fewer, more
GUESSWORK = 50
SMALLEST = 1e-12  # probability: few questions that agree may move one to 0 or 1, and then one may be wrong
PHRASES = ("phrase", "phrase_unsure")

_Sure = tuple[float, bool]  # a probability, and whether what it is of is right


@dataclass(frozen=True, slots=True)
class Figures:
    """How `n` questions go, `answerable` of them, by coefficients that were fitted on other folds.

    `right` counts refusals of what the articles do not answer too; `refused` are answerable ones. Of the `shown`
    answers, `wrong` are; with 95 % confidence no more than the share `at_most` of such answers is. `error` is the
    expected calibration error in ten bins, `error_before` that of the coefficients that ship.
    """

    n: int
    answerable: int
    right: int
    wrong: int
    refused: int
    shown: int
    at_most: float
    error: float
    error_before: float

    @property
    def is_guesswork(self) -> bool:
        """Whether there were too few questions to trust the figures."""
        return self.n < GUESSWORK


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Coefficients instead of those that ship, none where those do as well, a caution likewise, and the figures of both."""

    coefficients: Coefficients
    caution: float | None
    figures: Figures


def check_questions(answerable: Sequence[bool], name: str) -> None:
    """Raises `QuestionError` where questions of which so many are answerable cannot carry a calibration at all."""
    hint = f'both kinds are needed, {FEWEST} questions at least, better {GUESSWORK} and more: one that the articles do not answer has "expect": "unanswered"'
    if len(answerable) < FEWEST:
        raise QuestionError(f"{name} holds {counted(len(answerable), 'question')}, too few to calibrate on", hint)
    if all(answerable) or not any(answerable):
        raise QuestionError(
            f"{name} holds only questions that {'have' if answerable[0] else 'have no'} answers, so "
            f"nothing can be calibrated on it",
            hint,
        )


def calibrated(weighings: Sequence[Weighing]) -> Calibrated:
    """The calibration that these questions carry. Their order is that of the folds."""
    before = [probabilities(one, {}) for one in weighings]
    after = crossed(weighings)
    better = _loss(_decided(weighings, after)) < _loss(_decided(weighings, before))
    by = after if better else before
    caution = chosen_caution(weighings, by)
    figures = _figures(
        weighings, by, CAUTION if caution is None else caution, calibration_error(_decided(weighings, before))
    )
    return Calibrated(fit(weighings) if better else {}, caution, figures)


def chosen_caution(weighings: Sequence[Weighing], by: Sequence[Sequence[float]]) -> float | None:
    """The caution with the best balance between answering the answerable and refusing the others, the criterion of `bench.decision`.

    None where none is better than the default by more than two standard errors of the difference: a few questions do not move it.
    """
    answerable = np.array([one.answerable for one in weighings])
    if answerable.all() or not answerable.any():
        return None
    share = np.where(answerable, 0.5 / answerable.sum(), 0.5 / (~answerable).sum())

    # (questions,) 1 where what should be answered is, and what should not is not
    def good(caution: float) -> np.ndarray:
        shown = [_shown(one, sure, caution) is not None for one, sure in zip(weighings, by, strict=True)]
        return np.array([float(each == one.answerable) for each, one in zip(shown, weighings, strict=True)])

    usual = good(CAUTION)
    gains = {caution: (good(caution) - usual) * share for caution in CAUTIONS}
    best = max(CAUTIONS, key=lambda caution: (float(gains[caution].sum()), -abs(caution - CAUTION)))
    gain = gains[best]
    noise = math.sqrt(sum(float(gain[kind].var() * kind.sum()) for kind in (answerable, ~answerable)))
    return best if gain.sum() > 2 * noise else None


def calibration_error(sure: Sequence[_Sure], bins: int = 10) -> float:
    """Guo et al., "On calibration of modern neural networks" (2017).

    The mean distance of confidence and accuracy over equal bins; 0 of nothing.
    """
    held: dict[int, list[_Sure]] = {}
    for one in sure:
        held.setdefault(min(int(one[0] * bins), bins - 1), []).append(one)
    return sum(abs(sum(p - right for p, right in each)) for each in held.values()) / max(len(sure), 1)


def _decided(weighings: Sequence[Weighing], by: Sequence[Sequence[float]]) -> list[_Sure]:
    """What is decided on: for each question the likeliest sentence, and the likeliest phrase, where there is one."""
    return [
        best
        for one, sure in zip(weighings, by, strict=True)
        for phrases in (False, True)
        if (best := _best(one, sure, phrases=phrases)) is not None
    ]


def _best(one: Weighing, sure: Sequence[float], *, phrases: bool) -> _Sure | None:
    best = _likeliest(one, sure, phrases=phrases)
    return None if best is None else (best[0], best[1].right)


def _likeliest(
    one: Weighing, sure: Sequence[float], *, phrases: bool, instead: bool = True
) -> tuple[float, Tried] | None:
    """The likeliest phrase or sentence; without `instead`, of the sentences those that say the phrase."""
    of_kind = (
        (p, tried)
        for p, tried in zip(sure, one.tried, strict=True)
        if (tried.table in PHRASES) == phrases and (instead or not tried.instead)
    )
    return max(of_kind, key=lambda each: each[0], default=None)


def _shown(one: Weighing, sure: Sequence[float], caution: float) -> bool | None:
    """Whether what is shown is right: the phrase, or where that is not sure enough the likeliest sentence that says it.

    Where there is no phrase, any sentence. None where nothing is shown.
    """
    phrase = _likeliest(one, sure, phrases=True)
    if phrase is not None and phrase[0] >= max(caution, LIKELY):
        return phrase[1].right
    best = _likeliest(one, sure, phrases=False, instead=phrase is None)
    if best is not None and best[0] >= (max(caution, LIKELY) if best[1].instead else caution):
        return best[1].right
    return None


def _loss(sure: Sequence[_Sure]) -> float:
    return -sum(math.log(max(p if right else 1 - p, SMALLEST)) for p, right in sure)


def _figures(
    weighings: Sequence[Weighing], by: Sequence[Sequence[float]], caution: float, error_before: float
) -> Figures:
    shown = [_shown(one, sure, caution) for one, sure in zip(weighings, by, strict=True)]
    wrong = sum(each is False for each in shown)
    count = sum(each is not None for each in shown)
    refusals = [one.answerable for one, each in zip(weighings, shown, strict=True) if each is None]
    return Figures(
        n=len(weighings),
        answerable=sum(one.answerable for one in weighings),
        right=count - wrong + refusals.count(False),
        wrong=wrong,
        refused=refusals.count(True),
        shown=count,
        at_most=at_most(wrong, count),
        error=calibration_error(_decided(weighings, by)),
        error_before=error_before,
    )
