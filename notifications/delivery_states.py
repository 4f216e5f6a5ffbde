"""Which state of a delivery may follow which. The database holds the same table: a late word of an operator moves nothing back.

Delivered, expired and superseded are the end. Failed and bounced are the end as well, unless somebody tries again by hand.
"""

from __future__ import annotations

from django.db.models import QuerySet

from notifications.enums import DeliveryState
from notifications.models import Delivery

MOVES: dict[str, frozenset[str]] = {
    DeliveryState.QUEUED: frozenset(
        {
            DeliveryState.IN_FLIGHT,
            DeliveryState.DELIVERED,  # an answer through the link of one whose hand-over nobody had confirmed
            DeliveryState.FAILED,
            DeliveryState.EXPIRED,
            DeliveryState.SUPERSEDED,
        }
    ),
    DeliveryState.IN_FLIGHT: frozenset(set(DeliveryState.values) - {DeliveryState.IN_FLIGHT}),
    DeliveryState.HANDED_OVER: frozenset({DeliveryState.DELIVERED, DeliveryState.BOUNCED}),
    DeliveryState.BOUNCED: frozenset({DeliveryState.QUEUED}),
    DeliveryState.FAILED: frozenset({DeliveryState.QUEUED}),
    DeliveryState.DELIVERED: frozenset(),
    DeliveryState.EXPIRED: frozenset(),
    DeliveryState.SUPERSEDED: frozenset(),
}
OPEN = (DeliveryState.QUEUED, DeliveryState.IN_FLIGHT)
"""Something is still to be done."""
TAKEN = (DeliveryState.HANDED_OVER, DeliveryState.DELIVERED)
"""The other side has it, as far as anybody knows."""
GONE_WRONG = (DeliveryState.FAILED, DeliveryState.BOUNCED)
"""It did not reach the contact over this channel."""


def states_before(state: str) -> list[str]:
    """The states out of which a delivery may come to `state`."""
    return [before for before, after in MOVES.items() if state in after]


def move(rows: QuerySet[Delivery], *, to: str, **values: object) -> int:
    """Moves those of `rows` that may go there, with `values`; the others stay as they are. Returns how many moved."""
    return rows.filter(state__in=states_before(to)).update(state=to, **values)
