"""Whom nobody could reach: of the organisations that are to be told of something, those whose desks, channels, rosters or
verification would fail, found before anything happens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from common import audit, countries
from common.actors import Actor
from partners.duty import Desk, desks_of, faults_of, unattended
from partners.enums import ReachFault
from partners.interests import words_of
from partners.models import Organisation, Unreached

GRAVE = frozenset({ReachFault.NO_DESK, ReachFault.NO_CHANNEL, ReachFault.NOBODY_TONIGHT})
"""Faults with which a notice would find nobody; with the others it goes out, but may find nobody one day."""


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation with what is wrong, the worst first, and what it is to be told of, in words.

    `nobody_between` is the first stretch of the next 24 hours in which nobody is on duty, in the zone `zone` of its office.
    """

    organisation: Organisation
    faults: tuple[ReachFault, ...]
    wants: tuple[str, ...]
    nobody_between: tuple[datetime, datetime] | None
    zone: str
    remedies: tuple[str, ...]

    @property
    def is_grave(self) -> bool:
        return self.faults[0] in GRAVE

    @property
    def country(self) -> str:
        """Of its country in the reader's language: every one has a ministry of that name."""
        return countries.name(self.organisation.country) if self.organisation.country else ""


def remedy_of(fault: ReachFault) -> str:
    """What to do about a fault."""
    return {
        ReachFault.NO_DESK: _("Call it, ask for its duty desk, and enter that."),
        ReachFault.NO_CHANNEL: _("Ask for an address that works, and enter it."),
        ReachFault.NOBODY_TONIGHT: _("Ask who is on duty then, and put them on the roster; or enter a duty desk."),
        ReachFault.SWITCHED_OFF: _("Mend the address, and switch it on again."),
        ReachFault.NOT_VERIFIED: _("Send a test message, or call and write down who answered."),
    }[fault]


def concerned() -> Iterable[Organisation]:
    """Every organisation that is to be told of something, by name, with its interests."""
    return Organisation.objects.filter(interests__isnull=False).distinct().order_by("name_en", "pk")


def lines_of(organisations: Iterable[Organisation], *, at: datetime, verified_for: timedelta) -> list[Line]:
    """Those of `organisations` that have a fault at `at`, the worst first; a constant number of queries."""
    rows = [organisation for organisation in organisations if organisation.stands(at)]
    prefetch_related_objects(rows, "interests", "offices")
    desks = desks_of([row.pk for row in rows], at=at)
    order = list(ReachFault)
    found = [
        _line(row, faults, desks.get(row.pk, []), at)
        for row in rows
        if (faults := faults_of(desks.get(row.pk, []), at=at, verified_for=verified_for))
    ]
    return sorted(found, key=lambda line: order.index(line.faults[0]))


def _line(organisation: Organisation, faults: list[ReachFault], desks: list[Desk], at: datetime) -> Line:
    zones = [desk.contact.office.zone for desk in desks] or [office.zone for office in organisation.offices.all()]
    return Line(
        organisation=organisation,
        faults=tuple(faults),
        wants=tuple(dict.fromkeys(map(words_of, organisation.interests.all()))),
        nobody_between=unattended(desks, at=at) if ReachFault.NOBODY_TONIGHT in faults else None,
        zone=(zones or ["UTC"])[0],
        remedies=tuple(map(remedy_of, faults)),
    )


@transaction.atomic
def look(*, verified_for: timedelta, by: Actor, at: datetime) -> int:
    """Writes down who could not be reached, for the board and the rail, and since when; gives how many those are.

    Who can be reached again is taken off. What is found and what is over each leaves an audit row.
    """
    lines = {line.organisation.pk: line for line in lines_of(concerned(), at=at, verified_for=verified_for)}
    known = {row.organisation_id: row for row in Unreached.objects.select_for_update().select_related("organisation")}
    over = [row for key, row in known.items() if key not in lines]
    fresh = [line.organisation for key, line in lines.items() if key not in known]
    Unreached.objects.bulk_create(
        [
            Unreached(
                organisation=line.organisation,
                faults=[str(fault) for fault in line.faults],
                since_at=known[key].since_at if key in known else at,
                looked_at=at,
            )
            for key, line in lines.items()
        ],
        update_conflicts=True,
        unique_fields=["organisation"],
        update_fields=["faults", "looked_at"],
    )
    Unreached.objects.filter(pk__in=[row.pk for row in over]).delete()
    acts = [("found out of reach", organisation) for organisation in fresh]
    audit.record_many([*acts, *(("found in reach again", row.organisation) for row in over)], by=by, at=at)
    return len(lines)


def count_of() -> int:
    """How many organisations could not be reached when the engine last looked."""
    return Unreached.objects.count()
