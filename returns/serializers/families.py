"""Families of a group as the API gives and takes them."""

from __future__ import annotations

from uuid import UUID

from rest_framework import serializers

from common.serializers import Entry, Pointer, Reference, Text
from migrants.models import Family

MOST_MEMBERS = 200


class FamilyShape(serializers.ModelSerializer[Family]):
    """People of a group who belong together. `head` speaks for them, where the family named somebody."""

    group = Pointer()
    people = serializers.SerializerMethodField()
    head = serializers.SerializerMethodField()

    def get_people(self, family: Family) -> list[UUID]:
        return [person.public_id for person in family.living]  # type: ignore[attr-defined]  # prefetched so

    def get_head(self, family: Family) -> UUID | None:
        head = getattr(family, "head", None)
        return None if head is None else head.person.public_id

    class Meta:
        model = Family
        fields = ("public_id", "group", "code", "people", "head")


class FamilyFilters(Entry):
    group = Reference(source="group__public_id", required=False)


class MembersEntry(Entry):
    people = serializers.ListField(child=Reference(), min_length=1, max_length=MOST_MEMBERS)


class FamilyEntry(MembersEntry):
    """People of one group, by the code under which they belong together; whoever stood in another family leaves it."""

    group = Reference()
    code = Text(max_length=20)


class HeadEntry(Entry):
    """Who speaks for the family; null: nobody does."""

    person = Reference(allow_null=True)
