"""robots.txt: which rule counts for which page. The examples of RFC 9309 are among them."""

from __future__ import annotations

import time

import pytest

from index.web.rules import Rules, parse

RFC = """User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""


@pytest.mark.parametrize(
    ("agent", "path", "allowed"),
    [
        ("Vouch", "/publications/a.html", True),
        ("Vouch", "/example/a", False),
        ("Vouch", "/a/b.gif", False),
        ("Vouch", "/a/b.gif?x", True),
        ("FooBot", "/", False),
        ("foobot", "/example/page.html", True),
        ("foobot", "/example/page.htm", False),
        ("barbot", "/example/page.html", False),
        ("bazbot", "/example/page.html", False),
        ("bazbot", "/b.gif", True),
        ("quxbot", "/example/", True),
    ],
)
def test_the_examples_of_the_standard(agent: str, path: str, allowed: bool) -> None:
    assert parse(RFC, agent).allow(f"https://example.org{path}") is allowed


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Allow: /\nDisallow: /private", "/private/a", False),
        ("Disallow: /\nAllow: /news", "/news/a", True),
        ("Disallow: /news\nAllow: /news", "/news/a", True),
        ("Disallow:", "/a", True),
        ("Disallow: /*/print", "/a/b/print?x", False),
        ("Disallow: /*/print$", "/a/b/print?x", True),
        ("Disallow: /*?", "/a?b", False),
        ("Disallow: /*?", "/a", True),
        ("Disallow: /a$", "/a", False),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: /a*a$", "/a", True),
        ("Disallow: /stra%c3%9fe", "/stra%C3%9Fe", False),
        ("Disallow: /straße", "/stra%C3%9Fe", False),
        ("Disallow: /%7Ejane", "/~jane/a", False),
        ("Disallow: /a%2Fb", "/a/b", True),
        ("Disallow: /a # not here", "/a", False),
        ("disallow : /a", "/a", False),
        ("Sitemap: https://example.org/s.xml\nDisallow: /a", "/a", False),
    ],
)
def test_which_rule_counts(rules: str, path: str, allowed: bool) -> None:
    assert parse(f"User-agent: *\n{rules}\n", "Vouch").allow(f"https://example.org{path}") is allowed


@pytest.mark.parametrize(
    "text", ["", "Disallow: /", "<html>not here</html>", "User-agent: other\nDisallow: /", "\x00\x01"]
)
def test_what_says_nothing_to_us_allows_everything(text: str) -> None:
    assert parse(text, "Vouch") == Rules()


@pytest.mark.parametrize(
    ("value", "delay"),
    [("7", 7.0), ("0.5", 0.5), ("soon", None), ("-3", None), ("1e9", None), ("nan", None), ("٣", None)],
)
def test_how_slowly(value: str, delay: float | None) -> None:
    assert parse(f"User-agent: *\nCrawl-delay: {value}\n", "Vouch").delay == delay


def test_a_group_that_names_us_counts_alone_and_two_of_them_together() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: Vouch/1.0\nDisallow: /a\n\nUser-agent: vouch\nDisallow: /b\nCrawl-delay: 2\n"
    assert parse(text, "Vouch") == Rules((), ("/a", "/b"), 2.0)


def test_patterns_of_many_stars_take_no_time() -> None:
    begun = time.process_time()
    assert parse("User-agent: *\n" + f"Disallow: /{'*a' * 200}b$\n" * 1000, "Vouch").allow(
        "https://example.org/" + "a" * 3000
    )
    assert time.process_time() - begun < 5
