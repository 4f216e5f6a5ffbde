"""Requirements that an authority waives for whoever travels by a version: part of what is laid before its parties."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import pairwise
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.refusals import RefusalError
from corridors.enums import CorridorState
from corridors.lines import ANY, asked_at, every_crossing
from corridors.models import CorridorVersion, Requirement, TransitCorridor, VersionWaiver
from corridors.standings import Standing
from partners.models import Organisation

MOST = 10
IN_FORCE = (CorridorState.OPEN, CorridorState.SUSPENDED)
"""While it is suspended nobody leaves, but who was excused is not judged anew for a day of waiting."""


class WaiverError(RefusalError):
    """A waiver that cannot be part of a version. `field` names what to mend, `sentence` how."""


@dataclass(frozen=True, slots=True)
class WaiverWording:
    """What is waived, by whom, on which paper; `valid_until` None is the end of the window."""

    requirement: Requirement
    authority: Organisation
    reference: str
    valid_until: datetime | None = None


def lines_on_the_way(corridor: TransitCorridor) -> QuerySet[Requirement]:
    """The lines of requirements that may be asked on this way: where it enters, where it leaves, and in between anywhere."""
    borders = list(pairwise(corridor.countries))
    met = [asked_at(corridor.entry_id, *borders[0]), asked_at(corridor.exit_id, *borders[-1])]
    met += [Q(from_country__in=[one, ANY], to_country__in=[other, ANY]) for one, other in borders[1:-1]]
    return Requirement.objects.filter(reduce(or_, met)).select_related("crossing").order_by("subject", "pk")


def line_in_words(line: Requirement) -> str:
    """ "Health test, KZ-UZ-01", worded in the active language."""
    place = line.crossing.code if line.crossing else every_crossing(line.from_country, line.to_country)
    return f"{line.get_subject_display().capitalize()}, {place}"


def waivers_worded(
    corridor: TransitCorridor, said: Sequence[WaiverWording], *, closes_at: datetime | None, at: datetime
) -> list[VersionWaiver]:
    """Rows (not yet saved) of what was said. Raises WaiverError naming the row's field."""
    if len(said) > MOST:
        raise WaiverError("waivers", _("At most %(n)d requirements are waived in one version.") % {"n": MOST})
    known = set(lines_on_the_way(corridor).values_list("pk", flat=True)) if said else set()
    rows: list[VersionWaiver] = []
    for number, waiver in enumerate(said, start=1):
        _refuse(number, waiver, rows, known)
        until = _until(number, waiver.valid_until or closes_at, at=at)
        rows.append(
            VersionWaiver(
                requirement=waiver.requirement,
                authority=waiver.authority,
                reference=waiver.reference.strip(),
                valid_until=until,
            )
        )
    return rows


def _refuse(number: int, waiver: WaiverWording, others: Sequence[VersionWaiver], known: Collection[int]) -> None:
    if waiver.requirement.pk not in known:
        raise WaiverError(f"waived_{number}", _("That is not asked on this way. Choose a line of its crossings."))
    if any(row.requirement_id == waiver.requirement.pk for row in others):
        raise WaiverError(f"waived_{number}", _("This requirement is waived above already."))
    if not waiver.reference.strip():
        raise WaiverError(f"waived_{number}_reference", _("A waiver has a document: give its reference."))


def _until(number: int, until: datetime | None, *, at: datetime) -> datetime:
    """The end of a waiver. Raises WaiverError where there is none, or it has come."""
    field = f"waived_{number}_until"
    if until is None:
        raise WaiverError(field, _("Say until when it is waived; there is no window yet."))
    if until <= at:
        raise WaiverError(field, _("That waiver has run out already; give an end that is still to come."))
    return until


def refuse_unasked(version: CorridorVersion, asked: Collection[int]) -> None:
    """Raises WaiverError where somebody waives a requirement in a version and is not among the parties (keys)."""
    for waiver in version.waivers.select_related("authority"):
        if waiver.authority_id not in asked:
            words = _("%(who)s waives a requirement in this version; it has to be among the parties that are asked.")
            raise WaiverError("parties", words % {"who": waiver.authority.name})


def waivers_in_force(version: CorridorVersion, standing: Standing, *, at: datetime) -> list[VersionWaiver]:
    """What whoever travels by `version` is excused from at `at`: it is open, and the authority itself has approved it."""
    if standing.state not in IN_FORCE:
        return []
    agreed = {approval.organisation_id for approval in standing.approvals if standing.agrees(approval)}
    return [row for row in version.waivers.filter(valid_until__gt=at) if row.authority_id in agreed]
