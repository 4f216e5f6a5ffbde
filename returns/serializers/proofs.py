"""Proofs as the API gives and takes them."""

from __future__ import annotations

from rest_framework import serializers

from common.serializers import Actor, Choice, Country, Day, Entry, Money, Pointer, Reference, Text, Whole
from migrants.enums import ProofKind
from migrants.models import Proof
from returns.funding import CURRENCIES

MONEY = [(code, code) for code in CURRENCIES]
PROOF = (
    "public_id",
    "person",
    "group",
    "kind",
    "sort",
    "country",
    "title",
    "authority",
    "begins_on",
    "last_on",
    "doses",
    "amount",
    "currency",
    "recorded_at",
    "by",
    "withdrawn_at",
    "withdrawn_why",
)


class ProofShape(serializers.ModelSerializer[Proof]):
    """A proof of one person or of a whole group; the other of the two is null."""

    person = Pointer(allow_null=True)
    group = Pointer(allow_null=True)
    by = Actor()

    class Meta:
        model = Proof
        fields: tuple[str, ...] = PROOF


class ProofDetail(ProofShape):
    """One proof alone shows its number."""

    number = serializers.CharField(read_only=True, allow_null=True)

    class Meta(ProofShape.Meta):
        fields = (*PROOF, "number")


class ProofFilters(Entry):
    person = Reference(source="person__public_id", required=False)
    group = Reference(source="group__public_id", required=False, help_text="of the whole group")
    kind = Choice(choices=ProofKind.choices, required=False)


class ProofBody(Entry):
    """Of a `person` or of a whole `group`; which of the other fields a kind needs is said where one is missing."""

    person = Reference(required=False)
    group = Reference(required=False)
    kind = Choice(choices=ProofKind.choices)
    sort = Text(required=False, allow_blank=True, max_length=20, help_text="a word of the grammar of rules")
    country = Country(required=False)
    title = Text(required=False, allow_blank=True, max_length=80)
    number = Text(required=False, allow_blank=True, max_length=60)
    authority = Text(required=False, allow_blank=True, max_length=200)
    begins_on = Day(required=False, allow_null=True)
    last_on = Day(required=False, allow_null=True)
    doses = Whole(required=False, allow_null=True, min_value=1, max_value=9)
    amount = Money(digits=9, required=False, allow_null=True, min_value=0)
    currency = Choice(choices=MONEY, required=False)


class ProofEnd(Entry):
    why = Text(max_length=200)
