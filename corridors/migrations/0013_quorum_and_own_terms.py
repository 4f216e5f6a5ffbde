"""How many of its parties a version needs, and what each of them allows where that is less than was asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0012_words_of_parties"),
        ("partners", "0012_duty_and_reach"),
    ]

    operations = [
        migrations.AddField(
            model_name="approval",
            name="closes_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="approval",
            name="head_count_cap",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="approval",
            name="is_must",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="approval",
            name="opens_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="approval",
            name="route",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="approval",
            name="vehicle_cap",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="corridorversion",
            name="needed",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="corridorversion",
            name="vehicle_cap",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="standingchange",
            name="now",
            field=models.CharField(
                choices=[
                    ("draft", "draft, nobody is asked yet"),
                    ("awaiting", "waiting for its parties"),
                    ("open", "open"),
                    ("rejected", "rejected"),
                    ("lapsed", "lapsed"),
                    ("suspended", "suspended"),
                    ("replaced", "replaced by a newer version"),
                    ("withdrawn", "withdrawn by a party"),
                    ("contradictory", "conditions of its parties do not fit together"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="standingchange",
            name="was",
            field=models.CharField(
                choices=[
                    ("draft", "draft, nobody is asked yet"),
                    ("awaiting", "waiting for its parties"),
                    ("open", "open"),
                    ("rejected", "rejected"),
                    ("lapsed", "lapsed"),
                    ("suspended", "suspended"),
                    ("replaced", "replaced by a newer version"),
                    ("withdrawn", "withdrawn by a party"),
                    ("contradictory", "conditions of its parties do not fit together"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closes_at__isnull", True), ("opens_at__isnull", True)),
                    ("closes_at__gt", models.F("opens_at")),
                    _connector="OR",
                ),
                name="own_window_is_whole",
                violation_error_message="An own window has an opening and a later end, or there is none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="corridorversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("vehicle_cap__isnull", True), ("vehicle_cap__gt", 0), _connector="OR"),
                name="corridor_vehicles_are_positive",
                violation_error_message="A corridor is for at least one vehicle.",
            ),
        ),
        migrations.AddConstraint(
            model_name="corridorversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("needed__isnull", True), ("needed__gt", 0), _connector="OR"),
                name="corridor_needs_at_least_one",
                violation_error_message="At least one party has to approve.",
            ),
        ),
    ]
