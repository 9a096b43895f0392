"""The pages behind links in headless Chromium: on a phone and a desk, light and dark, and by keyboard alone."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import connections
from waitress import create_server

from backend.record.api.configuration import API_RATES
from publish.booking import Recipient
from publish.links import LinkAct
from tests.backend.record.links.conftest import MATCHING, Doors
from tests.standins.axe import complaints, needs_axe
from tests.standins.databases import point_at, sqlite_copy

playwright = pytest.importorskip("playwright.sync_api", reason="install the dev dependencies (playwright)")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOW = "no Chromium on this machine; on Debian and Ubuntu: apt-get install chromium"
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=HOW)
PICTURES = os.environ.get("PICTURES_IN", "")
LOOKS = [(375, "light"), (375, "dark"), (1200, "light"), (1200, "dark")]


@dataclass(frozen=True)
class Site:
    """Where it answers, and the address of each link."""

    base: str
    pages: dict[tuple[LinkAct, Recipient], str]


@pytest.fixture(scope="module")
def site(booked_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running server on a night that was booked. The database is asked before a browser runs: not from its loop."""
    point_at(sqlite_copy(booked_file, tmp_path_factory.mktemp("browsed")))
    settings.MATCHING, settings.API_RATES = MATCHING, {**API_RATES, "link": "100000/minute"}
    cache.clear()
    doors = Doors()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", doors.clock)
        server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=4)
        thread = threading.Thread(target=server.run)
        thread.start()
        base = f"http://127.0.0.1:{server.effective_port}"
        acts = [act for act in LinkAct if act not in (LinkAct.SKIP, LinkAct.AFTER)]
        yield Site(base, {(act, whose): base + doors.path(act, whose) for act in acts for whose in Recipient})
        server.close()
        thread.join(10)
    connections.close_all()


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Any]:
    del site
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def opened(browser: Any, width: int, scheme: str) -> Any:
    """A page that runs no script of the site and keeps what the console says in `said`."""
    context = browser.new_context(viewport={"width": width, "height": 812}, color_scheme=scheme)
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    return page


def pictured(page: Any, name: str, width: int, scheme: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}-{width}-{scheme}.png", full_page=True)


@needs_axe
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_fits_and_is_for_everybody(browser: Any, site: Site, width: int, scheme: str) -> None:
    page = opened(browser, width, scheme)
    for (act, whose), address in site.pages.items():
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints(page) == []
        pictured(page, f"{act}-{whose}", width, scheme)
    page.goto(site.pages[LinkAct.TIMES, Recipient.PROFESSIONAL])
    page.fill("textarea", "Thursdays 3-5pm, somtimes mornings")
    page.get_by_role("button", name="Show how this is read").click()
    page.get_by_text("This is how we read it").wait_for()
    assert complaints(page) == []
    pictured(page, "times-read", width, scheme)
    page.goto(site.pages[LinkAct.PAUSE, Recipient.STUDENT])
    page.fill("input[type=date]", "2020-01-01")
    page.get_by_role("button", name="Pause matching").click()
    page.get_by_role("alert").get_by_text("Give a day after today").wait_for()
    assert complaints(page) == []
    pictured(page, "pause-wrong", width, scheme)
    page.goto(f"{site.base}/l/forged/")
    assert complaints(page) == []
    pictured(page, "forged", width, scheme)
    assert [one for one in page.said if "status of 40" not in one] == []  # the browser notes 400 and 404 by itself
    page.context.close()


def test_by_keyboard_alone_and_without_scripts_or_cookies(browser: Any, site: Site) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 812}, java_script_enabled=False)
    page = context.new_page()
    address = site.pages[LinkAct.MOVE, Recipient.STUDENT]
    page.goto(address)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("The session has a new time").wait_for()
    assert context.cookies() == []
    pictured(page, "moved", 375, "light")
    page.goto(address)
    assert "Already done" in page.inner_text("main")
    pictured(page, "moved-again", 375, "light")
    context.close()
