"""Entries of .bib files and of CSL-JSON.

What each says, which files it names, and that one that is broken costs itself.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from index.ingest import csl
from index.ingest.bibtex import read
from index.ingest.csl import Reference, References
from index.limits import Limits
from index.records import Metadata

ZOTERO = r"""
@article{brandtBridgeAlder2026,
  title = {The {{Bridge}} of {{Brandt}}: 100\% New \& Wide},
  author = {Brandt, Ilse and family=Haar, given=Jan, prefix=van der, useprefix=true and {World Timber Council}},
  date = {2026-03-02},
  journaltitle = {Journal of the {{Alder}}},
  publisher = {Not the Publisher},
  volume = {3},
  doi = {10.1234/ALDER.56},
  url = {https://example.org/a%20b_c?d=1},
  urldate = {2026-04-01},
  abstract = {We say @article{no, such = "thing"} about 40\% of {bridges}.},
  keywords = {bridges,timber},
  file = {Brandt 2026 - The Bridge\; of Brandt.pdf:files/12/Brandt 2026 - The Bridge\; of Brandt.pdf:application/pdf;Snapshot:files/13/bridge.html:text/html}
}

@online{council,
  title = {Minutes},
  author = {{Town of Brandt}},
  year = {2025}, month = nov,
  organization = {Town of Brandt},
}
"""
BRIDGE = Reference(
    "brandtBridgeAlder2026",
    Metadata(
        "The Bridge of Brandt: 100% New & Wide",
        "Ilse Brandt, Jan van der Haar, World Timber Council",
        "2026-03-02",
        "Journal of the Alder",
        "https://example.org/a%20b_c?d=1",
    ),
    "10.1234/alder.56",
    (
        "files/12/Brandt 2026 - The Bridge; of Brandt.pdf",
        "Brandt 2026 - The Bridge; of Brandt.pdf",
        "files/13/bridge.html",
    ),
)
COUNCIL = Reference("council", Metadata("Minutes", "Town of Brandt", "2025-11", "Town of Brandt"))


def bib(text: str) -> References:
    return read(text.encode("utf-8"), "refs.bib", Limits())


def keys(found: References) -> list[str]:
    return [entry.key for entry in found.entries]


def test_an_export_of_zotero() -> None:
    assert bib(ZOTERO) == References((BRIDGE, COUNCIL))


def test_bibtex_of_the_old_kind() -> None:
    found = bib(
        '@string{ja = "Journal of the " # {Alder}}\n@STRING{jb = '
        '{Timber}}\n@comment{x}\n@preamble{"\\newcommand{\\x}{y}"}\nfree words\n'
        '@ARTICLE(roe99, author = "M{\\"u}ller, J. and Garc{\\\'\\i}a, Mar{\\\'\\i}a", TITLE="{\\\'E}tudes --- '
        'part~2", journal=ja, year=1999, month="3")\n'
        "@incollection{ch1, title={A Chapter on Mills}, booktitle={The Book of Rivers}, editor={Doe, Jane}, "
        "publisher=jb, year={2001}}\n"
    )
    assert found == References((
        Reference("roe99", Metadata("Études — part 2", "J. Müller, María García", "1999-03", "Journal of the Alder")),
        Reference("ch1", Metadata("A Chapter on Mills", None, "2001", "The Book of Rivers")),
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ("@article{bad, title = {never closed, year = 2001}\n", "bad"),
        ("@article{bad, title = {one} two, year = 2001}\n", "bad"),
        ("@article{bad, title {no sign}}\n", "bad"),
        ("@article{bad, title = {closed too often}}, year = 2001}\n", None),
        ("@article{, title = {no key}}\n", "line 3"),
        ("@article{first, title = {Again}}\n", "first a second time (line 3)"),
        ('@article{bad, title = "never closed, year = 2001}\n', "bad"),
    ],
)
def test_a_broken_entry_costs_itself(broken: str, name: str | None) -> None:
    found = bib(
        f"@article{{first, title={{The First of Them}}}}\n\n{broken}@article{{last, title={{The Last of Them}}}}\n"
    )
    assert [key for key in keys(found) if key != "bad"] == ["first", "last"]
    assert found.notes == ((f"1 of 3 entries left out: {name}",) if name else ())


def test_many_broken_ones_among_many() -> None:
    entries = [f"@article{{k{n}, title={{Part number {n} of it}}{'' if n % 16 else ' broken'}}}\n" for n in range(64)]
    found = bib("".join(entries))
    assert keys(found) == [f"k{n}" for n in range(64) if n % 16]
    assert found.notes == ("4 of 64 entries left out: k0, k16, k32, …",)


@pytest.mark.parametrize(
    "text", ["", "no entries at all", "@", "@article", "@article{", "{" * 5000, "@article{a," * 2000]
)
def test_what_is_no_bibliography_has_no_entries(text: str) -> None:
    assert bib(text).entries == ()


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("{paper.pdf}", ("paper.pdf",)),
        ("{/home/jane/papers/paper.pdf}", ("/home/jane/papers/paper.pdf",)),
        ("{:papers/paper.pdf:PDF}", ("papers/paper.pdf",)),
        (r"{C\:\\papers\\paper.pdf}", ("C:/papers/paper.pdf",)),
        (r"{a\_b.pdf;c.html}", ("a_b.pdf", "c.html")),
        ("{}", ()),
    ],
)
def test_the_files_that_an_entry_names(value: str, named: tuple[str, ...]) -> None:
    (entry,) = bib(f"@article{{a, title={{The Title}}, file = {value}}}").entries
    assert entry.files == named


ITEM = {
    "id": "x",
    "type": "article-newspaper",
    "title": 'The <i>Bridge</i> of <span class="nocase">Brandt</span>',
    "author": [{"family": "Doe", "given": "Jane"}],
}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Metadata("The Bridge of Brandt", "Jane Doe")),
        ({"issued": {"date-parts": [["2026", 3, 2]]}}, Metadata("The Bridge of Brandt", "Jane Doe", "2026-03-02")),
        ({"issued": {"date-parts": [[2026, 3], [2026, 4]]}}, Metadata("The Bridge of Brandt", "Jane Doe", "2026-03")),
        ({"issued": {"date-parts": [[2026, 13, 40]]}}, Metadata("The Bridge of Brandt", "Jane Doe", "2026")),
        ({"issued": {"raw": "2 March 2026"}}, Metadata("The Bridge of Brandt", "Jane Doe", "2026-03-02")),
        ({"issued": {"literal": "soon"}}, Metadata("The Bridge of Brandt", "Jane Doe")),
        ({"issued": [3]}, Metadata("The Bridge of Brandt", "Jane Doe")),
        ({
            "author": [{"literal": "Town of Brandt"}, {"family": "Cruz", "given": "Ana", "non-dropping-particle": "de la"}, 3, {}]},
         Metadata("The Bridge of Brandt", "Town of Brandt, Ana de la Cruz")),
        ({
            "container-title": "Daily Alder", "publisher": "Alder House"}, Metadata("The Bridge of Brandt", "Jane Doe", None, "Daily Alder")),
        ({"publisher": "Alder House"}, Metadata("The Bridge of Brandt", "Jane Doe", None, "Alder House")),
        ({
            "DOI": "https://doi.org/10.1234/A"}, Metadata("The Bridge of Brandt", "Jane Doe", None, None, "https://doi.org/10.1234/a")),
        ({"DOI": "soon", "URL": 3, "title": ["One", "Two"], "author": "Jane Doe"}, Metadata("One", "Jane Doe")),
    ],
)  # fmt: skip
def test_an_item_of_csl(fields: dict[str, Any], expected: Metadata) -> None:
    found = csl.read(json.dumps([ITEM | fields]).encode())
    assert found is not None
    assert [entry.metadata for entry in found.entries] == [expected]


def test_an_item_that_is_none_costs_itself() -> None:
    found = csl.read(json.dumps([ITEM, 3, {"id": "y"}, {**ITEM, "id": 7}]).encode())
    assert found is not None
    assert (keys(found), found.notes) == (["x", "7"], ("2 of 4 entries left out: item 2, item 3",))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b'["id", "type"]',
        b'[{"id": 1, "type": "x"',
        b'{"id": "a", "type": "b"}',
        b"[" * 100_000,
        b'\xff[{"id": 1, "type": "x"}]',
    ],
)
def test_other_json_is_no_bibliography(data: bytes) -> None:
    assert csl.read(data) is None
