"""What people are to each other, by link and basis and never by surname (rule 18), and the question that a child's guardian
leaves behind (rule 14).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from migrants.enums import AloneStatus, RelationBasis, RelationKind
from migrants.models.groups import Family
from migrants.models.people import Migrant


class RelationQuerySet(models.QuerySet["Relation"]):
    def standing(self) -> RelationQuerySet:
        return self.filter(ended_at__isnull=True)


@classified(public="mission recorded_at ended_at", personal="person other kind basis by ended_by")
class Relation(models.Model):
    """`person` is the parent, spouse, guardian … of `other`, and how that is known. It ends; it is never taken away."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="relations_to")
    kind = models.CharField(_("is"), max_length=20, choices=RelationKind)
    basis = models.CharField(_("known from"), max_length=20, choices=RelationBasis)
    recorded_at = models.DateTimeField()
    by = ActorField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = ActorField(null=True, blank=True)

    objects = RelationQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "other", "kind"],
                condition=Q(ended_at__isnull=True),
                name="one_relation_of_a_kind",
                violation_error_message=_("That is written down already."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("other")),
                name="nobody_is_a_relative_of_themselves",
                violation_error_message=_("Choose two people."),
            ),
        ]


@classified(public="family mission recorded_at", personal="person by")
class FamilyHead(models.Model):
    """Whom a family names to speak for it; many name nobody."""

    family = models.OneToOneField(Family, on_delete=models.CASCADE, related_name="head")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="heads")
    recorded_at = models.DateTimeField()
    by = ActorField()


class CompanyQuestionQuerySet(models.QuerySet["CompanyQuestion"]):
    def open(self) -> CompanyQuestionQuerySet:
        return self.filter(answered_at__isnull=True)


@classified(public="mission raised_at answered_at", sensitive="person carer answer answered_by by")
class CompanyQuestion(models.Model):
    """With whom is this child now? Asked when a parent or guardian (`carer`, where one is known) has left family or group.

    Until somebody says whether the child is accompanied, separated or unaccompanied, it cannot travel.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="company_questions")
    carer = models.ForeignKey(Migrant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    raised_at = models.DateTimeField()
    by = ActorField()
    answer = models.CharField(max_length=20, choices=AloneStatus, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = ActorField(null=True, blank=True)

    objects = CompanyQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(answered_at__isnull=True), name="one_open_question_per_child"
            ),
        ]
