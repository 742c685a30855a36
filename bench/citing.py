"""Measures `qa cite` on sentences of a memo: `python -m bench.citing`.

204 sentences in bench/citing.jsonl, written in other words than the articles', each with its truth before it was
judged. Sets a and b: 40 over the seeds and 60 over 295 Wikinews articles, of which 20 were altered in a figure, a name
or a negation and 20 speak of what is not there; and 10 that claim nothing. The least probability was chosen on set a;
set b was looked at once, and led to general rules; set c, 42 over the news, was written after that and led to nothing;
set d, 52 over 16 of the 22 articles whose numbers have the least checksums of those that no other set takes, was written
last, with alterations that take their figure or name from the same article. Sets c and d are cut in two by the
checksums of their ids (`--part`, even CRC-32: read): a change may be made from what is read, and shows itself on the
other. `--swaps` alters each supported figure by code. What the
model reads is kept by prompt (`bench/recorded.py`), but for `--time`.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from zlib import crc32

from bench import data
from bench.recorded import Recorded
from bench.vectors import Kept
from bench.wikinews import news, read
from index.build import add_articles, build
from index.embed import Embedder
from index.records import Metadata
from index.schema import FILE
from index.store import Library
from qa.citing.examine import Examiner
from qa.citing.records import VERDICTS, Judged, Said
from qa.commands.session import Session
from qa.models.engine import LanguageModel

SENTENCES = Path(__file__).parent / "citing.jsonl"
SETS = ("a", "b", "c", "d")
KEPT = Path(__file__).parent / "results"
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
SEEDS = Path(__file__).parent.parent / "seeds"


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence, its truth and what came of it; `valid` says whether every quote stands where it says, `right` whether one is of an article that says it."""

    half: str
    library: str
    truth: str
    altered: str
    text: str
    judged: Judged
    seconds: float
    computing: float
    valid: bool
    right: bool


def main() -> None:
    """Judge every sentence and print the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path)
    options.add_argument("--half", choices=SETS, help="only this set")
    options.add_argument("--part", choices=("read", "unread"), help="only this part of each set")
    options.add_argument("--show", action="store_true", help="print each sentence that was not told as it is")
    options.add_argument(
        "--swaps",
        action="store_true",
        help="put another figure of its own quotes in the place of each figure of what was supported, and judge that",
    )
    options.add_argument("--time", action="store_true", help="embed everything anew, and say how long a sentence takes")
    given = options.parse_args()
    session = Session()
    settings = session.settings()
    real = session.loaders.embedder(settings)
    embedder = real if given.time else Kept(real)
    load = cache(partial(session.loaders.model, settings))
    model: LanguageModel = load() if given.time else Recorded(load)
    told = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    told = [one for one in told if given.half in (None, one["half"]) and given.part in (None, part(one["id"]))]
    rows: list[Row] = []
    for name in ("seeds", "news"):
        with _library(name, embedder, data.folder(given.data)) as library:
            rows += _judged([one for one in told if one["library"] == name], library, embedder, model)
    for half in SETS:
        if chosen := [row for row in rows if row.half == half]:
            print(table(half, chosen))
    if given.time:
        seconds = sorted([row.seconds for row in rows if row.truth != "none"][1:])
        print(f"seconds a sentence, without the first: median {statistics.median(seconds):.2f}, most {seconds[-1]:.2f}")
        spent = sorted([row.computing for row in rows if row.truth != "none"][1:])
        print(f"of which computed, on all cores together: median {statistics.median(spent):.2f}, most {spent[-1]:.2f}")
    if given.swaps:
        altered: list[Row] = []
        for name in ("seeds", "news"):
            with _library(name, embedder, data.folder(given.data)) as library:
                altered += _judged(
                    [swap for row in rows if row.library == name for swap in swaps(row)], library, embedder, model
                )
        print(
            _figure("figures swapped, not passed as supported", [row.judged.verdict != "supported" for row in altered])
        )
    for row in rows:
        if given.show and (not _told(row) or (row.judged.verdict == "supported" and row.judged.otherwise)):
            print(f"[{row.half}] {row.truth} {row.altered} -> {row.judged.verdict} {row.judged.support:.2f} {row.text}")
            for quote in (*row.judged.quotes, *(other.quote for other in row.judged.otherwise)):
                print(f"      “{' '.join(quote.text.split())[:200]}”")
            print(f"      {row.judged.lacking} {row.judged.remark or ''}")


def part(name: str) -> str:
    """Which part of its set a sentence is of, by its id."""
    return "unread" if crc32(name.encode()) % 2 else "read"


def swaps(row: Row) -> list[dict[str, object]]:
    """A supported sentence with another figure of its quotes in the place of one of its own, each in each; a year only for a year."""
    if row.truth != "supported" or row.judged.verdict != "supported":
        return []
    own = list(dict.fromkeys(_DIGITS.findall(row.text)))
    theirs = dict.fromkeys(figure for quote in row.judged.quotes for figure in _DIGITS.findall(quote.text))
    return [
        {
            "half": row.half,
            "library": row.library,
            "truth": "altered",
            "altered": "figure",
            "sources": [],
            "text": re.sub(rf"(?<![\d.,]){re.escape(figure)}(?!\d)", other, row.text, count=1),
        }
        for figure in own
        for other in theirs
        if other not in own and bool(_YEAR.fullmatch(figure)) == bool(_YEAR.fullmatch(other))
    ]


def table(half: str, rows: Sequence[Row]) -> str:
    """What came of each kind of sentence, and the four figures that are asked for."""
    lines = [f"set {half}{'':19}{'n':>4}" + "".join(f"{one:>14}" for one in VERDICTS)]
    for truth in ("supported", "altered", "absent", "none"):
        found = [row.judged.verdict for row in rows if row.truth == truth]
        lines.append(f"{truth:24}{len(found):4}" + "".join(f"{found.count(one):14}" for one in VERDICTS))
    supported, altered, absent = (
        [row for row in rows if row.truth == truth] for truth in ("supported", "altered", "absent")
    )
    quotes = [row for row in rows if row.judged.quotes or row.judged.otherwise]
    lines += [
        _figure("supported found", [row.judged.verdict == "supported" for row in supported]),
        _figure(
            "  with an article that says otherwise beside it",
            [bool(row.judged.otherwise) for row in supported if row.judged.verdict == "supported"],
        ),
        _figure(
            "  with a quote of an article that says it",
            [row.judged.verdict == "supported" and row.right for row in supported],
        ),
        _figure("altered not passed as supported", [row.judged.verdict != "supported" for row in altered]),
        _figure("  told as contradicted", [row.judged.verdict == "contradicted" for row in altered]),
        _figure("not in the sources, told so", [row.judged.verdict == "absent" for row in absent]),
        _figure("  not passed as supported", [row.judged.verdict != "supported" for row in absent]),
        _figure("quotes verbatim", [row.valid for row in quotes]),
    ]
    return "\n".join(lines) + "\n"


def _figure(name: str, held: Sequence[bool]) -> str:
    return f"{name:46} {sum(held):3} of {len(held):3}  {sum(held) / len(held) if held else 0:.2f}"


def _told(row: Row) -> bool:
    verdict = row.judged.verdict
    return {
        "supported": verdict == "supported",
        "altered": verdict == "contradicted",
        "absent": verdict == "absent",
    }.get(row.truth, verdict == "no claim")


def _judged(told: Sequence[dict[str, object]], library: Library, embedder: Embedder, model: LanguageModel) -> list[Row]:
    examiner = Examiner(library, embedder, model, [str(one["text"]) for one in told])
    rows = []
    for one in told:
        began, computed = time.perf_counter(), time.process_time()
        judged = examiner.examine(Said(str(one["text"])))
        seconds, computing = time.perf_counter() - began, time.process_time() - computed
        quotes = (*judged.quotes, *(other.quote for other in judged.otherwise))
        valid = all(library.article(quote.source).text[quote.start : quote.end] == quote.text for quote in quotes)
        sources = tuple(str(source) for source in one["sources"])  # type: ignore[attr-defined]
        right = any(quote.source.startswith(sources) for quote in quotes) if sources else False
        rows.append(
            Row(
                str(one["half"]),
                str(one["library"]),
                str(one["truth"]),
                str(one["altered"]),
                str(one["text"]),
                judged,
                seconds,
                computing,
                valid,
                right,
            )
        )
    return rows


def _library(name: str, embedder: Embedder, folder: Path) -> Library:
    """The library of the seeds or of the news, kept in bench/results/.

    Embedding the news takes longer than all that is measured.
    """
    place = KEPT / f"citing-{name}-{embedder.digest[:12]}"
    if (place / FILE).exists():
        return Library.open(place)
    made = Library.create(place, embedder)
    if name == "seeds":
        made.close()
        build(place, [SEEDS], embedder)
        return Library.open(place)
    known = {f"{number:03d}": article for number, article in enumerate(news(folder))}
    with tempfile.TemporaryDirectory() as scratch:
        articles = [
            read(source, one.text, Metadata(title=one.title, date=one.date, url=one.url), Path(scratch))
            for source, one in known.items()
        ]
    add_articles(made, articles, embedder)
    return made


if __name__ == "__main__":
    main()
