"""Travel documents that embassies are asked for, their questions, and that a reception is ready, each behind the wall."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, Rule, behind, of_own, of_person, shown_to_own, within

SAID = Rule(
    "said_by_own",
    "select",
    "exists (select from returns_documentrequest parent where parent.id = {table}.request_id"
    " and parent.recipient_id in (select asker_organisations()))",
)


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0034_people_without_a_year"),
        ("partners", "0012_duty_and_reach"),
        ("returns", "0024_whom_a_judgement_is_of"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.CharField(db_index=True, max_length=12)),
                ("asked_at", models.DateTimeField()),
                ("answer_by", models.DateTimeField(verbose_name="answer by")),
                ("by", common.actors.ActorField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requests",
                        to="migrants.traveldocument",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="document_requests",
                        to="migrants.migrant",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["answer_by", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DocumentStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "held"),
                            ("lost", "lost"),
                            ("expired", "expired"),
                            ("with_employer", "held by the employer"),
                            ("applied", "applied for at the consulate"),
                            ("interviewed", "interviewed at the consulate"),
                            ("confirmed", "identity confirmed by the consulate"),
                            ("refused", "identity not confirmed by the consulate"),
                            ("issued", "issued, to be collected"),
                            ("used", "used for the journey"),
                            ("replaced", "replaced"),
                        ],
                        max_length=20,
                    ),
                ),
                ("said_at", models.DateTimeField()),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("function", models.CharField(max_length=120, verbose_name="function")),
                ("note", common.sealed.SealedTextField(blank=True, null=True)),
                ("by", common.actors.ActorField()),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="returns.documentrequest"
                    ),
                ),
            ],
            options={
                "ordering": ["said_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ConsularQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("words", models.TextField(max_length=1000, verbose_name="question")),
                ("asked_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                ("answer", models.TextField(blank=True, max_length=1000, verbose_name="answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answered_by", common.actors.ActorField(blank=True, null=True)),
                (
                    "disclosure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="migrants.disclosure",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="returns.movement"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True)), fields=["asked_at"], name="questions_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer", ""), ("answered_at__isnull", False), _connector="OR"),
                        name="consular_answer_has_its_hour",
                        violation_error_message="An answer has its hour.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceptionReady",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("places", models.PositiveIntegerField(verbose_name="places")),
                ("place", models.CharField(max_length=200, verbose_name="where")),
                ("transport", models.CharField(blank=True, max_length=200, verbose_name="transport onwards")),
                ("ready_from", models.DateTimeField(verbose_name="ready from")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("function", models.CharField(max_length=120, verbose_name="function")),
                ("said_at", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receptions_ready",
                        to="returns.movement",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["-said_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("places__gt", 0)),
                        name="reception_has_places",
                        violation_error_message="A reception has at least one place.",
                    )
                ],
            },
        ),
        BuildWall("returns_documentrequest", of_person(), shown_to_own()),
        BuildWall("returns_documentstep", behind("returns_documentrequest", "request_id"), SAID),
        BuildWall(
            "returns_consularquestion",
            within("movement_id", "asker_movements"),
            of_own("organisation_id", "asker_organisations"),
            of_own("organisation_id", "asker_organisations", command="insert"),
        ),
        BuildWall(
            "returns_receptionready",
            within("movement_id", "asker_movements"),
            of_own("organisation_id", "asker_organisations"),
            of_own("organisation_id", "asker_organisations", command="insert"),
        ),
        KeepHistory("returns_documentrequest"),
        KeepHistory("returns_documentstep", person="request_id", behind="returns_documentrequest", sealed=("note",)),
        KeepHistory("returns_consularquestion", person="disclosure_id", behind="migrants_disclosure"),
        KeepHistory("returns_receptionready"),
    ]
