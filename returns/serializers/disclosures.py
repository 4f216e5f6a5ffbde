"""Who may see whom, as the API gives and takes it."""

from __future__ import annotations

from rest_framework import serializers

from common.serializers import Actor, Choice, Entry, Moment, Pointer, Reference, Text
from migrants.enums import Purpose
from migrants.models import Disclosure
from migrants.serializers.papers import OfPerson


class DisclosureShape(serializers.ModelSerializer[Disclosure]):
    """This organisation may see this person for this purpose, from `valid_from` until before `valid_until`."""

    person = Pointer()
    recipient = Pointer("code")
    consent = Pointer()
    by = Actor()

    class Meta:
        model = Disclosure
        fields = (
            "public_id", "person", "recipient", "purpose", "categories", "consent", "valid_from", "valid_until",
            "recorded_at", "by",
        )  # fmt: skip


class DisclosureFilters(OfPerson):
    recipient = Text(source="recipient__code", required=False, max_length=40)
    purpose = Choice(choices=Purpose.choices, required=False)


class DisclosureEntry(Entry):
    """Of a `person`, or of all of a `group` who agreed."""

    person = Reference(required=False)
    group = Reference(required=False)
    recipient = Text(max_length=40, help_text="code of the consulate, or of another organisation that receives")
    valid_until = Moment(required=False, allow_null=True, help_text="left out: until the consent ends")
