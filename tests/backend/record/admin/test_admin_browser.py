"""The admin in headless Chromium: nothing on the console, no scrolling sideways on a phone, everything has a name."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import connections
from waitress import create_server

from backend.record.models import ApiKey, FormResponse, Membership, Person, ReviewRequest, Run, ScheduledSession
from tests.backend.record.admin.conftest import place
from tests.backend.record.admin.seeded import MATCHING, PASSWORD, PRESENT, Clock
from tests.standins.databases import point_at, sqlite_copy

playwright = pytest.importorskip("playwright.sync_api", reason="install the dev dependencies (playwright)")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOW = "no Chromium on this machine; on Debian and Ubuntu: apt-get install chromium"
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=HOW)
LISTS = (
    "person", "membership", "formresponse", "formpost", "reviewrequest", "scheduledsession", "run", "pin",
    "forbiddenpair", "outboxitem", "auditentry", "apikey",
)  # fmt: skip
LOOKS = ((1280, "light"), (390, "light"), (390, "dark"))
"""Widths in pixels and colour schemes."""
DRESS = "scheme => document.documentElement.classList.toggle('dark', scheme === 'dark')"
"""What the theme does at loading."""
NAMELESS = """() => [...document.querySelectorAll('#main a, #main button, #main input, #main select, #main textarea')]
  .filter(one => one.type !== 'hidden' && one.offsetParent && !(one.labels && one.labels.length)
    && !one.getAttribute('aria-label') && !one.title && !one.innerText.trim() && !one.placeholder)
  .map(one => one.outerHTML.slice(0, 120))"""
CONTRAST = """() => {
  const light = c => { const v = c.map(x => x / 255).map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const read = text => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = text; pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data]; };
  const ground = one => { for (; one; one = one.parentElement) {
    const c = read(getComputedStyle(one).backgroundColor); if (c[3] > 250) return c.slice(0, 3); }
    return [255, 255, 255]; };
  return [...document.querySelectorAll('.r-page *')]
    .filter(one => one.offsetParent && [...one.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(one => { const a = light(read(getComputedStyle(one).color).slice(0, 3)), b = light(ground(one));
      return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), one.outerHTML.slice(0, 100)]; })
    .filter(one => one[0] < 4.5); }"""


@pytest.fixture(scope="module")
def site(seeded_file: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server on a seeded record."""
    point_at(sqlite_copy(seeded_file, tmp_path_factory.mktemp("browsed")))
    settings.MATCHING = MATCHING
    cache.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", Clock(PRESENT))
        server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=4)
        thread = threading.Thread(target=server.run)
        thread.start()
        yield f"http://127.0.0.1:{server.effective_port}"
        server.close()
        thread.join(10)
    connections.close_all()


@pytest.fixture(scope="module")
def pages(site: str) -> list[str]:
    """Addresses of every kind of page."""
    del site  # its database is the one that is asked
    coming = ScheduledSession.objects.filter(state="scheduled", starts_at__gt=PRESENT).earliest("pk")
    waits = ReviewRequest.objects.filter(state="pending").earliest("pk").student
    answer = FormResponse.objects.filter(state="current", person=waits).earliest("pk")
    rows = [
        waits, coming.professional, coming, answer, FormResponse.objects.get(state="held"),
        Run.objects.get(state="planned"),
        Run.objects.filter(state="booked").earliest("pk"), ReviewRequest.objects.earliest("pk"),
        Membership.objects.earliest("pk"), ApiKey.objects.earliest("pk"),
    ]  # fmt: skip
    found = ["/admin/", "/admin/advice/", f"{place(waits)}why/", "/admin/record/apikey/do/new/"]
    found += [f"/admin/record/{name}/" for name in LISTS]
    found += [f"{place(row)}change/" for row in rows]
    found += [f"{place(coming)}do/{act}/" for act in ("cancel", "reschedule")]
    found += [f"{place(waits)}do/{act}/" for act in ("pin", "forbid", "book", "merge", "erase", "pause")]
    found += [f"{place(answer)}do/read-again/", f"{place(Run.objects.get(state='planned'))}do/approve/"]
    Person.objects.filter(pk=waits.pk).update(name="W" * 100)
    connections.close_all()
    return found


@pytest.fixture(scope="module")
def browser(pages: list[str]) -> Iterator[Any]:
    """Started last: while it runs, this thread has an event loop, beside which Django asks no database."""
    del pages
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def test_every_page_fits_says_nothing_on_the_console_and_can_be_read(browser: Any, site: str, pages: list[str]) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on("response", lambda answer: said.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    sign_in(page, site, "owner")
    for path in pages:
        page.goto(site + path)
        if path == "/admin/":
            page.get_by_text("Any one of these adds sessions").wait_for()
        assert page.evaluate("document.title").strip(), path
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate(DRESS, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            assert page.evaluate(NAMELESS) == [], (path, width)
            assert width > 390 or page.evaluate(CONTRAST) == [], (path, scheme)
    assert said == []
    context.close()


def sign_in(page: Any, site: str, name: str, path: str = "/admin/") -> None:
    page.goto(site + path)
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("[name=password]", state="detached")
    page.wait_for_load_state()


def test_dark_where_the_device_is_dark(browser: Any, site: str, pages: list[str]) -> None:
    assert pages
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    sign_in(page, site, "viewer", "/admin/record/pin/")
    page.wait_for_selector("html.dark")
    context.close()


def test_nothing_comes_from_elsewhere(browser: Any, site: str, pages: list[str]) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, site, "viewer")
    page.wait_for_load_state("networkidle")
    assert pages
    assert [url for url in asked if not url.startswith((site, "data:"))] == []
    context.close()


def test_the_whole_of_a_cancellation_by_keyboard(browser: Any, site: str, pages: list[str]) -> None:
    session = next(path for path in pages if path.endswith("/do/cancel/")).replace("do/cancel", "change")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(site + session)
    page.fill("[name=username]", "coordinator")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Cancel session").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Who cannot").select_option("student")
    page.get_by_role("button", name="Cancel session").focus()
    page.keyboard.press("Enter")
    page.get_by_text("The session is cancelled, and both will be told.").wait_for()
    assert page.url == site + session
    assert page.get_by_text("cancelled", exact=True).first.is_visible()
    context.close()
