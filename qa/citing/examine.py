"""Look up each sentence of a draft in a library and judge it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.embed import Embedder
from index.records import Filter
from index.search import search
from index.store import Library
from qa.answering import prompt
from qa.answering.evidence import Evidence, select
from qa.citing.claims import is_claim
from qa.citing.judge import judge
from qa.citing.meanings import Meanings
from qa.citing.opening import usage
from qa.citing.records import Judged, Said
from qa.citing.sources import known, named
from qa.models.engine import LanguageModel
from qa.render.harmless import one_line

PASSAGES = 8
_REFERS = re.compile(
    r"^(?:he|she|it|they|this|these|those|that|his|her|its|their|both|the former"
    r"|the latter)\b",
    re.IGNORECASE,
)


class Examiner:
    """Looks sentences up in a library. `texts` are the draft's own: they tell which of its words are no names."""

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        model: LanguageModel,
        texts: Iterable[str],
        *,
        within: Filter = Filter(),  # noqa: B008 (frozen)
        passages: int = PASSAGES,
    ) -> None:
        self._library = library
        self._meanings = Meanings(embedder)
        self._model = model
        self._usage = usage(texts)
        self._within = within
        self._passages = passages
        self._known = tuple(known(info.source, info.metadata) for info in library.sources())

    def examine(self, said: Said) -> Judged:
        """What the articles say to a sentence; first those that its author cites for it, where there are any."""
        if said.heading or not is_claim(said.text):
            return Judged("no claim")
        cited = named(said.text, said.citations, self._known)
        found = self._judged(cited.sentence, said, cited.sources)
        if cited.sources and found.verdict != "supported":
            anywhere = self._judged(said.text, said, ())
            if anywhere.verdict == "supported":
                elsewhere = ", ".join(dict.fromkeys(one_line(quote.source) for quote in anywhere.quotes))
                there = ", ".join(map(one_line, cited.sources))
                return replace(
                    anywhere,
                    verdict="partly",
                    remark=f"the article cited ({there}) does not say this; {elsewhere} does",
                )
            found = anywhere if (found.verdict, anywhere.verdict) == ("absent", "contradicted") else found
        if cited.unknown:
            return replace(found, remark=f"no article of the library goes by {', '.join(cited.unknown)}")
        return found

    def _judged(self, sentence: str, said: Said, sources: Sequence[str]) -> Judged:
        query = f"{said.before} {sentence}" if said.before and _REFERS.match(sentence) else sentence
        return judge(sentence, self._evidence(query, sources), self._meanings, self._usage, self._says)

    def _says(self, claim: str, quotes: Sequence[Evidence]) -> float:
        return self._model.opinion(prompt.said(claim, quotes)).yes

    def _evidence(self, query: str, sources: Sequence[str]) -> tuple[Evidence, ...]:
        within = replace(self._within, sources=tuple(sources)) if sources else self._within
        return select(
            query, search(query, self._library, self._meanings, k=self._passages, within=within), self._meanings
        )
