from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeState(TextChoices):
    OWED = "owed", _("not yet acknowledged")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    SUPERSEDED = "superseded", _("superseded by a newer version")
    EXPIRED = "expired", _("expired")


class DeliveryState(TextChoices):
    """Where a delivery stands; which state may follow which is in `delivery_states`, and in the database."""

    QUEUED = "queued", _("queued")
    IN_FLIGHT = "in_flight", _("in flight")
    HANDED_OVER = "handed_over", _("handed over")
    DELIVERED = "delivered", _("delivered")
    BOUNCED = "bounced", _("bounced")
    FAILED = "failed", _("failed for good")
    EXPIRED = "expired", _("expired")
    SUPERSEDED = "superseded", _("superseded")

    @property
    def meaning(self) -> str:
        """The state in a sentence for somebody who never saw a mail server."""
        return str(_MEANINGS[self])


_MEANINGS = {
    DeliveryState.QUEUED: _("It waits for its turn, or for its next try after one that did not work."),
    DeliveryState.IN_FLIGHT: _("It is being sent at this moment."),
    DeliveryState.HANDED_OVER: _(
        "The mail server or operator has taken it. That nobody refused it does not yet mean that it arrived."
    ),
    DeliveryState.DELIVERED: _("It has arrived: the operator says so, or somebody has answered through its link."),
    DeliveryState.BOUNCED: _("It was taken at first and then came back. The next channel is used."),
    DeliveryState.FAILED: _("It could not be sent, and no further try is made by itself. The next channel is used."),
    DeliveryState.EXPIRED: _("It was not sent in time, and now nobody needs it any more."),
    DeliveryState.SUPERSEDED: _("It was not sent, because the organisation had answered or a newer version came."),
}


class DeliveryPurpose(TextChoices):
    FIRST = "first", _("first message")
    REMIND = "remind", _("reminder")
    NEXT_CONTACT = "next_contact", _("to the second contact")


class StepKind(TextChoices):
    REMIND = "remind", _("reminder")
    NEXT_CONTACT = "next_contact", _("second contact")
    DEPUTY = "deputy", _("deputy")
    DUTY_OFFICER = "duty_officer", _("duty officer")
    FUNCTION = "function", _("desk with this function")
    CALL = "call", _("phone call list")


class Measure(TextChoices):
    """What the steps of a policy count."""

    MINUTES = "minutes", _("minutes after the organisation was told")
    PERCENT = "percent", _("per cent of the time to answer")


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
