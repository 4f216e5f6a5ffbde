"""Names of drivers and escorts have a clock of their own."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0039_each_its_own_disclosures"),
    ]

    operations = [
        migrations.AlterField(
            model_name="erasure",
            name="kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("identity", "names, numbers, phones, notes, places on manifests"),
                        ("documents", "travel documents"),
                        ("health", "health tests and what followed from them"),
                        ("protection", "screening, referrals, arrangements for children"),
                        ("uploads", "uploaded lists"),
                        ("messages", "texts of messages and notes of calls"),
                        ("crew", "names and papers of drivers and others of the crew"),
                        ("requests", "answers kept for repeated requests"),
                        ("sessions", "sessions that have ended"),
                        ("looks", "log of looks at people"),
                        ("acts", "audit and history"),
                    ],
                    max_length=20,
                ),
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="forgetting",
            name="kind",
            field=models.CharField(
                choices=[
                    ("identity", "names, numbers, phones, notes, places on manifests"),
                    ("documents", "travel documents"),
                    ("health", "health tests and what followed from them"),
                    ("protection", "screening, referrals, arrangements for children"),
                    ("uploads", "uploaded lists"),
                    ("messages", "texts of messages and notes of calls"),
                    ("crew", "names and papers of drivers and others of the crew"),
                    ("requests", "answers kept for repeated requests"),
                    ("sessions", "sessions that have ended"),
                    ("looks", "log of looks at people"),
                    ("acts", "audit and history"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="retentionperiod",
            name="kind",
            field=models.CharField(
                choices=[
                    ("identity", "names, numbers, phones, notes, places on manifests"),
                    ("documents", "travel documents"),
                    ("health", "health tests and what followed from them"),
                    ("protection", "screening, referrals, arrangements for children"),
                    ("uploads", "uploaded lists"),
                    ("messages", "texts of messages and notes of calls"),
                    ("crew", "names and papers of drivers and others of the crew"),
                    ("requests", "answers kept for repeated requests"),
                    ("sessions", "sessions that have ended"),
                    ("looks", "log of looks at people"),
                    ("acts", "audit and history"),
                ],
                max_length=20,
            ),
        ),
    ]
