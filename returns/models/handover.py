"""The end of the way: who received the group, how many heads, and who of those shown to the receiver was there."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from migrants.models import Disclosure, Migrant
from returns.enums import ReceptionState
from returns.models.movements import Movement


class Signed(models.Model):
    """A named human of a receiver has said who came. Whoever was shown for it is shown until `shown_until`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    function = models.CharField(_("function"), max_length=120)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    shown_until = models.DateTimeField()
    by = ActorField()

    class Meta:
        abstract = True


class Answered(models.Model):
    """Of one person who was shown to a receiver: present or absent."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Migrant, on_delete=models.PROTECT, related_name="%(class)ss")
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="%(class)ss")
    state = models.CharField(max_length=10, choices=ReceptionState)
    by = ActorField()

    class Meta:
        abstract = True


@classified(
    public="movement mission receiver heads function received_at recorded_at shown_until by",
    personal="name",
)
class Handover(Signed):
    """The embassy acknowledged so many heads, once for a movement."""

    movement = models.OneToOneField(Movement, on_delete=models.PROTECT, related_name="handover")
    heads = models.PositiveIntegerField(_("heads received"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(shown_until__gte=F("received_at")),
                name="shown_until_after_handover",
            )
        ]


@classified(public="handover mission state", personal="person disclosure by")
class Reception(Answered):
    """Of one person who was shown to the embassy."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="receptions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handover", "person"], name="received_once")]
