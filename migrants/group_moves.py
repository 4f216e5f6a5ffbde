"""People go from one group to another: whoever they are linked with goes along in the records, and nothing is lost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Case, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import audit
from common.actors import Actor
from common.audience import reaching_for
from common.refusals import RefusalError
from migrants.enums import MoveKind
from migrants.families import Place, follow
from migrants.heads import heads_of
from migrants.merging import label, relations_to_a_person
from migrants.models import Family, GroupMove, Migrant, MovedPerson, TravelGroup, TravelledLeg

STAYS_BEHIND: dict[str, str] = {
    "migrants.DuplicatePair.first": "what was compared stays where it was compared",
    "migrants.DuplicatePair.second": "what was compared stays where it was compared",
    "migrants.Merge.kept": "the log of merges is history",
    "migrants.Merge.absorbed": "the log of merges is history",
    "migrants.MovedPerson.person": "the log of moves is history",
}
"""Keys to a person of this floor whose rows keep the mission that wrote them, and why. All others go along."""


class GroupMoveError(RefusalError):
    """People who cannot be moved as it was asked; `field` names what to mend. Nothing was changed."""


class MovedMeanwhileError(GroupMoveError):
    """Somebody else has moved some of them since the mover looked."""


@dataclass(frozen=True, slots=True)
class Going:
    """Who goes: registered people, and so many heads of the same group whom nobody has registered."""

    people: tuple[Migrant, ...] = ()
    unregistered: int = 0

    @property
    def heads(self) -> int:
        return len(self.people) + self.unregistered


def locked_groups(*groups: TravelGroup) -> list[TravelGroup]:
    """Give the groups as they stand, in the order asked, locked in the order of their keys: two moves take turns."""
    keys = {group.pk for group in groups}
    rows = TravelGroup.objects.select_for_update(of=("self",)).select_related("crossing").filter(pk__in=keys)
    found = {row.pk: row for row in rows.order_by("pk")}
    return [found[group.pk] for group in groups]


@transaction.atomic
@reaching_for("move between groups")
def move_people(
    *,
    from_group: TravelGroup,
    to_group: TravelGroup,
    going: Going,
    kind: MoveKind,
    rejoining: Mapping[int, int] | None = None,
    why: str,
    by: Actor,
    at: datetime,
) -> GroupMove:
    """Move people, with what this floor keeps of them, into another group; a constant number of statements.

    A family that goes as a whole stays that family; two or more of one that is torn apart are one of the same code in the
    new group; relations stay in any case. `rejoining` names people (keys) who go back to a family (key) that stands there.
    Children whose guardian went elsewhere become a question. Raises GroupMoveError, MovedMeanwhileError.
    """
    from_group, to_group = _waiting_pair(from_group, to_group, why=why)
    people = _locked_people(from_group, going)
    _refuse_more_than_unknown(from_group, going)
    stood = {person.pk: Place.of(person) for person in people}
    back = dict(rejoining or {})
    stands = _families_after([person for person in people if person.pk not in back], to_group) | back
    _restamp(people, to_group, stands)
    move = GroupMove.objects.create(
        mission_id=to_group.mission_id,
        from_group=from_group,
        to_group=to_group,
        kind=kind,
        heads=going.heads,
        unregistered=going.unregistered,
        why=why.strip()[:200],
        moved_at=at,
        by=by,
    )
    MovedPerson.objects.bulk_create(
        MovedPerson(move=move, mission_id=to_group.mission_id, person=person, family_id=stood[person.pk].family)
        for person in people
    )
    acts: list[tuple[str, models.Model]] = [(f"people {kind.value}", move), ("people went", from_group)]
    acts += [("people came", to_group), *(("moved to another group", person) for person in people)]
    audit.record_many(acts, by=by, at=at, why=why.strip())
    follow(stood=stood, by=by, at=at)
    return move


def _waiting_pair(from_group: TravelGroup, to_group: TravelGroup, *, why: str) -> tuple[TravelGroup, TravelGroup]:
    """Lock the two groups of a move that can be. Raises GroupMoveError."""
    if from_group.pk == to_group.pk:
        raise GroupMoveError("to_group", _("They are in this group already. Choose another one."))
    if not why.strip():
        raise GroupMoveError("why", _("Say why; both groups keep it."))
    from_group, to_group = locked_groups(from_group, to_group)
    if to_group.closed_at is not None:
        raise GroupMoveError(
            "to_group", _("Group %(code)s is closed. Choose one that waits.") % {"code": to_group.code}
        )
    return from_group, to_group


@transaction.atomic
def mark_undone(*, move: GroupMove, by: Actor, at: datetime) -> GroupMove:
    """Say of a move that its people were moved back. Raises GroupMoveError where that was said already."""
    move = GroupMove.objects.select_for_update(of=("self",)).get(pk=move.pk)
    if move.undone_at is not None:
        raise GroupMoveError("", _("This move was undone already."))
    if move.kind == MoveKind.BACK:
        raise GroupMoveError("", _("These people were moved back. Move them again instead."))
    move.undone_at, move.undone_by = at, by
    move.save(update_fields=["undone_at", "undone_by"])
    audit.record("move undone", move, by=by, at=at)
    return move


def left_behind(move: GroupMove) -> dict[int, int]:
    """Give for each person (key) of a move the family (key) that stayed in the group from which the person went."""
    rows = move.people.filter(family__group=move.from_group_id)
    return dict(rows.values_list("person", "family"))


def history_of(group: TravelGroup) -> dict[str, list[GroupMove]]:
    """Give which groups this one came of and went into: `from`, `into`, and `moved` for single people; one query."""
    rows = GroupMove.objects.filter(models.Q(from_group=group) | models.Q(to_group=group))
    found: dict[str, list[GroupMove]] = {"from": [], "into": [], "moved": []}
    for move in rows.select_related("from_group", "to_group"):
        whole = move.kind in (MoveKind.SPLIT, MoveKind.JOINED) and move.undone_at is None
        found[("into" if move.from_group_id == group.pk else "from") if whole else "moved"].append(move)
    return found


def _locked_people(from_group: TravelGroup, going: Going) -> list[Migrant]:
    keys = [person.pk for person in going.people]
    people = list(Migrant.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    strayed = [person.number for person in people if person.group_id != from_group.pk or person.merged_into_id]
    if strayed:
        sentence = _("Somebody has moved %(numbers)s meanwhile. Look at the group again.")
        raise MovedMeanwhileError("people", sentence % {"numbers": ", ".join(strayed)})
    if going.heads == 0:
        raise GroupMoveError("people", _("Say who goes: people, a family, or heads that nobody has registered."))
    return people


def _refuse_more_than_unknown(group: TravelGroup, going: Going) -> None:
    unknown = heads_of([group.pk])[group.pk].unknown if going.unregistered else 0
    if not 0 <= going.unregistered <= unknown:
        sentence = ngettext(
            "Only %(n)d head of group %(code)s is not registered. Count the group again if there are more.",
            "Only %(n)d heads of group %(code)s are not registered. Count the group again if there are more.",
            unknown,
        )
        raise GroupMoveError("unregistered", sentence % {"n": unknown, "code": group.code})


def _families_after(people: Collection[Migrant], to_group: TravelGroup) -> dict[int, int]:
    """Give the family (key) in which each person (key) stands after the move; three statements at most."""
    going = Counter(person.family_id for person in people if person.family_id)
    members = Migrant.objects.living_records().filter(family__in=going).values_list("family")
    whole = {key for key, n in members.annotate(n=models.Count("pk")).order_by() if n == going[key]}
    together = [key for key in going if key in whole or going[key] > 1]
    families = Family.objects.in_bulk(together)
    codes = _free_codes(families.values(), to_group)
    moving = [families[key] for key in together if key in whole]
    for family in moving:
        family.group, family.code = to_group, next(codes[family.pk])
    torn = [key for key in together if key not in whole]
    made = Family.objects.bulk_create(Family(group=to_group, code=next(codes[key])) for key in torn)
    Family.objects.bulk_update(moving, ["group", "code"])
    after = {family.pk: family.pk for family in moving} | {key: new.pk for key, new in zip(torn, made, strict=True)}
    return {person.pk: after[person.family_id] for person in people if person.family_id in after}


def _free_codes(families: Collection[Family], to_group: TravelGroup) -> dict[int, Iterator[str]]:
    """Give for each family (key) its code in the other group: its own, or with a number where another has it."""
    taken = set(to_group.families.values_list("code", flat=True))

    def free(code: str) -> Iterator[str]:
        tries = [code, *(f"{code[:16]}-{n}" for n in range(2, len(taken) + len(families) + 2))]
        found = next(each for each in tries if each not in taken)
        taken.add(found)
        yield found

    return {family.pk: free(family.code) for family in families}


def _restamp(people: Collection[Migrant], to_group: TravelGroup, families: Mapping[int, int]) -> None:
    """Write group, family and mission of the people, and the mission of every row of this floor that is theirs."""
    keys = [person.pk for person in people]
    members: dict[int, list[int]] = defaultdict(list)
    for person, family in families.items():
        members[family].append(person)
    stands = [When(pk__in=people_of_it, then=Value(family)) for family, people_of_it in members.items()]
    stand = Case(*stands, default=Value(None), output_field=models.BigIntegerField())
    Migrant.objects.filter(pk__in=keys).update(group=to_group, mission=to_group.mission_id, family=stand)
    # A record that was merged into one of them goes along, so that undoing the merge gives both back in one place.
    Migrant.objects.filter(merged_into__in=keys).update(group=to_group, mission=to_group.mission_id)
    TravelledLeg.objects.filter(models.Q(person__in=keys) | models.Q(family__group=to_group)).update(group=to_group)
    for relation in relations_to_a_person():
        model: Any = relation.model
        if label(relation) not in STAYS_BEHIND and _is_of_a_mission(model):
            rows = model._base_manager.filter(**{f"{relation.name}__in": keys})
            rows.exclude(mission=to_group.mission_id).update(mission=to_group.mission_id)


def _is_of_a_mission(model: type[models.Model]) -> bool:
    names = {field.name for field in model._meta.concrete_fields}
    return model._meta.app_label == "migrants" and model is not Migrant and "mission" in names


def groups_of(people: Collection[int]) -> dict[int, set[int]]:
    """Give for each of `people` (keys) every group (key) in which they stand or stood; two queries."""
    found: dict[int, set[int]] = defaultdict(set)
    for person, group in Migrant.objects.filter(pk__in=people, group__isnull=False).values_list("pk", "group"):
        found[person].add(group)
    for person, group in MovedPerson.objects.filter(person__in=people).values_list("person", "move__from_group"):
        found[person].add(group)
    return found
