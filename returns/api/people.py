"""Entering people, documents, tests and consents: the case of whoever it concerns is opened or judged anew with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.forms import PictureField
from common.idempotency import Answer
from common.nudges import nudge
from common.problems import Conflict, FieldProblem
from migrants import api as below
from migrants import (
    consents,
    contacts,
    corrections,
    documents,
    entries,
    health,
    identity,
    particulars,
    protection,
    registration,
)
from migrants.models import Consent, Migrant, TravelDocument, TravelGroup
from migrants.serializers.papers import ConsentShape, DocumentShape, HealthTestShape
from migrants.serializers.people import MigrantDetail, MigrantShape
from partners.access import Permission
from partners.models import Organisation
from returns import answering, cases, readiness, registering, withdrawing
from returns.api.files import TakesFiles
from returns.api.particulars import Particulars
from returns.serializers.people import (
    CompanyEntry,
    ConsentEntry,
    CorrectionEntry,
    DocumentEntry,
    DocumentStateEntry,
    EffectShape,
    HealthTestEntry,
    PersonEntry,
)

READ, REGISTER, CONSENT = {Permission.SEE_PEOPLE}, {Permission.REGISTER_PEOPLE}, {Permission.RECORD_CONSENT}


def _document(said: dict[str, Any]) -> entries.DocumentEntry:
    return entries.DocumentEntry(**said)


_PLACES = {"other_name": "other_names", "other_name_until": "other_names", "kin_name": "kin", "kin_relation": "kin"}
"""Where in a body stands what a refusal of the domain names."""


def _person(said: dict[str, Any]) -> entries.PersonEntry:
    for field, number in _numbers(said):
        if number.strip() and not entries.e164(number):
            raise FieldProblem(field, _("Write the number with its country: +992 95 000 29 60."))
    names = said.pop("other_names", ())
    return entries.PersonEntry(
        **said
        | {
            "documents": tuple(_document(part) for part in said.get("documents", ())),
            "nationalities": tuple(said.get("nationalities", ())),
            "nationality_statuses": tuple(
                (part["code"], part["status"]) for part in said.get("nationality_statuses", ())
            ),
            "other_names": tuple((name["full_name"], name["kind"]) for name in names),
            "name_periods": tuple(
                entries.NamePeriod(name["full_name"], name.get("valid_from"), name.get("valid_until")) for name in names
            ),
            "other_languages": tuple(said.get("other_languages", ())),
            "other_phones": tuple(said.get("other_phones", ())),
            "kin": tuple(entries.KinEntry(**part) for part in said.get("kin", ())),
        }
    )


def _numbers(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every telephone number of a body with its place."""
    yield "phone", said.get("phone", "")
    yield from (("other_phones", number) for number in said.get("other_phones", ()))
    yield from (("kin", part.get("phone", "")) for part in said.get("kin", ()))


class Migrants(Particulars):
    """People of the caseload. A list shows who they are; what is sealed and what concerns protection is not here."""

    doors = {
        **Particulars.doors,
        **dict.fromkeys(("list", "retrieve", "search"), READ),
        **dict.fromkeys(("create", "correct", "company"), REGISTER),
    }
    refusals = {
        registration.RegistrationError: 422,
        corrections.CorrectedMeanwhileError: 409,
        corrections.CorrectionError: 422,
        protection.ProtectionError: 422,
        particulars.ParticularError: 422,
        contacts.ContactError: 422,
    }

    @extend_schema(request=PersonEntry, responses={201: MigrantShape})
    def create(self, request: Request) -> Response:
        """Register one person in a group and open the case. Likely doubles come back as 409 with `candidates`."""
        said = self.sent(PersonEntry)
        return self.written(lambda: self._register(said))

    def _register(self, said: dict[str, Any]) -> Answer:
        waiting = TravelGroup.objects.visible_to(self.viewer).waiting()
        group = self.named(waiting, "group", public_id=said.pop("group"))
        if said.get("birth_year") and said["birth_year"] > self.at.year:
            raise FieldProblem("birth_year", _("This year lies ahead. Check it."))
        although_similar = said.pop("although_similar")
        entry = _person(said)
        if not although_similar:
            self._refuse_known(entry)
        common: dict[str, Any] = {"by": self.viewer.actor, "at": self.at}
        try:
            person = registration.register(group=group, mission=self.mission, entry=entry, **common)
        except registration.RegistrationError as error:
            if error.field not in _PLACES:
                raise
            raise FieldProblem(_PLACES[error.field], error.sentence) from error
        identity.offer_pairs(people=[person], within=self._everybody(), **common)
        cases.open_cases(people=[person], **common)
        return self.made(self.rows().get(pk=person.pk))

    @extend_schema(request=CorrectionEntry, responses={200: MigrantDetail})
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, **place: Any) -> Response:
        """Correct name, sex or birth date; what is left out stays, and what stood is kept. Moved meanwhile: 409."""
        said = self.sent(CorrectionEntry)
        person = self.get_object()
        return self.written(lambda: self._correct(person, said))

    def _correct(self, person: Migrant, said: dict[str, Any]) -> Answer:
        marks = {"seen": said.pop("fingerprint"), "name_was": said.pop("name_was")}
        if "full_name" in said:
            said.setdefault("latin_name", "")
        right = replace(corrections.identity_of(person), **said)
        registering.correct_person(
            person=person, right=right, within=self._everybody(), by=self.viewer.actor, at=self.at, **marks
        )
        return self._alone(person)

    @extend_schema(request=CompanyEntry, responses={200: MigrantDetail})
    @action(detail=True, methods=["post"])
    def company(self, request: Request, **place: Any) -> Response:
        """Say whether a child is with a parent or guardian, unaccompanied or separated; its case is judged anew."""
        said = self.sent(CompanyEntry)
        person = self.get_object()
        return self.written(lambda: self._accompany(person, said["alone"]))

    def _accompany(self, person: Migrant, alone: str) -> Answer:
        protection.record_alone(person=person, alone=alone, by=self.viewer.actor, at=self.at)
        readiness.check(people=[person.pk], at=self.at, facts_only=True)
        return self._alone(person)

    def _alone(self, person: Migrant) -> Answer:
        """The person as the detail shows it, with what was just written."""
        return self.made(self.rows().get(pk=person.pk), status=200, shape=MigrantDetail)

    def _everybody(self) -> Any:
        return Migrant.objects.visible_to(self.viewer)

    def _refuse_known(self, entry: entries.PersonEntry) -> None:
        """Names who may be the same person by reference only: whoever looks one up leaves the access row there."""
        found = registration.match([entry], within=self._everybody())[0].candidates
        if found:
            told = [str(candidate.person.public_id) for candidate in found]
            raise Conflict(
                _(
                    "Somebody like this is known. Look at the candidates; send “although_similar” if it is another person."
                ),
                candidates=told,
            )


class Documents(below.Documents):
    """Travel documents and where each of them is. The number is shown only where one document is asked for."""

    doors = {"list": READ, "retrieve": READ, "create": REGISTER, "state": REGISTER}
    refusals = {documents.DocumentError: 422}

    @extend_schema(request=DocumentEntry, responses={201: DocumentShape})
    def create(self, request: Request) -> Response:
        """Record a document of a person; the one that it replaces is kept as replaced."""
        said = self.sent(DocumentEntry)
        return self.written(lambda: self._record(said))

    def _record(self, said: dict[str, Any]) -> Answer:
        person = self.named(self.people(), "person", public_id=said.pop("person"))
        replaced = said.pop("replaces", None)
        row = registering.add_document(
            person=person,
            document=_document(said),
            replaces=replaced and self.named(self.rows().filter(person=person), "replaces", public_id=replaced),
            within=Migrant.objects.visible_to(self.viewer),
            by=self.viewer.actor,
            at=self.at,
        )
        return self.made(row)

    @extend_schema(request=DocumentStateEntry, responses={200: DocumentShape})
    @action(detail=True, methods=["post"])
    def state(self, request: Request, **place: Any) -> Response:
        """Say where a document stands now, as far as it can go there from where it was; the case is judged anew."""
        said = self.sent(DocumentStateEntry)
        document = self.get_object()
        return self.written(lambda: self._move(document, said["state"]))

    def _move(self, document: TravelDocument, state: str) -> Answer:
        row = documents.change_state(document=document, state=state, by=self.viewer.actor, at=self.at)
        readiness.check(people=[row.person_id], at=self.at, facts_only=True)
        return self.made(row, status=200)


class HealthTests(below.HealthTests):
    """Tests with result and the hour of sampling, from which their clock runs. They stay inside IOM."""

    doors = {"list": READ, "retrieve": READ, "create": REGISTER}
    refusals = {health.HealthError: 422}

    @extend_schema(request=HealthTestEntry, responses={201: HealthTestShape})
    def create(self, request: Request) -> Response:
        """Record one test of a person."""
        said = self.sent(HealthTestEntry)
        return self.written(lambda: self._record(said))

    def _record(self, said: dict[str, Any]) -> Answer:
        person = self.named(self.people(), "person", public_id=said.pop("person"))
        row = health.record_test(person=person, by=self.viewer.actor, at=self.at, **said)
        readiness.check(people=[person.pk], at=self.at, facts_only=True)
        nudge("health-tests")
        return self.made(row)


class Consents(TakesFiles, below.Consents):
    """What a person agreed to, for which recipient, explained in which language by whom."""

    doors = {"list": READ, "retrieve": READ, "create": CONSENT, "effect": CONSENT, "withdraw": CONSENT}
    refusals = {consents.ConsentError: 422, withdrawing.WithdrawalError: 409}

    @extend_schema(request=ConsentEntry, responses={201: ConsentShape})
    def create(self, request: Request) -> Response:
        """Write one answer of one person down; a "no" ends what rested on an earlier yes."""
        said = self.sent(ConsentEntry)
        return self.written_with(lambda: self._record(said))

    def _record(self, said: dict[str, Any]) -> Answer:
        person = self.named(self.people(), "person", public_id=said.pop("person"))
        code = said.pop("recipient", None)
        recipient = self.named(Organisation.objects.all(), "recipient", code=code) if code else None
        photograph = said.pop("photograph", None)
        drawn = None if photograph is None else self.taken(PictureField(), "photograph", photograph)
        row = answering.record_answer(
            person=person, photograph=drawn, recipient=recipient, by=self.viewer.actor, at=self.at, **said
        )
        return self.made(row)

    @extend_schema(responses={200: EffectShape})
    @action(detail=True, methods=["get"])
    def effect(self, request: Request, **place: Any) -> Response:
        """What taking this answer back would do now; it does nothing yet."""
        consent = self.get_object()
        self.seen([consent])
        return Response(EffectShape(withdrawing.effect_of(consent=consent, at=self.at)).data)

    @extend_schema(request=None, responses={200: ConsentShape})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **place: Any) -> Response:
        """Take an answer back. One about the return frees the seat and closes the case; after departure: 409."""
        consent = self.get_object()
        return self.written(lambda: self._withdraw(consent))

    def _withdraw(self, consent: Consent) -> Answer:
        withdrawing.take_back(consent=consent, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=consent.pk), status=200)
