"""On SQLite, too, the database refuses to delete a decision or a release.

A later migration that remakes one of these tables lowers and raises the guards of this module, which
are all of them. What empties a whole database lowers them as well: tests/flushing.py does.
"""

from importlib import import_module

from django.db import migrations

_room = import_module("studio.reviews.migrations.0004_the_review_room")

# PostgreSQL refuses it since migration 0002.
_SQLITE = {
    "decision_is_kept": """CREATE TRIGGER decision_is_kept BEFORE DELETE ON reviews_decision
    BEGIN SELECT RAISE(ABORT, 'A decision stands as it was made.'); END""",
    "release_is_kept": """CREATE TRIGGER release_is_kept BEFORE DELETE ON reviews_release
    BEGIN SELECT RAISE(ABORT, 'A release stands as it was made.'); END""",
}


def refuse_deleting(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in _SQLITE.values():
            schema_editor.execute(statement, params=None)


def allow_deleting(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for trigger in _SQLITE:
            schema_editor.execute(f"DROP TRIGGER {trigger}")


def lower_guard(apps, schema_editor):
    allow_deleting(apps, schema_editor)
    _room.lower_guard(apps, schema_editor)


def raise_guard(apps, schema_editor):
    _room.raise_guard(apps, schema_editor)
    refuse_deleting(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0008_who_deleted_a_note")]
    operations = [migrations.RunPython(refuse_deleting, allow_deleting)]
