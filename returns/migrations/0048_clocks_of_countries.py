"""On a way through several countries each has its transit clock, and heads are counted at the borders between them."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from common.history import KeepHistory

POINTS = [
    ("boarded", "boarded"),
    ("exited", "exit control passed"),
    ("entered", "entered the transit country"),
    ("left_1", "left the first country of transit"),
    ("entered_2", "entered the second country of transit"),
    ("left_2", "left the second country of transit"),
    ("entered_3", "entered the third country of transit"),
    ("left_3", "left the third country of transit"),
    ("entered_4", "entered the fourth country of transit"),
    ("left_4", "left the fourth country of transit"),
    ("entered_5", "entered the fifth country of transit"),
    ("left", "left the transit country"),
    ("handed_over", "handed over"),
    ("returned", "back at the crossing"),
]
DUE = models.Q(("due_at__gt", models.F("started_at")), ("warn_at__lte", models.F("due_at")))


class Migration(migrations.Migration):
    dependencies = [("returns", "0047_who_was_asked_to_look")]

    operations = [
        migrations.AlterField("checkpoint", "kind", models.CharField(choices=POINTS, max_length=20)),
        migrations.AlterField("manifeststage", "stage", models.CharField(choices=POINTS, max_length=20)),
        migrations.AddField("movement", "way_ends_at", models.DateTimeField(blank=True, null=True)),
        migrations.CreateModel(
            name="LegClock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("country", models.CharField(max_length=3)),
                ("started_at", models.DateTimeField()),
                ("warn_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("entered_at", models.DateTimeField(blank=True, null=True)),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                ("is_running", models.BooleanField(default=True)),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("alarmed_at", models.DateTimeField(blank=True, null=True)),
                ("onward_told_at", models.DateTimeField(blank=True, null=True)),
                *(
                    (
                        name,
                        models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=related, to=to),
                    )
                    for name, to, related in (
                        ("mission", "partners.office", "+"),
                        ("movement", "returns.movement", "leg_clocks"),
                    )
                ),
            ],
            options={
                "ordering": ["number"],
                "indexes": [
                    models.Index(condition=models.Q(("is_running", True)), fields=["warn_at"], name="legs_on_the_clock")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("movement", "number"), name="one_clock_for_each_leg"),
                    models.CheckConstraint(
                        condition=DUE,
                        name="leg_clock_has_its_end",
                        violation_error_message="A transit clock that runs has a warning and an end.",
                    ),
                ],
            },
        ),
        KeepHistory("returns_legclock"),
    ]
