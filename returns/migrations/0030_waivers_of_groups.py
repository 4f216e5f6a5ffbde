"""An authority may excuse a group as a whole, with whoever joins it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
from common.history import KeepHistory
from common.wall import BuildWall, of_group


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0012_words_of_parties"),
        ("migrants", "0036_when_a_result_was_replaced"),
        ("partners", "0012_duty_and_reach"),
        ("returns", "0029_who_drives"),
    ]
    operations = [
        migrations.CreateModel(
            name="GroupWaiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reference", models.CharField(max_length=120, verbose_name="document reference")),
                ("valid_until", models.DateTimeField(verbose_name="valid until")),
                ("recorded_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waivers", to="migrants.travelgroup"
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="corridors.requirement"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("group", "requirement"), name="one_waiver_per_group_and_requirement"
                    )
                ],
            },
        ),
        BuildWall("returns_groupwaiver", of_group()),
        KeepHistory("returns_groupwaiver"),
    ]
