"""Messages to one person: by Discord, and by e-mail when Discord is closed to us there.

A session of theirs as soon as it is booked; and, kindly, at most weekly and only when something changed, why there is
none yet and what would help.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from optimizer.domain import Stage
from publish.booking import Booking, Program, Recipient, base32hex, digest, person_name, visible_reference
from publish.links import Links
from publish.mail import Mail, Mailer, local_time, page, plain_text
from publish.message import Message, discord_text, escaped, fitted
from publish.outbox import Sender
from publish.ports import Announcer, ClosedDoorError, Item, Outcome, OutdatedError, PublishError
from publish.text import mail_address, one_line, web_link

DIRECT = "direct"
MATCHED = "matched"
WAITING = "waiting"
WEEK = timedelta(days=7)
HELP: Mapping[str, str] = {
    Stage.NO_USABLE_ANSWER: "we could not read a time in your answer. Please fill in the form again with days and "
    "times, for example: Mondays 10:00 to 12:00.",
    Stage.NOBODY_ELIGIBLE: "nobody in the program offers your field and meeting format at the moment. Naming another "
    "field or format that you would take too helps most.",
    Stage.NO_COMMON_TIME: "there are people for you, but none of your times is one of theirs. More times help, above "
    "all on other days or at other times of day.",
    Stage.OFF_GRID: "the times you share with somebody are too short, too soon or too late in the day. A longer free "
    "stretch some days ahead helps most.",
    Stage.ALL_FULL: "everybody who shares a time with you is full. More times help, and places come back every week.",
    Stage.LOST: "more students want your times than there are places, and others have waited longer. You move up every "
    "night; more times help too.",
}
"""What would help, by the stage that left somebody without a session. Who paused knows why: they get no message."""


@dataclass(frozen=True)
class Reached:
    """A person as a letter needs them; `discord_id`, `email` and `phone` may be ""."""

    name: str
    email: str
    discord_id: str
    zone: str
    phone: str = ""


@dataclass(frozen=True)
class Letter:
    """One message to one person in both its forms."""

    to: Reached
    key: str
    subject: str
    chat: tuple[str, ...]
    mail: tuple[str, ...]
    links: Links

    def message(self, channel: str) -> Message:
        """For the chat, in the person's own channel."""
        mark = visible_reference(DIRECT, self.key).removeprefix("#")  # a session's reference is the one with a #
        asked = [f"{what}: <{where}>" for what, where in self.links.items() if web_link(where)]
        return Message(channel, self.key, fitted(self.chat, asked, f"-# message {mark}"), mark)

    def as_mail(self) -> Mail | None:
        """For the mailbox; None without a usable address."""
        address = mail_address(self.to.email)
        if address is None:
            return None
        number = base32hex(digest("letter", self.key)[:20])
        text, html = plain_text(self.mail, self.links), page(self.subject, self.mail, self.links)
        return Mail(address, self.subject, text, html, f"{number}@matching.invalid")


def matched_item(booking: Booking, recipient: Recipient, told: date) -> Item:
    """Tell one of the two about their session."""
    person = booking.student.id if recipient is Recipient.STUDENT else booking.professional.id
    payload = {"act": MATCHED, "session": booking.session_key, "person": person, "stage": MATCHED, "on": str(told)}
    payload["recipient"] = str(recipient)
    return Item(f"{DIRECT}/{MATCHED}/{booking.session_key}/{person}", DIRECT, payload)


def waiting_item(person: str, stage: str, told: date, channel: str = DIRECT, had: int = 0) -> Item:
    """Tell a student why there is no session yet. `had`: sessions ever booked for them, whatever became of those."""
    payload: dict[str, str | int] = {"act": WAITING, "person": person, "stage": stage, "on": str(told), "had": had}
    return Item(f"{DIRECT}/{WAITING}/{person}/{told}", channel, payload)


def worth_telling(
    stages: Mapping[str, str], earlier: Iterable[Item], today: date, had: Mapping[str, int]
) -> tuple[str, ...]:
    """Which of these students (id: stage) shall hear: a state they do not know yet, a week after the last such letter.

    `earlier`: the letters so far, oldest first. `had`: sessions ever booked for each; one booked since the last letter
    makes the same reason news again, however they heard of that session.
    """
    known: dict[str, tuple[str, int]] = {}
    written: dict[str, date] = {}
    for item in earlier:
        if item.payload["stage"] not in (*HELP, MATCHED):
            continue
        person = str(item.payload["person"])
        now = had.get(person, 0)
        known[person] = str(item.payload["stage"]), int(item.payload.get("had", now))
        if item.payload["act"] == WAITING:
            written[person] = date.fromisoformat(str(item.payload["on"]))
    return tuple(
        person
        for person, stage in stages.items()
        if stage in HELP
        and known.get(person) != (stage, had.get(person, 0))
        and (person not in written or today - written[person] >= WEEK)
    )


def matched_letter(booking: Booking, recipient: Recipient, to: Reached, links: Links | None = None) -> Letter:
    """When, with whom, where, and how to cancel."""
    other = booking.professional.name if recipient is Recipient.STUDENT else booking.student.name
    moment, minutes = int(booking.start.timestamp()), booking.session.minutes
    cancel = booking.program.how_to_cancel_by_letter
    hello, program = person_name(to.name), one_line(booking.program.name, 80)
    when = f"{local_time(booking.start, to.zone)}, {minutes} minutes"
    mark = f"Reference {booking.reference}"
    return Letter(
        to,
        f"{DIRECT}/{MATCHED}/{booking.session_key}/{recipient}",
        f"Your resume review: {local_time(booking.start, to.zone)}",
        (
            f"Hello {discord_text(hello)}, you have a resume review in {discord_text(program)}:",
            f"• <t:{moment}:F> (<t:{moment}:R>), {minutes} minutes",
            f"• with {discord_text(person_name(other))}",
            where_in_chat(booking, recipient),
            f"{escaped(cancel, 400)} {mark}",
        ),
        (
            f"Hello {hello}, you have a resume review in {program}.",
            f"When: {when}",
            f"With: {person_name(other)}",
            where_by_mail(booking, recipient),
            f"{cancel} {mark}",
        ),
        links or {},
    )


def where_in_chat(booking: Booking, recipient: Recipient) -> str:
    """The line that says where to meet, or how they come to know it."""
    return f"Where: <{booking.room}>" if booking.room else f"Where: {escaped(booking.no_room_yet(recipient), 400)}"


def where_by_mail(booking: Booking, recipient: Recipient) -> str:
    """As `where_in_chat`."""
    return f"Where: {booking.room or booking.no_room_yet(recipient)}"


def waiting_letter(program: Program, item: Item, to: Reached, links: Links | None = None) -> Letter:
    """Why there is no session yet, in one sentence, and what would help."""
    why = HELP[str(item.payload["stage"])]
    hello, name = person_name(to.name), one_line(program.name, 80)
    first = "there is no resume review for you in {} yet:"
    calm = "You keep your place in the queue, and every night looks again. You hear this at most once a week."
    return Letter(
        to,
        item.key,
        f"Your resume review in {name}: not yet, and what would help",
        (f"Hello {discord_text(hello)}, {first.format(discord_text(name))} {why}", calm),
        (f"Hello {hello}, {first.format(name)} {why}", calm),
        links or {},
    )


def direct_sender(
    announcer: Announcer,
    mailer: Mailer | None,
    letter_of: Callable[[Item], Letter],
    told_by_mail: Collection[str] = (),
) -> Sender:
    """Carries letters; `letter_of` writes one again from the payload, or raises `PublishError`.

    Where Discord is closed to us a mail goes instead, but for the acts that another mail tells anyway (`told_by_mail`).
    """

    def send(item: Item) -> Outcome:
        try:
            letter = letter_of(item)
            try:
                return announcer.post(letter.message(announcer.direct_channel(letter.to.discord_id)))
            except ClosedDoorError as closed:
                return _by_mail_instead(closed, letter, mailer, told=item.payload["act"] in told_by_mail)
        except PublishError as error:
            return error

    return Sender(lambda items: [send(item) for item in items])


def mail_sender(mailer: Mailer, letter_of: Callable[[Item], Letter]) -> Sender:
    """Carries letters by e-mail alone."""

    def send(item: Item) -> Outcome:
        try:
            mail = letter_of(item).as_mail()
            if mail is None:
                return PublishError("the person has no usable e-mail address", permanent=True)
            return mailer.send(mail)
        except PublishError as error:
            return error

    return Sender(lambda items: [send(item) for item in items])


def _by_mail_instead(closed: ClosedDoorError, letter: Letter, mailer: Mailer | None, *, told: bool) -> Outcome:
    mail = letter.as_mail()
    if mailer is None or mail is None:
        return closed
    if told:
        return OutdatedError("Discord takes no messages to this person; the mail that invites tells the same")
    return mailer.send(mail)
