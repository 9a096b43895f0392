"""The record as a rehearsal reads it: every text may be shown to staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from backend.record.django_record import DjangoRecord
from publish.booking import Recipient
from publish.links import Links

NOWHERE = "l/rehearsal/"
"""Where a rehearsal's links lead, under the address of the site: to the page that says that a link is not valid."""


class UnlinkedRecord(DjangoRecord):
    """Its links stand where the real ones do and open nothing: who has a real one acts as somebody else."""

    def links(self, session: str) -> Mapping[Recipient, Links]:
        """As in the real invitation."""
        return {whose: self._dead(links) for whose, links in super().links(session).items()}

    def after_links(self, session: str) -> Mapping[Recipient, Links]:
        """As in the real question."""
        return {whose: self._dead(links) for whose, links in super().after_links(session).items()}

    def own_links(self, person: str, written: date) -> Links:
        """As in the real letter."""
        return self._dead(super().own_links(person, written))

    def skip_links(self, person: str, run_at: datetime) -> Links:
        """As in the real notice."""
        return self._dead(super().skip_links(person, run_at))

    def _dead(self, links: Links) -> Links:
        base = self._settings.web.public_url.rstrip("/")
        return dict.fromkeys(links, f"{base}/{NOWHERE}")
