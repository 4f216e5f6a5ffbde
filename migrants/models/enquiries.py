"""Questions of one office to another about somebody whom the first cannot reach (rule 11)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from migrants.enums import EnquiryState
from migrants.models.people import Migrant
from partners.access import Viewer


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, viewer: Viewer) -> EnquiryQuerySet:
        """Those about people whom the viewer reaches, to be answered."""
        return self.filter(person__in=Migrant.objects.visible_to(viewer))

    def asked_by(self, viewer: Viewer) -> EnquiryQuerySet:
        """Those of the viewer's own account. Of the person nothing may be read through them."""
        return self.filter(user=viewer.user)


@classified(
    public="mission asked_at answered_at state",
    personal="person own user by answered_by",
    sensitive="entry why answer",
)
class Enquiry(models.Model):
    """An account asks the office that answers for `person` about them, without learning who that is.

    `own` is the asker's own record of whom they mean, where there is one; `entry` is what they have written of the person
    (sealed JSON), `why` the reason, `answer` what the office says to it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="enquiries")
    own = models.ForeignKey(Migrant, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    entry = SealedTextField()
    why = SealedTextField()
    state = models.CharField(max_length=10, choices=EnquiryState, default=EnquiryState.OPEN)
    asked_at = models.DateTimeField()
    by = ActorField()
    answer = SealedTextField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = ActorField(null=True, blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "enquiries"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=EnquiryState.OPEN, answered_at__isnull=True)
                | (~Q(state=EnquiryState.OPEN) & Q(answered_at__isnull=False)),
                name="an_enquiry_is_answered_at_an_hour",
                violation_error_message=_("An answer has its hour."),
            ),
            models.UniqueConstraint(
                fields=["person", "user"],
                condition=Q(state=EnquiryState.OPEN),
                name="one_open_enquiry_about_somebody",
                violation_error_message=_("You have asked already; wait for the answer."),
            ),
        ]
        indexes = [models.Index(fields=["user", "-asked_at"], name="enquiries_of_an_account")]
