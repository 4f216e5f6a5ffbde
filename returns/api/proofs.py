"""What can be shown at a barrier beside documents and tests; whoever it concerns is judged anew with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.problems import FieldProblem
from migrants.api import OfPeople
from migrants.entries import ProofEntry
from migrants.models import Proof, TravelGroup
from migrants.proofs import ProofError
from partners.access import Permission
from returns import proving
from returns.serializers.proofs import ProofBody, ProofDetail, ProofEnd, ProofFilters, ProofShape

READ, REGISTER = {Permission.SEE_PEOPLE}, {Permission.REGISTER_PEOPLE}


class Proofs(OfPeople):
    """Permits, vaccinations, letters, payments and bookings, and where people live and what for they travel.

    The number is shown only where one is asked for.
    """

    doors = {"list": READ, "retrieve": READ, "create": REGISTER, "withdraw": REGISTER}
    serializer_class = ProofShape
    detail_class = ProofDetail
    filters = ProofFilters
    refusals = {ProofError: 422}

    def rows(self) -> QuerySet[Proof]:
        theirs = Q(person__in=self.people()) | Q(group__in=TravelGroup.objects.visible_to(self.viewer))
        return Proof.objects.filter(theirs).select_related("person", "group")

    def person_of(self, row: Any) -> UUID | None:
        return row.person.public_id if row.person else None

    @extend_schema(request=ProofBody, responses={201: ProofShape})
    def create(self, request: Request) -> Response:
        """Record a proof of one person, or of a whole group; then it counts for everybody in it."""
        said = self.sent(ProofBody)
        return self.written(lambda: self._record(said))

    def _record(self, said: dict[str, Any]) -> Answer:
        reference, group = said.pop("person", None), said.pop("group", None)
        if (reference is None) == (group is None):
            raise FieldProblem("person", _("Name either a person or a group."))
        act: dict[str, Any] = {"proof": ProofEntry(**said), "by": self.viewer.actor, "at": self.at}
        if group is not None:
            whole = self.named(TravelGroup.objects.visible_to(self.viewer), "group", public_id=group)
            return self.made(proving.prove_for_group(group=whole, **act))
        return self.made(proving.prove(people=[self.named(self.people(), "person", public_id=reference)], **act)[0])

    @extend_schema(request=ProofEnd, responses={200: ProofShape})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **place: Any) -> Response:
        """Say that it counts no longer, and why; the row stays."""
        said = self.sent(ProofEnd)
        proof = self.get_object()
        return self.written(lambda: self._withdraw(proof, said["why"]))

    def _withdraw(self, proof: Proof, why: str) -> Answer:
        return self.made(proving.withdraw(proof=proof, why=why, by=self.viewer.actor, at=self.at), status=200)
