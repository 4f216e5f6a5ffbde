"""Correct what is recorded of a person: the former value stays on record with its time (rules 15 and 18)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.enums import BirthBasis, NameKind, Sex
from migrants.identity import name_keys
from migrants.models import EarlierClaim, Migrant, PersonName
from migrants.names import latin

STAYING_NAMES = (NameKind.OTHER_SCRIPT, NameKind.FORMER, NameKind.MISTAKEN)
"""What a name that is corrected can have been."""


class CorrectionError(RefusalError):
    """A correction that cannot be stored. `field` names the place, `sentence` what is wrong and the remedy."""


class CorrectedMeanwhileError(CorrectionError):
    """Somebody else has corrected the person since the corrector looked."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, as recorded: the name as written and in Latin letters ("": derived), sex, and birth by parts."""

    full_name: str
    latin_name: str = ""
    sex: str = Sex.UNKNOWN
    birth_year: int | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    birth_basis: str = BirthBasis.DOCUMENT


_CLAIM = ("sex", "birth_year", "birth_month", "birth_day", "birth_basis")


def identity_of(person: Migrant) -> Identity:
    """Give what stands of the person now."""
    return Identity(**{name: getattr(person, name) for name in ("full_name", "latin_name", *_CLAIM)})


def fingerprint_of(person: Migrant) -> str:
    """Give a mark of what stands now, so that two people who correct at the same time do not overwrite each other."""
    return sha256(json.dumps(asdict(identity_of(person))).encode()).hexdigest()


@transaction.atomic
def correct(
    *, person: Migrant, right: Identity, name_was: str = NameKind.MISTAKEN, seen: str, by: Actor, at: datetime
) -> tuple[Migrant, bool]:
    """Make `right` what stands of the person; what stood until now is kept.

    The former name joins the list of names as `name_was` (in another script, former, mistaken) and the person is still
    found by it; former sex and birth become an earlier claim. `seen` is the fingerprint of what the corrector saw.
    Gives the person and whether anything changed. Raises CorrectionError.
    """
    person = Migrant.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if seen != fingerprint_of(person):
        raise CorrectedMeanwhileError(
            "", _("Somebody has corrected this person meanwhile. Look at what stands now, then try again.")
        )
    right = _checked(right, name_was, on=at.date())
    changed = [name for name, value in asdict(right).items() if getattr(person, name) != value]
    if not changed:
        return person, False
    if {"full_name", "latin_name"} & set(changed):
        _keep_names(person, right, name_was, by=by, at=at)
    if set(_CLAIM) & set(changed):
        _keep_claim(person, by=by, at=at)
    for name in changed:
        setattr(person, name, getattr(right, name))
    person.sort_key = person.latin_name.casefold()[:200]
    person.name_keys = sorted(set(person.name_keys) | name_keys(person.full_name, person.latin_name))
    person.save(update_fields=[*changed, "sort_key", "name_keys"])
    audit.record("person corrected", person, by=by, at=at)
    return person, True


def _checked(right: Identity, name_was: str, *, on: date) -> Identity:
    full_name = " ".join(right.full_name.split())
    if not full_name:
        raise CorrectionError("full_name", _("Write the name as it stands in the document, or as the person says it."))
    if len(full_name) > 200:
        raise CorrectionError(
            "full_name", _("The name is longer than 200 letters. Check whether two people are meant.")
        )
    if name_was not in STAYING_NAMES:
        raise CorrectionError("name_was", _("Choose from the list what the name until now was."))
    for field, choices in (("sex", Sex), ("birth_basis", BirthBasis)):
        if getattr(right, field) not in choices.values:
            raise CorrectionError(field, _("Choose from the list."))
    _check_birth(right, on=on)
    latin_name = " ".join((right.latin_name or latin(full_name)).split())[:200]
    return Identity(**asdict(right) | {"full_name": full_name, "latin_name": latin_name})


def _check_birth(right: Identity, *, on: date) -> None:
    year, month, day = right.birth_year, right.birth_month, right.birth_day
    if year is not None and not on.year - 120 <= year <= on.year:
        raise CorrectionError("birth_year", _("The year of birth lies more than 120 years back, or ahead. Check it."))
    if year and month and day:
        try:
            born = date(year, month, day)
        except ValueError as error:
            sentence = _("That month does not have so many days. Check day and month.")
            raise CorrectionError("birth_day", sentence) from error
        if born > on:
            raise CorrectionError("birth_day", _("The birth date is still to come. Check it."))


def _keep_names(person: Migrant, right: Identity, name_was: str, *, by: Actor, at: datetime) -> None:
    """Put the name as written, and the Latin one where somebody wrote it down, on the dated list."""
    was_written = [person.full_name]
    if person.latin_name != latin(person.full_name)[:200]:
        was_written.append(person.latin_name)
    known = {right.full_name, right.latin_name, "", *person.names.values_list("full_name", flat=True)}
    PersonName.objects.bulk_create(
        PersonName(person=person, mission_id=person.mission_id, full_name=name, kind=name_was, recorded_at=at, by=by)
        for name in dict.fromkeys(was_written)
        if name not in known
    )


def _keep_claim(person: Migrant, *, by: Actor, at: datetime) -> None:
    before = EarlierClaim.objects.filter(person=person).last()
    EarlierClaim.objects.create(
        person=person,
        mission_id=person.mission_id,
        **{name: getattr(person, name) for name in _CLAIM},
        recorded_at=before.replaced_at if before else person.registered_at,
        recorded_by=before.replaced_by if before else person.by,
        replaced_at=at,
        replaced_by=by,
    )
