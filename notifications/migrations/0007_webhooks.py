import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import common.actors
import common.sealed
from common.history import KeepHistory
from common.wall import BuildWall, of_staff

STATES = [
    ("queued", "queued"),
    ("in_flight", "in flight"),
    ("handed_over", "handed over"),
    ("delivered", "delivered"),
    ("bounced", "bounced"),
    ("failed", "failed for good"),
    ("expired", "expired"),
    ("superseded", "superseded"),
]


class Migration(migrations.Migration):
    """Subscriptions of organisations to their alerts, and each post."""

    dependencies = [("notifications", "0006_channel_halts"), ("partners", "0011_channel_kinds")]

    operations = [
        migrations.CreateModel(
            name="WebhookSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("url", models.URLField(max_length=250)),
                ("secret", common.sealed.SealedTextField()),
                ("former_secret", common.sealed.SealedTextField(null=True)),
                ("former_until", models.DateTimeField(blank=True, null=True)),
                ("kinds", models.JSONField(blank=True, default=list)),
                ("made_at", models.DateTimeField()),
                ("switched_off_at", models.DateTimeField(blank=True, null=True)),
                ("switched_off_why", models.CharField(blank=True, max_length=300)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("by", common.actors.ActorField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="webhooks",
                        to="partners.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "url"),
                        name="one_subscription_per_address",
                        violation_error_message="This organisation has a subscription with this address already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("body", models.TextField()),
                ("state", models.CharField(choices=STATES, default="queued", max_length=20)),
                ("answer", models.CharField(blank=True, max_length=300)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("queued_at", models.DateTimeField()),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notifications.alert"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="posts",
                        to="notifications.webhooksubscription",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=Q(state__in=["queued", "in_flight"]), fields=["due_at"], name="posts_open")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "alert"), name="one_post_per_alert_and_subscription"
                    )
                ],
            },
        ),
        KeepHistory(
            "notifications_webhooksubscription", sealed=("secret", "former_secret"), derived=("failing_since",)
        ),
        KeepHistory("notifications_webhookpost", derived=("claimed_until", "due_at", "tries")),
        BuildWall("notifications_webhooksubscription", of_staff("directory")),
        BuildWall("notifications_webhookpost", of_staff("directory")),
    ]
