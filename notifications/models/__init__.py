from notifications.models.alerts import Alert, Notice
from notifications.models.answers import Acknowledgement, CallEntry, Objection
from notifications.models.deliveries import Delivery, DeliveryAttempt
from notifications.models.escalation import EscalationStep
from notifications.models.links import SignedLink
from notifications.models.watchdog import EngineSign

__all__ = [
    "Acknowledgement",
    "Alert",
    "CallEntry",
    "Delivery",
    "DeliveryAttempt",
    "EngineSign",
    "EscalationStep",
    "Notice",
    "Objection",
    "SignedLink",
]
