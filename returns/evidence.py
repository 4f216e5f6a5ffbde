"""What the corridor wants to see at the barrier: what is at hand, what is lacking, and what to do about it.

The list of the travellers is the manifest itself, and the note is the paper that asked for the passage: both are there.
Papers of drivers are those that somebody has checked under “Crew”. Everything else is written down by its number or date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from corridors.enums import RequiredEvidence
from corridors.terms import Terms, terms_of
from returns.enums import CrewRole
from returns.models import EvidenceGiven, Movement, ReceptionReady
from returns.movements import MovementError, locked, refuse_after_departure

OF_ITSELF = (RequiredEvidence.MANIFEST, RequiredEvidence.NOTE, RequiredEvidence.DRIVER_PAPERS)
"""What nobody has to write down: it is there, or other rows say that it is."""


class EvidenceError(MovementError):
    """A paper that cannot be written down. `field` names what to mend."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is to be shown: `words` say what is at hand, and are empty where nothing is."""

    evidence: RequiredEvidence
    words: str
    remedy: str

    @property
    def is_there(self) -> bool:
        return bool(self.words)

    @property
    def is_written_down(self) -> bool:
        """Whether somebody writes down that it is at hand."""
        return self.evidence not in OF_ITSELF


def asked_of(movement: Movement, terms: Terms) -> list[Asked]:
    """Give everything that is to be shown, in the order of `RequiredEvidence`; at most three queries."""
    if not terms.evidence:
        return []
    given = dict(movement.evidence.values_list("evidence", "reference"))
    said = {
        RequiredEvidence.MANIFEST: _("the manifest that is frozen"),
        RequiredEvidence.NOTE: movement.corridor_version.document_reference,
        RequiredEvidence.DRIVER_PAPERS: _checked_drivers(movement, terms),
        RequiredEvidence.RECEPTION: _ready(movement, terms),
    }
    return [
        Asked(code, given.get(code.value) or said.get(code, ""), _remedy(code))
        for code in RequiredEvidence
        if code in terms.evidence
    ]


def _checked_drivers(movement: Movement, terms: Terms) -> str:
    """Words where every bus has a driver whose paper was checked."""
    if RequiredEvidence.DRIVER_PAPERS not in terms.evidence:
        return ""
    checked = movement.crew.filter(role=CrewRole.DRIVER, checked_at__isnull=False).values_list("vehicle", flat=True)
    buses = {bus.pk for bus in movement.vehicles.all()}
    return _("checked for every bus") if buses <= set(checked) else ""


def _ready(movement: Movement, terms: Terms) -> str:
    """Who has said on its own page that it receives them."""
    if RequiredEvidence.RECEPTION not in terms.evidence:
        return ""
    said = ReceptionReady.objects.filter(movement=movement).select_related("organisation").order_by("said_at").last()
    return said.organisation.name if said else ""


def _remedy(code: RequiredEvidence) -> str:
    if code == RequiredEvidence.DRIVER_PAPERS:
        return _("Write down a driver for each bus under “Crew”, look at the paper, and mark it as checked.")
    return _("Have it at hand, and write its number or date down under “Crew”.")


def lacking(movement: Movement, terms: Terms) -> list[tuple[str, str]]:
    """Give what of it is not at hand: sentence and remedy."""
    sentence = _("The corridor asks to be shown at the barrier: %(what)s.")
    return [
        (sentence % {"what": each.evidence.label}, each.remedy)
        for each in asked_of(movement, terms)
        if not each.is_there
    ]


@transaction.atomic
def give(*, movement: Movement, evidence: str, reference: str, by: Actor, at: datetime) -> EvidenceGiven:
    """Write down that something the corridor asks for is at hand, by its number or date; the later word stands.

    Raises EvidenceError for what nobody asks for, without a reference, and once the buses have left.
    """
    movement = locked(movement)
    refuse_after_departure(movement)
    if evidence not in set(terms_of(movement.corridor_version).evidence) - set(OF_ITSELF):
        raise EvidenceError("evidence", _("The corridor does not ask for this. Choose from the list."))
    if not reference.strip():
        raise EvidenceError("reference", _("Write the number or the date of the paper."))
    row, _made = EvidenceGiven.objects.update_or_create(
        movement=movement,
        evidence=evidence,
        defaults={"reference": reference.strip(), "mission_id": movement.mission_id, "recorded_at": at, "by": by},
    )
    audit.record("evidence given", row, by=by, at=at)
    return row
