"""The letter behind a decision that a colleague wrote down, page by page, sealed."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, of_staff


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0017_windows_that_open_again"),
    ]

    operations = [
        migrations.CreateModel(
            name="DecisionScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("rank", models.PositiveSmallIntegerField()),
                ("content", common.sealed.SealedBytesField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "approval",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="corridors.approval",
                    ),
                ),
                (
                    "word",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="corridors.partyword",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approval__isnull", False), ("word__isnull", True)),
                            models.Q(("approval__isnull", True), ("word__isnull", False)),
                            _connector="OR",
                        ),
                        name="scan_is_of_one_letter",
                        violation_error_message="A page is of a decision, or of a later word.",
                    )
                ],
            },
        ),
        BuildWall("corridors_decisionscan", of_staff("corridors")),
        KeepHistory("corridors_decisionscan", sealed=("content",)),
    ]
