"""Escalation policies, the plan of an alert, steps at their place, and letters that acknowledge."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, of_staff

KINDS = [
    ("remind", "reminder"),
    ("next_contact", "second contact"),
    ("deputy", "deputy"),
    ("duty_officer", "duty officer"),
    ("function", "desk with this function"),
    ("call", "phone call list"),
]
PLACES = """
update notifications_escalationstep s set position = p.place
from (select id, row_number() over (partition by notice_id order by due_at, id) as place from notifications_escalationstep) p
where p.id = s.id and s.position <> p.place;
"""
STEPS = """
update notifications_delivery d set step = s.position
from notifications_escalationstep s
where s.notice_id = d.notice_id and s.kind = d.purpose and d.purpose <> 'first';
"""
"""Deliveries of before were unique by their purpose, which is the kind of the step that sent them."""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_webhooks"), ("partners", "0011_channel_kinds")]
    operations = [
        migrations.CreateModel(
            name="EscalationPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(blank=True, max_length=40)),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("minutes", "minutes after the organisation was told"),
                            ("percent", "per cent of the time to answer"),
                        ],
                        default="minutes",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "mission",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.office",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("mission", "kind"),
                        name="one_policy_in_force",
                        nulls_distinct=False,
                        violation_error_message="Another policy for the same mission and kind is in force; end it first.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(choices=KINDS, max_length=20)),
                ("after", models.PositiveIntegerField()),
                ("function", models.CharField(blank=True, max_length=120)),
                ("channel_kind", models.CharField(blank=True, max_length=10)),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="notifications.escalationpolicy",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("policy", "position"), name="one_policy_step_at_a_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("content", common.sealed.SealedBytesField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("by", common.actors.ActorField()),
                (
                    "acknowledgement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scan",
                        to="notifications.acknowledgement",
                    ),
                ),
            ],
        ),
        migrations.AddField("alert", "plan", models.JSONField(blank=True, default=list)),
        migrations.AddField("acknowledgement", "recorded_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("acknowledgement", "reference", models.CharField(blank=True, max_length=100)),
        migrations.AddField("acknowledgement", "note", models.CharField(blank=True, max_length=300)),
        migrations.AddField("delivery", "step", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("escalationstep", "position", models.PositiveSmallIntegerField(default=1)),
        migrations.AddField("escalationstep", "function", models.CharField(blank=True, max_length=120)),
        migrations.AddField("escalationstep", "channel_kind", models.CharField(blank=True, max_length=10)),
        migrations.AlterField("escalationstep", "kind", models.CharField(choices=KINDS, max_length=20)),
        migrations.AlterModelOptions("escalationstep", {"ordering": ["due_at", "position"]}),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
        migrations.RunSQL(STEPS, migrations.RunSQL.noop),
        migrations.RemoveConstraint("escalationstep", "one_step_of_a_kind"),
        migrations.AddConstraint(
            "escalationstep", models.UniqueConstraint(fields=("notice", "position"), name="one_step_at_a_place")
        ),
        migrations.RemoveConstraint("delivery", "one_delivery_per_purpose"),
        migrations.AddConstraint(
            "delivery",
            models.UniqueConstraint(
                fields=("notice", "contact", "channel_kind", "address", "step"), name="one_delivery_per_step"
            ),
        ),
        BuildWall("notifications_letterscan", of_staff("cases")),
        KeepHistory("notifications_letterscan", sealed=("content",)),
        KeepHistory("notifications_escalationpolicy"),
        KeepHistory("notifications_policystep"),
    ]
