"""Mark up the pane beside the memo: each cited article's details and its whole text, with every quote marked in place.

The text content of the markup is the article, letter for letter (`words.slice_of`): page numbers and links back are
drawn by the style sheet, from attributes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from markupsafe import Markup

from index.called import called
from index.records import Article
from qa.memo.records import Memo, Reference
from qa.render.counted import counted
from qa.render.harmless import one_line, safe_url
from qa.render.html.quotations import Place, Quotation, of_source
from qa.render.html.words import EMPTY, day, line, link, phrase_of, slice_of

_HINT = "Choose a number in the memo to see the quoted words where they stand."
_NONE = "The memo cites no article."
Block = tuple[int, int, str]  # start, end, kind of paragraph; "" for the white space between two


def pane(memo: Memo, articles: Mapping[str, Article], quotes: Mapping[Place, Quotation]) -> Markup:
    """The whole pane: the list of the sources, then each of them."""
    cited = [
        (number, reference, of_source(quotes, reference.source))
        for number, reference in enumerate(memo.references, start=1)
    ]
    shelf = EMPTY.join(
        _listed(number, reference, articles[reference.source], marks) for number, reference, marks in cited
    )
    texts = EMPTY.join(
        _source(number, reference, articles[reference.source], marks) for number, reference, marks in cited
    )
    return Markup(
        '<aside id="sources" aria-labelledby="sources-title">\n'
        '<div class="bar" hidden><button type="button" id="leave">Back to the memo<kbd>Esc</kbd></button>'
        '<p id="where" role="status"></p>'
        '<div class="steps"><button type="button" id="previous" aria-label="Previous quote">‹</button>'
        '<button type="button" id="next" aria-label="Next quote">›</button></div></div>\n'
        '<div id="shelf"><h2 id="sources-title">The sources</h2>\n'
        '<p class="hint">{}</p>\n<ol>{}</ol></div>\n{}</aside>\n'
    ).format(_HINT if cited else _NONE, shelf, texts)


def paragraphs(article: Article) -> Iterator[Block]:
    """The article from end to end: its regions, the page furniture around them, and the white space between."""
    at = 0
    for region in article.regions:
        yield from _outside(article.text, at, region.start)
        yield region.start, region.end, region.kind
        at = region.end
    yield from _outside(article.text, at, len(article.text))


def marked(article: Article, start: int, end: int, quotes: Sequence[Quotation]) -> Markup:
    """`text[start:end]` with its quotes marked; `quotes` in the order of `of_source`.

    A quote within another is nested; where two overlap, the second is marked in two pieces. Their phrases are set apart
    within them, piece by piece.
    """
    here = [quote for quote in quotes if quote.start < end and quote.end > start]
    pages = [page for page in article.page_starts if start <= page < end]
    phrases = [phrase for quote in here for phrase in quote.phrases]
    edges = [edge for stretch in (*((quote.start, quote.end) for quote in here), *phrases) for edge in stretch]
    cuts = sorted({start, end, *pages, *(min(max(edge, start), end) for edge in edges)})
    pieces: list[Markup] = []
    opened: list[Quotation] = []
    for left, right in pairwise(cuts):
        wanted = [quote for quote in here if quote.start <= left and quote.end >= right]
        kept = _shared(opened, wanted)
        pieces += [_closed(quote, left) for quote in reversed(opened[kept:])]
        if left in pages:
            pieces.append(Markup('<span class="page" data-page="{}"></span>').format(article.page_label(left) or ""))
        pieces += [_opened(quote, left) for quote in wanted[kept:]]
        words = slice_of(article.text, left, right)
        pieces.append(phrase_of(words) if any(first <= left and right <= last for first, last in phrases) else words)
        opened = wanted
    return EMPTY.join([*pieces, *(_closed(quote, end) for quote in reversed(opened))])


def _listed(number: int, reference: Reference, article: Article, marks: Sequence[Quotation]) -> Markup:
    known = reference.metadata
    who = [line(part) for part in (known.author, known.publisher) if part]
    return Markup('<li><a href="#source-{}">{}</a><p>{} · {}</p></li>\n').format(
        number, line(called(article)), Markup(", ").join([*who, day(known.date)]), counted(len(marks), "quote")
    )


def _source(number: int, reference: Reference, article: Article, marks: Sequence[Quotation]) -> Markup:
    body = EMPTY.join(_paragraph(article, block, marks) for block in paragraphs(article))
    return Markup(
        '<section class="source" id="source-{0}" tabindex="-1" aria-labelledby="source-{0}-title">\n'
        '<header><h3 id="source-{0}-title">{1}</h3>\n<dl>{2}</dl></header>\n'
        '<div class="text" data-article="{3}" lang="" dir="auto">{4}</div>\n</section>\n'
    ).format(number, line(called(article)), _facts(reference), one_line(reference.source), body)


def _facts(reference: Reference) -> Markup:
    known = reference.metadata
    url = safe_url(known.url)
    facts = [
        ("author", line(known.author) if known.author else None),
        ("publisher", line(known.publisher) if known.publisher else None),
        ("date", day(known.date)),
        ("file", line(reference.source)),
        ("address", link(url, url) if url else line(known.url) if known.url else None),
    ]
    return EMPTY.join(
        Markup('<div class="{0}"><dt>{0}</dt><dd>{1}</dd></div>').format(name, value)
        for name, value in facts
        if value is not None
    )


def _paragraph(article: Article, block: Block, marks: Sequence[Quotation]) -> Markup:
    start, end, kind = block
    words = marked(article, start, end, marks)
    return Markup('<p class="{}" dir="auto">{}</p>').format(kind, words) if kind else words


def _outside(text: str, start: int, end: int) -> Iterator[Block]:
    """What lies between two regions: page furniture, if it is more than white space."""
    gap = text[start:end]
    furniture = (start + len(gap) - len(gap.lstrip()), start + len(gap.rstrip())) if gap.strip() else (end, end)
    blocks = ((start, furniture[0], ""), (*furniture, "furniture"), (furniture[1], end, ""))
    return (block for block in blocks if block[0] < block[1])


def _shared(opened: Sequence[Quotation], wanted: Sequence[Quotation]) -> int:
    """How many of the marks that are open, from the outermost, stay open."""
    for count, (one, two) in enumerate(zip(opened, wanted, strict=False)):
        if one != two:
            return count
    return min(len(opened), len(wanted))


def _opened(quote: Quotation, at: int) -> Markup:
    identity = Markup(' id="quote-{}" tabindex="-1"').format(quote.number) if at == quote.start else EMPTY
    return Markup('<mark{} data-quote="{}">').format(identity, quote.number)


def _closed(quote: Quotation, at: int) -> Markup:
    return Markup("</mark>") + (EMPTY.join(_way_back(note) for note in quote.notes) if at == quote.end else EMPTY)


def _way_back(note: int) -> Markup:
    # without text of its own: it stands within the article's
    return Markup(
        '<a class="back" href="#mark-{0}" data-back="{0}" aria-label="Back to note {0} in the memo"></a>'
    ).format(note)
