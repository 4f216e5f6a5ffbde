import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, of_staff


class Migration(migrations.Migration):
    """A letter is stored once for a language; large alerts are written in pieces; an index less where another serves."""

    dependencies = [("notifications", "0008_policies_and_letters")]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("language", models.CharField(max_length=8)),
                ("head_count", models.PositiveIntegerField(blank=True, null=True)),
                ("is_reminder", models.BooleanField(default=False)),
                ("written_at", models.DateTimeField()),
                ("content", common.sealed.SealedTextField(null=True)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="notifications.alert",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Unwritten",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("notices", models.JSONField()),
                ("since", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unwritten",
                        to="notifications.alert",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            "delivery",
            "letter",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="notifications.letter",
            ),
        ),
        migrations.AlterField(
            "delivery",
            "notice",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="notifications.notice",
            ),
        ),
        migrations.AlterField("delivery", "message_id", models.CharField(max_length=200)),
        migrations.AddConstraint(
            "delivery", models.UniqueConstraint(fields=["message_id"], name="one_delivery_of_a_message_id")
        ),
        migrations.AlterField(
            "escalationstep",
            "notice",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="notifications.notice",
            ),
        ),
        KeepHistory("notifications_letter", sealed=("content",)),
        KeepHistory("notifications_unwritten", derived=("due_at",)),
        BuildWall("notifications_letter", of_staff("cases")),
        BuildWall("notifications_unwritten", of_staff("cases")),
    ]
