"""Papers that belong to a case or a group: a letter of a clinic, a ticket, what an office has answered; page by page."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedBytesField
from migrants.models import TravelGroup
from migrants.scope import within_missions
from partners.access import Viewer
from returns.models.cases import ReturnCase


class CasePageQuerySet(models.QuerySet["CasePage"]):
    def visible_to(self, viewer: Viewer) -> CasePageQuerySet:
        return within_missions(self, viewer, crossing="group__crossing__code")

    def kept(self) -> CasePageQuerySet:
        """Pages of papers that nobody has taken away."""
        return self.filter(removed_at__isnull=True)


@classified(
    public="group mission paper rank kept_at removed_at by removed_by",
    personal="case title removed_why width height",
    sensitive="content",
)
class CasePage(models.Model):
    """One page of a paper, drawn anew as a picture and sealed. `paper` is the same for all of its pages.

    A paper that was attached by mistake is taken away: its pages are destroyed, and that it was there stays written down.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="papers")
    case = models.ForeignKey(ReturnCase, on_delete=models.PROTECT, null=True, blank=True, related_name="papers")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    paper = models.UUIDField(default=uuid.uuid4)
    rank = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(_("what it is"), max_length=120)
    content = SealedBytesField(null=True)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    kept_at = models.DateTimeField()
    by = ActorField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = ActorField(null=True, blank=True)
    removed_why = models.CharField(max_length=200, blank=True)

    objects = CasePageQuerySet.as_manager()

    class Meta:
        ordering = ["-kept_at", "paper", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "rank"], name="page_of_a_paper_once"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, content__isnull=False)
                | Q(removed_at__isnull=False, content__isnull=True),
                name="paper_taken_away_is_gone",
                violation_error_message=_("A paper that was taken away has no pages any more."),
            ),
        ]
        indexes = [models.Index(fields=["group", "-kept_at"], name="papers_of_a_group")]

    def __str__(self) -> str:
        return self.title
