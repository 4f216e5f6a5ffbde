"""Mails about one's own sign-in: what was changed, in the owner's language, so that a stranger's change is seen at once."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_lazy, override

from accounts.models import User

SENTENCES = {
    "second factor set": gettext_lazy("A second step was added to your sign-in."),
    "second factor removed": gettext_lazy("A second step was taken away from your sign-in."),
    "recovery codes made": gettext_lazy("New recovery codes were made; the old ones no longer work."),
    "recovery code used": gettext_lazy("Somebody signed in with one of your recovery codes."),
    "second factor reset": gettext_lazy("An administrator took away your second step; set up a new one at the next sign-in."),
    "password chosen": gettext_lazy("Your password was changed. Everywhere you were signed in, you are signed out."),
}  # fmt: skip


def tell(user: User, what: str) -> None:
    """Sends the owner a mail once the running transaction is committed; `what` is a key of SENTENCES."""
    with override(user.language):
        subject = gettext("Homeward: your sign-in was changed")
        body = render_to_string("account/email/changed.txt", {"user": user, "sentence": SENTENCES[what],
                                                              "address": settings.PUBLIC_ADDRESS})  # fmt: skip
    message = EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email])
    transaction.on_commit(lambda: _send(message))


def _send(message: EmailMessage) -> None:
    """A mail server that is away must not take the sign-in page with it; the audit has the act in any case."""
    message.send(fail_silently=True)
