"""What a corridor wants to see at the barrier is written down, with the number of each paper."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
from common.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0014_carriers"),
        ("returns", "0041_acts_on_many"),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceGiven",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "evidence",
                    models.CharField(
                        choices=[
                            ("manifest", "list of the travellers"),
                            ("tests", "results of tests"),
                            ("driver_papers", "papers of the drivers"),
                            ("vehicle_papers", "papers of the vehicles"),
                            ("insurance", "insurance"),
                            ("note", "the note that asks for the passage"),
                            ("reception", "confirmation that they are received"),
                            ("disinfection", "certificate of disinfection"),
                        ],
                        max_length=20,
                        verbose_name="what is shown",
                    ),
                ),
                ("reference", models.CharField(max_length=120, verbose_name="number or date of the paper")),
                ("recorded_at", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="returns.movement"
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("movement", "evidence"), name="each_evidence_once_for_a_movement")
                ],
            },
        ),
        KeepHistory("returns_evidencegiven"),
    ]
