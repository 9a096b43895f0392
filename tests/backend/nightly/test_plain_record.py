"""The plain-file record: all or nothing, never overwritten when damaged, and an outbox that survives a crash."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.nightly.exits import Stop
from backend.nightly.plain_record import PlainRecord
from backend.nightly.record import BookedSession, People, RunEntry
from optimizer.domain import Certainty, Professional, Session, Student
from publish.backoff import FIRST_WAIT, LONGEST_JITTER
from publish.ports import Item, PublishError, Receipt, State

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


class Clock:
    """A clock that tests can turn."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def item(key: str = "calendar/book/x/0") -> Item:
    return Item(key, "calendar", {"session": "k"})


def session(student: str = "s-1", professional: str = "p-1") -> Session:
    start = NOW + timedelta(days=2)
    return Session(student, professional, start, 30, Certainty.IF_NEEDED, 17, (("shared time", 80),), 240)


def run_entry(name: str = "r-1", night: str = "2026-11-22") -> RunEntry:
    return RunEntry(name, "demo", night, NOW, "ff", 1, 2, {"students": 3}, {"p-1": 2})


def committed(folder: Path, clock: Clock, items: list[Item]) -> PlainRecord:
    record = PlainRecord(folder, clock)
    people = People(
        {"s-1": Student("s-1", "Ana", "ana@example.org", "UTC")},
        {"p-1": Professional("p-1", "Bo", "bo@example.org", "UTC")},
    )
    record.commit(run_entry(), [BookedSession("k", "r-1", session())], people, items)
    return record


def test_a_new_record_is_empty_and_writes_nothing(tmp_path: Path) -> None:
    assert PlainRecord(tmp_path / "var", Clock()).state().runs == ()
    assert not (tmp_path / "var").exists()


def test_what_was_committed_is_there_for_the_next_process(tmp_path: Path) -> None:
    record = committed(tmp_path, Clock(), [item()])
    again = PlainRecord(tmp_path, Clock())
    assert again.state() == record.state()
    assert again.due() == [item()]
    assert again.state().sessions[0].session == session()


def test_the_file_is_private(tmp_path: Path) -> None:
    assert committed(tmp_path, Clock(), []).path.stat().st_mode & 0o077 == 0


def test_a_damaged_record_stops_the_job_and_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text('{"runs": [{"id": 3}]}')
    with pytest.raises(Stop, match=r"is damaged at runs\.0"):
        PlainRecord(tmp_path, Clock())
    assert path.read_text() == '{"runs": [{"id": 3}]}'


def test_an_item_known_already_stays_as_it_is(tmp_path: Path) -> None:
    record = committed(tmp_path, Clock(), [item()])
    assert record.begin(item().key)
    record.finish(item().key, Receipt("event"))
    record.add([item(), item("other")])
    assert [(entry.key, entry.state) for entry in record.entries] == [
        (item().key, State.SENT),
        ("other", State.PENDING),
    ]


def test_an_item_is_claimed_once(tmp_path: Path) -> None:
    record = committed(tmp_path, Clock(), [item()])
    assert record.begin(item().key)
    assert not record.begin(item().key)


def test_a_crash_between_attempt_and_outcome_leaves_it_unknown_and_due(tmp_path: Path) -> None:
    committed(tmp_path, Clock(), [item()]).begin(item().key)
    after = PlainRecord(tmp_path, Clock())
    assert after.entries[0].state is State.UNKNOWN
    assert after.entries[0].attempts == 1
    assert after.due() == [item()]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (PublishError("no", permanent=True), State.DEAD),
        (PublishError("later", permanent=False), State.PENDING),
        (PublishError("who knows", permanent=False, uncertain=True), State.UNKNOWN),
        (PublishError("bad key", permanent=True, blocks_channel=True), State.PENDING),
    ],
)
def test_a_failure_is_recorded_as_what_it_is(tmp_path: Path, error: PublishError, state: State) -> None:
    record = committed(tmp_path, Clock(), [item()])
    record.begin(item().key)
    record.finish(item().key, error)
    assert record.entries[0].state is state
    assert record.entries[0].problem == str(error)
    assert record.due() == []


def test_a_failed_item_waits_longer_each_time_and_keeps_the_services_own_wish(tmp_path: Path) -> None:
    clock = Clock()
    record = committed(tmp_path, clock, [item()])
    waits = []
    for _ in range(3):
        record.begin(item().key)
        record.finish(item().key, PublishError("later", permanent=False))
        until = record.entries[0].not_before
        assert until is not None
        waits.append(until - clock.now)
        clock.now = until
        assert record.due() == [item()]
    assert waits == sorted(waits)
    assert all(FIRST_WAIT * 2**n * 0.75 <= wait <= FIRST_WAIT * 2**n * 1.25 for n, wait in enumerate(waits))
    record.begin(item().key)
    record.finish(item().key, PublishError("slow down", permanent=False, retry_after=timedelta(hours=9)))
    until = record.entries[0].not_before
    assert until is not None
    assert timedelta(hours=9) <= until - clock.now <= timedelta(hours=9) + LONGEST_JITTER


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from("abcd"), max_size=8))
def test_items_keep_their_first_order_and_never_double(keys: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        record = PlainRecord(Path(folder), Clock())
        for key in keys:
            record.add([item(key)])
        assert [entry.key for entry in record.entries] == list(dict.fromkeys(keys))
