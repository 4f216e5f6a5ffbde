"""Transit corridors: the agreed way through a country, and the mark that a requirement on it has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from corridors.models import BorderCrossing, CorridorVersion, Requirement, RequirementChange, TransitCorridor
from partners.models import Organisation

LONGEST = timedelta(days=7)


class CorridorError(ValueError):
    """A corridor that cannot be. `field` names what to mend, `sentence` how."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@transaction.atomic
def make_corridor(
    *,
    code: str,
    name: str,
    entry: BorderCrossing,
    exit: BorderCrossing,  # noqa: A002  # the two ends of a corridor are called so
    from_country: str,
    transit_country: str,
    to_country: str,
    by: Actor,
    at: datetime,
) -> TransitCorridor:
    """Names a way: in by `entry` from `from_country`, through `transit_country`, out by `exit` into `to_country`.

    Raises CorridorError where a crossing does not join the countries that it should, or the code is taken.
    """
    for field, crossing, joined in (
        ("entry", entry, {from_country, transit_country}),
        ("exit", exit, {transit_country, to_country}),
    ):
        if {side.country for side in crossing.sides.all()} != joined or len(joined) < 2:
            raise CorridorError(
                field,
                _("%(code)s does not lead that way. Choose a crossing between the two.") % {"code": crossing.code},
            )
    if TransitCorridor.objects.filter(code=code).exists():
        raise CorridorError("code", _("There is a corridor %(code)s already; choose another code.") % {"code": code})
    corridor = TransitCorridor.objects.create(
        code=code,
        name=name,
        entry=entry,
        exit=exit,
        from_country=from_country,
        transit_country=transit_country,
        to_country=to_country,
    )
    audit.record("corridor named", corridor, by=by, at=at)
    return corridor


@transaction.atomic
def make_version(
    *,
    corridor: TransitCorridor,
    longest_transit: timedelta,
    conditions: Sequence[str],
    head_count_cap: int,
    requested_by: Organisation,
    document_reference: str,
    by: Actor,
    at: datetime,
) -> CorridorVersion:
    """Writes the next wording down. A corridor exists only on a request: `requested_by` with the reference of its paper.

    Raises CorridorError naming the field. A new version starts without the mark of a changed requirement.
    """
    if not timedelta(0) < longest_transit <= LONGEST:
        raise CorridorError("longest_transit", _("Give the longest transit in hours, more than none and at most 168."))
    if head_count_cap < 1:
        raise CorridorError("head_count_cap", _("A corridor is for at least one person."))
    if not document_reference.strip():
        raise CorridorError("document_reference", _("Give the reference of the paper in which it was requested."))
    TransitCorridor.objects.select_for_update().get(pk=corridor.pk)
    last = corridor.versions.aggregate(last=Max("number"))["last"] or 0
    version = CorridorVersion.objects.create(
        corridor=corridor,
        number=last + 1,
        longest_transit=longest_transit,
        conditions=[condition.strip() for condition in conditions if condition.strip()],
        head_count_cap=head_count_cap,
        requested_by=requested_by,
        document_reference=document_reference.strip(),
        made_at=at,
        made_by=by,
    )
    audit.record("corridor version made", version, by=by, at=at)
    return version


def newest_versions() -> QuerySet[CorridorVersion]:
    """The last version of every corridor."""
    last = CorridorVersion.objects.filter(corridor=OuterRef("corridor")).order_by("-number").values("pk")[:1]
    return CorridorVersion.objects.filter(pk=Subquery(last))


def mark_requirement_changed(requirement: Requirement, *, at: datetime) -> int:
    """Marks the newest version of each corridor that enters or leaves by this line; returns how many.

    The mark keeps the first hour: since then what was agreed is no longer the whole truth.
    """
    on_the_way = Q(
        corridor__entry=requirement.crossing_id,
        corridor__from_country=requirement.from_country,
        corridor__transit_country=requirement.to_country,
    ) | Q(
        corridor__exit=requirement.crossing_id,
        corridor__transit_country=requirement.from_country,
        corridor__to_country=requirement.to_country,
    )
    unmarked = newest_versions().filter(on_the_way, requirement_changed_at__isnull=True)
    return CorridorVersion.objects.filter(pk__in=list(unmarked.values_list("pk", flat=True))).update(
        requirement_changed_at=at
    )


def changes_on_the_way(version: CorridorVersion) -> QuerySet[RequirementChange]:
    """What has changed at entry and exit since this version was made, the latest first."""
    corridor = version.corridor
    entering = Q(
        version__requirement__crossing=corridor.entry_id,
        version__requirement__from_country=corridor.from_country,
        version__requirement__to_country=corridor.transit_country,
    )
    leaving = Q(
        version__requirement__crossing=corridor.exit_id,
        version__requirement__from_country=corridor.transit_country,
        version__requirement__to_country=corridor.to_country,
    )
    return (
        RequirementChange.objects.filter(entering | leaving, at__gte=version.made_at)
        .select_related("version__requirement__crossing", "previous")
        .order_by(F("at").desc(), "-pk")
    )
