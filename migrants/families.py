"""Who belongs to whom: relations with their basis, who speaks for a family, and children whose guardian has left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.ages import may_be_child
from migrants.enums import CARING, MUTUAL, AloneStatus, RelationBasis, RelationKind
from migrants.models import CompanyQuestion, Family, FamilyHead, Migrant, Relation


class FamilyError(RefusalError):
    """A relation, or something of a family, that cannot be written down; `field` names the place."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands, or stood: group and family (keys; None: in none)."""

    group: int | None
    family: int | None

    @classmethod
    def of(cls, person: Migrant) -> Place:
        return cls(person.group_id, person.family_id)


@transaction.atomic
def relate(*, person: Migrant, other: Migrant, kind: str, basis: str, by: Actor, at: datetime) -> tuple[Relation, bool]:
    """Write down that `person` is the parent, spouse, guardian … (`kind`) of `other`; gives the row and whether it is new.

    Families are links (rule 18): a surname says nothing, and two people in different groups may be related. Raises
    FamilyError.
    """
    if kind not in RelationKind.values:
        raise FamilyError("kind", _("Choose from the list what they are to each other."))
    if basis not in RelationBasis.values:
        raise FamilyError("basis", _("Choose from the list how that is known."))
    if person.pk == other.pk:
        raise FamilyError("other", _("Choose two people."))
    first, second = sorted((person, other), key=lambda each: each.pk) if kind in MUTUAL else (person, other)
    _refuse_impossible(first, second, kind, on=at.date())
    row, made = Relation.objects.get_or_create(
        person=first,
        other=second,
        kind=kind,
        ended_at=None,
        defaults={"mission_id": first.mission_id, "basis": basis, "recorded_at": at, "by": by},
    )
    if made:
        audit.record("relation recorded", row, by=by, at=at)
    return row, made


def _refuse_impossible(person: Migrant, other: Migrant, kind: str, *, on: date) -> None:
    if kind in (RelationKind.GUARDIAN, RelationKind.CARETAKER) and not _may_be_child(other, on=on):
        raise FamilyError(
            "other", _("By the birth date this is an adult, who has no guardian. If that is wrong, correct it first.")
        )
    if kind != RelationKind.PARENT:
        return
    if person.birth_year and other.birth_year and person.birth_year > other.birth_year - 10:
        raise FamilyError("person", _("By the birth dates this parent is too young. Check who is whose parent."))
    if Relation.objects.standing().filter(person=other, other=person, kind=RelationKind.PARENT).exists():
        raise FamilyError("person", _("The other way round is written down already. End that first."))


@transaction.atomic
def end_relation(*, relation: Relation, why: str, by: Actor, at: datetime) -> Relation:
    """Say that a relation holds no longer, or was a mistake. A child who has no other guardian there becomes a question.

    Ending it again changes nothing. Raises FamilyError.
    """
    if not why.strip():
        raise FamilyError("why", _("Say why it holds no longer."))
    row = Relation.objects.select_for_update(of=("self",)).select_related("person", "other").get(pk=relation.pk)
    if row.ended_at is None:
        row.ended_at, row.ended_by = at, by
        row.save(update_fields=["ended_at", "ended_by"])
        audit.record("relation ended", row, by=by, at=at, why=why.strip())
        if row.kind in CARING and not _carers_beside(row.other):
            _ask({row.other_id: row.person_id}, by=by, at=at)
    return row


@transaction.atomic
def lead_family(*, family: Family, person: Migrant | None, by: Actor, at: datetime) -> FamilyHead | None:
    """Write down who speaks for a family, or that nobody does. Raises FamilyError for somebody of another family."""
    if person is None:
        for row in FamilyHead.objects.filter(family=family):
            audit.record("family speaks for itself", row, by=by, at=at)
            row.delete()
        return None
    if person.family_id != family.pk:
        raise FamilyError("person", _("That person is not of this family."))
    values = {"person": person, "mission_id": person.mission_id, "recorded_at": at, "by": by}
    head, _made = FamilyHead.objects.update_or_create(family=family, defaults=values)
    audit.record("head of the family recorded", head, by=by, at=at)
    return head


@transaction.atomic
def leave_family(*, family: Family, people: Collection[Migrant], by: Actor, at: datetime) -> int:
    """Take people out of a family: they stand alone then; what they are to each other stays. Raises FamilyError."""
    if not people:
        raise FamilyError("people", _("Say who is no longer of this family."))
    if any(person.family_id != family.pk for person in people):
        raise FamilyError("people", _("Somebody of them is not of this family any more. Look at it again."))
    stood = {person.pk: Place.of(person) for person in people}
    Migrant.objects.filter(pk__in=stood).update(family=None)
    audit.record_many((("taken out of a family", person) for person in people), by=by, at=at)
    follow(stood=stood, by=by, at=at)
    return len(people)


@transaction.atomic
def follow(*, stood: Mapping[int, Place], by: Actor, at: datetime) -> list[int]:
    """After people (keys, with where they stood) went elsewhere: families lose a head who left, and children who lost
    their guardian become a question (rule 14). Gives those children (keys); a constant number of queries.
    """
    heads = FamilyHead.objects.filter(person__in=stood).select_related("person")
    gone = [head for head in heads if head.person.family_id != head.family_id]
    audit.record_many((("family speaks for itself", head) for head in gone), by=by, at=at)
    FamilyHead.objects.filter(pk__in=[head.pk for head in gone]).delete()
    left = _left_by_relation(stood, on=at.date())
    for child in _left_without_an_adult(stood, on=at.date()):
        left.setdefault(child, None)
    return _ask(left, by=by, at=at)


def _left_by_relation(stood: Mapping[int, Place], *, on: date) -> dict[int, int | None]:
    """Children who stood with a parent or guardian and stand with none now, each with one who left."""
    near = Relation.objects.standing().filter(kind__in=CARING)
    touched = near.filter(Q(person__in=stood) | Q(other__in=stood)).values("other")
    pairs = list(near.filter(other__in=touched).select_related("person", "other"))
    left: dict[int, int | None] = {}
    kept: set[int] = set()
    for pair in pairs:
        carer, child = pair.person, pair.other
        was = stood.get(carer.pk, Place.of(carer)), stood.get(child.pk, Place.of(child))
        if _together(Place.of(carer), Place.of(child)):
            kept.add(child.pk)
        elif _together(*was) and child.alone == AloneStatus.NO and _may_be_child(child, on=on):
            left[child.pk] = carer.pk
    return {child: carer for child, carer in left.items() if child not in kept}


def _left_without_an_adult(stood: Mapping[int, Place], *, on: date) -> Iterable[int]:
    """Children of a family that was torn apart with whom no adult of it stands any longer, whatever is known of relations."""
    families = {place.family for place in stood.values() if place.family}
    members = Migrant.objects.living_records().filter(Q(pk__in=stood) | Q(family__in=families))
    former: dict[int, list[Migrant]] = defaultdict(list)
    for person in members:
        family = stood[person.pk].family if person.pk in stood else person.family_id
        if family:
            former[family].append(person)
    for people in former.values():
        adults = {Place.of(person) for person in people if not _may_be_child(person, on=on)}
        if len({Place.of(person) for person in people}) == 1 or not adults:
            continue
        for person in people:
            is_child = person.birth_year is not None and _may_be_child(person, on=on)
            alone_now = person.family_id is None or Place.of(person) not in adults
            if is_child and person.alone == AloneStatus.NO and alone_now:
                yield person.pk


def _together(one: Place, other: Place) -> bool:
    return one.group == other.group and one.family == other.family


def _may_be_child(person: Migrant, *, on: date) -> bool:
    return may_be_child((person.birth_year, person.birth_month, person.birth_day), on=on)


def _carers_beside(child: Migrant) -> bool:
    carers = Relation.objects.standing().filter(other=child, kind__in=CARING)
    return carers.filter(person__group=child.group_id, person__merged_into__isnull=True).exists()


def _ask(children: Mapping[int, int | None], *, by: Actor, at: datetime) -> list[int]:
    """Raise the question for each child (key, with who left) of whom none is open; gives those who are asked about now."""
    asked = set(CompanyQuestion.objects.open().filter(person__in=children).values_list("person", flat=True))
    rows = CompanyQuestion.objects.bulk_create(
        CompanyQuestion(mission_id=child.mission_id, person=child, carer_id=children[child.pk], raised_at=at, by=by)
        for child in Migrant.objects.filter(pk__in=set(children) - asked).order_by("pk")
    )
    audit.record_many((("company of a child asked", row) for row in rows), by=by, at=at)
    return [row.person_id for row in rows]
