"""Who of a manifest an explanation of fewer heads is about, so that closing sends nobody home by mistake."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
from common.history import KeepHistory
from common.wall import BuildWall, of_person


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0033_history_of_both_people"),
        ("partners", "0012_duty_and_reach"),
        ("returns", "0026_what_became_of_rows_is_told_by_people"),
    ]

    operations = [
        migrations.AlterField(
            model_name="difference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("unregistered", "on board and not registered"),
                    ("joined", "joined on the way"),
                    ("born", "born on the way"),
                    ("hospital", "taken to hospital"),
                    ("not_travelling", "not travelling"),
                    ("no_show", "did not come"),
                    ("changed_mind", "changed their mind"),
                    ("double_entry", "counted or listed twice"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("recorded_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "difference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="absences", to="returns.difference"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="absences", to="returns.movement"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="absences", to="migrants.migrant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("movement", "person"),
                        name="absent_once_in_a_movement",
                        violation_error_message="Of this person it is written down already why they did not come through.",
                    )
                ],
            },
        ),
        BuildWall("returns_absence", of_person()),
        KeepHistory("returns_absence"),
    ]
