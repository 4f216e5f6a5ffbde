"""Consent and disclosure: each answer a row; nobody outside sees anybody without both (rules 1, 6 and 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common import audit
from common.actors import Actor
from common.audience import reaching_for
from common.refusals import RefusalError
from migrants.enums import OWN_PURPOSES, Answer, ConsentHow, DataCategory, Purpose
from migrants.facts import standing_holds
from migrants.models import Consent, Declaration, Disclosure, Migrant, Picture
from migrants.protection import forbids
from partners.enums import OrganisationKind
from partners.models import Organisation

CONSULAR = frozenset({OrganisationKind.EMBASSY, OrganisationKind.CONSULATE})


class ConsentError(RefusalError):
    """A consent or disclosure that cannot be stored. `field` names the place, `sentence` the reason and the remedy."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked and answered, of one person or of many alike.

    `categories` None: everything that `recipient` can be shown. `form_reference` is the number of the declaration of one
    person, or says where the papers of many are; `form_picture` is what one person signed, photographed.
    """

    purpose: str
    answer: str
    how: str
    language: str
    recipient: Organisation | None = None
    categories: Collection[str] | None = None
    given_by: str = ""
    interpreter: str = ""
    witness: str = ""
    form_signed: bool = False
    form_reference: str = ""
    form_picture: Picture | None = None
    signed_with: str = ""
    answered_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def shown(self) -> list[str]:
        """The categories in their order; none where nothing is shown to anybody outside."""
        if self.recipient is None:
            return []
        return [each for each in DataCategory.values if self.categories is None or each in self.categories]


@transaction.atomic
def record_consent(*, people: Sequence[Migrant], by: Actor, at: datetime, **said: Any) -> list[Consent]:
    """Write the answer of each of `people` down, each a row of its own; a whole group may answer with one interpreter.

    What was `said` are the fields of `Asked`. Being shown to a consulate needs a `recipient`. A "no" or "not now" ends
    earlier disclosures for the same purpose and recipient; a yes to less than before narrows them. Raises ConsentError.
    """
    asked = Asked(**said)
    answered_at = asked.answered_at or at
    _check(asked)
    _check_form(asked)
    if answered_at > at:
        raise ConsentError("answered_at", _("An answer cannot lie ahead. Give the time at which it was given."))
    if asked.expires_at is not None and asked.expires_at < answered_at:
        raise ConsentError("expires_at", _("A consent ends after it was given. Check both days."))
    declarations = _declarations(people, asked)
    rows = Consent.objects.bulk_create(
        Consent(
            person=person,
            mission_id=person.mission_id,
            purpose=asked.purpose,
            recipient=asked.recipient,
            categories=asked.shown,
            answer=asked.answer,
            how=asked.how,
            language=asked.language,
            given_by=asked.given_by.strip(),
            interpreter=asked.interpreter.strip(),
            witness=asked.witness.strip(),
            form_signed=asked.form_signed,
            form_reference=asked.form_reference.strip(),
            form_picture=asked.form_picture,
            signed_with=asked.signed_with,
            declaration=declarations.get(person.pk),
            answered_at=answered_at,
            expires_at=asked.expires_at,
            recorded_at=at,
            by=by,
        )
        for person in people
    )
    audit.record_many((("consent recorded", row) for row in rows), by=by, at=at)
    _follow(people, asked, by=by, at=at)
    return rows


def _follow(people: Sequence[Migrant], asked: Asked, *, by: Actor, at: datetime) -> None:
    """End what no longer rests on an answer, and show less to whoever was allowed less."""
    live = Disclosure.objects.filter(person__in=people, purpose=asked.purpose, recipient=asked.recipient)
    if asked.answer != Answer.YES:
        _end(live, by=by, at=at)
        return
    if asked.recipient is None:
        return
    live = live.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at))
    otherwise = ~Q(categories=asked.shown)
    if asked.expires_at is not None:
        otherwise |= Q(valid_until__isnull=True) | Q(valid_until__gt=asked.expires_at)
    ends = dict(live.filter(otherwise).values_list("person", "valid_until"))
    _end(live.filter(otherwise), by=by, at=at)
    for until in set(ends.values()):
        again = [person for person in people if person.pk in ends and ends[person.pk] == until]
        disclose(people=again, recipient=asked.recipient, purpose=asked.purpose, valid_until=until, by=by, at=at)


def _declarations(people: Sequence[Migrant], asked: Asked) -> dict[int, Declaration]:
    """Give the declaration that was signed, by person: the one whose number the reference is."""
    if not asked.form_signed:
        return {}
    rows = Declaration.objects.filter(person__in=people, number=asked.form_reference.strip().upper())
    found = {row.person_id: row for row in rows}
    if any(row.read_out_at is None for row in found.values()):
        raise ConsentError(
            "form_reference", _("This declaration was not read out yet. Read it out first, then let the person sign.")
        )
    return found


@transaction.atomic
def withdraw(*, consent: Consent, by: Actor, at: datetime) -> tuple[Consent, int]:
    """Take a consent back; what rested on it ends at the same moment. Taking it back again changes nothing.

    Gives it with how many disclosures ended.
    """
    consent = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    ended = 0
    if consent.withdrawn_at is None:
        consent.withdrawn_at = at
        consent.save(update_fields=["withdrawn_at"])
        audit.record("consent withdrawn", consent, by=by, at=at)
        ended = _end(Disclosure.objects.filter(consent=consent), by=by, at=at)
    return consent, ended


@transaction.atomic
def end_all(*, people: Collection[Migrant], by: Actor, at: datetime) -> int:
    """End whatever is shown of these people, whoever sees it; gives how many disclosures ended."""
    return _end(Disclosure.objects.filter(person__in=[person.pk for person in people]), by=by, at=at)


def purpose_for(recipient: Organisation) -> Purpose:
    """Give for what a recipient is shown people who come: a consulate as such, everybody else because it receives. Pure."""
    return Purpose.SHOW_TO_CONSULATE if recipient.kind in CONSULAR else Purpose.RECEIVE


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
    already stays as is. It shows what the consent names and ends with it at the latest. Embassies and consulates are
    shown their own nationals only (rule 1).
    """
    rows = Disclosure.objects.bulk_create(
        Disclosure(
            person=person,
            mission_id=person.mission_id,
            recipient=recipient,
            purpose=purpose,
            consent=consent,
            valid_from=at,
            categories=consent.categories,
            valid_until=_earlier(valid_until, consent.expires_at),
            recorded_at=at,
            by=by,
        )
        for person, consent in to_be_shown(people=people, recipient=recipient, purpose=purpose, at=at)
    )
    audit.record_many((("disclosure given", row) for row in rows), by=by, at=at)
    return rows


def to_be_shown(
    *, people: Collection[Migrant], recipient: Organisation, purpose: str, at: datetime
) -> list[tuple[Migrant, Consent]]:
    """Give whom `disclose` would let `recipient` see from now on, each with the consent on which that rests; writes nothing."""
    keys = [person.pk for person in people]
    consents = _standing(keys, recipient=recipient, purpose=purpose, at=at)
    holds = standing_holds(keys, at=at)
    live = Disclosure.objects.filter(person__in=keys, recipient=recipient, purpose=purpose, valid_from__lte=at)
    shown = set(live.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at)).values_list("person", flat=True))
    nationals = _nationals(keys, recipient)
    return [
        (person, consents[person.pk])
        for person in people
        if person.pk in consents
        and person.pk not in shown
        and (nationals is None or person.pk in nationals)
        and not forbids(holds.get(person.pk, frozenset()), recipient.country)
    ]


@transaction.atomic
@reaching_for("disclosures end")
def limit_disclosures(*, disclosures: Collection[Disclosure], until: datetime, by: Actor, at: datetime) -> int:
    """Let disclosures end at `until` at the latest: what they were given for is done. Gives how many end sooner now."""
    later = Q(valid_until__isnull=True) | Q(valid_until__gt=until)
    rows = list(Disclosure.objects.filter(later, pk__in=[row.pk for row in disclosures], valid_from__lte=until))
    Disclosure.objects.filter(pk__in=[row.pk for row in rows]).update(valid_until=until)
    audit.record_many((("disclosure limited", row) for row in rows), by=by, at=at)
    return len(rows)


def standing_yes(*, purpose: str, at: datetime) -> QuerySet[Consent]:
    """Give the answers to IOM itself that are the latest of their person `at`, a yes, and neither taken back nor over."""
    later = Consent.objects.filter(
        Q(answered_at__gt=OuterRef("answered_at")) | Q(answered_at=OuterRef("answered_at"), pk__gt=OuterRef("pk")),
        person=OuterRef("person"),
        purpose=purpose,
        recipient__isnull=True,
        answered_at__lte=at,
    )
    return Consent.objects.filter(
        ~Exists(later),
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at),
        Q(expires_at__isnull=True) | Q(expires_at__gt=at),
        purpose=purpose,
        recipient__isnull=True,
        answer=Answer.YES,
        answered_at__lte=at,
    )


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


def _end(disclosures: QuerySet[Disclosure], *, by: Actor, at: datetime) -> int:
    rows = list(disclosures.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at)))
    Disclosure.objects.filter(pk__in=[row.pk for row in rows]).update(valid_until=at)
    audit.record_many((("disclosure ended", row) for row in rows), by=by, at=at)
    return len(rows)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _check(asked: Asked) -> None:
    is_return = asked.purpose == Purpose.RETURN
    _check_recipient(asked)
    if unknown := sorted(set(asked.categories or ()) - set(DataCategory.values)):
        raise ConsentError(
            "categories", _("“%(word)s” is nothing that can be shown. Choose from the list.") % {"word": unknown[0]}
        )
    if asked.answer == Answer.YES and asked.recipient is not None and DataCategory.IDENTITY not in asked.shown:
        raise ConsentError("categories", _("Nobody can be shown without a name. Choose it too, or record a “no”."))
    if not asked.language.strip():
        raise ConsentError("language", _("Say in which language it was explained."))
    if asked.how == ConsentHow.PROXY and not asked.given_by.strip():
        raise ConsentError("given_by", _("Write who answered for the person, and as what."))
    if asked.how == ConsentHow.IMPLICIT and not is_return:
        raise ConsentError("how", _("Being shown to somebody needs an explicit answer. Ask the person, in words."))


def _check_recipient(asked: Asked) -> None:
    """A consulate shows to a consulate; who receives or helps is another organisation outside IOM; IOM asks for itself."""
    sentence = None
    if asked.purpose in OWN_PURPOSES:
        if asked.recipient is not None:
            sentence = _("This consent is given to IOM itself; leave the recipient empty.")
    elif asked.recipient is None:
        sentence = _("Say to whom: consent is given for one recipient.")
    elif asked.purpose != Purpose.SHOW_TO_CONSULATE and (asked.recipient.is_iom or asked.recipient.kind in CONSULAR):
        sentence = _("Choose an organisation that receives or helps: no consulate, and not IOM.")
    if sentence is not None:
        raise ConsentError("recipient", sentence)


def _check_form(asked: Asked) -> None:
    if not asked.form_signed:
        return
    if asked.how == ConsentHow.ORAL and not asked.witness.strip():
        raise ConsentError("witness", _("An oral consent on a form needs a witness. Write who was there."))
    if asked.how == ConsentHow.IMPLICIT:
        raise ConsentError("how", _("Whoever signs a form answers explicitly. Choose how."))
    if asked.answer != Answer.YES:
        raise ConsentError(
            "form_signed", _("A form is signed only with a yes. Take the mark away, or correct the answer.")
        )
    if not asked.form_reference.strip() and asked.form_picture is None:
        raise ConsentError(
            "form_reference",
            _("Write where the signed paper is: the number of the declaration, or the folder; or photograph it."),
        )
