"""One contract for the plain file and for the record on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.nightly.act import book, work_off
from backend.nightly.channels import Channels
from backend.nightly.document import document_of
from backend.nightly.night import Night, think
from backend.nightly.plain_record import PlainRecord
from backend.nightly.record import BookedSession, People, Record, RunEntry, Sheets
from backend.record.django_record import DjangoRecord
from backend.settings import Settings
from ingest.people import person_id
from ingest.sheet import Form
from optimizer.domain import Certainty, Professional, Session, Student
from publish.backoff import LONGEST_JITTER
from publish.ports import Item, PublishError, Receipt
from tests.backend.nightly.nights import AS_OF, crowd, make_settings, make_sheets

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
SETTINGS = make_settings()
ANA, BO = person_id("demo", Form.STUDENTS, "ana@example.org"), person_id("demo", Form.PROFESSIONALS, "bo@example.org")


class Clock:
    """A clock that tests can turn."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


Opener = Callable[..., Record]


@pytest.fixture(params=["plain", "sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same record anew, as another process would."""
    if request.param == "plain":
        yield lambda clock=None, settings=SETTINGS: PlainRecord(tmp_path / "plain", clock or Clock())
        return
    request.getfixturevalue("embedded_db" if request.param == "sqlite" else "postgresql_db")
    yield lambda clock=None, settings=SETTINGS: DjangoRecord(settings, clock or Clock())


def item(key: str = "calendar/book/x/0") -> Item:
    return Item(key, "calendar", {"session": "k", "revision": 0})


def session(start: datetime = NOW + timedelta(days=2)) -> Session:
    return Session(ANA, BO, start, 30, Certainty.IF_NEEDED, 17, (("shared time", 80),), 240)


def run_entry(name: str = "r-1", night: str = "2026-11-22") -> RunEntry:
    return RunEntry(name, "demo", night, NOW, "ff", 1, 2, {"students": 3}, {BO: 2}, 4, {ANA: 9})


def committed(record: Record, items: list[Item], key: str = "k") -> Record:
    people = People(
        {ANA: Student(ANA, "Ana", "ana@example.org", "Europe/Berlin", echo="Mon 2-4", target_role="Nurse")},
        {BO: Professional(BO, "Bo", "bo@example.org", "UTC", company="Acme", formats=("Phone Call",))},
    )
    record.commit(run_entry(), [BookedSession(key, "r-1", session(), "because")], people, items)
    return record


def test_a_new_record_knows_nothing(opened: Opener) -> None:
    state = opened().state()
    assert (state.runs, state.sessions, dict(state.people.students)) == ((), (), {})
    assert opened().waiting() == 0


def test_what_was_committed_is_there_for_the_next_process(opened: Opener) -> None:
    before = committed(opened(), [item()]).state()
    again = opened()
    assert again.state() == before
    assert again.state().sessions == (BookedSession("k", "r-1", session(), "because"),)
    assert again.state().runs == (run_entry(),)
    assert again.state().people.students[ANA].target_role == "Nurse"
    assert again.state().people.professionals[BO].formats == ("Phone Call",)
    assert again.outbox.due() == [item()]


def test_one_session_is_found_with_its_people(opened: Opener) -> None:
    record = committed(opened(), [])
    found = record.session("k")
    assert found is not None
    assert found[0] == BookedSession("k", "r-1", session(), "because")
    assert found[1].students[ANA].email == "ana@example.org"
    assert record.session("other") is None


def test_a_student_awaits_a_session_until_it_ends(opened: Opener) -> None:
    record = committed(opened(), [])
    end = session().start + timedelta(minutes=session().minutes)
    assert record.awaits(ANA, NOW)
    assert record.awaits(ANA, end - timedelta(seconds=1))
    assert not record.awaits(ANA, end)
    assert not record.awaits(BO, NOW)
    assert not record.awaits("nobody", NOW)


def test_what_staff_let_go_is_known_as_approved_and_what_comes_later_is_not(opened: Opener) -> None:
    record = committed(opened(), [item(), replace(item("asked"), approved=True)])
    assert [one.approved for one in record.outbox.due()] == [False, True]
    record.approve_open()
    record.outbox.add([item("later")])
    assert [(one.key, one.approved) for one in opened().outbox.due()] == [
        (item().key, True),
        ("asked", True),
        ("later", False),
    ]


def test_an_item_known_already_stays_as_it_is(opened: Opener) -> None:
    outbox = committed(opened(), [item()]).outbox
    assert outbox.begin(item().key)
    outbox.finish(item().key, Receipt("event"))
    outbox.add([item(), item("other")])
    assert [one.key for one in outbox.due()] == ["other"]
    assert opened().waiting() == 1


def test_an_item_is_claimed_once_and_a_sent_one_never_again(opened: Opener) -> None:
    outbox = committed(opened(), [item()]).outbox
    assert outbox.begin(item().key)
    assert not outbox.begin(item().key)
    outbox.finish(item().key, Receipt("event"))
    assert not outbox.begin(item().key)
    assert not outbox.begin("nobody added this")
    with pytest.raises(KeyError):
        outbox.finish("nobody added this", Receipt("event"))


def test_a_crash_between_attempt_and_outcome_leaves_it_due_for_a_later_worker(opened: Opener) -> None:
    clock = Clock()
    committed(opened(clock), [item()]).outbox.begin(item().key)
    clock.now += timedelta(hours=1)
    after = opened(clock)
    assert after.waiting() == 1
    assert after.outbox.due() == [item()]
    assert after.outbox.begin(item().key)


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (PublishError("no", permanent=True), 0),
        (PublishError("later", permanent=False), 1),
        (PublishError("who knows", permanent=False, uncertain=True), 1),
        (PublishError("bad key", permanent=True, blocks_channel=True), 1),
    ],
)
def test_a_failure_is_recorded_as_what_it_is(opened: Opener, error: PublishError, left: int) -> None:
    clock = Clock()
    record = committed(opened(clock), [item()])
    record.outbox.begin(item().key)
    record.outbox.finish(item().key, error)
    assert record.outbox.due() == []
    assert record.waiting() == left
    clock.now += timedelta(hours=7)
    assert len(record.outbox.due()) == left


def test_a_failed_item_waits_longer_each_time_and_keeps_the_services_own_wish(opened: Opener) -> None:
    clock = Clock()
    outbox = committed(opened(clock), [item()]).outbox
    for wait in (timedelta(hours=9), timedelta(minutes=20)):
        assert outbox.begin(item().key)
        outbox.finish(item().key, PublishError("slow down", permanent=False, retry_after=wait))
        clock.now += wait - timedelta(seconds=1)
        assert outbox.due() == []
        until = outbox.rests_until(item().key)
        assert until is not None
        assert wait <= until - clock.now + wait - timedelta(seconds=1) <= wait + LONGEST_JITTER
        clock.now = until
        assert outbox.due() == [item()]


def night_on(record: Record, settings: Settings = SETTINGS, sheets: Sheets | None = None, days: int = 0) -> Night:
    as_of = AS_OF + timedelta(days=days)
    begun = record.open_night(f"n{days}", as_of, lambda: sheets or make_sheets(crowd(4)))
    return think(settings, begun.sheets, begun.state, begun.as_of, lambda _: None)


def test_a_night_is_the_same_whatever_record_it_is_on(opened: Opener, tmp_path: Path) -> None:
    sheets = make_sheets([*crowd(4), {"Email Address": "x@example.org", "Availability": "asdf"}, {"Timestamp": "?"}])
    plain = document_of(night_on(PlainRecord(tmp_path / "other", Clock()), sheets=sheets))
    told = document_of(night_on(opened(), sheets=sheets))
    for part in ("sessions", "unmatched", "counts", "certificate", "loads", "to_confirm"):
        if part == "sessions":
            for one in (*plain[part], *told[part]):
                one["key"] = one["reference"] = ""
        assert told[part] == plain[part], part
    plain_issues = [(one["row"], one["column"], one["reason"]) for one in plain["issues"]]
    assert [(one["row"], one["column"], one["reason"]) for one in told["issues"]] == plain_issues


def test_the_next_night_keeps_what_the_first_promised(opened: Opener) -> None:
    first = night_on(opened())
    book(first, opened(), approved=False)
    second = night_on(opened(), sheets=make_sheets([*crowd(4), {}]), days=1)
    assert second.conservation.students["already booked"] == 4
    assert len(second.plan.sessions) == 1
    kept = {one.session.start for one in second.state.sessions}
    assert not kept & {one.start for one in second.plan.sessions}


def test_acting_twice_on_an_outbox_sends_once(opened: Opener) -> None:
    settings = make_settings(publish={"enabled": True})
    record = opened(settings=settings)
    book(night_on(record, settings), record, approved=False)
    waiting = record.waiting()
    assert waiting == 8
    assert work_off(settings, record, Channels(), lambda: AS_OF, lambda _: None).waiting == waiting


def test_a_second_run_of_the_same_night_is_known(opened: Opener) -> None:
    night = night_on(opened())
    book(night, opened(), approved=False)
    done = opened().state().run_of("demo", night.key)
    assert done is not None
    assert (done.id, done.sessions) == (night.run, len(night.plan.sessions))
    assert replace(done, sessions=0) != done
