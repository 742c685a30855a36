"""Measures how long a person waits, beside a plain script on the same model: `python -m bench.speed`.

By turns, in one run, so that a machine which is busy slows both: a warm answer and the script's (`bench/plain.py`),
question by question; a cold `qa ask` on a terminal and the script, and what an import alone costs; the help; reading a
follow-up with and without what was read before. Beside the times the quality: how many of the same questions each got
right, scored as `qa eval` does. The first run builds llama-cpp-python for this processor in build/baseline (some
minutes, a C++ compiler). Indexing, batches and large libraries have benches of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench import data
from bench.program import ASKED, QA, ROOT, SEEDS, environment, index_seeds
from qa.answering.answer import Assistant, answer
from qa.answering.evidence import foremost, select
from qa.commands.asking import opened
from qa.commands.session import Session
from qa.evaluate import grade
from qa.expectations import Expectation, expectations
from qa.models.resolve import resolve
from qa.questions.read import contents, read
from qa.settings import Settings

BASELINE = ROOT / "build" / "baseline"
BUILT = ("llama-cpp-python==0.3.36", "diskcache==5.6.3")
READING = b"reading"  # what `qa ask` shows above the passages
PATIENCE = 600.0  # seconds


@dataclass(frozen=True, slots=True)
class Figure:
    """What was timed here and there, in seconds, and the ratio that is aimed at."""

    name: str
    ours: float
    baseline: float
    aim: float


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--questions", type=Path, help="a file as for `qa eval`; else the seed questions beside the public data"
    )
    options.add_argument("--first", type=int, help="only so many of them")
    options.add_argument("--times", type=int, default=5, help="how often what is cold is timed")
    given = options.parse_args()
    file = given.questions or data.folder().parent / "eval" / "seed_questions.jsonl"
    questions = expectations(
        read(contents(file, sys.stdin.buffer, name=file.name), name=file.name, form=None), file.name
    )[: given.first]
    _built()
    session = Session()
    settings = session.settings()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        index_seeds(folder)
        figures = [*_starts(given.times), *_cold(folder, settings, given.times)]
        with opened(session.settings(library=folder / ".qa")) as library:
            assistant = session.assistant(settings, library)
            figures += _follow_up(assistant, given.times)
            warm, quality = _warm(assistant, settings, questions)
    print(table([*warm, *figures]))
    print(quality)


def table(figures: Sequence[Figure]) -> str:
    """The figures with their ratios."""
    return "\n".join([f"{'median':52} {'Vouch':>9} {'baseline':>9} {'ratio':>6} {'aim':>5}", *map(_line, figures)])


def _warm(assistant: Assistant, settings: Settings, questions: Sequence[Expectation]) -> tuple[list[Figure], str]:
    """Each question to both, one after the other; the first is asked once before it counts."""
    passages: list[float] = []
    seconds: list[float] = []
    plain: list[dict[str, Any]] = []
    right = 0
    with _script(settings) as ask:
        for number, each in enumerate([questions[0], *questions]):
            began, found = time.perf_counter(), list[float]()
            given = answer(each.question, assistant, within=each.within, on_hits=partial(_note, found, began))
            spent = time.perf_counter() - began
            replied = ask(each.question)
            if number:
                right += grade(each, given) == "right"
                passages += found
                seconds.append(spent)
                plain.append(replied)
                print(f"\r{number} of {len(questions)} questions", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    theirs = sum(_plainly_right(each, reply["answer"]) for each, reply in zip(questions, plain, strict=True))
    return (
        [
            Figure(
                "warm answer, against the plain script",
                statistics.median(seconds),
                statistics.median(reply["seconds"] for reply in plain),
                0.6,
            ),
            Figure(
                "warm, to the passages, against the script's",
                statistics.median(passages),
                statistics.median(reply["passages"] for reply in plain),
                3.0,
            ),
        ],
        f"right: {right} of {len(questions)}; the plain script {theirs} (by its words alone: it cites nothing, and "
        f"what differs it cannot say)",
    )


def _cold(folder: Path, settings: Settings, times: int) -> list[Figure]:
    """A process each: `qa ask` on a terminal, to the passages and to the end; an import; the plain script."""
    first, whole, imports, script = [], [], [], []
    for _ in range(times):
        shown, ended = _on_a_terminal([*QA, "ask", ASKED], folder)
        first.append(shown)
        whole.append(ended)
        imports.append(_timed(lambda: _run(sys.executable, "-c", "import sentence_transformers")))
        script.append(_timed(lambda: _asked_once(settings)))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"the largest process so far, `qa ask` or the script: {memory / 1e9:.2f} GB", file=sys.stderr)
    return [
        Figure(
            "cold `qa ask`, to the passages, against an import",
            statistics.median(first),
            statistics.median(imports),
            1.0,
        ),
        Figure(
            "cold `qa ask`, to the end, against the script", statistics.median(whole), statistics.median(script), 0.7
        ),
    ]


def _starts(times: int) -> list[Figure]:
    figures = []
    for option in ("--help", "--version"):
        ours, theirs = [], []
        for _ in range(times):
            ours.append(_timed(partial(_run, *QA, option)))
            theirs.append(_timed(lambda: _run(sys.executable, "-c", "import typer")))
        figures.append(
            Figure(f"`qa {option}`, against `import typer`", statistics.median(ours), statistics.median(theirs), 1.5)
        )
    return figures


def _follow_up(assistant: Assistant, times: int) -> list[Figure]:
    """Reading a second prompt over the same evidence, against reading it whole."""
    from index.search import search
    from qa.answering import prompt

    evidence = foremost(select(ASKED, search(ASKED, assistant.library, assistant.embedder), assistant.embedder))
    whole, kept = list[float](), list[float]()
    for number in range(times + 1):
        # in another order nothing of it was read before
        turned = [*evidence[number % len(evidence) :], *evidence[: number % len(evidence)]]
        for question, spent in (("What was decided?", whole), ("By when?", kept)):
            began = time.perf_counter()
            assistant.model.opinion(prompt.answerable(question, turned))
            spent.append(time.perf_counter() - began)
    whole, kept = whole[1:], kept[1:]  # the first reading of a model includes its preparation
    return [
        Figure(
            "a further prompt over the same evidence, against its first",
            statistics.median(kept),
            statistics.median(whole),
            0.5,
        )
    ]


def _line(figure: Figure) -> str:
    return f"{figure.name:52} {figure.ours:7.2f} s {figure.baseline:7.2f} s {figure.ours / figure.baseline:6.2f} {figure.aim:5.1f}"


def _note(found: list[float], began: float, _hits: object) -> None:
    found.append(time.perf_counter() - began)


def _plainly_right(expected: Expectation, text: str) -> bool:
    """The most that a script without sources or refusals can be credited with: its words, and NOT FOUND as a refusal."""
    refused = "not found" in text.lower()
    if expected.status == "unanswered" or refused:
        return refused and expected.status == "unanswered"
    patterns = [*("|".join(f"(?:{each})" for each in group) for group in expected.must), *expected.values]
    return all(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


@contextmanager
def _script(settings: Settings) -> Iterator[Callable[[str], dict[str, Any]]]:
    """The plain script at work: asks it a question."""
    with subprocess.Popen(
        _plain(settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(BASELINE)
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout
        assert json.loads(stdout.readline()) == {"ready": True}

        def ask(question: str) -> dict[str, Any]:
            stdin.write(question + "\n")
            stdin.flush()
            reply: dict[str, Any] = json.loads(stdout.readline())
            return reply

        yield ask
        stdin.close()


def _asked_once(settings: Settings) -> None:
    subprocess.run(
        _plain(settings), input=ASKED + "\n", capture_output=True, text=True, env=environment(BASELINE), check=True
    )


def _plain(settings: Settings) -> list[str]:
    embedder, model = (
        resolve(settings.embedder, "embed", settings.models),
        resolve(settings.model, "answer", settings.models),
    )
    if model.gguf is None:
        raise SystemExit(f"{model.name} has no GGUF for llama-cpp-python to load")
    return [
        sys.executable,
        str(ROOT / "bench" / "plain.py"),
        str(SEEDS),
        str(embedder.safetensors or embedder.folder),
        str(model.gguf),
    ]


def _on_a_terminal(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Seconds until a command on a terminal of its own shows the passages, and until it ends."""
    import pty

    ours, theirs = pty.openpty()
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment(BASELINE) | {"TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        seen, shown = b"", 0.0
        while time.perf_counter() - began < PATIENCE:
            try:
                seen += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not shown and READING in seen:
                shown = time.perf_counter() - began
    os.close(ours)
    if not shown or process.returncode:
        raise SystemExit(f"{' '.join(command[3:])} ended with {process.returncode}: {seen.decode(errors='replace')}")
    return shown, time.perf_counter() - began


def _built() -> None:
    """llama-cpp-python for this processor, beside the environment and not in it."""
    if not (BASELINE / "llama_cpp").is_dir():
        print("building llama-cpp-python for this processor", file=sys.stderr)
        _run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(BASELINE), *BUILT)


def _run(*command: str) -> None:
    subprocess.run(command, env=environment(BASELINE), check=True, stdout=subprocess.DEVNULL)


def _timed(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
