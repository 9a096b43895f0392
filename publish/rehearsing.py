"""A rehearsal: ports that carry nothing out and note what they were given, and how staff are shown it.

What is shown goes to staff alone. It is marked in its subject and its first line, its calendar file asks nobody for a
reply and books nothing, and no reference of it is that of the real message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from publish.booking import Invitation, base32hex, digest
from publish.invitation import preview_ics
from publish.legible import legible
from publish.mail import Mail, invitation_mail, page, plain_text
from publish.message import Message, parted
from publish.ports import CalendarEvent, Outcome, Posted, PublishError, Receipt
from publish.text import one_line

REHEARSAL = "rehearsal"
BY_MAIL = "to a person by e-mail"
BY_CHAT = "to a person by Discord"
_DIRECT = "direct:"


@dataclass(frozen=True)
class Shown:
    """Something that would be sent, in the form its channel gives it. `kind`: to whom, in words that name nobody."""

    kind: str
    said: Mail | Message

    @property
    def private(self) -> bool:
        """Whether one person alone would read it; such a text is never shown in a channel."""
        return isinstance(self.said, Mail) or self.said.channel.startswith(_DIRECT)


class Rehearsal:
    """The ports `Calendar`, `Mailer` and `Announcer` in one. `channels`: what each channel's id is called.

    Whatever is given twice is noted once, as it read the last time.
    """

    def __init__(self, clock: Callable[[], datetime], channels: Mapping[str, str]) -> None:
        self._clock = clock
        self._channels = channels
        self._noted: dict[str, Shown] = {}

    @property
    def noted(self) -> tuple[Shown, ...]:
        """Everything that would have been sent, in the order it first came."""
        return tuple(self._noted.values())

    def get(self, event_id: str) -> CalendarEvent | None:  # noqa: ARG002
        """No event is anywhere."""
        return None

    def book(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.book`."""
        return [self._invite(one) for one in invitations]

    def revise(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.revise`."""
        return self.book(invitations)

    def cancel(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.cancel`."""
        return self.book(invitations)

    def send(self, mail: Mail) -> Receipt:
        """See `Mailer.send`."""
        return self._note(mail.message_id, Shown(BY_MAIL, mail))

    def find(self, channel: str, reference: str) -> Posted | None:  # noqa: ARG002
        """No message is anywhere."""
        return None

    def direct_channel(self, user: str) -> str:
        """A name for the channel; nothing is opened."""
        return f"{_DIRECT}{user}"

    def post(self, message: Message) -> Receipt:
        """See `Announcer.post`."""
        kind = self._channels.get(message.channel, "in a channel")
        if message.channel.startswith(_DIRECT):
            kind = BY_CHAT
        return self._note(f"{message.channel}/{message.key}", Shown(kind, message))

    def edit(self, message_id: str, message: Message) -> Receipt:  # noqa: ARG002
        """See `Announcer.edit`."""
        return self.post(message)

    def _invite(self, invitation: Invitation) -> Outcome:
        """As the mail that invites; a calendar's event holds the same lines."""
        try:
            mail = invitation_mail(invitation, self._clock())
        except PublishError as error:
            return error
        ics = b"" if invitation.booking.cancelled else preview_ics(invitation, self._clock())
        shown = Shown(f"to the {invitation.recipient}", replace(mail, ics=ics, method="PUBLISH"))
        return self._note(mail.message_id, shown)

    def _note(self, key: str, shown: Shown) -> Receipt:
        self._noted[key] = shown
        return Receipt(key)


def rehearsal_mail(shown: Shown, to: str, zone: str, mark: str) -> Mail:
    """What staff get at `to`. `zone`: theirs, for times that Discord shows each reader in their own.

    `mark` tells one rehearsal from the next, so that each arrives as mails of its own.
    """
    said = shown.said
    where = f"{shown.kind}, at {said.to}" if isinstance(said, Mail) else shown.kind
    warning = f"REHEARSAL. Only you got this. It would go {where}. Its personal links lead nowhere."
    if isinstance(said, Mail):
        subject, text, key = said.subject, said.text, said.message_id
        html, ics, method = said.html, said.ics, said.method
    else:
        lines, key = legible(said.text, zone).splitlines(), f"{said.channel}/{said.key}"
        subject = one_line(lines[0], 100)
        text, html, ics, method = plain_text(lines, {}), page(subject, lines, {}), b"", "PUBLISH"
    number = base32hex(digest(REHEARSAL, mark, key)[:20])
    return Mail(
        to=to,
        subject=f"[Rehearsal] {shown.kind}: {subject}",
        text=f"{warning}\n\n{text}",
        html=html.replace("<h1", f"<p><strong>{escape(warning)}</strong></p><h1", 1),
        message_id=f"{number}@matching.invalid",
        ics=ics,
        method=method,
    )


def rehearsal_messages(shown: Shown, program: str, channel: str, mark: str) -> tuple[Message, ...]:
    """What the staff's channel gets of a channel's message: two where the marking makes it too long for one."""
    said = shown.said
    if not isinstance(said, Message) or shown.private:
        raise ValueError("what one person alone would read is not shown in a channel")
    lines = [f"**REHEARSAL.** Nobody else got this. It would go {shown.kind}:", *said.text.splitlines()]
    return parted(REHEARSAL, program, f"{said.key}/{mark}", channel, lines, said.image)
