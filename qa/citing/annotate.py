"""Turn what came of each sentence of a draft into what to add to it.

Footnotes in a style, comments, the list of sources.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from index.errors import LibraryError
from index.records import Article
from index.schema import REBUILD_HINT
from qa.citing.records import VERDICTS, Addition, Additions, Judged
from qa.citing.wording import colophon, comment
from qa.memo.csl import Place, formatted
from qa.memo.pandoc import Pandoc
from qa.memo.records import Cite
from qa.memo.style import Style
from qa.memo.works import works
from qa.records import Quote
from qa.render.harmless import one_line
from qa.verbatim import is_verbatim


def annotated(
    judged: Sequence[Judged],
    read: Callable[[str], Article],
    *,
    style: Style,
    pandoc: Pandoc,
    version: str,
    library: str,
) -> Additions:
    """What to add to a draft, of which `judged` are the sentences.

    Raises LibraryError where a quote is not in its article, MemoError where pandoc fails.
    """
    quotes = [quote for one in judged for quote in (*one.quotes, *(other.quote for other in one.otherwise))]
    articles = {quote.source: read(quote.source) for quote in quotes}
    for quote in quotes:
        _check(quote, articles[quote.source])
    items = works(articles[source] for source in dict.fromkeys(quote.source for one in judged for quote in one.quotes))
    keys = {work.source: work.key for work in items}
    noted = [quote for one in judged for quote in one.quotes]
    made = formatted(
        items,
        [Place(keys[quote.source], articles[quote.source].page_label(quote.start)) for quote in noted],
        style,
        pandoc,
    )
    credit = iter(made.credits)
    known = {source: article.metadata for source, article in articles.items()}
    additions = tuple(
        Addition(
            one.verdict,
            tuple(
                Cite(
                    keys[quote.source],
                    quote.source,
                    next(credit),
                    articles[quote.source].page(quote.start),
                    quote.start,
                    quote.end,
                    quote.text,
                )
                for quote in one.quotes
            ),
            comment(one, known),
        )
        for one in judged
    )
    counted = Counter(one.verdict for one in judged)
    fingerprints = [f"{one_line(source)} sha256:{article.digest[:16]}" for source, article in sorted(articles.items())]
    lines = colophon({verdict: counted[verdict] for verdict in VERDICTS}, version, library, style.name, fingerprints)
    return Additions(additions, made.references, lines)


def _check(quote: Quote, article: Article) -> None:
    if not is_verbatim(article.text, quote.start, quote.end, quote.text):
        raise LibraryError(f"a quote of {one_line(quote.source)} is not in its article", REBUILD_HINT)
