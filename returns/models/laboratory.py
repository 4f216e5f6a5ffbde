"""Lists for a laboratory by case number alone, the samples on them, and the question that a positive result asks."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from migrants.enums import TestKind
from migrants.models import HealthTest, Migrant, TravelGroup
from migrants.scope import within_missions
from partners.access import Viewer
from returns.enums import TravelAnswer
from returns.models.cases import ReturnCase
from returns.models.movements import Movement


class SampleListQuerySet(models.QuerySet["SampleList"]):
    def visible_to(self, viewer: Viewer) -> SampleListQuerySet:
        return within_missions(self, viewer, crossing="group__crossing__code")


@classified(public="group mission number kind laboratory made_at by")
class SampleList(models.Model):
    """Whom a laboratory tests, by case number and without a name. `number` counts the lists of the group."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="sample_lists")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("test"), max_length=20, choices=TestKind)
    laboratory = models.CharField(_("laboratory"), max_length=200)
    made_at = models.DateTimeField()
    by = ActorField()

    objects = SampleListQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["group", "number"], name="sample_lists_are_numbered")]

    def __str__(self) -> str:
        return f"{self.group.code}/{self.number}"


@classified(public="sample_list mission batch recorded_at", personal="case", sensitive="test by")
class Sample(models.Model):
    """One case on a list. `test` is its latest health test: awaited once the sample is taken, then with its result.

    The hour of sampling stands on the test; samples recorded together have the same `batch`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sample_list = models.ForeignKey(SampleList, on_delete=models.CASCADE, related_name="samples")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(ReturnCase, on_delete=models.PROTECT, related_name="samples")
    batch = models.PositiveSmallIntegerField(null=True, blank=True)
    test = models.OneToOneField(HealthTest, on_delete=models.PROTECT, null=True, blank=True, related_name="sample")
    recorded_at = models.DateTimeField(null=True, blank=True)
    by = ActorField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample_list", "case"], name="one_sample_per_case_and_list"),
            models.CheckConstraint(
                condition=Q(batch__isnull=True, test__isnull=True, recorded_at__isnull=True)
                | Q(batch__isnull=False, test__isnull=False, recorded_at__isnull=False),
                name="sample_taken_in_whole",
                violation_error_message=_("A sample that was taken has its batch and its test."),
            ),
        ]


class TravelQuestionQuerySet(models.QuerySet["TravelQuestion"]):
    def visible_to(self, viewer: Viewer) -> TravelQuestionQuerySet:
        return within_missions(
            self,
            viewer,
            crossing="case__person__group__crossing__code",
            group="case__person__group",
            person="case__person",
        )

    def standing(self) -> TravelQuestionQuerySet:
        """Those whose test still says what it said."""
        return self.filter(withdrawn_at__isnull=True)

    def keeping_back(self) -> TravelQuestionQuerySet:
        """Those that keep somebody from travelling: not answered yet, or answered so."""
        return self.standing().exclude(answer=TravelAnswer.TRAVELS)


@classified(public="mission raised_at answered_at withdrawn_at", sensitive="case test is_own answer why answered_by")
class TravelQuestion(models.Model):
    """A positive test keeps its case, and those of the same family, from travelling until a coordinator has decided.

    `is_own` tells whether it is the tested person. A corrected result withdraws its questions.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(ReturnCase, on_delete=models.CASCADE, related_name="travel_questions")
    test = models.ForeignKey(HealthTest, on_delete=models.CASCADE, related_name="travel_questions")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    is_own = models.BooleanField()
    raised_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=TravelAnswer, blank=True)
    why = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = ActorField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = TravelQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "test"], name="one_question_per_case_and_test"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="question_is_answered_in_whole",
                violation_error_message=_("An answer has its hour."),
            ),
        ]


class LateResultQuerySet(models.QuerySet["LateResult"]):
    def visible_to(self, viewer: Viewer) -> LateResultQuerySet:
        return within_missions(
            self, viewer, crossing="person__group__crossing__code", group="person__group", person="person"
        )

    def open(self) -> LateResultQuerySet:
        """Those that nobody has taken up yet."""
        return self.filter(taken_up_at__isnull=True)


@classified(public="mission raised_at taken_up_at", sensitive="person test movement taken_up_by note")
class LateResult(models.Model):
    """A result that came when the person was out of our hands already: the case closed, or the group handed over (rule 25).

    It waits for a protection officer, and for nobody outside: no consulate learns of it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="late_results")
    test = models.OneToOneField(HealthTest, on_delete=models.CASCADE, related_name="late_result")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    raised_at = models.DateTimeField()
    taken_up_at = models.DateTimeField(null=True, blank=True)
    taken_up_by = ActorField(null=True, blank=True)
    note = SealedTextField(null=True, blank=True)

    objects = LateResultQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        indexes = [models.Index(fields=["raised_at"], condition=Q(taken_up_at__isnull=True), name="late_results_open")]
