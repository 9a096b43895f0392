"""Rights that are not about one table. The roles that hold them are set after each migration: `backend.record.roles`."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("record", "0004_direct_answers")]

    operations = [
        migrations.AlterModelOptions(
            name="program",
            options={
                "ordering": ("key",),
                "permissions": (
                    ("coordinate", "Can change the record: sessions, requests, pairs, answers, plans, the outbox"),
                    ("own", "Can erase people, make keys and see addresses"),
                ),
            },
        ),
    ]
