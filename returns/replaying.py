"""Replay a dated list of real changes: what would each have meant for groups as they stand, had they stood there that day?

Each group is judged with what is known of its people now, at its own hour at the barrier; only the rules are those of the
replayed day. The ledger that they come from begins empty and is rolled back: nothing is kept and nobody is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.actors import Actor
from common.refusals import RefusalError
from corridors.models import BorderCrossing
from corridors.replay.lists import Change, Fault, List
from corridors.replay.sandbox import Sandbox, Way
from corridors.requirements import RequirementError
from corridors.rules import NOTHING, Content, diff, explain
from migrants.heads import heads_of
from migrants.models import Migrant, TravelGroup
from returns import ledgers
from returns.barriers import Barrier, PlacedCase, barrier
from returns.costs import cost_to_fix
from returns.enums import Verdict
from returns.facts import UNREGISTERED, Facts
from returns.judging import Finding, judge, worst
from returns.known import facts_of_people
from returns.ledgers import StandingRule
from returns.replay_examples import examples
from returns.verdicts import Judged

READY = (Verdict.MET, Verdict.EXEMPT, Verdict.WAIVED)
STOPPED = (Verdict.MISSING, Verdict.EXPIRING)


class ReplayError(RefusalError):
    """A replay that cannot begin; `sentence` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One group as it is judged: its hour, its people with their facts, its ways, and heads that nobody registered."""

    code: str
    where: Barrier
    ways: tuple[Way, ...]
    people: tuple[PlacedCase, ...]
    facts: Mapping[int, Facts]
    unregistered: int = 0

    @property
    def total(self) -> int:
        return len(self.people) + self.unregistered


@dataclass(frozen=True, slots=True)
class GroupMeaning:
    """What one change means for one group: heads by verdict before and after, and what the remedies of all rules cost."""

    code: str
    total: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    cost: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class WayMeaning:
    """What the ledger says on one way after a change: crossing and direction, the rules in words, and what differs."""

    crossing: str
    from_country: str
    to_country: str
    since: datetime
    sentences: tuple[str, ...]
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One row of the list and what it would have meant. Without `ways` none of the groups crosses there."""

    change: Change
    ways: tuple[WayMeaning, ...]
    groups: tuple[GroupMeaning, ...]


@dataclass(slots=True)
class Replay:
    """The whole run: how many rows were replayed, in the order in which they became known, and those that were left out."""

    changes: int = 0
    faults: list[Fault] = field(default_factory=list)
    groups: int = 0
    people: int = 0
    invented: bool = False


def replay(
    listed: List,
    *,
    groups: Collection[UUID | str] = (),
    invented: bool = False,
    by: Actor,
    at: datetime,
    tell: Callable[[Meaning], None],
) -> Replay:
    """Feed the changes through a ledger that is thrown away, and `tell` what each would have meant, as soon as it is known.

    `groups` are codes or public ids; without any, all that wait are taken, and where nobody waits, or with `invented`, an
    invented group of ten on each way. Raises ReplayError for a group that nobody knows.
    """
    standing = [] if invented else _standing(groups, at=at)
    made_up = invented or not standing
    if made_up:
        standing = [Standing(*row) for row in examples(_ways_of(listed.changes), at=at)]
    run = Replay(
        faults=list(listed.faults),
        groups=len(standing),
        people=sum(group.total for group in standing),
        invented=made_up,
    )
    with transaction.atomic():
        for meaning in _meanings(listed.changes, standing, run.faults, by=by):
            run.changes += 1
            tell(meaning)
        transaction.set_rollback(True)
    run.faults.sort(key=lambda fault: fault.row)
    return run


def _meanings(
    changes: Iterable[Change], standing: Sequence[Standing], faults: list[Fault], *, by: Actor
) -> Iterator[Meaning]:
    ways = sorted({way for group in standing for way in group.ways})
    codes = dict(BorderCrossing.objects.filter(pk__in={way[0] for way in ways}).values_list("pk", "code"))
    sandbox = Sandbox(ways, by=by)
    judging = _Judging()
    for change in changes:
        concerned = [way for way in ways if change.concerns(way[1], way[2])]
        if not concerned:
            yield Meaning(change, (), ())
            continue
        touched = [group for group in standing if set(group.ways) & set(concerned)]
        hours = {way: sandbox.since(change, way) for way in sorted({way for group in touched for way in group.ways})}
        known = sandbox.announced(change, concerned)
        before = _asked(sandbox, hours, known=known)
        try:
            sandbox.enter(change, concerned, known=known)
        except RequirementError as error:
            faults.append(Fault(change.row, "level" if error.field == "content" else error.field, error.sentence))
            continue
        after = _asked(sandbox, hours, known=known)
        yield Meaning(
            change,
            tuple(_way_meaning(way, codes[way[0]], hours[way], before[way], after[way]) for way in concerned),
            tuple(judging.meaning(group, before, after) for group in touched),
        )


def _asked(sandbox: Sandbox, hours: Mapping[Way, datetime], *, known: datetime) -> dict[Way, list[StandingRule]]:
    """What is asked on each way at its hour, as known at one moment; one query."""
    copies = {way: sandbox.copied(way) for way in hours}
    ledger = ledgers.known(set(copies.values()), at=known, hours=(min(hours.values()), max(hours.values())))
    found = {}
    for way, hour in hours.items():
        rules = [rule for rule in ledger.at(copies[way], hour) if rule.content != Content(NOTHING)]
        found[way] = [replace(rule, key=f"{rule.requirement}", applies_from=None, applies_until=None) for rule in rules]
    return found


def _way_meaning(
    way: Way, code: str, since: datetime, before: Sequence[StandingRule], after: Sequence[StandingRule]
) -> WayMeaning:
    language = get_language() or "en"
    old, new = ({rule.subject: rule.content for rule in rules} for rules in (before, after))
    said: list[str] = []
    for subject in dict.fromkeys([*old, *new]):
        if subject not in new:
            said.append(_("no longer asked: %(rule)s") % {"rule": _said(old[subject], language)})
        elif old.get(subject) != new[subject]:
            said += diff(old.get(subject), new[subject], language)
    return WayMeaning(code, way[1], way[2], since, tuple(_said(rule.content, language) for rule in after), tuple(said))


@lru_cache(maxsize=1000)
def _said(content: Content, language: str) -> str:
    """A rule in words; a list says the same of many ways, again and again."""
    return explain(content, language)


class _Judging:
    """Judges people by rules alone, each pair of a group and a rule once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Content], dict[int, Finding]] = {}

    def meaning(
        self, group: Standing, before: Mapping[Way, list[StandingRule]], after: Mapping[Way, list[StandingRule]]
    ) -> GroupMeaning:
        now = [rule for way in group.ways for rule in after[way]]
        judged = [
            Judged(case, {rule.key: self._findings(group, rule)[case.person] for rule in now}) for case in group.people
        ]
        heads = {
            rule.key: group.unregistered for rule in now if self._findings(group, rule)[0].verdict == Verdict.UNKNOWN
        }
        cost = cost_to_fix(judged, now, unregistered=heads)
        was = [rule for way in group.ways for rule in before[way]]
        return GroupMeaning(group.code, group.total, self._counts(group, was), self._counts(group, now), cost.totals)

    def _counts(self, group: Standing, rules: Sequence[StandingRule]) -> dict[str, int]:
        """Heads that may cross, that are stopped, and of whom nobody can say."""
        counts: Counter[str] = Counter()
        found = [self._findings(group, rule) for rule in rules]
        for case in group.people:
            counts[_standing_word(worst(findings[case.person].verdict for findings in found))] += 1
        counts[_standing_word(worst(findings[0].verdict for findings in found))] += group.unregistered
        return {word: counts[word] for word in ("ready", "stopped", "unknown")}

    def _findings(self, group: Standing, rule: StandingRule) -> dict[int, Finding]:
        key = (group.code, rule.content)
        if key not in self._found:
            facts = {**group.facts, 0: UNREGISTERED}
            self._found[key] = {
                person: judge(
                    rule.content, known, judged_for=group.where.hour, late_for=group.where.late, zone=rule.zone
                )
                for person, known in facts.items()
            }
        return self._found[key]


def _standing_word(verdict: Verdict) -> str:
    return "ready" if verdict in READY else "stopped" if verdict in STOPPED else "unknown"


def _standing(references: Collection[UUID | str], *, at: datetime) -> list[Standing]:
    """The groups that are asked for, or all that wait, with everybody in them; a constant number of queries.

    Raises ReplayError where somebody asks for a group that nobody knows, or of which nobody is known.
    """
    groups = list(_found(references))
    keys = [group.pk for group in groups]
    heads = heads_of(keys)
    rows = Migrant.objects.living_records().filter(group__in=keys).order_by("pk").values_list("pk", "group")
    facts = facts_of_people([person for person, _group in rows], at=at)
    found = []
    for group in groups:
        where = _barrier(group, at=at)
        people = tuple(PlacedCase(-person, person, group.pk, where) for person, key in rows if key == group.pk)
        known = {case.person: facts[case.person] for case in people}
        found.append(Standing(group.code, where, _ways(group, where), people, known, heads[group.pk].unknown))
    if references and (empty := [group.code for group in found if not group.total]):
        raise ReplayError(
            "group",
            _(
                "Nobody is counted or registered in %(names)s, so nothing can be said of it. Leave it out, or count it first."
            )
            % {"names": ", ".join(empty)},
        )
    return [group for group in found if group.total]


def _found(references: Collection[UUID | str]) -> Iterable[TravelGroup]:
    rows = TravelGroup.objects.select_related("plan__corridor_version__corridor").order_by("code")
    if not references:
        return rows.waiting()
    found = []
    for reference in references:
        named = Q(public_id=reference) if isinstance(reference, UUID) else Q(code=reference)
        group = rows.filter(named).first()
        if group is None:
            raise ReplayError(
                "group", _("No group is called “%(name)s”. Give its code or public id.") % {"name": reference}
            )
        found.append(group)
    return found


def _barrier(group: TravelGroup, *, at: datetime) -> Barrier:
    plan = getattr(group, "plan", None)
    waiting = (group.crossing_id, group.from_country, group.to_country)
    return barrier(
        waiting=waiting,
        direction=(plan.crossing_id, plan.from_country, plan.to_country) if plan else waiting,
        cross_at=plan.cross_at if plan else None,
        queue=timedelta(minutes=plan.queue_minutes if plan else 0),
        corridor=(None, None),
        at=at,
    )


def _ways(group: TravelGroup, where: Barrier) -> tuple[Way, ...]:
    """The way over the barrier, and with a corridor the one out of the country of transit: both must be open."""
    version = group.plan.corridor_version if hasattr(group, "plan") else None
    if version is None:
        return (where.direction,)
    corridor = version.corridor
    return (where.direction, (corridor.exit_id, corridor.last_country, corridor.to_country))


def _ways_of(changes: Iterable[Change]) -> list[tuple[Way, str]]:
    """For each pair of countries of which a change speaks, the first land crossing between them, with its code."""
    listed = list(changes)
    found: dict[tuple[str, str], tuple[Way, str]] = {}
    for crossing in BorderCrossing.objects.filter(is_airport=False).prefetch_related("sides").order_by("code"):
        sides = [side.country for side in crossing.sides.all()]
        for from_country, to_country in (sides, sides[::-1]) if len(sides) == 2 else ():
            if any(change.concerns(from_country, to_country) for change in listed):
                found.setdefault((from_country, to_country), ((crossing.pk, from_country, to_country), crossing.code))
    return list(found.values())
