"""Addresses: which are asked for, in which form, and which machines never are unasked."""

from __future__ import annotations

import ipaddress

import pytest

from index.errors import SourceError
from index.web.address import is_address, is_public, normal, origin, same_site


@pytest.mark.parametrize(
    ("given", "known_as"),
    [
        ("https://Example.ORG", "https://example.org/"),
        (" https://example.org/a?b=c#part ", "https://example.org/a?b=c"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://münchen.example/straße", "https://xn--mnchen-3ya.example/stra%C3%9Fe"),
        ("https://example.org/\ud800", "https://example.org/%EF%BF%BD"),
        ("https://example.org/a b%20c", "https://example.org/a%20b%20c"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
    ],
)
def test_an_address_is_known_in_one_form(given: str, known_as: str) -> None:
    assert normal(given) == known_as
    assert normal(known_as) == known_as


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("ftp://example.org/a", "ftp://example.org/a is not http or https"),
        ("file:///etc/passwd", "file:///etc/passwd is not http or https"),
        ("gopher://127.0.0.1:70/x", "gopher://127.0.0.1:70/x is not http or https"),
        ("x\n://y", "x ://y is not http or https"),
        ("https:///a", "https:///a names no machine"),
        ("https://exa mple.org/", "https://exa mple.org/ names no machine"),
        (
            "https://example.org:port/",
            "https://example.org:port/ is not an address: Port could not be cast to integer value as 'port'",
        ),
        (
            "https://jane:secret@example.org/",
            "https://example.org was given with a user name or a password, which would be kept beside the library",
        ),
        (
            f"https://example.org/{'a' * 5000}",
            f"https://example.org/{'a' * 180}… has 5,020 characters; an address may have 4,000",
        ),
    ],
)
def test_what_is_no_address_is_refused_in_a_line(given: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        normal(given)
    assert caught.value.message == message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.org", True),
        ("ftp://a", True),
        ("C:\\articles", False),
        ("C:/articles", False),
        ("news/a.txt", False),
    ],
)
def test_a_path_is_no_address(text: str, expected: bool) -> None:
    assert is_address(text) is expected


PUBLIC = ["93.184.216.34", "2606:4700:4700::1111", "::ffff:93.184.216.34", "64:ff9b::5db8:d822", "2002:5db8:d822::1"]
PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.2.1",
    "::1", "::", "fe80::1", "fd00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::1", "fec0::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_machines_of_the_public_network(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_machines_that_are_not(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


def test_origins_and_sites() -> None:
    assert origin("https://example.org:8443/a?b") == "https://example.org:8443"
    assert same_site("https://www.example.org/a", "https://feeds.example.org/")
    assert not same_site("https://example.org/", "https://badexample.org/")
