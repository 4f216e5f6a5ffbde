"""Write down what can be shown at a barrier, for one person, for several, or for a whole group; and take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from common import audit, countries
from common.actors import Actor
from common.many_rows import store_many
from common.refusals import RefusalError
from corridors.rules.kinds import EscortKind, PermitKind, PurposeKind, VaccineKind
from migrants.entries import ProofEntry
from migrants.enums import ProofKind
from migrants.models import Migrant, Proof, TravelGroup

SORTS: dict[str, list[str]] = {
    ProofKind.VACCINATION: list(VaccineKind.values),
    ProofKind.PERMIT: list(PermitKind.values),
    ProofKind.ESCORT: list(EscortKind.values),
    ProofKind.PURPOSE: list(PurposeKind.values),
}
"""What may be said more of a kind; of others nothing."""
OF_COUNTRY = frozenset({ProofKind.PERMIT, ProofKind.RESIDENCE})
TITLED = frozenset({ProofKind.REGISTRATION_FORM, ProofKind.PAYMENT})
PERSONAL = frozenset({ProofKind.VACCINATION, ProofKind.RESIDENCE})
"""Kinds that nobody has for others."""
FARTHEST_YEARS = 50


class ProofError(RefusalError):
    """A proof that cannot be stored or withdrawn; `field` names what to mend."""


@transaction.atomic
def record_proof(*, people: Sequence[Migrant], proof: ProofEntry, by: Actor, at: datetime) -> list[Proof]:
    """Record the same proof for each of `people`, a row each. Raises ProofError."""
    check_proof(proof, on=at.date())
    rows = [_row(proof, by=by, at=at, person=person, mission_id=person.mission_id) for person in people]
    return _store(rows, by=by, at=at)


@transaction.atomic
def record_group_proof(*, group: TravelGroup, proof: ProofEntry, by: Actor, at: datetime) -> Proof:
    """Record a proof that counts for everybody of a group. Raises ProofError."""
    if proof.kind in PERSONAL:
        raise ProofError("kind", _("Nobody can have this for a whole group. Choose the people whose it is."))
    check_proof(proof, on=at.date())
    return _store([_row(proof, by=by, at=at, group=group, mission_id=group.mission_id)], by=by, at=at)[0]


@transaction.atomic
def record_listed(
    *, proofs: Sequence[tuple[Migrant, ProofEntry]], through: models.Model | None, by: Actor, at: datetime
) -> list[Proof]:
    """Record what a list says of people who are there already, save what stands of them; it was checked when it was read.

    `through` is the list, on which one act is recorded for all. A constant number of statements.
    """
    people = {person.pk for person, _proof in proofs}
    known = {(row.person_id, _said_by(row)) for row in Proof.objects.standing().filter(person__in=people)}
    fresh = [(person, proof) for person, proof in proofs if (person.pk, _said_in(proof)) not in known]
    rows = [_row(proof, by=by, at=at, person=person, mission_id=person.mission_id) for person, proof in fresh]
    stored = store_many(rows)
    audit.record_each("proof recorded", stored, through=through, by=by, at=at)
    return stored


def _said_by(row: Proof) -> ProofEntry:
    """Give a row as it would be written down again."""
    values = {each.name: getattr(row, each.name) for each in fields(ProofEntry)}
    return ProofEntry(**values | {"number": row.number or ""})


def _said_in(proof: ProofEntry) -> ProofEntry:
    """Give an entry as its row would hold it."""
    texts = {name: getattr(proof, name).strip() for name in ("title", "number", "authority")}
    return replace(proof, **texts)


@transaction.atomic
def withdraw_proof(*, proof: Proof, why: str, by: Actor, at: datetime) -> Proof:
    """Take back what was recorded by mistake or holds no longer; the row stays with the reason. Raises ProofError."""
    if not why.strip():
        raise ProofError("why", _("Say why it does not count any more."))
    row = Proof.objects.select_for_update(of=("self",)).get(pk=proof.pk)
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_why, row.withdrawn_by = at, why.strip()[:200], by
        row.save(update_fields=["withdrawn_at", "withdrawn_why", "withdrawn_by"])
        audit.record("proof withdrawn", row, by=by, at=at)
    return row


def _row(
    proof: ProofEntry,
    *,
    mission_id: int,
    person: Migrant | None = None,
    group: TravelGroup | None = None,
    by: Actor,
    at: datetime,
) -> Proof:
    return Proof(
        person=person,
        group=group,
        mission_id=mission_id,
        kind=proof.kind,
        sort=proof.sort,
        country=proof.country,
        title=proof.title.strip(),
        number=proof.number.strip() or None,
        authority=proof.authority.strip(),
        begins_on=proof.begins_on,
        last_on=proof.last_on,
        doses=proof.doses,
        amount=proof.amount,
        currency=proof.currency,
        recorded_at=at,
        by=by,
    )


def _store(rows: list[Proof], *, by: Actor, at: datetime) -> list[Proof]:
    stored = Proof.objects.bulk_create(rows)
    audit.record_many((("proof recorded", row) for row in stored), by=by, at=at)
    return stored


def check_proof(proof: ProofEntry, *, on: date) -> None:
    """Refuse what no rule could read. Raises ProofError."""
    if proof.kind not in ProofKind.values:
        raise ProofError("kind", _("Choose what it is from the list."))
    if proof.sort not in SORTS.get(proof.kind, [""]):
        raise ProofError("sort", _("Choose which one it is; the list depends on what it is."))
    if proof.country and not countries.is_nationality_code(proof.country):
        raise ProofError("country", _("Choose the country from the list."))
    if proof.kind in OF_COUNTRY and not proof.country:
        raise ProofError("country", _("Say of which country."))
    if proof.kind in TITLED and not proof.title.strip():
        raise ProofError("title", _("Write the name of the form, or what was paid for, as the requirement names it."))
    if proof.kind == ProofKind.PAYMENT and not (proof.amount and proof.currency):
        raise ProofError("amount", _("Say how much was paid, and in which currency."))
    _check_days(proof, on=on)


def _check_days(proof: ProofEntry, *, on: date) -> None:
    for field, day in (("begins_on", proof.begins_on), ("last_on", proof.last_on)):
        if day is not None and abs(day.year - on.year) > FARTHEST_YEARS:
            raise ProofError(field, _("This day lies too far away. Check the year."))
    if proof.begins_on and proof.last_on and proof.begins_on > proof.last_on:
        raise ProofError("last_on", _("The last day lies before the first. Check both."))
    if proof.kind == ProofKind.VACCINATION and proof.begins_on and proof.begins_on > on:
        raise ProofError("begins_on", _("The last dose cannot have been given in the future. Check the day."))
    if proof.kind == ProofKind.QUOTA and proof.begins_on is None:
        raise ProofError("begins_on", _("Say for which day the place is booked."))
    if proof.kind == ProofKind.QUARANTINE and not (proof.begins_on and proof.last_on):
        raise ProofError("begins_on", _("Say from which day until which the quarantine is booked."))
