"""Dead letters: what did not reach a desk, and the button that sends it once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.nudges import nudge
from common.refusals import RefusalError
from notifications.delivery_states import GONE_WRONG, move
from notifications.enums import DeliveryState, NoticeState
from notifications.models import ChannelHalt, Delivery
from partners.models import Channel


class AgainError(RefusalError):
    """A delivery cannot be sent once more; `sentence` says why."""


@dataclass(frozen=True)
class Undelivered:
    """What a coordinator looks at when messages do not arrive."""

    deliveries: Sequence[Delivery]
    channels: Sequence[Channel]
    held: Sequence[ChannelHalt]


def dead_letters(reached: Q) -> QuerySet[Delivery]:
    """Deliveries that failed or came back while their notice still waits for an answer, the newest first."""
    owed = Q(state__in=GONE_WRONG, notice__state=NoticeState.OWED)
    rows = Delivery.objects.filter(owed, reached).defer("payload")
    return rows.select_related("notice__alert", "notice__organisation", "contact").order_by("-queued_at", "-pk")


def undelivered(reached: Q, *, real_at: datetime, most: int = 100) -> Undelivered:
    """Dead letters of the alerts that are `reached`, channels that are off, kinds held at wall time `real_at`; 3 queries."""
    off = Channel.objects.filter(switched_off_at__isnull=False).select_related("contact__office__organisation")
    return Undelivered(
        list(dead_letters(reached)[:most]),
        list(off.order_by("-switched_off_at")[:most]),
        list(ChannelHalt.objects.filter(until__gt=real_at).order_by("kind")),
    )


@transaction.atomic
def try_again(*, delivery: Delivery, by: Actor, at: datetime, real_at: datetime) -> Delivery:
    """Puts a dead letter back into the queue: the same message, the same link. Raises AgainError.

    `real_at` is wall time, from which it is due. What the operator called the former try stays until the new one has its name,
    so that a late word about the former does not end this one.
    """
    row = (
        Delivery.objects.select_for_update(no_key=True, of=("self",))
        .select_related("notice__alert")
        .get(pk=delivery.pk)
    )
    if row.notice.state != NoticeState.OWED or row.notice.alert.expires_at <= at:
        raise AgainError("", _("Nobody waits for an answer to this notice any more."))
    if row.payload is None:
        raise AgainError("", _("The message itself was erased when its time had run out; it cannot be sent again."))
    if row.state not in GONE_WRONG:
        raise AgainError("", _("This message is on its way or has arrived; it need not be sent again."))
    move(
        Delivery.objects.filter(pk=row.pk),
        to=DeliveryState.QUEUED,
        tries=0,
        due_at=real_at,
        handed_over_at=None,
        real_handed_over_at=None,
        claimed_until=None,
    )
    audit.record("delivery tried again", row, by=by, at=at)
    nudge("deliveries")
    row.refresh_from_db(fields=["state", "tries", "due_at"])
    return row
