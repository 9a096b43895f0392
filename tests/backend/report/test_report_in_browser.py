"""The report in headless Chromium: it opens without a network, says nothing on the console and fits a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.report import render
from tests.backend.report.document import make_advice, make_document
from tests.standins.axe import complaints, needs_axe

playwright = pytest.importorskip("playwright.sync_api", reason="install the dev dependencies (playwright)")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOW = "no Chromium on this machine; on Debian and Ubuntu: apt-get install chromium"
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=HOW)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    document = make_document()
    document["sessions"][0] |= {"student_name": "W" * 200, "professional_name": "名" * 90}
    document["unmatched"][0]["name"] = "🧑‍💻" * 60
    document["to_confirm"][0]["text"] = "x" * 3_000
    document["changes"] = [
        {"kind": kind, "student": "s", "student_name": "Ana", "professional": "p", "professional_name": "W" * 90,
         "start": document["sessions"][0]["start"], "was": was}
        for kind, was in (("cancelled", ""), ("moved", document["sessions"][1]["start"]))
    ]  # fmt: skip
    document["certificate"]["tiers"][0] |= {"value": 10**40, "bound": 10**40}
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(document, make_advice(document)), encoding="utf-8")
    return path


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1200, "light"), (1200, "dark")])
def test_opens_offline_without_a_complaint_and_without_scrolling_sideways(
    browser: Any, report: Path, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, offline=True)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [report.as_uri()]
    assert said == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(252, 252, 250)") == (scheme == "light")
    context.close()


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_axe_finds_nothing_serious(browser: Any, report: Path, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, offline=True)
    page = context.new_page()
    page.goto(report.as_uri())
    assert complaints(page) == []
    page.evaluate("document.querySelector('h1').outerHTML += '<img src=data:, width=9 height=9>'")
    assert [one.split()[0] for one in complaints(page)] == ["image-alt"]
    context.close()


def test_charts_take_their_colours_from_the_theme(browser: Any, report: Path) -> None:
    fills = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, offline=True)
        page = context.new_page()
        page.goto(report.as_uri())
        fills.append(page.evaluate("getComputedStyle(document.querySelector('.chart text')).fill"))
        context.close()
    assert fills == ["rgb(92, 101, 112)", "rgb(154, 164, 173)"]


def test_prints_in_light_colours_even_from_a_dark_screen(browser: Any, report: Path) -> None:
    context = browser.new_context(color_scheme="dark", offline=True)
    page = context.new_page()
    page.goto(report.as_uri())
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 31, 35)"
    assert page.pdf(format="A4")[:5] == b"%PDF-"
    context.close()
