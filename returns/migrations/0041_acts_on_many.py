"""Acts on many cases at once, with the cases that each hit, so that it can be taken back."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
from common.history import KeepHistory
from common.wall import BuildWall, behind, of_staff


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0014_carriers"),
        ("returns", "0040_filters_of_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActOnMany",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("account", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("plan", "plan their groups"),
                            ("task", "give a task about each"),
                            ("close", "close them with an outcome"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=300)),
                ("before", models.JSONField(default=dict)),
                ("how_many", models.PositiveIntegerField()),
                ("refused", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_by", common.actors.ActorField(blank=True, null=True)),
                ("how_many_undone", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ActedCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="returns.returncase"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="returns.casetask",
                    ),
                ),
                (
                    "act",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acted", to="returns.actonmany"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="actonmany",
            index=models.Index(fields=["account", "-made_at"], name="acts_of_an_account"),
        ),
        migrations.AddConstraint(
            model_name="actonmany",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("how_many_undone__isnull", True), ("undone_at__isnull", True)),
                    models.Q(("how_many_undone__isnull", False), ("undone_at__isnull", False)),
                    _connector="OR",
                ),
                name="act_is_undone_at_an_hour",
                violation_error_message="What was taken back has its hour and its number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="actedcase",
            constraint=models.UniqueConstraint(fields=("act", "case"), name="case_once_in_an_act"),
        ),
        BuildWall("returns_actonmany", of_staff("cases")),
        BuildWall("returns_actedcase", behind("returns_returncase", "case_id")),
        KeepHistory("returns_actonmany"),
        KeepHistory("returns_actedcase", person="case_id", behind="returns_returncase"),
    ]
