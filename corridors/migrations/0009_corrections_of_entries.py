"""A version may say that it corrects an entry, and what was wrong."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0008_lines_of_every_crossing"),
    ]

    operations = [
        migrations.AddField(
            model_name="requirementdraft",
            name="correction",
            field=models.TextField(blank=True, default="", db_default=""),
        ),
        migrations.AddField(
            model_name="requirementversion",
            name="correction",
            field=models.TextField(blank=True, default="", db_default=""),
        ),
        migrations.AlterField(
            model_name="requirementchange",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new", "new requirement"),
                    ("changed", "changed requirement"),
                    ("corrected", "entry corrected"),
                    ("withdrawn", "requirement withdrawn"),
                ],
                max_length=20,
            ),
        ),
    ]
