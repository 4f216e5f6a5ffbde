"""Tasks with an hour, words of colleagues to each other, and the log of what people did with a case."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, behind, of_group


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0036_when_a_result_was_replaced"),
        ("partners", "0014_carriers"),
        ("returns", "0037_what_happened_on_the_way"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("words", common.sealed.SealedTextField()),
                ("made_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="returns.returncase",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="migrants.travelgroup"
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CaseTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("about", models.CharField(blank=True, max_length=100)),
                ("title", models.CharField(max_length=200, verbose_name="what is to be done")),
                ("due_at", models.DateTimeField()),
                ("owner", models.UUIDField(blank=True, null=True)),
                ("owner_name", models.CharField(blank=True, max_length=200)),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("field", "field officers"),
                            ("coordinator", "coordinators"),
                            ("protection", "protection officers"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("done", "done"), ("dropped", "not needed any more")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", common.actors.ActorField(blank=True, null=True)),
                ("end_note", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="returns.returncase",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="migrants.travelgroup"
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("closed", "case closed"),
                            ("reopened", "closing taken back"),
                            ("task_done", "task done"),
                            ("task_dropped", "task not needed any more"),
                            ("task_reopened", "task opened again"),
                            ("task_given", "task given to somebody else"),
                        ],
                        max_length=20,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="returns.returncase",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="migrants.travelgroup",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="returns.casetask",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.UUIDField()),
                ("name", models.CharField(max_length=200)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="returns.casecomment"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="casecomment",
            index=models.Index(fields=["group", "-made_at"], name="comments_of_a_group"),
        ),
        migrations.AddIndex(
            model_name="casetask",
            index=models.Index(condition=models.Q(("state", "open")), fields=["due_at"], name="tasks_due"),
        ),
        migrations.AddIndex(
            model_name="casetask",
            index=models.Index(condition=models.Q(("state", "open")), fields=["owner"], name="tasks_of_somebody"),
        ),
        migrations.AddConstraint(
            model_name="casetask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner__isnull", False), ("role", "")),
                    models.Q(("owner__isnull", True), models.Q(("role", ""), _negated=True)),
                    _connector="OR",
                ),
                name="task_has_one_owner",
                violation_error_message="A task is one person's, or that of a role.",
            ),
        ),
        migrations.AddConstraint(
            model_name="casetask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="task_ends_at_an_hour",
                violation_error_message="A task that is done has the hour at which it was.",
            ),
        ),
        migrations.AddConstraint(
            model_name="casetask",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open"), models.Q(("about", ""), _negated=True)),
                fields=("group", "about"),
                name="one_open_task_about_a_thing",
                violation_error_message="There is an open task about this already.",
            ),
        ),
        migrations.AddIndex(
            model_name="casestep",
            index=models.Index(fields=["group", "-at"], name="steps_of_a_group"),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("seen_at__isnull", True)), fields=["account"], name="mentions_unseen"
            ),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(fields=("comment", "account"), name="named_once_in_a_comment"),
        ),
        BuildWall("returns_casetask", of_group()),
        BuildWall("returns_casecomment", of_group()),
        BuildWall("returns_casestep", of_group(), behind("returns_returncase", "case_id")),
        KeepHistory("returns_casetask", person="case_id", behind="returns_returncase"),
        KeepHistory("returns_casecomment", person="case_id", behind="returns_returncase", sealed=("words",)),
        KeepHistory("returns_casestep", person="case_id", behind="returns_returncase"),
        KeepHistory("returns_mention"),
    ]
