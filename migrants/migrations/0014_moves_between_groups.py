import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
from common.history import KeepHistory
from common.wall import BuildWall, counted, of_group, of_person, within


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0013_pictures"),
        ("partners", "0007_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="GroupMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("moved", "moved"),
                            ("split", "split off"),
                            ("joined", "joined"),
                            ("back", "moved back"),
                        ],
                        max_length=10,
                    ),
                ),
                ("heads", models.PositiveIntegerField()),
                ("unregistered", models.PositiveIntegerField(default=0)),
                ("why", models.CharField(max_length=200, verbose_name="why")),
                ("moved_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_by", common.actors.ActorField(blank=True, null=True)),
                ("by", common.actors.ActorField()),
                (
                    "from_group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves_out", to="migrants.travelgroup"
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "to_group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves_in", to="migrants.travelgroup"
                    ),
                ),
            ],
            options={
                "ordering": ["-moved_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="MovedPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="migrants.family",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "move",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="people", to="migrants.groupmove"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="migrants.migrant"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="groupmove",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_group", models.F("to_group")), _negated=True),
                name="a_move_leads_elsewhere",
                violation_error_message="People cannot be moved into the group in which they are.",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupmove",
            constraint=models.CheckConstraint(
                condition=models.Q(("unregistered__lte", models.F("heads"))),
                name="unregistered_are_among_the_heads",
                violation_error_message="More are not registered than went.",
            ),
        ),
        migrations.AddConstraint(
            model_name="movedperson",
            constraint=models.UniqueConstraint(fields=("move", "person"), name="once_in_a_move"),
        ),
        KeepHistory("migrants_groupmove"),
        KeepHistory("migrants_movedperson"),
        BuildWall("migrants_groupmove", of_group("from_group_id"), within("to_group_id", "asker_groups"), counted()),
        BuildWall("migrants_movedperson", of_person()),
    ]
