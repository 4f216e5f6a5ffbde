"""How cases, changes with their impact, needs and pledges look in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.serializers import (
    Actor,
    Choice,
    Count,
    Country,
    Day,
    Entry,
    Moment,
    Money,
    Pointer,
    Reference,
    Text,
)
from corridors.enums import Certainty, Mode, RequirementSubject, SourceTier
from corridors.ledger import words_of_overlaps
from corridors.models import RequirementDraft
from corridors.serializers import RuleTree
from returns.enums import CaseStage, CaseVerdict, NeedKind, Unit
from returns.funding import CURRENCIES
from returns.house_rules import HouseRule
from returns.models import AidItem, CaseReadiness, Need, Pledge, ReturnCase

MONEY = [(code, code) for code in CURRENCIES]
CLOSED_ROOM = {HouseRule.NO_HOLD.value, HouseRule.CHILD_ARRANGED.value}


class ReadinessShape(serializers.ModelSerializer[CaseReadiness]):
    """The last judgement. `findings` maps each requirement version, the consent form and the plan to a verdict."""

    findings = serializers.SerializerMethodField()

    class Meta:
        model = CaseReadiness
        fields = ("verdict", "judged_for", "late_for", "findings", "judged_at", "recheck_at")

    def get_findings(self, readiness: CaseReadiness) -> dict[str, str]:
        """What the closed room decides (a hold, a child alone) is no part of it."""
        return {key: verdict for key, verdict in readiness.findings.items() if key not in CLOSED_ROOM}


class CaseShape(serializers.ModelSerializer[ReturnCase]):
    """`stage` is how far it is, read from what stands; `outcome` is empty while it is open."""

    person = Pointer()
    group = Pointer(source="person.group", allow_null=True)
    stage = serializers.ChoiceField(choices=CaseStage.choices, read_only=True)
    readiness = ReadinessShape(read_only=True, allow_null=True)
    by = Actor()

    class Meta:
        model = ReturnCase
        fields = (
            "public_id",
            "number",
            "person",
            "group",
            "stage",
            "opened_at",
            "closed_at",
            "outcome",
            "readiness",
            "by",
        )


class CaseFilters(Entry):
    person = Reference(source="person__public_id", required=False)
    group = Reference(source="person__group__public_id", required=False)
    open = serializers.BooleanField(source="closed_at__isnull", required=False)
    verdict = Choice(source="readiness__verdict", choices=CaseVerdict.choices, required=False)
    stage = Choice(choices=CaseStage.choices, required=False)


class ChangeShape(serializers.ModelSerializer[RequirementDraft]):
    """A change that was written down; `published_version` is null until it was published and everybody is told."""

    requirement = Pointer()
    crossing = serializers.CharField(
        source="requirement.crossing.code",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="null: every crossing",
    )
    mode = serializers.CharField(source="requirement.mode", read_only=True)
    from_country = serializers.CharField(source="requirement.from_country", read_only=True)
    to_country = serializers.CharField(source="requirement.to_country", read_only=True)
    subject = serializers.ChoiceField(source="requirement.subject", choices=RequirementSubject.choices, read_only=True)
    content = RuleTree(read_only=True)
    authority = Pointer("code", allow_null=True)
    replaces_number = serializers.IntegerField(source="replaces.number", read_only=True, allow_null=True, default=None)
    published_version = Pointer(allow_null=True)
    published_number = serializers.IntegerField(
        source="published_version.number", read_only=True, allow_null=True, default=None
    )
    published_at = serializers.DateTimeField(
        source="published_version.entered_at", read_only=True, allow_null=True, default=None
    )
    entered_by = Actor()

    class Meta:
        model = RequirementDraft
        fields = (
            "public_id",
            "requirement",
            "crossing",
            "from_country",
            "to_country",
            "mode",
            "subject",
            "content",
            "certainty",
            "source_tier",
            "source_text",
            "correction",
            "authority",
            "zone",
            "applies_from",
            "applies_until",
            "replaces_number",
            "published_version",
            "published_number",
            "published_at",
            "entered_at",
            "entered_by",
        )


class ChangeEntry(Entry):
    """A change as somebody said or wrote it. It is stored as a draft and tells nobody.

    Without `crossing` it is asked at every crossing of the direction, of which one country may then be left out: any.
    """

    crossing = Text(max_length=20, required=False, allow_null=True, help_text="null: every crossing of the direction")
    from_country = Country(required=False, allow_blank=True, default="")
    to_country = Country(required=False, allow_blank=True, default="")
    mode = Choice(choices=Mode.choices, required=False, allow_blank=True, default="", help_text="empty: by any means")
    subject = Choice(choices=RequirementSubject.choices)
    content = RuleTree()
    certainty = Choice(choices=Certainty.choices)
    source_tier = Choice(choices=SourceTier.choices)
    source_text = Text(
        max_length=4000,
        help_text="who said it, or which paper, in the words that were used",
        error_messages={"blank": _("Say who said it, or which paper it stands in, in the words that were used.")},
    )
    correction = Text(
        max_length=300,
        required=False,
        allow_blank=True,
        help_text="what was entered wrongly before; nothing else changed",
    )
    authority = Text(max_length=40, help_text="code of the organisation that asks for it")
    applies_from = Moment()
    applies_until = Moment(required=False, allow_null=True)
    report = Reference(required=False, help_text="the word from a barrier (`barrier-reports`) that it takes up")


class ChangeFilters(Entry):
    crossing = Text(source="requirement__crossing__code", required=False, max_length=20)
    requirement = Reference(source="requirement__public_id", required=False)
    draft = serializers.BooleanField(source="published_version__isnull", required=False)


class PublishEntry(Entry):
    """The fingerprint of the impact that was read: if it has moved since, nobody is told and the problem says so."""

    fingerprint = Text(max_length=64)


class GroupImpactShape(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    code = serializers.CharField()
    planned = serializers.DateTimeField(allow_null=True)
    before = serializers.DictField(child=serializers.IntegerField())
    after = serializers.DictField(child=serializers.IntegerField())
    stopped = serializers.IntegerField()
    unregistered = serializers.IntegerField()


class DeskShape(serializers.Serializer[Any]):
    function = serializers.CharField()
    channel = serializers.CharField()
    language = serializers.CharField()


class ReachedShape(serializers.Serializer[Any]):
    """Who will be told; without `desks` it has to be called."""

    organisation = serializers.CharField(source="organisation.code")
    head_count = serializers.IntegerField(allow_null=True)
    desks = DeskShape(many=True)


class CostLineShape(serializers.Serializer[Any]):
    """A line of the bill: of which requirement, for what reason, how many at which price; spared ones count against it."""

    version = serializers.CharField(source="key", help_text="public id of the version, or the key of a house rule")
    subject = serializers.CharField()
    reason = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.DecimalField(max_digits=16, decimal_places=2)
    amount = serializers.DecimalField(max_digits=16, decimal_places=2)
    currency = serializers.CharField()


class ImpactShape(serializers.Serializer[Any]):
    """What publishing would do: people by worst verdict, whom it stops, the bill by currency, who will be told."""

    fingerprint = serializers.CharField()
    cases = serializers.IntegerField()
    stopped = serializers.IntegerField()
    relieved = serializers.IntegerField()
    lacking = serializers.IntegerField(
        help_text="people who do not meet it, also where something else stops them already"
    )
    before = serializers.DictField(child=serializers.IntegerField())
    after = serializers.DictField(child=serializers.IntegerField())
    first_concerned_at = serializers.DateTimeField(allow_null=True)
    cost = serializers.DictField(source="cost.totals", child=serializers.DecimalField(max_digits=16, decimal_places=2))
    bill = CostLineShape(source="cost.lines", many=True)
    groups = GroupImpactShape(many=True)
    told = ReachedShape(many=True)
    corridors = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())
    overlaps = serializers.SerializerMethodField(help_text="what happens to each version that holds at the same hours")

    def get_overlaps(self, impact: Any) -> list[str]:
        return words_of_overlaps(impact.draft)


class GapShape(serializers.Serializer[Any]):
    needed = serializers.DecimalField(max_digits=16, decimal_places=2)
    pledged = serializers.DecimalField(max_digits=16, decimal_places=2)
    open = serializers.DecimalField(max_digits=16, decimal_places=2)
    currency = serializers.CharField()


class NeedShape(serializers.ModelSerializer[Need]):
    """So many of something, in `unit`, at a price each (0: asked in kind); what is promised, and how much was given."""

    group = Pointer()
    requirement_version = Pointer(allow_null=True)
    gap = GapShape(read_only=True)
    given = serializers.IntegerField(source="given.given", read_only=True)
    head_count = Pointer(allow_null=True)
    by = Actor()

    class Meta:
        model = Need
        fields = (
            "public_id",
            "group",
            "kind",
            "quantity",
            "unit",
            "unit_price",
            "currency",
            "requirement_version",
            "head_count",
            "asked_at",
            "closed_at",
            "gap",
            "given",
            "by",
        )


class NeedEntry(Entry):
    group = Reference()
    kind = Choice(choices=NeedKind.choices)
    quantity = Count(min_value=1, max_value=1_000_000)
    unit_price = Money(min_value=0)
    currency = Choice(choices=MONEY)


class NeedFilters(Entry):
    group = Reference(source="group__public_id", required=False)
    kind = Choice(choices=NeedKind.choices, required=False)
    open = serializers.BooleanField(source="closed_at__isnull", required=False)


class PledgeShape(serializers.ModelSerializer[Pledge]):
    """A promise in the donor's own currency; `rate` turns it into that of the need. Correspondence is not shown."""

    need = Pointer()
    donor = Pointer("code")
    by = Actor()

    class Meta:
        model = Pledge
        fields = ("public_id", "need", "donor", "amount", "currency", "rate", "pledged_on", "recorded_at", "by")


class PledgeEntry(Entry):
    need = Reference()
    donor = Text(max_length=40, help_text="code of the organisation that promised")
    amount = Money()
    currency = Choice(choices=MONEY)
    rate = Money(required=False, digits=14, places=6)
    pledged_on = Day()
    correspondence = Text(required=False, allow_blank=True, max_length=4000, help_text="kept sealed, never shown here")


class PledgeFilters(Entry):
    need = Reference(source="need__public_id", required=False)
    donor = Text(source="donor__code", required=False, max_length=40)


class AidShape(serializers.ModelSerializer[AidItem]):
    """So much of a need was given, in its unit, by whom and when."""

    need = Pointer()
    giver = Pointer("code")
    by = Actor()

    class Meta:
        model = AidItem
        fields = ("public_id", "need", "giver", "quantity", "unit", "given_at", "recorded_at", "note", "by")


class AidEntry(Entry):
    need = Reference()
    giver = Text(max_length=40, help_text="code of the organisation that gave it")
    quantity = Count(min_value=1, max_value=1_000_000)
    unit = Choice(choices=Unit.choices, help_text="that of the need")
    given_at = Moment()
    note = Text(required=False, allow_blank=True, max_length=200)


class AidFilters(Entry):
    need = Reference(source="need__public_id", required=False)
    group = Reference(source="need__group__public_id", required=False)
