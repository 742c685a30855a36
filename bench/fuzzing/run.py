"""Drives a target: hypothesis in rounds, or atheris, which looks at what each input reaches.

Takes a target and bounds; returns `Tally`. Prints nothing.
"""

from __future__ import annotations

import os
import signal
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from bench.fuzzing.target import ELSEWHERE, Target
from index.errors import VouchError

SLOW = 2.0  # seconds of this process and its children that an input may take
_GIVEN_UP = 30.0  # seconds of the clock after which an input is broken off
_ROUND = 4_000  # inputs: hypothesis remembers what it tried, and grows slow
_ENOUGH = 8  # different failures of one target


class Hung(BaseException):
    """An input takes too long by the clock; no `except Exception` of the program may swallow that."""


class Over(BaseException):
    """The time for a target is over; hypothesis lets this through at once."""


@dataclass(slots=True)
class Tally:
    """What came of a target.

    `failures` hold the smallest input of each kind of failure, as Python writes it, and how it ended.
    """

    name: str
    inputs: int = 0
    refused: int = 0
    slowest: float = 0.0
    slowest_input: str = ""
    failures: dict[str, tuple[str, str]] = field(default_factory=dict)


def cpu() -> float:
    """Seconds of processor time of this process and of the children that it has waited for.

    A busy machine makes no input slow.
    """
    times = os.times()
    return time.process_time() + times.children_user + times.children_system + ELSEWHERE[0]


class Meter:
    """Puts inputs to a target, counts them and times them.

    Raises what the target raises, once for each kind of failure that is not known yet.
    """

    def __init__(self, target: Target) -> None:
        self.tally = Tally(target.name)
        self._check = target.check
        self._last = ""

    def __call__(self, value: Any) -> None:
        self.tally.inputs += 1
        began = cpu()
        try:
            with _bounded():
                self._check(value)
        except VouchError as error:
            self.tally.refused += 1
            self._proper(error, value)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is what we look for)
            self._failed(error, value)
        took = cpu() - began
        if took > self.tally.slowest:
            self.tally.slowest, self.tally.slowest_input = took, repr(value)
        if took > SLOW:
            self._failed(AssertionError(f"it took {took:.1f} s"), value, kind="slow")

    def _proper(self, error: VouchError, value: Any) -> None:
        if not all(said and "\n" not in said and "\r" not in said for said in (error.message, error.hint)):
            self._failed(
                AssertionError(f"a message is one line: {error.message!r} / {error.hint!r}"), value, kind="message"
            )

    def _failed(self, error: Exception, value: Any, kind: str | None = None) -> None:
        """Note the input; the last of its kind is the smallest, for shrinking ends with what it found."""
        kind = kind or _kind(error)
        known = kind in self.tally.failures and kind != self._last
        if known and len(repr(value)) >= len(self.tally.failures[kind][0]):
            return
        self._last = kind
        self.tally.failures[kind] = (repr(value), "".join(traceback.format_exception(error)))
        raise error

    def settled(self) -> None:
        """The failure of this round is known from now on."""
        self._last = ""


def by_hypothesis(
    target: Target, *, inputs: int, until: float, first_seed: int, told: Callable[[Tally], None] = lambda _: None
) -> Tally:
    """Rounds of random inputs, each with a seed of its own, until there were `inputs` or the clock says `until`.

    Every failure is shrunk.
    """
    warnings.simplefilter("ignore")
    meter = Meter(target)
    number = first_seed
    while meter.tally.inputs < inputs and time.monotonic() < until and len(meter.tally.failures) < _ENOUGH:
        _round(target, meter, min(_ROUND, inputs - meter.tally.inputs), number, until)
        meter.settled()
        told(meter.tally)
        number += 1
    return meter.tally


def _round(target: Target, meter: Meter, inputs: int, number: int, until: float) -> None:
    def one(value: Any) -> None:
        if time.monotonic() > until:
            raise Over
        meter(value)

    tried = seed(number)(prepared(inputs)(given(target.inputs)(one)))
    with suppress(Exception, Over):  # the meter has it
        tried()


def prepared(inputs: int) -> settings:
    """Hypothesis without deadlines, database or health checks: the meter times, and what is slow or large is wanted."""
    return settings(
        max_examples=max(1, inputs),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
    )


def by_atheris(target: Target, *, until: float, first_seed: int, corpus: Path, told: Callable[[Tally], None]) -> None:
    """Inputs that reach what none before them reached, until the clock says `until`.

    Ends the process; `told` hears of every thousandth input.

    The program must have been imported within `atheris.instrument_imports`.
    """
    import importlib

    atheris: Any = importlib.import_module("atheris")  # not everywhere, and not in the lock
    warnings.simplefilter("ignore")
    meter = Meter(target)

    def one(value: Any) -> None:
        meter(value)

    tried: Any = prepared(1)(given(target.inputs)(one))
    one_input: Callable[[bytes], bytes | None] = tried.hypothesis.fuzz_one_input

    def put(data: bytes) -> None:
        with suppress(Exception):  # the meter has it; libFuzzer would end at the first
            one_input(data)
        meter.settled()
        if meter.tally.inputs % 1_000 == 0 or time.monotonic() > until:
            told(meter.tally)

    seconds = max(1, int(until - time.monotonic()))
    atheris.Setup(
        [
            "fuzz",
            f"-max_total_time={seconds}",
            f"-seed={first_seed or 1}",
            "-max_len=4096",
            "-rss_limit_mb=0",
            "-verbosity=0",
            "-timeout=120",
            str(corpus),
        ],
        put,
    )
    atheris.Fuzz()


def _kind(error: Exception) -> str:
    """What a failure is known by: its type and the last place of the program that it passed."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "/qa/" in frame.filename or "/index/" in frame.filename or "fuzzing" in frame.filename
    ]
    last = [frame for frame in frames if not frame.filename.endswith(("fuzzing/run.py", "fuzzing/target.py"))][-1:]
    place = f" {Path(last[0].filename).name}:{last[0].lineno}" if last else ""
    said = str(error) if isinstance(error, AssertionError) else ""
    return f"{type(error).__name__}{place} {said[:40]}".rstrip()


@contextmanager
def _bounded() -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, _GIVEN_UP)
    try:
        yield
    except Hung:
        raise AssertionError(f"no end after {_GIVEN_UP:.0f} s") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 (a handler's signature)
    raise Hung
