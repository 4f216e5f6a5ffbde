"""Cases and how they were judged last."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from partners.access import Permission
from partners.api import Resource
from returns.models import ReturnCase
from returns.serializers import CaseFilters, CaseShape


class Cases(Resource):
    """Plans of people to return, each with the last judgement of what is asked of it at the planned hour."""

    doors = {"list": {Permission.SEE_PEOPLE}, "retrieve": {Permission.SEE_PEOPLE}}
    serializer_class = CaseShape
    filters = CaseFilters

    def rows(self) -> QuerySet[ReturnCase]:
        cases = ReturnCase.objects.visible_to(self.viewer).living()
        return cases.select_related("person__group", "readiness__rule_set")

    def person_of(self, row: Any) -> UUID | None:
        public_id: UUID = row.person.public_id
        return public_id
