"""The phone: whom to call now, what to say, what came of it, and the log by institution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages as flash
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.forms import blaming
from notifications import messages
from notifications.calls import by_organisation, call_list, log_call, log_one_call, phone_numbers
from notifications.enums import NoticeState
from notifications.forms import CallForm
from notifications.history import calls_of
from notifications.models import CallEntry, Notice
from notifications.named import full_name
from notifications.readers import about_what_is_reached, alerts_for
from notifications.templatetags.notices import readable
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.models import Organisation

PAGE = 50


@require_GET
@door(Permission.CALL_PARTNERS)
def calls(request: SignedInRequest) -> HttpResponse:
    """Whom to call now, the longest waiting first: each organisation once, with all that it owes an answer to."""
    reached = about_what_is_reached(request.viewer, path="notice__alert__")
    listed = [
        {
            "name": full_name(callee.organisation),
            "contact": callee.numbers[0].contact.function if callee.numbers else "",
            "number": readable(callee.numbers[0].address) if callee.numbers else "",
            "desks_url": reverse("partners:organisation", args=[callee.organisation.public_id]),
            "about": [
                {
                    "why": _numbered(call.notice),
                    "since": call.due_at,
                    "zones": messages.zones_of(call.notice.alert),
                    "url": reverse("notifications:call", args=[call.notice.public_id]),
                    "tries": call.tries,
                }
                for call in callee.calls
            ],
        }
        for callee in by_organisation(call_list(at=clock.now(), among=reached))
    ]
    return render(request, "notifications/calls.html", {"listed": listed})


@require_http_methods(["GET", "POST"])
@door(Permission.CALL_PARTNERS)
def call(request: SignedInRequest, notice_id: UUID) -> HttpResponse:
    """One call about a notice: the number, what to say, and what came of it."""
    rows = Notice.objects.select_related("alert", "organisation").filter(alert__in=alerts_for(request.viewer))
    notice = get_object_or_404(rows, public_id=notice_id)
    numbers = phone_numbers([notice.organisation_id], at=clock.now()).get(notice.organisation_id, [])
    others = _others(request, notice)
    subjects = [_numbered(each) for each in others]
    named = [(str(each.public_id), subject) for each, subject in zip(others, subjects, strict=True)]
    form = CallForm(others=named, initial={"number": numbers[0].address if numbers else ""})
    if request.method == "POST":
        form = CallForm(request.POST, others=named)
        if _log(request, form, organisation=notice.organisation, notice=notice, others=others):
            return redirect("notifications:calls")
    languages = dict(settings.LANGUAGES)
    wished = request.GET.get("lang", "")
    usual = messages.language_of(numbers[0].contact.language) if numbers else "en"
    language = wished if wished in languages else usual
    page = {
        "notice": notice,
        "zones": messages.zones_of(notice.alert),
        "numbers": numbers,
        "form": form,
        **_script(notice, language),
        "others": [
            (subject, messages.call_script(each.alert, language))
            for each, subject in zip(others, subjects, strict=True)
        ],
        "tabs": [
            {"label": name, "url": f"?lang={code}", "current": code == language} for code, name in languages.items()
        ],
        "subject": messages.subject_of(notice.alert, get_language() or "en"),
        "is_owed": notice.state == NoticeState.OWED,
        "entries": calls_of(notice),
    }
    return render(request, "notifications/call.html", page, status=400 if form.errors else 200)


def _numbered(notice: Notice) -> str:
    """What a notice says in a line, with its number: of one corridor several parties decide, each in the same words."""
    subject = messages.subject_of(notice.alert, get_language() or "en")
    return _("Notice %(number)d: %(subject)s") % {"number": notice.alert.number, "subject": subject}


def _others(request: SignedInRequest, notice: Notice) -> list[Notice]:
    """What else the organisation of `notice` is to be called about now, as far as the viewer sees it."""
    reached = about_what_is_reached(request.viewer, path="notice__alert__")
    due = call_list(at=clock.now(), among=Q(notice__organisation=notice.organisation_id) & reached)
    return [call.notice for call in due if call.notice.pk != notice.pk]


def _script(notice: Notice, language: str) -> dict[str, Any]:
    """What to say, in the language of who is called."""
    with translation.override(language):
        there = notice.organisation.name_in(language)
        opening = _("Good day. I am calling for IOM, to %(who)s. I have a notice for you.") % {"who": there}
        closing = _(
            "Has your organisation received this? What is your name, and your function? Has your post been told?"
        )
    said = {"opening": opening, "script": messages.call_script(notice.alert, language), "closing": closing}
    return said | {"language": language}


@require_http_methods(["GET", "POST"])
@door(Permission.CALL_PARTNERS)
def institution(request: SignedInRequest, code: str) -> HttpResponse:
    """Every call to one institution, and a form for one that is about no notice."""
    organisation = get_object_or_404(Organisation, code=code)
    numbers = phone_numbers([organisation.pk], at=clock.now()).get(organisation.pk, [])
    form = CallForm(about_notice=False, initial={"number": numbers[0].address if numbers else ""})
    if request.method == "POST":
        form = CallForm(request.POST, about_notice=False)
        if _log(request, form, organisation=organisation, notice=None):
            return redirect("notifications:institution", code)
    page = {"organisation": organisation, "numbers": numbers, "form": form, **_log_page(request, organisation)}
    return render(request, "notifications/institution.html", page, status=400 if form.errors else 200)


@require_GET
@door(Permission.CALL_PARTNERS)
def call_log(request: SignedInRequest) -> HttpResponse:
    """The contact log of all institutions, newest first."""
    organisations = list(Organisation.objects.order_by("name_en").values_list("code", "name_en"))
    if (chosen := request.GET.get("institution", "")) in dict(organisations):
        return redirect("notifications:institution", chosen)
    page = {"organisations": organisations, **_log_page(request, None)}
    return render(request, "notifications/call_log.html", page)


def _log_page(request: SignedInRequest, organisation: Organisation | None) -> dict[str, Any]:
    """One keyset page of the log."""
    rows = CallEntry.objects.select_related("organisation", "notice__alert")
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    if (before := request.GET.get("before", "")).isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    entries = list(rows.order_by("-pk")[: PAGE + 1])
    more = f"?before={entries[PAGE - 1].pk}" if len(entries) > PAGE else ""
    zones = list(request.viewer.zones) or ["UTC"]
    return {"entries": entries[:PAGE], "next_url": more, "zones": zones}


def _log(
    request: SignedInRequest,
    form: CallForm,
    *,
    organisation: Organisation,
    notice: Notice | None,
    others: Sequence[Notice] = (),
) -> bool:
    """Writes the call down with what the form says; a refusal of the domain stands beside its field."""
    if not form.is_valid():
        return False
    said, by, at = form.cleaned_data, request.viewer.actor, clock.now()
    also = said.pop("also", [])
    with blaming(form):
        if notice is None:
            log_call(organisation=organisation, notice=None, by=by, at=at, **said)
        else:
            notices = [notice, *(each for each in others if str(each.public_id) in also)]
            log_one_call(notices=notices, by=by, at=at, **said)
        flash.success(request, _("Written into the contact log of %(who)s.") % {"who": organisation.name})
        return True
    return False
