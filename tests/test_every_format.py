"""A passage of every format that is read, found by search and opened again at its offsets."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from index.ingest.folder import SUFFIXES
from tests.format_files import FILES, MORE, ROW, SAID, TABLE, html, mhtml, xlsx
from tests.pdf_files import At, made
from tests.test_cli import Place, place  # noqa: F401 - a fixture
from tests.test_pandoc_formats import converted
from tests.word_files import p, tbl, tr, word_file

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
TABLES = (*WORKBOOKS, ".csv", ".tsv")  # these hold the table alone
MARKED = f"# The end of the ferry\n\n{SAID}\n\n{MORE}\n"


def words(text: str) -> list[At]:
    """A paragraph as it is printed: lines of 90 letters."""
    lines = [""]
    for word in text.split():
        lines = [*lines[:-1], f"{lines[-1]} {word}".strip()] if len(lines[-1] + word) < 90 else [*lines, word]
    return [At(50, 700 - 12 * number, line) for number, line in enumerate(lines)]


EVERY: dict[str, Callable[[], bytes | str]] = {Path(name).suffix: make for name, make in FILES.items()} | {
    ".txt": lambda: f"The end of the ferry\n\n{SAID}\n\n{MORE}\n",
    ".md": lambda: MARKED,
    ".html": html,
    ".htm": html,
    ".mht": mhtml,
    ".pdf": lambda: made([words(f"{SAID} {MORE}")]),
    ".docx": lambda: word_file(p(SAID) + p(MORE) + tbl(*(tr(*row) for row in TABLE))),
    ".xlsm": lambda: xlsx({"Ferry": TABLE}),
    ".jsonl": lambda: json.dumps({"text": f"{SAID}\n\n{MORE}", "title": "The end of the ferry"}) + "\n",
    **{suffix: partial(converted, MARKED, suffix) for suffix in (".odt", ".rtf", ".epub", ".tex", ".org", ".rst")},
}  # fmt: skip


def test_every_format_is_here() -> None:
    assert set(EVERY) == set(SUFFIXES)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_passage_is_found_and_opened_again_at_its_offsets(place: Place, suffix: str) -> None:  # noqa: F811
    if suffix in WORKBOOKS and find_spec("python_calamine") is None:
        pytest.skip("python-calamine is not installed")
    file = place.folder / "articles" / f"ferry{suffix}"
    file.parent.mkdir()
    content = EVERY[suffix]()
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    code, _, err = place.qa("index", "articles")
    assert code == 0, err
    wanted = ROW if suffix in TABLES else SAID
    found = json.loads(place.qa("search", "2022 passengers" if suffix in TABLES else "sold the ferry", "--json")[1])
    hit = next(each for each in found["hits"] if wanted in each["text"])
    shown = place.qa("sources", "show", hit["source"])[1]
    assert shown[hit["start"] : hit["end"]] == hit["text"]
    if suffix in (".txt", ".md", ".markdown"):
        with open(file, encoding="utf-8", newline="") as opened:  # noqa: PTH123 - the promise, word for word
            assert opened.read()[hit["start"] : hit["end"]] == hit["text"]
    if suffix == ".jsonl":
        assert json.loads(file.read_text(encoding="utf-8"))["text"][hit["start"] : hit["end"]] == hit["text"]


def test_a_citation_names_the_page_as_it_is_printed(place: Place) -> None:  # noqa: F811
    (place.folder / "articles").mkdir()
    labelled = made([words(SAID), words(MORE)], labels="0 << /S /D /St 451 >>")
    (place.folder / "articles" / "a.pdf").write_bytes(labelled)
    assert place.qa("index", "articles")[0] == 0
    (found,) = json.loads(place.qa("cite", MORE, "--json")[1])["places"]
    assert (found["page"], found["page_label"]) == (452, "452")
    assert "452" in found["note"]
