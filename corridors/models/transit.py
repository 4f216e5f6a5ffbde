"""Transit corridors: the agreed way from an entry crossing through a country to an exit crossing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from corridors.enums import ApprovalState
from corridors.models.listed import all_conditions
from corridors.models.places import BorderCrossing
from notifications.enums import AnsweredBy


@classified(public="code name entry exit from_country transit_country further_countries to_country")
class TransitCorridor(models.Model):
    """Where it leads: in by `entry`, through one country or several, out by `exit`. What is agreed stands in its versions.

    `transit_country` is the one that is entered, `further_countries` those after it in the order in which they are crossed;
    the crossings between them are agreed version by version (`Leg`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    entry = models.ForeignKey(BorderCrossing, on_delete=models.PROTECT, related_name="corridors_entering")
    exit = models.ForeignKey(BorderCrossing, on_delete=models.PROTECT, related_name="corridors_leaving")
    from_country = models.CharField(max_length=3)
    transit_country = models.CharField(max_length=3)
    further_countries = models.JSONField(default=list, blank=True, db_default=[])
    to_country = models.CharField(max_length=3)

    def __str__(self) -> str:
        return self.name

    @property
    def through(self) -> list[str]:
        """The countries that are crossed, in order."""
        return [self.transit_country, *self.further_countries]

    @property
    def countries(self) -> list[str]:
        """Every country on the way, from the one that is left to the one that is reached."""
        return [self.from_country, *self.through, self.to_country]

    @property
    def last_country(self) -> str:
        """The country that is left by `exit`."""
        return self.through[-1]

    @property
    def is_chain(self) -> bool:
        """Whether it leads through more than one country, so that its versions have a leg for each."""
        return bool(self.further_countries)


@classified(
    public="corridor number longest_transit conditions listed evidence head_count_cap vehicle_cap needed"
    " requested_by document_reference opens_local closes_local zone hours opens_at closes_at answer_by made_at made_by"
    " requirement_changed_at"
)
class CorridorVersion(models.Model):
    """One wording, which its parties approve or not. A requirement that changes on its way marks it (`requirement_changed_at`).

    The window is when people may enter: naive wall time in `zone` (`opens_local`, `closes_local`, kept as if UTC), and the
    instants that follow from it. With `hours` it opens again and again between the two, on some days of the week and between
    two hours of the clock in `zone` (`opening_hours`). `answer_by` is the hour until which its parties are asked to decide,
    `needed` how many of them have to approve; None means every one. `listed` are conditions from the list
    (`CorridorCondition`) with what more is said of each, `conditions` those in words, `evidence` what has to be at hand at
    the barrier (`RequiredEvidence`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    corridor = models.ForeignKey(TransitCorridor, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    longest_transit = models.DurationField()
    conditions = models.JSONField(default=list)
    listed = models.JSONField(default=dict, db_default={})
    evidence = models.JSONField(default=list, db_default=[])
    head_count_cap = models.PositiveIntegerField()
    vehicle_cap = models.PositiveSmallIntegerField(null=True, blank=True)
    needed = models.PositiveSmallIntegerField(null=True, blank=True)
    requested_by = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    document_reference = models.CharField(max_length=100)
    opens_local = models.DateTimeField(null=True, blank=True)
    closes_local = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    hours = models.JSONField(default=list, blank=True, db_default=[])
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = ActorField()
    requirement_changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["corridor", "number"], name="corridor_versions_are_numbered"),
            models.CheckConstraint(
                condition=Q(head_count_cap__gt=0),
                name="corridor_cap_is_positive",
                violation_error_message=_("A corridor is for at least one person."),
            ),
            models.CheckConstraint(
                condition=Q(vehicle_cap__isnull=True) | Q(vehicle_cap__gt=0),
                name="corridor_vehicles_are_positive",
                violation_error_message=_("A corridor is for at least one vehicle."),
            ),
            models.CheckConstraint(
                condition=Q(needed__isnull=True) | Q(needed__gt=0),
                name="corridor_needs_at_least_one",
                violation_error_message=_("At least one party has to approve."),
            ),
            models.CheckConstraint(
                condition=Q(
                    opens_local__isnull=True,
                    closes_local__isnull=True,
                    opens_at__isnull=True,
                    closes_at__isnull=True,
                    zone="",
                )
                | (
                    Q(opens_local__isnull=False, closes_local__isnull=False, closes_at__gt=models.F("opens_at"))
                    & ~Q(zone="")
                ),
                name="corridor_window_is_whole",
                violation_error_message=_("A window has an opening, a later end, and a zone; or there is none yet."),
            ),
            models.CheckConstraint(
                condition=Q(hours=[]) | Q(opens_at__isnull=False),
                name="corridor_hours_lie_between_dates",
                violation_error_message=_("Days and hours lie between two dates."),
            ),
        ]

    @property
    def has_window(self) -> bool:
        """Whether it is said when people may enter."""
        return self.closes_at is not None

    @property
    def conditions_in_words(self) -> list[str]:
        """All that is agreed: from the list, then in words, then what has to be shown; in the active language."""
        return all_conditions(self.listed, self.conditions, self.evidence)


@classified(
    public="version organisation state is_must asked_at asked_by answer_by decided_at decided_how function note reference"
    " opens_at closes_at head_count_cap vehicle_cap route carried_from reopened",
    personal="name by",
)
class Approval(models.Model):
    """What one party says to one version. The first decision stands: the database refuses to change it.

    `asked_at` is the first time that the party was asked, `answer_by` the hour at which the request lapses. Without a party
    that `is_must` the version does not open, however many others approve. Window, caps and `route` are what a party allows
    where that is less than the wording says.

    A decision that holds for a later version too has a row there with the same hours, author and reference, and
    `carried_from` is the row in which it was taken; `asked_at` is then the hour at which it was carried over. Where it does
    not hold, `reopened` says why: a list of [code of `Reopened`, what was approved, what is asked now].
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(CorridorVersion, on_delete=models.PROTECT, related_name="approvals")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="approvals")
    state = models.CharField(max_length=20, choices=ApprovalState, default=ApprovalState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = ActorField()
    answer_by = models.DateTimeField()
    is_must = models.BooleanField(default=False, db_default=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_how = models.CharField(max_length=10, choices=AnsweredBy, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    function = models.CharField(_("function"), max_length=120, blank=True)
    note = models.TextField(_("conditions or reason"), max_length=2000, blank=True)
    reference = models.CharField(_("document reference"), max_length=100, blank=True)
    by = ActorField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    head_count_cap = models.PositiveIntegerField(null=True, blank=True)
    vehicle_cap = models.PositiveSmallIntegerField(null=True, blank=True)
    route = models.CharField(max_length=300, blank=True, default="", db_default="")
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_to")
    reopened = models.JSONField(default=list, blank=True, db_default=[])
    letters: Sequence[tuple[Any, str]] = ()
    """Pages of the letter behind it with a key for each, where a page shows them (`decision_scans.link_letters`)."""

    class Meta:
        ordering = ["organisation__name_en", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(carried_from__isnull=True) | ~Q(state=ApprovalState.ASKED),
                name="carried_approval_is_decided",
                violation_error_message=_("Only what was decided is carried over."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True, closes_at__isnull=True) | Q(closes_at__gt=models.F("opens_at")),
                name="own_window_is_whole",
                violation_error_message=_("An own window has an opening and a later end, or there is none."),
            ),
            models.UniqueConstraint(
                fields=["version", "organisation"],
                name="one_approval_of_a_version_per_party",
                violation_error_message=_("This party is asked about this version already."),
            ),
            models.CheckConstraint(
                condition=Q(state=ApprovalState.ASKED, decided_at__isnull=True)
                | (~Q(state=ApprovalState.ASKED) & Q(decided_at__isnull=False)),
                name="decided_approval_has_its_hour",
                violation_error_message=_("A decision is taken at an hour, or not at all."),
            ),
        ]
        indexes = [models.Index(fields=["organisation"], condition=Q(state="asked"), name="approvals_asked")]


@classified(public="version reason suspended_at resumed_at resumed_why", personal="suspended_by resumed_by")
class Suspension(models.Model):
    """A time during which a version may not be used although its parties approved it; the end is exclusive."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(CorridorVersion, on_delete=models.PROTECT, related_name="suspensions")
    reason = models.CharField(max_length=300)
    suspended_at = models.DateTimeField()
    suspended_by = ActorField()
    resumed_at = models.DateTimeField(null=True, blank=True)
    resumed_why = models.CharField(max_length=300, blank=True)
    resumed_by = ActorField(null=True, blank=True)

    class Meta:
        ordering = ["suspended_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(resumed_at__isnull=True),
                name="one_suspension_at_a_time",
                violation_error_message=_("This version is suspended already."),
            )
        ]
