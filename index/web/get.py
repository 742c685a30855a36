"""One request to one machine: no redirect is followed, and nothing is kept.

Called in a process of its own (`index.isolated`), which bounds time and memory.

The connection is made to the numeric address that was checked; the name goes into the Host header and the TLS
handshake, where it is compared with the certificate. So a name that leads elsewhere the second time it is looked up
leads nowhere. No proxy is used: it would look up the name by itself.
"""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import SourceError
from index.limits import Limits
from index.offline import asked
from index.web.address import is_public, machine, resolved

if TYPE_CHECKING:
    import httpx2

AGENT = "Vouch"  # the name that robots.txt may speak to
CONNECT, SILENCE = 10.0, 20.0  # seconds: until a connection stands, and between two pieces of a reply
_HEADERS = {
    "User-Agent": f"{AGENT} (reads single pages for its user)",
    "Accept": "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, application/xml;q=0.9, text/plain, application/pdf, */*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
_LONGEST_HEADER = 1000


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    `status` is 0 where nothing did; `trouble` is what is wrong beside the status; `body` is empty but for a status of
    200.

    `private` is whether it came from a machine that is not on the public network.
    """

    status: int
    body: bytes = b""
    location: str | None = None
    content_type: str = ""
    etag: str | None = None
    modified: str | None = None
    private: bool = False
    trouble: str = ""


def get(url: str, limits: Limits, etag: str | None, modified: str | None, allow_private: bool) -> Reply:
    """What the machine says to this normal address, asked only for what differs from the version that `etag` and `modified` name.

    Raises SourceError for a machine that may not be asked.
    """
    with asked():
        try:
            found = resolved(url)
        except (OSError, UnicodeError):
            return Reply(0, trouble=f"no machine of the name {machine(url)[1]} is found, or there is no network")
        private = [address for address in found if not is_public(address)]
        if private and not allow_private:
            host = machine(url)[1]
            message = (
                f"{private[0]} is not on the public network"
                if host == str(private[0])
                else f"{host} is at {private[0]}, which is not on the public network"
            )
            raise SourceError(message, "if that machine is meant: qa index --allow-private URL")
        reply = Reply(0, trouble=f"{machine(url)[1]} has no address")
        for address in found:
            reply = _from(url, str(address), limits, etag, modified, private=bool(private))
            if reply.status:
                break
        return reply


def _from(url: str, address: str, limits: Limits, etag: str | None, modified: str | None, *, private: bool) -> Reply:
    """The reply of the machine at this numeric address."""
    import httpx2

    scheme, host, port = machine(url)
    conditions = {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value}
    target = httpx2.URL(url).copy_with(host=address)
    headers = {**_HEADERS, **conditions, "Host": httpx2.URL(url).netloc.decode("ascii")}
    try:
        with (
            httpx2.Client(
                timeout=httpx2.Timeout(SILENCE, connect=CONNECT), trust_env=False, follow_redirects=False
            ) as client,
            client.stream("GET", target, headers=headers, extensions={"sni_hostname": host}) as response,
        ):
            body = _body(response, limits) if response.status_code == 200 else b""
            if body is None:
                return Reply(
                    response.status_code,
                    trouble=f"has more than {limits.megabytes:,} MB, what a file may have (the setting max_file_mb)",
                )
            said = {name: value[:_LONGEST_HEADER] for name, value in response.headers.items()}
            return Reply(
                response.status_code,
                body,
                response.headers.get("location"),
                said.get("content-type", ""),
                said.get("etag"),
                said.get("last-modified"),
                private,
            )
    except httpx2.ConnectTimeout:
        return Reply(0, trouble=f"{host} does not answer within {CONNECT:.0f} s")
    except httpx2.TimeoutException:
        return Reply(0, trouble=f"{host} has said nothing for {SILENCE:.0f} s")
    except httpx2.DecodingError:
        return Reply(0, trouble=f"what {host} sends is not compressed as it says")
    except httpx2.TransportError as error:
        return Reply(0, trouble=_reason(error, host, port, scheme))
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise SourceError(f"cannot be asked for: {error}", "check the address") from error


def _body(response: httpx2.Response, limits: Limits) -> bytes | None:
    """What comes; None where it is more than may be kept."""
    said = response.headers.get("content-length", "")
    if said.isdecimal() and int(said[:20]) > limits.bytes:
        return None
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > limits.bytes:
            return None
    return bytes(body)


def _reason(error: Exception, host: str, port: int, scheme: str) -> str:
    """Why there was no connection, or it broke, in words for a person."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the certificate of {host} is not valid: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return f"{host} does not speak {scheme} at port {port}"
        if isinstance(cause, ConnectionRefusedError):
            return f"nothing answers at port {port} of {host}"
        if isinstance(cause, OSError) and not isinstance(cause, socket.gaierror) and cause.strerror:
            return f"{host} cannot be reached: {cause.strerror}"
        cause = cause.__cause__ or cause.__context__
    return f"{host} broke off: {str(error) or type(error).__name__}"
