"""Snapshots made before shots had transitions, notes, locks and references get their defaults."""

from django.db import migrations

SHOT = {
    "transition": "cut",
    "transition_ms": 0,
    "notes": "",
    "is_locked": False,
    "reference_id": None,
}


def complete(apps, schema_editor):
    Revision = apps.get_model("storyboards", "Revision")
    for revision in Revision.objects.only("snapshot").iterator(chunk_size=200):
        snapshot = revision.snapshot
        if "weaves_transitions" in snapshot:
            continue
        snapshot["weaves_transitions"] = True
        snapshot["shots"] = [SHOT | shot for shot in snapshot["shots"]]
        revision.save(update_fields=["snapshot"])


class Migration(migrations.Migration):
    dependencies = [("storyboards", "0003_transitions_notes_presence")]

    operations = [migrations.RunPython(complete, migrations.RunPython.noop)]
