"""The closed room over the API. A list says that there is a row; why, and what was found, stands with one row alone."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.serializers import Actor, Choice, Country, Day, Entry, Moment, Pointer, Reference, Text
from migrants.enums import ProtectionNeed, ReferralAnswer, ScreeningStage, Service
from migrants.models import ChildArrangement, HoldQuestion, ProtectionHold, Referral, Screening
from migrants.screening import needs_of
from returns.models import LateResult

NOTE, MOST_PEOPLE = 4000, 200
HOLD = ("public_id", "person", "against", "set_at", "cleared_at", "set_by")
SCREENING = ("public_id", "person", "stage", "screened_at", "recorded_at", "by")
REFERRAL = (
    "public_id", "person", "screening", "organisation", "service", "referred_at", "answer", "answered_at", "closed_at",
    "by",
)  # fmt: skip
LATE = ("public_id", "person", "test", "movement", "raised_at", "taken_up_at")


class HoldShape(serializers.ModelSerializer[ProtectionHold]):
    """A stop of every transfer `against` countries. Nobody outside of the closed room learns that there is one."""

    person = Pointer()
    against = serializers.ListField(child=serializers.CharField(), read_only=True)
    set_by = Actor()

    class Meta:
        model = ProtectionHold
        fields: tuple[str, ...] = HOLD


class QuestionShape(serializers.ModelSerializer[HoldQuestion]):
    """Whether the hold concerns others of the group: asked when it was set, answered by a person."""

    group = Pointer()
    note = serializers.CharField(allow_null=True, read_only=True)

    class Meta:
        model = HoldQuestion
        fields = ("group", "asked_at", "answered_at", "note")


class HoldDetail(HoldShape):
    """One hold alone: why it stands, why it was cleared, and what was answered about the group."""

    reason = serializers.CharField(read_only=True)
    clearing_reason = serializers.CharField(read_only=True, allow_null=True)
    cleared_by = Actor(allow_null=True)
    question = serializers.SerializerMethodField()

    @extend_schema_field(QuestionShape(allow_null=True))
    def get_question(self, hold: ProtectionHold) -> Any:
        question = getattr(hold, "question", None)
        return None if question is None else QuestionShape(question).data

    class Meta(HoldShape.Meta):
        fields = (*HOLD, "reason", "cleared_by", "clearing_reason", "question")


class HoldEntry(Entry):
    """`against` left out: every nationality of the person."""

    person = Reference()
    against = serializers.ListField(child=Country(), required=False, max_length=20)
    reason = Text(max_length=NOTE)


class ClearingEntry(Entry):
    reason = Text(max_length=NOTE)


class SpreadEntry(Entry):
    """Who else of the group is concerned; nobody, where `also` is left out."""

    also = serializers.ListField(child=Reference(), required=False, max_length=MOST_PEOPLE)
    note = Text(max_length=NOTE)


class ScreeningShape(serializers.ModelSerializer[Screening]):
    """That somebody was screened, and when. What was found stands with one screening alone."""

    person = Pointer()
    by = Actor()

    class Meta:
        model = Screening
        fields: tuple[str, ...] = SCREENING


class ScreeningDetail(ScreeningShape):
    """One screening alone: the needs that were found, and the note."""

    needs = serializers.SerializerMethodField()
    note = serializers.CharField(read_only=True, allow_null=True)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=ProtectionNeed.choices)))
    def get_needs(self, row: Screening) -> list[str]:
        return [need.value for need in needs_of(row)]

    class Meta(ScreeningShape.Meta):
        fields = (*SCREENING, "needs", "interpreter", "note")


class ScreeningEntry(Entry):
    """One conversation. `needs` left out: asked, and none was found. Nobody is scored."""

    person = Reference()
    stage = Choice(choices=ScreeningStage.choices)
    needs = serializers.ListField(child=Choice(choices=ProtectionNeed.choices), default=list, max_length=20)
    note = Text(required=False, allow_blank=True, max_length=NOTE)
    interpreter = Text(required=False, allow_blank=True, max_length=120)
    screened_at = Moment()


class ReferralShape(serializers.ModelSerializer[Referral]):
    """Who was asked to help, for what, and what they answered; nothing is sent by the house."""

    person = Pointer()
    screening = Pointer()
    organisation = Pointer("code")
    by = Actor()

    class Meta:
        model = Referral
        fields: tuple[str, ...] = REFERRAL


class ReferralDetail(ReferralShape):
    """One referral alone: why, what they said, and what came of it."""

    reason = serializers.CharField(read_only=True)
    answer_note = serializers.CharField(read_only=True, allow_null=True)
    outcome = serializers.CharField(read_only=True, allow_null=True)

    class Meta(ReferralShape.Meta):
        fields = (*REFERRAL, "reason", "answer_note", "outcome")


class ReferralEntry(Entry):
    screening = Reference()
    organisation = Text(max_length=40, help_text="code of the organisation")
    service = Choice(choices=Service.choices)
    reason = Text(max_length=NOTE)
    referred_at = Moment()


class ReferralAnswerEntry(Entry):
    """`declined` needs a `note` and closes the referral."""

    answer = Choice(choices=ReferralAnswer.choices)
    note = Text(required=False, allow_blank=True, max_length=NOTE)


class OutcomeEntry(Entry):
    outcome = Text(max_length=NOTE)


class ArrangementShape(serializers.ModelSerializer[ChildArrangement]):
    """What is decided for a child who is alone; without all of it the child does not travel."""

    person = Pointer()
    by = Actor()

    class Meta:
        model = ChildArrangement
        fields = ("public_id", "person", "outcome", "best_interests_on", "escort", "receiver", "recorded_at", "by")


class ArrangementEntry(Entry):
    person = Reference()
    outcome = Text(max_length=300)
    best_interests_on = Day()
    escort = Text(max_length=120)
    receiver = Text(max_length=120)


class LateResultShape(serializers.ModelSerializer[LateResult]):
    """A result that came when the person was out of our hands already; it waits for a protection officer."""

    person = Pointer()
    test = Pointer()
    movement = Pointer(allow_null=True)

    class Meta:
        model = LateResult
        fields: tuple[str, ...] = LATE


class LateResultDetail(LateResultShape):
    """One alone: who took it up, and what was done."""

    taken_up_by = Actor(allow_null=True)
    note = serializers.CharField(read_only=True, allow_null=True)

    class Meta(LateResultShape.Meta):
        fields = (*LATE, "taken_up_by", "note")


class NoteEntry(Entry):
    note = Text(max_length=NOTE)
