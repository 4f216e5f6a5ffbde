"""Word from the barrier, who else heard it, and pictures of the papers behind versions, sealed and behind the wall."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, Rule, of_staff


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0009_corrections_of_entries"),
        ("partners", "0009_roles_held_by_the_database"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("letter", "letter or order"), ("notice", "notice on the wall"), ("other", "other")],
                        max_length=20,
                        verbose_name="what it shows",
                    ),
                ),
                ("caption", models.CharField(blank=True, max_length=200)),
                ("content", common.sealed.SealedBytesField()),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("is_public", models.BooleanField(default=False)),
                ("recorded_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="corridors.requirementversion",
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="BarrierReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("from_country", models.CharField(max_length=3)),
                ("to_country", models.CharField(max_length=3)),
                (
                    "subject",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("travel_document", "travel document"),
                            ("health_test", "health test"),
                            ("opening", "opening of the crossing"),
                            ("consent", "consent form"),
                            ("other", "other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("sentence", models.CharField(blank=True, max_length=500)),
                ("photograph", common.sealed.SealedBytesField(null=True)),
                ("width", models.PositiveSmallIntegerField(null=True)),
                ("height", models.PositiveSmallIntegerField(null=True)),
                ("latitude", models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True)),
                ("longitude", models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True)),
                ("seen_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "nobody has taken it up"),
                            ("taken_up", "taken up as a draft"),
                            ("set_aside", "set aside"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_by", common.actors.ActorField(null=True)),
                (
                    "crossing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="corridors.bordercrossing",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="corridors.requirementdraft",
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
                "ordering": ["-seen_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportVoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("who", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="voices", to="corridors.barrierreport"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="barrierreport",
            index=models.Index(condition=models.Q(("state", "open")), fields=["-seen_at"], name="reports_still_open"),
        ),
        migrations.AddConstraint(
            model_name="barrierreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_country", models.F("to_country")), _negated=True),
                name="report_crosses_a_border",
                violation_error_message="The direction must lead from one country to another.",
            ),
        ),
        migrations.AddConstraint(
            model_name="barrierreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("draft__isnull", True), ("settled_at__isnull", True), ("state", "open")),
                    models.Q(("draft__isnull", False), ("settled_at__isnull", False), ("state", "taken_up")),
                    models.Q(
                        ("draft__isnull", True),
                        ("settled_at__isnull", False),
                        ("state", "set_aside"),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="report_is_settled_once",
                violation_error_message="A report is taken up as a draft, or set aside with a reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportvoice",
            constraint=models.UniqueConstraint(fields=("report", "who"), name="one_voice_a_person"),
        ),
        BuildWall("corridors_barrierreport", of_staff("corridors")),
        BuildWall("corridors_attachment", of_staff("corridors"), Rule("shown_to_anybody", "select", "is_public")),
        KeepHistory("corridors_barrierreport", sealed=("photograph",)),
        KeepHistory("corridors_reportvoice"),
        KeepHistory("corridors_attachment", sealed=("content",)),
    ]
