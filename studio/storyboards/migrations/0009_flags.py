"""Shots that reviewers want fixed."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("storyboards", "0008_preset_evidence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="flags_version",
            field=models.PositiveIntegerField(
                default=0, help_text="Counts up whenever a flag changes; pulses compare it."
            ),
        ),
        migrations.CreateModel(
            name="ShotFlag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shot", models.PositiveBigIntegerField()),
                ("take", models.PositiveBigIntegerField(help_text="The take that was judged.")),
                ("take_number", models.PositiveIntegerField()),
                (
                    "source",
                    models.CharField(help_text="Who said it, of which take.", max_length=200),
                ),
                ("url", models.CharField(help_text="Of the take, at that shot.", max_length=200)),
                ("says", models.TextField()),
                ("notes", models.JSONField(blank=True, default=list)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done_at", models.DateTimeField(null=True)),
                ("is_set_aside", models.BooleanField(default=False)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="storyboards.project",
                    ),
                ),
            ],
            options={
                "ordering": ["take_number", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "shot", "take"), name="one_flag_per_shot_and_take"
                    )
                ],
            },
        ),
    ]
