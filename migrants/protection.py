"""The closed room: holds that stop every transfer, and what is arranged for children who are alone (rules 3 and 14)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from common import audit, countries
from common.actors import Actor
from common.enums import ActorKind
from common.refusals import RefusalError
from migrants.ages import may_be_child
from migrants.enquiries import end_loans
from migrants.enums import AloneStatus
from migrants.models import ChildArrangement, CompanyQuestion, Disclosure, HoldQuestion, Migrant, ProtectionHold

ASKED_FIRST = frozenset({countries.STATELESS, countries.REFUGEE, countries.OTHER_REFUGEE})
"""Codes of a passport that stop every transfer until a second person has cleared them."""
SYSTEM_REF = "nationality_code"


class ProtectionError(RefusalError):
    """A hold or an arrangement that cannot be stored. `field` names the place, `sentence` the reason and the remedy."""


@transaction.atomic
def set_hold(*, person: Migrant, reason: str, against: Collection[str] = (), by: Actor, at: datetime) -> ProtectionHold:
    """Stop every transfer of the person to the countries `against`; without any, to every nationality held.

    Live disclosures to organisations of those countries end at once, and so does every loan of the case to another office.
    Raises ProtectionError.
    """
    chosen = sorted(set(against) or set(person.nationalities.values_list("code", flat=True)))
    if not chosen:
        raise ProtectionError(
            "against", _("No nationality is recorded. Name the countries that must not learn of the person.")
        )
    unknown = [code for code in chosen if not countries.is_nationality_code(code)]
    if unknown:
        raise ProtectionError("against", _("“%(code)s” is no country. Choose from the list.") % {"code": unknown[0]})
    if not reason.strip():
        raise ProtectionError("reason", _("Write why; only protection officers can read it."))
    hold = ProtectionHold.objects.create(
        person=person, mission_id=person.mission_id, against=chosen, reason=reason.strip(), set_at=at, set_by=by
    )
    audit.record("hold set", hold, by=by, at=at)
    _end_disclosures([person.pk], {person.pk: set(chosen)}, by=by, at=at)
    end_loans([person.pk], by=by, at=at)
    _ask_about_the_group(hold, at=at)
    return hold


def _ask_about_the_group(hold: ProtectionHold, *, at: datetime) -> None:
    """Leave the question whether others of the group are concerned; it spreads by a person's word alone (rule 3)."""
    others = Migrant.objects.living_records().filter(group=hold.person.group_id).exclude(pk=hold.person_id)
    if hold.person.group_id is not None and others.exists():
        HoldQuestion.objects.create(
            hold=hold, person=hold.person, group_id=hold.person.group_id, mission_id=hold.mission_id, asked_at=at
        )


@transaction.atomic
def answer_question(
    *, question: HoldQuestion, also: Sequence[Migrant], note: str, by: Actor, at: datetime
) -> list[ProtectionHold]:
    """Answer whether a hold concerns others of the group: those are held against the same countries, the rest are not.

    Answering again changes nothing. Raises ProtectionError.
    """
    question = HoldQuestion.objects.select_for_update(of=("self",)).select_related("hold").get(pk=question.pk)
    if question.answered_at is not None:
        return []
    if not note.strip():
        raise ProtectionError("note", _("Write why; only protection officers can read it."))
    if any(person.group_id != question.group_id for person in also):
        raise ProtectionError("also", _("Choose people of this group alone."))
    held = list(question.hold.against)
    spread = ProtectionHold.objects.bulk_create(
        ProtectionHold(
            person=person,
            mission_id=person.mission_id,
            against=held,
            reason=note.strip(),
            set_at=at,
            set_by=by,
        )
        for person in also
        if person.pk != question.person_id
    )
    audit.record_many((("hold set", hold) for hold in spread), by=by, at=at)
    _end_disclosures([hold.person_id for hold in spread], {hold.person_id: set(held) for hold in spread}, by=by, at=at)
    end_loans([hold.person_id for hold in spread], by=by, at=at)
    question.answered_at, question.answered_by, question.note = at, by, note.strip()
    question.also = " ".join(hold.person.number for hold in spread) or None
    question.save(update_fields=["answered_at", "answered_by", "note", "also"])
    audit.record("question about the group answered", question, by=by, at=at)
    return spread


@transaction.atomic
def hold_until_asked(
    *, people: Sequence[Migrant], codes: Mapping[int, Collection[str]], by: Actor, at: datetime
) -> list[ProtectionHold]:
    """Hold people whose passport says that they have no country, until a second person has cleared it.

    Their country of origin is not known, so it stands against the code itself (every country, see `forbids`) and
    against the country to which their group is to cross.
    """
    system = Actor(ActorKind.TASK, SYSTEM_REF, "nationality code", recorded_by=by.printed_name)
    with override("en"):
        reason = gettext("The nationality code says that the person has no country. Ask before anything is shared.")
    holds = ProtectionHold.objects.bulk_create(
        ProtectionHold(
            person=person,
            mission_id=person.mission_id,
            against=sorted({*codes[person.pk], *([person.group.to_country] if person.group else [])}),
            reason=reason,
            set_at=at,
            set_by=system,
        )
        for person in people
    )
    audit.record_many((("hold set", hold) for hold in holds), by=system, at=at)
    return holds


@transaction.atomic
def clear_hold(*, hold: ProtectionHold, reason: str, by: Actor, at: datetime) -> ProtectionHold:
    """Clear a hold; a second person must do it. For a hold that a passport's code has set, whoever registered the
    person is the first. Clearing it again changes nothing. Raises ProtectionError.
    """
    hold = ProtectionHold.objects.select_for_update(of=("self",)).select_related("person").get(pk=hold.pk)
    if hold.cleared_at is not None:
        return hold
    first = hold.person.by.ref if hold.set_by.kind == ActorKind.TASK else hold.set_by.ref
    if by.ref == first:
        raise ProtectionError("", _("A second person must clear a hold; whoever set it cannot."))
    if not reason.strip():
        raise ProtectionError("reason", _("Write why it may be cleared; only protection officers can read it."))
    hold.cleared_at, hold.cleared_by, hold.clearing_reason = at, by, reason.strip()
    hold.save(update_fields=["cleared_at", "cleared_by", "clearing_reason"])
    audit.record("hold cleared", hold, by=by, at=at)
    return hold


@transaction.atomic
def arrange_child(
    *, person: Migrant, outcome: str, best_interests_on: date, escort: str, receiver: str, by: Actor, at: datetime
) -> ChildArrangement:
    """Record best interests, escort and named receiver of a child who is alone: all three (rule 14)."""
    parts = {"outcome": outcome.strip(), "escort": escort.strip(), "receiver": receiver.strip()}
    missing = [name for name, value in parts.items() if not value]
    if missing:
        raise ProtectionError(
            missing[0], _("A child travels only with outcome, escort and receiver. Fill in all three.")
        )
    if best_interests_on > at.date():
        raise ProtectionError(
            "best_interests_on", _("The decision cannot lie ahead. Give the day on which it was taken.")
        )
    arrangement, _created = ChildArrangement.objects.update_or_create(
        person=person,
        defaults=parts
        | {"best_interests_on": best_interests_on, "mission_id": person.mission_id, "recorded_at": at, "by": by},
    )
    audit.record("child arranged for", arrangement, by=by, at=at)
    return arrangement


@transaction.atomic
def record_alone(*, person: Migrant, alone: str, by: Actor, at: datetime) -> Migrant:
    """Record whether a child is with a parent or guardian, unaccompanied or separated, which are two things (rule 14).

    It answers what was asked when a guardian left. Recording the same again changes nothing. Raises ProtectionError for
    somebody who is surely an adult.
    """
    person = Migrant.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if alone not in AloneStatus.values:
        raise ProtectionError("alone", _("Choose from the list with whom the child is."))
    birth = (person.birth_year, person.birth_month, person.birth_day)
    if alone != AloneStatus.NO and not may_be_child(birth, on=at.date()):
        raise ProtectionError(
            "alone", _("By the birth date this is an adult. If that is wrong, correct the birth date first.")
        )
    asked = CompanyQuestion.objects.open().filter(person=person)
    if asked.update(answer=alone, answered_at=at, answered_by=by) or person.alone != alone:
        person.alone = alone
        person.save(update_fields=["alone"])
        audit.record("company of a child recorded", person, by=by, at=at)
    return person


def forbids(against: Collection[str], country: str) -> bool:
    """Tell whether a hold `against` these codes stops a transfer to an organisation of `country` ("" none).

    A code without a country stands for every country: where the person comes from is not known.
    """
    return bool(country) and (country in against or bool(ASKED_FIRST & set(against)))


def _end_disclosures(
    people: Collection[int], against: Mapping[int, Collection[str]], *, by: Actor, at: datetime
) -> None:
    live = Disclosure.objects.filter(person__in=people).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at))
    stopped = [
        row for row in live.select_related("recipient") if forbids(against[row.person_id], row.recipient.country)
    ]
    Disclosure.objects.filter(pk__in=[row.pk for row in stopped], valid_from__lte=at).update(valid_until=at)
    Disclosure.objects.filter(pk__in=[row.pk for row in stopped], valid_from__gt=at).delete()
    audit.record_many((("disclosure ended", row) for row in stopped), by=by, at=at)
