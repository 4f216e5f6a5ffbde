"""Publish a draft whose impact somebody has read; if the impact has moved since, say so and publish nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from corridors import requirements, rules
from corridors.models import RequirementChange, RequirementDraft
from migrants.models import TravelGroup
from returns import ledgers
from returns.concerned import directions_of
from returns.engine import slots
from returns.impact import Impact, impact_of


class ImpactMovedError(Exception):
    """What was shown is no longer what would happen. `impact` is how it stands now; nothing was published."""

    def __init__(self, impact: Impact) -> None:
        super().__init__("the impact has moved since it was shown")
        self.impact = impact


@transaction.atomic
def publish(*, draft: RequirementDraft, fingerprint: str, by: Actor, at: datetime) -> RequirementChange:
    """Publish `draft` and tell exactly those whom its impact named. Raises ImpactMovedError, `requirements.RequirementError`.

    `fingerprint` is that of the impact which was shown. Telling does not wait for the stored judgements: a task brings
    them up to date as soon as this is committed.
    """
    _refuse_crowding(draft, at=at)
    impact = impact_of(draft, at=at)
    if draft.published_version_id is None and impact.fingerprint != fingerprint:
        raise ImpactMovedError(impact)
    change = requirements.publish(
        draft=draft,
        told=[reached.told for reached in impact.told],
        first_concerned_at=impact.first_concerned_at,
        by=by,
        at=at,
    )
    RequirementDraft.objects.filter(pk=draft.pk).update(told_fingerprint=fingerprint)
    return change


def refuse_unknown_groups(content: Any) -> None:
    """Raise RequirementError where a rule names a group that does not exist: it would bind or spare nobody, unseen."""
    try:
        leaves = list(rules.content_leaves(rules.parse_content(content)))
    except rules.RuleError:
        return  # whoever writes the draft says what cannot be read
    named = {code for leaf in leaves if isinstance(leaf, rules.NamedGroup) for code in leaf.codes}
    unknown = named.difference(TravelGroup.objects.filter(code__in=named).values_list("code", flat=True))
    if unknown:
        sentence = _("No group has the code %(codes)s. Look it up among the groups and write it as it stands there.")
        raise requirements.RequirementError("content", sentence % {"codes": ", ".join(sorted(unknown))})


def _refuse_crowding(draft: RequirementDraft, *, at: datetime) -> None:
    """Raise RequirementError where more would be asked at a crossing than its stored judgements have room for."""
    directions = directions_of(draft.requirement)
    try:
        slots.refuse_crowding(ledgers.known(directions, at=at).with_draft(draft), directions, at=at)
    except slots.TooManyConditionsError as error:
        raise requirements.RequirementError(error.field, error.sentence) from error
