"""Who drives, escorts, treats and leads: the crew of a movement, with the papers that were checked."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from partners.models import Organisation
from returns.enums import CrewRole
from returns.models.movements import Movement, Vehicle


@classified(
    public="movement vehicle mission role organisation recorded_at checked_at",
    personal="name checked_by by",
    sensitive="phone document_kind document_number document_until",
)
class CrewMember(models.Model):
    """One of the crew. A driver has a bus; the others may have one. `checked_at` is when somebody saw the paper itself."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="crew")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, null=True, blank=True, related_name="crew")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("does"), max_length=20, choices=CrewRole)
    name = models.CharField(_("name"), max_length=120)
    phone = SealedTextField(null=True, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    document_kind = models.CharField(_("kind of paper"), max_length=60, blank=True)
    document_number = SealedTextField(null=True, blank=True)
    document_until = models.DateField(_("valid until"), null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = ActorField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["vehicle__rank", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["movement"],
                condition=Q(role=CrewRole.LEADER),
                name="one_leader_of_a_movement",
                violation_error_message=_("This movement has a leader already; take that one off first."),
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[CrewRole.DRIVER, CrewRole.RELIEF_DRIVER]) | Q(vehicle__isnull=False),
                name="driver_has_a_bus",
                violation_error_message=_("Choose the bus of the driver."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
