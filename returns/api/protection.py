"""The closed room over the API: holds, screenings, referrals, children who are alone, late results; for its officers alone."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.problems import Conflict, FieldProblem
from migrants import protection, screening
from migrants.api import OfPeople
from migrants.models import ChildArrangement, HoldQuestion, Migrant, ProtectionHold, Referral, Screening
from migrants.serializers.papers import OfPerson
from partners.access import Permission
from partners.models import Organisation
from returns import holding, late_results, registering
from returns.models import LateResult
from returns.serializers.protection import (
    ArrangementEntry,
    ArrangementShape,
    ClearingEntry,
    HoldDetail,
    HoldEntry,
    HoldShape,
    LateResultDetail,
    LateResultShape,
    NoteEntry,
    OutcomeEntry,
    ReferralAnswerEntry,
    ReferralDetail,
    ReferralEntry,
    ReferralShape,
    ScreeningDetail,
    ScreeningEntry,
    ScreeningShape,
    SpreadEntry,
)

SEE, DECIDE = {Permission.SEE_PROTECTION}, {Permission.DECIDE_PROTECTION}
READ: dict[str, Collection[Permission]] = {"list": SEE, "retrieve": SEE}


class InTheRoom(OfPeople):
    """Rows of the closed room, of people whom the viewer reaches. Whoever is shown is written into the access log."""

    doors = READ
    refusals = {protection.ProtectionError: 422}
    filters = OfPerson

    def person_sent(self, said: dict[str, Any]) -> Migrant:
        return self.named(self.people(), "person", public_id=said.pop("person"))

    def done(self, act: Callable[..., Any], **what: Any) -> Any:
        """What the domain made of it, by whoever asks and now."""
        return act(**what, by=self.viewer.actor, at=self.at)

    def detailed(self, row: Any, *, status: int = 200) -> Answer:
        """The row as its detail shows it, read anew."""
        return self.made(self.rows().get(pk=row.pk), status=status, shape=self.detail_class)


class Holds(InTheRoom):
    """Stops of every transfer to some countries. To partners the person is simply not travelling; none of them reads this."""

    doors = {**READ, "create": DECIDE, "clear": DECIDE, "spread": DECIDE}
    serializer_class = HoldShape
    detail_class = HoldDetail

    def rows(self) -> QuerySet[ProtectionHold]:
        rows = ProtectionHold.objects.filter(person__in=self.people())
        return rows.select_related("person", "question__group")

    @extend_schema(request=HoldEntry, responses={201: HoldDetail})
    def create(self, request: Request) -> Response:
        """Set a hold: disclosures to these countries end, seats on the way past them are freed, the group is asked about."""
        said = self.sent(HoldEntry)
        return self.written(lambda: self._hold(said))

    def _hold(self, said: dict[str, Any]) -> Answer:
        person, against = self.person_sent(said), said.get("against", ())
        return self.detailed(self.done(holding.hold, person=person, reason=said["reason"], against=against), status=201)

    @extend_schema(request=ClearingEntry, responses={200: HoldDetail})
    @action(detail=True, methods=["post"])
    def clear(self, request: Request, **place: Any) -> Response:
        """Clear a hold. Whoever set it cannot: 422."""
        said = self.sent(ClearingEntry)
        hold = self.get_object()
        return self.written(lambda: self._clear(hold, said["reason"]))

    def _clear(self, hold: ProtectionHold, reason: str) -> Answer:
        row = self.done(protection.clear_hold, hold=hold, reason=reason)
        registering.facts_changed([row.person], at=self.at)
        return self.detailed(row)

    @extend_schema(request=SpreadEntry, responses={200: HoldDetail})
    @action(detail=True, methods=["post"])
    def spread(self, request: Request, **place: Any) -> Response:
        """Answer whether the hold concerns others of the group; whoever is named is held too. Answered before: 409."""
        said = self.sent(SpreadEntry)
        hold = self.get_object()
        return self.written(lambda: self._spread(hold, said))

    def _spread(self, hold: ProtectionHold, said: dict[str, Any]) -> Answer:
        question = HoldQuestion.objects.filter(hold=hold, answered_at__isnull=True).select_related("hold").first()
        if question is None:
            raise Conflict(_("Nothing is asked about the group, or it was answered already."))
        named = set(said.get("also", ()))
        also = list(self.people().filter(public_id__in=named, group=question.group_id))
        if len(also) < len(named):
            raise FieldProblem("also", _("Somebody named here is not in this group. Look at it again."))
        self.done(holding.spread, question=question, also=also, note=said["note"])
        return self.detailed(hold)


class Screenings(InTheRoom):
    """Conversations about what a person needs: dated, repeated, never changed, without any score."""

    doors = {**READ, "create": DECIDE}
    serializer_class = ScreeningShape
    detail_class = ScreeningDetail

    def rows(self) -> QuerySet[Screening]:
        return Screening.objects.filter(person__in=self.people()).select_related("person")

    @extend_schema(request=ScreeningEntry, responses={201: ScreeningDetail})
    def create(self, request: Request) -> Response:
        """Write one down; earlier ones stay."""
        said = self.sent(ScreeningEntry)
        return self.written(
            lambda: self.detailed(self.done(screening.screen, person=self.person_sent(said), **said), status=201)
        )


class Referrals(InTheRoom):
    """Whom an organisation was asked to help. Nothing is sent to it: the officer tells, and writes the answer down."""

    doors = {**READ, "create": DECIDE, "answer": DECIDE, "close": DECIDE}
    serializer_class = ReferralShape
    detail_class = ReferralDetail

    def rows(self) -> QuerySet[Referral]:
        rows = Referral.objects.filter(person__in=self.people())
        return rows.select_related("person", "screening", "organisation")

    @extend_schema(request=ReferralEntry, responses={201: ReferralDetail})
    def create(self, request: Request) -> Response:
        """Refer a person after a screening."""
        said = self.sent(ReferralEntry)
        return self.written(lambda: self._refer(said))

    def _refer(self, said: dict[str, Any]) -> Answer:
        screened = Screening.objects.filter(person__in=self.people())
        row = self.named(screened, "screening", public_id=said.pop("screening"))
        to = self.named(Organisation.objects.all(), "organisation", code=said.pop("organisation"))
        return self.detailed(self.done(screening.refer, screening=row, organisation=to, **said), status=201)

    @extend_schema(request=ReferralAnswerEntry, responses={200: ReferralDetail})
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, **place: Any) -> Response:
        """Write down whether they accepted or declined."""
        said = self.sent(ReferralAnswerEntry)
        row = self.get_object()
        return self.written(lambda: self.detailed(self.done(screening.answer_referral, referral=row, **said)))

    @extend_schema(request=OutcomeEntry, responses={200: ReferralDetail})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, **place: Any) -> Response:
        """Write down what came of it."""
        said = self.sent(OutcomeEntry)
        row = self.get_object()
        return self.written(lambda: self.detailed(self.done(screening.close_referral, referral=row, **said)))


class Arrangements(InTheRoom):
    """Best interests, escort and named receiver of children who are alone; recorded again, it is corrected."""

    doors = {**READ, "create": DECIDE}
    serializer_class = ArrangementShape

    def rows(self) -> QuerySet[ChildArrangement]:
        return ChildArrangement.objects.filter(person__in=self.people()).select_related("person")

    @extend_schema(request=ArrangementEntry, responses={201: ArrangementShape})
    def create(self, request: Request) -> Response:
        """Record what is decided; the child's case is judged anew."""
        said = self.sent(ArrangementEntry)
        return self.written(lambda: self._arrange(said))

    def _arrange(self, said: dict[str, Any]) -> Answer:
        person = self.person_sent(said)
        row = self.done(protection.arrange_child, person=person, **said)
        registering.facts_changed([person], at=self.at)
        return self.made(self.rows().get(pk=row.pk))


class LateResults(InTheRoom):
    """Results that came too late to stop anybody. No consulate and no partner learns of them here."""

    doors = {**READ, "take_up": DECIDE}
    refusals = {late_results.LateResultError: 422}
    serializer_class = LateResultShape
    detail_class = LateResultDetail

    def rows(self) -> QuerySet[LateResult]:
        rows = LateResult.objects.visible_to(self.viewer).filter(person__merged_into__isnull=True)
        return rows.select_related("person", "test", "movement")

    @extend_schema(request=NoteEntry, responses={200: LateResultDetail})
    @action(detail=True, methods=["post"])
    def take_up(self, request: Request, **place: Any) -> Response:
        """Write down what was done about it; taken up already, it stays as it is."""
        said = self.sent(NoteEntry)
        row = self.get_object()
        return self.written(lambda: self.detailed(self.done(late_results.take_up, late=row, **said)))
