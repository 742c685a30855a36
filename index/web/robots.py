"""What machines say in their robots.txt: which pages may be asked for, and how slowly. Asked once a run and machine.

As RFC 9309 has it: where there is no such file (4xx) everything is allowed, and where the machine fails (5xx, or no
reply) nothing is.
"""

from __future__ import annotations

from collections.abc import Callable

from index.errors import SourceError
from index.web.address import origin
from index.web.get import AGENT, Reply
from index.web.rules import Rules, parse

_MOST = 500_000  # bytes that are read of one robots.txt
_SLOWEST = 60.0  # seconds between two pages, at most, whatever the site asks for
_UNSAID = 1.0
_LATER = "check the address and the network, or try again later"


class AnsweredError(SourceError):
    """The machine did reply, but this page is not to be had; another page of it may be."""


class Robots:
    """The rules met so far.

    `ask` returns the reply to an address, redirects followed; its second argument is whether private machines may be
    asked.
    """

    def __init__(self, ask: Callable[[str, bool], Reply]) -> None:
        self._ask = ask
        self._rules: dict[str, Rules] = {}

    def delay(self, url: str, *, private: bool) -> float:
        """The seconds to wait between two pages of this machine.

        0 where it is silent about that and need not be spared, because it is private.

        Raises AnsweredError where it does not want programs to read this page, SourceError where it does not say what
        it wants.
        """
        place = origin(url)
        if place not in self._rules:
            self._rules[place] = self._read(place, private=private)
        if not self._rules[place].allow(url):
            raise AnsweredError(
                f"the robots.txt of {place} does not allow programs to read it",
                "open it in a browser and save it as a file, or leave it out",
            )
        asked = self._rules[place].delay
        return (0.0 if private else _UNSAID) if asked is None else min(asked, _SLOWEST)

    def _read(self, place: str, *, private: bool) -> Rules:
        reply = self._ask(f"{place}/robots.txt", private)
        if reply.status == 0:
            raise SourceError(reply.trouble, _LATER)
        if 400 <= reply.status < 500 and reply.status != 429:
            return Rules()
        if reply.status != 200:
            raise SourceError(
                f"the robots.txt of {place} cannot be read ({reply.status}), so nothing is asked for", _LATER
            )
        return parse(reply.body[:_MOST].decode("utf-8-sig", "replace"), AGENT)
