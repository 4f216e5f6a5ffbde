"""A corrected name is kept by its kind, and corrected sex and birth as an earlier claim."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0004_tests_are_claimed_by_lock"),
        ("partners", "0001_directory"),
    ]

    operations = [
        migrations.AlterField(
            model_name="personname",
            name="kind",
            field=models.CharField(
                choices=[
                    ("as_written", "as written"),
                    ("other_script", "in another script"),
                    ("former", "former"),
                    ("mistaken", "written so by mistake"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="EarlierClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "sex",
                    models.CharField(
                        choices=[("M", "male"), ("F", "female"), ("X", "unspecified"), ("U", "not recorded")],
                        max_length=1,
                    ),
                ),
                ("birth_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("birth_month", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("birth_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "birth_basis",
                    models.CharField(
                        choices=[
                            ("document", "document"),
                            ("self", "person’s own word"),
                            ("parent", "parent’s word"),
                            ("assessment", "assessment"),
                        ],
                        max_length=20,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", common.actors.ActorField()),
                ("replaced_at", models.DateTimeField()),
                ("replaced_by", common.actors.ActorField()),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="earlier_claims",
                        to="migrants.migrant",
                    ),
                ),
            ],
            options={
                "ordering": ["replaced_at", "pk"],
            },
        ),
    ]
