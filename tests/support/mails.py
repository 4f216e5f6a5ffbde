"""A mail as its recipient gets it, put together from what is stored of it."""

import json

from notifications.letters import Master
from notifications.models import Delivery


def whole(delivery: Delivery) -> str:
    """The letter with what is the recipient's own; what goes over another channel is stored whole."""
    if delivery.letter is None:
        return delivery.payload or ""
    own = json.loads(delivery.payload or "{}")
    made = Master.of(delivery.letter).splice(address=delivery.address, message_id=delivery.message_id, **own)
    return made.decode()
