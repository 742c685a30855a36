"""The documents that were read wrongly in the field, in the form in which they were.

What is known of each, and what of it may be quoted.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.chunk import passages
from index.ingest.load import load
from index.records import Article

EN = (
    "The town council of Harrowby voted on Monday to close the old ferry terminal, after a debate of four hours in "
    "which nine residents spoke.",
    "The terminal was built in 1931 and has not been used by regular ferries since the bridge was opened, council "
    "leader Tom Reyes said.",
    "A final decision on the future of the building will be taken in the autumn, when an engineering report is due.",
)
ES = (
    "El pleno de Valdeoro decidió el lunes cerrar la vieja estación de transbordadores, tras un debate de cuatro "
    "horas en el que hablaron nueve vecinos.",
    "El edificio se construyó en 1931 y no lo usan los transbordadores regulares desde que se abrió el puente, dijo "
    "el alcalde Tomás Reyes.",
    "La decisión final sobre el futuro del edificio se tomará en otoño, cuando se presente un informe de ingeniería.",
)
DE = (
    "Der Gemeinderat von Oberfeld hat am Montag beschlossen, das alte Fährhaus zu schließen, nachdem neun Bürger in "
    "der Debatte gesprochen hatten.",
    "Das Gebäude stammt aus dem Jahr 1931 und wird seit der Eröffnung der Brücke nicht mehr von regelmäßigen Fähren "
    "genutzt, sagte Ratsvorsitzender Tom Reis.",
    "Über die Zukunft des Hauses soll im Herbst entschieden werden, wenn ein Gutachten der Ingenieure vorliegt.",
)
TITLES = {
    "en": "Harrowby to close old ferry terminal",
    "es": "Valdeoro cierra la vieja estación",
    "de": "Oberfeld schließt das alte Fährhaus",
}
TEXTS = {"en": EN, "es": ES, "de": DE}
NAV = '<header><nav><a href="/">Home</a> <a href="/news">News</a></nav></header>'
ASIDE = (
    '<aside class="sidebar"><ul class="latest"><li><h2><a href="/x">Harbour festival returns</a></h2><p '
    'class="date">2023-11-03</p></li>'
    '<li><h2><a href="/y">New buses for Harrowby</a></h2><p class="date">2023-11-03</p></li></ul></aside>'
)
AFTER = (
    "<p>Mehr zum Thema</p><p>Neue Busse für Oberfeld</p><p>Wir verwenden Cookies, um Ihnen das beste Erlebnis zu "
    "bieten.</p><p>Melden Sie sich für unseren "
    "Newsletter an und erhalten Sie täglich die wichtigsten Nachrichten aus der Region.</p><p>Jetzt teilen auf "
    "Facebook</p><p>ANZEIGE</p><p>Kommentare</p>"
)
UTC = '<meta property="article:published_time" content="2022-05-04T03:37:37+00:00">'
LOCAL = '<time class="entry-date" datetime="2022-05-03T23:37:37-04:00">May 3, 2022</time>'


def page(
    language: str,
    *,
    head: str = "",
    above: str = "",
    below: str = "",
    after: str = "",
    suffix: str = "",
    logo: str = "",
) -> str:
    title, body = TITLES[language], "\n".join(f"<p>{paragraph}</p>" for paragraph in TEXTS[language])
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta '
        f'charset="utf-8"><title>{title}{suffix}</title>{head}</head><body>{NAV}{logo}<main><article>'
        f"<h1>{title}</h1>{above}\n{body}\n{below}</article>{after}</main><footer>© 2025</footer></body></html>"
    )


def read(folder: Path, name: str, data: str | bytes) -> tuple[Article, ...]:
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return load(folder / name, name, {})


def quotable(article: Article) -> list[str]:
    return [sentence.text for passage in passages(article) for sentence in passage.sentences]


@pytest.mark.parametrize(
    ("markup", "language", "author", "date"),
    [
        (page("en", above='<div class="author">Photo from the Instagram of Tom Reyes</div>'), "en", None, None),
        (page("es", above='<div class="byline">Tiempo de lectura: 4 min</div>'
              '<div class="author">Isabel Caro, Rocio Latorre y Jose Wilson Tiempo de '
              'lectura</div>'), "es", "Isabel Caro, Rocio Latorre, Jose Wilson", None),
        (page("en", after=ASIDE), "en", None, None),
        (page("en", head=UTC, above=LOCAL), "en", None, "2022-05-03"),
        (page("de", above="<p>Lesen Sie auch: Neue Busse für Oberfeld</p>", below=AFTER), "de", None, None),
        (page("en", suffix=" | EL DEBER", logo='<div class="logo">EL DEBER</div>'), "en", None, None),
    ],
    ids=["author_photo", "author_par", "date_none_sidebar", "date_utc", "furniture_de", "title_suffix"],
)  # fmt: skip
def test_pages(tmp_path: Path, markup: str, language: str, author: str | None, date: str | None) -> None:
    (article,) = read(tmp_path, "a.html", markup)
    known = article.metadata
    assert (known.title, known.author, known.date, known.language) == (TITLES[language], author, date, language)
    assert quotable(article) == list(TEXTS[language])


def test_what_readers_wrote_below_a_page_without_an_article_element(tmp_path: Path) -> None:
    said = (
        "Vaya comportamiento tan poco ejemplar del alcalde Reyes, que defiende lo indefendible y no merece el cargo "
        "que tiene desde hace tantos años.",
        "El alcalde es un ladrón y todos lo saben en este pueblo, pero nadie se atreve a decirlo en voz alta delante "
        "de la gente.",
        "Que se vaya a su casa y deje trabajar a los que saben, porque así no vamos a ninguna parte con este "
        "ayuntamiento.",
    )
    comments = "".join(
        f'<li><div class="autor">Usuario{number} <span>Hace {number + 2} horas</span></div><div '
        f'class="texto"><p>{one}</p></div></li>'
        for number, one in enumerate(said)
    )
    markup = (
        f'<!DOCTYPE html><html lang="es"><head><meta charset="utf-8"><title>{TITLES["es"]}</title></head><body><div '
        f'id="noticia"><h1>{TITLES["es"]}</h1>'
        f'<p>{ES[0]}</p><p>{ES[1]}</p></div><div class="opiniones"><ul>{comments}</ul></div></body></html>'
    )
    (article,) = read(tmp_path, "a.html", markup)
    assert (article.metadata.author, quotable(article)) == (None, list(ES[:2]))


def test_a_page_with_a_byte_that_is_no_text(tmp_path: Path) -> None:
    told: list[str] = []
    (tmp_path / "a.html").write_bytes(page("en").encode().replace(b"voted", b"\xe2\x80\x9cvoted\xe2\x80\x9d \x97", 1))
    (article,) = load(tmp_path / "a.html", "a.html", {}, tell=told.append)
    assert "“voted”" in quotable(article)[0]
    assert len(told) == 1
    assert told[0].startswith("1 byte is not UTF-8")


SHORT = f"{EN[0][:-34]}. The terminal was built in 1931, council leader Tom Reyes said."
KURZ = "Der Gemeinderat von Oberfeld hat am Montag beschlossen, das alte Fährhaus zu schließen. Das Gebäude stammt aus dem Jahr 1931, sagte Tom Reis."
CORTO = f"{ES[0]} El edificio se construyó en 1931, dijo el alcalde Tomás Reyes."


@pytest.mark.parametrize(
    ("name", "text", "title", "author", "date", "language"),
    [
        (
            "de_byline.txt", f"{TITLES['de']}\nVon Anna Beispiel\n12. März 2024\n\n{KURZ}", TITLES["de"], "Anna Beispiel", "2024-03-12", "de"),
        (
            "es_byline.txt", f"{TITLES['es']}\nPor Ana Ejemplo\n12 de marzo de 2024\n\n{CORTO}", TITLES["es"], "Ana Ejemplo", "2024-03-12", "es"),
        ("en_edition.txt", f"Guide to the ferries\nFirst published May 2006. This edition July 2016.\n\n{SHORT}",
         "Guide to the ferries", None, "2016-07", "en"),
        ("nytimes.txt", f"Harrowby to Close Ferry Terminal\n\nBy MARY ANN HALE and TOM OAK\nMARCH 5, 2024\n\n{SHORT}",
         "Harrowby to Close Ferry Terminal", "Mary Ann Hale and Tom Oak", "2024-03-05", "en"),
        ("md_obsidian.md",
         f'---\ntitle: Harrowby closes terminal\nauthor:\n  - "[[Mary Hale]]"\npublished: 2024-03-05\ncreated: '
         f'2025-01-01\nsource: "https://example.org/a"\n'
         f"tags:\n  - clippings\n---\n{SHORT}", "Harrowby closes terminal", "Mary Hale", "2024-03-05", "en"),
        (
            "rules.txt", "Handbook for claimants\nBy the Claims Office\n1 October 2023\n\nGenerally, a claim for lost luggage should be filed within 30 "
            "days of "
         "the journey. The claims panel meets every second Tuesday and sends its decisions by "
         "post.", "Handbook for claimants", None, "2023-10-01", "en"),
    ],
)  # fmt: skip
def test_texts(tmp_path: Path, name: str, text: str, title: str, author: str | None, date: str, language: str) -> None:
    (article,) = read(tmp_path, name, text)
    known = article.metadata
    assert (known.title, known.author, known.date, known.language) == (title, author, date, language)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Neuer Steuersatz für Gas\n\nSeit dem 1. Oktober 2022 gilt für Erdgas ein Satz von 7 Prozent. Der Bau in Ulm "
        "kostet laut Dr. Weber rund 12 Mio. Euro "
         "mehr als geplant.", "Seit dem 1. Oktober 2022 gilt für Erdgas ein Satz von 7 Prozent."),
        ("Die 3. Kammer des Gerichts hat am 5. Mai entschieden. Gegen das Urteil ist eine Berufung möglich.",
         "Die 3. Kammer des Gerichts hat am 5. Mai entschieden."),
        ("Hallen åbnede den 1. marts 2023 efter to års byggeri. Den har plads til 400 "
        "gæster.", "Hallen åbnede den 1. marts 2023 efter to års byggeri."),
        ("Most otevřeli 1. října 2022 po dvou letech oprav. Oprava stála 42 milionů "
        "korun.", "Most otevřeli 1. října 2022 po dvou letech oprav."),
    ],
)  # fmt: skip
def test_an_ordinal_ends_no_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (article,) = read(tmp_path, "a.txt", text)
    assert quotable(article)[0] == sentence
    assert len(quotable(article)) == 2


def test_rows(tmp_path: Path) -> None:
    told: list[str] = []
    rows = [
        {"content": SHORT, "title": "b", "byline": "By Mary Hale", "published": "2024-03-05T10:00:00Z"},
        {"body": SHORT, "headline": "c", "authors": ["Mary Hale", "Tom Oak"], "publish_date": "March 5, 2024"},
        {"text": KURZ, "title": "f", "author": "Anna Beispiel", "date": 1709632353},
        {"text": "", "title": "g"},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = load(tmp_path / "rows.jsonl", "rows.jsonl", {}, tell=told.append)
    assert [(one.metadata.title, one.metadata.author, one.metadata.date, one.metadata.language) for one in found] == [
        ("b", "Mary Hale", "2024-03-05", "en"),
        ("c", "Mary Hale, Tom Oak", "2024-03-05", "en"),
        ("f", "Anna Beispiel", "2024-03-05", "de"),
    ]
    assert told == ['1 row left out: 4 (has no "text")']
