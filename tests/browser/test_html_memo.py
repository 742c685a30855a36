"""The HTML memo in a real browser: what a reader clicks, types, prints and sees."""

from __future__ import annotations

import io
import json
import time
import unicodedata
from dataclasses import replace

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

from index.called import called
from index.records import Article, Metadata
from qa.memo.records import Memo
from tests.browser.conftest import Opened
from tests.memo_sample import article, over_the_seeds, small

pytestmark = pytest.mark.browser

LIT = "[...document.querySelectorAll('mark.lit')].filter(each => !each.parentElement.closest('mark.lit')).map(each => each.textContent).join('')"
FOCUS = "document.activeElement.id"
SHOWN = """() => {
  const lines = [...document.querySelector('mark.lit').getClientRects()];
  return lines.every(line => {
    const under = document.elementFromPoint((line.left + line.right) / 2, (line.top + line.bottom) / 2);
    return under !== null && under.closest('mark.lit') !== null;
  });
}"""
SCROLL = "scrollY"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_click_on_each_footnote_shows_its_quotes_highlighted_in_their_articles(opened: Opened, width: int) -> None:
    memo, articles = over_the_seeds()
    page = opened(memo, articles, width=width)
    for note in memo.notes:
        page.click(f"#mark-{note.number}")
        for place, cite in enumerate(note.cites):
            if place:
                page.click("#next")
            _until(page, f"({LIT}) === {_js(cite.quote)}")
            assert page.evaluate(LIT) == cite.quote
            assert page.evaluate(SHOWN)
            assert page.locator("section.source:visible").count() == 1
            known = articles[cite.source].metadata
            header = page.locator("section.source:visible header")
            assert header.locator("h3").inner_text() == called(articles[cite.source])
            assert cite.source in header.inner_text()
            assert ("undated" in header.inner_text()) == (known.date is None)
            assert page.locator("#where").inner_text() == _place(note.number, place, len(note.cites))
            assert page.evaluate(
                "[...document.querySelectorAll('.claim.lit a.mark')].map(each => each.textContent)"
            ) == [str(note.number)]
        page.keyboard.press("Escape")
        assert page.evaluate(FOCUS) == f"mark-{note.number}"
        assert page.evaluate(LIT) == ""


@pytest.mark.parametrize("width", [1280, 390])
def test_from_the_keyboard_alone_one_gets_to_a_quote_and_back_to_the_same_place(opened: Opened, width: int) -> None:
    memo, articles = over_the_seeds()
    page = opened(memo, articles, width=width)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the memo"
    page.keyboard.press("Enter")
    _tab_to(page, "mark-9")
    place = page.evaluate(SCROLL)
    page.keyboard.press("Enter")
    _until(page, f"({LIT}) !== ''")
    assert page.evaluate(LIT) == memo.notes[8].cites[0].quote
    assert page.evaluate("document.activeElement.textContent") == memo.notes[8].cites[0].quote
    _tab_to(page, "mark-9", attribute="data-back", value="9")  # the way back that stands after the quote
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUS) == "mark-9"
    page.keyboard.press("Enter")
    _until(page, f"({LIT}) !== ''")
    page.keyboard.press("Escape")
    assert (page.evaluate(FOCUS), page.evaluate(SCROLL)) == ("mark-9", place)


def test_on_a_narrow_screen_the_memo_behind_an_open_source_cannot_be_reached(opened: Opened) -> None:
    page = opened(*over_the_seeds(), width=390)
    assert not page.locator("#sources").is_visible()
    page.click("#mark-3")
    page.wait_for_selector("#sources", state="visible")
    assert not page.locator("main").is_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') === null")
    page.click("#leave")
    assert page.locator("main").is_visible()
    assert not page.locator("#sources").is_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_back_leads_out_of_the_sources_however_many_quotes_were_looked_at(opened: Opened, width: int) -> None:
    memo, articles = over_the_seeds()
    page = opened(memo, articles, width=width)
    page.locator("#mark-8").scroll_into_view_if_needed()
    place = page.evaluate(SCROLL)
    page.click("#mark-8")
    _until(page, f"({LIT}) === {_js(memo.notes[7].cites[0].quote)}")
    page.click("#next")
    _until(page, f"({LIT}) === {_js(memo.notes[7].cites[1].quote)}")
    page.click("#previous")
    _until(page, f"({LIT}) === {_js(memo.notes[7].cites[0].quote)}")
    page.go_back()
    _until(page, f"({LIT}) === ''")
    assert page.evaluate(FOCUS) == "mark-8"
    assert page.evaluate(SCROLL) == place
    page.go_forward()
    _until(page, f"({LIT}) === {_js(memo.notes[7].cites[0].quote)}")


def test_each_quote_in_a_source_leads_back_to_every_sentence_that_cites_it(opened: Opened) -> None:
    memo, articles = over_the_seeds()
    page = opened(memo, articles)
    page.click("#mark-1")
    _until(page, f"({LIT}) !== ''")
    page.click("#next")
    page.click("#next")
    _until(page, f"({LIT}) === {_js(memo.notes[0].cites[2].quote)}")
    assert page.evaluate(
        "[...document.querySelectorAll('mark.lit ~ .back')].slice(0, 2).map(each => each.dataset.back)"
    ) == ["1", "11"]
    page.click("mark.lit ~ .back[data-back='11']")
    assert page.evaluate(FOCUS) == "mark-11"
    assert page.evaluate("document.activeElement.getBoundingClientRect().bottom <= innerHeight")


def test_an_address_with_a_quote_in_it_opens_at_the_quote_and_escape_leads_to_its_sentence(opened: Opened) -> None:
    memo, articles = over_the_seeds()
    page = opened(memo, articles, at="#quote-4")
    _until(page, f"({LIT}) === {_js(memo.notes[1].cites[0].quote)}")
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUS) == "mark-2"


def test_notes_bibliography_and_the_list_of_sources_lead_into_the_sources_too(opened: Opened) -> None:
    memo, articles = over_the_seeds()
    page = opened(memo, articles)
    page.click("#note-5 p:nth-of-type(2) .show")
    _until(page, f"({LIT}) === {_js(memo.notes[4].cites[1].quote)}")
    assert page.locator("#where").inner_text() == "Note 5, quote 2 of 2"
    page.keyboard.press("Escape")
    page.click("#reference-3 .show")
    page.wait_for_selector("#source-3", state="visible")
    assert (page.evaluate(FOCUS), page.locator("#where").inner_text(), page.locator("#next").is_visible()) == (
        "source-3",
        "The whole article",
        False,
    )
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.hash") == "#source-3"
    page.click("#shelf li:nth-child(5) a")
    page.wait_for_selector("#source-5", state="visible")
    page.click("nav a[href='#section-2']")
    page.wait_for_selector("#shelf", state="visible")
    assert page.evaluate("document.getElementById('section-2').getBoundingClientRect().top < 100")


def test_what_the_browser_s_own_search_finds_in_a_source_is_shown(opened: Opened) -> None:
    page = opened(*over_the_seeds())
    page.evaluate("document.getElementById('source-2').dispatchEvent(new Event('beforematch'))")
    assert page.evaluate("[...document.querySelectorAll('.source')].map(each => each.getAttribute('hidden'))") == [
        "until-found",
        None,
        "until-found",
        "until-found",
        "until-found",
    ]


def test_quotes_that_contain_and_overlap_each_other_are_each_highlighted_whole(opened: Opened) -> None:
    articles = {"a.txt": article("a.txt", "One two three four five.\r\nSix\u202e seven eight.")}
    quotes = ["two three four", "three", "three four five.\r\nSix", "One two three four five."]
    page = opened(small(articles, *([("a", quote)] for quote in quotes)), articles)
    for number, quote in enumerate(quotes, start=1):
        page.click(f"#mark-{number}")
        _until(page, f"({LIT}) === {_js(quote)}")
    assert (
        page.evaluate("document.querySelector('[data-article]').textContent")
        == "One two three four five.\r\nSix‹U+202E› seven eight."
    )


def test_scripts_and_markup_in_titles_questions_and_articles_stay_text(opened: Opened) -> None:
    hostile = "<script>window.owned = 1</script><img src='https://example.org/x.png' onerror='window.owned = 2'><svg onload=alert(3)> </title></style></main>"
    known = Metadata(title=hostile, author=hostile, publisher=hostile, url="javascript:window.owned=4")
    articles = {"a.txt": article("a.txt", f"It was said. {hostile}", metadata=known)}
    page = opened(small(articles, [("a", hostile)], title=hostile, question=hostile, text=hostile), articles)
    page.click("#mark-1")
    _until(page, f"({LIT}) !== ''")
    assert page.evaluate(LIT) == hostile
    assert page.title() == hostile
    assert page.evaluate(
        "[window.owned === undefined, document.scripts.length, document.images.length, "
        "document.querySelectorAll('svg').length]"
    ) == [
        True,
        1,
        0,
        0,
    ]
    assert page.locator("h1").inner_text() == hostile
    assert page.evaluate("[...document.links].filter(each => each.protocol === 'javascript:').length") == 0


def test_the_policy_refuses_scripts_pictures_and_requests_even_if_one_got_in(opened: Opened) -> None:
    page = opened(*over_the_seeds())
    page.evaluate("""() => {
      window.refused = [];
      document.addEventListener('securitypolicyviolation', event => window.refused.push(event.effectiveDirective));
      const script = document.createElement('script'); script.textContent = 'window.owned = 1'; document.body.append(script);
      document.body.append(Object.assign(new Image(), { src: 'https://example.org/x.png' }));
      document.body.setAttribute('onclick', 'window.owned = 2');
      document.body.click();  // some versions refuse a handler when it is set, others when it is to run
    }""")
    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate("fetch('https://example.org/')")
    _until(page, "new Set(window.refused).size === 4")
    assert sorted(set(page.evaluate("window.refused"))) == [
        "connect-src",
        "img-src",
        "script-src-attr",
        "script-src-elem",
    ]
    assert page.evaluate("window.owned === undefined")


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("script", [True, False])
def test_nothing_is_wider_than_the_screen(opened: Opened, width: int, script: bool) -> None:
    memo, articles = _with_long_words(*over_the_seeds())
    page = opened(memo, articles, width=width, script=script)
    too_wide = """() => [...document.querySelectorAll('body *')].filter(each => each.getClientRects().length && !each.closest('.skip, dt, .address')
      && each.getBoundingClientRect().right > innerWidth + 1).map(each => each.tagName + '.' + each.className)"""
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(too_wide) == []
    if script:
        page.click("#mark-1")
        _until(page, f"({LIT}) !== ''")
        assert page.evaluate(
            "document.getElementById('sources').scrollWidth <= document.getElementById('sources').clientWidth"
        )
        assert page.evaluate(too_wide) == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_accessibility_checker_finds_nothing(opened: Opened, width: int, dark: bool) -> None:
    page = opened(*over_the_seeds(), width=width, dark=dark)
    assert _violations(page) == []
    page.click("#mark-5")
    _until(page, f"({LIT}) !== ''")
    assert _violations(page) == []
    page.goto(page.url.partition("#")[0] + "#source-2")
    page.wait_for_selector("#source-2", state="visible")
    assert _violations(page) == []


def test_a_screen_reader_is_told_what_each_part_is(opened: Opened) -> None:
    page = opened(*over_the_seeds())
    for role, name, count in (
        ("main", None, 1),
        ("navigation", "Contents", 1),
        ("complementary", "The sources", 1),
        ("note", "The sources differ", 1),
        ("heading", "Not in the sources", 1),
        ("link", "Note 5", 1),
    ):
        found = page.get_by_role(role, name=name, exact=True) if name else page.get_by_role(role)  # type: ignore[arg-type]  # each is a role
        assert (role, found.count()) == (role, count)
    assert page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3')].filter(each => each.closest('main')).map(each "
        "=> each.tagName).join(' ')"
    ) == ("H1 H2 H3 H3 H2 H3 H3 H2 H3 H2 H2 H2")
    assert page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize("width", [1280, 390])
def test_without_scripts_numbers_lead_to_notes_and_notes_to_the_quotes(opened: Opened, width: int) -> None:
    memo, articles = over_the_seeds()
    page = opened(memo, articles, width=width, script=False)
    page.click("#mark-5")
    assert page.url.endswith("#note-5")
    page.click("#note-5 p:nth-of-type(2) .show")
    mark = page.locator("mark:target")
    assert mark.text_content() == memo.notes[4].cites[1].quote
    assert mark.evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(255, 215, 94)"
    assert mark.evaluate(
        "each => { const box = each.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }"
    )
    page.click("mark:target + .back")
    assert page.url.endswith("#mark-5")


def test_on_paper_there_is_the_memo_with_its_notes_and_bibliography_in_black_and_white(opened: Opened) -> None:
    memo, articles = over_the_seeds()
    page = opened(memo, articles, dark=True)
    page.click("#mark-5")  # also while a source is open
    _until(page, f"({LIT}) !== ''")
    reader = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    # ligatures taken apart
    text = " ".join(unicodedata.normalize("NFKC", " ".join(each.extract_text() for each in reader.pages)).split())
    assert len(reader.pages) <= 4
    for words in (
        memo.title,
        "The sources differ:",
        "Not in the sources",
        "Notes",
        "Bibliography",
        "However, formal deals on high-end systems",
    ):
        assert words in text
    for words in (
        "Back to the memo",
        "Rather than rushing into headline-grabbing procurements",
        "in its source",
        "Skip to",
    ):
        assert words not in text
    page.emulate_media(media="print")
    assert page.evaluate(
        "[getComputedStyle(document.documentElement).backgroundColor, "
        "getComputedStyle(document.querySelector('h1')).color]"
    ) == [
        "rgb(255, 255, 255)",
        "rgb(0, 0, 0)",
    ]


def test_scrolling_is_smooth_only_for_those_who_have_nothing_against_it(opened: Opened) -> None:
    memo, articles = over_the_seeds()
    page = opened(memo, articles, motion=True)
    page.evaluate("""() => { window.ways = []; const real = Element.prototype.scrollIntoView;
      Element.prototype.scrollIntoView = function (options) { window.ways.push(options.behavior); real.call(this, options); }; }""")
    page.click("#mark-7")
    _until(page, SHOWN)
    page.emulate_media(reduced_motion="reduce")
    page.click("#mark-8")
    _until(page, f"({LIT}) === {_js(memo.notes[7].cites[0].quote)}")
    assert page.evaluate("window.ways") == ["smooth", "auto"]


def _violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]


def _with_long_words(memo: Memo, articles: dict[str, Article]) -> tuple[Memo, dict[str, Article]]:
    """The same with a title that has no place to break."""
    return replace(
        memo, title=memo.title + " " + "Donaudampfschifffahrtsgesellschaft" * 4, recipient="x" * 200
    ), articles


def _until(page: Page, condition: str) -> None:
    """Wait for a condition, asked from here.

    The page's policy lets no text be run as code, so that the page cannot wait by itself.
    """
    patience = time.monotonic() + 60
    while not page.evaluate(condition):
        assert time.monotonic() < patience, condition
        page.wait_for_timeout(20)


def _tab_to(page: Page, name: str, *, attribute: str = "id", value: str | None = None) -> None:
    wanted = value or name
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.getAttribute('{attribute}')") == wanted:
            return
    raise AssertionError(f"{wanted} cannot be reached with the Tab key")


def _js(text: str) -> str:
    return json.dumps(text)


def _place(note: int, place: int, count: int) -> str:
    return f"Note {note}" if count == 1 else f"Note {note}, quote {place + 1} of {count}"
