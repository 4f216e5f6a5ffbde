"""Telling who asked for a corridor that a party has decided, and a party that its decision holds for the next version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

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

    It reads what all parties have said: whoever decides by link sees only their own request.
    """
    codes = {approval.asked_by.organisation_ref, version.requested_by.code} - {"", approval.organisation.code}
    told = [Told(organisation) for organisation in Organisation.objects.filter(code__in=codes).order_by("code")]
    if not told:
        return
    raise_alert(
        kind=KIND,
        source=f"approval:{approval.public_id}",
        subject=subject_of(version.corridor.entry),
        context=alert_context(approval, version, state=standing_of(version, at=at).state, at=at),
        told=told,
        expires_at=at + ANSWER_WITHIN,
        first_concerned_at=version.opens_at,
        mission=approval.asked_by.organisation_ref,
        by=by,
        at=at,
    )


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
