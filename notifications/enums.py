from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeState(TextChoices):
    OWED = "owed", _("not yet acknowledged")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    SUPERSEDED = "superseded", _("superseded by a newer version")
    EXPIRED = "expired", _("expired")


class DeliveryState(TextChoices):
    QUEUED = "queued", _("queued")
    IN_FLIGHT = "in_flight", _("in flight")
    HANDED_OVER = "handed_over", _("handed over")
    RETRY = "retry", _("to be tried again")
    FAILED = "failed", _("failed for good")
    ENDED = "ended", _("no longer needed")


class DeliveryPurpose(TextChoices):
    FIRST = "first", _("first message")
    REMIND = "remind", _("reminder")
    NEXT_CONTACT = "next_contact", _("to the second contact")


class StepKind(TextChoices):
    REMIND = "remind", _("reminder")
    NEXT_CONTACT = "next_contact", _("second contact")
    CALL = "call", _("phone call list")


class StepState(TextChoices):
    PENDING = "pending", _("pending")
    DONE = "done", _("done")
    ENDED = "ended", _("ended by an answer")


class AnsweredBy(TextChoices):
    LINK = "link", _("signed link")
    PAGE = "page", _("page of Homeward")
    PHONE = "phone", _("phone, written down")
    LETTER = "letter", _("letter, written down")


WRITTEN_DOWN = [(how.value, how.label) for how in (AnsweredBy.PHONE, AnsweredBy.LETTER)]
"""How somebody answers for whom a colleague writes it down."""


class CallOutcome(TextChoices):
    REACHED = "reached", _("reached, told")
    ACKNOWLEDGED = "acknowledged", _("reached, acknowledged")
    ASKED_TO_CALL_BACK = "call_back", _("asked to call back")
    NO_ANSWER = "no_answer", _("no answer")
    WRONG_NUMBER = "wrong_number", _("wrong number")


class LinkPurpose(TextChoices):
    """What the holder of a signed link may do."""

    ACKNOWLEDGE = "acknowledge", _("acknowledge")
    DECIDE = "decide", _("decide")
