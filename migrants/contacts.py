"""How a person and the next of kin can be reached: several numbers, all sealed, and whether the kin may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common import audit
from common.actors import Actor
from common.many_rows import store_many
from common.refusals import RefusalError
from migrants.entries import KinEntry, PersonEntry, e164, normalised_phone
from migrants.enums import Kinship
from migrants.models import Migrant, NextOfKin, PersonPhone

MOST_NUMBERS, MOST_KIN = 10, 5


class ContactError(RefusalError):
    """A number or a next of kin that cannot be stored. `field` names the place, `sentence` what is wrong and the remedy."""


def check_contacts(entry: PersonEntry) -> None:
    """Look at what was written down beside a person. Raises ContactError."""
    if len(entry.other_phones) > MOST_NUMBERS:
        raise ContactError(
            "other_phones", _("Ten numbers more than the first are enough. Leave out what nobody answers.")
        )
    if len(entry.kin) > MOST_KIN:
        raise ContactError("kin_name", _("Five people are enough. Leave out who is less near."))
    for kin in entry.kin:
        _check_kin(kin)


def store_contacts(pairs: Sequence[tuple[Migrant, PersonEntry]], *, known: Mapping[str, Any]) -> None:
    """Store the further numbers and the next of kin of many people at once; for `migrants.registration` alone."""
    store_many(
        (
            PersonPhone(person=person, number=number, **known)
            for person, entry in pairs
            for number in dict.fromkeys(map(normalised_phone, entry.other_phones))
            if number
        )
    )
    store_many((_kin(person, kin, known) for person, entry in pairs for kin in entry.kin))


@transaction.atomic
def record_contacts(*, person: Migrant, number: str = "", kin: KinEntry | None = None, by: Actor, at: datetime) -> None:
    """Add a number in E.164, the next of kin, or both. Raises ContactError."""
    if number:
        record_phone(person=person, number=number, by=by, at=at)
    if kin is not None:
        record_kin(person=person, kin=kin, by=by, at=at)


@transaction.atomic
def record_phone(*, person: Migrant, number: str, near: str = "", by: Actor, at: datetime) -> str:
    """Add a number under which the person is reached; the first one stands on the person. Gives it in E.164.

    `near` is the country (alpha-2) whose number one without a country is taken for. Raises ContactError.
    """
    written = e164(number, near=near)
    if not written:
        raise ContactError("number", _("Write the number with its country: +992 95 000 29 60."))
    person = Migrant.objects.select_for_update(of=("self",)).get(pk=person.pk)
    others = list(person.phones.all())
    if written in {person.phone, *(row.number for row in others)}:
        return written
    if person.phone is None:
        person.phone = written
        person.save(update_fields=["phone", "phone_index"])
    elif len(others) >= MOST_NUMBERS:
        raise ContactError("number", _("There are ten numbers already."))
    else:
        PersonPhone.objects.create(person=person, mission_id=person.mission_id, number=written, recorded_at=at, by=by)
    audit.record("phone recorded", person, by=by, at=at)
    return written


@transaction.atomic
def record_kin(*, person: Migrant, kin: KinEntry, by: Actor, at: datetime) -> NextOfKin:
    """Write down who is nearest to a person, and whether they may be told. Raises ContactError."""
    _check_kin(kin)
    known = {"mission_id": person.mission_id, "recorded_at": at, "by": by}
    row = _kin(person, kin, known)
    row.save()
    audit.record("next of kin recorded", row, by=by, at=at)
    return row


def _check_kin(kin: KinEntry) -> None:
    if not kin.name.strip():
        raise ContactError("kin_name", _("Write the name of the next of kin, or leave all of it empty."))
    if kin.relation not in Kinship.values:
        raise ContactError("kin_relation", _("Choose from the list who it is."))


def _kin(person: Migrant, kin: KinEntry, known: Mapping[str, Any]) -> NextOfKin:
    return NextOfKin(
        person=person,
        name=" ".join(kin.name.split())[:200],
        relation=kin.relation,
        phone=normalised_phone(kin.phone) or None,
        may_be_told=kin.may_be_told,
        **known,
    )
