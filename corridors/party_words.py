"""What a party says after its decision: it suspends, lets go on, or withdraws (docs/adr/0041-words-beside-the-decision.md).

The decision itself stays as it was written. Only the party itself ends its own suspension; a withdrawal is for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.pictures import Drawn
from corridors.approvals import locked, old_version_sentence
from corridors.deciding import ApprovalError, refuse_own
from corridors.decision_scans import keep_scan
from corridors.enums import CorridorState, PartyWordKind
from corridors.models import Approval, CorridorVersion, PartyWord
from corridors.standing_changes import note_standing
from corridors.standings import AGREED
from notifications.enums import AnsweredBy

IN_FORCE = (CorridorState.OPEN, CorridorState.AWAITING, CorridorState.SUSPENDED, CorridorState.CONTRADICTORY)
"""Where a word of a party still changes something."""


@transaction.atomic
def say(
    *,
    approval: Approval,
    kind: str,
    name: str,
    function: str,
    reason: str,
    reference: str = "",
    said_how: str = AnsweredBy.PAGE,
    scan: Sequence[Drawn] | None = None,
    by: Actor,
    at: datetime,
) -> PartyWord:
    """Writes down that a party has `suspended`, `resumed` or `withdrawn` its approval, at once and for all to see.

    `by` speaks for the party: its link, its account, or a colleague on its behalf, who gives the reference of the call or
    letter, and its pages (`scan`). Raises ApprovalError and changes nothing: another organisation, a party that has not
    approved, an old version, a window that is over, the same word twice, a word after the withdrawal, or resuming by who
    asked for the version.
    """
    version = locked(approval.version)
    approval = Approval.objects.select_related("organisation").get(pk=approval.pk)
    last = approval.words.order_by("said_at", "pk").last()
    _refuse_speaker(approval, version, by=by, at=at)
    _refuse_kind(kind, last.kind if last else "")
    if kind == PartyWordKind.RESUMED:
        refuse_own(approval, version, by=by)
    word = PartyWord(
        approval=approval,
        version=version,
        organisation=approval.organisation,
        kind=kind,
        said_at=at,
        said_how=said_how,
        name=" ".join(name.split())[:120],
        function=" ".join(function.split())[:120],
        reason=" ".join(reason.split())[:500],
        reference=" ".join(reference.split())[:100],
        by=by,
    )
    _refuse_incomplete(word)
    word.save()
    audit.record(f"party has {kind}", approval, by=by, at=at, why=word.reason)
    keep_scan(of=word, pages=scan or (), how=said_how, by=by, at=at)
    note_standing(version=version, why=word.reason, by=by, at=at)
    return word


def _refuse_speaker(approval: Approval, version: CorridorVersion, *, by: Actor, at: datetime) -> None:
    if by.organisation_ref != approval.organisation.code:
        raise ApprovalError("", _("This decision is of another organisation; only it can suspend or withdraw."))
    if newer := CorridorVersion.objects.filter(
        corridor=version.corridor_id, approvals__isnull=False, number__gt=version.number
    ).last():
        raise ApprovalError("", old_version_sentence(version, newer))
    if approval.state not in AGREED:
        raise ApprovalError(
            "", _("Only who has approved can suspend or withdraw; the others decide, or have rejected.")
        )
    if version.closes_at is not None and version.closes_at <= at:
        raise ApprovalError("", _("The window of this version is over: nobody may enter by it any longer."))


def _refuse_kind(kind: str, last: str) -> None:
    if kind not in PartyWordKind.values:
        raise ApprovalError("kind", _("Say what you want: suspend, let it go on, or withdraw."))
    if last == PartyWordKind.WITHDRAWN:
        raise ApprovalError(
            "", _("The approval is withdrawn, which is for good. Another version has to be asked about.")
        )
    if kind == PartyWordKind.SUSPENDED and last == PartyWordKind.SUSPENDED:
        raise ApprovalError("kind", _("You have suspended it already."))
    if kind == PartyWordKind.RESUMED and last != PartyWordKind.SUSPENDED:
        raise ApprovalError("kind", _("You have not suspended it, so there is nothing to let go on."))


def _refuse_incomplete(said: PartyWord) -> None:
    """Raises ApprovalError naming what a word lacks."""
    if not said.reason:
        raise ApprovalError("reason", _("Say why, in a few words: those who are on the road have to know."))
    if not said.name:
        raise ApprovalError("name", _("Write the name of the person who decides."))
    if not said.function:
        raise ApprovalError(
            "function", _("Write the function of the person who decides, such as “head of department”.")
        )
    if said.said_how in (AnsweredBy.PHONE, AnsweredBy.LETTER) and not said.reference:
        raise ApprovalError(
            "reference", _("Give a reference: the number that was called and the hour, or of the letter.")
        )


def may_say(approval: Approval, *, state: str, last: str) -> list[str]:
    """The words that a party has now, of a version that stands at `state` and after its `last` word; none is empty."""
    if approval.state not in AGREED or state not in IN_FORCE or last == PartyWordKind.WITHDRAWN:
        return []
    stop = PartyWordKind.RESUMED if last == PartyWordKind.SUSPENDED else PartyWordKind.SUSPENDED
    return [stop, PartyWordKind.WITHDRAWN]
