"""Whether another office knows somebody, and asking it: told in words and never who, and of protected people nothing (rule 11).

Whoever asks must bring enough: a document or telephone in full, or a whole name with the year of birth. What may be known of
whom is worked out in the database (`people_elsewhere`), where people under protection do not exist.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import audit
from common.actors import Actor
from common.audience import reaching_for
from common.refusals import RefusalError
from migrants.entries import e164
from migrants.enums import EnquiryState
from migrants.identity import digest_of, name_keys, offer_pair
from migrants.models import Enquiry, Migrant, PersonPhone
from migrants.names import initial_keys, latin, match_names, words
from partners import lending
from partners.access import Permission, viewer_of
from partners.colleagues import mail_each, who_may
from partners.models import Office

MOST_OFFICES = 3
"""Whose words fit people of more offices has to say more, and is told nothing."""
MOST_COMPARED = 60
MOST_OPEN = 10
LEAST_WORDS = 2
LENT_DAYS = lending.LENT_FOR.days

Sure = Literal["certain", "likely", "possible"]
_ORDER: tuple[Sure, ...] = ("certain", "likely", "possible")
HOW_SURE: dict[str, str | Promise] = {
    "certain": _("somebody with this document is known there"),
    "likely": _("somebody like this is known there"),
    "possible": _("somebody is known there who may be meant"),
}
"""What is told of each office, and all that is told."""
_SURE_OF_NAME: dict[str, Sure] = {
    "same": "likely",
    "spelling": "likely",
    "ending": "possible",
    "called": "possible",
    "close": "possible",
}


class EnquiryError(RefusalError):
    """A question that cannot be asked or answered so. `field` names the place, `sentence` says what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of somebody sought: empty where it is not."""

    full_name: str = ""
    birth_year: int | None = None
    document: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """An office that may know somebody, and how sure that is. `people` are for the access log and for nobody's eyes."""

    mission: Office
    how: Sure
    people: tuple[UUID, ...]

    @property
    def sentence(self) -> str:
        return str(HOW_SURE[self.how])


@dataclass(frozen=True, slots=True)
class _Hit:
    person: int
    public_id: UUID
    mission: int
    how: Sure


@transaction.atomic
def look(*, asked: Asked) -> list[Hint]:
    """Give the offices beyond the asker's reach that may know whom `asked` means, the surest first; few, or none.

    Raises EnquiryError where too little is said. The caller writes the people of the hints into the access log.
    """
    hits = _hits(asked)
    offices = Office.objects.select_related("organisation").in_bulk({hit.mission for hit in hits})
    hints = []
    for mission, office in offices.items():
        there = [hit for hit in hits if hit.mission == mission]
        how = min((hit.how for hit in there), key=_ORDER.index)
        hints.append(Hint(office, how, tuple(hit.public_id for hit in there)))
    return sorted(hints, key=lambda hint: (_ORDER.index(hint.how), hint.mission.pk))


@transaction.atomic
def ask(
    *, asked: Asked, mission: UUID, why: str, own: Migrant | None = None, user: User, by: Actor, at: datetime
) -> Enquiry:
    """Ask an office about the likeliest person there. Asking again while it waits gives the same question.

    `own` is the record that the asker has of whom they mean, in their own reach.
    Raises EnquiryError: no reason, nothing known there, too many questions open.
    """
    if not why.strip():
        raise EnquiryError("why", _("Say why you ask; the other office reads it."))
    office = Office.objects.filter(public_id=mission).first()
    hits = [hit for hit in _hits(asked) if office is not None and hit.mission == office.pk]
    if office is None or not hits:
        raise EnquiryError("", _("That office knows nobody like this any more. Look again."))
    User.objects.select_for_update().get(pk=user.pk)  # two questions at once are asked one after the other
    open_ones = Enquiry.objects.filter(user=user, state=EnquiryState.OPEN)
    if (waiting := open_ones.filter(person__in=[hit.person for hit in hits]).first()) is not None:
        return waiting
    if open_ones.count() >= MOST_OPEN:
        raise EnquiryError("", _("Ten of your questions wait for an answer. Call the offices that have not answered."))
    best = min(hits, key=lambda hit: _ORDER.index(hit.how))
    row = Enquiry.objects.create(
        person_id=best.person, own=own, mission=office, user=user, entry=_written(asked), why=why.strip(), asked_at=at,
        by=by,
    )  # fmt: skip
    audit.record("another office asked", row, by=by, at=at)
    _tell_office(row, at=at)
    return row


@transaction.atomic
def answer(*, enquiry: Enquiry, state: str, words_to: str = "", by: Actor, at: datetime) -> Enquiry:
    """Answer a question: lend the case for some days, decline, or say that it is somebody else; `words_to` goes with it.

    Nobody under a hold is lent. What is lent and the record from which somebody asked are offered as one person, to be
    decided like any pair. Answering the same again changes nothing. Raises EnquiryError.
    """
    row = Enquiry.objects.select_for_update(of=("self",)).select_related("person").get(pk=enquiry.pk)
    if row.state == state and row.answered_at is not None:
        return row
    if row.state != EnquiryState.OPEN:
        raise EnquiryError("", _("This was answered meanwhile: %(answer)s.") % {"answer": row.get_state_display()})
    if state not in (EnquiryState.LENT, EnquiryState.DECLINED, EnquiryState.ANOTHER):
        raise EnquiryError("state", _("Choose an answer."))
    if state == EnquiryState.LENT:
        if row.person.holds.filter(cleared_at__isnull=True).exists():
            raise EnquiryError("", _("A hold stands, so the case is lent to nobody. Decline, and give no reason."))
        with reaching_for("another office is answered"):
            subject = f"person:{row.person.public_id}"
            lending.lend(user=row.user, subject=subject, mission=row.mission, by=by, at=at)
            if row.own is not None and row.own.merged_into_id is None and row.own_id != row.person_id:
                offer_pair(one=row.own, other=row.person, by=by, at=at)
    row.state, row.answer, row.answered_at, row.answered_by = state, words_to.strip() or None, at, by
    row.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    audit.record(f"another office answered: {state}", row, by=by, at=at)
    with reaching_for("another office is answered"):  # an account of another office
        asker = row.user
    mail_each(
        [asker],
        template="partners/mail/enquiry_answered.txt",
        subject=lambda: str(_("Homeward: your question to another office was answered")),
        row=row,
    )
    return row


def end_loans(people: Collection[int], *, by: Actor, at: datetime) -> None:
    """End every loan of these people's cases: they are under a hold now. Call it inside the transaction of the hold."""
    with reaching_for("another office is answered"):
        for public_id in Migrant.objects.filter(pk__in=people).values_list("public_id", flat=True):
            lending.end_all(subject=f"person:{public_id}", by=by, at=at)


def _tell_office(row: Enquiry, *, at: datetime) -> None:
    """Mail those of the office who reach the person and may answer; where it has nobody, whoever else may."""
    with reaching_for("another office is asked"):
        told = _who_may_answer(row, row.mission, at=at) or _who_may_answer(row, None, at=at)
    mail_each(
        told,
        template="partners/mail/enquiry.txt",
        subject=lambda: str(_("Homeward: another office asks about somebody")),
        row=row,
    )


def _who_may_answer(row: Enquiry, office: Office | None, *, at: datetime) -> list[User]:
    return [
        user
        for user in who_may(Permission.ANSWER_ENQUIRIES, office=office, at=at)
        if user.pk != row.user_id
        and Migrant.objects.visible_to(viewer_of(user, at=at)).filter(pk=row.person_id).exists()
    ]


def said_of(enquiry: Enquiry) -> Asked:
    """Give what the asker wrote."""
    return Asked(**json.loads(enquiry.entry or "{}"))


def _written(asked: Asked) -> str:
    return json.dumps(asdict(asked), ensure_ascii=False)


def _hits(asked: Asked) -> list[_Hit]:
    _check(asked)
    document = digest_of(asked.document)
    phone = e164(asked.phone)
    fields = (Migrant._meta.get_field("phone_index"), PersonPhone._meta.get_field("number_index"))
    name = " ".join(asked.full_name.split())
    by_name = bool(asked.birth_year) and len(words(name)) >= LEAST_WORDS
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, public_id, mission_id, names, clues from people_elsewhere(%s::bytea[], %s::bytea[],"
            " %s::varchar[], %s::int, upper(%s), %s)",
            [
                [document] if document else [],
                [field.digest(phone) for field in fields] if phone else [],
                sorted(name_keys(name) | initial_keys(name)) if by_name else [],
                asked.birth_year if by_name else None,
                latin(name),
                MOST_COMPARED,
            ],
        )
        rows = cursor.fetchall()
    hits = [
        _Hit(person, public_id, mission, how)
        for person, public_id, mission, names, clues in rows
        if (how := _how(name, names, clues)) is not None
    ]
    certain = [hit for hit in hits if hit.how == "certain"]
    chosen = certain or hits
    return [] if len({hit.mission for hit in chosen}) > MOST_OFFICES else chosen


def _check(asked: Asked) -> None:
    has_name = asked.birth_year is not None and len(words(asked.full_name)) >= LEAST_WORDS
    if asked.phone and not e164(asked.phone):
        raise EnquiryError("phone", _("Write the number with its country: +992 95 000 29 60."))
    if not (has_name or asked.phone or digest_of(asked.document)):
        raise EnquiryError(
            "", _("Say more: a document or a telephone in full, or the surname and given name with the year of birth.")
        )


def _how(name: str, names: Iterable[str], clues: Collection[str]) -> Sure | None:
    """How sure it is; None where neither number fits and the name is not like."""
    if "document" in clues:
        return "certain"
    if "phone" in clues:
        return "likely"
    levels = [_SURE_OF_NAME[match.level] for each in names if (match := match_names(name, each)).level in _SURE_OF_NAME]
    return min(levels, key=_ORDER.index, default=None)
