"""A run taken back: everything stands as if it had not booked, and everybody hears of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from backend.commands import main
from backend.nightly.act import book, work_off
from backend.nightly.channels import Channels
from backend.nightly.exits import Exit
from backend.nightly.ledger import debts
from backend.nightly.news import recorded_messages
from backend.nightly.night import Night, think
from backend.record.actor import CONSOLE, Actor
from backend.record.django_record import DjangoRecord
from backend.record.models import AuditEntry, OutboxItem, Person, Pin, ReviewRequest, Run, ScheduledSession
from backend.record.models.states import ActorKind, Cause, Channel
from backend.record.refusal import Reason, Refused
from backend.record.services.requests import pin
from backend.record.services.sessions import cancel_session
from backend.record.services.undoing import undo, undoing
from publish.discord_announcer import DiscordAnnouncer
from tests.backend.nightly.nights import AS_OF, crowd, make_settings, make_sheets
from tests.standins.discord_http import CHANNEL_ID, STAFF_CHANNEL_ID, TOKEN, DiscordStandIn

SETTINGS = make_settings(
    publish={"enabled": True, "discord_channel_id": CHANNEL_ID, "staff_channel_id": STAFF_CHANNEL_ID}
)
SHEETS = make_sheets(crowd(3), professionals=[{}, {"Email Address": "eve@example.com", "Full Name": "Eve Ray"}])


def opened(days: int = 0) -> DjangoRecord:
    return DjangoRecord(SETTINGS, lambda: AS_OF + timedelta(days=days))


def night_of(days: int = 0) -> Night:
    record, as_of = opened(days), AS_OF + timedelta(days=days)
    tonight = record.open_night(f"n{days}", as_of, lambda: SHEETS, anew=True)
    return think(SETTINGS, tonight.sheets, tonight.state, as_of, lambda _: None, approved=True)


def booked() -> Run:
    night = night_of()
    book(night, opened(), approved=True)
    return Run.objects.get(state="booked")


def owed() -> dict[str, int]:
    state = opened().state()
    return debts(state, "demo", state.people.professionals)


def test_everything_stands_as_if_the_run_had_not_booked(record_db: str) -> None:
    run = booked()
    before = dict(ReviewRequest.objects.values_list("pk", "waiting_since"))
    assert set(owed().values()) != {0}
    found = undo(run, SETTINGS, CONSOLE, AS_OF + timedelta(hours=1))
    assert len(found.sessions) == 3
    assert set(ScheduledSession.objects.values_list("state", flat=True)) == {"cancelled"}
    assert set(ReviewRequest.objects.values_list("state", flat=True)) == {"pending"}
    assert dict(ReviewRequest.objects.values_list("pk", "waiting_since")) == before
    assert set(owed().values()) == {0}
    told = OutboxItem.objects.filter(payload__act="cancel")
    assert told.count() == 2 * 3
    entry = AuditEntry.objects.get(action="undo")
    assert (entry.actor_kind, entry.before, entry.after["sessions"]) == ("owner", {"state": "booked"}, 3)
    again = night_of(1)
    assert len(again.plan.sessions) == 3
    book(again, opened(1), approved=True)
    assert Run.objects.filter(state="booked").count() == 1


def test_a_run_is_undone_once_and_never_after_a_session_of_it_began(embedded_db: Path) -> None:
    run = booked()
    first = ScheduledSession.objects.order_by("starts_at")[0]
    with pytest.raises(Refused, match="of its 3 sessions began"):
        undo(run, SETTINGS, CONSOLE, first.starts_at)
    assert not ScheduledSession.objects.filter(state="cancelled").exists()
    viewer = Actor(ActorKind.VIEWER, Channel.ADMIN, "vera")
    with pytest.raises(Refused) as refused:
        undo(run, SETTINGS, viewer, AS_OF)
    assert refused.value.reason is Reason.NOT_ALLOWED
    cancel_session(first, Cause.STAFF, CONSOLE, AS_OF)
    found = undo(run, SETTINGS, CONSOLE, AS_OF)
    assert (len(found.sessions), found.gone) == (2, 1)
    with pytest.raises(Refused, match="undone before"):
        undo(Run.objects.get(pk=run.pk), SETTINGS, CONSOLE, AS_OF)


def test_a_pin_that_the_run_used_is_in_force_again(embedded_db: Path) -> None:
    night_of()
    one, other = Person.objects.get(name="Student 1"), Person.objects.get(name="Eve Ray")
    kept = pin(opened().program, one, other, CONSOLE, AS_OF)
    run = booked()
    assert Pin.objects.get(pk=kept.pk).ended_at is not None
    assert undoing(run, AS_OF).pins == (kept,)
    undo(run, SETTINGS, CONSOLE, AS_OF)
    assert Pin.objects.get(pk=kept.pk).ended_at is None


def test_the_nights_messages_are_edited_and_invitations_not_yet_sent_stay_unsent(
    embedded_db: Path, discord_server: DiscordStandIn
) -> None:
    run = booked()
    with DiscordAnnouncer(TOKEN) as announcer:
        work_off(SETTINGS, opened(), Channels(announcer=announcer), lambda: AS_OF, lambda _: None)
        undo(run, SETTINGS, CONSOLE, AS_OF)
        told = work_off(SETTINGS, opened(), Channels(announcer=announcer), lambda: AS_OF, lambda _: None)
    assert told.problems == ()
    for channel in (CHANNEL_ID, STAFF_CHANNEL_ID):
        (message,) = [one for one in discord_server.messages if one["channel_id"] == channel]
        assert "0 sessions booked" in message["content"]
        assert "3 students" in message["content"]
    (posted,) = recorded_messages(SETTINGS, opened().state(), run.night)
    assert "0 sessions booked" in posted.text


def test_who_was_never_told_since_the_run_was_held_hears_nothing_of_its_end(embedded_db: Path) -> None:
    book(night_of(), opened(), approved=True, hold=True)
    assert OutboxItem.objects.filter(state="held").exists()
    undo(Run.objects.get(state="booked"), SETTINGS, CONSOLE, AS_OF)
    assert not OutboxItem.objects.filter(channel="calendar").exclude(state="dead").exists()
    assert opened().given_up() == 0


def test_the_command_asks_shows_and_refuses(
    embedded_db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(embedded_db.parent)
    (embedded_db.parent / "matching.toml").write_text('program.key = "demo"\nprogram.name = "Demo Program"\n')
    run = booked()
    late = timedelta(days=900)  # the commands go by the wall clock
    for row in ScheduledSession.objects.all():
        ScheduledSession.objects.filter(pk=row.pk).update(starts_at=row.starts_at + late, ends_at=row.ends_at + late)
    capsys.readouterr()
    assert main(["undo", "last", "--dry-run"]) == Exit.DONE
    seen = capsys.readouterr().out
    assert "3 sessions would be cancelled, 5 people told" in seen
    assert max(map(len, seen.splitlines())) <= 80
    assert main(["undo", run.key]) == Exit.USAGE
    assert "add --yes" in capsys.readouterr().err
    assert Run.objects.get(pk=run.pk).state == "booked"
    assert main(["runs", "undo", run.key, "--yes", "--json"]) == Exit.DONE
    assert '"sessions": 3' in capsys.readouterr().out
    assert main(["undo", run.key, "--yes"]) == Exit.GATE_REFUSED
    assert "undone before" in capsys.readouterr().err
    assert main(["undo", "r-none", "--yes"]) == Exit.USAGE
