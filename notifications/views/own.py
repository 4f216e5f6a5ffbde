"""A partner's own notices: to see, to acknowledge, to contradict. Only those of its own organisations."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.forms import blame
from notifications import messages
from notifications.acknowledgements import AnswerError, acknowledge, confirm_action, object_to
from notifications.enums import AnsweredBy, NoticeState
from notifications.forms import AnswerForm, ObjectionForm
from notifications.models import Notice
from notifications.readers import own_notices
from partners.access import Permission
from partners.doors import SignedInRequest, door

PAGE = 30


@require_GET
@door(Permission.SEE_OWN_NOTICES)
def own_list(request: SignedInRequest) -> HttpResponse:
    """Notices of one's own organisations, newest first; those owed an answer unless `?show=all`."""
    show_all = request.GET.get("show") == "all"
    rows = own_notices(request.viewer)
    if not show_all:
        rows = rows.filter(state=NoticeState.OWED)
    if (before := request.GET.get("before", "")).isdecimal() and len(before) < 10:
        rows = rows.filter(alert__number__lt=int(before))
    notices = list(rows.order_by("-alert__number", "pk")[: PAGE + 1])
    more = f"?before={notices[PAGE - 1].alert.number}" if len(notices) > PAGE else ""
    language = get_language() or "en"
    lines = [
        {
            "notice": notice,
            "subject": messages.subject_of(notice.alert, language),
            "zones": messages.zones_of(notice.alert),
            "is_owed": notice.state == NoticeState.OWED,
        }
        for notice in notices[:PAGE]
    ]
    tabs = [
        {"label": _("Waiting for your answer"), "url": "?", "current": not show_all},
        {"label": _("All notices"), "url": "?show=all", "current": show_all},
    ]
    next_url = f"{more}&show=all" if more and show_all else more
    page = {"lines": lines, "tabs": tabs, "show_all": show_all, "next_url": next_url}
    return render(request, "notifications/own_list.html", page)


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_OWN_NOTICES)
def own_notice(request: SignedInRequest, notice_id: UUID) -> HttpResponse:
    """One notice with its message; POST acknowledges, says that the post has been told, or contradicts."""
    notice = get_object_or_404(own_notices(request.viewer), public_id=notice_id)
    answer = AnswerForm(initial={"name": request.viewer.user.printed_name})
    objection = ObjectionForm()
    refused = ""
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act == "object":
            objection = ObjectionForm(request.POST)
        elif act != "confirm":
            answer = AnswerForm(request.POST)
        try:
            if _act(request, notice, act, answer, objection):
                return redirect("notifications:own_notice", notice_id)
        except AnswerError as refusal:
            form = objection if act == "object" else answer
            if form.is_bound:
                blame(form, refusal)
            else:
                refused = refusal.sentence
    language = get_language() or "en"
    page = {
        "notice": notice,
        **messages.context_of(notice.alert, language, head_count=notice.head_count),
        "message": messages.render(notice.alert, language, head_count=notice.head_count),
        "acknowledgement": getattr(notice, "acknowledgement", None),
        "objections": list(notice.objections.order_by("at")),
        "is_owed": notice.state == NoticeState.OWED,
        "is_superseded": notice.state == NoticeState.SUPERSEDED,
        "refused": refused,
        "answered_at": messages.answer_page(notice),
        "answer": answer,
        "objection": objection,
    }
    failed = bool(refused or answer.errors or objection.errors)
    return render(request, "notifications/own_notice.html", page, status=400 if failed else 200)


def _act(request: SignedInRequest, notice: Notice, act: str, answer: AnswerForm, objection: ObjectionForm) -> bool:
    """Does what the button says, for the notice's own organisation."""
    at = clock.now()
    by = request.viewer.actor
    if act == "confirm":
        confirm_action(notice=notice, by=by, at=at)
        return True
    if act == "object":
        if not objection.is_valid():
            return False
        object_to(notice=notice, text=objection.cleaned_data["text"], by=by, at=at)
        flash.success(request, _("The coordinator has your objection."))
        return True
    if act not in ("acknowledge", "told"):
        raise AnswerError("", _("Use one of the buttons on the page."))
    if not answer.is_valid():
        return False
    acknowledge(
        notice=notice,
        name=answer.cleaned_data["name"],
        function=answer.cleaned_data["function"],
        answered_by=AnsweredBy.PAGE,
        action_confirmed=act == "told",
        by=by,
        at=at,
    )
    return True
