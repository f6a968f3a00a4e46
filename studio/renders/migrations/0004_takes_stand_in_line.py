"""Takes from before there was a line stand in it as they were ordered; one POST each may be billed."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("renders", "0003_lines_costs_and_retention")]

    operations = [
        migrations.RunSQL("UPDATE renders_take SET place = id", migrations.RunSQL.noop),
        migrations.RunSQL(
            "UPDATE renders_take SET billable = 1 WHERE attempts > 0 AND status <> 'queued'",
            migrations.RunSQL.noop,
        ),
    ]
