"""What is learnt of a person later, and what lies closed of one, over the API."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from migrants import api as below
from migrants import contacts, entries, mrz
from migrants.models import Migrant
from migrants.passports import entry_of_passport
from migrants.serializers.people import MigrantDetail
from partners.access import Permission
from returns import registering
from returns.serializers.passports import PassportEntry, PassportShape, body_of
from returns.serializers.people import ContactsShape, NameEntry, NationalityEntry, NoteShape, PersonContactEntry

READ, REGISTER = {Permission.SEE_PEOPLE}, {Permission.REGISTER_PEOPLE}


class Particulars(below.Migrants):
    """Names, nationalities, numbers and next of kin that are added; and the sealed parts, opened one by one."""

    doors: ClassVar[dict[str, Collection[Permission]]] = {
        **dict.fromkeys(("contacts", "note"), READ),
        **dict.fromkeys(("add_name", "nationality", "contact", "passport"), REGISTER),
    }

    @extend_schema(request=PassportEntry, responses={200: PassportShape})
    @action(detail=False, methods=["post"], pagination_class=None)
    def passport(self, request: Request) -> Response:
        """Read the machine readable lines of a passport, card or visa, each check digit by its name; nothing is stored."""
        read = mrz.parse(self.sent(PassportEntry)["lines"], today=self.at.date())
        person = None if read.problems else body_of(entry_of_passport(read))
        said = {"kind": read.kind, "person": person, "problems": read.problems, "remarks": read.remarks}
        return Response(PassportShape(said).data)

    @extend_schema(responses={200: ContactsShape})
    @action(detail=True, methods=["get"])
    def contacts(self, request: Request, **place: Any) -> Response:
        """Unseal phones and next of kin; the access log says who has asked for them."""
        return Response(ContactsShape(self._opened()).data)

    @extend_schema(responses={200: NoteShape})
    @action(detail=True, methods=["get"])
    def note(self, request: Request, **place: Any) -> Response:
        """Unseal the note; the access log says who has asked for it."""
        return Response(NoteShape(self._opened()).data)

    def _opened(self) -> Migrant:
        person: Migrant = self.get_object()
        self.seen([person])
        return person

    @extend_schema(request=NameEntry, responses={200: MigrantDetail})
    @action(detail=True, methods=["post"], url_path="name")
    def add_name(self, request: Request, **place: Any) -> Response:
        """Put another name on the dated list; the person is found by it from now on."""
        return self._add(registering.add_name, self.sent(NameEntry), within=Migrant.objects.visible_to(self.viewer))

    @extend_schema(request=NationalityEntry, responses={200: MigrantDetail})
    @action(detail=True, methods=["post"])
    def nationality(self, request: Request, **place: Any) -> Response:
        """Record a nationality, or how sure one is. A code without a country sets a hold until it is cleared."""
        within = Migrant.objects.visible_to(self.viewer)
        return self._add(registering.add_nationality, self.sent(NationalityEntry), within=within)

    @extend_schema(request=PersonContactEntry, responses={200: MigrantDetail})
    @action(detail=True, methods=["post"])
    def contact(self, request: Request, **place: Any) -> Response:
        """Add a number, or the next of kin, or both; what is there already stays."""
        said = self.sent(PersonContactEntry)
        kin = said.get("kin")
        return self._add(
            contacts.record_contacts,
            {"number": said.get("number", ""), "kin": None if kin is None else entries.KinEntry(**kin)},
        )

    def _add(self, act: Any, said: dict[str, Any], **more: Any) -> Response:
        person = self.get_object()
        return self.written(lambda: self._added(act, person, said | more))

    def _added(self, act: Any, person: Migrant, said: dict[str, Any]) -> Answer:
        act(person=person, by=self.viewer.actor, at=self.at, **said)
        registering.facts_changed([person], at=self.at)
        return self.made(self.rows().get(pk=person.pk), status=200, shape=MigrantDetail)
