"""Hours, rosters, deputies and validity of the directory; interests in kinds of alerts; channels that are verified."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
from common.history import KeepHistory
from common.wall import BuildWall, of_staff


def key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("partners", "0011_channel_kinds"), ("common", "0005_wall")]

    operations = [
        *(
            migrations.AddField(model, name, models.DateTimeField(blank=True, null=True))
            for model in ("organisation", "office", "contact")
            for name in ("valid_from", "valid_until")
        ),
        migrations.AddField("office", "hours", models.CharField(blank=True, max_length=200, default=""), False),
        migrations.AddField("office", "holidays", models.JSONField(blank=True, default=list)),
        migrations.AddField("contact", "also_speaks", models.JSONField(blank=True, default=list)),
        migrations.AddField("contact", "is_duty_desk", models.BooleanField(default=False)),
        migrations.AddField(
            "contact",
            "stands_in_for",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="stand_ins",
                to="partners.contact",
            ),
        ),
        migrations.AddField("interest", "alert_kind", models.CharField(blank=True, max_length=40, default=""), False),
        migrations.RemoveConstraint("interest", "one_interest_in_a_subject"),
        migrations.AddConstraint(
            "interest",
            models.UniqueConstraint(
                fields=("organisation", "subject", "alert_kind"), name="one_interest_in_a_subject_and_kind"
            ),
        ),
        migrations.CreateModel(
            name="DutyShift",
            fields=[
                ("id", key()),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shifts", to="partners.contact"
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "pk"],
                "indexes": [models.Index(fields=["ends_at"], name="shifts_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="shift_ends_after_it_begins",
                        violation_error_message="A shift ends after it begins.",
                    ),
                    models.UniqueConstraint(fields=("contact", "starts_at"), name="one_shift_of_a_desk_at_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChannelCheck",
            fields=[
                ("id", key()),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "how",
                    models.CharField(
                        choices=[("message", "test message, answered"), ("call", "call, written down")], max_length=10
                    ),
                ),
                ("digest", models.CharField(max_length=64, null=True, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("function", models.CharField(blank=True, max_length=120)),
                ("by", common.actors.ActorField()),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="partners.channel"
                    ),
                ),
            ],
            options={"ordering": ["-asked_at", "-pk"]},
        ),
        migrations.CreateModel(
            name="Unreached",
            fields=[
                ("id", key()),
                ("faults", models.JSONField()),
                ("since_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField()),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unreached",
                        to="partners.organisation",
                    ),
                ),
            ],
        ),
        KeepHistory("partners_dutyshift"),
        KeepHistory("partners_channelcheck", sealed=("digest",)),
        BuildWall("partners_channelcheck", of_staff("directory")),
    ]
