"""The phone: whom to call now, and the log of every call to an institution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber, to_python
from phonenumbers import is_possible_number

from common import audit
from common.actors import Actor
from notifications.acknowledgements import AnswerError, WrittenDown, acknowledge
from notifications.enums import AnsweredBy, CallOutcome, NoticeState, StepKind, StepState
from notifications.models import CallEntry, EscalationStep, Notice
from partners.duty import channels_of
from partners.enums import ChannelKind
from partners.models import Channel, Organisation


@dataclass(frozen=True)
class Call:
    """One organisation to call: the notice it owes an answer to, since when it is due, and its numbers."""

    notice: Notice
    due_at: datetime
    numbers: list[Channel] = field(default_factory=list)
    tries: list[CallEntry] = field(default_factory=list)


@dataclass(frozen=True)
class Callee:
    """One organisation to call, once: its numbers, and each notice that it owes an answer to, the longest due first."""

    organisation: Organisation
    numbers: list[Channel]
    calls: list[Call]


def call_list(*, at: datetime, among: Q | None = None) -> list[Call]:
    """Notices whose call is due and whose answer is still owed, the longest waiting first; three queries.

    `among` narrows the steps (fields from `EscalationStep`).
    """
    due = due_steps(at=at).filter(among or Q())
    steps = list(due.select_related("notice__alert", "notice__organisation").order_by("due_at", "pk"))
    numbers = phone_numbers((step.notice.organisation_id for step in steps), at=at)
    tries: dict[int, list[CallEntry]] = {}
    for entry in CallEntry.objects.filter(notice__in=[step.notice_id for step in steps]).order_by("-at"):
        tries.setdefault(entry.notice_id or 0, []).append(entry)
    return [
        Call(step.notice, step.due_at, numbers.get(step.notice.organisation_id, []), tries.get(step.notice_id, []))
        for step in steps
    ]


def by_organisation(calls: Iterable[Call]) -> list[Callee]:
    """The calls of a list with those to one organisation below one another: it is called once for all of them."""
    found: dict[int, Callee] = {}
    for call in calls:
        organisation = call.notice.organisation
        found.setdefault(organisation.pk, Callee(organisation, call.numbers, [])).calls.append(call)
    return list(found.values())


def due_steps(*, at: datetime) -> QuerySet[EscalationStep]:
    """The steps of notices that are still owed and whose call is due."""
    return EscalationStep.objects.filter(
        kind=StepKind.CALL,
        due_at__lte=at,
        state__in=[StepState.PENDING, StepState.DONE],
        notice__state=NoticeState.OWED,
    )


def waiting_count(among: Q | None = None) -> int:
    """How many organisations the engine has put on the call list and that still owe an answer; `among` narrows the steps."""
    rows = EscalationStep.objects.filter(kind=StepKind.CALL, state=StepState.DONE, notice__state=NoticeState.OWED)
    return rows.filter(among or Q()).values("notice__organisation").distinct().count()


def phone_numbers(organisations: Iterable[int], *, at: datetime | None = None) -> dict[int, list[Channel]]:
    """Phone channels that are switched on, by organisation id, the first to call at the front.

    With `at` who is on duty then comes first (`partners.duty`), else they stand by rank; a constant number of queries.
    """
    if at is not None:
        return channels_of(organisations, at=at, kinds=(ChannelKind.PHONE,))
    rows = (
        Channel.objects.filter(
            kind=ChannelKind.PHONE, switched_off_at__isnull=True, contact__office__organisation__in=list(organisations)
        )
        .select_related("contact__office")
        .order_by("contact__rank", "rank", "pk")
    )
    found: dict[int, list[Channel]] = {}
    for channel in rows:
        found.setdefault(channel.contact.office.organisation_id, []).append(channel)
    return found


@transaction.atomic
def log_one_call(*, notices: Sequence[Notice], by: Actor, at: datetime, **said: str) -> list[CallEntry]:
    """Writes one call down for each of `notices`, which are of one organisation, with the same words; all or none.

    Raises AnswerError as `log_call` does.
    """
    return [log_call(organisation=each.organisation, notice=each, by=by, at=at, **said) for each in notices]


@transaction.atomic
def log_call(
    *,
    organisation: Organisation,
    notice: Notice | None,
    number: str,
    function: str,
    outcome: str,
    name: str = "",
    note: str = "",
    subject: str = "",
    by: Actor,
    at: datetime,
) -> CallEntry:
    """Writes one call down. With the outcome `acknowledged` it acknowledges `notice` on behalf of who was reached.

    Raises AnswerError naming the field: a number that is none, nobody's function where somebody was reached, a name
    missing for an acknowledgement, a notice of another organisation.
    """
    phone = _refuse_unless_whole(
        organisation=organisation, notice=notice, number=number, function=function, outcome=outcome, name=name
    )
    entry = CallEntry.objects.create(
        organisation=organisation, notice=notice, subject=subject or (notice.alert.subject if notice else ""), at=at,
        number=phone.as_e164, name=" ".join(name.split())[:120], function=" ".join(function.split())[:120],
        outcome=outcome, note=note.strip()[:2000], by=by,
    )  # fmt: skip
    audit.record("call logged", entry, by=by, at=at, why=outcome)
    if outcome == CallOutcome.ACKNOWLEDGED and notice is not None:
        acknowledge(
            notice=notice,
            name=name,
            function=function,
            answered_by=AnsweredBy.PHONE,
            written_down=WrittenDown(reference=phone.as_e164, note=note),
            by=on_behalf(by, name=name, function=function, organisation=organisation),
            at=at,
        )
    return entry


def _refuse_unless_whole(
    *, organisation: Organisation, notice: Notice | None, number: str, function: str, outcome: str, name: str
) -> PhoneNumber:
    """Gives the number as it was called. Raises AnswerError naming what is missing."""
    phone = to_python(number.strip())
    if not phone or not is_possible_number(phone):
        raise AnswerError("number", _("Write the number with its country code, for example +998 55 500 00 14."))
    if outcome not in CallOutcome.values:
        raise AnswerError("outcome", _("Choose what came of the call."))
    if outcome in (CallOutcome.REACHED, CallOutcome.ACKNOWLEDGED) and not function.strip():
        raise AnswerError("function", _("Write the function of the person reached, for example “duty officer”."))
    if outcome == CallOutcome.ACKNOWLEDGED and not name.strip():
        raise AnswerError("name", _("Write the name of the person who acknowledged."))
    if notice is not None and notice.organisation_id != organisation.pk:
        raise AnswerError("", _("This notice belongs to another organisation."))
    if outcome == CallOutcome.ACKNOWLEDGED and notice is None:
        raise AnswerError("outcome", _("Only a call about a notice can acknowledge it; open the notice."))
    return phone


def on_behalf(by: Actor, *, name: str, function: str, organisation: Organisation) -> Actor:
    """The colleague who writes it down, speaking for who answered."""
    return Actor(
        by.kind,
        by.ref,
        by.printed_name,
        organisation_ref=organisation.code,
        on_behalf_of=", ".join(part for part in (" ".join(name.split()), " ".join(function.split())) if part),
        recorded_by=by.printed_name,
    )
