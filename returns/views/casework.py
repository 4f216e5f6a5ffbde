"""The case of a group and of a person: how far it is, what is to be done by whom until when, what colleagues wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from common.forms import blaming
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import case_stages, case_tasks, cases, comments, person_history
from returns.case_papers import papers_of
from returns.colleagues import colleagues_of
from returns.enums import CaseOutcome, CaseStage, StepKind, TaskState
from returns.forms.casework import (
    CaseReopenForm,
    CommentForm,
    TaskEndForm,
    TaskForm,
    TaskGiveForm,
    owner_of,
)
from returns.models import CaseComment, CasePage, CaseStep, CaseTask, ReturnCase
from returns.people_lines import line_of
from returns.views.case_head import back_to, case_in, form_page
from returns.views.group_head import head_of, visible_group
from returns.views.person_head import act_page, seen, visible_person, zones_at
from returns.views.timelines import older_url, span_of
from returns.ways import zones_of

SHOWN = 50
"""Comments on a page; a person reads no more at once."""
HORIZON = 200
"""Tasks on a page."""


@require_GET
@door(Permission.SEE_PEOPLE)
def group_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """How far the cases of a group are, its tasks and what colleagues wrote about it and its people."""
    group, at = visible_group(request.viewer, public_id), clock.now()
    found = case_stages.stages_in(group, at=at)
    said, older = _comments(CaseComment.objects.filter(group=group), request)
    listed = _tasks(CaseTask.objects.filter(group=group), at=at, most=HORIZON + 1)
    tasks = listed[:HORIZON]
    papers = papers_of(CasePage.objects.filter(group=group))
    about = [*said, *(line["task"] for line in tasks), *(paper.first for paper in papers)]
    seen(request, _people_of(about), at=at)
    context = {
        **head_of(group, viewer=request.viewer, at=at, tab="case"),
        "ladder": [{"label": stage.label, "n": found.get(stage, 0)} for stage in case_stages.ON_FOOT],
        "ended": [
            {"label": outcome.label, "n": found[key]}
            for outcome in CaseOutcome
            if (key := f"{CaseStage.CLOSED}:{outcome}") in found
        ],
        "tasks": tasks,
        "papers": papers,
        "comments": said,
        "older_url": older,
        "more_tasks": len(listed) > HORIZON,
        "comment_form": CommentForm(colleagues=colleagues_of(group, at=at)),
        "at": at,
    }
    return render(request, "returns/casework/group.html", context)


@require_GET
@door(Permission.SEE_PEOPLE)
def person_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The case of a person: how far it is, its tasks, its log, and what colleagues wrote."""
    person, at = visible_person(request.viewer, public_id), clock.now()
    seen(request, [person.public_id], at=at)
    found = list(
        case_stages.with_stage(ReturnCase.objects.filter(person=person), at=at).order_by("-opened_at", "-pk")[:10]
    )
    case = found[0] if found else None
    stage = getattr(case, "stage", "")
    order = list(CaseStage)
    reached = order.index(CaseStage(stage)) if stage else -1
    ended = case.get_outcome_display() if case and case.closed_at else ""
    ladder = [
        {
            "label": each.label if each != CaseStage.CLOSED or not ended else f"{each.label}: {ended}",
            "state": "done"
            if order.index(each) <= reached
            else "current"
            if order.index(each) == reached + 1
            else "ahead",
        }
        for each in order
    ]
    said, older_comments = _comments(CaseComment.objects.filter(case__person=person), request)
    context = {
        "person": person,
        "line": line_of(person, on=at.date()),
        "zones": zones_at(person),
        "case": case,
        "older": found[1:],
        "ladder": ladder,
        "closed_why": _why_closed(case),
        "tasks": _tasks(CaseTask.objects.filter(case__person=person), at=at),
        "papers": papers_of(CasePage.objects.filter(case__person=person)),
        "comments": said,
        "older_url": older_comments,
        "comment_form": CommentForm(colleagues=colleagues_of(person.group, at=at)) if person.group else None,
        "entries": person_history.of_person(person, most=30),
        "at": at,
    }
    return render(request, "returns/casework/person.html", context)


@require_GET
@door(Permission.SEE_PEOPLE)
def person_timeline(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """All that happened with a person and their group, newest first; `before` an hour, in parts."""
    person, at = visible_person(request.viewer, public_id), clock.now()
    seen(request, [person.public_id], at=at)
    entries, older = person_history.part_of(person, span_of(request))
    context = {
        "person": person,
        "line": line_of(person, on=at.date()),
        "zones": zones_at(person),
        "entries": entries,
        "older_url": older_url(older),
    }
    return render(request, "returns/casework/timeline.html", context)


def _why_closed(case: ReturnCase | None) -> Any:
    """Give the step by which a closed case was closed, if it was written down."""
    if case is None or case.closed_at is None:
        return None
    return CaseStep.objects.filter(case=case, kind=StepKind.CLOSED).first()


def _meant(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _tasks(rows: Any, *, at: Any, most: int = HORIZON) -> list[dict[str, Any]]:
    """Give tasks, open ones by their hour first; one query."""
    listed = list(
        rows.select_related("case__person", "group__crossing")
        .prefetch_related("group__crossing__sides")
        .order_by("-ended_at", "due_at", "pk")[:most]
    )
    listed.sort(key=lambda task: task.state != TaskState.OPEN)
    return [
        {
            "task": task,
            "zones": zones_of(task.group),
            "is_overdue": task.state == TaskState.OPEN and task.due_at <= at,
            "owner": task.owner_name or task.get_role_display(),
        }
        for task in listed
    ]


def _comments(rows: Any, request: SignedInRequest) -> tuple[list[CaseComment], str]:
    """Give the newest comments before the hour that the address asks for, and the address of older ones, if there are any."""
    before = span_of(request).before
    if before is not None:
        rows = rows.filter(made_at__lt=before)
    found = list(rows.select_related("case__person").prefetch_related("mentions")[: SHOWN + 1])
    shown = found[:SHOWN]
    return shown, older_url(shown[-1].made_at) if len(found) > SHOWN else ""


def _people_of(rows: Iterable[CaseTask | CaseComment | CasePage]) -> list[UUID]:
    """Whom these rows name: they leave an access row."""
    named = [row.case.person.public_id for row in rows if row.case is not None]
    return list(dict.fromkeys(named))


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_PEOPLE)
def task_new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Write down what is to be done for a group, or for one of its cases."""
    group, at = visible_group(request.viewer, public_id), clock.now()
    case = case_in(request, group)
    form = TaskForm(
        request.POST or None, colleagues=colleagues_of(group, at=at), zone=ZoneInfo(zones_of(group)[0]),
        initial={"owner": str(request.viewer.user.public_id)},
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        with blaming(form):
            case_tasks.open_task(group=group, case=case, **form.said, by=request.viewer.actor, at=at)
            messages.success(request, _("Written down. Whoever has to do it sees it under “Tasks”."))
            return back_to(group, case)
    return form_page(request, group, case, form, at, title=_("What is to be done"), button=_("Write it down"))


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_PEOPLE)
def comment_new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Write something about a group, or one of its cases, for the colleagues."""
    group, at = visible_group(request.viewer, public_id), clock.now()
    case = case_in(request, group)
    form = CommentForm(request.POST or None, colleagues=colleagues_of(group, at=at))
    if form.is_bound and form.is_valid():
        with blaming(form):
            comments.say(group=group, case=case, **form.cleaned_data, by=request.viewer.actor, at=at)
            messages.success(request, _("Written down."))
            return back_to(group, case)
    return form_page(request, group, case, form, at, title=_("Comment"), button=_("Write it down"))


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def case_reopen(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Take the closing of the case of a person that was closed last back."""
    person, at = visible_person(request.viewer, public_id), clock.now()
    closed = ReturnCase.objects.filter(person=person, closed_at__isnull=False)
    case = get_object_or_404(closed.order_by("-closed_at", "-pk")[:1])
    form = CaseReopenForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                cases.reopen_cases(cases=[case], **form.cleaned_data, by=request.viewer.actor, at=at)
        except cases.CaseError as error:
            form.add_error("why", str(error))
        else:
            messages.success(request, _("The case is open again."))
            return redirect("returns:person_case", person.public_id)
    words = {
        "title": _("Take the closing back"),
        "lead": _("Seats, and whoever saw the person until then, do not come back by themselves."),
        "back": reverse("returns:person_case", args=[person.public_id]),
    }
    return act_page(request, person, form, button=words["title"], **words)


@require_GET
@door(Permission.SEE_PEOPLE)
def task_list(request: SignedInRequest) -> HttpResponse:
    """Open tasks of the viewer, by name or role, the most urgent first; `show=all` those of everybody in reach.

    `after` names the task behind which the page begins, `group` narrows to one group.
    """
    at, everybody = clock.now(), request.GET.get("show") == "all"
    reached = CaseTask.objects.visible_to(request.viewer)
    rows = reached.open() if everybody else reached.open().of(request.viewer)
    of_group, last = (_meant(request.GET.get(name, "")) for name in ("group", "after"))
    if of_group:
        rows = rows.filter(group__public_id=of_group)
    begins = reached.filter(public_id=last).first() if last else None
    if begins is not None:
        rows = rows.filter(Q(due_at__gt=begins.due_at) | Q(due_at=begins.due_at, pk__gt=begins.pk))
    lines = _tasks(rows, at=at, most=HORIZON + 1)
    shown = lines[:HORIZON]
    seen(request, _people_of(line["task"] for line in shown), at=at)
    asked = {"show": "all" if everybody else "own"} | ({"group": str(of_group)} if of_group else {})
    more = len(lines) > HORIZON
    context = {
        "tasks": shown,
        "everybody": everybody,
        "overdue": sum(line["is_overdue"] for line in shown),
        "next_url": f"?{urlencode(asked | {'after': str(shown[-1]['task'].public_id)})}" if more else "",
    }
    return render(request, "returns/casework/tasks.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_PEOPLE)
def task(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One task with its log; POST ends it, opens it again or gives it to somebody else (`act`)."""
    at = clock.now()
    rows = CaseTask.objects.visible_to(request.viewer).select_related("group__crossing", "case__person")
    found = get_object_or_404(rows.prefetch_related("group__crossing__sides", "steps"), public_id=public_id)
    act, colleagues = request.POST.get("act", ""), colleagues_of(found.group, at=at)
    ending = TaskEndForm(request.POST if act in {"end", "reopen"} else None)
    giving = TaskGiveForm(
        request.POST if act == "give" else None, colleagues=colleagues, initial={"owner": _standing(found)}
    )
    form: forms.Form = giving if act == "give" else ending

    if request.method == "POST" and form.is_valid():
        with blaming(form):
            _do(request, found, act, form.cleaned_data)
            messages.success(request, _("Written down."))
            return redirect("returns:task", found.public_id)
    seen(request, _people_of([found]), at=at)
    (line,) = _tasks(CaseTask.objects.filter(pk=found.pk), at=at)
    context = {**line, "steps": found.steps.all(), "ending": ending, "giving": giving, "failed": form}
    return render(request, "returns/casework/task.html", context, status=422 if form.errors else 200)


def _standing(found: CaseTask) -> str:
    return str(found.owner) if found.owner else f"role:{found.role}"


def _do(request: SignedInRequest, found: CaseTask, act: str, given: dict[str, Any]) -> None:
    """One call into the domain, by what was pressed."""
    common: dict[str, Any] = {"task": found, "by": request.viewer.actor, "at": clock.now()}
    if act == "give":
        case_tasks.give_task(**owner_of(given["owner"]), **common)
    elif act == "reopen":
        case_tasks.reopen_task(why=given["note"], **common)
    else:
        case_tasks.end_task(state=given["state"], note=given["note"], **common)


@require_GET
@door(Permission.SEE_PEOPLE)
def mention_list(request: SignedInRequest) -> HttpResponse:
    """Comments that ask the viewer to look, those not seen yet first."""
    at = clock.now()
    rows = list(comments.mentions_of(request.viewer)[:100])
    rows.sort(key=lambda row: row.seen_at is not None)
    seen(request, _people_of(row.comment for row in rows), at=at)
    return render(request, "returns/casework/mentions.html", {"rows": rows, "zones": request.viewer.zones})


@require_POST
@door(Permission.SEE_PEOPLE)
def comment_seen(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The viewer has looked."""
    mention = get_object_or_404(comments.mentions_of(request.viewer), comment__public_id=public_id)
    comments.has_seen(mention=mention, by=request.viewer.actor, at=clock.now())
    return redirect("returns:mentions")
