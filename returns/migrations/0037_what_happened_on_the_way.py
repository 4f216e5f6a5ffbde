"""What happened on the way; about a person it is sealed."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, Rule, of_person

OF_NOBODY = Rule(
    "of_the_way",
    "all",
    "person_id is null and ((select asker_opens_all('cases')) or (select asker_opens('cases'))"
    " and movement_id in (select asker_movements()))",
)


class Migration(migrations.Migration):
    dependencies = [("returns", "0036_who_else_receives")]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("breakdown", "breakdown"),
                            ("accident", "accident"),
                            ("illness", "illness"),
                            ("birth", "birth"),
                            ("delay", "delay"),
                            ("stopped", "stopped on the way"),
                            ("security", "security"),
                            ("weather", "weather"),
                            ("other", "other"),
                        ],
                        max_length=20,
                        verbose_name="what happened",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("sealed_note", common.sealed.SealedTextField(blank=True, null=True)),
                ("is_confidential", models.BooleanField(default=False)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                *(
                    (
                        name,
                        models.ForeignKey(
                            blank=optional,
                            null=optional,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name=related,
                            to=to,
                        ),
                    )
                    for name, to, related, optional in (
                        ("mission", "partners.office", "+", False),
                        ("movement", "returns.movement", "incidents", False),
                        ("person", "migrants.migrant", "incidents", True),
                        ("vehicle", "returns.vehicle", "incidents", True),
                    )
                ),
            ],
            options={
                "ordering": ["happened_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person__isnull", True), ("sealed_note__isnull", True)),
                            models.Q(("note", ""), ("person__isnull", False)),
                            _connector="OR",
                        ),
                        name="what_is_about_a_person_is_sealed",
                        violation_error_message="What is about a person is kept sealed.",
                    )
                ],
            },
        ),
        BuildWall("returns_incident", OF_NOBODY, of_person()),
        KeepHistory("returns_incident", sealed=("sealed_note",), person="person_id"),
    ]
