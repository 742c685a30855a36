"""Machines that are not on the public network.

Asked only where the user means them, whatever a name, a redirect or a feed says.
"""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest

from index.errors import SourceError
from index.isolated import directly
from index.limits import Limits
from index.web.gather import gather
from index.web.get import Reply as Got
from index.web.get import get
from tests.web_site import PROSE, Reply, Site, page, rss, serving

PUBLIC = "93.184.216.34"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


def leading(monkeypatch: pytest.MonkeyPatch, **addresses: list[str]) -> list[str]:
    """Names lead to these addresses, one after the other at each look-up, as if some were on the public network.

    Returns the names looked up.
    """
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def found(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        name = str(host).partition(".")[0]
        if name not in addresses:
            return real(host, port, *arguments, **options)
        looked_up.append(name)
        return real(
            addresses[name].pop(0) if len(addresses[name]) > 1 else addresses[name][0], port, *arguments, **options
        )

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return looked_up


def public(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Lets these pass for machines of the public network."""
    from index.web import address as addresses_
    from index.web import get as getting

    monkeypatch.setattr(
        getting, "is_public", lambda address: str(address) in addresses or addresses_.is_public(address)
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{}/a",
        "http://localhost:{}/a",
        "http://0x7f.1:{}/a",
        "http://2130706433:{}/a",
        "http://[::ffff:127.0.0.1]:{}/a",
    ],
)
def test_this_machine_is_not_asked_unasked(site: Site, tmp_path: Path, url: str) -> None:
    with pytest.raises(SourceError, match="is not on the public network") as caught:
        gather([url.format(site.port)], tmp_path / ".qa", directly)
    assert caught.value.hint == "if that machine is meant: qa index --allow-private URL"
    assert site.asked == []


@pytest.mark.parametrize("allowed", [False, True])
def test_a_page_of_the_public_network_leads_to_no_private_one(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: bool
) -> None:
    public(monkeypatch, "127.0.0.1")
    secret = f"http://127.0.0.2:{site.port}/secret"
    site.replies |= {"/a": Reply(status=302, headers={"Location": secret}), "/secret": page("Secret")}
    with pytest.raises(SourceError) as caught:
        gather([site.url("/a")], tmp_path / ".qa", directly, allow_private=allowed, wait=lambda _: None)
    assert caught.value.message == f"{site.url('/a')}: leads to {secret}: 127.0.0.2 is not on the public network"
    assert site.paths == ["/a"]


def test_a_feed_of_the_public_network_leads_to_no_private_page(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public(monkeypatch, "127.0.0.1")
    secret = f"http://127.0.0.2:{site.port}/secret"
    site.replies |= {"/feed": rss(f"<item><link>{secret}</link></item>"), "/secret": page("Secret")}
    done = gather([site.url("/feed")], tmp_path / ".qa", directly, allow_private=True, wait=lambda _: None)
    assert [(each.url, each.message) for each in done.missed] == [(secret, "127.0.0.2 is not on the public network")]
    assert site.paths == ["/feed"]


def test_one_private_address_among_several_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in (PUBLIC, "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
    with pytest.raises(SourceError, match=r"^example\.org is at 10\.0\.0\.1, which is not on the public network$"):
        get("http://example.org/", Limits(), None, None, False)


def test_the_address_that_was_checked_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere at the second look-up leads nowhere: there is none."""
    looked_up = leading(monkeypatch, rebound=[PUBLIC, "127.0.0.1"])
    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> Any:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    assert get("http://rebound.example/", Limits(), None, None, False) == Got(
        0, trouble="nothing answers at port 80 of rebound.example"
    )
    assert connected == [(PUBLIC, 80)]
    assert looked_up == ["rebound"]


def test_the_machine_is_told_its_name(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    leading(monkeypatch, named=["127.0.0.1"])
    site.replies["/a"] = page("A")
    assert get(f"http://named.example:{site.port}/a", Limits(), None, None, True).status == 200
    assert site.asked[0][1]["Host"] == f"named.example:{site.port}"


def test_no_proxy_is_asked_and_no_password_is_sent(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would look the name up by itself; .netrc holds passwords for machines."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login jane password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    site.replies["/a"] = page("A")
    assert get(site.url("/a"), Limits(), None, None, True).status == 200
    assert {name.lower() for name in site.asked[0][1]} == {
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "connection",
    }


class Locked:
    """A machine that speaks TLS, with a certificate of its own for a name.

    Which name it was greeted with is written down.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.certificate, self.greeted = folder / "certificate", list[str | None]()
        options = (
            f"req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN={name} -addext subjectAltName=DNS:{name}".split()
        )
        subprocess.run(
            ["openssl", *options, "-keyout", folder / "key", "-out", self.certificate], check=True, capture_output=True
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, folder / "key")
        context.sni_callback = lambda _socket, greeted, _context: self.greeted.append(greeted)
        self._context, self._listener = context, socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def asked(self, url: str) -> Got:
        """What comes of asking it this once."""
        thread = threading.Thread(target=self._answer)
        thread.start()
        try:
            return get(url.format(self.port), Limits(), None, None, True)
        finally:
            thread.join()
            self._listener.close()

    def _answer(self) -> None:
        connection, _ = self._listener.accept()
        try:
            with self._context.wrap_socket(connection, server_side=True) as secured:
                secured.recv(10_000)
                secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello")
        except OSError:
            connection.close()


needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made by openssl")


@needs_openssl
def test_a_certificate_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    got = Locked(tmp_path, "localhost").asked("https://localhost:{}/")
    assert got.status == 0
    assert got.trouble.startswith("the certificate of localhost is not valid: ")


@needs_openssl
@pytest.mark.parametrize(("certified", "body"), [("named.example", b"hello"), ("other.example", b"")])
def test_the_certificate_is_compared_with_the_name_and_not_with_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certified: str, body: bytes
) -> None:
    leading(monkeypatch, named=["127.0.0.1"])
    machine = Locked(tmp_path, certified)
    trusting = ssl.create_default_context(cafile=machine.certificate)
    monkeypatch.setattr("httpx2.Client", partial(httpx2.Client, verify=trusting))
    got = machine.asked("https://named.example:{}/")
    assert machine.greeted == ["named.example"]
    assert got.body == body
    assert got.trouble == (
        ""
        if body
        else "the certificate of named.example is not valid: Hostname mismatch, certificate is not valid for "
        "'named.example'."
    )


def test_the_text_of_a_feed_is_shown_harmlessly(site: Site, tmp_path: Path) -> None:
    """What a feed says of an entry is markup of a page only where it is markup in the feed."""
    title = "&lt;script&gt;alert(1)&lt;/script&gt; of &quot;Brandt&quot;"
    site.replies["/feed"] = rss(
        f"<item><title>{title.replace('&', '&amp;')}</title><link>/w</link><content:encoded><![CDATA[<p>{PROSE}</p><p>{PROSE}</p>]]></content:encoded></item>"
    )
    gather([site.url("/feed")], tmp_path / ".qa", directly, allow_private=True)
    (kept,) = (tmp_path / "fetched").rglob("*.html")
    assert "<script" not in kept.read_text(encoding="utf-8")
