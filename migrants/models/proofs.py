"""What can be shown at a barrier beside documents and tests, by one person or by a whole group."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from migrants.enums import ProofKind
from migrants.models.groups import TravelGroup
from migrants.models.people import Migrant


class ProofQuerySet(models.QuerySet["Proof"]):
    def standing(self) -> ProofQuerySet:
        return self.filter(withdrawn_at__isnull=True)


@classified(
    public="mission group recorded_at withdrawn_at",
    personal="person country title begins_on last_on amount currency authority withdrawn_why by withdrawn_by",
    sensitive="kind sort doses number",
)
class Proof(models.Model):
    """A permit, a vaccination, a letter, a payment, a booking; or where somebody lives and what for they travel.

    It is of one person, or of a group, and then counts for everybody in it. `sort` is a word of `corridors.rules.kinds` for
    its kind. `begins_on` is the first day, of a vaccination the day of the last dose; `last_on` still counts. What was
    recorded is never changed: it is withdrawn, and recorded anew.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, null=True, blank=True, related_name="proofs")
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="proofs")
    kind = models.CharField(max_length=20, choices=ProofKind)
    sort = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=3, blank=True)
    title = models.CharField(max_length=80, blank=True)
    number = SealedTextField(null=True, blank=True)
    authority = models.CharField(_("who issued it"), max_length=200, blank=True)
    begins_on = models.DateField(null=True, blank=True)
    last_on = models.DateField(null=True, blank=True)
    doses = models.PositiveSmallIntegerField(null=True, blank=True)
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    recorded_at = models.DateTimeField()
    by = ActorField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)
    withdrawn_by = ActorField(null=True, blank=True)

    objects = ProofQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(group__isnull=True),
                name="proof_of_a_person_or_a_group",
                violation_error_message=_("A proof is of one person or of one group."),
            ),
            models.CheckConstraint(
                condition=Q(begins_on__isnull=True) | Q(last_on__isnull=True) | Q(begins_on__lte=models.F("last_on")),
                name="proof_ends_after_it_began",
                violation_error_message=_("The last day must not lie before the first."),
            ),
        ]
