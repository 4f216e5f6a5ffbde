from django.db import migrations, models
from django.db.models import Q

import common.sealed
from common.history import KeepHistory


def only(filled: str, *kinds: str) -> Q:
    empty = Q(**{name: "" for name in ("email", "phone", "telegram", "url") if name != filled})
    return Q(kind__in=kinds) & ~Q(**{filled: ""}) & empty


class Migration(migrations.Migration):
    """SMS, Telegram, WhatsApp and signed webhooks beside e-mail and the telephone."""

    dependencies = [("partners", "0010_lent_access")]

    operations = [
        migrations.AlterField(
            model_name="channel",
            name="kind",
            field=models.CharField(
                choices=[
                    ("email", "e-mail"),
                    ("phone", "phone call"),
                    ("sms", "SMS"),
                    ("telegram", "Telegram"),
                    ("whatsapp", "WhatsApp"),
                    ("webhook", "webhook"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="telegram",
            field=models.CharField(blank=True, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="channel",
            name="url",
            field=models.URLField(blank=True, default="", max_length=250),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="channel", name="secret", field=common.sealed.SealedTextField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="channel",
            name="switched_off_why",
            field=models.CharField(blank=True, default="", max_length=300),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="channel", name="switched_off_told_at", field=models.DateTimeField(blank=True, null=True)
        ),
        KeepHistory("partners_channel", sealed=("secret",)),
        migrations.RemoveConstraint(model_name="channel", name="channel_has_its_address"),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=only("email", "email")
                | only("phone", "phone", "sms", "whatsapp")
                | only("telegram", "telegram")
                | (only("url", "webhook") & Q(secret__isnull=False)),
                name="channel_has_its_address",
                violation_error_message="Each channel needs its own address and no other: e-mail an address; phone, SMS and WhatsApp a phone number; Telegram the number of the chat; a webhook an address that begins with https and a secret.",
            ),
        ),
    ]
