"""Our own four conditions for a journey, which no authority can lift. Pure.

Consent, no hold, no child left alone, and nobody who may infect others before a coordinator has decided.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from returns.enums import Verdict
from returns.facts import Because, Facts
from returns.judging import Finding


class HouseRule(TextChoices):
    """What every person needs on every international leg, besides what the crossing asks."""

    CONSENT_FORM = "consent_form", _("Consent form")
    NO_HOLD = "no_hold", _("No protection hold")
    CHILD_ARRANGED = "child_arranged", _("Child has escort and receiver")
    NO_INFECTION = "no_infection", _("No infection in the family")


def judge_house_rules(facts: Facts, *, countries: frozenset[str]) -> dict[HouseRule, Finding]:
    """Judge our own conditions; `countries` are those of destination and transit, which will learn of the person.

    The finding of a hold says that there is one and never why: who may see even that is for the page to decide.
    """
    return {
        HouseRule.CONSENT_FORM: _consent(facts),
        HouseRule.NO_HOLD: _hold(facts, countries),
        HouseRule.CHILD_ARRANGED: _child(facts),
        HouseRule.NO_INFECTION: _infection(facts),
    }


def _consent(facts: Facts) -> Finding:
    if facts.consent_form:
        return Finding(Verdict.MET, (Because("consent_signed"),))
    if facts.consent_form is None:
        return Finding(Verdict.UNKNOWN, (Because("consent_never_asked"),), cure=(Because("ask_consent"),))
    return Finding(Verdict.MISSING, (Because("consent_not_signed"),), cure=(Because("ask_consent"),))


def _hold(facts: Facts, countries: frozenset[str]) -> Finding:
    if facts.hold_against & countries:
        return Finding(Verdict.MISSING, (Because("hold"),), cure=(Because("ask_protection"),))
    return Finding(Verdict.MET, (Because("no_hold"),))


def _child(facts: Facts) -> Finding:
    if facts.company_asked:
        return Finding(Verdict.UNKNOWN, (Because("guardian_left"),), cure=(Because("say_company"),))
    if not facts.child_alone:
        return Finding(Verdict.MET, (Because("not_a_child_alone"),))
    if facts.child_arranged:
        return Finding(Verdict.MET, (Because("child_arranged"),))
    return Finding(Verdict.MISSING, (Because("child_alone"),), cure=(Because("arrange_child"),))


def _infection(facts: Facts) -> Finding:
    if not facts.infection:
        return Finding(Verdict.MET, (Because("no_infection"),))
    because = Because("infection_own") if facts.infection == "own" else Because("infection_family")
    return Finding(Verdict.MISSING, (because,), cure=(Because("decide_infection"),))
