"""Receivers beside the embassy sign who of those shown to them was there."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import common.actors
from common.history import KeepHistory
from common.wall import BuildWall, of_own, of_person, shown, within


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0037_what_is_asked_after_the_return"),
        ("partners", "0014_carriers"),
        ("returns", "0035_after_the_return"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReceiverWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("function", models.CharField(max_length=120, verbose_name="function")),
                ("received_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("shown_until", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receiver_words",
                        to="returns.movement",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReceiverAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("state", models.CharField(choices=[("present", "present"), ("absent", "not there")], max_length=10)),
                ("by", common.actors.ActorField()),
                (
                    "disclosure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receiver_answers",
                        to="migrants.disclosure",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.office"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receiver_answers",
                        to="migrants.migrant",
                    ),
                ),
                (
                    "word",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="returns.receiverword"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="receiverword",
            constraint=models.UniqueConstraint(
                fields=("movement", "receiver"),
                name="each_receiver_speaks_once",
                violation_error_message="This receiver has said already who was there.",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiverword",
            constraint=models.CheckConstraint(
                condition=models.Q(("shown_until__gte", models.F("received_at"))),
                name="shown_until_after_the_word_of_a_receiver",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiveranswer",
            constraint=models.UniqueConstraint(fields=("word", "person"), name="answered_once_by_a_receiver"),
        ),
        BuildWall(
            "returns_receiverword",
            within("movement_id", "asker_movements"),
            of_own("receiver_id", "asker_organisations"),
            of_own("receiver_id", "asker_organisations", command="insert"),
        ),
        BuildWall("returns_receiveranswer", of_person(), shown(), shown(command="insert")),
        KeepHistory("returns_receiverword"),
        KeepHistory("returns_receiveranswer"),
    ]
