"""What a change would do, before anybody is told: whom it stops, what that costs, who will know. Reads only.

The same functions judge after publishing, so what the page shows is what happens.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from corridors import transit
from corridors.enums import Certainty
from corridors.ledger import kind_of, place_taken_of
from corridors.lines import place_of
from corridors.messages import KIND, alert_context
from corridors.models import RequirementDraft
from corridors.requirements import LINKS_LIVE, version_of
from migrants.heads import heads_of
from migrants.models import TravelGroup
from migrants.models.groups import TravelGroupQuerySet
from notifications.models import Alert
from returns import barriers, ledgers, outward, verdicts
from returns.barriers import place
from returns.buses import buses_charged
from returns.concerned import directions_of, in_directions
from returns.costs import CostToFix, cost_to_fix
from returns.enums import CaseVerdict, Verdict
from returns.judging import WORST_FIRST
from returns.ledgers import Direction
from returns.reach import Reached, audience_of
from returns.readiness import at_directions
from returns.unregistered import heads_asked
from returns.verdicts import Judged


@dataclass(frozen=True, slots=True)
class GroupImpact:
    """One group at the crossing: people by worst finding before and after; `stopped` are those for whom it gets worse."""

    key: int
    public_id: UUID
    code: str
    planned: datetime | None
    before: Mapping[str, int]
    after: Mapping[str, int]
    stopped: int
    unregistered: int


@dataclass(frozen=True, slots=True)
class Impact:
    """What publishing `draft` does. `first_concerned_at` is the earliest planned crossing that it may hit (`outward`)."""

    draft: RequirementDraft
    groups: tuple[GroupImpact, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]
    cases: int
    stopped: int
    relieved: int
    lacking: int
    """People who do not meet what the draft asks, whether or not something else stops them already."""
    first_concerned_at: datetime | None
    cost: CostToFix
    told: tuple[Reached, ...]
    corridors: tuple[str, ...]
    """Names of the transit corridors that enter or leave by this line: their parties agreed to something else."""

    @property
    def unreachable(self) -> list[Reached]:
        """Who must be telephoned, because no message finds them."""
        return [reached for reached in self.told if not reached.desks]

    @property
    def languages(self) -> list[str]:
        """Every language in which a message will go out, the most used first."""
        counts = Counter(desk.language for reached in self.told for desk in reached.desks)
        return [language for language, _count in counts.most_common()]

    @property
    def figures(self) -> dict[str, Any]:
        """The figures that somebody decides upon, as plain values: what the fingerprint is taken of."""
        return {
            "draft": str(self.draft.public_id),
            "stopped": self.stopped,
            "relieved": self.relieved,
            "lacking": self.lacking,
            "cases": self.cases,
            "groups": {group.code: [dict(group.before), dict(group.after)] for group in self.groups},
            "told": {
                reached.organisation.code: [
                    reached.head_count,
                    [desk.language for desk in reached.desks],
                    [desk.kind for desk in reached.desks],
                ]
                for reached in self.told
            },
            "corridors": list(self.corridors),
            "cost": {currency: str(amount) for currency, amount in self.cost.totals.items()},
        }

    @property
    def fingerprint(self) -> str:
        """A digest that moves when anything moves upon which somebody would decide."""
        return hashlib.sha256(json.dumps(self.figures, sort_keys=True).encode()).hexdigest()


def impact_of(draft: RequirementDraft, *, at: datetime) -> Impact:
    """Compute the impact of a draft as of `at`; a constant number of queries, nothing is stored."""
    directions = directions_of(draft.requirement)
    placed = place(at_directions(directions), at=at)
    today = ledgers.known({case.barrier.direction for case in placed} | directions, at=at)
    seen = verdicts.evidence(placed, at=at)
    before = verdicts.judge_cases(placed, seen, today)
    tomorrow = today.with_draft(draft)
    after = verdicts.judge_cases(placed, seen, tomorrow)
    pairs = list(zip(before, after, strict=True))
    worse = [later for earlier, later in pairs if _worse(earlier, later)]
    concerned = [case for case in after if _lacks(case)]
    groups = _groups(directions, before, after, worse)
    planned = {case.placed.person: case.placed.barrier.planned for case in concerned}
    return Impact(
        draft=draft,
        groups=groups,
        before=_sum(group.before for group in groups),
        after=_sum(group.after for group in groups),
        cases=len(placed),
        stopped=len(worse),
        relieved=sum(_worse(later, earlier) for earlier, later in pairs),
        lacking=len(concerned),
        first_concerned_at=outward.first_crossing_concerned(draft, planned, _waiting(directions)),
        cost=_cost(tomorrow, after, _heads_asked(tomorrow, groups, at=at)),
        told=tuple(audience_of(draft, concerned=[case.placed.person for case in concerned], at=at)),
        corridors=tuple(version.corridor.name for version in transit.versions_touched(draft.requirement)),
    )


def _lacks(case: Judged) -> bool:
    """Tell whether somebody does not meet the draft, whatever else they lack."""
    finding = case.findings.get(ledgers.DRAFT)
    return finding is not None and finding.verdict in (Verdict.MISSING, Verdict.EXPIRING)


def _worse(earlier: Judged, later: Judged) -> bool:
    """Tell whether `later` stops somebody whom `earlier` did not stop as badly; to be spared is not worse than to be met."""
    if later.verdict == CaseVerdict.READY:
        return False
    return WORST_FIRST.index(later.worst) < WORST_FIRST.index(earlier.worst)


def _cost(tomorrow: ledgers.Ledger, after: Sequence[Judged], heads: int) -> CostToFix:
    """The bill of the draft alone; `heads` are those not registered of whom it may ask something."""
    drafted = tomorrow.drafted
    if drafted is None or drafted.certainty == Certainty.WITHDRAWN:
        return CostToFix(())
    buses = buses_charged([drafted], {case.placed.group for case in after})
    return cost_to_fix(after, [drafted], unregistered={drafted.key: heads}, buses=buses)


def _heads_asked(tomorrow: ledgers.Ledger, groups: Iterable[GroupImpact], *, at: datetime) -> int:
    """How many heads nobody has registered stand at a barrier at an hour at which the draft may ask something of them."""
    unknown = {group.key: group.unregistered for group in groups if group.unregistered}
    asked = 0
    for key, barrier in barriers.of_groups(unknown, at=at).items():
        drafted = [rule for rule in barriers.asked_at(tomorrow, barrier) if rule.key == ledgers.DRAFT]
        asked += sum(heads_asked(drafted, barrier, unknown[key]).values())
    return asked


def _groups(
    directions: Collection[Direction], before: Sequence[Judged], after: Sequence[Judged], worse: Sequence[Judged]
) -> tuple[GroupImpact, ...]:
    keys = {case.placed.group for case in before} | set(_waiting(directions).values_list("pk", flat=True))
    groups = TravelGroup.objects.filter(pk__in=keys).select_related("plan").order_by("waiting_since", "code")
    heads = heads_of(keys)
    found = []
    for group in groups:
        unregistered = heads[group.pk].unknown
        found.append(
            GroupImpact(
                key=group.pk,
                public_id=group.public_id,
                code=group.code,
                planned=group.plan.cross_at if hasattr(group, "plan") else None,
                before=_verdicts(before, group.pk, unregistered),
                after=_verdicts(after, group.pk, unregistered),
                stopped=sum(case.placed.group == group.pk for case in worse),
                unregistered=unregistered,
            )
        )
    return tuple(found)


def _waiting(directions: Collection[Direction]) -> TravelGroupQuerySet:
    return TravelGroup.objects.waiting().select_related("plan").filter(in_directions(directions))


def _verdicts(judged: Iterable[Judged], group: int, unregistered: int) -> dict[str, int]:
    counts = Counter(case.worst.value for case in judged if case.placed.group == group)
    counts[Verdict.UNKNOWN.value] += unregistered
    return {verdict.value: counts[verdict.value] for verdict in WORST_FIRST if counts[verdict.value]}


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return {verdict.value: total[verdict.value] for verdict in WORST_FIRST if total[verdict.value]}


def previewed_alert(draft: RequirementDraft, *, at: datetime) -> Alert:
    """Give the alert that publishing would raise, unsaved, so that its message can be read in every language."""
    requirement = draft.requirement
    before = place_taken_of(draft)
    version = version_of(draft, requirement, by=draft.entered_by, at=at)
    return Alert(
        number=0,
        kind=KIND,
        subject=place_of(requirement),
        context=alert_context(version, before, kind=kind_of(draft, before)),
        raised_at=at,
        raised_by=draft.entered_by,
        expires_at=max(at, draft.applies_from) + LINKS_LIVE,
    )


def moved(shown: Mapping[str, Any], now: Impact) -> list[str]:
    """Say in sentences what differs between the figures that were shown and those of now."""
    figures = now.figures
    said = []
    for key, words in (
        ("stopped", _("%(now)s people are stopped; the page showed %(then)s.")),
        ("relieved", _("%(now)s people are relieved; the page showed %(then)s.")),
        ("cases", _("%(now)s cases are concerned; the page showed %(then)s.")),
    ):
        if shown.get(key) != figures[key]:
            said.append(words % {"now": figures[key], "then": shown.get(key, "–")})
    said += _lists_moved(shown, figures)
    if shown.get("cost") != figures["cost"]:
        said.append(
            _("The cost to fix is %(now)s; the page showed %(then)s.")
            % {"now": _money(figures["cost"]), "then": _money(shown.get("cost"))}
        )
    return said or [_("Head counts, addresses or the hour of a plan have changed since.")]


def _lists_moved(shown: Mapping[str, Any], figures: Mapping[str, Any]) -> list[str]:
    """Say which groups, corridors and organisations have come or gone, and whose people or addresses are others now."""
    said = []
    for key, came, went, differs in (
        ("told", _("Now also told: %(names)s."), _("No longer told: %(names)s."), _("Told in another way: %(names)s.")),
        (
            "groups",
            _("Now also there: %(names)s."),
            _("No longer there: %(names)s."),
            _("Other people or verdicts in: %(names)s."),
        ),
        ("corridors", _("Now also touched: %(names)s."), _("No longer touched: %(names)s."), ""),
    ):
        then, now = _named(shown.get(key)), _named(figures[key])
        both = [name for name in now if name in then and now[name] != then[name]]
        for words, names in ((came, now.keys() - then.keys()), (went, then.keys() - now.keys()), (differs, both)):
            if names:
                said.append(words % {"names": ", ".join(sorted(names))})
    return said


def _named(figures: Any) -> dict[str, Any]:
    """Figures by name; a page sends back what it likes, so whatever is neither a table nor a list of names is none."""
    if isinstance(figures, dict):
        return figures
    return dict.fromkeys(name for name in figures if isinstance(name, str)) if isinstance(figures, list) else {}


def _money(sums: Any) -> str:
    if not isinstance(sums, dict) or not sums:
        return "0"
    return ", ".join(f"{amount} {currency}" for currency, amount in sums.items())
