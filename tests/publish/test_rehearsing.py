"""What staff are shown in a rehearsal, and that nothing in it can be taken for the real thing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publish.booking import Recipient, visible_reference
from publish.direct import Reached, matched_letter
from publish.invitation import invitation_ics, preview_ics
from publish.message import MOST_UNITS, Message, units
from publish.ports import PublishError
from publish.rehearsing import Rehearsal, Shown, rehearsal_mail, rehearsal_messages
from tests.publish.ics_reader import read_ics
from tests.publish.publish_builders import AS_OF, PROFESSIONAL, STUDENT, for_professional, make_booking

STAFF, ZONE = "staff@program.example", "America/New_York"


def rehearsal() -> Rehearsal:
    return Rehearsal(lambda: AS_OF, {"1": "to the night's channel"})


def public(text: str) -> Shown:
    reference = visible_reference("night", "spring")
    return Shown("to the night's channel", Message("1", "night/spring", f"{text}\n{reference}", reference))


def test_an_invitation_is_shown_once_however_often_it_is_booked_or_changed() -> None:
    ports = rehearsal()
    for act in (ports.book, ports.revise, ports.book):
        act([for_professional()])
    (shown,) = ports.noted
    mail = rehearsal_mail(shown, STAFF, ZONE, "first")
    assert (mail.to, mail.method) == (STAFF, "PUBLISH")
    assert mail.subject.startswith("[Rehearsal] to the professional: Resume review with Ana López Ruiz")
    assert "It would go to the professional, at bob@work.example." in mail.text
    assert mail.html.index("REHEARSAL") < mail.html.index("<h1")
    assert mail.message_id != rehearsal_mail(shown, STAFF, ZONE, "second").message_id


def test_a_cancellation_has_no_calendar_file() -> None:
    ports = rehearsal()
    ports.cancel([for_professional(cancelled=True, revision=1)])
    mail = rehearsal_mail(ports.noted[0], STAFF, ZONE, "first")
    assert "Cancelled: Resume review" in mail.subject
    assert mail.ics == b""


def test_who_cannot_be_reached_is_an_outcome_as_in_a_real_night() -> None:
    ports = rehearsal()
    nobody = make_booking(student=STUDENT.__class__("st-1", "Ana", "no address", "UTC"))
    (outcome,) = ports.book([one for one in nobody.invitations if one.recipient is Recipient.STUDENT])
    assert isinstance(outcome, PublishError)
    assert ports.noted == ()


def test_the_preview_is_no_invitation_and_not_the_real_event() -> None:
    invitation = for_professional()
    preview = read_ics(preview_ics(invitation, AS_OF))
    real = read_ics(invitation_ics(invitation, AS_OF))
    assert (preview.one("METHOD").text, real.one("METHOD").text) == ("PUBLISH", "REQUEST")
    (shown,), (meant,) = preview.within("VEVENT"), real.within("VEVENT")
    assert shown.one("UID").text != meant.one("UID").text
    assert [len(shown.all(name)) for name in ("ATTENDEE", "ORGANIZER")] == [0, 0]
    assert shown.within("VALARM") == []
    assert (shown.one("STATUS").text, shown.one("TRANSP").text) == ("TENTATIVE", "TRANSPARENT")
    assert shown.one("SUMMARY").text == f"Rehearsal: {meant.one('SUMMARY').text}"
    for same in ("DTSTART", "DTEND", "DESCRIPTION"):
        assert shown.one(same).text == meant.one(same).text


def test_a_direct_message_is_shown_by_mail_and_never_in_a_channel() -> None:
    ports = rehearsal()
    letter = matched_letter(make_booking(), Recipient.STUDENT, Reached("Ana", "", "7" * 18, "UTC"))
    ports.post(letter.message(ports.direct_channel("7" * 18)))
    (shown,) = ports.noted
    assert rehearsal_mail(shown, STAFF, ZONE, "x").subject.startswith("[Rehearsal] to a person by Discord: Hello Ana")
    with pytest.raises(ValueError, match="one person alone"):
        rehearsal_messages(shown, "spring", "2", "x")
    assert PROFESSIONAL.name not in shown.kind


def test_a_channels_message_reads_by_mail_as_discord_shows_it() -> None:
    shown = public("**Two\\_words**\nat <t:1772463600:F> (<t:1772463600:R>)")
    mail = rehearsal_mail(shown, STAFF, ZONE, "x")
    assert mail.subject == "[Rehearsal] to the night's channel: Two_words"
    assert "\nat Mon 2 March 2026, 10:00 (America/New_York)\n" in mail.text


@settings(max_examples=50)
@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=300), max_size=30))
def test_a_channels_message_is_marked_and_whole_and_its_reference_never_the_real_one(lines: list[str]) -> None:
    text = "\n".join(lines)
    while units(text) > MOST_UNITS - 20:
        text = text[: len(text) // 2]
    shown = public(text)
    assert isinstance(shown.said, Message)
    told = rehearsal_messages(shown, "spring", "2", "now")
    assert told[0].text.startswith("**REHEARSAL.** Nobody else got this. It would go to the night's channel:\n")
    assert all(one.channel == "2" and not one.text.endswith(shown.said.reference) for one in told)
    assert shown.said.reference not in {one.reference for one in told}
    whole = [line for one in told for line in one.text.splitlines()[:-1] if line]
    assert whole[1:] == [line for line in shown.said.text.splitlines() if line]
