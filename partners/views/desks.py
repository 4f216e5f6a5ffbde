"""Writing the directory by page: offices, desks, channels, the duty roster, interests; and asking whether somebody answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from common.forms import blaming
from partners import desks, duty, interests, verification
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.forms.directory import CalledForm, ChannelForm, ContactForm, InterestForm, OfficeForm, ShiftForm
from partners.models import Channel, Contact, DutyShift, Office, Organisation

KEPT_ON_PAGE = timedelta(days=1)
"""How long a shift that is over stays on the page of its desk."""


@require_http_methods(["GET", "POST"])
@door(Permission.MANAGE_DIRECTORY)
def office(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """When an office works, where, and on which days nobody does."""
    row = get_object_or_404(Office.objects.select_related("organisation"), public_id=public_id)
    form = OfficeForm(request.POST) if request.method == "POST" else OfficeForm.of(row)
    kept: dict[str, Any] = {"valid_from": row.valid_from, "valid_until": row.valid_until}
    if request.method == "POST" and form.is_valid():
        with blaming(form):
            desks.save_office(
                organisation=row.organisation,
                office=row,
                **form.cleaned_data,
                **kept,
                by=request.viewer.actor,
                at=clock.now(),
            )
            messages.success(request, _("The office is changed."))
            return redirect("partners:organisation", row.organisation.public_id)
    context = {"form": form, "office": row, "organisation": row.organisation}
    return render(request, "partners/office.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door(Permission.MANAGE_DIRECTORY)
def desk_new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A desk of an office is entered."""
    row = get_object_or_404(Office.objects.select_related("organisation"), public_id=public_id)
    form = ContactForm(request.POST if request.method == "POST" else None, office=row)
    if request.method == "POST" and form.is_valid():
        with blaming(form):
            made = desks.save_contact(office=row, **form.terms(), by=request.viewer.actor, at=clock.now())
            messages.success(request, _("The desk is entered. Now enter how it is reached."))
            return redirect("partners:desk", made.public_id)
    context = {"form": form, "office": row, "organisation": row.organisation}
    return render(request, "partners/desk_new.html", context, status=422 if form.errors else 200)


@require_GET
@door(Permission.SEE_DIRECTORY)
def desk(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One desk: how it is reached, whether somebody answered, and when it is on duty."""
    return _desk_page(request, _desk(public_id), {})


@require_POST
@door(Permission.MANAGE_DIRECTORY)
def desk_change(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What a desk is for, its language, its place in the order, for whom it stands in, and until when."""
    row = _desk(public_id)
    form = ContactForm(request.POST, office=row.office, contact=row)
    if form.is_valid():
        with blaming(form):
            desks.save_contact(office=row.office, contact=row, **form.terms(), by=request.viewer.actor, at=clock.now())
            messages.success(request, _("The desk is changed."))
            return redirect("partners:desk", public_id)
    return _desk_page(request, _desk(public_id), {"form": form})


@never_cache  # the secret of a webhook is shown once, on the page that answers the form
@require_POST
@door(Permission.MANAGE_DIRECTORY)
def channel_new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A desk gets a further address, asked after those it has."""
    row, form = _desk(public_id), ChannelForm(request.POST)
    if form.is_valid():
        with blaming(form):
            made = desks.save_channel(contact=row, **form.cleaned_data, by=request.viewer.actor, at=clock.now())
            messages.success(request, _("The address is entered. Ask now whether somebody answers there."))
            if made.secret:
                return _desk_page(request, _desk(public_id), {"secret": made.secret}, status=200)
            return redirect("partners:desk", public_id)
    return _desk_page(request, row, {"channel_form": form})


@require_POST
@door(Permission.MANAGE_DIRECTORY)
def channel_switch(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Switches a channel off, or on again."""
    row = _channel(public_id)
    on = row.switched_off_at is not None
    desks.switch_channel(channel=row, on=on, by=request.viewer.actor, at=clock.now())
    messages.success(request, _("Switched on.") if on else _("Switched off."))
    return redirect("partners:desk", row.contact.public_id)


@require_POST
@door(Permission.MANAGE_DIRECTORY)
def channel_remove(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Takes an address out of the directory."""
    row = _channel(public_id)
    desks.remove_channel(channel=row, by=request.viewer.actor, at=clock.now())
    messages.success(request, _("The address is taken out."))
    return redirect("partners:desk", row.contact.public_id)


@require_POST
@door(Permission.MANAGE_DIRECTORY, Permission.CALL_PARTNERS)
def channel_test(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Sends a test message over a channel, which somebody at the desk answers."""
    row = _channel(public_id)
    try:
        verification.send_test(channel=row, by=request.viewer.actor, at=clock.now(), real_at=clock.real_now())
    except verification.CheckError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("A test message is on its way. The channel is verified when somebody answers it."))
    return redirect("partners:desk", row.contact.public_id)


@require_POST
@door(Permission.MANAGE_DIRECTORY, Permission.CALL_PARTNERS)
def channel_called(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Writes down that somebody answered when we called."""
    row, form = _channel(public_id), CalledForm(request.POST)
    if form.is_valid():
        with blaming(form):
            verification.write_down_call(channel=row, **form.cleaned_data, by=request.viewer.actor, at=clock.now())
            messages.success(request, _("Verified by a call."))
            return redirect("partners:desk", row.contact.public_id)
    return _desk_page(request, _desk(row.contact.public_id), {"called_form": form, "called": row})


@require_POST
@door(Permission.MANAGE_DIRECTORY, Permission.CALL_PARTNERS)
def shift_new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A desk is put on the duty roster."""
    row = _desk(public_id)
    form = ShiftForm(request.POST, zone=row.office.zone)
    if form.is_valid():
        with blaming(form):
            desks.put_on_duty(contact=row, **form.cleaned_data, by=request.viewer.actor, at=clock.now())
            messages.success(request, _("It stands on the roster."))
            return redirect("partners:desk", public_id)
    return _desk_page(request, row, {"shift_form": form})


@require_POST
@door(Permission.MANAGE_DIRECTORY, Permission.CALL_PARTNERS)
def shift_end(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Takes a line out of the duty roster."""
    row = get_object_or_404(DutyShift.objects.select_related("contact"), public_id=public_id)
    desks.take_off_duty(shift=row, by=request.viewer.actor, at=clock.now())
    messages.success(request, _("It stands on the roster no more."))
    return redirect("partners:desk", row.contact.public_id)


@require_http_methods(["GET", "POST"])
@door(Permission.MANAGE_DIRECTORY)
def interest_new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """An organisation is told of something from now on."""
    row = get_object_or_404(Organisation, public_id=public_id)
    form = InterestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with blaming(form):
            interests.want(organisation=row, wish=form.wish(), by=request.viewer.actor, at=clock.now())
            messages.success(request, _("It is told of that from now on."))
            return redirect("partners:organisation", public_id)
    context = {"form": form, "organisation": row}
    return render(request, "partners/interest_new.html", context, status=422 if form.errors else 200)


@require_POST
@door(Permission.MANAGE_DIRECTORY)
def interest_end(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """An organisation is told of something no more."""
    row = get_object_or_404(Organisation, public_id=public_id)
    wish = interests.Wish(request.POST.get("subject", "")[:80], request.POST.get("alert_kind", "")[:40])
    interests.want_no_more(organisation=row, wish=wish, by=request.viewer.actor, at=clock.now())
    messages.success(request, _("It is told of that no more."))
    return redirect("partners:organisation", public_id)


def _desk(public_id: UUID) -> Contact:
    rows = Contact.objects.select_related("office__organisation", "stands_in_for").prefetch_related("channels__checks")
    return get_object_or_404(rows, public_id=public_id)


def _channel(public_id: UUID) -> Channel:
    return get_object_or_404(Channel.objects.select_related("contact__office__organisation"), public_id=public_id)


def _desk_page(request: SignedInRequest, row: Contact, said: dict[str, Any], *, status: int = 422) -> HttpResponse:
    at, may_write = clock.now(), request.viewer.may(Permission.MANAGE_DIRECTORY)
    period = verification.verified_for()
    shifts = row.shifts.filter(ends_at__gt=at - KEPT_ON_PAGE)
    context = {
        "desk": row,
        "office": row.office,
        "organisation": row.office.organisation,
        "channels": [
            {
                "row": channel,
                "checks": list(channel.checks.all())[:3],
                "is_verified": duty.is_verified(channel, at, period),
                "may_be_tested": channel.kind == "email" and channel.switched_off_at is None,
            }
            for channel in row.channels.all()
        ],
        "shifts": [{"row": shift, "is_now": shift.starts_at <= at < shift.ends_at} for shift in shifts],
        "at": at,
        "may_write": may_write,
        "may_call": may_write or request.viewer.may(Permission.CALL_PARTNERS),
        "verified_days": period.days,
        "form": ContactForm(office=row.office, contact=row),
        "channel_form": ChannelForm(auto_id="id_channel_%s"),
        "shift_form": ShiftForm(zone=row.office.zone, auto_id="id_shift_%s"),
        "called_form": CalledForm(auto_id="id_called_%s"),
        "called": None,
        "secret": "",
    } | said
    return render(request, "partners/desk.html", context, status=status if said else 200)
