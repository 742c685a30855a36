"""Read a PDF, including its scanned pages.

Pages without a text layer are read by Tesseract on request; otherwise the user is told how. Tesseract is a separate
program from the system's package manager. It runs in the parsers' process, one call a page, within the time that a file
has.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from statistics import median

from index.errors import SettingsError, SourceError
from index.ingest.formats import Extract, read_pdf
from index.ingest.pdf import read as pdf
from index.ingest.pdf.records import Page, Word
from index.isolated import Run

_DOTS = 300  # to the inch, as Tesseract likes it best
_POINTS = 72  # to the inch
_MOST_DOTS = 8_000  # of a side of a page
_SURE = 30  # of 100; what Tesseract is less sure of is mostly dirt
_BASE = 0.2  # of the height of a line that is below where its letters stand
# of the usual height: lines that differ by less have letters of one size, some with tails and some without
_MISREAD = 0.3


def read(data: bytes, name: str, run: Run, languages: str = "") -> Extract:
    """Read the text of a PDF, and of pages that are only pictures by Tesseract in these languages (`eng+deu`).

    `run` calls the parsers. Raises `SourceError` if it is damaged or locked, or no text can be read at all.
    """
    extract = run(name, read_pdf, data, name)
    bare = extract.bare
    if bare and languages:
        found = {number: run(name, recognised, data, name, number, languages) for number in bare}
        extract = run(name, read_pdf, data, name, found)
    if not any(map(str.isalnum, extract.text)):
        if languages:
            raise SourceError(
                f"{name} has no text layer, and Tesseract finds no text either", "leave it out of the folder"
            )
        raise SourceError(f"{name} has no text layer, it is only a scan: {_helps(name)}", "qa index --ocr")
    done = [number for number in bare if number not in extract.bare]
    notes = [f"{_pages(done)} read by text recognition, which makes mistakes"] if done else []
    if extract.bare and not languages:
        notes.append(f"{_pages(extract.bare)} without text, perhaps scanned: {_helps(name)}")
    elif extract.bare:
        notes.append(f"{_pages(extract.bare)} without text")
    return replace(extract, notes=(*extract.notes, *notes))


def check(languages: str) -> None:
    """Raises `SettingsError` where Tesseract is missing, or one of the languages."""
    program = shutil.which("tesseract")
    if program is None:
        raise SettingsError(
            "--ocr needs Tesseract, which is not installed",
            "apt install tesseract-ocr, brew install tesseract, or winget install tesseract",
        )
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False).stdout.split()
    for language in languages.split("+"):
        if language not in listed:
            raise SettingsError(
                f"Tesseract does not know the language “{language}”",
                f"apt install tesseract-ocr-{language}, or name others: QA_OCR_LANGUAGES=eng",
            )


def recognised(data: bytes, name: str, number: int, languages: str) -> Page:
    """The words that Tesseract reads on a page of a PDF, from 1. Raises `SourceError` where it fails."""
    picture, scale, height = _picture(data, name, number)
    program = shutil.which("tesseract")
    if program is None:
        raise SourceError(
            f"{name} cannot be read without Tesseract, which is not installed", "apt install tesseract-ocr"
        )
    command = [program, "stdin", "stdout", "-l", languages, "--dpi", str(_DOTS), "tsv"]
    one_thread = os.environ | {"OMP_THREAD_LIMIT": "1"}  # more only wait for each other
    done = subprocess.run(command, input=picture, capture_output=True, check=False, env=one_thread)
    if done.returncode:
        raise SourceError(f"{name}: Tesseract cannot read page {number:,}", "leave it out of the folder")
    return Page(tuple(_words(done.stdout.decode("utf-8", errors="replace"), scale)), height)


def _picture(data: bytes, name: str, number: int) -> tuple[bytes, float, float]:
    """Return a page as it looks, as PGM in shades of grey, with its dots a point and its height in points."""
    with pdf.opened(data, name) as document:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(_DOTS / _POINTS, _MOST_DOTS / max(width, height, 1.0))
        bitmap = page.render(scale=scale, grayscale=True)
        rows = memoryview(bytes(bitmap.buffer))
        shades = b"".join(
            rows[row * bitmap.stride : row * bitmap.stride + bitmap.width] for row in range(bitmap.height)
        )
        head = f"P5 {bitmap.width} {bitmap.height} 255\n".encode()
        bitmap.close()
        page.close()
    return head + shades, scale, height


def _words(table: str, scale: float) -> list[Word]:
    """The words of Tesseract's table, each on the line on which it stands."""
    rows = [
        row
        for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
        if row["level"] in ("4", "5")
    ]
    usual = median([int(row["height"]) / scale for row in rows if row["level"] == "4"] or [1.0])
    words: list[Word] = []
    y = size = usual
    for row in rows:
        left, width, top, height = (int(row[key]) / scale for key in ("left", "width", "top", "height"))
        if row["level"] == "4":
            size = usual if abs(height - usual) <= _MISREAD * usual else height
            y = top + height - _BASE * height
        elif row["text"].strip() and float(row["conf"]) >= _SURE:
            words.append(Word(re.sub(r"\s+", "", row["text"]), left, left + width, y, size))
    return words


def _helps(name: str) -> str:
    """What makes text of it: Tesseract here, or a program that writes it into the file."""
    file = shlex.quote(name)
    return f"qa index --ocr reads such pages, and so does ocrmypdf --skip-text {file} {file}"


def _pages(numbers: Sequence[int]) -> str:
    """“page 3”, “pages 2-4, 9”: those after another as a range."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    return f"{'page' if len(numbers) == 1 else 'pages'} {', '.join(parts)}"
