"""Web pages: what is read of them, and what is furniture.

The cases are those of public bug reports, and three more of each kind.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import pages as bench
from index.chunk import passages
from index.ingest.load import load
from index.ingest.page import people
from index.records import Article, Metadata

TITLE = "Harrowby to close old ferry terminal"
FIRST = "The town council of Harrowby voted on Monday to close the old ferry terminal, after a debate of four hours in which nine residents spoke."
SECOND = "The terminal was built in 1931 and has not been used by regular ferries since the bridge was opened, council leader Tom Reyes said."
THIRD = "A final decision on the future of the building will be taken in the autumn, when an engineering report is due."
TEXT = f"{FIRST}\n{SECOND}\n{THIRD}"


def page(
    folder: Path,
    *,
    head: str = "",
    above: str = "",
    within: str = "",
    below: str = "",
    title: str = TITLE,
    h1: str = TITLE,
    lang: str = "en",
) -> Article:
    body = "".join(f"<p>{text}</p>" for text in (FIRST, SECOND, THIRD))
    html = (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        '<body><header><nav><a href="/">Home</a></nav></header>'
        f"<main><article><h1>{h1}</h1>{above}{body}{within}</article>{below}</main><footer>© "
        f"2025</footer></body></html>"
    )
    file = folder / "page.html"
    file.write_text(html, encoding="utf-8")
    (article,) = load(file, file.name, {})
    return article


def said(article: Article) -> str:
    return "\n".join(passage.text for passage in passages(article))


@pytest.mark.parametrize(
    ("title", "head", "h1"),
    [
        (f"{TITLE} | EL DEBER", "", TITLE),
        (
            f"{TITLE} - The Harrowby Post",
            '<meta property="og:site_name" content="The Harrowby Post">',
            f"{TITLE} - The Harrowby Post",
        ),
        (
            f"Post — {TITLE}",
            '<script type="application/ld+json">{"@type": "WebSite", "name": "Post"}</script>',
            f"Local News | {TITLE}",
        ),
        (f"{TITLE} :: NEWS", "", f"3.11.2023 - {TITLE}"),
        ("Ferry terminal in Harrowby will close | NEWS", "", TITLE),
        (TITLE, '<meta property="og:title" content="Old ferry terminal to close in Harrowby">', TITLE),
    ],
)
def test_a_title_is_without_the_name_of_the_site(tmp_path: Path, title: str, head: str, h1: str) -> None:
    if h1.startswith("Local"):
        head += f'<meta property="og:title" content="{TITLE}">'
    assert page(tmp_path, title=title, head=head, h1=h1).metadata.title == TITLE


def test_a_dash_or_a_bar_within_a_title_stays(tmp_path: Path) -> None:
    title = "Parking - who pays? | A debate"
    assert (
        page(
            tmp_path, title=f"{title} | NEWS", head='<meta property="og:site_name" content="News">', h1=title
        ).metadata.title
        == title
    )


@pytest.mark.parametrize(
    ("above", "author"),
    [
        ('<div class="author">Photo from the Instagram of Tom Reyes</div>', None),
        ('<div class="author">Photo: Jan Meyer</div>', None),
        ('<figure><img src="a.jpg"><figcaption><span class="author">Ana Caro</span></figcaption></figure>', None),
        ('<div class="byline">By Staff Reporter</div>', None),
        ('<div class="byline">Redaktion</div>', None),
        ('<div class="byline">Tiempo de lectura: 4 min</div><div class="author">Isabel Caro, Rocio Latorre y Jose '
        'Wilson Tiempo de lectura</div>',
         "Isabel Caro, Rocio Latorre, Jose Wilson"),
        ('<div class="author">Por <a href="/a">Alberto Ávila</a></div>', "Alberto Ávila"),
        ('<p class="byline">Par Juliette Deborde</p>', "Juliette Deborde"),
        ('<span class="content__author">von Lars Fischer und Alina '
        'Schadwinkel</span>', "Lars Fischer, Alina Schadwinkel"),
        ('<div class="meta">Von Anna Beispiel</div>', "Anna Beispiel"),
        ('<div class="author-info"><b>Inga Hoelt</b><a href="/f">Follow</a><p>Expertin für Neues '
        'Lernen</p></div>', "Inga Hoelt"),
        ('<p class="byline">By <a href="/1">MARY ANN HALE</a> and <a href="/2">TOM '
        'OAK</a></p>', "Mary Ann Hale, Tom Oak"),
        ('<p class="by-line byline">作者：王小明</p>', "王小明"),
        ('<p class="byline">Автор: Анна Петрова</p>', "Анна Петрова"),
        ('<span><a href="/newsteam/alex-bozar">Alex Bozar</a></span>', "Alex Bozar"),
    ],
)  # fmt: skip
def test_who_wrote_it(tmp_path: Path, above: str, author: str | None) -> None:
    assert page(tmp_path, above=above).metadata.author == author


def linked(*things: object) -> str:
    return "".join(
        f'<script type="application/ld+json">{thing if isinstance(thing, str) else json.dumps(thing)}</script>'
        for thing in things
    )


def test_what_linked_data_say_of_the_author_is_believed_first_and_organisations_are_none(tmp_path: Path) -> None:
    by = [{"@type": "Person", "name": "Mary Hale"}, {"@type": "Organization", "name": "The Post"}]
    other = {
        "@type": "NewsArticle",
        "headline": "Harbour festival returns",
        "author": {"@type": "Person", "name": "Tom Oak"},
    }
    head = (
        linked([other, {"@type": "NewsArticle", "headline": TITLE, "author": by}])
        + '<meta name="author" content="Redacción Post">'
    )
    assert page(tmp_path, head=head).metadata.author == "Mary Hale"
    graph = {
        "@graph": [
            {"@type": "Article", "headline": TITLE, "author": {"@id": "#1"}},
            {"@type": "Person", "@id": "#1", "name": "Raúl Espina"},
        ]
    }
    assert page(tmp_path, head=linked(graph)).metadata.author == "Raúl Espina"
    only = '<meta property="og:site_name" content="El Mostrador"><meta name="author" content="El Mostrador">'
    assert page(tmp_path, head=only).metadata == Metadata(TITLE, None, None, "El Mostrador", language="en")


def test_broken_linked_data_cost_nothing_else(tmp_path: Path) -> None:
    head = (
        linked('{"@type": ', "[" * 100_000, {"@type": "Article", "author": 7}, "null")
        + '<meta name="author" content="Mary Hale">'
    )
    assert page(tmp_path, head=head).metadata == Metadata(TITLE, "Mary Hale", language="en")


def test_commenters_are_no_authors(tmp_path: Path) -> None:
    comments = '<div id="comments"><p class="comment-author">Vera Azman</p><p>Nice.</p></div>'
    assert page(tmp_path, below=comments).metadata.author is None


_LATEST = '<aside class="sidebar"><ul><li><h2><a href="/x">Harbour festival returns</a></h2><p class="date">2023-11-03</p></li></ul></aside>'


@pytest.mark.parametrize(
    ("head", "above", "below", "date"),
    [
        ("", "", _LATEST, None),
        ("", "", _LATEST.replace("aside", "div").replace("<h2>", "").replace("</h2>", ""), None),
        (
            "", '<table><tr><td>Founded</td><td>28 February 1998</td></tr><tr><td>Place</td><td>Harrowby</td></tr></table>', "", None),
        ("", "<p>Last updated: 7 January 2025</p>", "", None),
        ('<meta property="article:published_time" '
        'content="2022-05-04T03:37:37+00:00">', '<time datetime="2022-05-03T23:37:37-04:00">May 3, 2022</time>', "",
         "2022-05-03"),
        ('<meta property="article:published_time" '
        'content="2022-05-04T00:53:29Z">', '<span>3 de mayo de 2022</span>', "", "2022-05-03"),
        ('<meta property="article:published_time" '
        'content="2018-06-12T23:00:00.000Z">', '<time datetime="2018-06-13">13 June 2018</time>', "", "2018-06-13"),
        ('<meta property="article:published_time" '
        'content="2022-05-04T03:37:37+00:00">', "<span>4 May 2022</span>", "", "2022-05-04"),
        ('<meta property="article:published_time" content="1651626439">', "", "", "2022-05-04"),
        ('<meta name="datePublished" content="Wed, 04 May 2022 00:53:29 -0300">', "", "", "2022-05-04"),
        ("", '<p class="date">Dienstag, 12. März 2024, 10:30 Uhr</p>', "", "2024-03-12"),
        ("", "<p>12 марта 2024 г.</p>", "", "2024-03-12"),
        ("", "<p>2024年3月12日</p>", "", "2024-03-12"),
        ('<meta property="article:published_time" content="2020-12-05T23:15:0Z">', "<p>06 Dicembre 2020</p>", "", "2020-12-06"),
        ('<meta name="publish_date" content="2024-03-05">', "", "", "2024-03-05"),
        ("", '<ul class="meta"><li>2019/04/04</li><li>Tom Oak</li></ul>', "", "2019-04-04"),
        ("", "<ul><li>2019/04/04</li><li>2019/04/03</li></ul>", "", None),  # of several, none is the article's
        ("", '<abbr class="published" title="2011-05-06T07:08:09+02:00">Friday</abbr>', "", "2011-05-06"),
        ("", '<span property="dc:date schema:datePublished" content="2016-07-08">Friday</span>', "", "2016-07-08"),
        ("", '<time pubdate datetime="2012-03-04">last Sunday</time>', "", "2012-03-04"),
        ("", '<div class="breadcrumbs"><nav><ol><li><a href="/x">Harbours</a></li></ol></nav><span><time datetime="2016-10-03T16:35:39.000Z">'
         "Posted on 3 Oct 2016</time></span></div>", "", "2016-10-03"),
        ("", "", '<div class="tools"><time datetime="2024-03-05">yesterday</time></div>', "2024-03-05"),
        ("", "", '<div class="tools"><time class="updated" datetime="2024-03-05">yesterday</time></div>', None),
        ("", "", '<div><time datetime="2024-03-05">a</time></div><div><time datetime="2024-03-07">b</time></div>', None),
        ("", "<div>Updated 14 March 2024, 9:00 · Published 12 March 2024</div>", "", "2024-03-12"),
        ("", "<p>Publié le 12 mars 2024 à 18h30, mis à jour le 14 mars 2024</p>", "", "2024-03-12"),
        ("", "", "<p><em>12 marzo 2024</em></p>", "2024-03-12"),
        ("", "", "<div>Harrowby, 30 Ekim 2020 Cuma 18:28</div>", "2020-10-30"),
        ("", "", "<div>Last updated: 12 March 2024</div>", None),
        ("", "", "<ul><li>12 March 2024</li></ul>", None),
        ("", "", '<div><a href="/y">12 March 2024</a></div>', None),
        ("", "", "<div>The Planet is printed every day, last on 12 March 2024</div>", None),
        ("", "", '<p><a href="/y"><time datetime="2024-03-05">Another story</time></a></p>', None),
    ],
)  # fmt: skip
def test_the_day_is_the_articles_own_where_it_was_published(
    tmp_path: Path, head: str, above: str, below: str, date: str | None
) -> None:
    assert page(tmp_path, head=head, above=above, below=below).metadata.date == date


@pytest.mark.parametrize(
    ("address", "date"),
    [
        ("/2024/03/05/ferry", "2024-03-05"), ("/2024/3/5/ferry.html", "2024-03-05"), ("/news/2024-03-05-ferry", "2024-03-05"),
        ("/news/20240305_ferry", "2024-03-05"), ("/ferry-20240305.html", "2024-03-05"), ("/2024/03/ferry", "2024-03"),
        ("/2024/03/7-ways-to-cross", "2024-03"), ("/2024/ferry", None), ("/news/120240305060708/ferry", None),
        ("/ferry-of-20240305-and-later", None), ("/2024/13/45/ferry", None),
    ],
)  # fmt: skip
def test_an_address_tells_the_day_or_the_month_where_the_page_does_not(
    tmp_path: Path, address: str, date: str | None
) -> None:
    head = f'<link rel="canonical" href="https://planet.example{address}">'
    assert page(tmp_path, head=head).metadata.date == date
    assert page(tmp_path, head=head, above="<p>7 May 2021</p>").metadata.date == "2021-05-07"


def test_an_address_tells_which_day_it_was_where_greenwich_had_another(tmp_path: Path) -> None:
    head = '<meta property="article:published_time" content="2022-05-04T03:37:37Z">'
    for day, read in (("03", "2022-05-03"), ("04", "2022-05-04"), ("06", "2022-05-04")):
        link = f'<link rel="canonical" href="https://planet.example/2022/05/{day}/ferry">'
        assert page(tmp_path, head=head + link).metadata.date == read


@pytest.mark.parametrize("behind", ["", "}", ";", "}} -->"])
def test_what_stands_behind_linked_data_costs_nothing(tmp_path: Path, behind: str) -> None:
    data = '{"@type": "NewsArticle", "headline": "x", "datePublished": "2020-10-26T18:10:00+01:00"}'
    head = f'<script type="application/ld+json">{data}{behind}</script>'
    assert page(tmp_path, head=head).metadata.date == "2020-10-26"


_FEET = {
    "de": ("Mehr zum Thema", "Neue Busse für Oberfeld", "Wir verwenden Cookies, um Ihnen das beste Erlebnis zu bieten.",
           "Melden Sie sich für unseren Newsletter an und erhalten Sie täglich die wichtigsten Nachrichten aus der "
           "Region.",
           "Jetzt teilen auf Facebook", "ANZEIGE", "Kommentare"),
    "es": ("Más noticias", "Nuevos autobuses para Valdeoro", "Utilizamos cookies para ofrecerle la mejor experiencia.",
           "Suscríbase a nuestro boletín y reciba cada día las noticias más importantes de la "
           "región.", "Compartir en Facebook", "PUBLICIDAD"),
    "fr": ("À lire aussi", "De nouveaux bus", "Nous utilisons des cookies pour vous offrir la meilleure expérience.", "Partager sur Facebook", "PUBLICITÉ"),
    "ru": ("Читайте также", "Новые автобусы", "Мы используем файлы cookie, чтобы сделать сайт удобнее для вас.", "Поделиться", "Реклама"),
}  # fmt: skip


@pytest.mark.parametrize("language", list(_FEET))
def test_the_foot_of_a_page_is_furniture_in_every_language(tmp_path: Path, language: str) -> None:
    feet = "".join(f"<p>{text}</p>" for text in _FEET[language])
    above = f"<p>Lesen Sie auch: {_FEET[language][1]}</p>"
    article = page(tmp_path, above=above, within=feet, lang=language)
    assert said(article) == TEXT
    assert [passage.heading for passage in passages(article)] == [None]


def test_what_ends_an_article_is_no_foot(tmp_path: Path) -> None:
    ends = "".join(
        f"<p>{text}</p>" for text in ("Germany", "France", "Italy", "All three have signed the treaty by now.")
    )
    assert said(page(tmp_path, within=ends)).endswith(
        "Germany\nFrance\nItaly\nAll three have signed the treaty by now."
    )


def test_a_list_of_winners_is_no_foot(tmp_path: Path) -> None:
    winners = (
        "Song of the year",
        "“Stay” by The Kid Laroi and Justin Bieber",
        "“Cold Heart” by Elton John and Dua Lipa",
        "Best album",
        "All winners",
        "See them here",
    )
    (tmp_path / "a.txt").write_text(f"{TITLE}\n\n{FIRST}\n\n{SECOND}\n\n" + "\n\n".join(winners), encoding="utf-8")
    (article,) = load(tmp_path / "a.txt", "a.txt", {})
    assert winners[1] in said(article)
    assert winners[2] in said(article)


@pytest.mark.parametrize(
    "text",
    [
        "Explained: how the council votes.",
        "Recommended: two tablets a day",
        "Germany – France – Italy – Spain",
        "Red / Green / Blue / Black",
    ],
)
def test_words_that_only_look_like_furniture_are_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(f"{FIRST}\n\n{text}\n\n{SECOND}\n", encoding="utf-8")
    (article,) = load(tmp_path / "a.txt", "a.txt", {})
    assert text in [article.text[region.start : region.end] for region in article.regions]


_READER = "<li><div class='autor'>Usuario{0} <span>Hace {0} horas</span></div><div class='texto'><p>{1}</p></div></li>"
_OPINIONS = (
    "Vaya comportamiento tan poco ejemplar del alcalde Reyes, que defiende lo indefendible y no merece el cargo que "
    "tiene desde hace tantos años.",
    "El alcalde es un ladrón y todos lo saben en este pueblo, pero nadie se atreve a decirlo en voz alta delante de "
    "la gente.",
    "Que se vaya a su casa y deje trabajar a los que saben, porque así no vamos a ninguna parte con este ayuntamiento.",
)


@pytest.mark.parametrize(
    "frame",
    [
        "<div class='opiniones'><ul>{}</ul></div>",
        "<section class='leserbriefe'><ol>{}</ol></section>",
        "<div id='comments'>{}</div>",
        "<div class='x1'><div class='x2'><ul class='x3'>{}</ul></div></div>",
    ],
)
def test_what_readers_wrote_is_not_the_articles(tmp_path: Path, frame: str) -> None:
    items = "".join(_READER.format(number, opinion) for number, opinion in enumerate(_OPINIONS, 1))
    article = page(tmp_path, below=frame.format(items))
    assert (said(article), article.metadata.author) == (TEXT, None)


def test_a_live_page_has_entries_and_no_comments(tmp_path: Path) -> None:
    entries = "".join(
        f"<div class='entry'><time>1{number}:00</time><h2>Entry {number}</h2><p>{text}</p></div>"
        for number, text in enumerate(_OPINIONS)
    )
    shown = said(page(tmp_path, within=f"<div class='live'>{entries}</div>"))
    assert all(text in shown for text in _OPINIONS)


def test_captions_teasers_and_paragraphs_that_are_links_are_furniture_and_the_lead_is_not(tmp_path: Path) -> None:
    lead = "The terminal has stood at the harbour for almost a century, and its end has been expected for years."
    caption = "Residents at the harbour of Harrowby on Monday, before the debate began in the town hall."
    figure = f"<figure><img src='a.jpg'><figcaption>{caption}</figcaption></figure>"
    teasers = "".join(
        f"<div class='card'><h3><a href='/{one}'>Harbour story {one} of this week</a></h3><p>{caption} "
        f"Number {one}.</p></div>"
        for one in "abcd"
    )
    link = "<p><a href='/busses'>Lire aussi : de nouveaux bus pour la ville de Harrowby</a></p>"
    article = page(
        tmp_path, above=f"<div class='intro'>{lead}</div>{figure}{link}", below=f"<div class='more'>{teasers}</div>"
    )
    assert said(article) == f"{lead}\n{TEXT}"


def whole(folder: Path, body: str, *, head: str = "") -> Article:
    """A page of which nothing is given but its title."""
    file = folder / "whole.html"
    file.write_text(
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{TITLE}</title>{head}</head><body>{body}</body></html>',
        "utf-8",
    )
    (article,) = load(file, file.name, {})
    return article


@pytest.mark.parametrize(
    "entry",
    ["<span>1{0}:15 Uhr</span>", "<time>1{0}:15</time>", "<div>1{0}h15 - Jane Doe</div>", "<b>1{0}.15</b> Live"],
)
@pytest.mark.parametrize("intro", ["", f"<p>{THIRD} It was read aloud.</p>"])
def test_entries_of_a_live_page_without_headings_are_no_comments(tmp_path: Path, entry: str, intro: str) -> None:
    entries = "".join(
        f"<div class='tick'>{entry.format(number)}<p>{text}</p></div>"
        for number, text in enumerate((FIRST, SECOND, THIRD))
    )
    shown = said(whole(tmp_path, f"<main><article><h1>{TITLE}</h1>{intro}<div>{entries}</div></article></main>"))
    assert all(text in shown for text in (FIRST, SECOND, THIRD))


def test_a_live_page_that_says_so_may_have_many_authors(tmp_path: Path) -> None:
    entries = "".join(
        f"<div class='tick'><time>1{number}:00</time> {name}<p>{text}</p></div>"
        for number, (name, text) in enumerate((("Jane Doe", FIRST), ("Tom Oak", SECOND)))
    )
    body = f"<main><article><h1>{TITLE}</h1><p>{THIRD}</p><div>{entries}</div></article></main>"
    live = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "x", "datePublished": "2024-03-05"}</script>'
    shown = said(whole(tmp_path, body, head=live))
    assert all(text in shown for text in (FIRST, SECOND, THIRD))
    assert said(whole(tmp_path, body)) == THIRD  # by its form it is what two readers wrote


@pytest.mark.parametrize("name", ["<a href='/u/{0}'>{0}</a>", "<b>{0}</b>"])
@pytest.mark.parametrize("posts", [(FIRST, SECOND), (FIRST, SECOND, THIRD)])
def test_the_posts_of_a_forum_are_its_text(tmp_path: Path, name: str, posts: tuple[str, ...]) -> None:
    thread = "".join(
        f"<div class='post'><div>{name.format(f'user{number}')} <time datetime='2024-03-0{number}'>{number} March 2024</time></div><p>{text}</p></div>"
        for number, text in enumerate(posts, 5)
    )
    shown = said(whole(tmp_path, f"<h1>{TITLE}</h1><div class='thread'>{thread}</div>"))
    assert all(text in shown for text in posts)


@pytest.mark.parametrize(
    "field",
    ["<form><input type='email'><button>Go</button></form>", "<div><label>Mail <input type='email'></label></div>"],
)
def test_the_box_around_a_field_for_an_address_is_an_offer_in_every_language(tmp_path: Path, field: str) -> None:
    box = (
        f"<section><h3>La lettre du matin</h3><p>Chaque matin, recevez l’essentiel de l’actualité.</p>{field}</section>"
    )
    assert said(page(tmp_path, within=box)) == TEXT
    assert said(page(tmp_path, above=box)) == TEXT


def test_what_follows_the_element_of_the_article_is_none_of_it(tmp_path: Path) -> None:
    article = "".join(f"<p>{text}</p>" for text in (FIRST, SECOND, THIRD) * 3)
    rails = "<div><h2>Seguí leyendo</h2><h2>Más leídas de Política</h2><p>Ahora para comentar debés tener Acceso Digital.</p></div>"
    shown = said(whole(tmp_path, f"<main><h1>{TITLE}</h1><section>{article}</section>{rails}</main>"))
    assert "Seguí" not in shown
    assert "Acceso Digital" not in shown
    assert shown.count(THIRD) == 3


def test_a_second_part_in_an_element_of_its_own_is_the_articles(tmp_path: Path) -> None:
    parts = "".join(f"<div><p>{text}</p></div>" for text in (FIRST, SECOND, THIRD))
    assert said(whole(tmp_path, f"<main><h1>{TITLE}</h1>{parts}</main>")) == TEXT


def test_a_very_short_article_keeps_its_paragraphs(tmp_path: Path) -> None:
    one, two = "The terminal is to be closed in spring.", "A report is due in autumn, they said."
    shown = whole(tmp_path, f"<article><h1>{TITLE}</h1><div>7 May 2024</div><p>{one}</p><p>{two}</p></article>")
    assert [line for line in shown.text.splitlines() if line] == [TITLE, "7 May 2024", one, two]
    assert shown.metadata.date == "2024-05-07"


_PICTURED = "Residents at the harbour of Harrowby on Monday, before the debate began in the town hall"
_PERSON = "Mary Hale is a reporter of the Planet who has written about harbours and ferries for twenty years."


@pytest.mark.parametrize(
    "shown",
    [
        f"<div><img src='a.jpg' alt='{_PICTURED}'></div><p>{_PICTURED}.</p>",
        f"<div><img src='a.jpg' alt='{_PICTURED}'></div><p>{_PICTURED}. Tom Oak / The Planet</p>",
        f"<amp-img src='a.jpg' alt='{_PICTURED}'></amp-img><div><span>{_PICTURED}</span></div>",
        f"<div class='InlineImage-imageEmbedCaption'>{_PICTURED}.</div>",
        f"<div class='wp-caption'><img src='a.jpg'><p class='wp-caption-text'>{_PICTURED}.</p></div>",
        f"<p>{_PERSON}</p>",
        f"<p>{_PERSON} Write to her.</p>",
    ],
)
def test_what_the_page_says_of_pictures_and_persons_is_no_text(tmp_path: Path, shown: str) -> None:
    data = [
        {
            "@type": "NewsArticle",
            "headline": TITLE,
            "author": {"@type": "Person", "name": "Mary Hale", "description": _PERSON},
        },
        {"@type": "ImageObject", "caption": "Something else that is shown on this page today"},
    ]
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    for place in ({"above": shown}, {"within": shown}):
        assert said(page(tmp_path, head=head, **place)) == TEXT


def test_a_picture_that_says_what_the_article_says_takes_nothing_away(tmp_path: Path) -> None:
    summary = "The terminal has stood at the harbour for almost a century, and its end has been expected for years."
    head = f'<meta property="og:description" content="{summary}">'
    article = page(tmp_path, head=head, above=f"<p>{summary}</p><img src='a.jpg' alt='{summary}'>")
    assert said(article) == f"{summary}\n{TEXT}"
    pictures = "".join(f"<img src='a.jpg' alt='{text}'>" for text in (FIRST, SECOND, THIRD))
    assert said(page(tmp_path, within=pictures)) == TEXT  # all of it: then it is no caption
    assert said(page(tmp_path, within=f"<img src='a.jpg' alt='{SECOND[:20]}'>")) == TEXT


def test_a_page_about_a_person_says_what_its_linked_data_say(tmp_path: Path) -> None:
    head = f'<script type="application/ld+json">{json.dumps({"@type": "Person", "name": "Mary Hale", "description": _PERSON})}</script>'
    assert said(page(tmp_path, head=head, above=f"<p>{_PERSON}</p>")) == f"{_PERSON}\n{TEXT}"


def test_a_caption_that_holds_the_article_is_the_article(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><figure><img src='a.jpg'><figcaption>"
        f"{''.join(f'<p>{text}</p>' for text in (FIRST, SECOND, THIRD, *_OPINIONS))}</figcaption></figure></body></html>",
        encoding="utf-8",
    )
    (article,) = load(tmp_path / "a.html", "a.html", {})
    assert FIRST in article.text
    assert all(passage.text == article.text[passage.start : passage.end] for passage in passages(article))


def test_a_page_of_ten_thousand_nested_and_as_many_listed_elements_is_read_at_once(tmp_path: Path) -> None:
    deep, wide = "<div>" * 3000, "".join(f"<li><a href='/{number}'>Story {number}</a></li>" for number in range(7000))
    assert FIRST in page(tmp_path, above=f"<ul>{wide}</ul>", below=deep).text


def test_ten_thousand_offers_are_read_at_once(tmp_path: Path) -> None:
    offers = "<p><a href='/newsletter'>Sign up</a></p>" * 10_000
    assert said(page(tmp_path, within=f"<div>{offers}</div>{'<div>' * 2_000}<a href='/newsletter'>x</a>")) == TEXT


def test_names_are_cut_free_of_what_stands_around_them() -> None:
    assert people.named("unocero - Alberto Ávila", ["unocero"]) == ["Alberto Ávila"]
    assert people.named("NOTICIAS TROME", ["trome"]) == []
    assert people.named("Jill Serjeant | jill@example.org | 4 Min Read", []) == ["Jill Serjeant"]
    assert people.named("Photograph by Ed Marshall", []) == []


def test_the_bench_compares_authors_as_sets_and_knows_whom_nobody_can_name() -> None:
    def gold(author: str) -> bench.Gold:
        return bench.Gold("a.html", "https://example.org/a", TITLE, author, "2024-03-05", (), (), ())

    def right(known: str, stated: str | None) -> bool:
        return bench.Seen(gold(known), None, stated, None, (), (), ()).credited

    assert right("Lars Fischer und Alina Schadwinkel", "Alina Schadwinkel, Lars Fischer")
    assert right("TANJA KARRASCH", "Tanja Karrasch")
    assert not right("TANJA KARRASCH", None)
    assert right("ET Online", None)
    assert right("", None)
    assert not right("", "Mary Hale")
    assert not right("Mary Hale", "Mary Hale, Tom Oak")
    assert (bench.day("2022-11-1"), bench.is_first(gold(""))) == ("2022-11-01", bench.is_first(gold("Mary Hale")))


def test_teasers_are_of_one_make_whatever_their_ids(tmp_path: Path) -> None:
    teasers = "".join(
        f"<article class='mod toi{number} nid{number}AMDF'><section><h3><a href='/{number}'>Lead {number}. Harbour festival "
        f"returns to the town of Harrowby</a></h3></section></article>"
        for number in range(3)
    )
    assert said(page(tmp_path, within=f"<section>{teasers}</section>")) == TEXT


@pytest.mark.parametrize(
    "within",
    [
        "<p>Never miss the news of Harrowby: sign up <a href='https://example.org/newsletter'>here</a> today, it costs nothing.</p>",
        "<div><h3>Abonnieren Sie uns</h3><p>Jeden Morgen das Wichtigste aus der Region, kurz gesagt.</p>"
        "<p><a href='/newsletters/daily/'>Jetzt bestellen</a></p></div>",
        "<div><p>Lisez la suite avec un abonnement, sans engagement.</p><a class='b' href='/subscribe?from=a'>S'abonner</a></div>",
    ],
)
def test_offers_of_newsletters_and_subscriptions_are_no_text(tmp_path: Path, within: str) -> None:
    assert said(page(tmp_path, within=within)) == TEXT


def test_a_link_to_what_is_written_about_subscriptions_is_text(tmp_path: Path) -> None:
    text = "The ferry sells a <a href='/news/subscription-fees-rise'>subscription</a> for 40 pounds, which few of the residents buy."
    plain = "The ferry sells a subscription for 40 pounds, which few of the residents buy."
    assert said(page(tmp_path, within=f"<p>{text}</p>")).replace("\n", " ").endswith(plain)


def test_a_pair_of_teasers_is_no_text(tmp_path: Path) -> None:
    pair = "".join(
        f"<div class='card'><h4><a href='/{one}'>Harbour story {one} of this week in Harrowby</a></h4>"
        f"<p>What the residents say about it, and why it matters.</p></div>"
        for one in "ab"
    )
    assert said(page(tmp_path, within=f"<div>{pair}</div>")) == TEXT
