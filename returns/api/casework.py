"""Tasks and comments of groups and cases over the API: the same acts, scopes and refusals as on the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.serializers import Actor, Choice, Entry, Moment, Pointer, Reference, Text
from migrants.models import TravelGroup
from partners.access import Permission
from partners.api import Resource
from returns import case_tasks, comments
from returns.enums import TASK_ENDED, OwnerRole, TaskState
from returns.models import CaseComment, CaseTask, Mention, ReturnCase

SEE = {Permission.SEE_PEOPLE}


class TaskShape(serializers.ModelSerializer[CaseTask]):
    """What is to be done, by whom (an account, or whoever holds `role`) until when; `case` null: about the whole group."""

    group = Pointer()
    case = Pointer(allow_null=True)
    by = Actor()
    ended_by = Actor(allow_null=True)

    class Meta:
        model = CaseTask
        fields = (
            "public_id", "group", "case", "title", "due_at", "owner", "owner_name", "role", "state", "end_note", "ended_at",
            "ended_by", "made_at", "by",
        )  # fmt: skip


class OfCaseFilters(Entry):
    """About which group, case or person."""

    group = Reference(source="group__public_id", required=False)
    case = Reference(source="case__public_id", required=False)
    person = Reference(source="case__person__public_id", required=False)


class TaskFilters(OfCaseFilters):
    state = Choice(choices=TaskState.choices, required=False)
    owner = Reference(required=False)
    role = Choice(choices=OwnerRole.choices, required=False)
    due_before = Moment(source="due_at__lt", required=False)


class TaskGiven(Entry):
    """Whose it is from now on: `owner`, the public id of an account that can open the group, or `role`."""

    owner = Reference(required=False, allow_null=True, default=None)
    role = Choice(choices=OwnerRole.choices, required=False, default="")


class TaskEntry(TaskGiven):
    """What is to be done for a group, or for one of its cases."""

    group = Reference()
    case = Reference(required=False, allow_null=True, default=None)
    title = Text(max_length=200)
    due_at = Moment()


class TaskEnd(Entry):
    """`dropped` needs a `note` that says why."""

    state = Choice(choices=TASK_ENDED)
    note = Text(required=False, allow_blank=True, max_length=300, default="")


class TaskAgain(Entry):
    note = Text(max_length=300, help_text="why it is to be done after all")


class OfCases(Resource):
    """Rows about a group, or about one of its cases."""

    def group_and_case(self, said: dict[str, Any]) -> dict[str, Any]:
        """The group and the case that a body names, as far as they are in reach. Raises FieldProblem."""
        group = self.named(
            TravelGroup.objects.visible_to(self.viewer).select_related("crossing"), "group", public_id=said["group"]
        )
        case = None
        if said.get("case"):
            rows = ReturnCase.objects.visible_to(self.viewer).filter(person__group=group).select_related("person")
            case = self.named(rows, "case", public_id=said["case"])
        return {"group": group, "case": case}

    def person_of(self, row: Any) -> UUID | None:
        return row.case.person.public_id if row.case else None


class Tasks(OfCases):
    """What is to be done about groups and cases until an hour, by somebody or by whoever holds a role."""

    doors = {"list": SEE, "retrieve": SEE, **dict.fromkeys(("create", "end", "reopen", "give"), SEE)}
    refusals = {case_tasks.TaskError: 422}
    serializer_class = TaskShape
    filters = TaskFilters

    def rows(self) -> QuerySet[CaseTask]:
        return CaseTask.objects.visible_to(self.viewer).select_related("group__crossing", "case__person")

    @extend_schema(request=TaskEntry, responses={201: TaskShape})
    def create(self, request: Request) -> Response:
        """Write down what is to be done."""
        said = self.sent(TaskEntry)
        return self.written(lambda: self._open(said))

    def _open(self, said: dict[str, Any]) -> Answer:
        said |= self.group_and_case(said)
        row = case_tasks.open_task(**said, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=row.pk))

    @extend_schema(request=TaskEnd, responses={200: TaskShape})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, **place: Any) -> Response:
        """Say that it is done, or not needed any more."""
        return self._acted(case_tasks.end_task, self.sent(TaskEnd))

    @extend_schema(request=TaskAgain, responses={200: TaskShape})
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **place: Any) -> Response:
        """Open a task again that was ended too early."""
        return self._acted(case_tasks.reopen_task, {"why": self.sent(TaskAgain)["note"]})

    @extend_schema(request=TaskGiven, responses={200: TaskShape})
    @action(detail=True, methods=["post"])
    def give(self, request: Request, **place: Any) -> Response:
        """Give it to somebody else, to a role, or take it over: name the own account."""
        return self._acted(case_tasks.give_task, self.sent(TaskGiven))

    def _acted(self, act: Any, said: dict[str, Any]) -> Response:
        row = self.get_object()

        def done() -> Answer:
            ended = act(task=row, **said, by=self.viewer.actor, at=self.at)
            return self.made(self.rows().get(pk=ended.pk), status=200)

        return self.written(done)


class MentionShape(serializers.ModelSerializer[Mention]):
    """A colleague who was asked to look, and when they did."""

    class Meta:
        model = Mention
        fields = ("account", "name", "seen_at")


class CommentShape(serializers.ModelSerializer[CaseComment]):
    """What one colleague wrote to the others about a group, or about one of its cases."""

    group = Pointer()
    case = Pointer(allow_null=True)
    words = serializers.CharField(read_only=True)
    mentions = MentionShape(many=True, read_only=True)
    by = Actor()

    class Meta:
        model = CaseComment
        fields = ("public_id", "group", "case", "words", "mentions", "made_at", "by")


class CommentFilters(OfCaseFilters):
    mentioned = Reference(source="mentions__account", required=False, help_text="account that was asked to look")


class CommentEntry(Entry):
    """`mentioned`: accounts that can open the group and are asked to look. Nothing of the closed room belongs here."""

    group = Reference()
    case = Reference(required=False, allow_null=True, default=None)
    words = Text(max_length=comments.LONGEST)
    mentioned = serializers.ListField(child=Reference(), default=list, max_length=20)


class Comments(OfCases):
    """What colleagues write to each other about groups and cases. A comment is never changed."""

    doors = {"list": SEE, "retrieve": SEE, "create": SEE, "seen_by_me": SEE}
    refusals = {comments.CommentError: 422}
    serializer_class = CommentShape
    filters = CommentFilters

    def rows(self) -> QuerySet[CaseComment]:
        rows = CaseComment.objects.visible_to(self.viewer).select_related("group", "case__person")
        return rows.prefetch_related("mentions")

    @extend_schema(request=CommentEntry, responses={201: CommentShape})
    def create(self, request: Request) -> Response:
        """Write something down for the colleagues."""
        said = self.sent(CommentEntry)
        return self.written(lambda: self._say(said))

    def _say(self, said: dict[str, Any]) -> Answer:
        said |= self.group_and_case(said)
        row = comments.say(**said, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=row.pk))

    @extend_schema(request=None, responses={200: CommentShape})
    @action(detail=True, methods=["post"], url_path="seen")
    def seen_by_me(self, request: Request, **place: Any) -> Response:
        """Say that whoever asks has looked where they were asked to."""
        mention = get_object_or_404(comments.mentions_of(self.viewer), comment=self.get_object())
        return self.written(lambda: self._seen(mention))

    def _seen(self, mention: Mention) -> Answer:
        comments.has_seen(mention=mention, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=mention.comment_id), status=200)
