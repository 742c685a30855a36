"""The Chromium of the system, driven by playwright.

Where there is none, the tests that need it are left out, and the run says so in one line.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from index.records import Article
from qa.memo.records import Memo
from qa.render.html import page as html_page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()

Opened = Callable[..., Page]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if CHROMIUM is not None:
        return
    without = [item for item in items if item.get_closest_marker("browser")]
    if without:
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in without]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if CHROMIUM is None:
        terminalreporter.write_line(
            "no Chromium was found: the tests marked `browser` were left out (Debian: apt-get install chromium)"
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its module: playwright keeps an event loop running in this thread, in which `qa chat` could not start its own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, timeout=180_000)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Opens a memo as a reader would, from a file.

    Every request but that for the file is refused and kept in `requests`; errors of the page fail the test.
    """
    pages: list[Page] = []
    complaints: list[str] = []
    requests: list[str] = []

    def open_(
        memo: Memo,
        articles: dict[str, Article],
        *,
        width: int = 1280,
        dark: bool = False,
        script: bool = True,
        at: str = "",
        motion: bool = False,
    ) -> Page:
        file = tmp_path / "memo.html"
        file.write_bytes(html_page(memo, articles).encode())
        context = browser.new_context(
            viewport={"width": width, "height": 860},
            color_scheme="dark" if dark else "light",
            reduced_motion="no-preference" if motion else "reduce",
            java_script_enabled=script,
        )
        context.set_default_timeout(90_000)
        page = context.new_page()

        def refuse(route: Route) -> None:
            if route.request.url.partition("#")[0] == file.as_uri():
                route.continue_()
            else:
                requests.append(route.request.url)
                route.abort()

        page.route("**/*", refuse)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(file.as_uri() + at)
        pages.append(page)
        return page

    yield open_
    for page in pages:
        page.context.close()
    assert complaints == []
    assert requests == []
