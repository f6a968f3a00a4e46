"""Takes from before there was a line stand at its head, by age: in one place, none overtakes another.

Of those that the vendor has taken on, or may have, one POST each may be billed.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("renders", "0003_lines_costs_and_retention")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE renders_take SET billable = 1
            WHERE vendor_task_id <> '' OR status IN ('submitting', 'uncertain')
            """,
            migrations.RunSQL.noop,
        ),
    ]
