"""The messages of an alert: steps, deliveries, links and letters of notices that are owed.

Whoever raises an alert writes those of the first hundred. Of a large one the rest is left to the workers, who write up to
five hundred at a time and send what they wrote: a row names each lot, and goes in the transaction that wrote it. Their
deliveries begin in flight, under the lease of the worker, for whom they need not be taken out of the queue first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models.functions import Now  # noqa: TID251 # the queue keeps real time

from common.audience import asking, reaching_for
from common.many_rows import among, read_many
from notifications.claims import Claimed
from notifications.enums import DeliveryPurpose, NoticeState
from notifications.models import Alert, Delivery, Notice, Unwritten
from notifications.queueing import Desk, call_now, first_channels, live_channels, queue
from notifications.rounds import AUDIENCE, Watch
from notifications.schedule import write_steps
from partners.enums import ChannelKind
from partners.models import Organisation

log = structlog.get_logger(__name__)

AT_ONCE = 100
"""Of so many notices the messages are written in the act itself."""
LOT = 500
"""So many a worker writes at a time, where there are enough for two workers: what is asked for a lot costs as much as what is
asked for each of a hundred.
"""
LATER = timedelta(minutes=1)
"""When messages are tried again that could not be written."""


def write_messages(
    alert: Alert, notices: Sequence[Notice], *, at: datetime, desk: Desk | None = None
) -> list[Delivery]:
    """Writes all that reaches the organisations of `notices`, owed since `at`; whom no message reaches is called at once.
    Returns the deliveries.
    """
    write_steps(alert, notices, at=at)
    channels = live_channels([notice.organisation_id for notice in notices], at=at)
    pairs = [
        (notice, channel) for notice in notices for channel in first_channels(channels.get(notice.organisation_id, []))
    ]
    deliveries = queue(pairs, desk=desk or Desk(alert, at), purpose=DeliveryPurpose.FIRST)
    heard = {key for key, found in channels.items() if any(row.kind != ChannelKind.WEBHOOK for row in found)}
    call_now([notice for notice in notices if notice.organisation_id not in heard], at=at)
    return deliveries


def leave_unwritten(alert: Alert, notices: Sequence[Notice]) -> None:
    """Leaves the messages of `notices` to the workers, a lot at a time."""
    keys = [notice.pk for notice in notices]
    size = min(LOT, max(AT_ONCE, -(-len(keys) // 2)))
    lots = [keys[first : first + size] for first in range(0, len(keys), size)]
    Unwritten.objects.bulk_create(Unwritten(alert=alert, notices=lot, since=Now(), due_at=Now()) for lot in lots)


def write_next(watch: Watch) -> list[Claimed] | None:
    """Writes the next lot that no other worker is writing, and gives its deliveries, in the hands of this worker from the
    beginning; None where there was none. Opens its own transaction.

    What cannot be written is tried again later, and keeps nobody else from being told.
    """
    found: Unwritten | None = None
    written: list[Claimed] = []
    try:
        with asking(AUDIENCE), reaching_for("telling"):
            due = Unwritten.objects.select_for_update(skip_locked=True, of=("self",)).select_related("alert")
            found = due.filter(due_at__lte=watch.real).order_by("pk").first()
            if found is None:
                return None
            written = _write(found, held_until=watch.real + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS))
    except (InterfaceError, OperationalError):
        raise
    except Exception:
        if found is None:
            raise
        log.exception("messages_not_written", alert=found.alert.number)
        with asking(AUDIENCE):
            Unwritten.objects.filter(pk=found.pk).update(due_at=watch.real + LATER)
    return written


def _write(found: Unwritten, *, held_until: datetime) -> list[Claimed]:
    """To those who still owe an answer: somebody may have answered on a page, or a newer version may have come."""
    owed = Notice.objects.filter(pk__in=among(found.notices), state=NoticeState.OWED)
    notices = read_many(owed.select_for_update(no_key=True).order_by("pk"))
    keys = {notice.organisation_id for notice in notices}
    organisations = {row.pk: row for row in read_many(Organisation.objects.filter(pk__in=among(keys)))}
    for notice in notices:
        notice._state.fields_cache |= {"alert": found.alert, "organisation": organisations[notice.organisation_id]}
    deliveries: list[Delivery] = []
    if notices:
        at = notices[0].owed_since
        desk = Desk.shared(found.alert, at, held_until=held_until)
        deliveries = write_messages(found.alert, notices, at=at, desk=desk)
    Unwritten.objects.filter(pk=found.pk).delete()
    return [Claimed.written(row) for row in deliveries]
