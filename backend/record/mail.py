"""Mail through Django's own SMTP backend. What a server says stays out of errors: it quotes addresses."""

from __future__ import annotations

import smtplib
from email.utils import formataddr
from types import TracebackType
from typing import Self

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from backend.settings import Settings
from publish.mail import Mail
from publish.ports import PublishError, Receipt
from publish.text import one_line

TIMEOUT_SECONDS = 30
_CLOSING = 421


class SmtpMailer:
    """Implements `publish.mail.Mailer`; keeps one connection. Close it, or use it in a `with` block.

    Django must be configured, its mail settings are not read.
    """

    def __init__(self, settings: Settings, password: str | None) -> None:
        mail, program = settings.mail, settings.program
        self._backend = EmailBackend(
            host=mail.host,
            port=mail.port,
            username=mail.user,
            password=password or "",
            use_tls=mail.tls == "starttls",
            use_ssl=mail.tls == "implicit",
            timeout=TIMEOUT_SECONDS,
        )
        self._sender = formataddr((one_line(program.organizer_name, 80), mail.sender or program.organizer_email))

    def close(self) -> None:
        """Say goodbye to the server."""
        self._backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def greet(self) -> None:
        """Connect and log in, and send nothing. Raises `PublishError`."""
        self._open()

    def send(self, mail: Mail) -> Receipt:
        """See `Mailer.send`."""
        self._open()
        try:
            self._backend.send_messages([self._message(mail)])
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise _translated(error) from None
        return Receipt(mail.message_id)

    def _open(self) -> None:
        try:
            self._backend.open()
        except smtplib.SMTPAuthenticationError:
            self._hang_up()
            raise PublishError(
                "the mail server refused the user or the password", permanent=True, blocks_channel=True
            ) from None
        except (smtplib.SMTPException, OSError):
            self._hang_up()
            raise PublishError("the mail server was not reached", permanent=False, blocks_channel=True) from None

    def _hang_up(self) -> None:
        """Whatever state the connection is in, the next mail gets a new one."""
        connection, self._backend.connection = self._backend.connection, None
        if connection is not None:
            connection.close()

    def _message(self, mail: Mail) -> EmailMultiAlternatives:
        headers = {"Message-ID": f"<{mail.message_id}>", "Auto-Submitted": "auto-generated"}
        message = EmailMultiAlternatives(
            one_line(mail.subject, 180), mail.text, self._sender, [mail.to], headers=headers, connection=self._backend
        )
        message.attach_alternative(mail.html, "text/html")
        if mail.ics:
            message.attach_alternative(mail.ics.decode(), f"text/calendar; method={mail.method}")
            message.attach("invitation.ics", mail.ics, "application/ics")
        return message


def greet(settings: Settings, password: str | None) -> None:
    """Connect to the mail server, log in, hang up; send nothing. Raises `PublishError`. Django must be configured."""
    with SmtpMailer(settings, password) as mailer:
        mailer.greet()


def _translated(error: smtplib.SMTPException | OSError) -> PublishError:
    if isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(error, smtplib.SMTPException):
        return PublishError("the connection to the mail server broke off", permanent=False, uncertain=True)
    code = _code(error)
    said = f"the mail server answered {code}" if code else "the mail server cannot carry this"
    if code == _CLOSING:
        return PublishError(said, permanent=False, blocks_channel=True)
    if 400 <= code < 500:
        return PublishError(f"{said}: try later", permanent=False)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return PublishError(f"{said}: it does not take mail.sender", permanent=True, blocks_channel=True)
    return PublishError(said, permanent=True)


def _code(error: smtplib.SMTPException) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(int(answer[0]) for answer in error.recipients.values())
    return int(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else 0
