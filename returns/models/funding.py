"""What is needed and what it costs, who promised to pay (each pledge in its own currency), and what was given in kind."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from corridors.models import RequirementVersion
from migrants.models import HeadCount, TravelGroup
from migrants.scope import within_missions
from partners.access import Viewer
from returns.enums import NeedKind, Unit


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, viewer: Viewer) -> NeedQuerySet:
        return within_missions(self, viewer, crossing="group__crossing__code")


@classified(
    public="group mission kind quantity unit unit_price currency requirement_version head_count closed_at asked_at by"
)
class Need(models.Model):
    """So many of something, at a price each where money is asked for (0: asked in kind).

    `requirement_version` is set where it is the cost of meeting a rule, `head_count` where the quantity follows a count.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="needs")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what"), max_length=20, choices=NeedKind)
    quantity = models.PositiveIntegerField(_("how many"))
    unit = models.CharField(_("unit"), max_length=20, choices=Unit, default=Unit.PIECE)
    unit_price = models.DecimalField(_("price each"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    requirement_version = models.ForeignKey(
        RequirementVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="needs"
    )
    head_count = models.ForeignKey(HeadCount, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    by = ActorField()

    objects = NeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price__gte=0),
                name="need_has_quantity_and_price",
                violation_error_message=_("A need has a quantity of at least 1 and a price that is not negative."),
            )
        ]

    @property
    def asks_money(self) -> bool:
        """Tell whether it has a price; what has none is asked in kind."""
        return bool(self.unit_price)


@classified(public="need mission giver quantity unit given_at recorded_at note by")
class AidItem(models.Model):
    """So much of what was needed was given, by whom and when. `public_id` may come from the page, so it is stored once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="aid")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    giver = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("how many"))
    unit = models.CharField(_("unit"), max_length=20, choices=Unit)
    given_at = models.DateTimeField(_("given"))
    recorded_at = models.DateTimeField()
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = ActorField()

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="aid_has_a_quantity",
                violation_error_message=_("Aid has a quantity of at least 1."),
            )
        ]


@classified(public="need mission donor amount currency rate pledged_on recorded_at by", confidential="correspondence")
class Pledge(models.Model):
    """A promise in the donor's currency. `rate` turns it into the need's currency; it is what was agreed that day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="pledges")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    donor = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    rate = models.DecimalField(_("rate to the need’s currency"), max_digits=14, decimal_places=6, default=1)
    pledged_on = models.DateField(_("promised on"))
    correspondence = SealedTextField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, rate__gt=0),
                name="pledge_is_positive",
                violation_error_message=_("A pledge and its rate are more than zero."),
            )
        ]
