"""Requirements that an authority waives for whoever travels by a version."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from common.history import KeepHistory


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0018_letters_of_decisions"),
        ("partners", "0014_carriers"),
    ]

    operations = [
        migrations.CreateModel(
            name="VersionWaiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reference", models.CharField(max_length=120, verbose_name="document reference")),
                ("valid_until", models.DateTimeField(verbose_name="valid until")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="corridors.requirement"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waivers",
                        to="corridors.corridorversion",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "requirement"),
                        name="waived_once_in_a_version",
                        violation_error_message="One paper waives a requirement in a version.",
                    )
                ],
            },
        ),
        KeepHistory("corridors_versionwaiver"),
    ]
