"""What happens to a version after it was decided: words of its parties, and every change of where it stands."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.models import LetterPage
from common.personal_data import classified
from corridors.enums import CorridorState, PartyWordKind
from corridors.models.transit import Approval, CorridorVersion
from notifications.enums import AnsweredBy


@classified(
    public="approval version organisation kind said_at said_how function reason reference",
    personal="name by",
)
class PartyWord(models.Model):
    """A party that approved suspends, resumes or withdraws. Words stand beside the decision; none is ever changed.

    `version` and `organisation` are those of the approval, kept here for the wall.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="words")
    version = models.ForeignKey(CorridorVersion, on_delete=models.PROTECT, related_name="words")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=PartyWordKind)
    said_at = models.DateTimeField()
    said_how = models.CharField(max_length=10, choices=AnsweredBy)
    name = models.CharField(_("name"), max_length=120)
    function = models.CharField(_("function"), max_length=120)
    reason = models.CharField(max_length=500)
    reference = models.CharField(_("document reference"), max_length=100, blank=True)
    by = ActorField()

    class Meta:
        ordering = ["said_at", "pk"]


@classified(public="approval word rank width height at", personal="by", sensitive="content")
class DecisionScan(LetterPage):
    """One page of the letter by which a party decided, or said something later."""

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, blank=True, related_name="scans")
    word = models.ForeignKey(PartyWord, on_delete=models.PROTECT, null=True, blank=True, related_name="scans")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approval__isnull=False, word__isnull=True) | Q(approval__isnull=True, word__isnull=False),
                name="scan_is_of_one_letter",
                violation_error_message=_("A page is of a decision, or of a later word."),
            )
        ]


@classified(public="version was now why changed_at assessed_at reminded_at")
class StandingChange(models.Model):
    """A version stands elsewhere than before, until the floor above has judged whom it stops (`assessed_at IS NULL`).

    `reminded_at` is when it was last said again that a suspension has not ended.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(CorridorVersion, on_delete=models.PROTECT, related_name="standing_changes")
    was = models.CharField(max_length=20, choices=CorridorState)
    now = models.CharField(max_length=20, choices=CorridorState)
    why = models.CharField(max_length=500, blank=True)
    changed_at = models.DateTimeField()
    assessed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["changed_at"], condition=Q(assessed_at__isnull=True), name="standings_not_yet_assessed"
            ),
        ]
