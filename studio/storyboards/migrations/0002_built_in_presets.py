"""The twelve built-in camera presets of the first release, as data."""

from typing import Any

from django.db import migrations

PRESETS = [
    ("orbit", "Orbit", "Circular path around the focal subject.", "documented"),
    ("dolly-in", "Dolly in", "Smooth forward push toward the subject.", "documented"),
    ("follow", "Follow", "Locks onto a moving subject, keeping it centered.", "documented"),
    ("handheld", "Handheld", "Adds subtle shake and parallax.", "documented"),
    ("static", "Static", "The camera stands still.", "unverified"),
    ("dolly-out", "Dolly out", "Smooth pull away from the subject.", "unverified"),
    ("pan-left", "Pan left", "Turns to the left from a fixed place.", "unverified"),
    ("pan-right", "Pan right", "Turns to the right from a fixed place.", "unverified"),
    ("tilt-up", "Tilt up", "Turns upward from a fixed place.", "unverified"),
    ("tilt-down", "Tilt down", "Turns downward from a fixed place.", "unverified"),
    ("crane-up", "Crane up", "Rises above the scene.", "unverified"),
    ("zoom-in", "Zoom in", "The lens closes in; the camera stands still.", "unverified"),
]


def add_presets(apps: Any, schema_editor: Any) -> None:
    preset = apps.get_model("storyboards", "CameraPreset")
    preset.objects.bulk_create(
        preset(motion=motion, title=title, description=description, standing=standing, position=n)
        for n, (motion, title, description, standing) in enumerate(PRESETS)
    )


class Migration(migrations.Migration):
    dependencies = [("storyboards", "0001_initial")]
    operations = [migrations.RunPython(add_presets, migrations.RunPython.noop)]
