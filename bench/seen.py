"""What the program sees of public claims: quotes, features, and what the two models say, which is kept in bench/results/ and collected only once."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from zlib import crc32

from bench.claims import Claim, few
from qa import prompt
from qa.checks.support import Agreement, agreement, similarity
from qa.commands.session import Session

RESULTS = Path(__file__).parent / "results"
NEAR, ASKED = RESULTS / "attribution_similarity.jsonl", RESULTS / "attribution_yes.jsonl"


@dataclass(frozen=True, slots=True)
class Row:
    """A claim, what is seen of it and its quotes, and the model's P(yes) where it was asked."""

    claim: Claim
    seen: Agreement
    yes: float | None


def seen(claims: Sequence[Claim], ask: int) -> list[Row]:
    """A row for every claim that has a reference; the model is asked about `ask` of them at least."""
    quotes = {claim: few(claim.text, claim.sentences) for claim in claims}
    quoted = [claim for claim in claims if quotes[claim]]
    near = _similarities(quoted, quotes)
    yes = _asked(quoted, quotes, ask)
    return [Row(claim, agreement(claim.text, quotes[claim], similarity=near[key]), yes.get(key)) for claim in quoted for key in (_key(claim, quotes[claim]),)]


def _similarities(claims: Sequence[Claim], quotes: Mapping[Claim, tuple[str, ...]]) -> dict[str, float]:
    known = _kept(NEAR)
    missing = [claim for claim in claims if _key(claim, quotes[claim]) not in known]
    if missing:
        session = Session()
        embedder = session.loaders.embedder(session.settings())
        with NEAR.open("a", encoding="utf-8") as out:
            for claim in missing:
                _keep(_key(claim, quotes[claim]), similarity(claim.text, quotes[claim], embedder), known, out)
    return known


def _asked(claims: Sequence[Claim], quotes: Mapping[Claim, tuple[str, ...]], count: int) -> dict[str, float]:
    """P(yes) for the first `count` claims in a shuffled order, and for all that were asked before."""
    known = _kept(ASKED)
    order = random.Random(0).sample(claims, len(claims))
    missing = [claim for claim in order[:count] if _key(claim, quotes[claim]) not in known]
    if missing:
        session = Session()
        model = session.loaders.model(session.settings())
        with ASKED.open("a", encoding="utf-8") as out:
            for done, claim in enumerate(missing, start=1):
                yes = model.opinion(prompt.confirmed(claim.question, claim.text, quotes[claim])).yes
                _keep(_key(claim, quotes[claim]), yes, known, out)
                print(f"\r{done} of {len(missing)} claims", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    return known


def _key(claim: Claim, quotes: Sequence[str]) -> str:
    """What a kept figure belongs to: other quotes make it another one."""
    return f"{claim.number} {crc32(' '.join((claim.text, *quotes)).encode()):08x}"


def _kept(path: Path) -> dict[str, float]:
    path.parent.mkdir(exist_ok=True)
    return dict(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()) if path.exists() else {}


def _keep(key: str, figure: float, known: dict[str, float], out: TextIO) -> None:
    known[key] = figure
    out.write(json.dumps([key, figure]) + "\n")
    out.flush()
