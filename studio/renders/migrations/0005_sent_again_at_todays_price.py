"""A take that is sent again is priced anew, and what may be billed from before stays counted.

The former release may still write takes during an update: the database itself fills in the count.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("renders", "0004_takes_stand_in_line"),
    ]

    operations = [
        migrations.AddField(
            model_name="take",
            name="earlier_billable",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="Of `billable`, those from before it was sent again at another day's price.",
            ),
        ),
        migrations.AddField(
            model_name="take",
            name="earlier_estimate",
            field=models.DecimalField(
                decimal_places=4, help_text="Of those, all together.", max_digits=14, null=True
            ),
        ),
    ]
