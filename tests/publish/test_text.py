"""Typed text made safe to print."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.text import mail_address, one_line, web_link


@given(st.text(st.characters(), max_size=300), st.integers(1, 60))
def test_one_line_is_one_short_visible_line(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line == line.strip()
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in line)
    assert line.encode("utf-8").decode("utf-8") == line
    assert one_line(line, limit) == line


def test_direction_overrides_are_dropped_and_joined_emoji_kept() -> None:
    assert one_line("Ana\u202egnp.exe \U0001f469\u200d\U0001f4bb") == "Anagnp.exe \U0001f469\u200d\U0001f4bb"


@pytest.mark.parametrize("address", ["ana@example.org", " a.b+c@sub.example.co ", "o'neil@example.org"])
def test_a_plain_address_is_taken(address: str) -> None:
    assert mail_address(address) == address.strip()


NO_ADDRESSES = """
ana
ana@
@example.org
ana@example
a@b@example.org
ana at example.org
ana@exa mple.org
ana@example..org
<ana@example.org>
a@example.org,b@example.org
ana@-example.org
""".splitlines()
NO_LINKS = """
example.org/cv
javascript:alert(1)
file:///etc/passwd
data:text/html,x
https://
https:///cv
https://user:pw@example.org/
https://example.org/a b
https://example.org/"x
https://example.org/<x>
https://[::1
https://example.org:port/
mailto:a@b.example
""".splitlines()


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_mail_cannot_reach_is_no_address(text: str) -> None:
    assert mail_address(text) is None


def test_an_address_cannot_smuggle_a_header_or_be_endless() -> None:
    assert mail_address("ana@example.org\nBCC:x@example.org") is None
    assert mail_address("a" * 65 + "@example.org") is None
    assert mail_address("ana@" + "a." * 130 + "org") is None


@pytest.mark.parametrize(
    "link", ["https://files.example/cv?a=1&b=2#p", "HTTP://Example.org", "https://example.org:8443/ü"]
)
def test_a_web_link_is_taken(link: str) -> None:
    assert web_link(link) == link


@pytest.mark.parametrize("text", NO_LINKS)
def test_anything_else_is_no_web_link(text: str) -> None:
    assert web_link(text) is None


def test_a_link_cannot_break_its_line_or_be_endless() -> None:
    assert web_link("https://example.org\nhttps://evil.example") is None
    assert web_link("https://example.org/" + "a" * 2000) is None
