"""Citations in a style, formatted by Pandoc's citeproc.

Takes works and the places where they are cited; returns notes and bibliography entries.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from index.records import Metadata
from qa.memo.inlines import rich, words
from qa.memo.pandoc import Node, Pandoc
from qa.memo.records import Reference, Rich, Span, plain
from qa.memo.style import Style
from qa.memo.works import Work, references

UNDATED = "n.d."
# cited between the full and the short forms, so that no short form becomes an "ibid."
_OTHER = Work("zzother", "zz", Metadata(title="Z"), "")


@dataclass(frozen=True, slots=True)
class Place:
    """One citation in the text: which work, and on which page as it is printed, where it has pages."""

    key: str
    page: str | None


@dataclass(frozen=True, slots=True)
class Formatted:
    """`credits` has a form for each place, `references` the works in the order of the bibliography."""

    credits: tuple[Rich, ...]
    references: tuple[Reference, ...]


def formatted(items: Sequence[Work], places: Sequence[Place], style: Style, pandoc: Pandoc) -> Formatted:
    """Every place as the style has it there, and every work as a reference.

    `items` are in the order in which they are first cited. Raises MemoError.
    """
    if not items:
        return Formatted((), ())
    once = [Place(work.key, None) for work in items]
    with ThreadPoolExecutor(2) as both:  # each is a run of Pandoc
        by_itself = both.submit(_processed, (*items, _OTHER), [*once, Place(_OTHER.key, None), *once], style, pandoc)
        in_place = both.submit(_processed, items, places, style, pandoc) if places else None
    forms, entries = by_itself.result()
    shorts = forms[len(items) + 1 :]
    made: dict[str, Reference] = {}
    for work, note, short in zip(items, forms, shorts, strict=False):
        entry = _dated(work, entries.get(work.key, note))
        first = _dated(work, note) if style.notes else entry  # "(Verma, 2025)" alone would not say what is cited
        made[work.key] = Reference(work.key, work.source, work.metadata, work.digest, first, short, entry)
    order = [key for key in entries if key in made] or list(made)  # a style may have no bibliography
    at_place = _credits(items, places, in_place.result()[0] if in_place else (), style, made)
    return Formatted(at_place, tuple(made[key] for key in order))


def _credits(
    items: Sequence[Work], places: Sequence[Place], forms: Sequence[Rich], style: Style, made: Mapping[str, Reference]
) -> tuple[Rich, ...]:
    """The form at each place: the style's own, but the first time never only a mark that points to the bibliography."""
    by_key = {work.key: work for work in items}
    made_at: list[Rich] = []
    seen: set[str] = set()
    for place, form in zip(places, forms, strict=True):
        if place.key in seen:
            made_at.append(form)
        else:
            made_at.append(
                _dated(by_key[place.key], form) if style.notes else _with_page(made[place.key].first, place.page)
            )
        seen.add(place.key)
    return tuple(made_at)


def _processed(
    items: Sequence[Work], places: Sequence[Place], style: Style, pandoc: Pandoc
) -> tuple[tuple[Rich, ...], dict[str, Rich]]:
    """What citeproc makes of a document with one note for each place.

    The notes, and the bibliography by key, in its order.
    """
    blocks: list[Node] = [
        {"t": "Para", "c": [{"t": "Note", "c": [{"t": "Para", "c": [_cite(place)]}]}]} for place in places
    ]
    out = json.loads(pandoc.convert(blocks, ["--to=json", "--citeproc", f"--csl={style.file}"], meta=references(items)))
    notes = tuple(_trimmed(rich(block["c"][0]["c"][0]["c"])) for block in out["blocks"][: len(places)])
    entries = [entry for division in out["blocks"][len(places) :] for entry in division["c"][1]]
    return notes, {
        entry["c"][0][0].removeprefix("ref-"): _trimmed(span for block in entry["c"][1] for span in rich(block["c"]))
        for entry in entries
    }


def _cite(place: Place) -> Node:
    citation = {
        "citationId": place.key,
        "citationPrefix": [],
        "citationSuffix": words(f", p. {place.page}") if place.page is not None else [],
        "citationMode": {"t": "NormalCitation"},
        "citationNoteNum": 0,
        "citationHash": 0,
    }
    return {"t": "Cite", "c": [[citation], words(place.key)]}


def _dated(work: Work, form: Rich) -> Rich:
    """A form that says where an article is undated, which some styles pass over in silence."""
    if work.metadata.date or UNDATED in plain(form):
        return form
    ended = plain(form).rstrip("”’").endswith((".", "?", "!"))
    return (*form, Span(f" {UNDATED}" if ended else f", {UNDATED}"))


def _with_page(form: Rich, page: str | None) -> Rich:
    return form if page is None else (*form, Span(f" P. {page}." if plain(form).endswith(".") else f", p. {page}"))


def _trimmed(spans: Iterable[Span]) -> Rich:
    """Without white space at the ends, as citeproc leaves behind a number in the margin."""
    made = [span for span in spans if span.text]
    if made:
        made[0] = replace(made[0], text=made[0].text.lstrip())
        made[-1] = replace(made[-1], text=made[-1].text.rstrip())
    return tuple(made)
