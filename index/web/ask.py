"""A page asked for politely: redirects followed one by one, each of them checked as the first address was, robots.txt honoured, no machine hurried.

Takes an address; returns where the page was found in the end and the reply. Knows nothing of what is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from index.errors import SourceError
from index.isolated import Run
from index.limits import Limits
from index.web.address import normal, origin
from index.web.get import Reply, get
from index.web.robots import AnsweredError, Robots

_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_FAILURES = 2  # of a machine in a row: it is not asked again in this run
_WORDS = {401: "asks for a login", 402: "is not free", 403: "is not open to programs, or to anybody", 404: "is not there", 410: "is there no longer",
          429: "was asked for too often", 451: "is withheld for legal reasons", 503: "is not available now"}  # fmt: skip
_LEAVE = "open it in a browser and save it as a file, or leave it out"
_LATER = "check the address and the network, or try again later"


@dataclass(frozen=True, slots=True)
class Page:
    """What is at `url`, found there in the end; `reply` has a status of 200, or of 304 where nothing has changed."""

    url: str
    reply: Reply


class Asker:
    """Asks in one run. `run` calls `get`, in a process of its own; `wait` waits some seconds."""

    def __init__(self, run: Run, limits: Limits, wait: Callable[[float], None], *, allow_private: bool) -> None:
        self._run = run
        self._limits = limits
        self._wait = wait
        self._allow_private = allow_private
        self._robots = Robots(self._rules)
        self._asked: set[str] = set()  # machines of which a page was asked for
        self._failures = Counter[str]()

    def page(self, url: str, etag: str | None = None, modified: str | None = None, *, private: bool = True) -> Page:
        """What is at this normal address.

        Where it was named by somebody else than the user, `private` is whether that was a private machine itself.

        Raises SourceError in one line that goes on after the address: what is wrong with it, the machine or the page.
        """
        place = origin(url)
        if self._failures[place] >= _MOST_FAILURES:
            raise SourceError(f"not asked for: {place} failed {_MOST_FAILURES} times in a row", _LATER)
        try:
            page = self._followed(url, etag, modified, private=private and self._allow_private)
        except AnsweredError:
            self._failures[place] = 0
            raise
        except SourceError:
            self._failures[place] += 1
            raise
        self._failures[place] = 0
        return page

    def _followed(self, start: str, etag: str | None, modified: str | None, *, private: bool) -> Page:
        """What is at this address, or where it leads. A machine of the public network leads to no private one."""
        url = start
        try:
            for _ in range(_MOST_REDIRECTS + 1):
                delay = self._robots.delay(url, private=private)
                if delay and origin(url) in self._asked:
                    self._wait(delay)
                self._asked.add(origin(url))
                reply = self._got(url, etag, modified, private=private)
                if reply.status not in _REDIRECTS or not reply.location:
                    _check(reply)
                    return Page(url, reply)
                url, private = _led(url, reply.location), private and reply.private
        except SourceError as error:
            if url == start:
                raise
            raise type(error)(f"leads to {url}: {error.message}", error.hint) from error
        raise AnsweredError("leads from page to page without end", _LEAVE)

    def _rules(self, url: str, private: bool) -> Reply:
        """The reply to the address of a robots.txt, or what it leads to."""
        for _ in range(_MOST_REDIRECTS + 1):
            reply = self._got(url, None, None, private=private)
            if reply.status not in _REDIRECTS or not reply.location:
                return reply
            url, private = _led(url, reply.location), private and reply.private
        return Reply(404)

    def _got(self, url: str, etag: str | None, modified: str | None, *, private: bool) -> Reply:
        return self._run("it", get, url, self._limits, etag, modified, private)


def _led(url: str, location: str) -> str:
    try:
        return normal(urljoin(url, location))
    except (SourceError, ValueError) as error:
        raise AnsweredError(f"leads to where nothing is asked for: {error}", _LEAVE) from error


def _check(reply: Reply) -> None:
    """Raises SourceError where this is no page."""
    if reply.trouble:
        raise (AnsweredError if reply.status else SourceError)(reply.trouble, _LEAVE if reply.status else _LATER)
    if reply.status not in (200, 304):
        said = f"{_WORDS.get(reply.status, 'cannot be had')} ({reply.status})"
        if reply.status >= 500 or reply.status == 429:
            raise SourceError(said, _LATER)
        raise AnsweredError(said, "check the address" if reply.status in (404, 410) else _LEAVE)
