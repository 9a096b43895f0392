"""The admin site itself."""

from __future__ import annotations

from unfold.sites import UnfoldAdminSite


class RecordSite(UnfoldAdminSite):  # type: ignore[misc]  # untyped package
    """Only what the record registers; accounts are made by the command `staff`, never here."""


SITE = RecordSite(name="admin")
