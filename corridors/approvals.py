"""A corridor before its parties: asking, deciding, suspending. Where it stands is read in `standings`.

A decision is of one party on one version. The first one stands; a party that changes its mind suspends or withdraws beside
it (`party_words`), and is asked again with the next version (docs/adr/0009-first-decision-stands.md).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.nudges import nudge
from common.pictures import Drawn
from corridors import transit
from corridors.audiences import subject_of
from corridors.carrying import DECIDED, Judged, carried, judged
from corridors.deciding import ApprovalError, already_decided, refuse_incomplete, refuse_own, set_own_terms
from corridors.decision_alerts import tell_carried, tell_of_decision
from corridors.decision_scans import keep_scan
from corridors.enums import ApprovalState, CorridorState
from corridors.legs import with_wording
from corridors.models import Approval, CorridorVersion, Suspension, TransitCorridor
from corridors.request_words import KIND, alert_context
from corridors.standing_changes import note_standing
from corridors.standings import Standing, is_open, standing_of, standings_of
from corridors.terms import OwnTerms
from corridors.waiving import WaiverError, refuse_unasked
from notifications.acknowledgements import acknowledge
from notifications.alerts import Told, raise_alert
from notifications.enums import AnsweredBy, NoticeState
from notifications.models import Alert, Notice
from notifications.models.alerts import AlertQuerySet
from partners.enums import OrganisationKind
from partners.models import Organisation

__all__ = [
    "ApprovalError",
    "Standing",
    "ask_parties",
    "decide",
    "is_open",
    "resume",
    "standing_of",
    "standings_of",
    "suspend",
]

NOT_PARTIES = (
    OrganisationKind.IOM,
    OrganisationKind.CARRIER,
    OrganisationKind.NGO,
    OrganisationKind.UN,
    OrganisationKind.DONOR,
)
"""Who serves people but decides on no passage."""


@transaction.atomic
def ask_parties(
    *,
    version: CorridorVersion,
    parties: Sequence[Organisation],
    answer_by: datetime,
    needed: int | None = None,
    musts: Collection[str] = (),
    by: Actor,
    at: datetime,
) -> list[Approval]:
    """Lays a version before its parties until `answer_by` and tells them; returns the rows of all, carried ones too.

    `needed` is how many of them have to approve (None: every one), `musts` the codes of those without which that is not
    enough; both are said when a version is laid before its first parties, and stay.

    Asked again, it adds parties, and asks those anew whose request has lapsed; whoever has decided is left in peace. A
    decision on the version before that holds for this one too (`carrying`) is carried over instead of asked for anew, and
    its party is told so. The alert takes the place of the corridor's last one, so that links to an older version end.
    Raises ApprovalError.
    """
    version = locked(version)
    _refuse_unfit(version, parties, answer_by, at=at)
    known = {approval.organisation_id: approval for approval in version.approvals.all()}
    waiting = [row for row in known.values() if row.state == ApprovalState.ASKED and row.answer_by <= at]
    fresh = {party.pk: party for party in parties if party.pk not in known}
    if not fresh and not waiting:
        raise ApprovalError("parties", _("All of them have been asked about this version. Choose another party."))
    if not known:
        _refuse_quorum(needed, musts, {party.code for party in fresh.values()})
        version.needed = needed
    _refuse_waivers(version, {*known, *fresh})
    found = judged(version, by=by, at=at)
    rows = [_row(version, party, found.get(party.pk), answer_by=answer_by, by=by, at=at) for party in fresh.values()]
    for row in rows:
        row.is_must = not known and row.organisation.code in musts
    made = Approval.objects.bulk_create(rows)
    Approval.objects.filter(pk__in=[row.pk for row in waiting]).update(answer_by=answer_by)
    if version.answer_by != answer_by or not known:
        version.answer_by = answer_by
        version.save(update_fields=["answer_by", "needed"])
    asked = [*made, *version.approvals.filter(pk__in=[row.pk for row in waiting]).select_related("organisation")]
    if owed := [row for row in asked if row.carried_from_id is None]:
        _tell(version, owed, answer_by=answer_by, by=by, at=at)
    if kept := [row for row in asked if row.carried_from_id is not None]:
        tell_carried(version, kept, by=by, at=at)
    audit.record_many([("party asked", approval) for approval in owed], by=by, at=at)
    audit.record_many([("decision carried over", approval) for approval in kept], by=by, at=at)
    before = version.corridor.versions.filter(number__lt=version.number, standing_changes__isnull=False)
    for touched in (version, before.order_by("-number").first()):
        if touched is not None:
            note_standing(version=touched, why="", by=by, at=at)
    return asked


def _row(
    version: CorridorVersion,
    party: Organisation,
    found: Judged | None,
    *,
    answer_by: datetime,
    by: Actor,
    at: datetime,
) -> Approval:
    """What a party is asked, or its decision on the version before where that holds for this one too."""
    if found is not None and found.holds:
        return carried(found, version, answer_by=answer_by, by=by, at=at)
    reopened = [list(reason) for reason in found.reasons] if found else []
    return Approval(
        version=version, organisation=party, asked_at=at, asked_by=by, answer_by=answer_by, reopened=reopened
    )


def _refuse_waivers(version: CorridorVersion, asked: Collection[int]) -> None:
    try:
        refuse_unasked(version, asked)
    except WaiverError as error:
        raise ApprovalError(error.field, error.sentence) from error


def _refuse_quorum(needed: int | None, musts: Collection[str], asked: Collection[str]) -> None:
    if needed is not None and not 1 <= needed <= len(asked):
        words = _("Give a number from 1 to %(n)d: so many are asked. Leave it empty if all of them have to approve.")
        raise ApprovalError("needed", words % {"n": len(asked)})
    if not set(musts) <= set(asked):
        raise ApprovalError("musts", _("Whoever must approve has to be among the parties that are asked."))


def locked(version: CorridorVersion) -> CorridorVersion:
    """The version as it stands, with its corridor locked: asking, deciding and writing the next one take turns."""
    TransitCorridor.objects.select_for_update().get(pk=version.corridor_id)
    rows = CorridorVersion.objects.select_related("corridor__entry", "corridor__exit", "requested_by")
    return with_wording(rows).prefetch_related("corridor__entry__sides", "corridor__exit__sides").get(pk=version.pk)


def _refuse_unfit(
    version: CorridorVersion, parties: Sequence[Organisation], answer_by: datetime, *, at: datetime
) -> None:
    newest = transit.newest_versions().get(corridor=version.corridor_id)
    if newest.pk != version.pk:
        raise ApprovalError("version", old_version_sentence(version, newest))
    if not version.has_window:
        raise ApprovalError(
            "version", _("Say first when people may enter: nobody can agree to a way without its hour.")
        )
    state = standing_of(version, at=at).state
    if version.closes_at is not None and version.closes_at <= at:
        raise ApprovalError("version", _("The window of this version is over. Write the next version with a new one."))
    if state == CorridorState.REJECTED:
        raise ApprovalError("version", _("A party has rejected this version. Write the next one and ask about that."))
    if state == CorridorState.WITHDRAWN:
        raise ApprovalError("version", _("A party has withdrawn from this version. Write the next one."))
    if any(party.kind in NOT_PARTIES for party in parties):
        raise ApprovalError("parties", _("Only authorities decide on a passage; choose ministries and services."))
    try:
        transit.refuse_answer_by(answer_by, closes_at=version.closes_at, at=at)
    except transit.CorridorError as error:
        raise ApprovalError(error.field, error.sentence) from error


def old_version_sentence(version: CorridorVersion, newest: CorridorVersion) -> str:
    """Says which version has taken the place of this one."""
    return _("Version %(newest)d has taken the place of version %(number)d; decide on that one.") % {
        "newest": newest.number,
        "number": version.number,
    }


def _tell(
    version: CorridorVersion, asked: Sequence[Approval], *, answer_by: datetime, by: Actor, at: datetime
) -> Alert:
    """The request as an alert: one notice for each party, with a link that decides and ends when the request lapses."""
    earlier = alerts_of(version.corridor)
    rounds = earlier.filter(source__startswith=source_of(version)).count()
    alert = raise_alert(
        kind=KIND,
        source=f"{source_of(version)}:{rounds + 1}",
        subject=subject_of(version.corridor.entry),
        context=alert_context(version, answer_by=answer_by, at=at),
        told=[Told(approval.organisation) for approval in asked],
        expires_at=answer_by,
        first_concerned_at=version.opens_at,
        supersedes=earlier.newest_standing(),
        by=by,
        at=at,
    )
    nudge("deliveries")
    return alert


def source_of(version: CorridorVersion) -> str:
    """How the alerts of a version are recognised; the round in which its parties were asked follows."""
    return f"corridor-version:{version.public_id}"


def alerts_of(corridor: TransitCorridor) -> AlertQuerySet:
    """Every alert by which parties of a corridor were asked."""
    return Alert.objects.filter(kind=KIND, context__corridor=str(corridor.public_id))


@transaction.atomic
def decide(
    *,
    approval: Approval,
    answer: str,
    name: str,
    function: str,
    note: str = "",
    reference: str = "",
    own: OwnTerms | None = None,
    decided_how: str = AnsweredBy.PAGE,
    scan: Sequence[Drawn] | None = None,
    by: Actor,
    at: datetime,
) -> Approval:
    """Writes what a party decided on a version: `approved`, `conditional` (the note or `own` say on what) or `rejected` (why).

    `own` is what the party allows where that is less than the wording says; it never allows more. `scan` are the pages of
    the letter by which it came.

    `by` speaks for the party: its link, its account, or a colleague on its behalf, who gives the reference of the call or
    letter. It acknowledges the party's notice, so that nobody else's reminders end. Raises ApprovalError and changes
    nothing: another organisation's request, a second decision, an old version, a request that has lapsed, the writer's own.
    """
    version = locked(approval.version)
    approval = Approval.objects.select_related("organisation").get(pk=approval.pk)
    _refuse_decision(approval, version, by=by, at=at)
    approval.state, approval.decided_at, approval.decided_how, approval.by = answer, at, decided_how, by
    approval.name, approval.function = " ".join(name.split())[:120], " ".join(function.split())[:120]
    approval.note, approval.reference = note.strip(), " ".join(reference.split())[:100]
    set_own_terms(approval, version, own or OwnTerms())
    refuse_incomplete(approval)
    approval.save(update_fields=DECIDED)
    audit.record("decided", approval, by=by, at=at, why=answer)
    keep_scan(of=approval, pages=scan or (), how=decided_how, by=by, at=at)
    _acknowledge(approval, version, by=by, at=at)
    tell_of_decision(approval, version, by=by, at=at)
    note_standing(version=version, why="", by=by, at=at)
    return approval


def _refuse_decision(approval: Approval, version: CorridorVersion, *, by: Actor, at: datetime) -> None:
    if by.organisation_ref != approval.organisation.code:
        raise ApprovalError("", _("This request is for another organisation; only it can decide."))
    if approval.state != ApprovalState.ASKED:
        raise ApprovalError("", already_decided(approval))
    refuse_own(approval, version, by=by)
    asked = CorridorVersion.objects.filter(corridor=version.corridor_id, approvals__isnull=False)
    newest = asked.order_by("-number")[0]
    if newest.number > version.number:
        raise ApprovalError("", old_version_sentence(version, newest))
    if approval.answer_by <= at or (version.closes_at is not None and version.closes_at <= at):
        raise ApprovalError(
            "", _("The time to decide is over, and the request has lapsed. Ask the coordinator for a new one.")
        )


def _acknowledge(approval: Approval, version: CorridorVersion, *, by: Actor, at: datetime) -> None:
    """Whoever has decided has the notice; only this party's steps end."""
    owed = Notice.objects.filter(
        alert__source__startswith=source_of(version), organisation=approval.organisation, state=NoticeState.OWED
    )
    for notice in owed:
        acknowledge(
            notice=notice,
            name=approval.name,
            function=approval.function,
            answered_by=approval.decided_how,
            by=by,
            at=at,
        )


@transaction.atomic
def suspend(*, version: CorridorVersion, reason: str, by: Actor, at: datetime) -> Suspension:
    """Stops a version that is open or on its way to be, at once, until it is resumed. Raises ApprovalError."""
    version = locked(version)
    standing = standing_of(version, at=at)
    if standing.suspension is not None and standing.state == CorridorState.SUSPENDED:
        raise ApprovalError("", _("This version is suspended already."))
    if standing.state not in (CorridorState.OPEN, CorridorState.AWAITING, CorridorState.SUSPENDED):
        raise ApprovalError("", _("There is nothing to suspend: this version is neither open nor before its parties."))
    if not reason.strip():
        raise ApprovalError("reason", _("Say why it is suspended, and who asked for it."))
    made = Suspension.objects.create(
        version=version, reason=" ".join(reason.split())[:300], suspended_at=at, suspended_by=by
    )
    audit.record("corridor suspended", version, by=by, at=at, why=made.reason)
    note_standing(version=version, why=made.reason, by=by, at=at)
    return made


@transaction.atomic
def resume(*, version: CorridorVersion, reason: str, by: Actor, at: datetime) -> Suspension:
    """Ends the suspension; the decisions taken before stand as they were. Raises ApprovalError."""
    version = locked(version)
    made = version.suspensions.filter(resumed_at__isnull=True).first()
    if made is None:
        raise ApprovalError(
            "", _("This office has not suspended it. What a party has suspended, only that party lets go on.")
        )
    if not reason.strip():
        raise ApprovalError("reason", _("Say why it may be used again, and who agreed to it."))
    made.resumed_at, made.resumed_why, made.resumed_by = at, " ".join(reason.split())[:300], by
    made.save(update_fields=["resumed_at", "resumed_why", "resumed_by"])
    audit.record("corridor resumed", version, by=by, at=at, why=made.resumed_why)
    note_standing(version=version, why=made.resumed_why, by=by, at=at)
    return made
