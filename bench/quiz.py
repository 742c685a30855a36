"""Measures whole answers to 397 news questions over 4,010 articles that nothing was fitted on: `python -m bench.quiz`.

RealTime QA's quizzes of the last weeks (`bench/realtime.py`), each asked of all articles, and again with those taken
away that are known to hold its answer. An answer is right if it holds an accepted wording, or half of its words in a
row ("Mike Pence" for "Vice President Mike Pence"). Labels are made by code, and other articles may hold an answer too:
so a right answer to a question whose articles are away is told apart from a wrong one. Baseline of the same run: the
same model, given the five best passages in one prompt that allows it to reply NOT FOUND. Answers are kept in
bench/results/ by the program that gave them.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bench import data, realtime
from bench.kept import RESULTS, Kept, Row, code
from index.records import Filter
from index.search import search
from qa.answering.answer import Assistant, answer
from qa.answering.checks.words import words as content
from qa.answering.guarantee import at_most
from qa.commands.session import Session
from qa.models.engine import Message

PLAIN = (
    "Answer the question in one or two sentences from the passages. If the passages do not answer it, reply NOT FOUND."
)
PASSAGES = 5
CAUTIONS = (0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_TITLE = re.compile(
    r"^(?:(?:former|ex-|the|vice|president|senator|sen\.?|rep\.?|representative|governor|gov\.?|prime|minister|king"
    r"|queen|pope|prince|princess|dr\.?|mr\.?|ms\.?|mrs\.?"
    r"|sir|us|u\.s\.|chancellor|justice|judge|actor|actress|singer|rapper|author|artist|coach|ceo) )+",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:a|an|the|his|her|its|their|to|in|on|at|by|about) ", re.IGNORECASE)


def main() -> None:
    """Ask what was not asked before and print the table."""
    options = data.options(__doc__)
    options.add_argument("--questions", type=int, default=397, help="so many, evenly spaced")
    options.add_argument(
        "--library", type=Path, default=RESULTS / "realtime", help="where the library of all articles is, or is made"
    )
    options.add_argument("--show", action="store_true", help="print what was not right")
    given = options.parse_args()
    folder = data.folder(given.data)
    _, test = realtime.questions(folder)
    asked = [one for one in test if one.articles]
    asked = [asked[place * len(asked) // given.questions] for place in range(min(given.questions, len(asked)))]
    pages = {page.id: page.source for page in realtime.articles(folder)}
    session = Session()
    settings = session.settings()
    embedder, model = session.loaders.embedder(settings), session.loaders.model(settings)
    kept, program = Kept("quiz"), [code(), embedder.digest, model.digest, settings.caution]
    with realtime.library(given.library, folder, embedder) as library:
        assistant = Assistant(library, embedder, model, settings)
        ours, plain = [], []
        for one in asked:
            for away in (False, True):
                within = Filter(without=tuple(pages[name] for name in one.articles)) if away else Filter()
                ours.append(
                    kept.once([*program, one.id, away], partial(answered, one, assistant, within)) | {"away": away}
                )
                plain.append(
                    kept.once([model.digest, PLAIN, one.id, away], partial(in_one_prompt, one, assistant, within))
                    | {"away": away}
                )
    print(f"\n{table(ours, plain)}")
    if given.show:
        print(misses(ours))


def misses(rows: Sequence[Row]) -> str:
    """What was not right, and what was shown though nothing answers it, with what was said."""
    return "\n".join(
        f"{'away ' if row['away'] else ''}{row['verdict']} {row['confidence']:.2f} {row['question']} {row['answers']}\n    {row['said']}"
        for row in rows
        if row["verdict"] != ("refused" if row["away"] else "right")
    )


def accepted(gold: str) -> frozenset[str]:
    """The wordings that count as `gold`, as bare words with a space before and after each.

    Also half of its words, at least two, that stand together.
    """
    bare = gold.strip().strip("“”\"'‘’.")
    untitled = _TITLE.sub("", bare).strip()
    forms = {realtime.bare(bare), realtime.bare(_LEAD.sub("", bare))}
    if untitled[:1].isupper():
        forms.add(realtime.bare(untitled))
    words = realtime.bare(untitled if untitled[:1].isupper() else bare).split()
    least = max(2, (len(words) + 1) // 2)
    forms |= {
        f" {' '.join(words[start : start + size])} "
        for size in range(least, len(words))
        for start in range(len(words) - size + 1)
    }
    return frozenset(form for form in forms if content(form) or form == realtime.bare(bare))


def is_right(said: str, answers: Sequence[str]) -> bool:
    """Whether what is said holds an accepted wording of one of the answers."""
    return any(form in realtime.bare(said) for gold in answers for form in accepted(gold))


def table(ours: Sequence[Row], plain: Sequence[Row]) -> str:
    """For both systems: right, refused and wrong with the articles and without them.

    Wrong among what is shown, with its 95 % bound; seconds.
    """
    lines = [f"{'news quiz':34}{'n':>5}{'right':>8}{'refused':>9}{'wrong':>8}{'s':>7}"]
    for name, rows in (("Vouch", ours), ("the same model, one prompt", plain)):
        for away in (False, True):
            own = [row for row in rows if row["away"] is away]
            shares = [
                sum(row["verdict"] == verdict for row in own) / len(own) for verdict in ("right", "refused", "wrong")
            ]
            seconds = statistics.median(row["seconds"] for row in own)
            lines.append(
                f"{name + (', articles away' if away else ''):34}{len(own):5}{shares[0]:8.3f}{shares[1]:9.3f}{shares[2]:8.3f}{seconds:7.1f}"
            )
        shown = [row for row in rows if row["verdict"] != "refused"]
        wrong = sum(row["verdict"] == "wrong" for row in shown)
        lines.append(
            f"  of {len(shown)} shown {wrong} are wrong: {wrong / max(len(shown), 1):.3f}, at "
            f"most {at_most(wrong, len(shown)):.3f} with 95 % confidence"
        )
    for caution in CAUTIONS:
        sure = [row for row in ours if row["verdict"] != "refused" and row["confidence"] >= caution]
        wrong = sum(row["verdict"] == "wrong" for row in sure)
        lines.append(
            f"  of {len(sure)} that are at least {caution} sure {wrong} are wrong, at "
            f"most {at_most(wrong, len(sure)):.3f}"
        )
    shown = [row for row in ours if row["verdict"] != "refused"]
    error = calibration_error([row["confidence"] for row in shown], [row["verdict"] == "right" for row in shown])
    lines.append(f"expected calibration error of what is shown, ten bins: {error:.3f}")
    return "\n".join(lines)


def calibration_error(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Guo et al., "On calibration of modern neural networks" (2017).

    The mean distance of confidence and accuracy over equal bins.
    """
    bins: dict[int, list[tuple[float, bool]]] = {}
    for value, is_so in zip(confidence, right, strict=True):
        bins.setdefault(min(int(value * 10), 9), []).append((value, is_so))
    return sum(
        abs(statistics.fmean(v for v, _ in held) - statistics.fmean(r for _, r in held)) * len(held)
        for held in bins.values()
    ) / len(confidence)


def answered(one: realtime.Question, assistant: Assistant, within: Filter) -> Row:
    started = time.perf_counter()
    found = answer(one.text, assistant, within=within)
    seconds = time.perf_counter() - started
    said = " ".join(
        [
            *(claim.text for claim in found.sentences),
            *(value.value for conflict in found.conflicts for value in conflict.claims),
        ]
    )
    refused = found.status == "unanswered"
    verdict = "refused" if refused else "right" if is_right(said, one.answers) else "wrong"
    return {
        "question": one.text,
        "answers": one.answers,
        "status": found.status,
        "said": said,
        "verdict": verdict,
        "confidence": found.confidence,
        "seconds": seconds,
    }


def in_one_prompt(one: realtime.Question, assistant: Assistant, within: Filter) -> Row:
    started = time.perf_counter()
    hits = search(one.text, assistant.library, assistant.embedder, k=PASSAGES, within=within)
    told = "\n\n".join(
        f"{hit.passage.metadata.title or 'An article'} ({hit.passage.metadata.date or 'undated'}):\n{hit.passage.text}"
        for hit in hits
    )
    messages = (Message("system", PLAIN), Message("user", f"{told}\n\nQuestion: {one.text}"))
    said = assistant.model.generate(messages, max_tokens=96).text
    verdict = "refused" if "NOT FOUND" in said else "right" if is_right(said, one.answers) else "wrong"
    return {"said": said, "verdict": verdict, "seconds": time.perf_counter() - started}


if __name__ == "__main__":
    main()
