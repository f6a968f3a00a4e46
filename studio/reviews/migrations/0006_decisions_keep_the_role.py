"""A decision says as which role it was made: people change roles, what they said stays."""

from importlib import import_module

from django.db import migrations, models

_room = import_module("studio.reviews.migrations.0004_the_review_room")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0005_who_wrote_what")]

    operations = [
        # SQLite remakes the table, and would lose its triggers without a word.
        migrations.RunPython(_room.lower_guard, _room.raise_guard),
        migrations.AddField(
            model_name="decision",
            name="role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("admin", "Admin"),
                    ("producer", "Producer"),
                    ("creative", "Creative"),
                    ("viewer", "Viewer"),
                ],
                default="",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.RunPython(_room.raise_guard, _room.lower_guard),
    ]
