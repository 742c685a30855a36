"""Render the HTML of a message as lines of text; quoted lines begin with `>`, as in plain text.

Web pages are read by `index.ingest.page`, which looks for an article; this keeps everything.
"""

from __future__ import annotations

from typing import Any

from index.ingest.html_tables import is_data, lines
from index.ingest.lines import plain

Element = Any  # of lxml, which says nothing of its types
_UNSEEN = frozenset("head script style title template noscript svg object iframe".split())
_BLOCKS = frozenset(
    "address article aside blockquote body br center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hr html li main nav ol p pre"
    " section table tbody td tfoot th thead tr ul".split()
)
_QUOTES = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote", "zmail_extra")


def rendered(html: str) -> str:
    """The text, a line a block, with an empty line between paragraphs."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    if not plain(html):
        return ""
    tree = document_fromstring(
        html.replace("\x00", "\ufffd").encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8")
    )
    written: list[str] = []
    words: list[str] = []
    quoting = 0

    def end_line() -> None:
        line = plain("".join(words))
        words.clear()
        if line:
            written.append(f"> {line}" if quoting else line)

    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _BLOCKS:
                end_line()
            quoting += _is_quote(element, tag)
            if not tag or tag in _UNSEEN or _is_hidden(element):
                walk.skip_subtree()
            elif tag == "table" and is_data(element):
                written += [f"> {line}" if quoting else line for line in lines(element)]
                walk.skip_subtree()
            else:
                words.append(element.text or "")
        else:
            if tag in _BLOCKS:
                end_line()
            quoting -= _is_quote(element, tag)
            if tag == "p" and written and written[-1]:
                written.append("")
            words.append(element.tail or "")
    end_line()
    return "\n".join(written)


def _is_quote(element: Element, tag: str) -> bool:
    classes = (element.get("class") or "").split() if tag else []
    return tag == "blockquote" or any(name in classes for name in _QUOTES)


def _is_hidden(element: Element) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or element.get("hidden") is not None
