"""How long what is kept: a clock for each kind, begun when the case is closed; what has run out is emptied night by night."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.models import IdempotencyKey
from common.refusals import RefusalError
from migrants import erasure
from migrants.enums import KeptKind
from migrants.erasure import BY_CLOCK, PERSONAL, ErasureError
from migrants.models import Erasure, Forgetting, LegalHold, Migrant, RetentionPeriod
from notifications.delivery_states import OPEN
from notifications.models import Acknowledgement, CallEntry, Delivery, Letter, LetterScan, Objection
from partners import quarantine
from partners.models import ChannelCheck, QuarantinedUpload
from returns.case_numbers import numbers_of
from returns.models import CrewMember, ManifestPiece, ManifestRow, ManifestUpload, ReturnCase

BATCH, LONGEST = 200, 36_525
NAMELESS = "–"
"""Stands for a name that was erased."""
AHEAD = timedelta(days=90)
"""How far the preview looks."""
DEFAULTS: Mapping[KeptKind, tuple[int, str]] = {
    KeptKind.IDENTITY: (
        5 * 365,
        "IOM Data Protection Principle 8: no longer than the purpose needs. Five years cover follow-up, complaints and audits.",
    ),
    KeptKind.DOCUMENTS: (365, "Numbers serve the crossing and the reception; after a year nobody asks for them."),
    KeptKind.HEALTH: (90, "A test counts for days; the result is evidence until the journey is settled. Rule 10."),
    KeptKind.PROTECTION: (
        2 * 365,
        "Referrals are followed up for up to two years; then the service keeps its own file.",
    ),
    KeptKind.UPLOADS: (30, "A list that was confirmed has become people; one that was not is of no use."),
    KeptKind.MESSAGES: (365, "Who was told and when stays; the wording is in the version that was published."),
    KeptKind.CREW: (
        90,
        "Who drove is asked while a journey is settled and complaints come in; then the carrier knows.",
    ),
    KeptKind.REQUESTS: (2, "A client repeats a request within minutes."),
    KeptKind.SESSIONS: (1, "A session that has ended opens nothing."),
}
"""Days and why, until the data protection officer says otherwise."""
FOR_GOOD = (KeptKind.LOOKS, KeptKind.ACTS)
"""What has no clock: it is sealed into a chain (`common/seals.py`). An erasure empties what it holds of a person."""


class RetentionError(RefusalError):
    """A period that cannot be; the sentence says what to mend."""


@dataclass(frozen=True, slots=True)
class Period:
    """How long a kind is kept now, and why; `set_by` is empty where it is our default."""

    kind: KeptKind
    days: int
    why: str
    set_at: datetime | None = None
    set_by: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What of a kind has run out already, and what will on each day to come."""

    period: Period
    due: int
    days: tuple[tuple[date, int], ...]

    @property
    def coming(self) -> int:
        return sum(count for _day, count in self.days)


def periods() -> dict[KeptKind, Period]:
    """Give the period of every kind; one query."""
    set_ones = RetentionPeriod.objects.order_by("kind", "-set_at", "-pk").distinct("kind")
    latest = {row.kind: row for row in set_ones}
    found = {}
    for kind, (days, why) in DEFAULTS.items():
        row = latest.get(kind)
        found[kind] = Period(kind, row.days, row.why, row.set_at, str(row.by)) if row else Period(kind, days, why)
    return found


@transaction.atomic
def set_period(*, kind: KeptKind, days: int, why: str, by: Actor, at: datetime) -> RetentionPeriod:
    """Say how long a kind is kept from now on. Raises RetentionError."""
    if not 1 <= days <= LONGEST:
        raise RetentionError("days", _("Give a number of days from 1 to 36,525, which is a hundred years."))
    if not why.strip():
        raise RetentionError("why", _("Say why: a law, an agreement, a decision and its date."))
    row = RetentionPeriod.objects.create(kind=kind, days=days, why=why.strip()[:300], set_at=at, by=by)
    audit.record("retention period set", row, by=by, at=at, why=f"{kind}: {days}")
    return row


def preview(*, at: datetime, real_at: datetime) -> list[Preview]:
    """Give for every kind what is due now and in the days ahead; a constant number of queries."""
    found = []
    for kind, period in periods().items():
        if kind in PERSONAL:
            days = _due_days(period, until=at + AHEAD)
            now = sum(count for day, count in days if day <= at.date())
            found.append(Preview(period, now, tuple(each for each in days if each[0] > at.date())))
        else:
            found.append(Preview(period, _AGED[kind].due(_cutoff(period, at, real_at)).count(), ()))
    return found


def due_people(period: Period, *, at: datetime) -> QuerySet[Any]:
    """Give everybody whose clock of this kind has run out `at`, held by nobody and not erased of it since."""
    return _clocked(period).filter(clock_from__lte=at - timedelta(days=period.days))


def case_numbers(period: Period, *, at: datetime, most: int) -> list[tuple[int, str, date]]:
    """Give who is due within the preview: key, case number (of who has none, the person's), the day; never a name."""
    rows = list(due_people(period, at=at + AHEAD).order_by("clock_from", "pk").values_list("pk", "clock_from")[:most])
    shown = numbers_of([pk for pk, _begun in rows])
    return [(pk, shown[pk], (begun + timedelta(days=period.days)).date()) for pk, begun in rows]


def run(
    *, within: Callable[[], AbstractContextManager[None]], by: Actor, at: datetime, real_at: datetime
) -> Iterator[tuple[KeptKind, int, int]]:
    """Empty everything whose clock has run out, kind by kind; yield kind, how many rows or people, and how many refused.

    `within` opens a transaction with its audience: each batch has one of its own, so it may be stopped and run again.
    """
    with within():
        found = periods()
    for kind, period in found.items():
        if kind in PERSONAL:
            yield kind, *_erase_due(period, within, by=by, at=at)
        else:
            with within():
                rows = forget(kind=kind, older_than=_cutoff(period, at, real_at), by=by, at=at)
            yield kind, rows, 0


@transaction.atomic
def forget(*, kind: KeptKind, older_than: datetime, by: Actor, at: datetime) -> int:
    """Empty the rows of a kind that is no person's own and older than an hour; give how many."""
    rows = _AGED[kind].forget(older_than, by, at)
    if rows:
        row = Forgetting.objects.create(kind=kind, older_than=older_than, rows=rows, at=at, by=by)
        audit.record("old rows forgotten", row, by=by, at=at)
    return rows


def _erase_due(
    period: Period, within: Callable[[], AbstractContextManager[None]], *, by: Actor, at: datetime
) -> tuple[int, int]:
    why = _("%(kind)s: kept for %(days)d days") % {"kind": period.kind.value, "days": period.days}
    done = refused = last = 0
    while True:
        with within():
            batch = list(due_people(period, at=at).filter(pk__gt=last).order_by("pk")[:BATCH])
            for some in _each_or_all(batch):
                try:
                    erasure.erase(people=some, kinds=[period.kind], cause=BY_CLOCK, why=why, by=by, at=at)
                except ErasureError:
                    refused += len(some)
                else:
                    done += len(some)
        if not batch:
            return done, refused
        last = batch[-1].pk


def _each_or_all(batch: list[Migrant]) -> list[list[Migrant]]:
    """All at once where nothing stands in the way of anybody, else one by one."""
    if not batch:
        return []
    return [[person] for person in batch] if erasure.obstacles_for([person.pk for person in batch]) else [batch]


def _clocked(period: Period) -> QuerySet[Any]:
    """People whose clock runs, with `clock_from`: the last case closed, without a case the group, without one registration."""
    cases = ReturnCase.objects.filter(person=OuterRef("pk"))
    closed = cases.order_by().values("person").annotate(last=Max("closed_at")).values("last")
    holds = LegalHold.objects.standing().filter(
        Q(person=OuterRef("pk"))
        | Q(person__merged_into=OuterRef("pk"))
        | Q(group=OuterRef("group"))
        | Q(group__moves_out__people__person=OuterRef("pk"))
    )
    erased = Erasure.objects.filter(
        person=OuterRef("pk"), kinds__contains=[period.kind.value], erased_at__gte=OuterRef("clock_from")
    )
    return (
        Migrant.objects.filter(merged_into__isnull=True)
        .exclude(Exists(cases.open()))
        .exclude(Exists(holds))
        .annotate(last_closed=Subquery(closed))
        .exclude(last_closed__isnull=True, group__isnull=False, group__closed_at__isnull=True)
        .annotate(clock_from=Coalesce("last_closed", "group__closed_at", "registered_at"))
        .exclude(Exists(erased))
    )


def _due_days(period: Period, *, until: datetime) -> list[tuple[date, int]]:
    """Give how many people are due on which day (UTC) until an hour; one query."""
    rows = due_people(period, at=until).annotate(day=TruncDate("clock_from")).values_list("day", flat=True)
    counted = Counter(day + timedelta(days=period.days) for day in rows.order_by())
    return sorted(counted.items())


# ---------------------------------------------------------------- kinds that go by the age of their rows


@dataclass(frozen=True, slots=True)
class _Aged:
    """`due` gives the rows older than an hour; `forget` (that hour, `by`, `at`) empties them and says how many."""

    due: Callable[[datetime], QuerySet]  # type: ignore[type-arg]  # of any model
    forget: Callable[[datetime, Actor, datetime], int]


def _cutoff(period: Period, at: datetime, real_at: datetime) -> datetime:
    """Sessions and repeated requests live by wall time, everything else by business time."""
    now = real_at if period.kind in (KeptKind.REQUESTS, KeptKind.SESSIONS) else at
    return now - timedelta(days=period.days)


def _held_for_a_court(group: str) -> Exists:
    """Whether the group (its path from the row), or anybody who is or was in it, is held."""
    of = OuterRef(group)
    holds = LegalHold.objects.standing().filter(
        Q(group=of) | Q(person__group=of) | Q(person__moves__move__from_group=of)
    )
    return Exists(holds)


def _uploads(before: datetime) -> QuerySet[ManifestUpload]:
    """Lists of groups in which nobody is held for a court."""
    rows = ManifestUpload.objects.filter(uploaded_at__lt=before, sheet__isnull=False)
    return rows.exclude(_held_for_a_court("group"))


def _crew(before: datetime) -> QuerySet[CrewMember]:
    """Whoever is still named of movements that have ended; nothing of a group in which somebody is held for a court."""
    rows = CrewMember.objects.filter(movement__ended_at__lt=before).exclude(name=NAMELESS)
    return rows.exclude(_held_for_a_court("movement__group"))


def _forget_crew(before: datetime, by: Actor, at: datetime) -> int:
    """Empty names, telephones and papers: that a bus had a driver whose paper was checked stays."""
    nothing: dict[str, Any] = {"phone": None, "document_kind": "", "document_number": None, "document_until": None}
    return CrewMember.objects.filter(pk__in=list(_crew(before).values_list("pk", flat=True))).update(
        name=NAMELESS, **nothing
    )


def _forget_uploads(before: datetime, by: Actor, at: datetime) -> int:
    """Empty the lists, and destroy what was locked away of others."""
    uploads = list(_uploads(before).values_list("pk", flat=True))
    ManifestRow.objects.filter(upload__in=uploads).delete()
    ManifestPiece.objects.filter(upload__in=uploads).delete()
    locked = list(QuarantinedUpload.objects.filter(found_at__lt=before, destroyed_at__isnull=True))
    for row in locked:
        quarantine.destroy(row=row, by=by, at=at)
    return ManifestUpload.objects.filter(pk__in=uploads).update(sheet=None, file_name="") + len(locked)


def _messages(before: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(queued_at__lt=before, payload__isnull=False).exclude(state__in=OPEN)


def _forget_messages(before: datetime, by: Actor, at: datetime) -> int:
    """Empty what was written, said and answered: that somebody of a function knew, and when, stays as the proof."""
    calls = CallEntry.objects.filter(at__lt=before).exclude(note="", name="")
    answers = Acknowledgement.objects.filter(at__lt=before).exclude(note="", name="")
    checks = ChannelCheck.objects.filter(asked_at__lt=before).exclude(name="")
    said = Objection.objects.filter(at__lt=before).exclude(text="")
    scans, _kinds = LetterScan.objects.filter(at__lt=before).delete()
    emptied = calls.update(note="", name="") + answers.update(note="", name="") + checks.update(name="")
    emptied += said.update(text="") + scans + _messages(before).update(payload=None)
    needed = Delivery.objects.filter(letter=OuterRef("pk"), payload__isnull=False)
    Letter.objects.filter(written_at__lt=before, content__isnull=False).exclude(Exists(needed)).update(content=None)
    return emptied


def _requests(before: datetime) -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(used_at__lt=before)


def _sessions(before: datetime) -> QuerySet:  # type: ignore[type-arg]  # whichever model keeps them
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return store.get_model_class().objects.filter(expire_date__lt=before)  # type: ignore[no-any-return]


_AGED: Mapping[KeptKind, _Aged] = {
    KeptKind.UPLOADS: _Aged(_uploads, _forget_uploads),
    KeptKind.MESSAGES: _Aged(_messages, _forget_messages),
    KeptKind.CREW: _Aged(_crew, _forget_crew),
    KeptKind.REQUESTS: _Aged(_requests, lambda before, by, at: _requests(before).delete()[0]),
    KeptKind.SESSIONS: _Aged(_sessions, lambda before, by, at: _sessions(before).delete()[0]),
}
