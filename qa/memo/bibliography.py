"""The bibliography as a file for other programs: BibTeX or CSL-JSON. In: the references of a memo.

Out: bytes. Pandoc writes and escapes both.
"""

from __future__ import annotations

from pathlib import Path

from qa.memo.pandoc import Pandoc
from qa.memo.records import Memo
from qa.memo.works import Work, references

KINDS = (".bib", ".json")


def bibliography(memo: Memo, file: Path, pandoc: Pandoc) -> bytes:
    """The cited works in the format that the file's name asks for, in the order of the memo's bibliography.

    Raises MemoError where pandoc fails.
    """
    items = [
        Work(reference.key, reference.source, reference.metadata, reference.digest) for reference in memo.references
    ]
    to = "bibtex" if file.suffix.lower() == ".bib" else "csljson"
    return pandoc.convert([], [f"--to={to}", "--standalone", "--wrap=none"], meta=references(items))
