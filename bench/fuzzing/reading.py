"""Fuzzing of what reads articles: the loaders, metadata, sentences and chunking."""

from __future__ import annotations

import hashlib
from pathlib import Path

from hypothesis import strategies as st

from bench.fuzzing import seeds
from bench.fuzzing.inputs import bent, bent_zip, encoded, made, text
from bench.fuzzing.target import LIMITS, Target, apart, held, one_line, scratch
from index.chunk import passages
from index.ingest.clean import regions
from index.ingest.formats import sound
from index.ingest.load import load
from index.ingest.metadata import read
from index.records import Article, Sentence
from index.sentences import sentences
from index.visible import visible
from tests.format_files import FILES


def whole(article: Article) -> None:
    """What holds of every article, wherever it came from: its offsets, the order of its regions, its passages."""
    words = article.text
    reached = 0
    for region in article.regions:
        held(
            reached <= region.start < region.end <= len(words),
            "regions are in order, within the text, and none is empty",
        )
        held(
            words[region.start : region.end].strip() == words[region.start : region.end],
            "a region has no white space at its ends",
        )
        reached = region.end
    held(
        all(0 <= credit.start < credit.end <= len(words) for credit in article.credits), "a credit lies within the text"
    )
    held(list(article.page_starts) == sorted(article.page_starts), "pages are in order")
    one_line(article.metadata)
    reached = 0
    for draft in passages(article):
        held(words[draft.start : draft.end] == draft.text, "article.text[p.start:p.end] == p.text")
        held(reached <= draft.start, "passages are in order and do not overlap")
        _slices(words, draft.sentences, draft.start, draft.end)
        reached = draft.end


def _slices(words: str, found: tuple[Sentence, ...], start: int, end: int) -> None:
    for sentence in found:
        held(
            start <= sentence.start < sentence.end <= end,
            "sentences are in order, within their stretch, and none is empty",
        )
        held(
            words[sentence.start : sentence.end] == sentence.text == sentence.text.strip(),
            "a sentence is a slice of its text, without space at its ends",
        )
        start = sentence.end


def _loaded(suffix: str, data: bytes) -> None:
    file = scratch() / f"article{suffix}"
    file.write_bytes(data)
    for article in load(file, file.name, {}, limits=LIMITS, run=apart):
        whole(article)
        held(article.digest == hashlib.sha256(article.text.encode()).hexdigest(), "the digest is that of the text")
        if suffix in (".txt", ".md"):
            # what anyone gets with five lines of Python; a byte that no encoding knows is told and replaced
            with file.open(encoding=article.encoding, errors="replace", newline="") as stream:
                own = stream.read()
            held(len(own) == len(article.text), "offsets count in the text as Python reads the file")


def _loads(suffix: str, weight: float, inputs: st.SearchStrategy[bytes]) -> Target:
    return Target(f"load {suffix}", inputs, lambda data: _loaded(suffix, data), weight)


def _metadata(given: tuple[str, str]) -> None:
    words, suffix = given
    known, credited = read(words, suffix=suffix)
    one_line(known)
    held(all(0 <= credit.start < credit.end <= len(words) for credit in credited), "a credit lies within the text")
    held(read(words, suffix=suffix) == (known, credited), "the same text is read the same twice")


def _sentences(words: str) -> None:
    found = sentences(words, 0, len(words))
    _slices(words, found, 0, len(words))
    held(
        "".join("".join(sentence.text for sentence in found).split()) == "".join(words.split()),
        "together they hold every word",
    )


def _chunks(words: str) -> None:
    known, credited = read(words, suffix=".txt")
    found = regions(words, credited)
    whole(Article("a.txt", words, "utf-8", known, found, credited, (), ""))


def _visible(words: str) -> None:
    shown = visible(words)
    held(all(letter.isprintable() or letter.isspace() for letter in shown), "nothing invisible is left")


def _encoded(name: str) -> bytes:
    data = FILES[name]()
    return data.encode() if isinstance(data, str) else data


_HTML = made(seeds.page)
_SOUND = text(huge=True).map(sound)  # the loaders let no half character through
TARGETS = (
    _loads(".txt", 4, encoded(text(huge=True))),
    _loads(".md", 2, encoded(text(huge=True))),
    _loads(".html", 0.6, st.one_of(_HTML, bent(_HTML), encoded(text()))),
    _loads(".pdf", 1, st.one_of(bent(made(seeds.pdf)), made(seeds.pdf))),
    _loads(
        ".docx",
        1,
        st.one_of(bent_zip(made(seeds.docx)), bent_zip(made(seeds.docx)), bent(made(seeds.docx)), made(seeds.docx)),
    ),
    _loads(".jsonl", 2, st.one_of(bent(made(seeds.rows)), made(seeds.rows), encoded(text()))),
    *(_loads(Path(name).suffix, 0.4, bent(st.builds(_encoded, st.just(name)))) for name in FILES),
    Target("metadata", st.tuples(text(huge=True), st.sampled_from((".txt", ".md", ".pdf", ".html"))), _metadata, 8),
    Target("sentences", _SOUND, _sentences, 10),
    Target("chunking", text(most=80, huge=True).map(sound), _chunks, 6),
    Target("visible", text(huge=True), _visible, 8),
)
