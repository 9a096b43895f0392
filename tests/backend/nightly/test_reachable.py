"""Whoever is matched can be told: what reading accepts as an address, publishing can send to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backend.nightly.act import book
from backend.nightly.document import document_of
from backend.nightly.plain_record import PlainRecord
from ingest.forms.contact import EmailError, email_address
from publish.text import mail_address
from tests.backend.nightly.nights import AS_OF, make_night, make_sheets

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


def test_a_person_without_an_address_shows_up_in_the_outbox_and_not_as_nothing(tmp_path: Path) -> None:
    night = make_night()
    silent = replace(night.assembly.students[0], email="")
    night = replace(night, assembly=replace(night.assembly, students=(silent,)))
    record = PlainRecord(tmp_path, lambda: AS_OF)
    book(night, record, approved=False)
    assert len(record.entries) == 2


@pytest.mark.parametrize("address", ["stü@exämple.de", "b@exämple.de"])
def test_somebody_who_cannot_be_told_is_reported_and_not_matched(address: str) -> None:
    document = document_of(make_night(sheets=make_sheets([{"Email Address": address}])))
    assert document["sessions"] == []
    assert document["counts"]["student_rows"]["parts"]["rejected"] == 1
    assert [one["column"] for one in document["issues"] if one["severity"] == "error"] == ["Email Address"]
