"""What a reply is -> the suffix of the file that keeps it, and the bytes in it. Knows nothing of addresses."""

from __future__ import annotations

import codecs
import re

_SUFFIXES = {
    "text/html": ".html", "application/xhtml+xml": ".xhtml", "text/plain": ".txt", "text/markdown": ".md", "application/pdf": ".pdf",
    "application/rss+xml": ".xml", "application/atom+xml": ".xml", "application/rdf+xml": ".xml", "application/xml": ".xml", "text/xml": ".xml",
}  # fmt: skip
_UNSAID = ("", "application/octet-stream", "binary/octet-stream", "unknown/unknown")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_SAID_WITHIN = re.compile(rb"<meta[^>]{0,200}?charset|<\?xml[^>]{0,200}?encoding", re.IGNORECASE)
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD = 4096  # bytes at the beginning in which a page declares its type


def suffix(content_type: str, body: bytes) -> str | None:
    """The suffix of a file of this type; None where it is of no kind that is read here.

    What is untyped is looked at.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _UNSAID or (kind == "text/plain" and _looks(body) in (".html", ".pdf", ".xml")):
        return _looks(body)
    if kind == "text/html" and _looks(body) == ".xml" and b"<html" not in body[:_HEAD].lower():
        return ".xml"  # a feed whose machine knows no better
    return _SUFFIXES.get(kind)


def readable(content_type: str, body: bytes, suffix: str) -> bytes:
    """The bytes to keep: as they came, but where only the machine said in which encoding a text is, and a file could not, they are made UTF-8."""
    said = _CHARSET.search(content_type)
    if (
        said is None
        or suffix == ".pdf"
        or body.startswith(_MARKS)
        or (suffix != ".txt" and _SAID_WITHIN.search(body[:_HEAD]))
    ):
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return body.decode(said[1]).encode("utf-8")
        except (LookupError, UnicodeError):
            return body
    return body


def _looks(body: bytes) -> str | None:
    head = body[:_HEAD].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if head.startswith(b"%pdf-"):
        return ".pdf"
    if head.startswith((b"<!doctype html", b"<html")):
        return ".html"
    return ".xml" if head.startswith((b"<?xml", b"<rss", b"<feed", b"<rdf:rdf")) else None
