"""What came back from the organisations: acknowledgements, objections, calls."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.models import LetterPage
from common.personal_data import classified
from notifications.enums import AnsweredBy, CallOutcome
from notifications.models.alerts import Notice


@classified(
    public="notice at recorded_at function answered_by reference action_confirmed_at action_note",
    personal="name note by action_by",
)
class Acknowledgement(models.Model):
    """A named human of the organisation has it. The first one stands; a second click changes nothing.

    `at` is when they said so, `recorded_at` when it was written down; `reference` the number called, or that of the letter.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="acknowledgement")
    at = models.DateTimeField()
    name = models.CharField(_("name"), max_length=120)
    function = models.CharField(_("function"), max_length=120)
    answered_by = models.CharField(max_length=10, choices=AnsweredBy)
    recorded_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=300, blank=True)
    action_confirmed_at = models.DateTimeField(null=True, blank=True)
    action_note = models.CharField(max_length=300, blank=True)
    action_by = ActorField(null=True, blank=True)
    by = ActorField()


@classified(public="acknowledgement width height at", personal="by", sensitive="content")
class LetterScan(LetterPage):
    """The letter by which an organisation acknowledged."""

    acknowledgement = models.OneToOneField(Acknowledgement, on_delete=models.PROTECT, related_name="scan")


@classified(public="notice at text", personal="by")
class Objection(models.Model):
    """“This is not right”: an organisation contradicts a notice. It goes to the coordinator; it acknowledges nothing."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    at = models.DateTimeField()
    text = models.TextField(_("what is not right"), max_length=2000)
    by = ActorField()


@classified(public="organisation notice at function outcome subject", personal="number name note by")
class CallEntry(models.Model):
    """One line of the contact log: whom we called at which organisation, on which number, with what outcome."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="calls")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="calls")
    subject = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    number = models.CharField(_("number called"), max_length=30)
    name = models.CharField(_("name of the person reached"), max_length=120, blank=True)
    function = models.CharField(_("function of the person reached"), max_length=120, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=CallOutcome)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    by = ActorField()

    class Meta:
        ordering = ["-at"]
