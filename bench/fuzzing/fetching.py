"""Fuzzing of what comes from the web and of what lies beside articles: addresses, robots.txt, feeds, bibliographies."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from bench.fuzzing.inputs import bent, encoded, text
from bench.fuzzing.target import LIMITS, Target, apart, held, one_line
from index.ingest import bibtex, csl
from index.ingest.csl import References
from index.records import Metadata
from index.web import feed as feeds
from index.web.address import normal
from index.web.rules import parse
from tests.web_site import rss

_URL = "https://example.org/feed"
_ENTRY = "@article{{doe{0}, title = {{{1}}}, author = {{Doe, Jane and {{{1}}}}}, date = {{2020-03-01}}, file = {{a:b/{1}.pdf:x}}, journal = jn}}\n"


def _address(words: str) -> None:
    known = normal(words)
    held(normal(known) == known, "an address is known in one form")
    held(known.isascii() and known.isprintable() and " " not in known, "an address is one word of ASCII")
    held(known.startswith(("http://", "https://")), "only http and https are asked")


def _robots(given: tuple[str, str]) -> None:
    rules = parse(given[0], "Vouch")
    held(rules.delay is None or 0 <= rules.delay < 1e6, "a delay is a number of seconds")
    held(rules.allow(f"https://example.org/{given[1]}") in (True, False), "a page is allowed or not")


def _feed(data: bytes) -> None:
    feed = apart("feed", feeds.read, data, _URL)
    for entry in feed.entries if feed is not None else ():
        held(bool(entry.link or entry.content), "an entry leads somewhere or holds text")
        one_line(Metadata(entry.title, entry.author, entry.date))
        if entry.content is not None:
            held(
                b"<script"
                not in feeds.page(entry, feed.title if feed else None).replace(
                    (entry.content).encode("utf-8", "replace"), b""
                ),
                "what a feed says is no markup",
            )
    held(feed is None or len({entry.key for entry in feed.entries}) == len(feed.entries), "no entry stands twice")


def _references(found: References | None) -> None:
    for entry in found.entries if found is not None else ():
        one_line(entry.metadata)
    held(found is None or all("\n" not in note for note in found.notes), "a note is one line")


def _bib(data: bytes) -> None:
    _references(bibtex.read(data, "refs.bib", LIMITS))


def _csl(data: bytes) -> None:
    _references(csl.read(data))


def _rss(parts: list[tuple[str, str]]) -> bytes:
    return rss(
        *(
            f"<item><title>{title}</title><link>/{number}</link><content:encoded><![CDATA[{words}]]></content:encoded></item>"
            for number, (title, words) in enumerate(parts)
        )
    ).body


_VALUES = st.recursive(
    st.one_of(st.none(), st.integers(-5, 3000), text(most=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(("family", "given", "literal", "date-parts", "raw", "path")), inner, max_size=3
        ),
    ),
    max_leaves=6,
)
_ITEMS = st.fixed_dictionaries(
    {"id": st.one_of(st.integers(), text(most=2)), "type": st.just("book")},
    optional=dict.fromkeys(
        ("title", "author", "issued", "publisher", "container-title", "URL", "DOI", "file", "attachments"), _VALUES
    ),
)
_BIB = st.lists(text(most=4), max_size=4).map(
    lambda titles: "".join(_ENTRY.format(number, title) for number, title in enumerate(titles)).encode(
        "utf-8", "replace"
    )
)
TARGETS = (
    Target(
        "addresses",
        st.one_of(
            text(most=6), text(most=6).map("https://example.org/{}".format), text(most=3).map("https://{}/a".format)
        ),
        _address,
        6,
    ),
    Target(
        "robots.txt",
        st.tuples(
            st.lists(
                st.tuples(
                    st.sampled_from(("User-agent: *", "Allow: /", "Disallow: /*", "Disallow: ", "Crawl-delay: ")),
                    text(most=4),
                ),
                max_size=8,
            ).map(lambda lines: "\n".join(map("".join, lines))),
            text(most=6),
        ),
        _robots,
        4,
    ),
    Target(
        "feeds",
        st.one_of(bent(st.lists(st.tuples(text(most=4), text(most=20)), max_size=3).map(_rss)), encoded(text())),
        _feed,
        1,
    ),
    Target("load .bib", st.one_of(bent(_BIB), _BIB), _bib, 0.1),
    Target(
        "CSL-JSON",
        st.one_of(st.lists(_ITEMS, max_size=4).map(lambda items: json.dumps(items).encode()), encoded(text())),
        _csl,
        4,
    ),
)
