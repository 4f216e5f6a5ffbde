"""Every change of where a version stands: written down for the floor above, and told at once to whom it stops.

A standing is read and stored nowhere (`standings`); what is kept here is that it became another one, and when.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.audience import reaching_for
from corridors import stopped_words
from corridors.audiences import subject_of
from corridors.enums import CorridorState
from corridors.models import Approval, CorridorVersion, StandingChange, TransitCorridor
from corridors.standings import standing_of
from notifications.alerts import Told, raise_alert
from notifications.models import Alert
from partners.models import Organisation

ANSWER_WITHIN = timedelta(days=2)
REMINDED_AFTER, REMINDED_AGAIN = timedelta(hours=6), timedelta(days=1)
"""So long a suspension may stand before somebody has to look at it again, and then each day."""
LIVE = (CorridorState.AWAITING, CorridorState.OPEN, CorridorState.SUSPENDED, CorridorState.CONTRADICTORY)
STOPPED = (CorridorState.SUSPENDED, CorridorState.WITHDRAWN, CorridorState.CONTRADICTORY)
UNDECIDED = (CorridorState.AWAITING, CorridorState.SUSPENDED, CorridorState.CONTRADICTORY)
RUNNING = (CorridorState.AWAITING, CorridorState.OPEN)


@transaction.atomic
@reaching_for("telling")
def note_standing(*, version: CorridorVersion, why: str, by: Actor, at: datetime) -> StandingChange | None:
    """Writes down where `version` stands since `at`, if that is new, and tells it; the caller holds the corridor's lock.

    It reads what all parties have said, whoever asks. A suspension, a withdrawal and the end of a suspension go to all
    parties and to who asked for the corridor; a request that lapsed goes to the latter alone.
    """
    last = StandingChange.objects.filter(version=version).last()
    was, now = last.now if last else CorridorState.DRAFT.value, standing_of(version, at=at).state
    if was == now:
        return None
    change = StandingChange.objects.create(version=version, was=was, now=now, why=why[:500], changed_at=at)
    audit.record("standing changed", change, by=by, at=at, why=f"{was} → {now}")
    if told := _told(change, by=by):
        raise_alert(
            kind=stopped_words.KIND,
            source=f"standing-change:{change.public_id}",
            subject=subject_of(version.corridor.entry),
            context=stopped_words.alert_context(change, speaker=_speaker(by)),
            told=[Told(organisation) for organisation in told],
            expires_at=at + ANSWER_WITHIN,
            by=by,
            at=at,
        )
    return change


def _told(change: StandingChange, *, by: Actor) -> Collection[Organisation]:
    """Whom a change concerns: never whoever made it."""
    approvals = Approval.objects.filter(version=change.version).select_related("organisation")
    codes = {approval.asked_by.organisation_ref for approval in approvals} | {change.version.requested_by.code}
    is_over = change.was in UNDECIDED and change.now == CorridorState.LAPSED
    goes_on = change.was == CorridorState.SUSPENDED and change.now in RUNNING
    if change.now in STOPPED or goes_on:
        codes |= {approval.organisation.code for approval in approvals}
    elif not is_over:
        return []
    return list(Organisation.objects.filter(code__in=codes - {by.organisation_ref, ""}).order_by("code"))


def _speaker(by: Actor) -> Organisation | None:
    return Organisation.objects.filter(code=by.organisation_ref).first() if by.organisation_ref else None


def note_lapses(*, by: Actor, at: datetime) -> int:
    """Writes down what ended by the hour alone: requests that nobody answered in time, and windows; returns how many.

    A corridor on which somebody is acting is left for the next round, so that two workers note nothing twice.
    """
    last = StandingChange.objects.filter(version=OuterRef("pk")).order_by("-pk").values("now")[:1]
    live = CorridorVersion.objects.annotate(last=Subquery(last)).filter(last__in=LIVE)
    return sum(_note_lapse(version, by=by, at=at) for version in live)


@transaction.atomic
def _note_lapse(version: CorridorVersion, *, by: Actor, at: datetime) -> bool:
    if not TransitCorridor.objects.select_for_update(skip_locked=True).filter(pk=version.corridor_id).exists():
        return False
    if standing_of(version, at=at).state != CorridorState.LAPSED:
        return False
    return note_standing(version=version, why=_("by its hour alone"), by=by, at=at) is not None


def remind_of_suspensions(*, by: Actor, at: datetime) -> int:
    """Says of each suspension that nobody has ended for six hours, and then each day, that it stands; returns how many."""
    newest = StandingChange.objects.filter(version=OuterRef("version")).order_by("-pk").values("pk")[:1]
    suspended = StandingChange.objects.filter(pk=Subquery(newest), now=CorridorState.SUSPENDED)
    first = Q(reminded_at__isnull=True, changed_at__lte=at - REMINDED_AFTER)
    due = suspended.filter(first | Q(reminded_at__lte=at - REMINDED_AGAIN))
    return sum(_remind(change, by=by, at=at) for change in due.select_related("version__corridor__entry"))


@transaction.atomic
@reaching_for("telling")
def _remind(change: StandingChange, *, by: Actor, at: datetime) -> bool:
    """Tells whoever can end it, the party that suspended, and whoever asked for the corridor."""
    version = change.version
    if not TransitCorridor.objects.select_for_update(skip_locked=True).filter(pk=version.corridor_id).exists():
        return False
    change.refresh_from_db(fields=["reminded_at"])
    standing = standing_of(version, at=at)
    is_said = change.reminded_at is not None and change.reminded_at > at - REMINDED_AGAIN
    if is_said or standing.state != CorridorState.SUSPENDED:
        return False
    parties = {stop.party.code for stop in standing.stops if stop.party}
    askers = {approval.asked_by.organisation_ref for approval in standing.approvals} | {version.requested_by.code}
    source = f"standing-change:{change.public_id}"
    raise_alert(
        kind=stopped_words.KIND,
        source=f"{source}:{Alert.objects.filter(source__startswith=source).count()}",
        subject=subject_of(version.corridor.entry),
        context=stopped_words.alert_context(change, speaker=standing.stops[0].party, again=True),
        told=[Told(each) for each in Organisation.objects.filter(code__in=(parties | askers) - {""}).order_by("code")],
        expires_at=at + ANSWER_WITHIN,
        by=by,
        at=at,
    )
    change.reminded_at = at
    change.save(update_fields=["reminded_at"])
    audit.record("suspension said again", change, by=by, at=at)
    return True
