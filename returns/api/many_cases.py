"""Acts on many cases over the API: foreseen, done as they were foreseen, and taken back within minutes, as on the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.serializers import Choice, Entry, Moment, Reference, Text
from corridors.models import BorderCrossing, CorridorVersion
from partners.access import Permission
from returns import acts_on_many, ending, undoing_many
from returns.acts_on_many import MOST, ManyError, Outlook
from returns.api import cases
from returns.api.casework import TaskGiven
from returns.api.group_plans import GroupPlanEntry
from returns.enums import CaseOutcome, ManyKind
from returns.models import ActOnMany, ReturnCase

PLAN = {Permission.PLAN_CROSSINGS}


class ManyPlanEntry(GroupPlanEntry):
    """Where and when the groups of these cases cross; whoever else stands in them is planned too."""

    crossing = Text(max_length=20, help_text="code of the crossing")


class ManyTaskEntry(TaskGiven):
    """A task about each case."""

    title = Text(max_length=200)
    due_at = Moment()


class ManyEndEntry(Entry):
    """How the cases ended, and how that is known."""

    outcome = Choice(choices=CaseOutcome.choices)
    why = Text(max_length=ending.LONGEST)


class ManyEntry(Entry):
    """Which cases, and exactly one of `plan`, `task` and `close`."""

    cases = serializers.ListField(child=Reference(), min_length=1, max_length=MOST)
    plan = ManyPlanEntry(required=False)
    task = ManyTaskEntry(required=False)
    close = ManyEndEntry(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError where not exactly one act is said."""
        if sum(kind in attrs for kind in ManyKind.values) != 1:
            raise ValidationError({"plan": [_("Say one of plan, task and close.")]})
        return attrs


class ManyDoEntry(ManyEntry):
    """The same as was foreseen, with the `fingerprint` that was answered."""

    foreseen = Text(max_length=64)


class ManyLeftShape(serializers.Serializer[Any]):
    why = serializers.CharField()
    cases = serializers.ListField(child=serializers.UUIDField())


@extend_schema_serializer(component_name="ManyForeseen")
class ManyForeseenShape(serializers.Serializer[Any]):
    """Whom the act would hit and whom it would leave, and why; `with_them` others of their groups would be planned too."""

    hits = serializers.ListField(child=serializers.UUIDField())
    leaves = ManyLeftShape(many=True)
    with_them = serializers.IntegerField()
    fingerprint = serializers.CharField()


class ManyDoneShape(serializers.ModelSerializer[ActOnMany]):
    """What was done to how many; it may be taken back until `undo_until`, where nothing has happened since."""

    undo_until = serializers.SerializerMethodField()

    def get_undo_until(self, row: ActOnMany) -> str:
        return (row.made_at + acts_on_many.UNDO_WITHIN).isoformat()

    class Meta:
        model = ActOnMany
        fields = ("public_id", "kind", "how_many", "refused", "made_at", "undo_until", "undone_at", "how_many_undone")


class ManyUndoEntry(Entry):
    act = Reference(help_text="public_id of the act")


class Cases(cases.Cases):
    __doc__ = cases.Cases.__doc__

    doors = {**cases.Cases.doors, **dict.fromkeys(("foresee_many", "act_on_many", "undo_many"), PLAN)}
    refusals = {**cases.Cases.refusals, ManyError: 422}

    @extend_schema(request=ManyEntry, responses={200: ManyForeseenShape})
    @action(detail=False, methods=["post"], url_path="foresee-many")
    def foresee_many(self, request: Request) -> Response:
        """Say what an act on up to 500 cases would do. Nothing is done."""
        outlook = acts_on_many.foresee(**self._asked(self.sent(ManyEntry)), by=self.viewer.actor, at=self.at)
        return Response(ManyForeseenShape(_told(outlook)).data)

    @extend_schema(request=ManyDoEntry, responses={201: ManyDoneShape})
    @action(detail=False, methods=["post"], url_path="act-on-many")
    def act_on_many(self, request: Request) -> Response:
        """Do what was foreseen; nothing is done where it would hit other cases by now."""
        said = self.sent(ManyDoEntry)
        return self.written(lambda: self._do(said))

    def _do(self, said: dict[str, Any]) -> Answer:
        done = acts_on_many.act_on_many(
            **self._asked(said),
            foreseen=said["foreseen"],
            account=self.viewer.user.public_id,
            by=self.viewer.actor,
            at=self.at,
        )
        return Answer(ManyDoneShape(done).data)

    @extend_schema(request=ManyUndoEntry, responses={200: ManyDoneShape})
    @action(detail=False, methods=["post"], url_path="undo-many")
    def undo_many(self, request: Request) -> Response:
        """Take an act of one's own back within 15 minutes, for every case to which nothing has happened since."""
        said = self.sent(ManyUndoEntry)
        return self.written(lambda: self._undo(said))

    def _undo(self, said: dict[str, Any]) -> Answer:
        act = self.named(ActOnMany.objects.visible_to(self.viewer), "act", public_id=said["act"])
        undone = undoing_many.undo(act=act, by=self.viewer.actor, at=self.at)
        return Answer(ManyDoneShape(undone).data, 200)

    def _asked(self, said: dict[str, Any]) -> dict[str, Any]:
        """Give kind, cases and what was said of them, as the domain asks for it. Cases out of reach are as none."""
        kind = next(each for each in ManyKind.values if each in said)
        given = dict(said[kind])
        if kind == ManyKind.PLAN:
            given["crossing"] = self.named(BorderCrossing.objects.all(), "plan", code=given["crossing"])
            if given["corridor_version"] is not None:
                versions = CorridorVersion.objects.select_related("corridor")
                given["corridor_version"] = self.named(versions, "plan", public_id=given["corridor_version"])
        rows = ReturnCase.objects.visible_to(self.viewer).living().filter(public_id__in=said["cases"])
        return {"kind": kind, "cases": list(rows.select_related("person")), "said": given}


def _told(outlook: Outlook) -> dict[str, Any]:
    keys = {*outlook.hits, *(key for left in outlook.leaves.values() for key in left)}
    names: dict[int, UUID] = dict(ReturnCase.objects.filter(pk__in=keys).values_list("pk", "public_id"))
    return {
        "hits": [names[key] for key in outlook.hits],
        "leaves": [{"why": why, "cases": [names[key] for key in left]} for why, left in outlook.leaves.items()],
        "with_them": outlook.with_them,
        "fingerprint": outlook.fingerprint,
    }
