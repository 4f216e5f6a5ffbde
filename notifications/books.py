"""The engine's books: whatever was raised must stand somewhere, and whatever was queued must have come to something.

Each account is counted from its rows by what they must look like in each state, never by subtraction: a row that fits no
state is *astray*, and is named. A notice that waits for nothing (no delivery, no step ahead) is astray too: nobody would
ever notice that it was not answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.audience import reaching_for
from notifications.enums import CallOutcome, DeliveryState, NoticeState, StepState
from notifications.models import Acknowledgement, Alert, CallEntry, Delivery, EscalationStep, Notice, Unwritten
from partners.enums import ChannelKind

KEPT = timedelta(days=90)
"""How far back the books are added up."""
GRACE = timedelta(minutes=5)
"""How long the engine may take to do what is due before it counts as astray."""
MOST_NAMED = 20
_CACHED_FOR = 30
CACHE_KEY = "engine.last-successes"


@dataclass(frozen=True, slots=True)
class Account:
    """`name` of what is counted, `total` of its rows, `parts` by state, and `astray`: references of rows that fit none."""

    name: str | Promise
    total: int
    parts: Mapping[str | Promise, int] = field(default_factory=dict)
    astray: tuple[str, ...] = ()

    @property
    def sum(self) -> int:
        return sum(self.parts.values())

    @property
    def holds(self) -> bool:
        return self.total == self.sum and not self.astray


def books(*, at: datetime, real_at: datetime, kept: timedelta = KEPT) -> list[Account]:
    """Both accounts of the last `kept` at business time `at` and wall time `real_at`; call it in a transaction."""
    with reaching_for("the engine is looked into"):
        return [_notices(at, real_at, at - kept), _deliveries(real_at, at - kept)]


def _notices(at: datetime, real_at: datetime, since: datetime) -> Account:
    rows = Notice.objects.filter(owed_since__gte=since).annotate(
        is_answered=Exists(Acknowledgement.objects.filter(notice=OuterRef("pk"))),
        is_superseded=Exists(Alert.objects.filter(supersedes=OuterRef("alert"))),
        is_pursued=Exists(Delivery.objects.filter(notice=OuterRef("pk")))
        | Exists(EscalationStep.objects.filter(notice=OuterRef("pk")).exclude(state=StepState.ENDED))
        | Exists(Unwritten.objects.filter(alert=OuterRef("alert"), since__gt=real_at - GRACE)),
    )
    is_open = Q(state=NoticeState.OWED, is_answered=False, is_superseded=False, is_pursued=True)
    states: dict[str | Promise, Q] = {
        _("acknowledged"): Q(state=NoticeState.ACKNOWLEDGED, is_answered=True),
        _("open"): is_open & Q(alert__expires_at__gt=at - GRACE),
        _("expired"): Q(state=NoticeState.EXPIRED, is_answered=False, alert__expires_at__lte=at),
        _("superseded"): Q(state=NoticeState.SUPERSEDED, is_answered=False, is_superseded=True),
    }
    found = rows.aggregate(total=Count("pk"), **_counts(states))
    named = rows.exclude(_any(states)).order_by("pk").values_list("alert__number", "organisation__code")[:MOST_NAMED]
    return Account(
        _("notices raised"), found["total"], _by_name(states, found), tuple(f"{alert} {code}" for alert, code in named)
    )


def _deliveries(real_at: datetime, since: datetime) -> Account:
    rows = Delivery.objects.filter(queued_at__gte=since)
    states: dict[str | Promise, Q] = {
        _("handed over"): Q(state__in=_GONE_OUT, handed_over_at__isnull=False),
        _("failed"): Q(state__in=_FAILED),
        _("waiting"): Q(state=DeliveryState.QUEUED, due_at__gt=real_at - GRACE),
        _("in flight"): Q(state=DeliveryState.IN_FLIGHT, claimed_until__gt=real_at - GRACE),
        _("no longer needed"): Q(state__in=_OVER),
    }
    found = rows.aggregate(total=Count("pk"), **_counts(states))
    named = rows.exclude(_any(states)).order_by("pk").values_list("public_id", "state")[:MOST_NAMED]
    return Account(
        _("deliveries queued"), found["total"], _by_name(states, found), tuple(f"{state} {key}" for key, state in named)
    )


_GONE_OUT = (DeliveryState.HANDED_OVER, DeliveryState.DELIVERED)
_FAILED = (DeliveryState.FAILED, DeliveryState.BOUNCED)
_OVER = (DeliveryState.EXPIRED, DeliveryState.SUPERSEDED)


def _counts(states: Mapping[str | Promise, Q]) -> dict[str, Count]:
    return {f"part_{number}": Count("pk", filter=condition) for number, condition in enumerate(states.values())}


def _by_name(states: Mapping[str | Promise, Q], found: Mapping[str, int]) -> dict[str | Promise, int]:
    return {name: found[f"part_{number}"] for number, name in enumerate(states)}


def _any(states: Mapping[str | Promise, Q]) -> Q:
    fits = Q(pk__in=[])
    for condition in states.values():
        fits |= condition
    return fits


def last_successes(*, at: datetime) -> dict[str, datetime | None]:
    """When something last went out over each kind of channel, within the last 90 days; of the telephone, when somebody was
    reached. Half a minute old at most. Call it in a transaction.
    """
    known: dict[str, datetime | None] | None = cache.get(CACHE_KEY)
    if known is not None:
        return known
    with reaching_for("the engine is looked into"):
        sent = dict(
            Delivery.objects.filter(queued_at__gte=at - KEPT, handed_over_at__isnull=False)
            .order_by()
            .values_list("channel_kind")
            .annotate(last=Max("handed_over_at"))
        )
        reached = CallEntry.objects.filter(outcome__in=[CallOutcome.REACHED, CallOutcome.ACKNOWLEDGED])
        sent[ChannelKind.PHONE] = reached.aggregate(last=Max("at"))["last"]
    known = {kind: sent.get(kind) for kind in ChannelKind.values}
    cache.set(CACHE_KEY, known, _CACHED_FOR)
    return known
