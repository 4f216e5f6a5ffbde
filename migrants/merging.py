"""Two records of one person become one: a human decides, one transaction moves everything, and it can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from common import audit
from common.actors import Actor
from common.audience import reaching_for
from common.refusals import RefusalError
from migrants.enums import NameKind, PairState, Sex
from migrants.identity import name_keys
from migrants.models import DuplicatePair, Merge, Migrant, PersonName

STAYING: dict[str, str] = {
    "migrants.DuplicatePair.first": "what was compared stays as it was compared",
    "migrants.DuplicatePair.second": "what was compared stays as it was compared",
    "migrants.Merge.kept": "the log of merges is history",
    "migrants.Merge.absorbed": "the log of merges is history",
}
"""Keys to a person that a merge does not move, and why. Every other key, of any floor, is moved."""

_BIRTH = ("birth_year", "birth_month", "birth_day", "birth_basis")


class MergeError(RefusalError):
    """Two records that cannot be made one, or a merge that cannot be undone. `sentence` says why and what to do."""


@transaction.atomic
def decide(
    *, pair: DuplicatePair, same: bool, keep: Migrant | None = None, seen: str = "", by: Actor, at: datetime
) -> Merge | None:
    """Decide about a pair. `same`: the records are merged into `keep` (default: the one registered first).

    A pair that was decided the same way already stays; a merge must be undone first. `seen` is the state in which whoever
    decides saw it: where somebody else said the contrary meanwhile, they are asked to look again. Raises MergeError.
    """
    pair = DuplicatePair.objects.select_for_update(of=("self",)).select_related("first", "second").get(pk=pair.pk)
    wanted = PairState.SAME if same else PairState.DIFFERENT
    if pair.state == wanted:
        return Merge.objects.filter(kept__in=_both(pair), absorbed__in=_both(pair), undone_at__isnull=True).first()
    if pair.state == PairState.SAME:
        raise MergeError("", _("These two were found to be one person. Undo the merge first."))
    if seen and seen != pair.state:
        raise MergeError("", _("Somebody has decided about this pair meanwhile. Look at it again."))
    pair.state, pair.decided_at, pair.decided_by = wanted, at, by
    pair.save(update_fields=["state", "decided_at", "decided_by"])
    audit.record("pair is one person" if same else "pair is two people", pair, by=by, at=at)
    if not same:
        return None
    kept = keep or min(_both(pair), key=lambda person: (person.registered_at, person.pk))
    absorbed = next(person for person in _both(pair) if person.pk != kept.pk)
    return merge(kept=kept, absorbed=absorbed, by=by, at=at)


@transaction.atomic
@reaching_for("merge")
def merge(*, kept: Migrant, absorbed: Migrant, by: Actor, at: datetime) -> Merge:
    """Move everything that hangs on `absorbed`, on any floor, to `kept`; what `kept` does not know is filled in.

    A row that `kept` has already (the same nationality, an open case) stays with the absorbed record, out of sight.
    Raises MergeError.
    """
    if kept.pk == absorbed.pk:
        raise MergeError("", _("This is one record. Choose two."))
    locked = {row.pk: row for row in Migrant.objects.select_for_update().filter(pk__in=[kept.pk, absorbed.pk])}
    kept, absorbed = locked[kept.pk], locked[absorbed.pk]
    if kept.merged_into_id or absorbed.merged_into_id:
        raise MergeError("", _("One of these records was merged already. Open the list of pairs again."))
    moved: dict[str, Any] = {"rows": {}, "filled": [], "name_keys": kept.name_keys, "name": None}
    for relation in relations_to_a_person():
        if label(relation) not in STAYING:
            moved["rows"][label(relation)] = _move(relation, absorbed, kept)
    moved["filled"] = _fill(kept, absorbed)
    moved["name"] = _keep_name(kept, absorbed, by=by, at=at)
    kept.save()
    absorbed.merged_into = kept
    absorbed.save(update_fields=["merged_into"])
    row = Merge.objects.create(mission_id=kept.mission_id, kept=kept, absorbed=absorbed, moved=moved, at=at, by=by)
    audit.record_many(
        [("merge made", row), ("person took in another", kept), ("person merged", absorbed)], by=by, at=at
    )
    return row


@transaction.atomic
@reaching_for("merge")
def unmerge(*, merge: Merge, why: str = "", by: Actor, at: datetime) -> Merge:
    """Give back what a merge moved: two records again, their pair open again. Undoing it twice changes nothing.

    Raises MergeError where the kept record was merged further since.
    """
    row = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if row.undone_at is not None:
        return row
    people = {
        each.pk: each for each in Migrant.objects.select_for_update().filter(pk__in=[row.kept_id, row.absorbed_id])
    }
    kept, absorbed = people[row.kept_id], people[row.absorbed_id]
    if kept.merged_into_id:
        raise MergeError("", _("The kept record was merged into another since. Undo that merge first."))
    for relation in relations_to_a_person():
        keys = row.moved["rows"].get(label(relation), [])
        relation.model._base_manager.filter(pk__in=keys, **{relation.name: kept}).update(**{relation.name: absorbed})
    PersonName.objects.filter(pk=row.moved["name"]).delete()
    _empty(kept, row.moved["filled"])
    kept.name_keys = row.moved["name_keys"]
    kept.save()
    absorbed.merged_into = None
    absorbed.save(update_fields=["merged_into"])
    row.undone_at, row.undone_by = at, by
    row.save(update_fields=["undone_at", "undone_by"])
    first, second = sorted((kept.pk, absorbed.pk))
    DuplicatePair.objects.filter(first=first, second=second).update(
        state=PairState.OPEN, decided_at=None, decided_by=None
    )
    acts = [("merge undone", row), ("person is two again", kept), ("person stands alone again", absorbed)]
    audit.record_many(acts, by=by, at=at, why=why)
    return row


def relations_to_a_person() -> Iterator[models.ForeignKey[Any, Any]]:
    """Give every key to `Migrant` of every app, hidden ones included, without naming an app above this floor."""
    for relation in Migrant._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            yield relation.field  # type: ignore[misc, union-attr]  # a key, by the line above


def label(relation: models.Field[Any, Any]) -> str:
    """Give "app.Model.field"."""
    return f"{relation.model._meta.label}.{relation.name}"


def _both(pair: DuplicatePair) -> list[Migrant]:
    return [pair.first, pair.second]


def _move(relation: models.ForeignKey[Any, Any], absorbed: Migrant, kept: Migrant) -> list[Any]:
    """Point all rows to `kept` and give their keys; one by one where a constraint says that `kept` has such a row."""
    rows = relation.model._base_manager.filter(**{relation.name: absorbed})
    keys = list(rows.values_list("pk", flat=True))
    if not keys or _moves(rows, relation, kept):
        return keys
    return [key for key in keys if _moves(rows.filter(pk=key), relation, kept)]


def _moves(rows: models.QuerySet[Any], relation: models.ForeignKey[Any, Any], kept: Migrant) -> bool:
    try:
        with transaction.atomic():
            rows.update(**{relation.name: kept})
    except IntegrityError:
        return False
    return True


def _fill(kept: Migrant, absorbed: Migrant) -> list[str]:
    """Take over what `kept` does not know; give the names of what was filled, so that it can be emptied again."""
    filled = []
    if kept.birth_year is None and absorbed.birth_year is not None:
        for name in _BIRTH:
            setattr(kept, name, getattr(absorbed, name))
        filled.append("birth")
    for name, nothing in _NOTHING.items():
        if getattr(kept, name) == nothing and getattr(absorbed, name) != nothing:
            setattr(kept, name, getattr(absorbed, name))
            filled.append(name)
    return filled


_NOTHING: dict[str, Any] = {
    "sex": Sex.UNKNOWN, "language": "", "phone": None, "note": None, "family_id": None, "group_id": None,
    "documents_asked_at": None, "surname": "", "given_names": "", "father_name": "", "other_languages": [],
    "needs_interpreter": None,
}  # fmt: skip


def _empty(kept: Migrant, filled: list[str]) -> None:
    for name in filled:
        if name == "birth":
            kept.birth_year = kept.birth_month = kept.birth_day = None
        else:
            setattr(kept, name, _NOTHING[name])


def _keep_name(kept: Migrant, absorbed: Migrant, *, by: Actor, at: datetime) -> int | None:
    """Keep the other spelling as a name of the person, and let it be found by it."""
    kept.name_keys = sorted(name_keys(kept.full_name, kept.latin_name) | set(kept.name_keys) | set(absorbed.name_keys))
    if absorbed.full_name == kept.full_name:
        return None
    name = PersonName.objects.create(
        person=kept,
        mission_id=kept.mission_id,
        full_name=absorbed.full_name,
        kind=NameKind.AS_WRITTEN,
        recorded_at=at,
        by=by,
    )
    return name.pk
