"""The crew with its papers, what is decided on the road, and the stages of a manifest."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, of_own, within


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0012_duty_and_reach"),
        ("returns", "0027_who_did_not_come_through"),
    ]

    operations = [
        migrations.CreateModel(
            name="CrewMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("driver", "drives"),
                            ("relief_driver", "drives by turns"),
                            ("escort", "escorts"),
                            ("medic", "medic"),
                            ("leader", "leads the movement"),
                        ],
                        max_length=20,
                        verbose_name="does",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("phone", common.sealed.SealedTextField(blank=True, null=True)),
                ("document_kind", models.CharField(blank=True, max_length=60, verbose_name="kind of paper")),
                ("document_number", common.sealed.SealedTextField(blank=True, null=True)),
                ("document_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("checked_by", common.actors.ActorField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "movement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="crew", to="returns.movement"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.organisation",
                    ),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="crew",
                        to="returns.vehicle",
                    ),
                ),
            ],
            options={
                "ordering": ["vehicle__rank", "role", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("role", "leader")),
                        fields=("movement",),
                        name="one_leader_of_a_movement",
                        violation_error_message="This movement has a leader already; take that one off first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role__in", ["driver", "relief_driver"]), _negated=True),
                            ("vehicle__isnull", False),
                            _connector="OR",
                        ),
                        name="driver_has_a_bus",
                        violation_error_message="Choose the bus of the driver.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ManifestStage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("boarded", "boarded"),
                            ("exited", "exit control passed"),
                            ("entered", "entered the transit country"),
                            ("left", "left the transit country"),
                            ("handed_over", "handed over"),
                        ],
                        max_length=20,
                    ),
                ),
                ("heads", models.PositiveIntegerField()),
                ("frozen_at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                ("by", common.actors.ActorField()),
                (
                    "manifest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stages", to="returns.manifest"
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
            ],
            options={
                "ordering": ["frozen_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("manifest", "stage"), name="each_stage_once_for_a_manifest")
                ],
            },
        ),
        migrations.CreateModel(
            name="RoadDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "answer",
                    models.CharField(
                        choices=[("wait", "wait"), ("go_on", "go on")], max_length=20, verbose_name="what is decided"
                    ),
                ),
                ("why", models.CharField(max_length=300, verbose_name="why")),
                (
                    "reference",
                    models.CharField(blank=True, max_length=120, verbose_name="reference of the call or letter"),
                ),
                ("decided_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "authority",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.organisation",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "movement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="returns.movement"
                    ),
                ),
            ],
            options={
                "ordering": ["decided_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "go_on"), _negated=True),
                            models.Q(("authority__isnull", False), models.Q(("reference", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="going_on_names_who_said_so",
                        violation_error_message="Say who allowed the buses to go on, and the reference of the call or letter.",
                    )
                ],
            },
        ),
        BuildWall(
            "returns_crewmember",
            within("movement_id", "asker_movements"),
            of_own("organisation_id", "asker_organisations"),
        ),
        KeepHistory("returns_crewmember", sealed=("phone", "document_number")),
        KeepHistory("returns_roaddecision"),
        KeepHistory("returns_manifeststage"),
    ]
