"""Papers that left, each with a code that anybody may check; slips with numbers."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
from common.history import KeepHistory
from common.wall import BuildWall, of_person


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0011_subjects_of_requirements"),
        ("migrants", "0035_papers_that_leave"),
        ("partners", "0012_duty_and_reach"),
        ("returns", "0022_rows_of_a_list_with_fewer_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperIssue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=16, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("manifest", "Manifest"),
                            ("bus_list", "Bus list"),
                            ("transit_request", "Request for transit"),
                            ("advance_notice", "Advance notice of arrival"),
                            ("handover", "Handover protocol"),
                            ("travel_document", "Application for a travel document"),
                            ("seen_by", "Who sees what about you"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=8)),
                ("made_for", models.CharField(blank=True, max_length=200)),
                ("issued_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "corridor_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="corridors.corridorversion",
                    ),
                ),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="migrants.export"
                    ),
                ),
                (
                    "manifest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="returns.manifest",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="returns.movement",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-issued_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Slip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("token", models.CharField(max_length=20, unique=True)),
                ("printed_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slips",
                        to="returns.movement",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slips", to="migrants.migrant"
                    ),
                ),
            ],
            options={
                "ordering": ["-printed_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)), fields=["person"], name="slips_that_are_valid"
                    )
                ],
            },
        ),
        KeepHistory("returns_paperissue"),
        BuildWall("returns_slip", of_person()),
        KeepHistory("returns_slip"),
    ]
