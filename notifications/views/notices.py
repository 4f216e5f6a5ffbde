"""Alerts, who knew when, and one organisation's notice with everything that happened to it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages as flash
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from common.forms import blaming
from notifications import messages
from notifications.acknowledgements import AnswerError, acknowledge, confirm_action
from notifications.calls import on_behalf
from notifications.enums import AnsweredBy, NoticeState
from notifications.forms import ActionForm, AnswerForm, OnBehalfForm
from notifications.history import history_of
from notifications.models import Alert, LetterScan, Notice, Objection
from notifications.proof import Knew, figures_of, matrix_row, who_knew_when
from notifications.readers import alerts_for
from notifications.samples import sayings_of
from partners.access import Permission
from partners.doors import SignedInRequest, door

PAGE = 30
SHOWN: dict[str, Callable[[Knew, datetime], bool]] = {
    "handed_over": lambda row, at: row.handed_over_at is not None,
    "not_handed_over": lambda row, at: row.handed_over_at is None,
    "delivered": lambda row, at: row.delivered_at is not None,
    "acknowledged": lambda row, at: row.acknowledgement is not None,
    "acted": lambda row, at: bool(row.acknowledgement and row.acknowledgement.action_confirmed_at),
    "owed": lambda row, at: row.owed,
    "failed": lambda row, at: row.failed,
    "call": lambda row, at: row.to_call(at),
}
"""What a figure's link leads to: exactly the rows that it counts."""


@require_GET
@door(Permission.SEE_NOTICES)
def alert_list(request: SignedInRequest) -> HttpResponse:
    """Alerts, newest first; those that somebody still owes an answer to unless `?show=all`."""
    show_all = request.GET.get("show") == "all"
    owed = Notice.objects.filter(alert=OuterRef("pk"), state=NoticeState.OWED)
    rows = alerts_for(request.viewer)
    if not show_all:
        rows = rows.filter(Exists(owed))
    if (before := request.GET.get("before", "")).isdecimal() and len(before) < 10:
        rows = rows.filter(number__lt=int(before))
    alerts = list(rows.order_by("-number")[: PAGE + 1])
    more = len(alerts) > PAGE
    lines = _with_counts(alerts[:PAGE])
    query = {"before": lines[-1]["alert"].number if more else "", "show": "all" if show_all else ""}
    following = "&".join(f"{name}={value}" for name, value in query.items() if value)
    tabs = [
        {"label": _("Waiting for answers"), "url": "?", "current": not show_all},
        {"label": _("All notices"), "url": "?show=all", "current": show_all},
    ]
    page = {"lines": lines, "tabs": tabs, "show_all": show_all, "next_url": f"?{following}" if more else ""}
    return render(request, "notifications/list.html", page)


def _with_counts(alerts: list[Alert]) -> list[dict[str, Any]]:
    counted = {
        row["alert"]: row
        for row in Notice.objects.filter(alert__in=alerts)
        .values("alert")
        .annotate(
            total=Count("pk"),
            owed=Count("pk", filter=Q(state=NoticeState.OWED)),
            acknowledged=Count("pk", filter=Q(state=NoticeState.ACKNOWLEDGED)),
        )
    }
    contradicted = set(Objection.objects.filter(notice__alert__in=alerts).values_list("notice__alert", flat=True))
    language = get_language() or "en"
    return [
        {
            **counted.get(alert.pk, {"total": 0, "owed": 0, "acknowledged": 0}),
            "alert": alert,
            "subject": messages.subject_of(alert, language),
            "zones": messages.zones_of(alert),
            "contradicted": alert.pk in contradicted,
        }
        for alert in alerts
    ]


@require_GET
@door(Permission.SEE_NOTICES)
def alert_page(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Who knew when."""
    alert = _alert(request, public_id)
    state = _state(request, alert)
    objections = [row for row in state["all_rows"] if row.objections]
    newer = Alert.objects.filter(supersedes=alert).first()
    page = {
        **state,
        "etag": _etag(state),
        "objections": objections,
        "newer": newer,
        "to_call": sum(row.to_call(state["at"]) for row in state["all_rows"]),
        "may_call": request.viewer.may(Permission.CALL_PARTNERS),
    }
    return render(request, "notifications/alert.html", page)


@require_GET
@door(Permission.SEE_NOTICES)
def alert_panel(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The part of the page that is kept fresh: 304 while nothing has happened."""
    state = _state(request, _alert(request, public_id))
    etag = _etag(state)
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, "notifications/alert_panel.html", state)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _state(request: SignedInRequest, alert: Alert) -> dict[str, Any]:
    at = clock.now()
    rows = who_knew_when(alert)
    show = request.GET.get("show", "")
    chosen = [row for row in rows if SHOWN[show](row, at)] if show in SHOWN else rows
    own = reverse("notifications:alert", args=[alert.public_id])
    return {
        "alert": alert,
        "subject": messages.subject_of(alert, get_language() or "en"),
        "zones": messages.zones_of(alert),
        "version": alert.context.get("version"),
        "all_rows": rows,
        "rows": [matrix_row(row, at=at) for row in chosen],
        "figures": figures_of(rows, alert),
        "show": show if show in SHOWN else "",
        "own": own,
        "at": at,
    }


def _etag(state: dict[str, Any]) -> str:
    """Changes whenever anything that the panel shows does."""
    seen = [state["show"], get_language()]
    for row in state["all_rows"]:
        answer = row.acknowledgement
        seen += [
            row.notice.pk,
            row.notice.state,
            answer and (answer.at, answer.action_confirmed_at),
            row.step and (row.step.kind, row.step.due_at, row.step.due_at <= state["at"]),
            [(delivery.state, delivery.handed_over_at, delivery.delivered_at) for delivery in row.deliveries],
            len(row.objections),
        ]
    return f'"{hashlib.sha256(repr(seen).encode()).hexdigest()[:32]}"'


@require_GET
@door(Permission.SEE_NOTICES)
def alert_message(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The letter in each language, as an organisation gets it."""
    alert = _alert(request, public_id)
    languages = dict(settings.LANGUAGES)
    wished = request.GET.get("lang", "")
    language = wished if wished in languages else "en"
    page = {
        "alert": alert,
        "subject": messages.subject_of(alert, get_language() or "en"),
        "sample": sayings_of(alert, language),
        "language": language,
        "own": reverse("notifications:alert", args=[alert.public_id]),
        "tabs": [
            {"label": name, "url": f"?lang={code}", "current": code == language} for code, name in languages.items()
        ],
    }
    return render(request, "notifications/message.html", page)


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_NOTICES)
def notice_page(request: SignedInRequest, public_id: UUID, notice_id: UUID) -> HttpResponse:
    """One organisation's notice. POST writes down its answer: of one's own organisation, or on behalf."""
    notice = _notice(request, public_id, notice_id)
    own = notice.organisation in request.viewer.organisations
    may_write = own or request.viewer.may(Permission.CALL_PARTNERS)
    zone = messages.zones_of(notice.alert)[0]
    form: AnswerForm = AnswerForm() if own else OnBehalfForm(zone=zone)
    if request.method == "POST":
        if not may_write:
            raise Http404
        form = AnswerForm(request.POST) if own else OnBehalfForm(request.POST, request.FILES, zone=zone)
        if form.is_valid() and _write_answer(request, notice, form):
            return redirect("notifications:notice", public_id, notice_id)
    page = {
        "notice": notice,
        "alert": notice.alert,
        "subject": messages.subject_of(notice.alert, get_language() or "en"),
        "zones": messages.zones_of(notice.alert),
        "acknowledgement": getattr(notice, "acknowledgement", None),
        "has_scan": LetterScan.objects.filter(acknowledgement__notice=notice).exists(),
        "history": history_of(notice),
        "form": form,
        "action": ActionForm(),
        "own": own,
        "may_write": may_write,
        "is_owed": notice.state == NoticeState.OWED,
    }
    return render(request, "notifications/notice.html", page, status=400 if form.errors else 200)


def _write_answer(request: SignedInRequest, notice: Notice, form: AnswerForm) -> bool:
    """Acknowledges with what the form says; a refusal of the domain stands beside its field."""
    said, actor, written_down = form.cleaned_data, request.viewer.actor, None
    if isinstance(form, OnBehalfForm):
        written_down = form.written_down()
        actor = on_behalf(actor, name=said["name"], function=said["function"], organisation=notice.organisation)
    with blaming(form):
        acknowledge(
            notice=notice,
            name=said["name"],
            function=said["function"],
            answered_by=said.get("answered_by", AnsweredBy.PAGE),
            action_confirmed=said.get("action_confirmed", False),
            written_down=written_down,
            by=actor,
            at=clock.now(),
        )
        flash.success(request, _("Written down: %(who)s has the notice.") % {"who": notice.organisation.name})
        return True
    return False


@require_GET
@door(Permission.SEE_NOTICES)
def letter_scan(request: SignedInRequest, public_id: UUID, notice_id: UUID) -> HttpResponse:
    """The letter by which an organisation acknowledged, as it was taken in."""
    notice = _notice(request, public_id, notice_id)
    scan = get_object_or_404(LetterScan, acknowledgement__notice=notice)
    return HttpResponse(scan.content, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


@require_POST
@door(Permission.CALL_PARTNERS)
def confirm(request: SignedInRequest, public_id: UUID, notice_id: UUID) -> HttpResponse:
    """Writes down that an organisation has acted on what it acknowledged."""
    notice = _notice(request, public_id, notice_id)
    form = ActionForm(request.POST)
    try:
        note = form.cleaned_data["note"] if form.is_valid() else ""
        confirm_action(notice=notice, note=note, by=request.viewer.actor, at=clock.now())
    except AnswerError as refusal:
        flash.error(request, refusal.sentence)
    return redirect("notifications:notice", public_id, notice_id)


def _alert(request: SignedInRequest, public_id: UUID) -> Alert:
    return get_object_or_404(alerts_for(request.viewer).select_related("supersedes"), public_id=public_id)


def _notice(request: SignedInRequest, public_id: UUID, notice_id: UUID) -> Notice:
    rows = Notice.objects.select_related("alert", "organisation", "acknowledgement")
    return get_object_or_404(
        rows.filter(alert__in=alerts_for(request.viewer)), alert__public_id=public_id, public_id=notice_id
    )
