"""Groups that wait, how many were counted, and the people in them with their documents, tests and consents."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db.models import OuterRef, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from common import limits
from common.idempotency import Answer
from common.problems import Conflict, FieldProblem
from corridors.models import BorderCrossing
from migrants import enquiries, groups
from migrants.heads import heads_of
from migrants.models import Consent, Enquiry, HeadCount, HealthTest, Migrant, TravelDocument, TravelGroup
from migrants.searching import search
from migrants.serializers.enquiries import (
    EnquiryAnswer,
    EnquiryDetail,
    EnquiryEntry,
    EnquiryFilters,
    EnquiryShape,
    HintShape,
    LookEntry,
)
from migrants.serializers.groups import (
    GroupEntry,
    GroupFilters,
    GroupShape,
    HeadCountEntry,
    HeadCountFilters,
    HeadCountShape,
)
from migrants.serializers.papers import (
    ConsentFilters,
    ConsentShape,
    DocumentDetail,
    DocumentFilters,
    DocumentShape,
    HealthTestFilters,
    HealthTestShape,
)
from migrants.serializers.people import FoundShape, MigrantDetail, MigrantFilters, MigrantShape, SearchFilters
from partners.access import Permission
from partners.api import Resource, Rows

SEE, COUNT = {Permission.SEE_GROUPS}, {Permission.COUNT_GROUPS}
PEOPLE = {Permission.SEE_PEOPLE}
ASKS, ANSWERS = {Permission.LOOK_ELSEWHERE}, {Permission.ANSWER_ENQUIRIES}


class Waiting(Resource):
    """What groups and head counts share: where a viewer may enter something, and what the domain refuses."""

    refusals = {groups.DifferentCountError: 409, groups.GroupError: 422}
    doors = {"list": SEE, "retrieve": SEE, "create": COUNT}

    def crossing_named(self, code: str) -> BorderCrossing:
        """The crossing that a body names, as far as the viewer's memberships reach."""
        places = BorderCrossing.objects.prefetch_related("sides")
        if self.viewer.crossings is not None:
            places = places.filter(code__in=self.viewer.crossings)
        return self.named(places, "crossing", code=code)


class Groups(Waiting):
    """People who wait together at a crossing in one direction. POST opens one; the same `public_id` again opens nothing."""

    serializer_class = GroupShape
    filters = GroupFilters

    def rows(self) -> QuerySet[TravelGroup]:
        return TravelGroup.objects.visible_to(self.viewer).select_related("crossing")

    def completed(self, page: Rows) -> Rows:
        counts = groups.latest_counts(page)
        heads = heads_of(group.pk for group in page)
        for group in page:
            group.latest_count = counts.get(group.pk)
            if group.latest_count is not None:
                group.latest_count.group = group
            for name in ("registered", "unknown", "uncounted", "came", "went"):
                setattr(group, name, getattr(heads[group.pk], name))
        return page

    @extend_schema(request=GroupEntry, responses={201: GroupShape, 200: GroupShape})
    def create(self, request: Request) -> Response:
        """Open a group, with who told us and how sure that is."""
        said = self.sent(GroupEntry)
        return self.written(lambda: self._open(said))

    def _open(self, said: dict[str, Any]) -> Answer:
        crossing = self.crossing_named(said.pop("crossing"))
        known = TravelGroup.objects.filter(public_id=said.get("public_id") or uuid4()).first()
        if known is not None and not self._is_the_same(known, crossing, said):
            raise Conflict(_("This public_id belongs to another group. Give a new one to a new group."))
        group = groups.open_group(crossing=crossing, mission=self.mission, by=self.viewer.actor, at=self.at, **said)
        return self.made(self.rows().get(pk=group.pk), status=200 if known else 201)

    def _is_the_same(self, known: TravelGroup, crossing: BorderCrossing, said: dict[str, Any]) -> bool:
        ways = (known.crossing_id, known.from_country, known.to_country)
        visible = TravelGroup.objects.visible_to(self.viewer).filter(pk=known.pk).exists()
        return visible and ways == (crossing.pk, said["from_country"], said["to_country"])


class HeadCounts(Waiting):
    """How many people were counted, by whom and when; observations, never derived from persons.

    POST stores each `public_id` once: 201 the first time, 200 for the same again, 409 for the same id with other content.
    """

    serializer_class = HeadCountShape
    filters = HeadCountFilters

    def rows(self) -> QuerySet[HeadCount]:
        return HeadCount.objects.filter(group__in=TravelGroup.objects.visible_to(self.viewer)).select_related("group")

    @extend_schema(request=HeadCountEntry, responses={201: HeadCountShape, 200: HeadCountShape})
    def create(self, request: Request) -> Response:
        """Store one count, of a group or at a crossing where none is open yet: then it opens one."""
        said = self.sent(HeadCountEntry)
        return self.written(lambda: self._count(said))

    def _count(self, said: dict[str, Any]) -> Answer:
        names = ("public_id", "group", "crossing", "from_country", "to_country")
        public_id, group, crossing, from_country, to_country = (said.pop(name, None) for name in names)
        said["needs"] = tuple(said.get("needs", ()))
        counted = groups.Counted(**{"counted_at": self.at} | said)
        if group is None and not (crossing and from_country and to_country):
            raise FieldProblem("group", _("Name the group, or crossing, from_country and to_country."))
        common: dict[str, Any] = {"counted": counted, "mission": self.mission, "by": self.viewer.actor, "at": self.at}
        if group is not None:
            waiting = TravelGroup.objects.visible_to(self.viewer).waiting()
            of = self.named(waiting, "group", public_id=group)
            row, is_new = groups.record_head_count(public_id=public_id, group=of, **common)
        else:
            row, is_new = groups.count_at(
                public_id=public_id,
                crossing=self.crossing_named(crossing),
                from_country=from_country,
                to_country=to_country,
                **common,
            )
        return self.made(row, status=201 if is_new else 200)


class Migrants(Resource):
    """People of the caseload. A list shows who they are; what is sealed and what concerns protection is not here."""

    doors = {"list": PEOPLE, "retrieve": PEOPLE, "search": PEOPLE}
    serializer_class = MigrantShape
    detail_class = MigrantDetail
    filters = MigrantFilters

    def rows(self) -> QuerySet[Migrant]:
        people = Migrant.objects.visible_to(self.viewer).select_related("group", "family")
        return people.prefetch_related("nationalities", "names")

    def person_of(self, row: Any) -> UUID | None:
        public_id: UUID = row.public_id
        return public_id

    def filters_of_action(self) -> type[Serializer[Any]] | None:
        return SearchFilters if self.action == "search" else super().filters_of_action()

    @extend_schema(responses={200: FoundShape(many=True)})
    @action(detail=False, pagination_class=None)
    def search(self, request: Request) -> Response:
        """Who may be meant by a name in any script, a number, or a document or telephone in full: 20 at most, the likeliest
        first, with why. As on the page: limited for each account, and whoever is shown is written into the access log.
        """
        asked = self.asked(SearchFilters)
        for limit in ("search", "search_day"):
            limits.count(limit, str(self.viewer.user.public_id))
        within = Migrant.objects.visible_to(self.viewer)
        if group := asked.get("group"):
            within = within.filter(group__public_id=group)
        found = search(asked=asked["q"], within=within)
        people = {row.pk: row for row in self.rows().filter(pk__in=[each.pk for each in found])}
        self.record_seen([people[each.pk].public_id for each in found if each.pk in people])
        shown = [{"person": people[each.pk], "why": list(each.why)} for each in found if each.pk in people]
        return Response(FoundShape(shown, many=True, context=self.get_serializer_context()).data)


class Enquiries(Resource):
    """Questions between offices about somebody beyond the asker's reach: one's own, and those that one may answer."""

    doors = {"list": ASKS | ANSWERS, "retrieve": ASKS | ANSWERS, "create": ASKS, "look": ASKS, "answer": ANSWERS}
    serializer_class = EnquiryShape
    detail_class = EnquiryDetail
    filters = EnquiryFilters
    refusals = {enquiries.EnquiryError: 422}

    def rows(self) -> QuerySet[Enquiry]:
        own = Enquiry.objects.asked_by(self.viewer)
        rows = own | self._to_answer() if self.viewer.may(Permission.ANSWER_ENQUIRIES) else own
        reached = Migrant.objects.visible_to(self.viewer).values("public_id")
        return rows.select_related("mission").annotate(
            shown_person=Subquery(reached.filter(pk=OuterRef("person"))),
            shown_own=Subquery(reached.filter(pk=OuterRef("own"))),
        )

    def person_of(self, row: Any) -> UUID | None:
        shown: UUID | None = row.shown_person
        return shown

    def _to_answer(self) -> QuerySet[Enquiry]:
        return Enquiry.objects.visible_to(self.viewer)

    @extend_schema(request=LookEntry, responses={200: HintShape(many=True)})
    @action(detail=False, methods=["post"], pagination_class=None)
    def look(self, request: Request) -> Response:
        """Which offices beyond the reach may know somebody: a few, or none. Counted; whom it concerns has it in the log."""
        self._count()
        hints = enquiries.look(asked=enquiries.Asked(**self.sent(LookEntry)))
        self.record_seen({person for hint in hints for person in hint.people})
        return Response(HintShape(hints, many=True).data)

    @extend_schema(request=EnquiryEntry, responses={201: EnquiryDetail})
    def create(self, request: Request) -> Response:
        """Ask an office that may know somebody. Asked again while it waits, it is the same question."""
        self._count()
        said = self.sent(EnquiryEntry)
        return self.written(lambda: self._ask(said))

    def _ask(self, said: dict[str, Any]) -> Answer:
        office, why, record = said.pop("office"), said.pop("why"), said.pop("own", None)
        people = Migrant.objects.visible_to(self.viewer)
        own = None if record is None else self.named(people, "own", public_id=record)
        row = enquiries.ask(
            asked=enquiries.Asked(**said),
            mission=office,
            why=why,
            own=own,
            user=self.viewer.user,
            by=self.viewer.actor,
            at=self.at,
        )
        return self.made(self.rows().get(pk=row.pk), shape=EnquiryDetail)

    @extend_schema(request=EnquiryAnswer, responses={200: EnquiryDetail})
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, **place: Any) -> Response:
        """Lend the case for a week, decline, or say that it is somebody else; nobody under a hold is lent."""
        said = self.sent(EnquiryAnswer)
        row = get_object_or_404(self._to_answer().exclude(user=self.viewer.user), public_id=place["public_id"])
        return self.written(lambda: self._answer(row, said))

    def _answer(self, row: Enquiry, said: dict[str, Any]) -> Answer:
        by, at = self.viewer.actor, self.at
        enquiries.answer(enquiry=row, state=said["state"], words_to=said.get("words", ""), by=by, at=at)
        return self.made(self.rows().get(pk=row.pk), status=200, shape=EnquiryDetail)

    def _count(self) -> None:
        for limit in ("elsewhere", "elsewhere_day"):
            limits.count(limit, str(self.viewer.user.public_id))


class OfPeople(Resource):
    """Rows that belong to a person whom the viewer reaches."""

    doors = {"list": PEOPLE, "retrieve": PEOPLE}

    def person_of(self, row: Any) -> UUID | None:
        public_id: UUID = row.person.public_id
        return public_id

    def people(self) -> QuerySet[Migrant]:
        """Everybody whom the viewer reaches."""
        return Migrant.objects.visible_to(self.viewer)


class Documents(OfPeople):
    """Travel documents and where each of them is. The number is shown only where one document is asked for."""

    serializer_class = DocumentShape
    detail_class = DocumentDetail
    filters = DocumentFilters

    def rows(self) -> QuerySet[TravelDocument]:
        rows = TravelDocument.objects.filter(person__in=self.people()).select_related("person")
        return rows if self.action == "retrieve" else rows.defer("number", "number_index")


class HealthTests(OfPeople):
    """Tests with result and the hour of sampling, from which their clock runs. They stay inside IOM."""

    serializer_class = HealthTestShape
    filters = HealthTestFilters

    def rows(self) -> QuerySet[HealthTest]:
        return HealthTest.objects.filter(person__in=self.people()).select_related("person", "replaces")


class Consents(OfPeople):
    """What a person agreed to, for which recipient, explained in which language by whom."""

    serializer_class = ConsentShape
    filters = ConsentFilters

    def rows(self) -> QuerySet[Consent]:
        return Consent.objects.filter(person__in=self.people()).select_related("person", "recipient", "declaration")


RESOURCES: dict[str, type[Resource]] = {
    "groups": Groups,
    "head-counts": HeadCounts,
    "migrants": Migrants,
    "documents": Documents,
    "health-tests": HealthTests,
    "consents": Consents,
    "enquiries": Enquiries,
}
