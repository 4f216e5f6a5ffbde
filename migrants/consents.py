"""Consent and disclosure: each answer a row; nobody outside sees anybody without both (rules 1, 6 and 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common import audit
from common.actors import Actor
from common.audience import reaching_for
from migrants.enums import Answer, ConsentHow, Purpose
from migrants.facts import standing_holds
from migrants.models import Consent, Disclosure, Migrant
from migrants.protection import forbids
from partners.enums import OrganisationKind
from partners.models import Organisation

CONSULAR = frozenset({OrganisationKind.EMBASSY, OrganisationKind.CONSULATE})


class ConsentError(ValueError):
    """A consent or disclosure that cannot be stored. `field` names the place, `sentence` the reason and the remedy."""

    def __init__(self, sentence: str | Promise, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


@transaction.atomic
def record_consent(
    *,
    people: Sequence[Migrant],
    purpose: str,
    answer: str,
    how: str,
    language: str,
    recipient: Organisation | None = None,
    interpreter: str = "",
    witness: str = "",
    form_signed: bool = False,
    answered_at: datetime | None = None,
    expires_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> list[Consent]:
    """Write the answer of each of `people` down, each a row of its own; a whole group may answer with one interpreter.

    Being shown to a consulate needs a `recipient`. A "no" or "not now" ends earlier disclosures for the same purpose and
    recipient. Raises ConsentError.
    """
    answered_at = answered_at or at
    _check(purpose, how, language, recipient, witness=witness, form_signed=form_signed, answer=answer)
    if answered_at > at:
        raise ConsentError(_("An answer cannot lie ahead. Give the time at which it was given."), field="answered_at")
    rows = Consent.objects.bulk_create(
        Consent(
            person=person,
            mission_id=person.mission_id,
            purpose=purpose,
            recipient=recipient,
            answer=answer,
            how=how,
            language=language,
            interpreter=interpreter.strip(),
            witness=witness.strip(),
            form_signed=form_signed,
            answered_at=answered_at,
            expires_at=expires_at,
            recorded_at=at,
            by=by,
        )
        for person in people
    )
    audit.record_many((("consent recorded", row) for row in rows), by=by, at=at)
    if answer != Answer.YES:
        ended = Disclosure.objects.filter(person__in=people, purpose=purpose, recipient=recipient)
        _end(ended, by=by, at=at)
    return rows


@transaction.atomic
def withdraw(*, consent: Consent, by: Actor, at: datetime) -> Consent:
    """Take a consent back; what rested on it ends at the same moment. Taking it back again changes nothing."""
    consent = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if consent.withdrawn_at is None:
        consent.withdrawn_at = at
        consent.save(update_fields=["withdrawn_at"])
        audit.record("consent withdrawn", consent, by=by, at=at)
        _end(Disclosure.objects.filter(consent=consent), by=by, at=at)
    return consent


@transaction.atomic
def disclose(
    *,
    people: Collection[Migrant],
    recipient: Organisation,
    purpose: str,
    valid_until: datetime | None = None,
    by: Actor,
    at: datetime,
) -> list[Disclosure]:
    """Let `recipient` see those of `people` who agreed to that, and against whose showing no hold stands.

    Who did not agree, or is held, is left out without a word: the caller learns only who is shown. Whoever is shown
    already stays as is. Embassies and consulates are shown their own nationals only (rule 1).
    """
    keys = [person.pk for person in people]
    consents = _standing(keys, recipient=recipient, purpose=purpose, at=at)
    holds = standing_holds(keys, at=at)
    live = Disclosure.objects.filter(person__in=keys, recipient=recipient, purpose=purpose, valid_from__lte=at)
    shown = set(live.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at)).values_list("person", flat=True))
    nationals = _nationals(keys, recipient)
    rows = Disclosure.objects.bulk_create(
        Disclosure(
            person=person,
            mission_id=person.mission_id,
            recipient=recipient,
            purpose=purpose,
            consent=consents[person.pk],
            valid_from=at,
            valid_until=valid_until,
            recorded_at=at,
            by=by,
        )
        for person in people
        if person.pk in consents
        and person.pk not in shown
        and (nationals is None or person.pk in nationals)
        and not forbids(holds.get(person.pk, frozenset()), recipient.country)
    )
    audit.record_many((("disclosure given", row) for row in rows), by=by, at=at)
    return rows


@transaction.atomic
@reaching_for("disclosures end")
def limit_disclosures(*, disclosures: Collection[Disclosure], until: datetime, by: Actor, at: datetime) -> int:
    """Let disclosures end at `until` at the latest: what they were given for is done. Gives how many end sooner now."""
    later = Q(valid_until__isnull=True) | Q(valid_until__gt=until)
    rows = list(Disclosure.objects.filter(later, pk__in=[row.pk for row in disclosures], valid_from__lte=until))
    Disclosure.objects.filter(pk__in=[row.pk for row in rows]).update(valid_until=until)
    audit.record_many((("disclosure limited", row) for row in rows), by=by, at=at)
    return len(rows)


def _standing(keys: list[int], *, recipient: Organisation, purpose: str, at: datetime) -> dict[int, Consent]:
    """Give the latest answer of each person for this purpose and recipient, where it is a yes that stands."""
    rows = Consent.objects.filter(person__in=keys, purpose=purpose, recipient=recipient, answered_at__lte=at)
    latest = {row.person_id: row for row in rows.order_by("answered_at", "pk")}
    return {
        pk: row
        for pk, row in latest.items()
        if row.answer == Answer.YES
        and (row.withdrawn_at is None or row.withdrawn_at > at)
        and (row.expires_at is None or row.expires_at > at)
    }


def _nationals(keys: list[int], recipient: Organisation) -> set[int] | None:
    """Give who holds the nationality of a consular recipient; None where the recipient is none."""
    if recipient.kind not in CONSULAR:
        return None
    codes = defaultdict(set)
    for pk, code in Migrant.objects.filter(pk__in=keys).values_list("pk", "nationalities__code"):
        codes[pk].add(code)
    return {pk for pk, held in codes.items() if recipient.country in held}


def _end(disclosures: QuerySet[Disclosure], *, by: Actor, at: datetime) -> None:
    rows = list(disclosures.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at)))
    Disclosure.objects.filter(pk__in=[row.pk for row in rows]).update(valid_until=at)
    audit.record_many((("disclosure ended", row) for row in rows), by=by, at=at)


def _check(
    purpose: str,
    how: str,
    language: str,
    recipient: Organisation | None,
    *,
    witness: str,
    form_signed: bool,
    answer: str,
) -> None:
    if purpose == Purpose.SHOW_TO_CONSULATE and recipient is None:
        raise ConsentError(_("Say to which consulate: consent is given for one recipient."), field="recipient")
    if purpose == Purpose.RETURN and recipient is not None:
        raise ConsentError(_("Consent to return is given to IOM itself; leave the recipient empty."), field="recipient")
    if not language.strip():
        raise ConsentError(_("Say in which language it was explained."), field="language")
    if how == ConsentHow.ORAL and form_signed and not witness.strip():
        raise ConsentError(_("An oral consent on a form needs a witness. Write who was there."), field="witness")
    if form_signed and answer != Answer.YES:
        raise ConsentError(
            _("A form is signed only with a yes. Take the mark away, or correct the answer."), field="form_signed"
        )
