import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
from common.history import KeepHistory
from common.wall import BuildWall, of_staff


class Migration(migrations.Migration):
    dependencies = [("partners", "0007_wall"), ("returns", "0010_how_a_case_ended")]
    operations = [
        migrations.AddField("manifestupload", "sender", models.CharField(blank=True, default="", max_length=120)),
        migrations.CreateModel(
            name="ColumnChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sender", models.CharField(max_length=120)),
                ("headings", models.CharField(max_length=64)),
                ("columns", models.JSONField()),
                ("chosen_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mission", "sender", "headings"), name="one_choice_per_sender_and_headings"
                    )
                ],
            },
        ),
        BuildWall("returns_columnchoice", of_staff("cases")),
        KeepHistory("returns_columnchoice"),
    ]
