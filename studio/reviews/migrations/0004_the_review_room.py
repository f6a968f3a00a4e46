"""Notes, verdicts on shots, decisions by policy, share links, films of previews, comparisons."""

import uuid
from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import studio.reviews.models.decisions

_first = import_module("studio.reviews.migrations.0002_history_is_append_only")


def lower_guard(apps, schema_editor):
    """SQLite remakes the guarded tables, and would lose their triggers without a word."""
    _first.lower_guard(apps, schema_editor)


def raise_guard(apps, schema_editor):
    """As before; what the policy asked for at a release is fixed with it."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in _first._SQLITE if is_sqlite else _first._POSTGRESQL:
        fixed = statement.replace(
            "take_id, decision_id,", "take_id, decision_id, approvals_needed,"
        )
        schema_editor.execute(fixed, params=None)


def raise_first_guard(apps, schema_editor):
    _first.raise_guard(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_audit_heads"),
        ("renders", "0004_takes_stand_in_line"),
        ("reviews", "0003_retention"),
        ("vault", "0003_erasing_can_be_finished"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(lower_guard, raise_first_guard),
        migrations.CreateModel(
            name="Guest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120)),
                ("key_sha256", models.CharField(max_length=64, unique=True)),
                ("first_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="LinkView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("opened", "Opened the page"),
                            ("watched", "Watched the preview"),
                            ("film", "Watched the film"),
                            ("downloaded", "Downloaded the film"),
                            ("refused", "Was refused"),
                        ],
                        max_length=10,
                    ),
                ),
                ("says", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("address", models.GenericIPAddressField(null=True)),
                ("agent", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("internal", "Internal"), ("client", "Client")], max_length=8
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("from_ms", models.PositiveIntegerField(null=True)),
                ("to_ms", models.PositiveIntegerField(null=True)),
                ("scene_id", models.CharField(blank=True, max_length=80)),
                ("drawing", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="Of anything a page shows; pulses compare it.",
                    ),
                ),
                ("edited_at", models.DateTimeField(null=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("deleted_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="NoteEdit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("drawing", models.JSONField(blank=True, default=list)),
                ("from_ms", models.PositiveIntegerField(null=True)),
                ("to_ms", models.PositiveIntegerField(null=True)),
                ("replaced_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="NoteMention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PreviewFilm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("working", "Working"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                (
                    "progress",
                    models.PositiveSmallIntegerField(default=0, help_text="In thousandths."),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "says",
                    models.CharField(blank=True, max_length=500, verbose_name="Why it failed"),
                ),
                ("queue_entry", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "lines",
                    models.JSONField(
                        default=list, help_text="Burned in beside the preview's own mark."
                    ),
                ),
                ("made_from", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="ReviewPolicy",
            fields=[
                (
                    "workspace",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="review_policy",
                        serialize=False,
                        to="accounts.workspace",
                    ),
                ),
                ("approvals_needed", models.PositiveSmallIntegerField(default=1)),
                (
                    "roles",
                    models.JSONField(
                        default=studio.reviews.models.decisions._deciding_roles,
                        help_text="Whose approvals count; all of them may decide.",
                    ),
                ),
                (
                    "refuses_own",
                    models.BooleanField(
                        default=False, help_text="Who ordered a take cannot approve it."
                    ),
                ),
                (
                    "guests_count",
                    models.BooleanField(
                        default=False,
                        help_text="An approval through a share link counts; else it advises.",
                    ),
                ),
                (
                    "releases_itself",
                    models.BooleanField(
                        default=True,
                        help_text="Release as soon as it is approved; else by a producer's hand.",
                    ),
                ),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="ShareLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("label", models.CharField(blank=True, max_length=120)),
                (
                    "subject",
                    models.CharField(
                        choices=[("preview", "Preview"), ("film", "Released film")],
                        default="preview",
                        max_length=8,
                    ),
                ),
                (
                    "rights",
                    models.CharField(
                        choices=[
                            ("view", "View"),
                            ("comment", "View and comment"),
                            ("approve", "View, comment and approve"),
                        ],
                        default="view",
                        max_length=8,
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                (
                    "passphrase",
                    models.CharField(
                        blank=True,
                        help_text="As Django hashes passwords (argon2); empty: none.",
                        max_length=200,
                    ),
                ),
                (
                    "view_cap",
                    models.PositiveIntegerField(
                        help_text="How many people (browsers) may come in; NULL: any number.",
                        null=True,
                    ),
                ),
                ("views", models.PositiveIntegerField(default=0)),
                ("asks_name", models.BooleanField(default=True)),
                (
                    "marks_viewer",
                    models.BooleanField(
                        default=True, help_text="Burn the guest's name into the preview they see."
                    ),
                ),
                ("revoked_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_viewed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ShotVerdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scene_id", models.CharField(max_length=80)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("fine", "Fine"), ("fix", "Fix"), ("open", "Not judged")],
                        max_length=4,
                    ),
                ),
                ("says", models.TextField(blank=True)),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="decision",
            name="counts",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="release",
            name="approvals_needed",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="decision",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("approved", "Approved"),
                    ("changes_requested", "Changes requested"),
                    ("withdrawn", "Withdrawn"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="release",
            name="released_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(raise_guard, lower_guard),
    ]
