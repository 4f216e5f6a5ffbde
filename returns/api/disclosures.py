"""Who outside IOM may see whom, what for, and until when; showing somebody to a consulate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.problems import FieldProblem
from migrants import consents
from migrants.api import OfPeople
from migrants.models import Disclosure, Migrant, TravelGroup
from partners.access import Permission
from partners.enums import OrganisationKind
from partners.models import Organisation
from returns.serializers.disclosures import DisclosureEntry, DisclosureFilters, DisclosureShape

READ, CONSENT = {Permission.SEE_PEOPLE}, {Permission.RECORD_CONSENT}


class Disclosures(OfPeople):
    """Who may see whom in which period. It is written only where the person agreed, and ends with what it rests on."""

    doors = {"list": READ, "retrieve": READ, "create": CONSENT}
    serializer_class = DisclosureShape
    filters = DisclosureFilters

    def rows(self) -> QuerySet[Disclosure]:
        return Disclosure.objects.filter(person__in=self.people()).select_related("person", "recipient", "consent")

    @extend_schema(request=DisclosureEntry, responses={200: DisclosureShape(many=True)})
    def create(self, request: Request) -> Response:
        """Show a person, or those of a group, to a receiver, as far as they agreed and nothing speaks against it.

        Gives what stands afterwards. Whoever is not shown is left out without a word.
        """
        said = self.sent(DisclosureEntry)
        return self.written(lambda: self._disclose(said))

    def _disclose(self, said: dict[str, Any]) -> Answer:
        outside = Organisation.objects.exclude(kind=OrganisationKind.IOM)
        recipient = self.named(outside, "recipient", code=said["recipient"])
        people = self._whom(said)
        consents.disclose(
            people=people, recipient=recipient, purpose=consents.purpose_for(recipient),
            valid_until=said.get("valid_until"), by=self.viewer.actor, at=self.at,
        )  # fmt: skip
        standing = Q(valid_until__isnull=True) | Q(valid_until__gt=self.at)
        rows = list(self.rows().filter(standing, person__in=people, recipient=recipient).order_by("pk"))
        content = self.get_serializer(rows, many=True).data
        return Answer(content, 200, tuple(row.person.public_id for row in rows))

    def _whom(self, said: dict[str, Any]) -> Sequence[Migrant]:
        person, group = said.get("person"), said.get("group")
        if (person is None) == (group is None):
            raise FieldProblem("person", _("Name either a person or a group."))
        if person is not None:
            return [self.named(self.people(), "person", public_id=person)]
        whole = self.named(TravelGroup.objects.visible_to(self.viewer), "group", public_id=group)
        return list(whole.people.living_records())
