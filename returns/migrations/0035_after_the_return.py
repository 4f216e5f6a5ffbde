"""Follow-up of people who agreed to it, and organisations that are asked to help them settle in."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, of_person


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0037_what_is_asked_after_the_return"),
        ("partners", "0014_carriers"),
        ("returns", "0034_late_on_the_road"),
    ]

    operations = [
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("week", "after a week"),
                            ("month", "after a month"),
                            ("quarter", "after three months"),
                        ],
                        max_length=10,
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "to be done"),
                            ("reached", "reached"),
                            ("unreached", "could not be reached"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[("call", "by telephone"), ("visit", "by a visit")],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                ("last_tried_at", models.DateTimeField(blank=True, null=True)),
                ("done_by", common.actors.ActorField(blank=True, null=True)),
                ("needs", common.sealed.SealedTextField(blank=True, null=True)),
                ("note", common.sealed.SealedTextField(blank=True, null=True)),
                ("planned_at", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="follow_ups", to="returns.movement"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follow_ups", to="migrants.migrant"
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["due_on"], name="follow_ups_to_be_done"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "movement", "stage"),
                        name="followed_up_once_at_each_stage",
                        violation_error_message="This follow-up is planned already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("last_tried_at__isnull", False), _connector="OR"),
                        name="follow_up_that_ended_was_tried",
                        violation_error_message="A follow-up that is done was tried at some hour.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reintegration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "service",
                    models.CharField(
                        choices=[
                            ("work", "work"),
                            ("training", "training"),
                            ("business", "a small business"),
                            ("housing", "a place to live"),
                            ("school", "school for children"),
                            ("health", "health care"),
                            ("papers", "papers"),
                            ("other", "something else"),
                        ],
                        max_length=10,
                        verbose_name="for",
                    ),
                ),
                ("note", common.sealed.SealedTextField(blank=True, null=True)),
                ("referred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("accepted", "accepted"), ("declined", "declined")],
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answered_by", common.actors.ActorField(blank=True, null=True)),
                ("answer_note", common.sealed.SealedTextField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by", common.actors.ActorField(blank=True, null=True)),
                ("outcome", common.sealed.SealedTextField(blank=True, null=True)),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="migrants.consent"
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reintegrations",
                        to="migrants.migrant",
                    ),
                ),
            ],
            options={
                "ordering": ["-referred_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["referred_at"],
                        name="reintegrations_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer", ""), ("answered_at__isnull", False), _connector="OR"),
                        name="reintegration_answer_has_its_hour",
                        violation_error_message="An answer has its hour.",
                    )
                ],
            },
        ),
        BuildWall("returns_followup", of_person()),
        BuildWall("returns_reintegration", of_person()),
        KeepHistory("returns_followup", sealed=("needs", "note")),
        KeepHistory("returns_reintegration", sealed=("note", "answer_note", "outcome")),
    ]
