"""A release knows since when it is refused, so that the next time is told as another."""

from importlib import import_module

from django.db import migrations, models

_guards = import_module("studio.reviews.migrations.0009_history_is_never_deleted")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0009_history_is_never_deleted")]

    operations = [
        # SQLite may remake the table, and would lose its triggers without a word.
        migrations.RunPython(_guards.lower_guard, _guards.raise_guard),
        migrations.AddField(
            model_name="release",
            name="refused_since",
            field=models.DateTimeField(
                help_text="Found not to be what was approved, and not found whole since.",
                null=True,
            ),
        ),
        migrations.RunPython(_guards.raise_guard, _guards.lower_guard),
    ]
