"""Outages: tries are counted, wake-ups remembered, and refused keys tried again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_audit_heads"),
        ("renders", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="take",
            name="queue_entry",
            field=models.BigIntegerField(
                help_text="Its last wake-up in the queue, so that none is added to that.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="takeevent",
            name="last_at",
            field=models.DateTimeField(help_text="Of several times, the last.", null=True),
        ),
        migrations.AddField(
            model_name="takeevent",
            name="times",
            field=models.PositiveIntegerField(
                default=1, help_text="How often in a row it ended so."
            ),
        ),
        migrations.AlterField(
            model_name="take",
            name="attempts",
            field=models.PositiveIntegerField(default=0, help_text="POSTs begun, 429s included."),
        ),
        migrations.CreateModel(
            name="KeyTrial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "paused_at",
                    models.DateTimeField(
                        help_text="Of the pause it is about; another begins anew."
                    ),
                ),
                ("tries", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                (
                    "api_key",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trial",
                        to="accounts.apikey",
                    ),
                ),
            ],
        ),
    ]
