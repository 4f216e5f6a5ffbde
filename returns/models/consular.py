"""What an embassy asks and says before a group arrives: questions to the mission, and that the reception is ready."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from migrants.models import Disclosure
from migrants.scope import within_missions
from partners.access import Viewer
from returns.models.movements import Movement


class ConsularQuestionQuerySet(models.QuerySet["ConsularQuestion"]):
    def visible_to(self, viewer: Viewer) -> ConsularQuestionQuerySet:
        return within_missions(self, viewer, crossing="movement__group__crossing__code", group="movement__group")

    def open(self) -> ConsularQuestionQuerySet:
        return self.filter(answered_at__isnull=True)


@classified(
    public="mission organisation movement asked_at answered_at", personal="disclosure words by answer answered_by"
)
class ConsularQuestion(models.Model):
    """A question of an embassy about a group that comes, or about one person who is shown to it; and the answer."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="questions")
    disclosure = models.ForeignKey(
        Disclosure, on_delete=models.PROTECT, null=True, blank=True, related_name="questions"
    )
    words = models.TextField(_("question"), max_length=1000)
    asked_at = models.DateTimeField()
    by = ActorField()
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = ActorField(null=True, blank=True)

    objects = ConsularQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_at__isnull=False),  # an erasure may empty what was answered
                name="consular_answer_has_its_hour",
                violation_error_message=_("An answer has its hour."),
            )
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(answered_at__isnull=True), name="questions_open")]


@classified(
    public="movement organisation mission places place transport ready_from said_at function by", personal="name"
)
class ReceptionReady(models.Model):
    """An organisation of the country of arrival is ready to receive a group: where, how many, from when. The newest counts."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="receptions_ready")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    places = models.PositiveIntegerField(_("places"))
    place = models.CharField(_("where"), max_length=200)
    transport = models.CharField(_("transport onwards"), max_length=200, blank=True)
    ready_from = models.DateTimeField(_("ready from"))
    name = models.CharField(_("name"), max_length=120)
    function = models.CharField(_("function"), max_length=120)
    said_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["-said_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(places__gt=0),
                name="reception_has_places",
                violation_error_message=_("A reception has at least one place."),
            )
        ]
