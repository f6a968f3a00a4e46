"""Who wrote and drew what, and what may stand only once."""

from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

_before = import_module("studio.reviews.migrations.0004_the_review_room")


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0004_the_review_room"),
    ]

    operations = [
        # See there: tables are remade here too.
        migrations.RunPython(_before.lower_guard, _before.raise_guard),
        migrations.CreateModel(
            name="Brand",
            fields=[
                (
                    "workspace",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="brand",
                        serialize=False,
                        to="accounts.workspace",
                    ),
                ),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "mark",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vault.asset",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Comparison",
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
                ("made_from", models.CharField(max_length=64)),
                ("findings", models.JSONField(default=list)),
                (
                    "former",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="renders.take",
                    ),
                ),
                (
                    "later",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="renders.take",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comparisons",
                        to="accounts.workspace",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="decision",
            name="guest",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="reviews.guest",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", None), ("guest", None), _connector="XOR"),
                name="a_decision_has_one_maker",
            ),
        ),
        migrations.AddField(
            model_name="linkview",
            name="guest",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="reviews.guest",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="guest",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notes",
                to="reviews.guest",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="parent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="reviews.note",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="resolved_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="take",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="renders.take"
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notes",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="noteedit",
            name="note",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="edits", to="reviews.note"
            ),
        ),
        migrations.AddField(
            model_name="notemention",
            name="note",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mentions",
                to="reviews.note",
            ),
        ),
        migrations.AddField(
            model_name="notemention",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="previewfilm",
            name="film",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vault.asset",
            ),
        ),
        migrations.AddField(
            model_name="previewfilm",
            name="guest",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="preview_films",
                to="reviews.guest",
            ),
        ),
        migrations.AddField(
            model_name="previewfilm",
            name="poster",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vault.asset",
            ),
        ),
        migrations.AddField(
            model_name="previewfilm",
            name="strip",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vault.asset",
            ),
        ),
        migrations.AddField(
            model_name="previewfilm",
            name="take",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="preview_films",
                to="renders.take",
            ),
        ),
        migrations.AddField(
            model_name="reviewpolicy",
            name="updated_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sharelink",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sharelink",
            name="revoked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sharelink",
            name="take",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="share_links",
                to="renders.take",
            ),
        ),
        migrations.AddField(
            model_name="sharelink",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="share_links",
                to="accounts.workspace",
            ),
        ),
        migrations.AddField(
            model_name="linkview",
            name="link",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="log",
                to="reviews.sharelink",
            ),
        ),
        migrations.AddField(
            model_name="guest",
            name="link",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="guests",
                to="reviews.sharelink",
            ),
        ),
        migrations.AddField(
            model_name="shotverdict",
            name="given_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="shotverdict",
            name="take",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shot_verdicts",
                to="renders.take",
            ),
        ),
        migrations.AddConstraint(
            model_name="comparison",
            constraint=models.UniqueConstraint(
                fields=("former", "later", "made_from"), name="one_comparison_per_pair"
            ),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["take", "channel", "changed_at"], name="notes_of_take"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("author", None), ("guest", None), _connector="XOR"),
                name="a_note_has_one_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("guest", None), ("channel", "client"), _connector="OR"),
                name="guests_write_to_the_client_channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="notemention",
            constraint=models.UniqueConstraint(fields=("note", "user"), name="mentioned_once"),
        ),
        migrations.AddConstraint(
            model_name="previewfilm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("guest", None)), fields=("take",), name="one_film_of_the_house"
            ),
        ),
        migrations.AddConstraint(
            model_name="previewfilm",
            constraint=models.UniqueConstraint(fields=("take", "guest"), name="one_film_per_guest"),
        ),
        migrations.AddIndex(
            model_name="shotverdict",
            index=models.Index(fields=["take", "scene_id"], name="verdicts_of_take"),
        ),
        migrations.RunPython(_before.raise_guard, _before.lower_guard),
    ]
