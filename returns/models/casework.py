"""What people do with a case beside what its own rows say: the log of it, tasks with an hour, and words to each other."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from migrants.models import TravelGroup
from migrants.scope import within_missions
from partners.access import Viewer
from returns.enums import OwnerRole, StepKind, TaskState
from returns.models.cases import ReturnCase


class CaseTaskQuerySet(models.QuerySet["CaseTask"]):
    def visible_to(self, viewer: Viewer) -> CaseTaskQuerySet:
        return within_missions(self, viewer, crossing="group__crossing__code")

    def open(self) -> CaseTaskQuerySet:
        return self.filter(state=TaskState.OPEN)

    def overdue(self, *, at: datetime) -> CaseTaskQuerySet:
        """Open ones whose hour has come."""
        return self.open().filter(due_at__lte=at)

    def of(self, viewer: Viewer) -> CaseTaskQuerySet:
        """What the viewer owes: by name, or as whoever holds a role that it holds at the mission of the group."""
        roles = [role for role in OwnerRole.values if role in viewer.roles]
        return self.filter(Q(owner=viewer.user.public_id) | Q(role__in=roles, mission__in=viewer.missions))


@classified(
    public="group mission about due_at owner owner_name role state ended_at made_at by ended_by",
    personal="case title end_note",
)
class CaseTask(models.Model):
    """Something to be done for a group, or for one case of it, by somebody (or by whoever holds a role) until an hour.

    `about` is a reference to what raised it, such as a movement or a version of a corridor; about one thing a group has one
    open task. `owner` is the public id of an account, and its name is kept as it was: who may read accounts is narrow.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="tasks")
    case = models.ForeignKey(ReturnCase, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=100, blank=True)
    title = models.CharField(_("what is to be done"), max_length=200)
    due_at = models.DateTimeField()
    owner = models.UUIDField(null=True, blank=True)
    owner_name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=OwnerRole, blank=True)
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = ActorField(null=True, blank=True)
    end_note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    by = ActorField()

    objects = CaseTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, role="") | Q(owner__isnull=True) & ~Q(role=""),
                name="task_has_one_owner",
                violation_error_message=_("A task is one person's, or that of a role."),
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN, ended_at__isnull=True)
                | ~Q(state=TaskState.OPEN) & Q(ended_at__isnull=False),
                name="task_ends_at_an_hour",
                violation_error_message=_("A task that is done has the hour at which it was."),
            ),
            models.UniqueConstraint(
                fields=["group", "about"],
                condition=Q(state=TaskState.OPEN) & ~Q(about=""),
                name="one_open_task_about_a_thing",
                violation_error_message=_("There is an open task about this already."),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=TaskState.OPEN), name="tasks_due"),
            models.Index(fields=["owner"], condition=Q(state=TaskState.OPEN), name="tasks_of_somebody"),
        ]

    def __str__(self) -> str:
        return self.title


@classified(public="group mission at by", personal="case task kind why")
class CaseStep(models.Model):
    """The log: what somebody did with a case or a task, when and why, where no other row says it. Rows are only added."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="steps")
    case = models.ForeignKey(ReturnCase, on_delete=models.PROTECT, null=True, blank=True, related_name="steps")
    task = models.ForeignKey(CaseTask, on_delete=models.PROTECT, null=True, blank=True, related_name="steps")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=StepKind)
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["group", "-at"], name="steps_of_a_group")]


class CaseCommentQuerySet(models.QuerySet["CaseComment"]):
    def visible_to(self, viewer: Viewer) -> CaseCommentQuerySet:
        return within_missions(self, viewer, crossing="group__crossing__code")


@classified(public="group mission made_at by", personal="case", sensitive="words")
class CaseComment(models.Model):
    """What one colleague writes to the others about a group or a case; sealed, never changed, seen by nobody outside."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="comments")
    case = models.ForeignKey(ReturnCase, on_delete=models.PROTECT, null=True, blank=True, related_name="comments")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    words = SealedTextField()
    made_at = models.DateTimeField()
    by = ActorField()

    objects = CaseCommentQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["group", "-made_at"], name="comments_of_a_group")]


@classified(public="comment account name seen_at")
class Mention(models.Model):
    """A colleague (public id and name of the account) whom a comment names, and when they saw it."""

    comment = models.ForeignKey(CaseComment, on_delete=models.CASCADE, related_name="mentions")
    account = models.UUIDField()
    name = models.CharField(max_length=200)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "account"], name="named_once_in_a_comment")]
        indexes = [models.Index(fields=["account"], condition=Q(seen_at__isnull=True), name="mentions_unseen")]
