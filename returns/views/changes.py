"""Write a change down, read its impact, publish it: nobody is told before somebody has read the impact."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from common.references import reference
from corridors import reporting, requirements
from corridors.ledger import differences, place_taken_of, sentence_of, words_of_overlaps
from corridors.lines import zones_of
from corridors.models import BarrierReport, BorderCrossing, Requirement, RequirementDraft, RequirementVersion
from corridors.rules import explain, parse_content
from migrants.models import TravelGroup
from notifications.messages import preview
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns.cases import PlanError
from returns.enums import Verdict
from returns.forms.begun_changes import initial_of, initial_of_report
from returns.forms.changes import ChangeForm
from returns.impact import Impact, impact_of, moved, previewed_alert
from returns.judging import WORST_FIRST
from returns.publishing import ImpactMovedError, publish, refuse_unknown_groups
from returns.views.barrier_reports import said_in_words
from returns.views.links import who_knows
from returns.ways import way_of_line

MAY = Permission.PUBLISH_REQUIREMENTS
FIELDS = {"direction": "way"}
"""How the form calls a field that the domain calls otherwise."""


@require_http_methods(["GET", "POST"])
@door(MAY)
def change_new(request: SignedInRequest) -> HttpResponse:
    """One screen for what a border post has just said; it stores a draft and tells nobody."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        draft = _drafted(form, request)
        if draft is not None:
            return redirect("returns:change", draft.public_id)
    return render(
        request, "returns/changes/new.html", {"form": form}, status=422 if form.is_bound and form.errors else 200
    )


def _form(request: SignedInRequest) -> ChangeForm:
    crossings = list(BorderCrossing.objects.filter(is_airport=False).prefetch_related("sides"))
    first = TravelGroup.objects.waiting().values_list("crossing", flat=True).distinct()
    initial: dict[str, Any] = {"way": request.GET.get("way", "")}
    if (report := _report(request)) is not None:
        initial |= initial_of_report(report, said_in_words(report))
    line = _line_named(request.GET.get("requirement", ""))
    if line is not None:
        version = line.versions.order_by("-number", "-known__startswith").first()
        initial |= initial_of(line, version.content if version else {})
    return ChangeForm(request.POST or None, crossings=crossings, first=first, initial=initial)


def _report(request: SignedInRequest) -> BarrierReport | None:
    """The word from the barrier that the draft takes up, where the address names one."""
    asked = reference(request.GET.get("report", ""))
    return reporting.reports_for(request.viewer).filter(public_id=asked).first()


def _line_named(public_id: str) -> Requirement | None:
    try:
        key = UUID(public_id)
    except ValueError:
        return None
    return Requirement.objects.filter(public_id=key).select_related("crossing").first()


def _drafted(form: ChangeForm, request: SignedInRequest) -> RequirementDraft | None:
    """Store the draft, or put what the domain refuses beside the field that it names."""
    at = clock.now()
    crossing, from_country, to_country, subject = form.line()
    standing = (
        RequirementVersion.objects.filter(
            requirement__crossing=crossing,
            requirement__from_country=from_country,
            requirement__to_country=to_country,
            requirement__mode=form.cleaned_data["mode"],
            requirement__subject=subject,
        )
        .order_by("-number", "-known__startswith")
        .first()
    )
    if form.cleaned_data["certainty"] == "withdrawn" and standing is None:
        form.add_error("certainty", _("There is nothing to withdraw: this line asks for nothing now."))
        return None
    try:
        content = form.content(standing=standing.content if standing else None)
        refuse_unknown_groups(content)
        return requirements.draft(
            requirement_line=form.line(),
            content=content,
            certainty=form.cleaned_data["certainty"],
            source_tier=form.cleaned_data["source_tier"],
            source_text=form.cleaned_data["source_text"],
            authority=form.cleaned_data["authority"],
            **_hours(form, at=at),
            mode=form.cleaned_data["mode"],
            correction=form.cleaned_data["correction"],
            report=_report(request),
            by=request.viewer.actor,
            at=at,
        )
    except requirements.RequirementError as error:
        name = FIELDS.get(error.field, error.field)
        form.add_error(name if name in form.fields else None, error.sentence)
    return None


def _hours(form: ChangeForm, *, at: datetime) -> dict[str, Any]:
    """From when until when it applies. Raises RequirementError with the field whose hour clocks skip or repeat."""
    hours: dict[str, Any] = {}
    for name, otherwise in (("applies_from", at), ("applies_until", None)):
        try:
            hours[name] = form.instant(name) or otherwise
        except PlanError as error:
            raise requirements.RequirementError(name, str(error)) from error
    return hours


@require_GET
@door(MAY)
def change(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What publishing this draft would do; nothing is told by looking."""
    draft = _draft(public_id)
    if draft.published_version is not None:
        known = {"draft": draft, "way": way_of_line(draft.requirement), "who_knows": who_knows(draft.published_version)}
        return render(request, "returns/changes/published.html", known)
    return _page(request, impact_of(draft, at=clock.now()))


@require_POST
@door(MAY)
def change_publish(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Publish what was read; where the impact has moved, show the difference and ask again."""
    draft = _draft(public_id)
    try:
        with transaction.atomic():
            publish(
                draft=draft,
                fingerprint=request.POST.get("fingerprint", ""),
                by=request.viewer.actor,
                at=clock.now(),
            )
    except ImpactMovedError as error:
        return _page(request, error.impact, moved_on=moved(_shown(request), error.impact), status=409)
    except requirements.RequirementError as error:
        messages.error(request, error.sentence)
        return redirect("returns:change", draft.public_id)
    messages.success(request, _("Published. Everybody on the list is being told now."))
    return redirect(who_knows_url(draft) or reverse("returns:change", args=[draft.public_id]))


def who_knows_url(draft: RequirementDraft) -> str:
    """Where the page stands that says who knows of a published draft; empty before."""
    draft.refresh_from_db(fields=["published_version"])
    return who_knows(draft.published_version) if draft.published_version else ""


@require_POST
@door(MAY)
def change_again(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The same change once more against the version that somebody else published meanwhile."""
    draft = requirements.redraft(draft=_draft(public_id), by=request.viewer.actor, at=clock.now())
    return redirect("returns:change", draft.public_id)


def _draft(public_id: UUID) -> RequirementDraft:
    drafts = RequirementDraft.objects.select_related(
        "requirement__crossing", "replaces", "authority", "published_version"
    ).prefetch_related("requirement__crossing__sides")
    return get_object_or_404(drafts, public_id=public_id)


def _shown(request: SignedInRequest) -> dict[str, Any]:
    """The figures that the page showed, as it sent them back; whatever is not a table of figures is none."""
    try:
        shown = json.loads(request.POST.get("figures", "{}"))
    except ValueError:
        return {}
    return shown if isinstance(shown, dict) else {}


def _page(
    request: SignedInRequest, impact: Impact, *, moved_on: list[str] | None = None, status: int = 200
) -> HttpResponse:
    draft = impact.draft
    language = getattr(request, "LANGUAGE_CODE", "en")
    content = parse_content(draft.content)
    old = place_taken_of(draft)
    context = {
        "impact": impact,
        "draft": draft,
        "way": way_of_line(draft.requirement),
        "zones": zones_of(draft.requirement),
        "sentence": explain(content, language),
        "before_sentence": sentence_of(old) if old else "",
        "changes": differences(old, draft) if old else [],
        "rows": _rows(impact),
        "previews": _previews(impact),
        "differences": moved_on or [],
        "figures": json.dumps(impact.figures, sort_keys=True),
        "overtaken": _overtaken(draft),
        "overlaps": words_of_overlaps(draft),
    }
    return render(request, "returns/changes/impact.html", context, status=status)


def _rows(impact: Impact) -> list[dict[str, Any]]:
    """People by worst finding, before and after, the worst first."""
    found = []
    for verdict in WORST_FIRST:
        before, after = impact.before.get(verdict.value, 0), impact.after.get(verdict.value, 0)
        if before or after:
            found.append(
                {"verdict": verdict.value, "before": before, "after": after, "worse": _is_worse(verdict, before, after)}
            )
    return found


def _is_worse(verdict: Verdict, before: int, after: int) -> bool:
    return verdict in (Verdict.MISSING, Verdict.EXPIRING) and after > before


def _previews(impact: Impact) -> list[dict[str, Any]]:
    """The message in each language in which it goes out, as the first organisation of that language gets it."""
    alert = previewed_alert(impact.draft, at=clock.now())
    names = dict(settings.LANGUAGES)
    found = []
    for language in impact.languages or ["en"]:
        reader = next(
            (reached for reached in impact.told if any(desk.language == language for desk in reached.desks)), None
        )
        message = preview(alert, language, reader.organisation if reader else None)
        found.append({"language": language, "name": names[language], "subject": message.subject, "text": message.text})
    return found


def _overtaken(draft: RequirementDraft) -> RequirementVersion | None:
    """The version that somebody published after this draft was written against an older one."""
    last = draft.requirement.versions.order_by("-number", "-known__startswith").first()
    if last is None or (draft.replaces is not None and draft.replaces.number == last.number):
        return None
    return last
