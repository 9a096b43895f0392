"""The Django app of the record."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class RecordConfig(AppConfig):
    """Keeps the database's own guards and the staff roles in place around each migration, and tokens out of logs."""

    name = "backend.record"
    label = "record"
    verbose_name = "Record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.record.guards import restore, set_aside
        from backend.record.links.quiet import hush
        from backend.record.roles import set_roles

        hush()
        pre_migrate.connect(set_aside, sender=self, dispatch_uid="record-guards-aside")
        post_migrate.connect(restore, sender=self, dispatch_uid="record-guards-back")
        post_migrate.connect(set_roles, sender=self, dispatch_uid="record-roles")
