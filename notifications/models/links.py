"""Signed links: a door for one organisation to one version, without an account."""

from __future__ import annotations

import uuid

from django.db import models

from common.personal_data import classified
from notifications.models.deliveries import Delivery


@classified(public="delivery purpose subject expires_at revoked_at")
class SignedLink(models.Model):
    """The token is an HMAC of delivery, notice and expiry (`notifications.links`): a retry repeats it, this row revokes it.

    `subject` is opaque here; the floor that answers the `purpose` reads it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="link")
    purpose = models.CharField(max_length=20)
    subject = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
