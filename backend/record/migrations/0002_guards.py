"""What the database itself refuses; see `backend.record.guards`."""

from __future__ import annotations

from django.db import migrations

from backend.record import guards


class Migration(migrations.Migration):
    dependencies = [("record", "0001_first")]
    operations = [migrations.RunPython(guards.install, guards.remove)]
