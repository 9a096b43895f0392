"""The record as a history without names."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from backend.analysis.facts_file import facts_to_text
from backend.analysis.history import record_history
from backend.analysis.measures import measure
from backend.nightly.frame import rules_from
from backend.record.models import LedgerEntry, Membership, ProfessionalAvailability, Rating, Run
from backend.record.services.facts import facts_of, facts_with_fields
from backend.record.services.statistics import statistics
from backend.settings import Settings, from_mapping
from tests.backend.nightly.nights import make_settings
from tests.backend.record.rows import NOW, TEN, member, person, program, request_of, session_of


def a_little() -> None:
    """Ana asked for healthcare and law, met Bo and gave four stars; Bo and Cy offered on one night."""
    ana, bo, cy = person("Ana"), person("Bo"), person("Cy")
    Membership.objects.filter(pk=member(ana).pk).update(details={"target_industry": "nursing, fintech"})
    offer = member(bo, "professional")
    ProfessionalAvailability.objects.create(
        membership=offer, valid_from=NOW.date(), valid_until=NOW.date(), zone="UTC", industries=["Healthcare"]
    )
    member(cy, "professional")
    run = Run.objects.create(
        key="r-1", program=program(), night="2026-11-22", as_of=NOW, state="booked", inputs_hash="x", started_at=NOW,
        sessions_booked=1, outcome={"stages": {"no common time": 2}},
    )  # fmt: skip
    for who in (bo, cy):
        LedgerEntry.objects.create(run=run, person=who, code=f"p-{who.pk}", role="professional", offered=2)
    session = session_of(ana, bo, request=request_of(ana), state="completed")
    Rating.objects.create(session=session, person=ana, stars=4, rated_at=NOW)


def test_facts_name_nobody_and_know_fields_and_presence(record_db: str) -> None:
    a_little()
    facts = facts_with_fields(program(), rules_from(make_settings()))
    assert [(one.student, one.fields) for one in facts.wishes] == [
        ("S1", ("Technology/Software", "Finance/Banking", "Healthcare"))
    ]
    (meeting,) = facts.meetings
    assert (meeting.wish, meeting.student, meeting.professional, meeting.stars) == ("R1", "S1", "P1", (4,))
    assert [(one.professional, one.fields) for one in facts.presences] == [("P1", ("Healthcare",)), ("P2", ())]
    assert facts.nights[0].stages == (("no common time", 2),)
    text = facts_to_text(facts)
    assert "Ana" not in text
    assert "@" not in text


def test_the_dashboards_figures_are_these_measures(record_db: str) -> None:
    a_little()
    told, now = measure(facts_of(program())), statistics(program(), TEN + timedelta(days=1))
    for name in ("asked", "matched_share", "to_session", "completed", "no_show_share", "rating_mean", "ratings"):
        assert getattr(told, name) == getattr(now, name)
    assert (told.load.professionals, told.load.most) == (2, 1)


def in_folder(folder: Path) -> Settings:
    return from_mapping({"state_dir": str(folder), "program": {"key": "demo", "name": "Demo", "zone": "UTC"}})


def test_a_history_can_be_read_where_an_event_loop_runs(embedded_db: Path) -> None:
    a_little()

    async def cell() -> int:
        return len(record_history(in_folder(embedded_db)).sessions)

    assert asyncio.run(cell()) == 1


def test_no_record_is_an_empty_history_and_none_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    assert record_history(in_folder(folder)).by("month").empty
    assert not folder.exists()
