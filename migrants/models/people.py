"""People: the name as written, nothing invented, each fact with its time and who recorded it."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import BlindIndexField, SealedTextField
from migrants.enums import (
    AloneStatus,
    BirthBasis,
    DocumentKind,
    DocumentState,
    NameKind,
    NationalityStatus,
    Script,
    Sex,
)
from migrants.models.groups import Family, TravelGroup
from migrants.names.keys import document_key
from migrants.scope import within_missions
from partners.access import Viewer


class BirthKeys(models.Func):
    """Name keys joined with what is known of the birth, by which a list is compared (`migrants/meeting.py`)."""

    function = "birth_keys"
    output_field = ArrayField(models.IntegerField())


class MigrantQuerySet(models.QuerySet["Migrant"]):
    def visible_to(self, viewer: Viewer) -> MigrantQuerySet:
        return within_missions(self.living_records(), viewer, crossing="group__crossing__code", person="self")

    def living_records(self) -> MigrantQuerySet:
        """Without those that were merged into another record."""
        return self.filter(merged_into__isnull=True)


@classified(
    public="mission group family merged_into recorded_at registered_at caseload",
    personal="number full_name script surname given_names father_name latin_name name_keys sort_key sex birth_year"
    " birth_month birth_day birth_basis language other_languages needs_interpreter documents_asked_at by",
    sensitive="alone phone phone_index",
    confidential="note",
)
class Migrant(models.Model):
    """One person. `number` is what is called and printed (random, rule 12); birth parts may each be unknown (rule 20).

    `script` is that of the full name, detected or set; its parts are optional, for a single name is a whole one (rule 17).
    `documents_asked_at` tells "asked, has none" from "never asked"; `needs_interpreter` None: never asked. The phone, the
    first to call, is sealed, E.164 inside where it can be; more of them are `PersonPhone`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=12, unique=True)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    family = models.ForeignKey(Family, on_delete=models.SET_NULL, null=True, blank=True, related_name="people")
    full_name = models.CharField(_("full name as written"), max_length=200)
    script = models.CharField(_("letters"), max_length=4, choices=Script, blank=True, db_default="")
    surname = models.CharField(_("surname"), max_length=100, blank=True, db_default="")
    given_names = models.CharField(_("given names"), max_length=100, blank=True, db_default="")
    father_name = models.CharField(_("father’s name"), max_length=100, blank=True, db_default="")
    latin_name = models.CharField(_("name in Latin letters"), max_length=200, blank=True)
    name_keys = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    sort_key = models.CharField(max_length=200, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, default=Sex.UNKNOWN)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(_("month of birth"), null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(_("day of birth"), null=True, blank=True)
    birth_basis = models.CharField(max_length=20, choices=BirthBasis, default=BirthBasis.DOCUMENT)
    language = models.CharField(max_length=8, blank=True)
    other_languages = ArrayField(models.CharField(max_length=8), default=list, blank=True, db_default=[])
    needs_interpreter = models.BooleanField(null=True, blank=True)
    alone = models.CharField(max_length=20, choices=AloneStatus, default=AloneStatus.NO)
    documents_asked_at = models.DateTimeField(null=True, blank=True)
    phone = SealedTextField(null=True, blank=True)
    phone_index = BlindIndexField(of="phone")
    note = SealedTextField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from")
    registered_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = ActorField()
    caseload = models.BigIntegerField(null=True, editable=False)
    """Mission and crossing of the group in one number, by which the wall knows whose casework it is. The database keeps it."""

    objects = MigrantQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["name_keys"], name="people_by_name_key", fastupdate=False),
            GinIndex(
                BirthKeys(F("name_keys"), F("birth_year"), F("birth_month"), F("birth_day")),
                name="people_by_name_and_birth",
                fastupdate=False,
            ),
            GinIndex(
                fields=["name_keys"],
                name="people_by_name_without_year",
                condition=Q(birth_year__isnull=True),
                fastupdate=False,
            ),
            models.Index(fields=["group", "number"], name="people_of_a_group"),
            models.Index(fields=["phone_index"], name="people_by_phone"),
            GinIndex(OpClass(Upper("full_name"), name="gin_trgm_ops"), name="people_by_written_name"),
            GinIndex(OpClass(Upper("latin_name"), name="gin_trgm_ops"), name="people_by_latin_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True) | Q(birth_month__gte=1, birth_month__lte=12),
                name="birth_month_exists",
                violation_error_message=_("The month of birth is a number from 1 to 12."),
            ),
            models.CheckConstraint(
                condition=Q(birth_day__isnull=True) | Q(birth_day__gte=1, birth_day__lte=31),
                name="birth_day_exists",
                violation_error_message=_("The day of birth is a number from 1 to 31."),
            ),
            models.CheckConstraint(
                condition=~Q(full_name=""),
                name="person_has_a_name",
                violation_error_message=_("Write the name as it stands."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


@classified(public="person mission recorded_at", personal="full_name kind valid_from valid_until by")
class PersonName(models.Model):
    """Another name of the person: in the passport, in another script, a former one; with the days, where they are known.

    Original and keys are kept, nothing is corrected (rule 18).
    """

    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="names")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    full_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=NameKind)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lt=models.F("valid_until")),
                name="name_ends_after_it_began",
                violation_error_message=_("A name ends after it began. Check the two days."),
            )
        ]


@classified(
    public="person mission recorded_at replaced_at",
    personal="sex birth_year birth_month birth_day birth_basis recorded_by replaced_by",
)
class EarlierClaim(models.Model):
    """What was recorded of sex and birth until it was corrected: a claim is never overwritten (rule 15)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="earlier_claims")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    sex = models.CharField(max_length=1, choices=Sex)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_basis = models.CharField(max_length=20, choices=BirthBasis)
    recorded_at = models.DateTimeField()
    recorded_by = ActorField()
    replaced_at = models.DateTimeField()
    replaced_by = ActorField()

    class Meta:
        ordering = ["replaced_at", "pk"]


@classified(public="person mission recorded_at", personal="code status by")
class Nationality(models.Model):
    """ISO 3166 alpha-3 or an ICAO code (XXA stateless …), with how sure it is (rule 21)."""

    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="nationalities")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=3)
    status = models.CharField(max_length=20, choices=NationalityStatus, default=NationalityStatus.CLAIMED)
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        verbose_name_plural = "nationalities"
        constraints = [models.UniqueConstraint(fields=["person", "code"], name="one_row_per_nationality")]


@classified(
    public="person mission recorded_at", personal="kind state issuer expires_on by", sensitive="number number_index"
)
class TravelDocument(models.Model):
    """A document and its state: no passport is normal (rule 22). The number is sealed; the index finds it exactly."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="documents")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind)
    state = models.CharField(_("state"), max_length=20, choices=DocumentState, default=DocumentState.HELD)
    number = SealedTextField(null=True, blank=True)
    number_index = BlindIndexField(of="number", normalise=document_key)
    issuer = models.CharField(_("issued by"), max_length=3, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        indexes = [models.Index(fields=["number_index"], name="documents_by_number")]
