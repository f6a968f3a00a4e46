"""The database itself refuses to rewrite a decision, or what a release stands for.

On PostgreSQL rows cannot be deleted either, on SQLite since migration 0009. A later migration that
remakes one of these tables on SQLite loses its triggers and has to make them again (see there):
tests/reviews/test_append_only.py tells.
"""

from django.db import migrations

# What a release stands for; only its withdrawal may be written afterwards.
_FIXED = "take_id, decision_id, released_by_id, released_at, payload_sha256, preview_sha256, video_sha256"

_SQLITE = (
    """CREATE TRIGGER decision_is_append_only BEFORE UPDATE ON reviews_decision
    BEGIN SELECT RAISE(ABORT, 'A decision stands as it was made.'); END""",
    f"""CREATE TRIGGER release_is_fixed BEFORE UPDATE OF {_FIXED} ON reviews_release
    BEGIN SELECT RAISE(ABORT, 'A release stands as it was made.'); END""",
    """CREATE TRIGGER withdrawal_is_final BEFORE UPDATE ON reviews_release
    WHEN OLD.withdrawn_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'A withdrawn release stays withdrawn.'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION reviews_history_stands() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'The history of reviews stands as it was made.'; END $$""",
    """CREATE TRIGGER decision_is_append_only BEFORE UPDATE OR DELETE ON reviews_decision
    FOR EACH ROW EXECUTE FUNCTION reviews_history_stands()""",
    f"""CREATE TRIGGER release_is_fixed BEFORE DELETE OR UPDATE OF {_FIXED} ON reviews_release
    FOR EACH ROW EXECUTE FUNCTION reviews_history_stands()""",
    """CREATE TRIGGER withdrawal_is_final BEFORE UPDATE ON reviews_release
    FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL)
    EXECUTE FUNCTION reviews_history_stands()""",
)
_TRIGGERS = (
    ("decision_is_append_only", "reviews_decision"),
    ("release_is_fixed", "reviews_release"),
    ("withdrawal_is_final", "reviews_release"),
)


def raise_guard(apps, schema_editor):
    statements = _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement, params=None)


def lower_guard(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for trigger, table in _TRIGGERS:
        place = "" if is_sqlite else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER {trigger}{place}")
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION reviews_history_stands()")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]
    operations = [migrations.RunPython(raise_guard, lower_guard)]
