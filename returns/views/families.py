"""One family: its members, what they are to each other, who speaks for it, and children about whom a question is open."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common import clock
from common.audit import record_views
from common.forms import blaming
from migrants import families
from migrants.models import CompanyQuestion, Family, Migrant, Relation, TravelGroup
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import registering
from returns.forms.families import EndForm, LeadForm, LeaveForm, RelationForm
from returns.people_lines import lines_of
from returns.views.group_head import head_of, visible_group

FORMS: dict[str, type[RelationForm] | type[LeadForm] | type[LeaveForm]] = {
    "relate": RelationForm,
    "lead": LeadForm,
    "leave": LeaveForm,
}
SAID: dict[str, str | Promise] = {
    "relate": gettext_lazy("The relation is written down."),
    "lead": gettext_lazy("It is written down who speaks for the family."),
    "leave": gettext_lazy("They are no longer of this family."),
}


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def family(request: SignedInRequest, public_id: uuid.UUID, family_id: uuid.UUID) -> HttpResponse:
    """The members of a family; POST writes one thing down: a relation, who speaks for it, or who is no longer of it.

    Each person shown is written into the access log.
    """
    at, group = clock.now(), visible_group(request.viewer, public_id)
    row = get_object_or_404(Family.objects.filter(group=group).select_related("head__person"), public_id=family_id)
    members = list(row.people.living_records().order_by("birth_year", "sort_key"))
    act = request.POST.get("act", "")
    bound = {
        name: kind(request.POST if name == act else None, members=members, prefix=name) for name, kind in FORMS.items()
    }
    form = bound.get(act)
    if form is not None and form.is_valid() and _do(request, group, row, form):
        messages.success(request, str(SAID[act]))
        still = row.people.living_records().exists()
        return redirect("returns:family", group.public_id, row.public_id) if still else _to_families(group)
    people = lines_of(row.people.living_records().order_by("birth_year", "sort_key"), at=at)
    relations = _relations(members)
    seen = {line.public_id for line in people}
    seen |= {each.public_id for relation in relations for each in (relation.person, relation.other)}
    record_views(sorted(seen), page=request.path, by=request.viewer.actor, at=at)
    context = head_of(group, viewer=request.viewer, at=at, tab="families") | {
        "family": row,
        "head": getattr(row, "head", None),
        "lines": people,
        "relations": relations,
        "asked": CompanyQuestion.objects.open().filter(person__in=members).select_related("person"),
        "forms": bound,
        "form": form,
    }
    return render(request, "returns/groups/family.html", context, status=422 if form is not None else 200)


def _relations(members: list[Migrant]) -> list[Relation]:
    """Relations of the members, to whomever: those who have gone elsewhere too."""
    rows = Relation.objects.standing().filter(Q(person__in=members) | Q(other__in=members))
    return list(rows.select_related("person", "other"))


def _to_families(group: TravelGroup) -> HttpResponse:
    return redirect("returns:group_families", group.public_id)


def _do(request: SignedInRequest, group: TravelGroup, row: Family, form: forms.Form) -> bool:
    done: dict[str, Any] = {"by": request.viewer.actor, "at": clock.now()}
    with blaming(form):
        match form:
            case RelationForm():
                person, other = form.pair
                basis = form.cleaned_data["basis"]
                families.relate(person=person, other=other, kind=form.cleaned_data["kind"], basis=basis, **done)
            case LeadForm():
                families.lead_family(family=row, person=form.speaker, **done)
            case LeaveForm() if form.cleaned_data["code"].strip():
                registering.put_in_family(group=group, people=form.going, code=form.cleaned_data["code"], **done)
            case LeaveForm():
                registering.leave_family(family=row, people=form.going, **done)
        return True
    return False


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def relation_end(
    request: SignedInRequest, public_id: uuid.UUID, family_id: uuid.UUID, relation_id: uuid.UUID
) -> HttpResponse:
    """Say that a relation holds no longer, and why; what was written down stays in the history."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    row = get_object_or_404(Family, group=group, public_id=family_id)
    rows = Relation.objects.standing().filter(Q(person__family=row) | Q(other__family=row))
    relation = get_object_or_404(rows.select_related("person", "other"), public_id=relation_id)
    form = EndForm(request.POST or None)
    if form.is_bound and form.is_valid():
        registering.end_relation(relation=relation, why=form.cleaned_data["why"], by=request.viewer.actor, at=at)
        messages.success(request, _("It is written down that this holds no longer."))
        return redirect("returns:family", group.public_id, row.public_id)
    seen = [relation.person.public_id, relation.other.public_id]
    record_views(seen, page=request.path[:100], by=request.viewer.actor, at=at)
    context = head_of(group, viewer=request.viewer, at=at, tab="families") | {
        "form": form,
        "family": row,
        "relation": relation,
    }
    return render(request, "returns/groups/relation_end.html", context, status=422 if form.is_bound else 200)
