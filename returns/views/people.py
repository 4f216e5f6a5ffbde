"""People: looking one up, registering, the page of one person, and records that may be one person."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from common.audit import record_views
from migrants import consents, documents, health, merging, mrz
from migrants.enums import PairState, Purpose
from migrants.identity import digest_of, name_keys
from migrants.models import Consent, DuplicatePair, Merge, Migrant, TravelDocument, TravelGroup
from migrants.models.people import MigrantQuerySet
from migrants.names.likeness import SENTENCES
from migrants.registration import RegistrationError
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from returns import registering
from returns.forms import people as forms
from returns.forms.people import ConsentForm, DisclosureForm, NewDocumentForm, PassportForm, PersonForm, TestForm
from returns.people_lines import line_of, lines_of
from returns.views.counts import mission_of
from returns.views.group_head import head_of, visible_group
from returns.ways import zones_of

PAGE, MOST_FOUND = 50, 20


def visible_person(viewer: Viewer, public_id: uuid.UUID) -> Migrant:
    """Give a person in the viewer's scope; everybody else gets 404."""
    rows = Migrant.objects.visible_to(viewer).select_related("group__crossing", "family", "mission")
    return get_object_or_404(
        rows.prefetch_related("nationalities", "documents", "names", "group__crossing__sides"), public_id=public_id
    )


def scope_of(viewer: Viewer) -> MigrantQuerySet:
    """Whom a duplicate warning may name: exactly those whom the viewer may see."""
    return Migrant.objects.visible_to(viewer)


@require_GET
@door(Permission.SEE_PEOPLE)
def people(request: SignedInRequest) -> HttpResponse:
    """Look somebody up by number, document, phone or name; at most 20, each written into the access log.

    The code of a group leads to its page.
    """
    asked, at = request.GET.get("q", "").strip()[:100], clock.now()
    group = TravelGroup.objects.visible_to(request.viewer).filter(code__iexact=asked).first()
    if group is not None:
        return redirect("returns:group", group.public_id)
    found = lines_of(_search(scope_of(request.viewer), asked), at=at) if asked else []
    _seen(request, [line.public_id for line in found], at)
    context = {"asked": asked, "lines": found, "open_pairs": _pairs(request.viewer).count(), "most": MOST_FOUND}
    return render(request, "returns/people/search.html", context)


def _search(within: MigrantQuerySet, asked: str) -> MigrantQuerySet:
    phone_field = Migrant._meta.get_field("phone_index")
    match = Q(number=asked) | Q(phone_index=phone_field.digest("+" + "".join(filter(str.isdigit, asked))))
    digest = digest_of(asked)
    if digest is not None:
        match |= Q(pk__in=TravelDocument.objects.filter(number_index=digest).values("person"))
    keys = sorted(name_keys(asked))
    if keys:
        match |= Q(name_keys__overlap=keys)
    if len(asked) >= 3 and any(letter.isalpha() for letter in asked):
        match |= Q(full_name__icontains=asked) | Q(latin_name__icontains=asked)
    return within.filter(match).order_by("sort_key", "pk")[:MOST_FOUND]


@require_GET
@door(Permission.SEE_PEOPLE)
def group_people(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The people of a group in the order of their names; keyset pages of 50."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    rows = group.people.living_records()
    name, _bar, key = request.GET.get("after", "").rpartition("|")
    if key.isdigit():
        rows = rows.filter(Q(sort_key__gt=name) | Q(sort_key=name, pk__gt=int(key)))
    page = list(rows.order_by("sort_key", "pk").values_list("pk", "sort_key")[: PAGE + 1])
    shown = [pk for pk, _key in page[:PAGE]]
    lines = lines_of(Migrant.objects.filter(pk__in=shown).order_by("sort_key", "pk"), at=at)
    _seen(request, [line.public_id for line in lines], at)
    context = head_of(group, viewer=request.viewer, at=at, tab="people") | {
        "lines": lines,
        "after": f"{page[PAGE - 1][1]}|{page[PAGE - 1][0]}" if len(page) > PAGE else "",
        "may_consent": request.viewer.may(Permission.RECORD_CONSENT),
    }
    return render(request, "returns/people/group.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def person_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Register one person by form. Likely duplicates are shown first, with reasons; `anyway` registers nevertheless."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    if request.method == "GET":
        return _person_page(request, group, PersonForm(today=at.date()))
    form = PersonForm(request.POST, today=at.date())
    if not form.is_valid():
        return _person_page(request, group, form, status=422)
    within = scope_of(request.viewer)
    met = registering.whom_it_may_be(form.entry(), within=within)
    if met.candidates and request.POST.get("anyway") != "1":
        _seen(request, [candidate.person.public_id for candidate in met.candidates], at)
        return _person_page(request, group, form, status=409, candidates=met.candidates)
    try:
        person = registering.register_with_case(
            group=group, mission=mission_of(request.viewer), entry=form.entry(), within=within,
            by=request.viewer.actor, at=at,
        )  # fmt: skip
    except RegistrationError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.sentence))
        return _person_page(request, group, form, status=422)
    messages.success(request, _("%(name)s is registered under number %(number)s.") % _called(person))
    if met.candidates:
        messages.warning(request, _("The two records stand in the list of pairs to be decided."))
    return redirect("returns:person", person.public_id)


def _called(person: Migrant) -> dict[str, str]:
    return {"name": person.full_name, "number": person.number}


def _person_page(
    request: SignedInRequest,
    group: Any,
    form: PersonForm,
    *,
    status: int = 200,
    candidates: Any = (),
    remarks: Any = (),
) -> HttpResponse:
    context = {"group": group, "form": form, "candidates": candidates, "remarks": remarks, "passport": PassportForm()}
    return render(request, "returns/people/new.html", context, status=status)


@require_POST
@door(Permission.REGISTER_PEOPLE)
def person_from_passport(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Read the machine-readable lines and show them as the filled-in form; nothing is stored yet."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    form = PassportForm(request.POST)
    read = mrz.parse(form.cleaned_data["lines"], today=at.date()) if form.is_valid() else None
    for problem in read.problems if read else ():
        form.add_error("lines", problem.sentence)
    if read is None or read.problems:
        context = {"group": group, "form": PersonForm(today=at.date()), "passport": form}
        return render(request, "returns/people/new.html", context, status=422)
    filled = PersonForm(today=at.date(), initial=forms.values_of_passport(read))
    return _person_page(request, group, filled, remarks=[remark.sentence for remark in read.remarks])


@require_GET
@door(Permission.SEE_PEOPLE)
def person(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is known of one person. Of protection it says nothing, to nobody."""
    row = visible_person(request.viewer, public_id)
    _seen(request, [row.public_id], clock.now())
    return _one_person(request, row)


def _one_person(request: SignedInRequest, row: Migrant, *, status: int = 200, **bound: Any) -> HttpResponse:
    """The page, with whichever of its forms was refused carrying its sentences."""
    at, viewer = clock.now(), request.viewer
    standing = [each for each in row.documents.all() if each.state != "replaced"]
    context = {
        "person": row,
        "line": line_of(row, on=at.date()),
        "zones": zones_of(row.group) if row.group else ["UTC"],
        "documents": sorted(row.documents.all(), key=lambda each: each.pk, reverse=True),
        "consents": row.consents.select_related("recipient"),
        "disclosures": row.disclosures.select_related("recipient").order_by("-valid_from"),
        "tests": row.tests.all(),
        "merges": Merge.objects.filter(kept=row, undone_at__isnull=True).select_related("absorbed"),
        "phone": row.phone or "",
        "at": at,
        "document_form": NewDocumentForm(documents=standing, prefix="document"),
        "test_form": TestForm(prefix="test"),
        "consent_form": ConsentForm(prefix="consent"),
        "disclosure_form": DisclosureForm(prefix="disclosure"),
        "may_register": viewer.may(Permission.REGISTER_PEOPLE),
        "may_consent": viewer.may(Permission.RECORD_CONSENT),
        "may_protect": viewer.may(Permission.SEE_PROTECTION),
    }
    return render(request, "returns/people/person.html", context | bound, status=status)


@require_POST
@door(Permission.REGISTER_PEOPLE)
def document_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    at, row = clock.now(), visible_person(request.viewer, public_id)
    form = NewDocumentForm(request.POST, documents=row.documents.all(), prefix="document")
    document = form.document() if form.is_valid() else None
    if document is None:
        return _one_person(request, row, status=422, document_form=form)
    try:
        documents.record_document(person=row, document=document, replaces=form.replaced, by=request.viewer.actor, at=at)
    except documents.DocumentError as error:
        name = f"document_{error.field}"
        form.add_error(name if name in form.fields else None, str(error.sentence))
        return _one_person(request, row, status=422, document_form=form)
    return _written(request, row, at)


@require_POST
@door(Permission.REGISTER_PEOPLE)
def document_none(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    at, row = clock.now(), visible_person(request.viewer, public_id)
    documents.record_none(person=row, by=request.viewer.actor, at=at)
    return _written(request, row, at)


@require_POST
@door(Permission.REGISTER_PEOPLE)
def test_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    at, row = clock.now(), visible_person(request.viewer, public_id)
    form = TestForm(request.POST, prefix="test")
    if form.is_valid():
        values = form.cleaned_data
        zone = ZoneInfo(zones_of(row.group)[0] if row.group else "UTC")
        values["sampled_at"] = values["sampled_at"].replace(tzinfo=zone)
        try:
            health.record_test(person=row, by=request.viewer.actor, at=at, **values)
        except health.HealthError as error:
            form.add_error(error.field or None, str(error.sentence))
    if not form.is_valid():
        return _one_person(request, row, status=422, test_form=form)
    return _written(request, row, at)


@require_POST
@door(Permission.RECORD_CONSENT)
def consent_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    at, row = clock.now(), visible_person(request.viewer, public_id)
    form = ConsentForm(request.POST, prefix="consent")
    if form.is_valid():
        try:
            consents.record_consent(people=[row], by=request.viewer.actor, at=at, **form.cleaned_data)
        except consents.ConsentError as error:
            form.add_error(error.field or None, str(error.sentence))
    if not form.is_valid():
        return _one_person(request, row, status=422, consent_form=form)
    return _written(request, row, at)


@require_POST
@door(Permission.RECORD_CONSENT)
def consent_withdraw(request: SignedInRequest, public_id: uuid.UUID, consent_id: uuid.UUID) -> HttpResponse:
    at, row = clock.now(), visible_person(request.viewer, public_id)
    consent = get_object_or_404(Consent, person=row, public_id=consent_id)
    consents.withdraw(consent=consent, by=request.viewer.actor, at=at)
    return _written(request, row, at)


@require_POST
@door(Permission.RECORD_CONSENT)
def disclosure_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a person to a consulate, if the person agreed to that. The answer is the same whatever else stands."""
    at, row = clock.now(), visible_person(request.viewer, public_id)
    form = DisclosureForm(request.POST, prefix="disclosure")
    if not form.is_valid():
        return _one_person(request, row, status=422, disclosure_form=form)
    consents.disclose(
        people=[row], recipient=form.cleaned_data["recipient"], purpose=Purpose.SHOW_TO_CONSULATE,
        by=request.viewer.actor, at=at,
    )  # fmt: skip
    messages.info(request, _("Shown, as far as the person agreed and nothing speaks against it."))
    return redirect("returns:person", row.public_id)


@require_http_methods(["GET", "POST"])
@door(Permission.RECORD_CONSENT)
def group_consent(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """One explanation to a whole group with an interpreter; each answer is a row of its own."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    form = forms.GroupConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        only_open, show_now = asked.pop("only_open"), asked.pop("show_now")
        everybody = group.people.living_records()
        if only_open:
            known = Consent.objects.filter(purpose=asked["purpose"], recipient=asked["recipient"])
            everybody = everybody.exclude(pk__in=known.values("person"))
        people_asked = list(everybody)
        try:
            consents.record_consent(people=people_asked, by=request.viewer.actor, at=at, **asked)
        except consents.ConsentError as error:
            form.add_error(error.field or None, str(error.sentence))
        else:
            if show_now and asked["recipient"] is not None:
                consents.disclose(
                    people=list(group.people.living_records()), recipient=asked["recipient"], purpose=asked["purpose"],
                    by=request.viewer.actor, at=at,
                )  # fmt: skip
            registering.facts_changed(people_asked, at=at)
            messages.success(request, _("%(n)d answers are recorded.") % {"n": len(people_asked)})
            return redirect("returns:group_people", group.public_id)
    context = head_of(group, viewer=request.viewer, at=at, tab="people") | {"form": form}
    return render(request, "returns/people/group_consent.html", context, status=422 if form.is_bound else 200)


@require_GET
@door(Permission.REGISTER_PEOPLE)
def pairs(request: SignedInRequest) -> HttpResponse:
    """Pairs to be decided, the likeliest first, both sides and why."""
    at = clock.now()
    rows = list(_pairs(request.viewer).order_by("-score", "pk")[:PAGE])
    people_of = Migrant.objects.filter(pk__in={key for pair in rows for key in (pair.first_id, pair.second_id)})
    lines = {line.pk: line for line in lines_of(people_of, at=at)}
    _seen(request, [line.public_id for line in lines.values()], at)
    shown = [
        {
            "pair": pair,
            "sides": [lines[pair.first_id], lines[pair.second_id]],
            "reasons": [str(SENTENCES[each["code"]]) for each in pair.reasons if each["code"] in SENTENCES],
        }
        for pair in rows
    ]
    visible = scope_of(request.viewer)
    merges = Merge.objects.filter(undone_at__isnull=True, kept__in=visible).select_related("kept", "absorbed")
    context = {"pairs": shown, "merges": merges.order_by("-at")[:10]}
    return render(request, "returns/people/pairs.html", context)


def _pairs(viewer: Viewer) -> Any:
    visible = scope_of(viewer).values("pk")
    return DuplicatePair.objects.filter(state=PairState.OPEN, first__in=visible, second__in=visible)


@require_POST
@door(Permission.REGISTER_PEOPLE)
def pair_decide(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """One person, or two: `decision` is same | different, `keep` the record that stays."""
    at, visible = clock.now(), scope_of(request.viewer).values("pk")
    pair = get_object_or_404(
        DuplicatePair.objects.filter(Q(first__in=visible) | Q(second__in=visible)).select_related("first", "second"),
        public_id=public_id,
    )
    decision = request.POST.get("decision")
    if decision not in ("same", "different"):
        messages.error(request, _("Choose whether it is one person or two."))
        return redirect("returns:pairs")
    keep = next((each for each in (pair.first, pair.second) if str(each.public_id) == request.POST.get("keep")), None)
    try:
        made = merging.decide(pair=pair, same=decision == "same", keep=keep, by=request.viewer.actor, at=at)
    except merging.MergeError as error:
        messages.error(request, str(error.sentence))
        return redirect("returns:pairs")
    if made is not None:
        registering.facts_changed([made.kept, made.absorbed], at=at)
        messages.success(request, _("The two records are one now. It can be undone below."))
    else:
        messages.success(request, _("They stay two people."))
    return redirect("returns:pairs")


@require_POST
@door(Permission.REGISTER_PEOPLE)
def merge_undo(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    at = clock.now()
    row = get_object_or_404(Merge.objects.filter(kept__in=scope_of(request.viewer)), public_id=public_id)
    try:
        made = merging.unmerge(merge=row, why=request.POST.get("why", "")[:200], by=request.viewer.actor, at=at)
    except merging.MergeError as error:
        messages.error(request, str(error.sentence))
    else:
        registering.facts_changed([made.kept, made.absorbed], at=at)
        messages.success(request, _("They are two records again, and their pair is open."))
    return redirect("returns:pairs")


def _written(request: SignedInRequest, row: Migrant, at: Any) -> HttpResponse:
    registering.facts_changed([row], at=at)
    messages.success(request, _("Recorded."))
    return redirect("returns:person", row.public_id)


def _seen(request: SignedInRequest, public_ids: Any, at: Any) -> None:
    record_views(public_ids, page=request.resolver_match.view_name, by=request.viewer.actor, at=at)  # type: ignore[union-attr]
