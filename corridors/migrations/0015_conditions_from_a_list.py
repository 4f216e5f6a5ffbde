"""Conditions from a list with their details, and what has to be at hand at the barrier."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0014_decisions_carried_over"),
    ]

    operations = [
        migrations.AddField(
            model_name="corridorversion",
            name="evidence",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="corridorversion",
            name="listed",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
