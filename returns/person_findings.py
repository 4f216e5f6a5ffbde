"""What is asked of one person at the barrier, in words, worst first: the findings of the case and the next step of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from corridors.enums import SourceTier
from corridors.rules.wording import describe_price
from migrants.models import Migrant
from returns import readiness
from returns.barriers import Barrier
from returns.enums import STANDS_IN_THE_WAY, CaseVerdict, Verdict
from returns.explanations import hour, remedy, sentence
from returns.headings import heading
from returns.house_rules import HouseRule
from returns.judging import WORST_FIRST, Finding
from returns.ledgers import StandingRule
from returns.verdicts import PLAN

STEPS = {
    "get_document": "documents",
    "renew_document": "documents",
    "record_documents": "documents",
    "record_expiry": "documents",
    "follow_document": "documents",
    "take_test": "test",
    "record_sampling_time": "test",
    "await_result": "test",
    "test_again": "test",
    "ask_consent": "consent",
    "arrange_child": "child",
    "ask_protection": "protection",
    "set_plan": "plan",
    "choose_corridor": "plan",
    "plan_other_hour": "plan",
    "get_proof": "proof",
    "record_proof_days": "proof",
    "record_background": "proof",
}
"""Where a cure is written down: which of a person's pages, or of the group's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One finding: what is asked, the verdict, the evidence and the remedies in sentences, and where it is put right.

    `rule` names the version that asks and how it is known, `until` says the last hour at which it still holds, `price` what
    the remedy costs; each empty where there is none.
    """

    heading: str
    verdict: Verdict
    evidence: tuple[str, ...]
    remedies: tuple[str, ...]
    step: str
    rule: str = ""
    until: str = ""
    price: str = ""

    @property
    def stands_in_the_way(self) -> bool:
        return self.verdict in STANDS_IN_THE_WAY


@dataclass(frozen=True, slots=True)
class Judgement:
    """The whole case: None where none is open."""

    verdict: CaseVerdict | None = None
    barrier: Barrier | None = None
    findings: tuple[Asked, ...] = ()


def of_person(person: Migrant, *, zone: tzinfo, at: datetime) -> Judgement:
    """Judge the open case of one person as of `at`; hours in `zone`. Nothing is stored."""
    explained = readiness.explain([person.pk], at=at)
    if not explained.cases:
        return Judgement()
    judged = explained.cases[0]
    headings = {rule.key: heading(rule.content, rule.subject) for rule in explained.rules}
    headings |= {PLAN: _("Hour at the barrier"), **{rule.value: str(rule.label) for rule in HouseRule}}
    versions = {rule.key: _version(rule) for rule in explained.rules}
    findings = [
        _asked(headings.get(key, key), finding, zone, versions.get(key, "")) for key, finding in judged.findings.items()
    ]
    return Judgement(
        judged.verdict,
        judged.placed.barrier,
        tuple(sorted(findings, key=lambda each: WORST_FIRST.index(each.verdict))),
    )


def _version(rule: StandingRule) -> str:
    """Which version asks, and how it is known: "version 2, in writing"."""
    said = {"n": rule.number, "source": SourceTier(rule.source_tier).label}
    return _("version %(n)d, %(source)s") % said


def _asked(words: str, finding: Finding, zone: tzinfo, rule: str) -> Asked:
    step = next((STEPS[cure.code] for cure in finding.cure if cure.code in STEPS), "")
    return Asked(
        words,
        finding.verdict,
        tuple(sentence(because, zone=zone) for because in finding.because),
        tuple(remedy(cure, zone=zone) for cure in finding.cure),
        step,
        rule,
        "" if finding.true_until is None else hour(finding.true_until, zone=zone),
        "" if finding.price is None else describe_price(finding.price),
    )
