"""What may be entered of people over the API: names, documents, tests, consents and corrections."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.serializers import Choice, Country, Day, Entry, Moment, Reference, Text, Truth, Whole
from migrants.corrections import STAYING_NAMES
from migrants.enums import (
    AloneStatus,
    Answer,
    BirthBasis,
    ConsentHow,
    DataCategory,
    DocumentKind,
    DocumentState,
    Kinship,
    NameKind,
    NationalityStatus,
    Purpose,
    Script,
    Sex,
    SignedWith,
    TestKind,
    TestResult,
)
from migrants.models import Migrant, NextOfKin
from migrants.particulars import TO_ADD
from returns.serializers.files import File
from returns.withdrawing import Effect

NAMES_TO_ADD = [(kind.value, kind.label) for kind in TO_ADD]


class DocumentPart(Entry):
    """A document as it was told; `number` may be left out where it was not seen."""

    kind = Choice(choices=DocumentKind.choices)
    state = Choice(choices=DocumentState.choices, required=False)
    number = Text(required=False, allow_blank=True, max_length=60)
    issuer = Country(required=False)
    expires_on = Day(required=False, allow_null=True)


class DocumentEntry(DocumentPart):
    person = Reference()
    replaces = Reference(required=False, help_text="the document of this person that it takes the place of")


class NamePart(Entry):
    """Another name of the person, with the days on which it was borne; `valid_until` is the first day without it."""

    full_name = Text(max_length=200)
    kind = Choice(choices=NAMES_TO_ADD)
    valid_from = Day(required=False, allow_null=True)
    valid_until = Day(required=False, allow_null=True)


class NationalityPart(Entry):
    """How sure one nationality is."""

    code = Country()
    status = Choice(choices=NationalityStatus.choices)


class KinPart(Entry):
    """Who is nearest to the person; `may_be_told` is left out where nobody asked."""

    name = Text(max_length=200)
    relation = Choice(choices=[kin for kin in Kinship.choices if kin[0]], required=False)
    phone = Text(required=False, allow_blank=True, max_length=60)
    may_be_told = Truth(required=False, allow_null=True)


class KinShape(serializers.ModelSerializer[NextOfKin]):
    name = serializers.CharField(read_only=True)
    phone = serializers.CharField(allow_null=True, read_only=True)

    class Meta:
        model = NextOfKin
        fields = ("name", "relation", "phone", "may_be_told")


class ContactsShape(serializers.Serializer[Migrant]):
    """How to reach a person, and who is nearest to them."""

    phone = serializers.CharField(allow_null=True)
    other_phones = serializers.SerializerMethodField()
    kin = KinShape(many=True)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_other_phones(self, person: Migrant) -> list[str]:
        return [phone.number for phone in person.phones.all()]


class NameEntry(NamePart):
    """Another name of the person."""


class NationalityEntry(NationalityPart):
    """A nationality; one that stands already changes only how sure it is."""


class PersonContactEntry(Entry):
    """A number with its country, the next of kin, or both."""

    number = Text(required=False, max_length=60)
    kin = KinPart(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError where nothing is said."""
        if not attrs:
            raise serializers.ValidationError({"number": [_("Give a number, or who is nearest to the person.")]})
        return attrs


class NoteShape(serializers.Serializer[Migrant]):
    note = serializers.CharField(allow_null=True)


class DocumentStateEntry(Entry):
    """Where a document stands now."""

    state = Choice(choices=[pair for pair in DocumentState.choices if pair[0] != DocumentState.REPLACED])


class PersonEntry(Entry):
    """One person as written. Only the full name is needed; what is not known stays out and nothing is invented.

    Where somebody like it is known the answer is 409 with `candidates`; `although_similar` says that it is another person.
    """

    group = Reference()
    full_name = Text(max_length=200)
    latin_name = Text(required=False, allow_blank=True, max_length=200)
    sex = Choice(choices=Sex.choices, required=False)
    birth_year = Whole(required=False, allow_null=True, min_value=1900, max_value=2200)
    birth_month = Whole(required=False, allow_null=True, min_value=1, max_value=12)
    birth_day = Whole(required=False, allow_null=True, min_value=1, max_value=31)
    birth_basis = Choice(choices=BirthBasis.choices, required=False)
    nationalities = serializers.ListField(child=Country(), required=False, max_length=5)
    nationality_status = Choice(choices=NationalityStatus.choices, required=False)
    nationality_statuses = NationalityPart(many=True, required=False)
    documents = DocumentPart(many=True, required=False)
    documents_asked = Truth(required=False)
    family_code = Text(required=False, allow_blank=True, max_length=20)
    alone = Choice(choices=AloneStatus.choices, required=False)
    language = Text(required=False, allow_blank=True, max_length=8)
    other_languages = serializers.ListField(child=Text(max_length=8), required=False, max_length=10)
    needs_interpreter = Truth(required=False, allow_null=True)
    script = Choice(choices=Script.choices, required=False)
    surname = Text(required=False, allow_blank=True, max_length=100)
    given_names = Text(required=False, allow_blank=True, max_length=100)
    father_name = Text(required=False, allow_blank=True, max_length=100)
    other_names = NamePart(many=True, required=False)
    phone = Text(required=False, allow_blank=True, max_length=60)
    other_phones = serializers.ListField(child=Text(max_length=60), required=False, max_length=10)
    kin = KinPart(many=True, required=False)
    although_similar = Truth(default=False)


class CorrectionEntry(Entry):
    """What is right; `fingerprint` is that of the person as it was read, and `name_was` what a name that changes was."""

    fingerprint = Text(max_length=64)
    name_was = Choice(choices=[(kind.value, kind.label) for kind in STAYING_NAMES], default=NameKind.MISTAKEN)
    full_name = Text(required=False, max_length=200)
    latin_name = Text(required=False, allow_blank=True, max_length=200)
    sex = Choice(choices=Sex.choices, required=False)
    birth_year = Whole(required=False, allow_null=True, min_value=1900, max_value=2200)
    birth_month = Whole(required=False, allow_null=True, min_value=1, max_value=12)
    birth_day = Whole(required=False, allow_null=True, min_value=1, max_value=31)
    birth_basis = Choice(choices=BirthBasis.choices, required=False)


class CompanyEntry(Entry):
    alone = Choice(choices=AloneStatus.choices)


class HealthTestEntry(Entry):
    person = Reference()
    kind = Choice(choices=TestKind.choices)
    result = Choice(choices=TestResult.choices)
    sampled_at = Moment()
    result_at = Moment(
        required=False, allow_null=True, help_text="when the result was known; now, where it is left out"
    )
    laboratory = Text(required=False, allow_blank=True, max_length=200)


class ConsentEntry(Entry):
    person = Reference()
    purpose = Choice(choices=Purpose.choices)
    recipient = Text(required=False, max_length=40, help_text="code of the consulate; left out for IOM's own help")
    categories = serializers.ListField(
        child=Choice(choices=DataCategory.choices),
        required=False,
        max_length=10,
        help_text="what the recipient may see; left out: everything that there is to show",
    )
    answer = Choice(choices=Answer.choices)
    how = Choice(choices=ConsentHow.choices)
    language = Text(max_length=8)
    given_by = Text(required=False, allow_blank=True, max_length=120, help_text="needed where `how` is `proxy`")
    interpreter = Text(required=False, allow_blank=True, max_length=120)
    witness = Text(required=False, allow_blank=True, max_length=120)
    form_signed = Truth(default=False)
    form_reference = Text(
        required=False, allow_blank=True, max_length=60, help_text="number of the declaration, or where the paper is"
    )
    signed_with = Choice(choices=SignedWith.choices, required=False)
    photograph = File(required=False, help_text="signature or thumb print, photographed; needs `form_signed`")
    answered_at = Moment(required=False)
    expires_at = Moment(required=False, allow_null=True)


class EffectShape(serializers.Serializer[Effect]):
    """What ends with an answer: who sees the person no longer, which movements have a seat free, whether the case is closed.

    `has_left`: the buses are on their way, so consent to the return cannot be taken back any more.
    """

    recipients = serializers.SerializerMethodField()
    seats = serializers.SerializerMethodField()
    closes_case = serializers.BooleanField()
    has_left = serializers.BooleanField()

    def get_recipients(self, effect: Effect) -> list[str]:
        return [recipient.code for recipient in effect.recipients]

    def get_seats(self, effect: Effect) -> list[UUID]:
        return [movement.public_id for movement in effect.seats]
