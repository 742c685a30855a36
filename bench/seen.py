"""What the program sees of public claims.

Quotes, features, and what the two models say, which is kept in bench/results/ and collected only once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO
from zlib import crc32

from bench.claims import Claim, few
from bench.states import packed, unpacked
from qa.answering import prompt
from qa.answering.checks.support import Agreement, agreement, similarity
from qa.commands.session import Session
from qa.models.engine import Opinion

RESULTS = Path(__file__).parent / "results"
NEAR, ASKED = RESULTS / "attribution_similarity.jsonl", RESULTS / "attribution_opinions.jsonl"


@dataclass(frozen=True, slots=True)
class Row:
    """A claim, what is seen of it and its quotes, and the model's opinion where it was asked.

    P(yes) and its state (`qa.models.engine.Opinion`).
    """

    claim: Claim
    seen: Agreement
    opinion: Opinion | None


def seen(claims: Sequence[Claim], ask: Container[str]) -> list[Row]:
    """A row for every claim that has a reference; the model is asked about those of the origins `ask`."""
    quotes = {claim: few(claim.text, claim.sentences) for claim in claims}
    quoted = [claim for claim in claims if quotes[claim]]
    near = _similarities(quoted, quotes)
    asked = _asked(quoted, quotes, ask)
    return [
        Row(claim, agreement(claim.text, quotes[claim], similarity=near[key]), asked.get(key))
        for claim in quoted
        for key in (_key(claim, quotes[claim]),)
    ]


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


def _asked(claims: Sequence[Claim], quotes: Mapping[Claim, tuple[str, ...]], ask: Container[str]) -> dict[str, Opinion]:
    """The model's opinion of the claims to `ask` about, and of all that it was asked about before."""
    known = _kept(ASKED)
    missing = [claim for claim in claims if claim.origin in ask and _key(claim, quotes[claim]) not in known]
    if missing:
        session = Session()
        model = session.loaders.model(session.settings())
        with ASKED.open("a", encoding="utf-8") as out:
            for done, claim in enumerate(missing, start=1):
                opinion = model.opinion(prompt.confirmed(claim.question, claim.text, quotes[claim]))
                _keep(_key(claim, quotes[claim]), [opinion.yes, packed(opinion.state)], known, out)
                print(f"\r{done} of {len(missing)} claims", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    return {key: Opinion(yes, tuple(unpacked(state).tolist())) for key, (yes, state) in known.items()}


def _key(claim: Claim, quotes: Sequence[str]) -> str:
    """What a kept figure belongs to: other quotes make it another one."""
    return f"{claim.number} {crc32(' '.join((claim.text, *quotes)).encode()):08x}"


def _kept(path: Path) -> dict[str, Any]:
    path.parent.mkdir(exist_ok=True)
    return dict(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()) if path.exists() else {}


def _keep(key: str, figure: object, known: dict[str, Any], out: TextIO) -> None:
    known[key] = figure
    out.write(json.dumps([key, figure]) + "\n")
    out.flush()
