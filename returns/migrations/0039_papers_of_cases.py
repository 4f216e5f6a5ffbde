"""Papers of cases and groups, page by page, sealed; a paper that was taken away has no pages any more."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, of_group


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0038_nobody_held_is_received"),
        ("partners", "0014_carriers"),
        ("returns", "0038_casework"),
    ]

    operations = [
        migrations.CreateModel(
            name="CasePage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("paper", models.UUIDField(default=uuid.uuid4)),
                ("rank", models.PositiveSmallIntegerField(default=1)),
                ("title", models.CharField(max_length=120, verbose_name="what it is")),
                ("content", common.sealed.SealedBytesField(null=True)),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("kept_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("removed_by", common.actors.ActorField(blank=True, null=True)),
                ("removed_why", models.CharField(blank=True, max_length=200)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="returns.returncase",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="migrants.travelgroup"
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
                "ordering": ["-kept_at", "paper", "rank"],
                "indexes": [models.Index(fields=["group", "-kept_at"], name="papers_of_a_group")],
                "constraints": [
                    models.UniqueConstraint(fields=("paper", "rank"), name="page_of_a_paper_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("content__isnull", False), ("removed_at__isnull", True)),
                            models.Q(("content__isnull", True), ("removed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="paper_taken_away_is_gone",
                        violation_error_message="A paper that was taken away has no pages any more.",
                    ),
                ],
            },
        ),
        BuildWall("returns_casepage", of_group()),
        KeepHistory("returns_casepage", person="case_id", behind="returns_returncase", sealed=("content",)),
    ]
