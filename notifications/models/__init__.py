from notifications.models.alerts import Alert, Notice
from notifications.models.answers import Acknowledgement, CallEntry, LetterScan, Objection
from notifications.models.deliveries import Delivery, DeliveryAttempt, Letter, Unwritten
from notifications.models.escalation import EscalationPolicy, EscalationStep, PolicyStep
from notifications.models.halts import ChannelHalt
from notifications.models.links import SignedLink
from notifications.models.watchdog import EngineSign
from notifications.models.webhooks import WebhookPost, WebhookSubscription

__all__ = [
    "Acknowledgement",
    "Alert",
    "CallEntry",
    "ChannelHalt",
    "Delivery",
    "DeliveryAttempt",
    "EngineSign",
    "EscalationPolicy",
    "EscalationStep",
    "Letter",
    "LetterScan",
    "Notice",
    "Objection",
    "PolicyStep",
    "SignedLink",
    "Unwritten",
    "WebhookPost",
    "WebhookSubscription",
]
