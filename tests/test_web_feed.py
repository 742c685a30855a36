"""Feeds: what each entry says and where it leads, and which of them carry the whole article."""

from __future__ import annotations

import pytest

from index.errors import SourceError
from index.ingest.formats import read_html
from index.records import Metadata
from index.web.feed import Entry, Feed, page, read
from tests.web_site import PROSE, rss

URL = "https://example.org/feeds/all.xml"
WHOLE = f"<p>{PROSE}</p>" * 2
SPACES = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def entries(data: bytes | str) -> tuple[Entry, ...]:
    feed = read(data.encode() if isinstance(data, str) else data, URL)
    assert feed is not None
    return feed.entries


def item(inner: str) -> Entry:
    (entry,) = entries(rss(f"<item>{inner}</item>").body)
    return entry


def test_rss() -> None:
    feed = read(
        rss(
            "<item><title>Mills &amp;amp; <![CDATA[<b>more</b>]]></title><link> /a?b=1&amp;c=2 </link><guid>x1</guid>"
            "<author>jane@example.org (Jane Doe)</author><pubDate>Mon, 02 Mar 2026 23:10:00 "
            "+0100</pubDate><description>Short.</description></item>",
            f'<item><guid isPermaLink="true">https://example.org/b</guid><content:encoded><![CDATA[{WHOLE}]]></content:encoded><dc:date>2026-03-01T23:00:00-05:00</dc:date></item>',
        ).body,
        URL,
    )
    assert feed == Feed(
        "Daily Alder",
        (
            Entry(
                "https://example.org/a?b=1&c=2",
                "https://example.org/a?b=1&c=2",
                "Mills & more",
                "Jane Doe",
                "2026-03-02",
                None,
            ),
            Entry("https://example.org/b", "https://example.org/b", None, None, "2026-03-01", WHOLE),
        ),
    )


def test_rss_1() -> None:
    assert entries(
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://purl.org/rss/1.0/" {SPACES}><channel><title>T</title></channel>'
        "<item><title>One</title><link>http://example.org/one</link><dc:creator>Jane Doe</dc:creator><dc:creator>John "
        "Roe</dc:creator></item></rdf:RDF>"
    ) == (Entry("http://example.org/one", "http://example.org/one", "One", "Jane Doe, John Roe", None, None),)


def test_atom() -> None:
    assert entries(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/blog/"><title>T</title><link rel="self" '
        'href="https://example.org/self"/>'
        '<entry><id>tag:1</id><link rel="replies" href="r"/><link href="one"/><title type="html">One '
        "&lt;i&gt;two&lt;/i&gt;</title>"
        "<author><name>Jane Doe</name><email>j@example.org</email></author><published>2026-03-01T10:00:00Z</published>"
        "<updated>2026-04-01T10:00:00Z</updated></entry>"
        f'<entry><id>tag:2</id><content type="xhtml"><div '
        f'xmlns="http://www.w3.org/1999/xhtml">{WHOLE}</div></content><updated>2026-04-02</updated></entry>'
        "</feed>"
    ) == (
        Entry(
            "https://example.org/blog/one", "https://example.org/blog/one", "One two", "Jane Doe", "2026-03-01", None
        ),
        Entry("tag:2", None, None, None, "2026-04-02", f'<div xmlns="http://www.w3.org/1999/xhtml">{WHOLE}</div>'),
    )


@pytest.mark.parametrize(
    ("inner", "content"),
    [
        ("<description>A summary that is no article.</description>", None),
        ("<content:encoded>&lt;p&gt;Read more …&lt;/p&gt;</content:encoded>", None),
        (f"<content:encoded>{'<![CDATA[' + WHOLE + ']]>'}</content:encoded>", WHOLE),
    ],
)
def test_only_what_is_whole_stands_for_the_article(inner: str, content: str | None) -> None:
    assert item(f"<link>https://example.org/a</link>{inner}").content == content


@pytest.mark.parametrize(
    ("inner", "link"),
    [
        ("<guid>https://example.org/a</guid>", "https://example.org/a"),
        ("<link>b</link><guid>https://example.org/a</guid>", "https://example.org/feeds/b"),
        ("<link>javascript:alert(1)</link>", "javascript:alert(1)"),  # refused when it is asked for
    ],
)
def test_where_an_entry_leads(inner: str, link: str) -> None:
    assert item(inner).link == link


def test_what_leads_nowhere_is_told_and_what_stands_twice_counts_once() -> None:
    feed = read(
        rss(
            "<item><title>A</title></item>", *("<item><title>B</title><link>https://example.org/b</link></item>",) * 2
        ).body,
        URL,
    )
    assert feed is not None
    assert [entry.title for entry in feed.entries] == ["B"]
    assert feed.notes == ("1 of 3 entries lead nowhere and hold no text",)


def test_a_feed_that_is_no_well_formed_xml_is_read_as_far_as_that_can_be() -> None:
    feed = read(rss("<item><title>Mills & more</title><link>https://example.org/a</link></item>").body, URL)
    assert feed is not None
    assert [(entry.link, entry.title) for entry in feed.entries] == [("https://example.org/a", "Mills more")]
    assert feed.notes == ("is no well-formed XML (line 1): read as far as that can be",)


def test_other_xml_is_no_feed_and_no_xml_is_an_error() -> None:
    assert read(b"<nitf><body/></nitf>", URL) is None
    with pytest.raises(SourceError, match=r"^is not XML: "):
        read(b"\x00\x01", URL)
    with pytest.raises(SourceError) as caught:
        read(b"<\x00rss/>", URL)
    assert "\n" not in caught.value.message


def test_entities_are_not_expanded_and_nothing_is_read_through_them() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    text = f'<!DOCTYPE rss [{bomb}<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel><item><link>https://a.org/&f;</link><title>&e11;</title></item></channel></rss>'
    (entry,) = entries(text)
    assert (entry.link, entry.title) == ("https://a.org/&f", None)


def test_an_entry_becomes_a_page_that_says_what_the_feed_says() -> None:
    entry = Entry("k", "https://example.org/a?x=1&y=2", 'The "new" bridge of Brandt', "Jane Doe", "2026-03-02", WHOLE)
    read_again = read_html(page(entry, "Daily Alder"), "a.html")
    assert read_again.metadata == Metadata(
        'The "new" bridge of Brandt', "Jane Doe", "2026-03-02", "Daily Alder", "https://example.org/a?x=1&y=2"
    )
    assert PROSE in read_again.text
