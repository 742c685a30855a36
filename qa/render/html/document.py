"""Assemble the HTML file: head, style, script, memo and sources. It loads nothing, and its own policy forbids loading.

The style sheet and the script are files beside this module, embedded as they are; the policy names each by its SHA-256,
so that no other can run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files

from markupsafe import Markup

from index.records import Article
from qa.memo.records import Memo
from qa.render.html.memo import memo_column
from qa.render.html.quotations import quotations
from qa.render.html.sources import pane
from qa.render.html.words import line

_PAGE = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="qa">
<title>{title}</title>
<style>{style}</style>
<script>{script}</script>
</head>
<body>
<a class="skip" href="#memo">Skip to the memo</a>
{memo}{sources}</body>
</html>
""")


def page(memo: Memo, articles: Mapping[str, Article]) -> str:
    """The memo and the text of every article that it cites, by source, as one HTML file.

    Raises LibraryError where a quote is not in its article.
    """
    quotes = quotations(memo, articles)
    style, script = _asset("page.css"), _asset("page.js")
    return str(
        _PAGE.format(
            policy=policy(style, script),
            title=line(memo.title),
            style=Markup(style),
            script=Markup(script),
            memo=memo_column(memo, quotes),
            sources=pane(memo, articles, quotes),
        )
    )


def policy(style: str, script: str) -> str:
    """Return the content security policy.

    Only this style sheet and this script work under it, and nothing is loaded, sent or framed.
    """
    return f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _asset(name: str) -> str:
    return files("qa.render.html").joinpath(name).read_text(encoding="utf-8")
