"""Register people: one by form, or a whole list in one go. Nobody is registered twice without somebody saying so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from common import audit, countries, numbers
from common.actors import Actor
from common.many_rows import Mould, store_many
from common.refusals import RefusalError
from migrants import protection
from migrants.contacts import ContactError, check_contacts, store_contacts
from migrants.entries import DocumentEntry, PersonEntry, normalised_phone
from migrants.enums import NationalityStatus, Script
from migrants.groups import family_of
from migrants.identity import Candidate, Sought, candidates_for, name_keys, other_names_of, sought, widened
from migrants.meeting import Twins, candidates_of_all
from migrants.models import Family, Migrant, Nationality, PersonName, TravelDocument, TravelGroup
from migrants.models.people import MigrantQuerySet
from migrants.names import Score, latin, script
from migrants.proofs import record_listed
from migrants.written_names import stand_in
from partners.models import Office

MOST_NAMES = 20


class RegistrationError(RefusalError):
    """An entry that cannot be stored. `field` names the place, `sentence` what is wrong and the remedy."""


@dataclass(frozen=True, slots=True)
class Match:
    """What an entry meets: people who may be the same, the likeliest first, and an earlier entry of the same list."""

    candidates: tuple[Candidate, ...] = ()
    twin: int | None = None
    twin_score: Score | None = None

    @property
    def known(self) -> Candidate | None:
        """The one person this surely is; None where nobody or more than one fits."""
        sure = [candidate for candidate in self.candidates if candidate.is_sure]
        return sure[0] if len(sure) == 1 else None

    @property
    def is_doubtful(self) -> bool:
        """Tell whether a person must decide."""
        return self.known is None and (bool(self.candidates) or self.twin is not None)

    def without(self, people: Collection[int]) -> Match:
        """Give the same without some people (keys) among the candidates."""
        return replace(self, candidates=tuple(each for each in self.candidates if each.person.pk not in people))


@dataclass(frozen=True, slots=True)
class Looked:
    """An entry that is about to be compared: how it is sought, and the earlier entry of its list that it looks like."""

    sought: Sought
    twin: int | None = None
    twin_score: Score | None = None


@transaction.atomic
def register(*, group: TravelGroup, mission: Office, entry: PersonEntry, by: Actor, at: datetime) -> Migrant:
    """Register one person in a group. Raises RegistrationError; likely duplicates are for the caller to show first."""
    return register_many(group=group, mission=mission, entries=[entry], by=by, at=at)[0]


def match(
    entries: Sequence[PersonEntry],
    *,
    within: MigrantQuerySet,
    twins: Twins | None = None,
    labels: Sequence[int] | None = None,
) -> list[Match]:
    """Compare entries with everybody in `within` and with each other; a constant number of queries.

    `twins` are the people of the same list before these. `labels` name the entries, by which `Match.twin` names one;
    without any, their places do.
    """
    return match_described(describe(entries, twins=twins or Twins(), labels=labels), within=within)


def describe(entries: Sequence[PersonEntry], *, twins: Twins, labels: Sequence[int] | None = None) -> list[Looked]:
    """Do what `match` does before it asks the database: describe entries, and find the earlier ones of the same list."""
    wanted = [sought(entry) for entry in entries]
    met = [twins.meet(each, label=label) for label, each in zip(labels or range(len(wanted)), wanted, strict=True)]
    return [Looked(each, *(twin or (None, None))) for each, twin in zip(widened(wanted), met, strict=True)]


def match_described(looked: Sequence[Looked], *, within: MigrantQuerySet) -> list[Match]:
    """Compare what `describe` gave with everybody in `within`."""
    found = candidates_of_all([each.sought for each in looked], within=within)
    return [
        Match(tuple(candidates), each.twin, each.twin_score) for each, candidates in zip(looked, found, strict=True)
    ]


def know_twins(twins: Twins, entry: PersonEntry | None, *, label: int) -> None:
    """Let `twins` know an entry that was compared before, without comparing it."""
    if entry is not None:
        twins.know(sought(entry), label=label)


def match_known(entries: Sequence[PersonEntry], *, within: MigrantQuerySet) -> list[Match]:
    """Compare entries with everybody in `within`, and not with each other."""
    found = candidates_of_all([sought(entry) for entry in entries], within=within)
    return [Match(tuple(candidates)) for candidates in found]


def match_among(people: Collection[int], entries: Sequence[PersonEntry], *, within: MigrantQuerySet) -> list[Match]:
    """Compare entries with some of `within` (keys) alone, and not with each other."""
    if not people:
        return [Match() for _each in entries]
    found = candidates_for([sought(entry) for entry in entries], within=within, among=people)
    return [Match(tuple(candidates)) for candidates in found]


@transaction.atomic
def register_many(
    *,
    group: TravelGroup,
    mission: Office,
    entries: Sequence[PersonEntry],
    by: Actor,
    at: datetime,
    through: models.Model | None = None,
) -> list[Migrant]:
    """Store people with names, nationalities, documents and families; a constant number of statements.

    A nationality code without a country (stateless, refugee) sets a hold until a second person has cleared it. `through`
    is the list that brought them, on which one act is recorded for all; without one there is an act for each.
    """
    for entry in entries:
        _check(entry)
    families = family_of(group=group, codes={entry.family_code for entry in entries})
    given = numbers.draw(Migrant._meta.db_table, len(entries))
    mould = Mould(Migrant, mission=mission, group=group, registered_at=at, recorded_at=at, by=by)
    people = store_many(
        [_person(mould, entry, number, families=families, at=at) for entry, number in zip(entries, given, strict=True)]
    )
    pairs = list(zip(people, entries, strict=True))
    _store_what_they_have(pairs, known={"mission": mission, "recorded_at": at, "by": by})
    audit.record_each("person registered", people, through=through, by=by, at=at)
    if shown := [(person, proof) for person, entry in pairs for proof in entry.proofs]:
        record_listed(proofs=shown, through=through, by=by, at=at)
    without = {
        person.pk: codes for person, entry in pairs if (codes := set(entry.nationalities) & protection.ASKED_FIRST)
    }
    protection.hold_until_asked(
        people=[person for person in people if person.pk in without], codes=without, by=by, at=at
    )
    return people


def _store_what_they_have(pairs: Sequence[tuple[Migrant, PersonEntry]], *, known: dict[str, Any]) -> None:
    names, nationalities = Mould(PersonName, **known), Mould(Nationality, **known)
    documents = Mould(TravelDocument, **known)
    store_many(name for person, entry in pairs for name in _names(names, person, entry))
    store_many(
        nationalities.cast(
            person_id=person.pk,
            code=code,
            status=dict(entry.nationality_statuses).get(code, entry.nationality_status),
        )
        for person, entry in pairs
        for code in dict.fromkeys(entry.nationalities)
    )
    store_many(_document(documents, person, document) for person, entry in pairs for document in entry.documents)
    store_contacts(pairs, known=known)


def _names(mould: Mould[PersonName], person: Migrant, entry: PersonEntry) -> Iterator[PersonName]:
    periods = {period.name: period for period in entry.name_periods}
    for name, kind in other_names_of(entry):
        days = periods.get(name)
        yield mould.cast(
            person_id=person.pk,
            full_name=name[:200],
            kind=kind,
            valid_from=days.valid_from if days else None,
            valid_until=days.valid_until if days else None,
        )


def _check(entry: PersonEntry) -> None:
    if not entry.full_name.strip():
        raise RegistrationError(
            "full_name", _("Write the name as it stands in the document, or as the person says it.")
        )
    if len(entry.full_name) > 200:
        raise RegistrationError(
            "full_name", _("The name is longer than 200 letters. Check whether two people are meant.")
        )
    _check_nothing_invented(entry)
    unknown = [code for code in entry.nationalities if not countries.is_nationality_code(code)]
    if unknown:
        sentence = _("“%(code)s” is no nationality. Give a country, or XXA for a stateless person.")
        raise RegistrationError("nationalities", sentence % {"code": unknown[0]})
    if {status for _code, status in entry.nationality_statuses} - set(NationalityStatus.values):
        raise RegistrationError("nationalities", _("Choose from the list how sure the nationality is."))
    if entry.script and entry.script not in Script.values:
        raise RegistrationError("script", _("Choose from the list in which letters the name is written."))
    if len(entry.other_names) > MOST_NAMES:
        raise RegistrationError("other_name", _("Twenty names are enough. Check whether two people are meant."))
    for period in entry.name_periods:
        if period.valid_from and period.valid_until and period.valid_from >= period.valid_until:
            raise RegistrationError("other_name_until", _("A name ends after it began. Check the two days."))
    try:
        check_contacts(entry)
    except ContactError as error:
        raise RegistrationError(error.field, error.sentence) from error


def _check_nothing_invented(entry: PersonEntry) -> None:
    """A part of a name that does not exist stays empty: a word that stands for it would be searched and printed (rule 17)."""
    names = {"full_name": entry.full_name, "latin_name": entry.latin_name, "surname": entry.surname}
    names |= {"given_names": entry.given_names, "father_name": entry.father_name}
    others = [("other_name", name) for name, _kind in entry.other_names]
    for field, name in [*names.items(), *others]:
        if name.strip() and (word := stand_in(name)):
            sentence = _("“%(word)s” is no name. Write only what the name has; one word alone is a whole name.")
            raise RegistrationError(field, sentence % {"word": word})


def _person(
    mould: Mould[Migrant], entry: PersonEntry, number: str, *, families: dict[str, Family], at: datetime
) -> Migrant:
    full_name = " ".join(entry.full_name.split())
    latin_name = " ".join((entry.latin_name or latin(full_name)).split())[:200]
    others = [name for name, _kind in entry.other_names]
    family = families.get(entry.family_code.strip()[:20])
    return mould.cast(
        number=number,
        family_id=family.pk if family else None,
        full_name=full_name,
        script=entry.script or script(full_name),
        surname=" ".join(entry.surname.split())[:100],
        given_names=" ".join(entry.given_names.split())[:100],
        father_name=" ".join(entry.father_name.split())[:100],
        latin_name=latin_name,
        name_keys=sorted(name_keys(full_name, latin_name, *others)),
        sort_key=latin_name.casefold()[:200],
        sex=entry.sex,
        birth_year=entry.birth_year,
        birth_month=entry.birth_month,
        birth_day=entry.birth_day,
        birth_basis=entry.birth_basis,
        language=entry.language,
        other_languages=[code for code in dict.fromkeys(entry.other_languages) if code != entry.language],
        needs_interpreter=entry.needs_interpreter,
        alone=entry.alone,
        documents_asked_at=at if entry.documents_asked or entry.documents else None,
        phone=normalised_phone(entry.phone) if entry.phone.strip() else None,
        note=entry.note or None,
    )


def _document(mould: Mould[TravelDocument], person: Migrant, document: DocumentEntry) -> TravelDocument:
    return mould.cast(
        person_id=person.pk,
        kind=document.kind,
        state=document.state,
        number=document.number.strip() or None,
        issuer=document.issuer,
        expires_on=document.expires_on,
    )
