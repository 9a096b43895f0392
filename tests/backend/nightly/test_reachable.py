"""Whoever is matched can be told: what reading accepts as an address, publishing can send to."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backend.nightly.document import document_of
from ingest.forms.contact import EmailError, email_address
from publish.text import mail_address
from tests.backend.nightly.nights import make_night, make_sheets

PIECES = st.text(st.sampled_from("abZ09.-_+'ü@ xn"), max_size=12)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.emails(), st.builds("{}@{}.{}".format, PIECES, PIECES, PIECES)))
@example("stü@exämple.de")
@example("b@exämple.de")
@example("a@xn--exmple-cua.xn--p1ai")
def test_an_address_that_reading_accepts_can_be_sent_to(text: str) -> None:
    try:
        address = email_address(text)
    except EmailError:
        return
    assert mail_address(address) == address


@pytest.mark.parametrize("address", ["stü@exämple.de", "b@exämple.de"])
def test_somebody_who_cannot_be_told_is_reported_and_not_matched(address: str) -> None:
    document = document_of(make_night(sheets=make_sheets([{"Email Address": address}])))
    assert document["sessions"] == []
    assert document["counts"]["student_rows"]["parts"]["rejected"] == 1
    assert [one["column"] for one in document["issues"] if one["severity"] == "error"] == ["Email Address"]
