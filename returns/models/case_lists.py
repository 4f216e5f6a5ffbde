"""Filters of lists of cases that somebody keeps, for themselves or for the colleagues of the mission."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from partners.access import Viewer


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, viewer: Viewer) -> SavedFilterQuerySet:
        """The viewer's own, and those shared with a mission whose caseload it reaches."""
        missions = [reach.mission for reach in viewer.reaches]
        near = Q() if None in missions else Q(mission__in=[key for key in missions if key is not None])
        return self.filter(Q(owner=viewer.user.public_id) | Q(is_shared=True) & near)


@classified(public="mission owner owner_name asked is_shared made_at by", personal="name")
class SavedFilter(models.Model):
    """What was asked of a list of cases, as codes, references and days (`returns/case_lists.py`): nobody stands in it.

    `owner` is the public id of an account, and its name is kept as it was.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    owner = models.UUIDField()
    owner_name = models.CharField(max_length=200)
    name = models.CharField(_("name of the filter"), max_length=60)
    asked = models.JSONField(default=dict)
    is_shared = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    by = ActorField()

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="one_filter_of_a_name",
                violation_error_message=_("You keep a filter of this name already."),
            )
        ]
        indexes = [models.Index(fields=["mission"], condition=Q(is_shared=True), name="filters_shared")]

    def __str__(self) -> str:
        return self.name
