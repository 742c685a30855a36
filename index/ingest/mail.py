"""Read the texts of an e-mail (.eml), a mailbox (.mbox) or a page saved as one file (.mhtml).

The text of a message is its subject, sender and date, a line each, and what was written. Quotations of other messages,
signatures and the footers of mailing lists are `masked` (`index.ingest.replies`). Attachments are not read, and
reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import cast

from index.errors import SourceError
from index.ingest.encoding import decode, leniently
from index.ingest.formats import DAMAGED, Extract, Extracts, read_html, sound
from index.ingest.jsonl import left_out, listed
from index.ingest.lines import plain
from index.ingest.markup import rendered
from index.ingest.replies import masked
from index.ingest.told import not_read
from index.limits import Limits
from index.records import Metadata

# the line that begins a message says when it came: "From" begins sentences, too
_ENVELOPE = re.compile(rb"(?:\AFrom |(?:(?<=\n\n)|(?<=\n\r\n))From (?=[^\r\n]*\d:\d\d))[^\r\n]*\r?\n")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_LEAVE = "save it again from the program it came from, or leave it out of the folder"
_HEADERS = ("From", "Subject", "Date", "Content-Type")


def read_eml(data: bytes, name: str, _: Limits) -> Extract:
    """The text of a message. Raises `SourceError` where it is none, or holds no text."""
    extract, attached = _message(_parsed(data), name)
    return replace(extract, notes=(*extract.notes, *_not_read(attached)))


def read_mbox(data: bytes, name: str, _: Limits) -> Extracts:
    """The messages of a mailbox, numbered from 1; what is none costs itself.

    Raises `SourceError` where none can be read.
    """
    places = [found.span() for found in _ENVELOPE.finditer(data)]
    if not places or places[0][0] != 0:
        raise SourceError(f"{name} is no mailbox: it does not begin with “From ”", _LEAVE)
    messages: list[tuple[int, Extract]] = []
    lost: list[tuple[int, str]] = []
    attachments: list[str] = []
    ends = [start for start, _ in places[1:]] + [len(data)]
    for number, ((_start, start), end) in enumerate(zip(places, ends, strict=True), 1):
        try:
            extract, attached = _message(_parsed(_ESCAPED.sub(rb"\1", data[start:end])), "it")
        except SourceError as error:
            lost.append((number, error.message.removeprefix("it ")))
        except DAMAGED:
            lost.append((number, "is damaged"))
        else:
            messages.append((number, extract))
            attachments += attached
    if not messages:
        raise SourceError(f"message {lost[0][0]} of {name} {lost[0][1]}", _LEAVE)
    notes = left_out("message", lost)
    return Extracts(tuple(messages), (*notes, *_not_read(attachments)))


def read_mhtml(data: bytes, name: str, _: Limits) -> Extract:
    """The article of a saved page; its address is the one that it was saved from.

    Raises `SourceError` where there is none.
    """
    saved = _parsed(data)
    page = next(
        (part for part in saved.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")), None
    )
    if page is None:
        raise SourceError(f"{name} is no saved page, or damaged", _LEAVE)
    content = cast(bytes, page.get_payload(decode=True))
    charset = page.get_content_charset()
    if charset:
        content = _text(content, charset, name)[0].encode("utf-8-sig")  # its mark outdoes what the page says of itself
    extract = read_html(content, name)
    address = _header(saved, "Snapshot-Content-Location") or _header(page, "Content-Location")
    known = extract.metadata
    if known.url is None and address and address.startswith(("http://", "https://")):
        known = replace(known, url=address)
    return replace(extract, metadata=known, encoding="binary")


def _not_read(attached: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{told}: {listed(attached)}" for told in not_read(len(attached), "attachment"))


def _parsed(data: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(data)


def _message(message: EmailMessage, name: str) -> tuple[Extract, list[str]]:
    """The text of a message, and what its attachments are called."""
    if not any(_header(message, header) for header in _HEADERS):
        raise SourceError(f"{name} is no message: it has neither sender nor subject nor date", _LEAVE)
    attached: list[str] = []
    notes: list[str] = []
    written = "\n\n".join(filter(None, (text.strip() for text in _texts(message, attached, notes, name))))
    if not plain(written):
        only = f", only {listed(attached)}" if attached else ""
        raise SourceError(f"{name} holds no text{only}", _LEAVE)
    subject, sender, sent = _header(message, "Subject"), _sender(message), _header(message, "Date")
    stated = (("Subject", subject), ("From", sender), ("Date", sent))
    head = "".join(f"{label}: {value}\n" for label, value in stated if value) + "\n"
    text = sound(head + written + "\n")
    metadata = Metadata(title=subject, author=sender, date=_day(sent))
    return Extract(text, "binary", metadata, notes=tuple(notes), masked=masked(text, len(head), subject)), attached


def _texts(part: EmailMessage, attached: list[str], notes: list[str], name: str) -> Iterator[str]:
    """What a person reads of a message; `attached` and `notes` take the rest.

    Of alternatives it is the plain one, unless that only says that there is another.
    """
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        parts = sorted(
            cast(list[EmailMessage], part.get_payload()), key=lambda each: each.get_content_type() != "text/plain"
        )
        found = [list(_texts(each, attached, notes, name)) for each in parts]
        sizes = [sum(map(len, texts)) for texts in found]
        chosen = next((number for number, size in enumerate(sizes) if 4 * size >= max(sizes)), 0)
        yield from found[chosen] if found else ()
    elif part.is_multipart() and kind != "message/rfc822":
        for each in cast(list[EmailMessage], part.get_payload()):
            yield from _texts(each, attached, notes, name)
    elif kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment":
        text, told = _text(cast(bytes, part.get_payload(decode=True)), part.get_content_charset(), name)
        notes += told
        yield rendered(text) if kind == "text/html" else text.replace("\r\n", "\n")
    elif part.get_content_disposition() == "attachment" or not part.get("Content-ID"):  # else a picture within the text
        attached.append(plain(sound(part.get_filename() or "")) or kind)


def _text(data: bytes, charset: str | None, name: str) -> tuple[str, tuple[str, ...]]:
    """A part in the encoding that it says it is in, else as a file would be read, and what was lost."""
    if not data.strip():
        return "", ()
    try:
        decoded = (
            leniently(data, charset) if charset and charset not in ("us-ascii", "unknown-8bit") else decode(data, name)
        )
    except (LookupError, UnicodeError):
        decoded = decode(data, name)
    return decoded.text, decoded.notes


def _header(message: EmailMessage, name: str) -> str | None:
    """What a header says, in a line; None where it is not there, or so broken that the parser fails."""
    try:
        value = str(message.get(name, ""))
    except DAMAGED:
        return None
    whole = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # bytes that no encoding was given for
    return plain(sound(whole)) or None


def _sender(message: EmailMessage) -> str | None:
    """The name of the first sender, "Hale, Mary" the right way round, else the address."""
    name, address = next(iter(getaddresses([_header(message, "From") or ""])), ("", ""))
    family, comma, given = name.partition(", ")
    return plain(f"{given} {family}" if comma and "," not in given else name) or plain(address) or None


def _day(sent: str | None) -> str | None:
    """The day on which it was sent, where it was sent."""
    try:
        return parsedate_to_datetime(sent).date().isoformat() if sent else None
    except (TypeError, ValueError):
        return None
