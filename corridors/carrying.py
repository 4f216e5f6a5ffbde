"""Which decisions hold for the next version too, and which are asked anew and why (docs/adr/0051-decisions-carried-over.md).

Who allowed something allows whatever asks for less: a window inside the window, fewer people, a condition more. Nobody has
allowed what asks for more or for something else. All of it is read from rows; `approvals.ask_parties` writes it down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from common.actors import Actor
from common.enums import ActorKind
from common.templatetags.ui_times import lasting
from corridors.enums import ApprovalState, Reopened
from corridors.legs import legs_of
from corridors.models import Approval, CorridorVersion, Leg, RequirementChange, VersionWaiver
from corridors.standings import Standing, standing_of
from corridors.transit import changes_on_the_way
from corridors.windows import opened
from partners.models import Organisation

Reason = tuple[str, str, str]
"""A code of `Reopened`, what was approved and what is asked now, where there is a figure to say."""
DECIDED = (
    *("state", "decided_at", "decided_how", "name", "function", "note", "reference", "by"),
    *("opens_at", "closes_at", "head_count_cap", "vehicle_cap", "route"),
)
"""What a decision consists of, and what is carried over."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a party decided on the version before, and why that does not hold for the next one: no reason, it holds."""

    approval: Approval
    reasons: tuple[Reason, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.reasons

    @property
    def words(self) -> list[str]:
        """The reasons as a page says them."""
        return reasons_in_words(self.reasons)


def version_before(version: CorridorVersion) -> CorridorVersion | None:
    """The last earlier version that was laid before parties; drafts between them said nothing to anybody."""
    rows = CorridorVersion.objects.filter(corridor=version.corridor_id, number__lt=version.number)
    return rows.filter(approvals__isnull=False).select_related("requested_by").order_by("-number").first()


def judged(version: CorridorVersion, *, by: Actor, at: datetime) -> dict[int, Judged]:
    """Every decision on the version before as `version` finds it when `by` asks at `at`, by the key of its organisation."""
    before = version_before(version)
    if before is None:
        return {}
    before.corridor = version.corridor
    standing = standing_of(before, at=at)
    general, changes = _asked_beyond(before, version, standing), list(changes_on_the_way(before))
    legs, more = (legs_of(before), legs_of(version)), waived_beyond(before, version)
    return {
        row.organisation_id: Judged(
            row,
            tuple(
                _reasons(row, version, standing, [*general, *_beyond(row.organisation, *legs, more)], changes, by=by)
            ),
        )
        for row in standing.approvals
        if row.state != ApprovalState.ASKED
    }


def _asked_beyond(before: CorridorVersion, after: CorridorVersion, standing: Standing) -> list[Reason]:
    """What the wording asks for beyond the one before, whoever approved that."""
    found: list[Reason] = []
    if not _lies_within(before, after):
        found.append((Reopened.WINDOW, "", ""))
    if after.head_count_cap > before.head_count_cap:
        found.append((Reopened.CAP, str(before.head_count_cap), str(after.head_count_cap)))
    if before.vehicle_cap and (after.vehicle_cap is None or after.vehicle_cap > before.vehicle_cap):
        found.append((Reopened.VEHICLES, str(before.vehicle_cap), str(after.vehicle_cap or "")))
    if _drops_a_condition(before, after):
        found.append((Reopened.CONDITION, "", ""))
    if after.requested_by_id != before.requested_by_id:
        found.append((Reopened.REQUESTER, before.requested_by.code, after.requested_by.code))
    if standing.suspension is not None:
        found.append((Reopened.SUSPENDED, "", ""))
    return found


def _lies_within(before: CorridorVersion, after: CorridorVersion) -> bool:
    """Whether every hour asked for now lies inside the window that was approved."""
    was, now = opened(before), opened(after)
    return bool(now) and all(any(old[0] <= new[0] and new[1] <= old[1] for old in was) for new in now)


def _drops_a_condition(before: CorridorVersion, after: CorridorVersion) -> bool:
    """Whether something that was agreed is agreed no more, or otherwise; what is agreed besides takes nothing away."""
    return any(
        set(agreed) - set(still)
        for agreed, still in (
            (before.conditions, after.conditions),
            (before.listed.items(), after.listed.items()),
            (before.evidence, after.evidence),
        )
    )


def _beyond(
    party: Organisation, before: Sequence[Leg], after: Sequence[Leg], waived: Iterable[VersionWaiver]
) -> Iterator[Reason]:
    """What is asked beyond what a party approved, of its own country alone."""
    yield from _of_the_way(party.country, before, after)
    yield from _of_waivers(party, waived)


def waived_beyond(before: CorridorVersion, after: CorridorVersion) -> list[VersionWaiver]:
    """Waivers of the next version that were not part of the one before, or that hold for longer or on another paper."""
    was = {(row.requirement_id, row.authority_id, row.reference): row.valid_until for row in before.waivers.all()}
    return [
        row
        for row in after.waivers.select_related("authority")
        if was.get((row.requirement_id, row.authority_id, row.reference), after.made_at) < row.valid_until
    ]


def _of_waivers(party: Organisation, more: Iterable[VersionWaiver]) -> Iterator[Reason]:
    """Whoever waives a requirement has to say so, and so has everybody of that country; what is waived no more asks less."""
    if any(row.authority_id == party.pk or row.authority.country == party.country for row in more):
        yield Reopened.WAIVER, "", ""


def _of_the_way(country: str, before: Sequence[Leg], after: Sequence[Leg]) -> Iterator[Reason]:
    """What is asked beyond the legs that a party of `country` approved.

    A country that is crossed answers for its own leg: where people come in, where they go out, and for how long at most. All
    others, those at both ends among them, agreed to the way as a whole.
    """
    was, now = _answered_for(country, before), _answered_for(country, after)
    if [(leg.country, leg.entry_id, leg.exit_id) for leg in was] != [
        (leg.country, leg.entry_id, leg.exit_id) for leg in now
    ]:
        yield Reopened.WAY, "", ""
        return
    longer = [(old, new) for old, new in zip(was, now, strict=True) if new.longest_transit > old.longest_transit]
    for old, new in longer:
        yield Reopened.TRANSIT, _minutes(old.longest_transit), _minutes(new.longest_transit)


def _answered_for(country: str, legs: Sequence[Leg]) -> list[Leg]:
    return [leg for leg in legs if leg.country == country] or list(legs)


def _minutes(time: timedelta) -> str:
    return str(int(time.total_seconds()) // 60)


def _reasons(
    row: Approval,
    after: CorridorVersion,
    standing: Standing,
    general: Sequence[Reason],
    changes: Iterable[RequirementChange],
    *,
    by: Actor,
) -> Iterator[Reason]:
    if row.state == ApprovalState.REJECTED:
        yield Reopened.REJECTED, "", ""
        return
    if standing.has_withdrawn(row):
        yield Reopened.WITHDRAWN, "", ""
        return
    yield from general
    if any(stop.party == row.organisation for stop in standing.stops):
        yield Reopened.SUSPENDED, "", ""
    if any(_concerns(change, row) for change in changes):
        yield Reopened.REQUIREMENT, "", ""
    if not _own_window_is_kept(row, after):
        yield Reopened.OWN_TERMS, "", ""
    if row.by and row.by.kind == ActorKind.USER and row.by.ref in (after.made_by.ref, by.ref):
        yield Reopened.SAME_PERSON, "", ""


def _concerns(change: RequirementChange, row: Approval) -> bool:
    """Whether a requirement at one end of the party's own country became another one after it decided."""
    line = change.version.requirement
    ends = {line.from_country, line.to_country}
    return (
        row.decided_at is not None and change.at > row.decided_at and ("" in ends or row.organisation.country in ends)
    )


def _own_window_is_kept(row: Approval, after: CorridorVersion) -> bool:
    if row.opens_at is None or row.closes_at is None or not (now := opened(after)):
        return True
    return any(max(row.opens_at, opens) < min(row.closes_at, closes) for opens, closes in now)


def carried(found: Judged, version: CorridorVersion, *, answer_by: datetime, by: Actor, at: datetime) -> Approval:
    """The row (not yet saved) of a decision that holds for `version` too: its hours, author and reference as they were."""
    taken = found.approval
    said = {name: getattr(taken, name) for name in DECIDED}
    return Approval(
        version=version,
        organisation=taken.organisation,
        asked_at=at,
        asked_by=by,
        answer_by=answer_by,
        carried_from_id=taken.carried_from_id or taken.pk,
        **said,
    )


def reasons_in_words(reasons: Iterable[Sequence[str]]) -> list[str]:
    """Why a decision does not hold, a few words for each reason, worded in the active language."""
    return [_reason(*reason) for reason in reasons]


def _reason(code: str, before: str, after: str) -> str:
    why = str(Reopened(code).label)
    if code == Reopened.REQUESTER or not (before and after):
        return why
    if code == Reopened.TRANSIT:
        before, after = (lasting(timedelta(minutes=int(minutes))) for minutes in (before, after))
    return _("%(point)s: %(after)s instead of %(before)s") % {"point": why, "before": before, "after": after}
