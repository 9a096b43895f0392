from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.forms.contact import EmailError, discord_id, email_address, link_fault, typo_hint
from ingest.sheet import Cell


def test_an_address_is_folded_but_never_changed() -> None:
    assert email_address(" Ann.O'Hara+cv@Example.ORG ") == "ann.o'hara+cv@example.org"


@pytest.mark.parametrize(
    "text", ["", "ann", "ann@", "@x.org", "ann@localhost", "a b@x.org", "a@x..org", "a@b@c.org", "a,b@x.org"]
)
def test_what_is_no_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(EmailError) as error:
        email_address(text)
    assert not text or text not in str(error.value)


@pytest.mark.parametrize("domain", ["gmail.con", "gmial.com", "gmai.com", "hotmial.com", "yaho.com", "example.cmo"])
def test_likely_typos_are_flagged(domain: str) -> None:
    assert "mistyped" in typo_hint(f"ann@{domain}")


@pytest.mark.parametrize("domain", ["gmail.com", "example.org", "mail.com", "gmx.com", "uni.edu", "company.co"])
def test_ordinary_domains_are_not_flagged(domain: str) -> None:
    assert not typo_hint(f"ann@{domain}")


def test_only_numeric_discord_ids_are_keys() -> None:
    assert discord_id(Cell("123456789012345678")) == ("123456789012345678", "")
    assert discord_id(Cell("<@123456789012345678>")) == ("123456789012345678", "")
    assert discord_id(Cell("ann#1234")) == ("", "")


@pytest.mark.parametrize("cell", [Cell("1.23457E+17"), Cell("123456789012345680", number=1.2345678901234568e17)])
def test_a_discord_id_that_the_spreadsheet_rounded_is_no_key(cell: Cell) -> None:
    number, doubt = discord_id(cell)
    assert not number
    assert "rounded" in doubt


@pytest.mark.parametrize(
    "text", ["ftp://example.org/a", "javascript:alert(1)", "example.org/cv", "https://", "http://[", "https://x y.org"]
)
def test_links_that_must_not_be_passed_on(text: str) -> None:
    assert link_fault(text)


def test_web_links_pass() -> None:
    assert not link_fault("https://example.org/cv.pdf?x=1")


@given(st.text(max_size=60))
def test_no_text_breaks_the_checks(text: str) -> None:
    assert isinstance(link_fault(text), str)
    assert isinstance(discord_id(Cell(text)), tuple)
    with suppress(EmailError):
        assert "@" in email_address(text)
