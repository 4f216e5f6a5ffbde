"""Judge many cases at once: facts, rules and waivers each in one query, then `judge()` for each person and rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from returns.barriers import Barrier, PlacedCase, asked_at
from returns.enums import CaseVerdict, Verdict
from returns.facts import Because, Facts
from returns.house_rules import judge_house_rules
from returns.judging import Finding, case_verdict, judge, worst
from returns.known import facts_of_people
from returns.ledgers import Ledger, StandingRule
from returns.models import GroupWaiver, TravelQuestion, Waiver

PLAN = "plan"
"""The finding that there is no hour at the barrier, so that nobody can be sure of anything."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One case: every finding by the key of its rule (a version's public id, a house rule, or `PLAN`)."""

    placed: PlacedCase
    findings: Mapping[str, Finding]

    @property
    def worst(self) -> Verdict:
        return worst(finding.verdict for finding in self.findings.values())

    @property
    def verdict(self) -> CaseVerdict:
        return case_verdict(finding.verdict for finding in self.findings.values())


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the people of some cases, so that several ledgers can be judged on the same facts."""

    facts: Mapping[int, Facts]
    waivers: Mapping[tuple[int, int], datetime]


def evidence(placed: Sequence[PlacedCase], *, at: datetime) -> Evidence:
    """Load facts and waivers of the cases as known `at`; a constant number of queries."""
    cases = [case.case for case in placed]
    facts = facts_of_people([case.person for case in placed], at=at)
    facts = _at_barriers(facts, placed)
    people = {case.case: case.person for case in placed}
    questions = TravelQuestion.objects.keeping_back().filter(case__in=cases)
    for case, is_own in questions.order_by("is_own").values_list("case", "is_own"):
        facts[people[case]] = replace(facts[people[case]], infection="own" if is_own else "family")
    return Evidence(facts=facts, waivers=_waivers(placed))


def at_barriers(seen: Evidence, placed: Sequence[PlacedCase]) -> Evidence:
    """Give the same evidence as it counts at the barriers of `placed`, of the same people. Pure."""
    return replace(seen, facts=_at_barriers(seen.facts, placed))


def _at_barriers(facts: Mapping[int, Facts], placed: Sequence[PlacedCase]) -> dict[int, Facts]:
    """What is known depends on the barrier in two points: whether one stays in the country that is entered, and the group."""
    return {**facts} | {
        case.person: replace(
            facts[case.person],
            passage=_passage(facts[case.person], case.barrier),
            group_code=case.barrier.group_code,
        )
        for case in placed
    }


def _waivers(placed: Sequence[PlacedCase]) -> dict[tuple[int, int], datetime]:
    """Give until when each case is excused from which requirement, by name or with its group; the later end counts."""
    own = Waiver.objects.filter(case__in=[case.case for case in placed])
    found = {(case, line): until for case, line, until in own.values_list("case", "requirement", "valid_until")}
    of_groups: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    shared = GroupWaiver.objects.filter(group__in={case.group for case in placed})
    for group, line, until in shared.values_list("group", "requirement", "valid_until"):
        of_groups[group].append((line, until))
    for case in placed:
        for line, until in of_groups.get(case.group, ()):
            found[case.case, line] = max(until, found.get((case.case, line), until))
    return found


def _passage(known: Facts, barrier: Barrier) -> str:
    """Give whether the person stays in the country that is entered: without a corridor its nationals and residents do."""
    if barrier.passage:
        return barrier.passage
    lives_in = {proof.country for proof in known.proofs or () if proof.kind == "residence"}
    return "stay" if barrier.direction[2] in known.nationalities | lives_in else ""


def judge_cases(placed: Iterable[PlacedCase], seen: Evidence, ledger: Ledger) -> list[Judged]:
    """Judge each case by what `ledger` asks until its queue is over, and by our own conditions."""
    asked: dict[Barrier, list[StandingRule]] = {}
    judged = []
    for case in placed:
        rules = asked.get(case.barrier)
        if rules is None:
            rules = asked[case.barrier] = asked_at(ledger, case.barrier)
        judged.append(Judged(case, _findings(case, seen, rules)))
    return judged


def _findings(case: PlacedCase, seen: Evidence, rules: Iterable[StandingRule]) -> dict[str, Finding]:
    facts, barrier = seen.facts[case.person], case.barrier
    found = {}
    for rule in rules:
        waived_until = seen.waivers.get((case.case, rule.requirement))
        known = facts if waived_until is None else replace(facts, waived_until=waived_until)
        found[rule.key] = judge(
            rule.content,
            known,
            judged_for=barrier.hour,
            late_for=barrier.late,
            zone=rule.zone,
            asked_from=rule.applies_from,
        )
    countries = facts.hold_against if barrier.countries is None else barrier.countries
    for house_rule, finding in judge_house_rules(facts, countries=countries).items():
        found[house_rule.value] = finding
    if barrier.planned is None:
        found[PLAN] = _unplanned(barrier)
    return found


def _unplanned(barrier: Barrier) -> Finding:
    because = Because("plan_lapsed" if barrier.lapsed else "not_planned")
    return Finding(Verdict.UNKNOWN, (because,), cure=(Because("set_plan"),))
