"""Who went from one group to another, and which group came of which: rows that are only added (rule 23)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from migrants.enums import MoveKind
from migrants.models.groups import Family, TravelGroup
from migrants.models.people import Migrant


@classified(
    public="mission from_group to_group kind heads unregistered moved_at undone_at undone_by by", personal="why"
)
class GroupMove(models.Model):
    """So many heads went from one group to another: moved, split off, or joined as a whole.

    `heads` are all who went, `unregistered` those of them whom nobody had registered. Head counts stay where they were
    observed; what a group still has is its last count, less and plus what went since. An undone move is followed by one
    that leads back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    from_group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="moves_out")
    to_group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="moves_in")
    kind = models.CharField(max_length=10, choices=MoveKind)
    heads = models.PositiveIntegerField()
    unregistered = models.PositiveIntegerField(default=0)
    why = models.CharField(_("why"), max_length=200)
    moved_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = ActorField(null=True, blank=True)
    by = ActorField()

    class Meta:
        ordering = ["-moved_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_group=F("to_group")),
                name="a_move_leads_elsewhere",
                violation_error_message=_("People cannot be moved into the group in which they are."),
            ),
            models.CheckConstraint(
                condition=Q(unregistered__lte=F("heads")),
                name="unregistered_are_among_the_heads",
                violation_error_message=_("More are not registered than went."),
            ),
        ]


@classified(public="move mission", personal="person family")
class MovedPerson(models.Model):
    """One registered person of a move, with the family in which that person stood before."""

    move = models.ForeignKey(GroupMove, on_delete=models.CASCADE, related_name="people")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Migrant, on_delete=models.PROTECT, related_name="moves")
    family = models.ForeignKey(Family, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["move", "person"], name="once_in_a_move")]
