"""The hour of a group, what is to be bought for it, and that it was told, over the API: the same calls as on the pages."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common import limits
from common.idempotency import Answer
from common.problems import FieldProblem
from common.serializers import Actor, Choice, Count, Entry, Moment, Pointer, Reference, Text, Truth, WallTime, Whole
from corridors.enums import Mode
from corridors.models import CorridorVersion, Requirement, RequirementVersion
from migrants.models import TravelGroup
from partners.access import Permission
from partners.models import Organisation
from returns import cases, funding, shopping, telling, waivers
from returns.api import group_readiness
from returns.api.files import given
from returns.matrix import matrix_of
from returns.models import GroupTold, GroupWaiver, Need, Plan
from returns.serializers.files import MadeShape
from returns.shopping_papers import KINDS, shopping_file
from returns.ways import zones_of

PLAN, SEE = {Permission.PLAN_CROSSINGS}, {Permission.SEE_PEOPLE}


class GroupPlanShape(serializers.ModelSerializer[Plan]):
    """The hour at the barrier, on the clock of `zone` and as an instant, and how the laboratory works."""

    group = Pointer()
    crossing = Pointer("code")
    corridor_version = Pointer(allow_null=True)
    local_time = WallTime()
    by = Actor()

    class Meta:
        model = Plan
        fields = (
            "public_id", "group", "crossing", "from_country", "to_country", "cross_at", "local_time", "zone",
            "queue_minutes", "mode", "corridor_version", "laboratory", "tests_an_hour", "result_minutes",
            "laboratory_opens", "laboratory_closes", "set_at", "by",
        )  # fmt: skip


class GroupPlanEntry(Entry):
    """When the group stands at the barrier, on the clock of one side of the crossing, and how long the queue may last."""

    local_time = WallTime()
    zone = Text(max_length=64)
    queue_minutes = Whole(required=False, default=120)
    mode = Choice(choices=Mode.choices, required=False, default="")
    corridor_version = Reference(required=False, allow_null=True, default=None)


class PaceEntry(Entry):
    """How the laboratory works; without hours it works day and night."""

    laboratory = Text(max_length=200)
    an_hour = Whole()
    result_minutes = Whole()
    opens = serializers.TimeField(required=False, allow_null=True)
    closes = serializers.TimeField(required=False, allow_null=True)


class ShoppingEntry(Entry):
    """`numbers`: with the case numbers for which each line is bought, for a laboratory; else counts alone. Never a name."""

    kind = Choice(choices=[(kind, kind) for kind in KINDS])
    numbers = Truth(default=False)


class GroupToldEntry(Entry):
    """That the change published last was read out to the group: in which languages, and how many heard it."""

    languages = serializers.ListField(child=Text(max_length=2), max_length=len(telling.LANGUAGES))
    people_told = Count()


class GroupToldShape(serializers.ModelSerializer[GroupTold]):
    group = Pointer()
    version = Pointer()
    by = Actor()

    class Meta:
        model = GroupTold
        fields = ("public_id", "group", "version", "languages", "people_told", "told_at", "by")


class NeedAskedEntry(Entry):
    """The version of a requirement for which there is something to buy."""

    version = Reference()


class NeedAskedShape(serializers.ModelSerializer[Need]):
    requirement_version = Pointer()

    class Meta:
        model = Need
        fields = ("public_id", "kind", "quantity", "unit", "unit_price", "currency", "requirement_version", "asked_at")


class GroupWaiverShape(serializers.ModelSerializer[GroupWaiver]):
    """An authority excuses the group as a whole, whoever joins it later included, from one requirement until a time."""

    group = Pointer()
    requirement = Pointer()
    authority = Pointer("code")
    through = Pointer(allow_null=True, help_text="the waiver of the corridor by which the group is excused")
    by = Actor()

    class Meta:
        model = GroupWaiver
        fields = (
            "public_id",
            "group",
            "requirement",
            "authority",
            "reference",
            "valid_until",
            "through",
            "recorded_at",
            "by",
        )


class GroupWaiverEntry(Entry):
    requirement = Reference()
    authority = Text(max_length=40, help_text="code of the organisation that excuses the group")
    reference = Text(max_length=120, help_text="of the paper that says so")
    valid_until = Moment()


class GroupWaiverEnd(Entry):
    waiver = Reference()
    why = Text(max_length=200)


class Groups(group_readiness.Groups):
    """People who wait together at a crossing in one direction. POST opens one; the same `public_id` again opens nothing."""

    doors = {
        **group_readiness.Groups.doors,
        "plan": PLAN,
        "pace": PLAN,
        "shopping": SEE,
        "told": {Permission.SEE_GROUPS},
        "ask": {Permission.RECORD_PLEDGES},
        "waive": {Permission.WAIVE},
        "end_waiver": {Permission.WAIVE},
    }
    refusals = {
        **group_readiness.Groups.refusals,
        cases.CaseError: 422,
        shopping.PaceError: 422,
        telling.TellingError: 422,
        funding.FundingError: 422,
    }

    @extend_schema(request=GroupPlanEntry, responses={201: GroupPlanShape})
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, **place: Any) -> Response:
        """Agree on the hour at the barrier; the whole group is judged for it at once."""
        group, said = self.get_object(), self.sent(GroupPlanEntry)
        return self.written(lambda: self._plan(group, said))

    def _plan(self, group: TravelGroup, said: dict[str, Any]) -> Answer:
        corridor = said.pop("corridor_version")
        if corridor is not None:
            corridor = self.named(
                CorridorVersion.objects.select_related("corridor"), "corridor_version", public_id=corridor
            )
        planned = cases.set_plan(
            group=group, crossing=group.crossing, corridor_version=corridor, **said, by=self.viewer.actor, at=self.at
        )
        return Answer(GroupPlanShape(planned).data)

    @extend_schema(request=PaceEntry, responses={201: GroupPlanShape})
    @action(detail=True, methods=["post"])
    def pace(self, request: Request, **place: Any) -> Response:
        """Say which laboratory serves the group and how fast it is; the hours of sampling follow it."""
        group, said = self.get_object(), self.sent(PaceEntry)
        return self.written(lambda: self._pace(group, said))

    def _pace(self, group: TravelGroup, said: dict[str, Any]) -> Answer:
        plan = Plan.objects.filter(group=group).first()
        if plan is None:
            raise FieldProblem("laboratory", _("Agree on the hour at the barrier first; the pace belongs to it."))
        told = shopping.say_pace(plan=plan, pace=shopping.Pace(**said), by=self.viewer.actor, at=self.at)
        return Answer(GroupPlanShape(told).data)

    @extend_schema(request=ShoppingEntry, responses={201: MadeShape})
    @action(detail=True, methods=["post"])
    def shopping(self, request: Request, **place: Any) -> Response:
        """Give what is to be bought as a file, an export with a number."""
        group, said = self.get_object(), self.sent(ShoppingEntry)
        limits.count("export", str(self.viewer.user.public_id))
        return self.written(lambda: self._shopping(group, **said))

    def _shopping(self, group: TravelGroup, *, kind: str, numbers: bool) -> Answer:
        zones = zones_of(group)
        zone = ZoneInfo(zones[0])
        matrix = matrix_of(group, zone=zone, at=self.at)
        listed = shopping.shopping_list(group, matrix, zone=zone, at=self.at, with_numbers=numbers)
        made = shopping_file(group, listed, kind=kind, zones=zones, by=self.viewer.actor, at=self.at)
        return given(made, name=f"shopping-{group.code}.{kind}")

    @extend_schema(request=NeedAskedEntry, responses={201: NeedAskedShape})
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, **place: Any) -> Response:
        """Turn what is missing now of one version of a requirement into a need; asking twice is asking once."""
        group, said = self.get_object(), self.sent(NeedAskedEntry)
        return self.written(lambda: self._ask(group, said))

    def _ask(self, group: TravelGroup, said: dict[str, Any]) -> Answer:
        versions = RequirementVersion.objects.select_related("requirement")
        version = self.named(versions, "version", public_id=said["version"])
        asked = shopping.ask_for(group=group, version=version, by=self.viewer.actor, at=self.at)
        if asked is None:
            words = _("Nothing of this is missing any more; there is nothing to ask for.")
            raise FieldProblem("version", words)
        return Answer(NeedAskedShape(asked).data)

    @extend_schema(request=GroupToldEntry, responses={201: GroupToldShape})
    @action(detail=True, methods=["post"])
    def told(self, request: Request, **place: Any) -> Response:
        """Write down that the change published last was read out to the group."""
        group, said = self.get_object(), self.sent(GroupToldEntry)
        return self.written(lambda: self._told(group, said))

    def _told(self, group: TravelGroup, said: dict[str, Any]) -> Answer:
        version = telling.latest_change_for(group)
        if version is None:
            raise FieldProblem(
                "", _("No change was published for where this group waits, so there is nothing to read out.")
            )
        return Answer(
            GroupToldShape(
                telling.record_told(group=group, version=version, **said, by=self.viewer.actor, at=self.at)
            ).data
        )

    @extend_schema(request=GroupWaiverEntry, responses={201: GroupWaiverShape})
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, **place: Any) -> Response:
        """Write down that an authority excuses the group as a whole; it is judged anew at once."""
        group, said = self.get_object(), self.sent(GroupWaiverEntry)
        return self.written(lambda: self._waive(group, said))

    def _waive(self, group: TravelGroup, said: dict[str, Any]) -> Answer:
        said["requirement"] = self.named(Requirement.objects.all(), "requirement", public_id=said["requirement"])
        said["authority"] = self.named(Organisation.objects.all(), "authority", code=said["authority"])
        waived = waivers.waive_group(group=group, **said, by=self.viewer.actor, at=self.at)
        return Answer(GroupWaiverShape(waived).data)

    @extend_schema(request=GroupWaiverEnd, responses={201: GroupWaiverShape})
    @action(detail=True, methods=["post"], url_path="end-waiver")
    def end_waiver(self, request: Request, **place: Any) -> Response:
        """End a waiver of the group now, because the authority took it back or it was written down by mistake."""
        group, said = self.get_object(), self.sent(GroupWaiverEnd)
        return self.written(lambda: self._end(group, said))

    def _end(self, group: TravelGroup, said: dict[str, Any]) -> Answer:
        row = self.named(GroupWaiver.objects.filter(group=group), "waiver", public_id=said["waiver"])
        ended = waivers.withdraw_from_group(waiver=row, why=said["why"], by=self.viewer.actor, at=self.at)
        return Answer(GroupWaiverShape(ended).data)
