"""Measures what a process keeps after many questions: `python -m bench.memory`.

One process asks one question after the other, made of words of the library, and after every second one gives its
opinion of a prompt of some length up to `--longest` tokens. It says how much memory is its own (RssAnon) and how much
it holds with the pages of files (VmRSS). `--draw` writes docs/memory.svg.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.plot import plot
from bench.program import ROOT, index_seeds
from index.records import Article
from qa.answering.answer import Assistant, answer
from qa.commands.asking import opened
from qa.commands.session import Session
from qa.models.engine import Message

_STATUS = Path("/proc/self/status")
_DRAWN = ROOT / "docs" / "memory.svg"


def main() -> None:
    """Ask, print the curve, and draw it if that is wanted."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--questions", type=int, default=1000, help="how many to ask")
    options.add_argument("--every", type=int, default=50, help="say it after so many")
    options.add_argument("--longest", type=int, default=900, help="tokens, about, of a prompt")
    options.add_argument(
        "--prompts",
        action="store_true",
        help="only prompts, at which the model gives its opinion: quicker, and the lengths are what counts",
    )
    options.add_argument("--draw", action="store_true", help=f"write {_DRAWN.relative_to(ROOT)}")
    given = options.parse_args()
    session = Session()
    settings = session.settings()
    with tempfile.TemporaryDirectory() as name:
        index_seeds(Path(name))
        with opened(session.settings(library=Path(name) / ".qa")) as library:
            assistant = session.assistant(settings, library)
            articles = [library.article(info.source) for info in library.sources()]
            points = []
            began = time.perf_counter()
            for number in _asked(assistant, articles, given.questions, given.longest, prompts=given.prompts):
                if number % given.every == 0:
                    points.append((number, *_held()))
                    print(
                        "{:6} questions  {:7.0f} MB own  {:7.0f} MB in all".format(*points[-1]),
                        f" {time.perf_counter() - began:7.0f} s",
                        flush=True,
                    )
    if given.draw and points:
        top = max(held for *_, held in points) / 1000
        curves = {
            f"own memory: 1.0 is {top:.2f} GB": [
                (number / given.questions, own / top / 1000) for number, own, _ in points
            ],
            "with the pages of files": [(number / given.questions, held / top / 1000) for number, _, held in points],
        }
        _DRAWN.write_text(
            plot(curves, across=f"questions asked: 1.0 is {given.questions:,}", up="memory"), encoding="utf-8"
        )


def _asked(assistant: Assistant, articles: list[Article], count: int, longest: int, *, prompts: bool) -> Iterator[int]:
    """Ask, and say how many have been."""
    chosen = random.Random(0)
    text = " ".join(article.text for article in articles)
    words = text.split()
    for number in range(1, count + 1):
        if not prompts:
            at = chosen.randrange(len(words) - 12)
            answer(f"What is said about {' '.join(words[at : at + chosen.randint(2, 9)])}?", assistant)
        if prompts or number % 2 == 0:
            length = chosen.randint(20, longest) * 3 // 4  # a word has about 1.3 tokens
            at = chosen.randrange(max(1, len(words) - length))
            assistant.model.opinion([Message("user", " ".join(words[at : at + length]))])
        yield number


def _held() -> tuple[float, float]:
    """MB that are this process's own, and that it holds in all."""
    lines = dict(line.split(":", 1) for line in _STATUS.read_text(encoding="utf-8").splitlines())
    own, held = (int(lines[name].split()[0]) * 1024 / 1e6 for name in ("RssAnon", "VmRSS"))
    return own, held


if __name__ == "__main__":
    if not _STATUS.exists():
        sys.exit("the memory of a process is read from /proc, which this system has not")
    main()
