"""Filters of the list of cases that somebody keeps, for themselves or for the mission."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
from common.history import KeepHistory
from common.wall import BuildWall, of_staff


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0014_carriers"),
        ("returns", "0039_papers_of_cases"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("owner", models.UUIDField()),
                ("owner_name", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=60, verbose_name="name of the filter")),
                ("asked", models.JSONField(default=dict)),
                ("is_shared", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "indexes": [
                    models.Index(condition=models.Q(("is_shared", True)), fields=["mission"], name="filters_shared")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "name"),
                        name="one_filter_of_a_name",
                        violation_error_message="You keep a filter of this name already.",
                    )
                ],
            },
        ),
        BuildWall("returns_savedfilter", of_staff("cases")),
        KeepHistory("returns_savedfilter"),
    ]
