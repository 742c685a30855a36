"""The address of a model server, and whether it is this machine. Pure; asks no network."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from index.errors import SettingsError

_EXAMPLE = "http://127.0.0.1:11434/v1"


@dataclass(frozen=True, slots=True)
class Address:
    """`base` is where the server's API begins, without a slash at the end; `host` as a person would name it, its port included."""

    base: str
    host: str
    is_loopback: bool


def is_address(engine: str) -> bool:
    """Whether the setting `engine` names a server rather than an engine of this process."""
    return "://" in engine


def parse(text: str) -> Address:
    """Read the address of a server.

    A user name or a password in it is refused: keys come from the environment. Raises `SettingsError`.
    """
    try:
        parts = urlsplit(text.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise SettingsError(f"engine is not an address: {text}", f"write it like {_EXAMPLE}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"engine is not an address: {text}", f"write it like {_EXAMPLE}")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SettingsError(
            "the address of the engine holds a user name, a key or a query",
            "give the key in the environment: QA_SERVER_KEY=…",
        )
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Address(
        f"{parts.scheme}://{name}{port}{parts.path.rstrip('/')}", f"{name}{port}", _is_loopback(parts.hostname)
    )


def _is_loopback(host: str) -> bool:
    """Whether a host is this machine: names under "localhost" are, by RFC 6761.

    Any other name may be anywhere, whatever it resolves to now.
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
