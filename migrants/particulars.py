"""What is learnt of a person after registration: another name with its days, a nationality and how sure it is."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common import audit, countries
from common.actors import Actor
from common.refusals import RefusalError
from migrants import protection
from migrants.enums import NameKind, NationalityStatus
from migrants.identity import name_keys
from migrants.models import Migrant, Nationality, PersonName
from migrants.written_names import stand_in

TO_ADD = (NameKind.IN_PASSPORT, NameKind.OTHER_SCRIPT, NameKind.FORMER)
"""Kinds of names that somebody adds; the others come from a correction or a merge."""


class ParticularError(RefusalError):
    """A name or nationality that cannot be stored. `field` names the place, `sentence` what is wrong and the remedy."""


@transaction.atomic
def record_name(
    *,
    person: Migrant,
    full_name: str,
    kind: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    by: Actor,
    at: datetime,
) -> PersonName:
    """Put another name on the dated list; the person is found by it from now on (rule 18). `valid_until` is exclusive.

    The same name of the same kind is recorded once, with the days that were said last. Raises ParticularError.
    """
    name = " ".join(full_name.split())
    _check_name(name, kind, valid_from, valid_until)
    person = Migrant.objects.select_for_update(of=("self",)).get(pk=person.pk)
    row = person.names.filter(full_name=name, kind=kind).first()
    if row is None:
        row = PersonName(person=person, mission_id=person.mission_id, full_name=name, kind=kind, recorded_at=at, by=by)
    row.valid_from, row.valid_until = valid_from, valid_until
    row.save()
    person.name_keys = sorted(set(person.name_keys) | name_keys(name))
    person.save(update_fields=["name_keys"])
    audit.record("name recorded", person, by=by, at=at)
    return row


@transaction.atomic
def record_nationality(*, person: Migrant, code: str, status: str, by: Actor, at: datetime) -> Nationality:
    """Record a nationality, or how sure one is that stands already (rule 21).

    A code without a country sets a hold until a second person has cleared it, as at registration. Raises ParticularError.
    """
    if not countries.is_nationality_code(code):
        raise ParticularError("code", _("Choose a country from the list, or a code of somebody without one."))
    if status not in NationalityStatus.values:
        raise ParticularError("status", _("Choose from the list how sure the nationality is."))
    row = Nationality.objects.select_for_update().filter(person=person, code=code).first()
    is_new = row is None
    if row is None:
        row = Nationality(person=person, mission_id=person.mission_id, code=code)
    row.status, row.recorded_at, row.by = status, at, by
    row.save()
    audit.record("nationality recorded", person, by=by, at=at)
    if is_new and code in protection.ASKED_FIRST:
        protection.hold_until_asked(people=[person], codes={person.pk: {code}}, by=by, at=at)
    return row


def _check_name(name: str, kind: str, valid_from: date | None, valid_until: date | None) -> None:
    if not name:
        raise ParticularError("full_name", _("Write the name as it stands."))
    if len(name) > 200:
        raise ParticularError(
            "full_name", _("The name is longer than 200 letters. Check whether two people are meant.")
        )
    if word := stand_in(name):
        sentence = _("“%(word)s” is no name. Write only what the name has; one word alone is a whole name.")
        raise ParticularError("full_name", sentence % {"word": word})
    if kind not in TO_ADD:
        raise ParticularError("kind", _("Choose from the list which name it is."))
    if valid_from and valid_until and valid_from >= valid_until:
        raise ParticularError("valid_until", _("A name ends after it began. Check the two days."))
