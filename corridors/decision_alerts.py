"""Telling who asked for a corridor that a party has decided, and a party that its decision holds for the next version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from common.actors import Actor
from common.audience import reaching_for
from corridors import carried_words
from corridors.audiences import subject_of
from corridors.decision_words import KIND, alert_context
from corridors.models import Approval, CorridorVersion
from corridors.standings import standing_of
from notifications.alerts import Told, raise_alert
from notifications.models import Alert
from partners.models import Organisation

ANSWER_WITHIN = timedelta(days=2)


@reaching_for("telling")
def tell_of_decision(approval: Approval, version: CorridorVersion, *, by: Actor, at: datetime) -> None:
    """Tells the office that asked and the authority in whose name it asked, never the party itself.

    What it decided on an older version of the corridor no longer counts: whoever has not answered that notice owes this one.

    It reads what all parties have said: whoever decides by link sees only their own request.
    """
    codes = {approval.asked_by.organisation_ref, version.requested_by.code} - {"", approval.organisation.code}
    told = [Told(organisation) for organisation in Organisation.objects.filter(code__in=codes).order_by("code")]
    if not told:
        return
    raise_alert(
        kind=KIND,
        source=_source_of(approval.public_id),
        subject=subject_of(version.corridor.entry),
        context=alert_context(approval, version, state=standing_of(version, at=at).state, at=at),
        told=told,
        expires_at=at + ANSWER_WITHIN,
        first_concerned_at=version.opens_at,
        supersedes=_before(approval, version),
        mission=approval.asked_by.organisation_ref,
        by=by,
        at=at,
    )


def _source_of(public_id: UUID) -> str:
    return f"approval:{public_id}"


def _before(approval: Approval, version: CorridorVersion) -> Alert | None:
    """Give the standing notice of what this party decided on an older version."""
    older = Approval.objects.filter(
        version__corridor=version.corridor_id,
        version__number__lt=version.number,
        organisation=approval.organisation_id,
    )
    sources = [_source_of(key) for key in older.values_list("public_id", flat=True)]
    return Alert.objects.filter(kind=KIND, source__in=sources).newest_standing()


@reaching_for("telling")
def tell_carried(version: CorridorVersion, approvals: Sequence[Approval], *, by: Actor, at: datetime) -> None:
    """Tells the parties of `approvals` that what they decided before holds for `version`; the links of their letters too."""
    source = carried_words.source_of(version)
    raise_alert(
        kind=carried_words.KIND,
        source=f"{source}:{Alert.objects.filter(source__startswith=source).count() + 1}",
        subject=subject_of(version.corridor.entry),
        context=carried_words.alert_context(version, at=at),
        told=[Told(approval.organisation) for approval in approvals],
        expires_at=at + carried_words.ANSWER_WITHIN,
        first_concerned_at=version.opens_at,
        by=by,
        at=at,
    )
