"""A memo over the seeds, written by hand, every quote at its true offsets; and a small one over any article.

For the tests of the HTML memo.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from index.ingest.load import load
from index.records import Article, Metadata, Region
from qa.memo.records import (
    Cite,
    Disagreement,
    Finding,
    Memo,
    Note,
    Position,
    Reference,
    Refusal,
    Rich,
    Section,
    Span,
    Statement,
)
from qa.records import Provenance
from qa.render.harmless import safe_url

SEEDS = Path(__file__).parent.parent / "seeds"
PROVENANCE = Provenance(version="0.1.0", library="l1", embedder="fake e1", model="fake m1", settings="s1")
Words = tuple[str, str]  # how the name of a source begins, a quote in it


def seeds() -> dict[str, Article]:
    """The five articles of the default library."""
    return {path.name: load(path, path.name, {})[0] for path in sorted(SEEDS.iterdir())}


def article(source: str, text: str, *, start: int = 0, metadata: Metadata = Metadata()) -> Article:  # noqa: B008  # frozen
    """An article in memory, one paragraph from `start` on."""
    return Article(
        source,
        text,
        "utf-8",
        metadata,
        (Region(start, len(text), "body"),),
        (),
        (),
        hashlib.sha256(text.encode(errors="replace")).hexdigest(),
    )


def notes_of(cited: Sequence[Sequence[Words]], articles: dict[str, Article]) -> tuple[Note, ...]:
    """A note for each group of quotes, the credit in full the first time an article is cited, short afterwards."""
    seen: set[str] = set()
    notes = []
    for number, group in enumerate(cited, start=1):
        cites = []
        for prefix, quote in group:
            source = next(name for name in articles if name.startswith(prefix))
            start = articles[source].text.index(quote)
            credit = _short(articles[source]) if source in seen else _first(articles[source])
            seen.add(source)
            cites.append(
                Cite(_key(source), source, credit, articles[source].page(start), start, start + len(quote), quote)
            )
        notes.append(Note(number, tuple(cites)))
    return tuple(notes)


def references_of(notes: Sequence[Note], articles: dict[str, Article]) -> tuple[Reference, ...]:
    """The articles that the notes cite, in the order of their names."""
    used = [articles[source] for source in sorted({cite.source for note in notes for cite in note.cites})]
    return tuple(
        Reference(_key(each.source), each.source, each.metadata, each.digest, _first(each), _short(each), _entry(each))
        for each in used
    )


def small(
    articles: dict[str, Article],
    *cited: Sequence[Words],
    title: str = "A memo",
    question: str = "What was said?",
    text: str = "It was said.",
) -> Memo:
    """One section with one question and one sentence a note."""
    notes = notes_of(cited, articles)
    finding = Finding((question,), tuple(Statement(text, note.number) for note in notes), ())
    return Memo(
        title,
        "2025-12-12",
        None,
        None,
        (Section("What was said", (finding,)),),
        (),
        notes,
        references_of(notes, articles),
        "chicago",
        PROVENANCE,
    )


def over_the_seeds() -> tuple[Memo, dict[str, Article]]:
    """Three sections, seven questions answered, two refused, a disagreement, notes with several quotes, a quote cited twice, one within another."""
    articles = seeds()
    trade_000 = ("000", "The joint statement gave a target of bilateral trade worth $100 billion by 2030.")
    trade_002 = ("002", "The two countries have set a target of $100 billion by 2030.")
    trade_003 = (
        "003",
        "The bilateral trade between India and Russia in the financial year 2024-25 was $68.7 billion, nonetheless "
        "both the countries fixed the target to "
        "enhance the annual trade volume to US$ 100 billion by 2030.",
    )
    older = (
        "004",
        "India and Russia have a long history of intimate ties and have already set a mark of $30bn in bilateral "
        "trade by the end of 2025.",
    )
    cited: list[list[Words]] = [
        [trade_000, trade_002, trade_003],
        [older],
        [("003", "The bilateral trade between India and Russia in the financial year 2024-25 was $68.7 billion")],
        [
            (
                "000",
                "India faces a huge trade deficit with Russia, thanks to the oil imports, while boasting of a "
                "significant trade surplus "
                "against the US, an aspect that has been repeatedly highlighted by the Trump administration.",
            ),
            ("003", "In contrast, Indian exports to Russia remain modest approximately US$ 4.9 billion."),
        ],
        [
            (
                "003",
                "However, formal deals on high-end systems (like S-500 missiles or the Su-57) were conspicuously "
                "absent.",
            ),
            (
                "000",
                "New Delhi avoided announcing any major defence agreements or acquisitions of new Russian defence "
                "platforms, mindful of CAATSA risks and "
                "unpredictability of Trumpian tariffs.",
            ),
        ],
        [("001", "New defence agreements, though they kept most details under wraps.")],
        [
            (
                "004",
                "Putin’s visit to India emphasizes that a reorientation of defence cooperation is exceptionally "
                "underway to\n\n"
                "cater to India’s quest for self-sufficiency.",
            )
        ],
        [
            (
                "000",
                "Nuclear energy cooperation would also see an expansion with additional power plants being jointly "
                "developed with Russia on the lines of the "
                "Kudankulam Plant in Tamil Nadu.",
            ),
            (
                "003",
                "The ongoing nuclear power plant project at Kudankulam Nuclear Power Plant in Tamil Nadu, where two "
                "of six reactors are already operational, "
                "will be expanded.",
            ),
        ],
        [
            (
                "001",
                "There’s also the CAATSA problem—the US law that threatens sanctions on countries buying Russian "
                "defence tech.",
            )
        ],
        [("001", "Still, don’t expect any drastic moves just yet.")],
        [trade_003],
    ]
    notes = notes_of(cited, articles)
    trade = Section(
        "Trade",
        (
            Finding(
                ("What trade target did the two countries set?",),
                (),
                (
                    Disagreement(
                        (
                            Position(
                                "$100 billion by 2030",
                                (
                                    "an unsigned article (undated)",
                                    "Diya Menon, DailyDigest360 (2025)",
                                    "Jai Kumar Verma (10 December 2025)",
                                ),
                                1,
                            ),
                            Position("$30bn by the end of 2025", ("an unsigned article (undated)",), 2),
                        ),
                    ),
                ),
            ),
            Finding(
                ("How large was the trade between them, and how even?",),
                (
                    Statement("In the financial year 2024-25 the trade between India and Russia was $68.7 billion.", 3),
                    Statement(
                        "India runs a large deficit with Russia because of its oil imports; its own exports "
                        "come to some US$ 4.9 billion.",
                        4,
                    ),
                ),
                (),
            ),
        ),
    )
    defence = Section(
        "Defence and energy",
        (
            Finding(
                ("Were new arms deals signed?",),
                (
                    Statement(
                        "No formal deal on high-end systems such as the S-500 or the Su-57 was announced; India kept "
                        "the risk of American sanctions in mind.",
                        5,
                    ),
                    Statement("One article speaks of new defence agreements whose details were kept under wraps.", 6),
                    Statement(
                        "An earlier article already saw defence cooperation being reoriented towards India’s "
                        "self-sufficiency.",
                        7,
                    ),
                ),
                (),
            ),
            Finding(
                ("What was agreed on nuclear energy?", "Which plants are to be enlarged?"),
                (
                    Statement(
                        "Cooperation on nuclear energy is to grow along the lines of Kudankulam in Tamil Nadu, "
                        "where two of six reactors are running.",
                        8,
                    ),
                ),
                (),
            ),
        ),
    )
    washington = Section(
        "Washington’s view",
        (
            Finding(
                ("How may the United States react?",),
                (
                    Statement(
                        "American law (CAATSA) threatens sanctions on countries that buy Russian defence technology.", 9
                    ),
                    Statement("Drastic moves are not expected yet.", 10),
                ),
                (),
            ),
        ),
    )
    refusals = (
        Refusal("What did the summit cost?", "Trade", ()),
        Refusal(
            "Did the two countries agree to triple their trade by 2026?",
            "Trade",
            (Statement("The target they fixed is US$ 100 billion by 2030.", 11),),
        ),
    )
    memo = Memo(
        title="The Russian president’s visit to Delhi: what was agreed, and what was not",
        written="2025-12-12",
        recipient="The Minister for Foreign Affairs",
        sender="Asia desk",
        sections=(trade, defence, washington),
        refusals=refusals,
        notes=notes,
        references=references_of(notes, articles),
        style="chicago-note-bibliography",
        provenance=PROVENANCE,
    )
    return memo, articles


def _key(source: str) -> str:
    return "".join(letter for letter in source if letter.isalnum())


def _first(article: Article) -> Rich:
    known = article.metadata
    spans = [Span(f"{known.author}, ")] if known.author else []
    spans.append(Span(f"“{known.title or article.source}”"))
    spans += [Span(", "), Span(known.publisher, italic=True)] if known.publisher else []
    spans.append(Span(f", {known.date or 'undated'}"))
    url = safe_url(known.url)
    return (*spans, *((Span(", "), Span(url, url=url)) if url else ()), Span(":"))


def _short(article: Article) -> Rich:
    known = article.metadata
    return (Span(f"{known.author}, " if known.author else ""), Span(f"“{(known.title or article.source)[:24]}”:"))


def _entry(article: Article) -> Rich:
    return (*_first(article)[:-1], Span("."))
