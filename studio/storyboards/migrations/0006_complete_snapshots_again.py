"""Snapshots made before shots had a subject and films a soundtrack get their defaults."""

from django.db import migrations

SHOT = {"subject_x": None, "subject_y": None}


def complete(apps, schema_editor):
    Revision = apps.get_model("storyboards", "Revision")
    for revision in Revision.objects.only("snapshot").iterator(chunk_size=200):
        snapshot = revision.snapshot
        if "soundtrack_id" in snapshot:
            continue
        snapshot["soundtrack_id"] = None
        snapshot["shots"] = [SHOT | shot for shot in snapshot["shots"]]
        revision.save(update_fields=["snapshot"])


class Migration(migrations.Migration):
    dependencies = [("storyboards", "0005_animatics_subjects_soundtracks")]

    operations = [migrations.RunPython(complete, migrations.RunPython.noop)]
