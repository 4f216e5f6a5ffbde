"""Tell the people themselves: the text to read out in their languages, and the record that it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from corridors.lines import asked_at
from corridors.models import RequirementVersion
from corridors.requirements import source_of
from migrants.models import TravelGroup
from notifications.messages import readout
from notifications.models import Alert
from returns.models import GroupTold

LANGUAGES = ("tg", "ru", "uz", "en")
"""Languages in which a text to read out exists; the first two are read at every halt."""


class TellingError(RefusalError):
    """A telling that cannot be written down; `field` names what to mend, the text how."""


@dataclass(frozen=True, slots=True)
class ReadOut:
    """What is read out in one language; it names no person."""

    language: str
    text: str


def texts_for(version: RequirementVersion, *, languages: Sequence[str] = LANGUAGES) -> list[ReadOut]:
    """Give the texts to read out of a published version; none where no alert was raised for it."""
    alert = Alert.objects.filter(source=source_of(version)).first()
    return [] if alert is None else [ReadOut(language, readout(alert, language)) for language in languages]


def latest_change_for(group: TravelGroup) -> RequirementVersion | None:
    """Give the version that was published last for the direction in which the group waits."""
    return (
        RequirementVersion.objects.filter(
            asked_at(group.crossing_id, group.from_country, group.to_country, path="requirement__"),
            change__isnull=False,
        )
        .select_related("requirement__crossing")
        .order_by("-change__at", "-pk")
        .first()
    )


@transaction.atomic
def record_told(
    *,
    group: TravelGroup,
    version: RequirementVersion,
    languages: Sequence[str],
    people_told: int,
    by: Actor,
    at: datetime,
) -> GroupTold:
    """Write down that a version was read out to the group, in which languages, to how many. Raises TellingError."""
    if not languages or any(language not in LANGUAGES for language in languages):
        raise TellingError("languages", _("Say in which languages it was read out; choose at least one."))
    if not 1 <= people_told <= 100_000:
        raise TellingError("people_told", _("Say how many people heard it: a number from 1 to 100,000."))
    told = GroupTold.objects.create(
        group=group,
        mission_id=group.mission_id,
        version=version,
        languages=[language for language in LANGUAGES if language in languages],
        people_told=people_told,
        told_at=at,
        by=by,
    )
    audit.record("group told", told, by=by, at=at)
    return told
