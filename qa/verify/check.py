"""Look up every quotation of a document in the library. Trusts nothing that the document's reader does not see.

A footnote contains what is needed to check it: it says where its words stand, and the words before that place must be the ones that
stand there. Only white space is forgiven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.called import opening
from index.errors import QuestionError
from index.records import Article
from qa.cite import pattern_of
from qa.memo.errors import MemoError
from qa.render.harmless import harmless, one_line
from qa.verify.difference import difference, first_difference
from qa.verify.places import Place, last_place, quotations, quoted_before
from qa.verify.records import Check, Copy, Document, Footnote, Outcome, Quoted

if TYPE_CHECKING:
    from index.store import Library


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles to look in, by the names that a document shows for them; `digest` is the library's."""

    names: Mapping[str, str]
    read: Callable[[str], Article]
    digest: str

    def article(self, name: str) -> Article | None:
        """The article that a document calls by this name, if there is one."""
        source = self.names.get(one_line(name))
        return None if source is None else self.read(source)

    def without_space(self) -> Shelf:
        """The same articles, by names in which no space is left."""
        return Shelf({_without_space(name): source for name, source in self.names.items()}, self.read, self.digest)


def shelf(sources: Iterable[str], read: Callable[[str], Article], digest: str) -> Shelf:
    """The articles of a library."""
    return Shelf({one_line(source): source for source in sources}, read, digest)


def against(document: Document, name: str, library: Library) -> tuple[Check, ...]:
    """The checks of the document called `name`, all in one state of the library.

    Raises MemoError where it holds no quotation.
    """
    with library.snapshot():
        checks = checked(document, shelf([info.source for info in library.sources()], library.article, library.digest))
    if not checks:
        raise MemoError(
            f"{name} holds no quotation that could be checked", "name a memo or a file of answers that qa wrote"
        )
    return checks


def checked(document: Document, library: Shelf) -> tuple[Check, ...]:
    """What came of every quotation, copy and mark, in the order of the document."""
    library = library if document.spaced else library.without_space()
    footnotes = [one for one in document.footnotes if not document.cited or _vouches(one, library)]
    made = [check for footnote in footnotes for check in _footnote(footnote, document, library)]
    made += [
        check
        for comment in document.comments
        if _vouches(comment, library)
        for check in _footnote(comment, document, library)
    ]
    made += [_quoted(quoted, document, library) for quoted in document.quoted]
    made += [check for copy in document.copies if (check := _copy(copy, library)) is not None]
    return (*made, *_marks(document))


def _vouches(footnote: Footnote, library: Shelf) -> bool:
    """Whether a footnote says where words stand. In a draft, the author's own footnotes need not."""
    return any(last_place(" ".join(paragraph.split()), library.names) is not None for paragraph in footnote.paragraphs)


def _footnote(footnote: Footnote, document: Document, library: Shelf) -> Iterator[Check]:
    where = footnote.label
    joint = " " if document.spaced else ""
    checks = [
        check
        for paragraph in footnote.paragraphs
        for check in _paragraph(where, joint.join(paragraph.split()), document, library)
    ]
    if not checks:
        checks = [
            Check(
                where,
                "no quotation",
                None,
                None,
                None,
                " ".join(" ".join(footnote.paragraphs).split()),
                "the footnote quotes no article",
            )
        ]
    yield from checks


def _paragraph(where: str, text: str, document: Document, library: Shelf) -> list[Check]:
    """Return the quotations of a paragraph, in order, found from its end.

    So one that an editor joined to another is still found.
    """
    found: list[Check] = []
    place = last_place(text, library.names)
    if place is None:
        return [_anywhere(where, words, library) for words in quotations(text)[-1:]]
    found += [_anywhere(where, words, library) for words in reversed(quotations(text[place.after :]))]  # added behind
    while place is not None:
        before = text[: place.before].rstrip()
        check, begins, ends = _at(where, before, place, document, library)
        found.append(check)
        following = last_place(before[:begins], library.names, after_quotation=True)
        credit = before[0 if following is None else following.after : begins] + before[ends:]
        if document.spaced and check.outcome == "ok":
            found += _slipped_in(where, credit, place.source, library)
        text, place = before[:begins], following
    return found[::-1]


def _at(where: str, before: str, place: Place, document: Document, library: Shelf) -> tuple[Check, int, int]:
    """The check of the words before a place, and where in `before` they begin and end."""
    article = library.article(place.source)
    source = place.source if article is None else article.source
    inside = article is not None and place.start < place.end <= len(article.text)
    expected = one_line(article.text[place.start : place.end]) if article is not None and inside else ""
    wanted = expected if document.spaced else _without_space(expected)
    if wanted:
        begins, ends = _span(before, wanted)
        if begins < ends:
            return Check(where, "ok", source, place.start, place.end, expected, ""), begins, ends
    shown, begins = quoted_before(before, wanted)
    return (
        _failed(Quoted(where, source, place.start, place.end, shown), article, expected, document, library),
        begins,
        len(before),
    )


def _span(before: str, expected: str) -> tuple[int, int]:
    """Find where the expected words stand in quotation marks; (0, 0) if nowhere.

    They are at the end of `before` or, in a file of answers, at its beginning.
    """
    wanted = f"“{expected}”"
    if before.endswith(wanted):
        return len(before) - len(wanted), len(before)
    return (0, len(wanted)) if before.startswith(f"{wanted} — ") else (0, 0)


def _slipped_in(where: str, credit: str, source: str, library: Shelf) -> list[Check]:
    """Quotations besides the one with a place, other than titles."""
    article = library.article(source)
    if article is None:
        return []
    metadata = article.metadata
    titles = _letters(
        " ".join(
            one_line(part)
            for part in (metadata.title, opening(article), metadata.publisher, metadata.author, article.source)
            if part
        )
    )
    return [_anywhere(where, words, library) for words in quotations(credit) if _letters(words) not in titles]


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _quoted(quoted: Quoted, document: Document, library: Shelf) -> Check:
    article = library.article(quoted.source)
    expected = (
        one_line(article.text[quoted.start : quoted.end])
        if article is not None and 0 <= quoted.start < quoted.end <= len(article.text)
        else ""
    )
    if expected and one_line(quoted.quote) == expected:
        return Check(quoted.where, "ok", quoted.source, quoted.start, quoted.end, expected, "")
    return _failed(quoted, article, expected, document, library)


def _failed(quoted: Quoted, article: Article | None, expected: str, document: Document, library: Shelf) -> Check:
    """Why the words are not those that stand at their place."""
    if article is None:
        return _check(quoted, "missing article", f"the library holds no article “{quoted.source}”")
    changed = (
        article.digest[:16] not in document.hashes
        if document.hashes
        else bool(document.libraries) and library.digest not in document.libraries
    )
    if not quoted.quote:
        return _check(
            quoted,
            "no quotation",
            f"no quoted words stand before the place; there it says: {expected}" if expected else "no quoted words",
        )
    elsewhere = _find(quoted.quote, article) if document.spaced else None
    if elsewhere is not None and changed:
        return _check(
            quoted,
            "changed text",
            f"the article has changed since; the words now stand at {elsewhere[0]}-{elsewhere[1]}",
        )
    if elsewhere is not None:
        return _check(quoted, "wrong place", f"the words stand at {elsewhere[0]}-{elsewhere[1]}")
    if changed:
        return _check(quoted, "changed text", "the article has changed since, and does not hold these words")
    detail = (
        (difference if document.spaced else first_difference)(quoted.quote, expected)
        if expected
        else "the article does not hold these words, nor anything at that place"
    )
    return _check(quoted, "changed words", detail)


def _check(quoted: Quoted, outcome: Outcome, detail: str) -> Check:
    return Check(quoted.where, outcome, quoted.source, quoted.start, quoted.end, one_line(quoted.quote), detail)


def _anywhere(where: str, words: str, library: Shelf) -> Check:
    """A quotation that does not say where it stands: any article will do."""
    for source in library.names.values():
        if (found := _find(words, library.read(source))) is not None:
            return Check(where, "ok", source, found[0], found[1], words, "")
    return Check(
        where, "changed words", None, None, None, words, "the footnote names no place, and no article holds these words"
    )


def _find(words: str, article: Article) -> tuple[int, int] | None:
    try:
        found = next(
            (match for match in pattern_of(words).finditer(article.text) if one_line(match[0]) == one_line(words)), None
        )
    except QuestionError:
        return None
    return None if found is None else (found.start(), found.end())


def _copy(copy: Copy, library: Shelf) -> Check | None:
    """What is wrong with the copy of an article, if anything."""
    article = library.article(copy.source)
    if article is None:
        return None  # each quotation of it says so
    if copy.text.split() == harmless(article.text.replace("\r", "\n")).split():
        return None
    return Check(
        f"text of {copy.source}",
        "changed text",
        copy.source,
        None,
        None,
        "",
        "the article's text in the document is not the one in the library",
    )


def _marks(document: Document) -> Iterator[Check]:
    """Marks in the text without a footnote, and footnotes without a mark."""
    if document.marks is None:
        return
    labels = dict.fromkeys((*(footnote.label for footnote in document.footnotes), *document.labels))
    for mark in dict.fromkeys(document.marks):
        if mark not in labels:
            yield Check(
                mark, "no footnote", None, None, None, "", "the text has its mark, the document no such footnote"
            )
    for label in labels:
        if label not in document.marks:
            yield Check(label, "no mark", None, None, None, "", "no mark in the text leads to this footnote")


def _without_space(text: str) -> str:
    return "".join(text.split())
