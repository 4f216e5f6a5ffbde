"""A corridor may lead through several countries, with a leg for each in every version."""

import django.db.models.deletion
from django.db import migrations, models

from common.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0015_conditions_from_a_list"),
    ]

    operations = [
        migrations.AddField(
            model_name="transitcorridor",
            name="further_countries",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.CreateModel(
            name="Leg",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("from_country", models.CharField(max_length=3)),
                ("country", models.CharField(max_length=3)),
                ("to_country", models.CharField(max_length=3)),
                ("longest_transit", models.DurationField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="corridors.bordercrossing"
                    ),
                ),
                (
                    "exit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="corridors.bordercrossing"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="legs", to="corridors.corridorversion"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "number"), name="legs_are_numbered"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)),
                        name="leg_has_its_place",
                        violation_error_message="Legs are numbered from one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("from_country", models.F("country")), _negated=True),
                            models.Q(("country", models.F("to_country")), _negated=True),
                        ),
                        name="leg_crosses_a_border_twice",
                        violation_error_message="A leg comes from another country and leads into another one.",
                    ),
                ],
            },
        ),
        KeepHistory("corridors_leg"),
    ]
