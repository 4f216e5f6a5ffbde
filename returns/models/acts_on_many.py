"""Acts on many cases at once, kept so that they can be taken back while nothing has happened since."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from partners.access import Viewer
from returns.enums import ManyKind
from returns.models.cases import ReturnCase
from returns.models.casework import CaseTask


class ActOnManyQuerySet(models.QuerySet["ActOnMany"]):
    def visible_to(self, viewer: Viewer) -> ActOnManyQuerySet:
        """The viewer's own: whoever did it may take it back."""
        return self.filter(account=viewer.user.public_id)


@classified(
    public="mission account kind before how_many refused made_at by undone_at undone_by how_many_undone",
    personal="words",
)
class ActOnMany(models.Model):
    """One act on many cases. `words` is what was said; `before` the plans that groups had, by their public id.

    `account` is the public id of whoever did it; `refused` how many of the cases that were chosen were left as they were.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    account = models.UUIDField()
    kind = models.CharField(max_length=10, choices=ManyKind)
    words = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)
    how_many = models.PositiveIntegerField()
    refused = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    by = ActorField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = ActorField(null=True, blank=True)
    how_many_undone = models.PositiveIntegerField(null=True, blank=True)

    objects = ActOnManyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, how_many_undone__isnull=True)
                | Q(undone_at__isnull=False, how_many_undone__isnull=False),
                name="act_is_undone_at_an_hour",
                violation_error_message=_("What was taken back has its hour and its number."),
            )
        ]
        indexes = [models.Index(fields=["account", "-made_at"], name="acts_of_an_account")]


@classified(public="act", personal="case task")
class ActedCase(models.Model):
    """One case of an act on many, with the task that it brought, if it brought one."""

    act = models.ForeignKey(ActOnMany, on_delete=models.PROTECT, related_name="acted")
    case = models.ForeignKey(ReturnCase, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(CaseTask, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "case"], name="case_once_in_an_act")]
