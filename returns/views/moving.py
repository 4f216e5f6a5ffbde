"""Move people between groups, split one, join two, undo a move: each shows first what it would change."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.audit import record_views
from common.forms import blaming
from migrants.models import GroupMove, TravelGroup
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from returns import moving
from returns.forms.moving import JoinForm, MoveForm
from returns.moving import Moved
from returns.people_lines import lines_of
from returns.views.group_head import head_of, visible_group

MOST_GROUPS = 200


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def group_move(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Move people of the group into another one, or split them off. The first POST shows, the second acts.

    Each person who is shown is written into the access log.
    """
    group = visible_group(request.viewer, public_id)
    people = group.people.living_records()
    others = _others(request.viewer, group)
    form = MoveForm(request.POST or None, group=group, others=others, within=people, initial=_wanted(request, group))
    shown = None
    if form.is_bound and form.is_valid():
        asked: dict[str, Any] = {"from_group": group, "going": form.going, "why": form.cleaned_data["why"]}
        act: Callable[..., Moved] = moving.split
        if form.target is not None:
            act, asked = moving.move, asked | {"to_group": form.target}
        done, shown = _answer(request, form, act, asked)
        if done is not None:
            messages.success(request, _("They are in group %(code)s.") % {"code": done.move.to_group.code})
            return redirect("returns:group", done.move.to_group.public_id)
    return _page(request, group, form, shown, "returns/groups/move.html")


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def group_join(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Join the whole group into another one, which closes it. The first POST shows, the second acts."""
    group = visible_group(request.viewer, public_id)
    form = JoinForm(request.POST or None, others=_others(request.viewer, group))
    shown = None
    if form.is_bound and form.is_valid():
        asked = {"from_group": group, "into": form.target, "why": form.cleaned_data["why"]}
        done, shown = _answer(request, form, moving.join, asked)
        if done is not None:
            words = _("Group %(code)s is joined into %(other)s.")
            messages.success(request, words % {"code": group.code, "other": done.move.to_group.code})
            return redirect("returns:group", done.move.to_group.public_id)
    return _page(request, group, form, shown, "returns/groups/join.html")


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def group_move_undo(request: SignedInRequest, public_id: uuid.UUID, move_id: uuid.UUID) -> HttpResponse:
    """Move everybody of one move back, after the page has said what that changes."""
    group = visible_group(request.viewer, public_id)
    rows = GroupMove.objects.filter(Q(from_group=group) | Q(to_group=group))
    reached = TravelGroup.objects.visible_to(request.viewer)
    rows = rows.filter(from_group__in=reached, to_group__in=reached).select_related("from_group", "to_group")
    row = get_object_or_404(rows, public_id=move_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_bound:
        with blaming(form):
            done = moving.move_back(row=row, by=request.viewer.actor, at=clock.now())
            messages.success(request, _("They are back in group %(code)s.") % {"code": row.from_group.code})
            return redirect("returns:group", done.move.to_group.public_id)
    context = head_of(group, viewer=request.viewer, at=clock.now(), tab="") | {"form": form, "move": row}
    return render(request, "returns/groups/undo.html", context, status=422 if form.is_bound else 200)


def _answer(
    request: SignedInRequest, form: forms.Form, act: Callable[..., Moved], asked: dict[str, Any]
) -> tuple[Moved | None, Moved | None]:
    """Give what was done, or what would be; a refusal goes into the form."""
    asked |= {"by": request.viewer.actor, "at": clock.now()}
    with blaming(form):
        if request.POST.get("step") == "confirm":
            return act(**asked), None
        return None, moving.preview(act, **asked)
    return None, None


def _others(viewer: Viewer, group: TravelGroup) -> QuerySet[TravelGroup]:
    waiting = TravelGroup.objects.visible_to(viewer).waiting().exclude(pk=group.pk).select_related("crossing")
    return waiting.prefetch_related("crossing__sides").order_by("-waiting_since", "code")[:MOST_GROUPS]


def _wanted(request: SignedInRequest, group: TravelGroup) -> dict[str, Any]:
    """What the link to this page named: a family or a person, by public id."""
    wanted: dict[str, Any] = {"families": request.GET.getlist("family"), "to_group": request.GET.get("to", "")}
    person = _uuid(request.GET.get("person", ""))
    if person is not None:
        numbers = group.people.living_records().filter(public_id=person).values_list("number", flat=True)
        wanted["people"] = " ".join(numbers)
    return wanted


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _page(
    request: SignedInRequest, group: TravelGroup, form: MoveForm | JoinForm, shown: Moved | None, template: str
) -> HttpResponse:
    at = clock.now()
    context = head_of(group, viewer=request.viewer, at=at, tab="") | {"form": form, "shown": shown}
    if shown is not None and isinstance(form, MoveForm):
        people = group.people.living_records().filter(pk__in=[person.pk for person in form.going.people])
        context["lines"] = lines_of(people.order_by("family__code", "sort_key"), at=at)
        record_views([line.public_id for line in context["lines"]], page=request.path, by=request.viewer.actor, at=at)
    return render(request, template, context, status=422 if form.is_bound and shown is None else 200)
