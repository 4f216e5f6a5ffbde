"""What a decision has to say, and who may take it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.actors import Actor
from common.enums import ActorKind
from common.refusals import RefusalError
from corridors.enums import ApprovalState
from corridors.models import Approval, CorridorVersion
from corridors.terms import OwnTerms
from notifications.enums import AnsweredBy

ANSWERS = (ApprovalState.APPROVED, ApprovalState.CONDITIONAL, ApprovalState.REJECTED)


class ApprovalError(RefusalError):
    """Something that cannot be asked, decided or suspended. `field` names what to mend, `sentence` how."""


def refuse_own(approval: Approval, version: CorridorVersion, *, by: Actor) -> None:
    """Raises ApprovalError where one person would be requester and approver: who wrote the version or asked about it."""
    if by.kind == ActorKind.USER and by.ref in (version.made_by.ref, approval.asked_by.ref):
        raise ApprovalError(
            "",
            _(
                "You wrote this version or asked about it, and requester and approver are never one person. A colleague "
                "writes the decision down, or the party decides by its own link."
            ),
        )


def set_own_terms(approval: Approval, version: CorridorVersion, own: OwnTerms) -> None:
    """Takes over what the party allows. Raises ApprovalError where that is more than was asked, or no condition at all."""
    if own.say_nothing:
        return
    if approval.state != ApprovalState.CONDITIONAL:
        raise ApprovalError("answer", _("You give conditions of your own; choose “approve with conditions”."))
    opens_at, closes_at = own.opens_at, own.closes_at
    if opens_at or closes_at:
        if version.opens_at is None or version.closes_at is None:
            raise ApprovalError("opens_local", _("This version has no window that could be narrowed."))
        opens_at, closes_at = opens_at or version.opens_at, closes_at or version.closes_at
        if opens_at < version.opens_at or closes_at > version.closes_at:
            raise ApprovalError(
                "opens_local", _("Your window has to lie inside the one that is asked for; nobody asks for more.")
            )
        if closes_at <= opens_at:
            raise ApprovalError("closes_local", _("The window cannot end before it opens. Give a later end."))
    for name, most in (("head_count_cap", version.head_count_cap), ("vehicle_cap", version.vehicle_cap)):
        given = getattr(own, name)
        if given is not None and not 1 <= given <= (most or given):
            raise ApprovalError(name, _("Give a number from 1 to %(n)d: no more is asked for.") % {"n": most or 1})
    approval.opens_at, approval.closes_at = opens_at, closes_at
    approval.head_count_cap, approval.vehicle_cap = own.head_count_cap, own.vehicle_cap
    approval.route = " ".join(own.route.split())[:300]


def already_decided(approval: Approval) -> str:
    """Says whose decision stands, and what to do about it."""
    return _(
        "%(who)s has decided already: %(answer)s. The first decision stands; who has changed their mind suspends or "
        "withdraws below."
    ) % {"who": approval.organisation.name, "answer": ApprovalState(approval.state).label}


def refuse_incomplete(said: Approval) -> None:
    """Raises ApprovalError naming what a decision lacks."""
    if said.state not in ANSWERS:
        raise ApprovalError("answer", _("Say what you decide: approve, approve with conditions, or reject."))
    if not said.name:
        raise ApprovalError("name", _("Write the name of the person who decides."))
    if not said.function:
        raise ApprovalError(
            "function", _("Write the function of the person who decides, such as “head of department”.")
        )
    has_own = said.opens_at or said.head_count_cap or said.vehicle_cap or said.route
    if said.state == ApprovalState.CONDITIONAL and not said.note and not has_own:
        raise ApprovalError("note", _("Write the conditions under which you approve."))
    if said.state == ApprovalState.REJECTED and not said.note:
        raise ApprovalError("note", _("Write why you reject, so that the next version can answer it."))
    if len(said.note) > 2000:
        raise ApprovalError("note", _("Write at most 2,000 characters; say the rest by phone."))
    if said.decided_how in (AnsweredBy.PHONE, AnsweredBy.LETTER) and not said.reference:
        raise ApprovalError(
            "reference", _("Give a reference: the number that was called and the hour, or of the letter.")
        )
