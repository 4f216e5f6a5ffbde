"""Say findings in words: whole sentences for one person's page, few words for a cell of the matrix.

Evidence is kept as codes and values (`Because`); every msgid for them stands here, so a finding of last month can be
read in a language that was added today.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any

from babel.dates import format_date
from django.utils.functional import Promise
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common import countries
from common.languages import babel_locale
from corridors.rules.kinds import DocumentKind, PassageWay, TestKind
from corridors.rules.parsing import parse
from corridors.rules.wording import describe, describe_price, either, kinds_of_document, kinds_of_test
from migrants.enums import DocumentState
from returns.enums import Verdict
from returns.facts import Because
from returns.judging import Finding

SENTENCES: Mapping[str, str | Promise] = {
    "not_registered": _("Nobody has registered this person yet."),
    "test_negative": _("A negative test (%(kind)s) was sampled %(sampled_at)s; it counts until %(until)s."),
    "test_undated": _("On a test the hour of sampling is not recorded."),
    "test_awaited": _("A sample (%(kind)s) was taken %(sampled_at)s; its result is awaited."),
    "test_positive": _("The test (%(kind)s) sampled %(sampled_at)s was positive."),
    "test_too_old": _("The negative test (%(kind)s) sampled %(sampled_at)s counted until %(until)s."),
    "test_other_kind": _("A negative test of another kind is recorded; it is not accepted here."),
    "test_sampled_after": _("A sample is recorded for later than the planned hour at the barrier."),
    "test_none": _("No test is recorded (accepted: %(kinds)s)."),
    "documents_never_asked": _("Nobody has asked for a travel document yet."),
    "document_held": _("A %(kind)s is held; last day: %(expires_on)s."),
    "document_expiry_unknown": _("A %(kind)s is held; nobody recorded its last day."),
    "document_expired": _("The %(kind)s has expired; last day: %(expires_on)s."),
    "document_too_short": _("The %(kind)s runs out too soon after the barrier; last day: %(expires_on)s."),
    "document_not_in_hand": _("The %(kind)s is not in hand: %(state)s."),
    "document_other_kind": _("Another document is held; accepted are: %(kinds)s."),
    "document_none": _("No travel document (accepted: %(kinds)s)."),
    "birth_unknown": _("The year of birth is not known."),
    "birth_partial": _("The birth date is incomplete: the age is %(age)s."),
    "age": _("The age is %(age)s."),
    "nationality": _("Nationality: %(countries)s."),
    "nationality_unknown": _("The nationality is not determined."),
    "proof_held": _("On record: %(asked)s. It counts until %(last_on)s."),
    "proof_held_without_end": _("On record: %(asked)s."),
    "proof_undated": _("On record without its days: %(asked)s."),
    "proof_too_early": _("On record, but it counts only from %(begins_on)s: %(asked)s."),
    "proof_ended": _("It counted until %(last_on)s: %(asked)s."),
    "proof_none": _("Not on record: %(asked)s."),
    "background_unknown": _("Nobody has asked yet: %(asked)s?"),
    "background_other": _("Something else is on record than: %(asked)s."),
    "passage": _("Passage through the country that is entered: %(way)s."),
    "passage_unknown": _("Nobody has said whether they stay in the country or go on."),
    "group": _("Travels with group %(code)s."),
    "window": _("The hour at the barrier, %(asked_hour)s, lies within the hours of passage."),
    "window_shut": _("The hour at the barrier, %(asked_hour)s, lies outside of the hours of passage."),
    "consent_signed": _("The consent form is signed."),
    "consent_never_asked": _("Nobody has asked for consent yet."),
    "consent_not_signed": _("The consent form is not signed."),
    "closed": _("The crossing is closed."),
    "not_asked": _("This is not asked of this person."),
    "not_asked_yet": _("This is asked from %(asked_from)s on, and the queue at the barrier may last longer."),
    "nothing_asked": _("Nothing is asked at this crossing."),
    "waived": _("The authority waives this until %(until)s."),
    "runs_out": _("It runs out at %(until)s, before the queue at the barrier may be over."),
    "hold": _("A protection officer must be asked before this person travels."),
    "no_hold": _("Nothing holds this person back."),
    "not_a_child_alone": _("Not a child who travels alone."),
    "child_arranged": _("Escort and receiver are named."),
    "guardian_left": _("A parent or guardian has left; nobody has said with whom the child is now."),
    "child_alone": _("A child alone: best interests, escort or receiver are not decided."),
    "no_infection": _("Nobody in the family tested positive."),
    "infection_own": _("The person tested positive and stays until the coordinator has decided."),
    "infection_family": _("Somebody in the family tested positive; the coordinator has to decide."),
    "not_planned": _("No hour at the barrier is agreed."),
    "plan_lapsed": _("The planned hour at the barrier has passed."),
}

CURES: Mapping[str, str | Promise] = {
    "register": _("Register the person."),
    "take_test": _("Take a test (%(kinds)s), sampled no earlier than %(not_before)s."),
    "test_again": _("Ask a doctor when a new test (%(kinds)s) makes sense."),
    "record_sampling_time": _("Record the hour of sampling."),
    "await_result": _("Wait for the result."),
    "record_documents": _("Ask for the travel document and record it."),
    "record_expiry": _("Record the document’s last day."),
    "get_document": _("Get a document: %(kinds)s."),
    "renew_document": _("Renew it, or get another: %(kinds)s."),
    "follow_document": _("Follow up the %(kind)s (%(state)s)."),
    "record_birth_date": _("Ask for the birth date and record it."),
    "record_nationality": _("Ask for the nationality and record it."),
    "get_proof": _("Get and record: %(asked)s."),
    "record_proof_days": _("Record from when until when it counts: %(asked)s."),
    "record_background": _("Ask and record: %(asked)s?"),
    "choose_corridor": _("Choose the corridor in the plan of the group."),
    "plan_other_hour": _("Plan another hour at the barrier."),
    "ask_consent": _("Explain the journey and ask for consent."),
    "ask_waiver": _("Ask the authority for a waiver, or wait for the rule to change."),
    "ask_protection": _("Ask the protection officer."),
    "say_company": _("Say with whom the child is: a guardian, separated or unaccompanied."),
    "arrange_child": _("Decide best interests, escort and receiver."),
    "decide_infection": _("Ask a doctor; then the coordinator decides who of the family travels."),
    "set_plan": _("Agree on an hour at the barrier."),
}

CELLS: Mapping[str, str | Promise] = {
    "not_registered": _("not registered"),
    "test_negative": _("negative until %(until)s"),
    "test_undated": _("no hour of sampling"),
    "test_awaited": _("result awaited"),
    "test_positive": _("positive"),
    "test_too_old": _("too old since %(until)s"),
    "test_other_kind": _("other kind of test"),
    "test_sampled_after": _("sampled too late"),
    "test_none": pgettext_lazy("finding", "not taken"),
    "documents_never_asked": pgettext_lazy("document", "not asked yet"),
    "document_held": _("held to %(expires_on)s"),
    "document_held_without_end": _("held, no last day"),
    "document_expiry_unknown": _("held, last day unknown"),
    "document_expired": _("expired %(expires_on)s"),
    "document_too_short": _("only to %(expires_on)s"),
    "document_not_in_hand": pgettext_lazy("document", "%(state)s"),
    "document_other_kind": _("other document"),
    "document_none": _("no document"),
    "birth_unknown": _("no birth date"),
    "birth_partial": _("age %(age)s"),
    "age": _("age %(age)s"),
    "nationality": pgettext_lazy("nationality", "%(countries)s"),
    "nationality_unknown": _("nationality unknown"),
    "proof_held": _("until %(last_on)s"),
    "proof_held_without_end": pgettext_lazy("finding", "on record"),
    "proof_undated": pgettext_lazy("finding", "days not recorded"),
    "proof_too_early": _("only from %(begins_on)s"),
    "proof_ended": _("ended %(last_on)s"),
    "proof_none": pgettext_lazy("finding", "not on record"),
    "background_unknown": pgettext_lazy("background", "not asked yet"),
    "background_other": pgettext_lazy("finding", "something else on record"),
    "passage": pgettext_lazy("passage", "%(way)s"),
    "passage_unknown": _("stay or transit not known"),
    "group": _("group %(code)s"),
    "window": _("within the hours"),
    "window_shut": _("outside of the hours"),
    "consent_signed": pgettext_lazy("finding", "signed"),
    "consent_never_asked": pgettext_lazy("consent", "not asked yet"),
    "consent_not_signed": pgettext_lazy("finding", "not signed"),
    "closed": pgettext_lazy("finding", "closed"),
    "not_asked": pgettext_lazy("finding", "not required"),
    "not_asked_yet": _("asked from %(asked_from)s"),
    "nothing_asked": pgettext_lazy("finding", "nothing asked"),
    "waived": _("until %(until)s"),
    "hold": _("ask protection"),
    "no_hold": pgettext_lazy("finding", "free"),
    "not_a_child_alone": _("not alone"),
    "child_arranged": pgettext_lazy("finding", "arranged"),
    "guardian_left": pgettext_lazy("finding", "guardian left"),
    "child_alone": pgettext_lazy("finding", "not arranged"),
    "no_infection": pgettext_lazy("infection", "none"),
    "infection_own": _("tested positive"),
    "infection_family": _("positive in the family"),
    "not_planned": _("no hour yet"),
    "plan_lapsed": _("hour has passed"),
}


def sentence(because: Because, *, zone: tzinfo, language: str | None = None) -> str:
    """Say one piece of evidence; hours are those of `zone`, the language is the active one by default."""
    return _said(SENTENCES, because, zone, language)


def remedy(cure: Because, *, zone: tzinfo, language: str | None = None) -> str:
    """Say one step that would put a finding right."""
    return _said(CURES, cure, zone, language)


def explain_finding(finding: Finding, *, zone: tzinfo, language: str | None = None) -> list[str]:
    """Say the whole finding: the evidence, then what would put it right, then what that costs."""
    with override(language or get_language() or "en"):
        lines = [sentence(because, zone=zone) for because in finding.because]
        lines += [remedy(cure, zone=zone) for cure in finding.cure]
        if finding.price is not None:
            lines.append(str(_("Price: %(price)s.")) % {"price": describe_price(finding.price)})
    return lines


def cell(finding: Finding, *, zone: tzinfo, language: str | None = None) -> str:
    """Say a finding in few words for the matrix of people and requirements, where icon and colour say the verdict."""
    with override(language or get_language() or "en"):
        because = finding.because[0]
        if because.code == "document_held" and not because.params.get("expires_on"):
            because = Because("document_held_without_end")
        first = _said(CELLS, because, zone, None)
        if because.code == "not_asked_yet":
            return first
        if finding.verdict == Verdict.EXPIRING and finding.true_until is not None:
            return str(_("runs out %(until)s")) % {"until": _instant(finding.true_until, zone)}
        if finding.verdict == Verdict.WAIVED:
            return str(_("waived %(until)s")) % {"until": first}
        if finding.verdict == Verdict.EXEMPT:
            return str(_("exempt, %(reason)s")) % {"reason": first}
        return first


def hour(at: datetime, *, zone: tzinfo) -> str:
    """Say an instant as evidence does: day and hour on the clock of `zone`, in the active language."""
    return _instant(at, zone)


def _said(texts: Mapping[str, str | Promise], because: Because, zone: tzinfo, language: str | None) -> str:
    with override(language or get_language() or "en"):
        if because.code == "proof_held" and not because.params.get("last_on"):
            because = Because("proof_held_without_end", because.params)
        return str(texts[because.code]) % _values(because, zone)


def _values(because: Because, zone: tzinfo) -> dict[str, str]:
    """Give what the text names, in words of the active language."""
    values: dict[str, str] = {}
    for name, value in because.params.items():
        if name in ("sampled_at", "until", "not_before", "asked_hour", "asked_from"):
            values[name] = _instant(datetime.fromisoformat(str(value)), zone)
        elif name in ("expires_on", "begins_on", "last_on"):
            values[name] = _day(date.fromisoformat(str(value))) if value else str(_("not recorded"))
        elif name == "countries":
            values[name] = either(map(countries.name, _list(value))) if value else str(_("not recorded"))
        elif name == "kinds":
            values[name] = _kinds(_list(value))
        elif name == "kind":
            values[name] = _kinds([str(value)])
        elif name == "state":
            values[name] = _label(DocumentState, str(value))
        elif name == "way":
            values[name] = _label(PassageWay, str(value))
        elif name == "asked":
            values[name] = describe(parse(value))
        elif name == "code":
            values[name] = str(value)
    if "youngest" in because.params:
        youngest, oldest = because.params["youngest"], because.params["oldest"]
        values["age"] = f"{youngest}" if youngest == oldest else either([f"{youngest}", f"{oldest}"])
    return values


def _list(value: Any) -> list[str]:
    return [str(item) for item in value]


def _kinds(kinds: list[str]) -> str:
    """Say kinds of tests or documents; a word from outside of our lists stands as it is."""
    if set(kinds) <= set(TestKind.values):
        return kinds_of_test(kinds)
    return kinds_of_document(kinds) if set(kinds) <= set(DocumentKind.values) else ", ".join(kinds)


def _label(words: Any, value: str) -> str:
    return str(words(value).label) if value in words.values else value


def _instant(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{_day(local.date())} {local:%H:%M}"


def _day(day: date) -> str:
    return format_date(day, "d MMM y", locale=babel_locale())
