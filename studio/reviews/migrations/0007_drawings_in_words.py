from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0006_decisions_keep_the_role"),
    ]

    operations = [
        migrations.AddField(
            model_name="note",
            name="drawn",
            field=models.CharField(
                blank=True, help_text="What the drawing consists of, in words.", max_length=60
            ),
        ),
    ]
