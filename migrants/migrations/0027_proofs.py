"""What is shown at a barrier beside documents and tests, behind the wall and with its history."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, of_group, of_person


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0026_enquiries"),
        ("partners", "0009_roles_held_by_the_database"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("vaccination", "vaccination"),
                            ("permit", "visa or permit"),
                            ("guarantee_letter", "letter of guarantee"),
                            ("registration_form", "registration form"),
                            ("payment", "payment"),
                            ("quarantine", "quarantine booked"),
                            ("quota", "place of the day’s quota"),
                            ("escort", "escort"),
                            ("residence", "country of residence"),
                            ("purpose", "purpose of travel"),
                        ],
                        max_length=20,
                    ),
                ),
                ("sort", models.CharField(blank=True, max_length=20)),
                ("country", models.CharField(blank=True, max_length=3)),
                ("title", models.CharField(blank=True, max_length=80)),
                ("number", common.sealed.SealedTextField(blank=True, null=True)),
                ("authority", models.CharField(blank=True, max_length=200, verbose_name="who issued it")),
                ("begins_on", models.DateField(blank=True, null=True)),
                ("last_on", models.DateField(blank=True, null=True)),
                ("doses", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("recorded_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_why", models.CharField(blank=True, max_length=200)),
                ("withdrawn_by", common.actors.ActorField(blank=True, null=True)),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proofs",
                        to="migrants.travelgroup",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proofs",
                        to="migrants.migrant",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person__isnull", True), ("group__isnull", True), _connector="XOR"),
                        name="proof_of_a_person_or_a_group",
                        violation_error_message="A proof is of one person or of one group.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("begins_on__isnull", True),
                            ("last_on__isnull", True),
                            ("begins_on__lte", models.F("last_on")),
                            _connector="OR",
                        ),
                        name="proof_ends_after_it_began",
                        violation_error_message="The last day must not lie before the first.",
                    ),
                ],
            },
        ),
        BuildWall("migrants_proof", of_person(), of_group()),
        KeepHistory("migrants_proof", sealed=("number",)),
    ]
