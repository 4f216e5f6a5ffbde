"""What the engine of readiness keeps of the rules: conditions, the bit of each at a passage, and the rules of one time slice.

All of it follows from the ledger and is made from it (docs/adr/0027-readiness-in-bits.md).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from common.personal_data import classified
from corridors.enums import Mode
from corridors.models.places import BorderCrossing


@classified(public="crossing from_country to_country mode")
class Passage(models.Model):
    """A crossing in one direction by one means of travel (empty: not known): who is judged there shares one numbering."""

    crossing = models.ForeignKey(BorderCrossing, on_delete=models.CASCADE, related_name="+")
    from_country = models.CharField(max_length=3)
    to_country = models.CharField(max_length=3)
    mode = models.CharField(max_length=10, choices=Mode, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["crossing", "from_country", "to_country", "mode"], name="one_passage_per_direction_and_mode"
            )
        ]


@classified(public="kind params zone canonical")
class RuleAtom(models.Model):
    """One condition, never changed: its `kind` and `params` as in the rule tree, read on the calendar of `zone`.

    `canonical` is both as one text: equal texts are one condition.
    """

    kind = models.CharField(max_length=40)
    params = models.JSONField()
    zone = models.CharField(max_length=64)
    canonical = models.TextField(unique=True)


@classified(public="passage atom bit")
class AtomSlot(models.Model):
    """The bit that one condition has at one passage, while a rule that is known there asks for it."""

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="slots")
    atom = models.ForeignKey(RuleAtom, on_delete=models.CASCADE, related_name="+")
    bit = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["passage", "atom"], name="one_slot_per_passage_and_atom"),
            models.UniqueConstraint(fields=["passage", "bit"], name="one_atom_per_bit"),
        ]


@classified(public="passage versions keys")
class RuleSet(models.Model):
    """The rules of one time slice at a passage, in the order of their bits; never changed.

    `versions` are the keys of `RequirementVersion`, `keys` their public ids in the same order. The key of one that begins while
    a queue may last is negative: it is asked of those alone who stand there then.
    """

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="rule_sets")
    versions = ArrayField(models.BigIntegerField())
    keys = ArrayField(models.UUIDField())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["passage", "versions"], name="one_rule_set_per_passage_and_versions")
        ]
