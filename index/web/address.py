"""The address of a page -> the form that it is known by here, and the machines it may be asked of.

Only http and https are asked, and only machines of the public network unless the user says otherwise: a page, a
redirect or an entry of a feed must not make this program ask a router, a cloud's metadata service or a program of this
machine.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import quote, urlsplit, urlunsplit

from index.errors import SourceError

_IS_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PORTS = {"http": 80, "https": 443}
_LONGEST = 4000  # characters of an address
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")
_KEPT = "/%:@!$&'()*+,;=~-._?[]"  # what is not to be escaped, or is escaped already
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # the last 32 bits are an IPv4 address

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_address(text: str) -> bool:
    """Whether this names something elsewhere, and no file or folder: it begins like `https://`."""
    return _IS_ADDRESS.match(text) is not None


def normal(url: str) -> str:
    """The address without its fragment, the name of the machine in small letters of ASCII, and the default port left out.

    Raises SourceError where it is not http or https, names no machine, or holds a user name or a password.
    """
    url = url.strip()
    shown = " ".join((url if len(url) <= 200 else f"{url[:200]}…").split())
    if len(url) > _LONGEST:
        raise SourceError(f"{shown} has {len(url):,} characters; an address may have {_LONGEST:,}", "check the address")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise SourceError(
            f"{shown} is not an address: {error}", "check the address: https://example.org/page"
        ) from error
    if parts.scheme not in _PORTS:
        raise SourceError(f"{shown} is not http or https", "save the page as a file, and index that")
    if parts.username is not None or parts.password is not None:
        raise SourceError(
            f"{parts.scheme}://{host} was given with a user name or a password, which would be kept beside the library",
            "leave it out of the address",
        )
    name = _named(host, shown)
    place = f"[{name}]" if ":" in name else name
    if port is not None and port != _PORTS[parts.scheme]:
        place = f"{place}:{port}"
    return urlunsplit((parts.scheme, place, _escaped(parts.path) or "/", _escaped(parts.query), ""))


def machine(url: str) -> tuple[str, str, int]:
    """Scheme, name and port of a normal address."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme]


def origin(url: str) -> str:
    """The machine and port that an address asks, as `https://example.org`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def same_site(one: str, other: str) -> bool:
    """Whether two normal addresses are of one site.

    The same machine, or one below the other, as news.example.org is below example.org.
    """
    first, second = (machine(url)[1].removeprefix("www.") for url in (one, other))
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")


def resolved(url: str) -> tuple[IpAddress, ...]:
    """The numeric addresses of the machine that a normal address names, none of them checked.

    Looks the name up; raises OSError where there is none.
    """
    _, host, port = machine(url)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ipaddress.ip_address(str(entry[4][0])) for entry in found))


def is_public(address: IpAddress) -> bool:
    """Whether this belongs to the public network, also where it is an IPv4 address within one of IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        teredo = address.teredo
        inner = [address.ipv4_mapped, address.sixtofour, *(teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        within = [each for each in inner if each is not None]
        if within or address.is_site_local:
            return bool(within) and all(is_public(each) for each in within)
    return address.is_global and not address.is_multicast


def _named(host: str, shown: str) -> str:
    """The name of a machine in ASCII; a numeric address stays as it is."""
    import idna

    if ":" in host or host.isascii():
        if not host or (":" not in host and not re.fullmatch(r"[a-z0-9._-]+", host)):
            raise SourceError(f"{shown} names no machine", "check the address: https://example.org/page")
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise SourceError(
            f"{shown} names no machine: {error}", "check the address: https://example.org/page"
        ) from error


def _escaped(text: str) -> str:
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)  # half characters, which no address can hold
    return quote(_UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", text), safe=_KEPT)
