"""People with access, for the administrator: who has an account, in which roles, until when; and inviting somebody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import field_devices, tokens
from accounts.models import User
from common import clock
from partners import accounts, invitations
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.enums import Role
from partners.forms.accounts import EndForm, InvitationForm, ReasonForm, RoleForm, end_of
from partners.models import Invitation, Membership

PAGE = 50


@require_GET
@door(Permission.MANAGE_ACCOUNTS)
def account_list(request: SignedInRequest) -> HttpResponse:
    """Accounts by e-mail, narrowed by a word or to those that want attention; keyset pages."""
    at, written = clock.now(), request.GET.get("q", "").strip()[:100].replace("\0", "")
    show = request.GET.get("show", "")
    rows = accounts.listed(written=written, show=show, at=at)
    if after := request.GET.get("after", "")[:254].replace("\0", ""):
        rows = rows.filter(email__gt=after)
    page = list(rows.prefetch_related("memberships__office__organisation")[: PAGE + 1])
    kept = request.GET.copy()
    if len(page) > PAGE:
        kept["after"] = page[PAGE - 1].email
    context = {
        "written": written,
        "show": show,
        "lines": [_line(user, at) for user in page[:PAGE]],
        "next_url": f"?{kept.urlencode()}" if len(page) > PAGE else "",
        "tabs": [
            {"label": label, "url": f"?show={name}" if name else "?", "current": show == name}
            for name, label in (
                ("", _("All")),
                ("invited", _("Invited")),
                ("never", _("Never used")),
                ("ending", _("Ending soon")),
                ("off", _("Switched off")),
            )
        ],
    }
    return render(request, "partners/accounts.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.MANAGE_ACCOUNTS)
def invite(request: SignedInRequest) -> HttpResponse:
    """A person is invited into one role; more can be given afterwards."""
    form = InvitationForm(request.POST if request.method == "POST" else None, zone=request.viewer.user.time_zone)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            invitation = invitations.invite(
                email=given["email"],
                printed_name=given["printed_name"],
                language=given["language"],
                ends_at=form.end(),
                by=request.viewer.actor,
                at=clock.now(),
                real_at=clock.real_now(),
                **form.terms(),
            )
        except invitations.InvitationError as error:
            form.add_error({"ends_on": "valid_until"}.get(error.field, error.field) or None, str(error))
        else:
            messages.success(request, _("Invited: %(email)s.") % {"email": invitation.user.email})
            return redirect("partners:account", invitation.user.public_id)
    return render(request, "partners/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door(Permission.MANAGE_ACCOUNTS)
def account(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One account with its roles; POST gives it a further role."""
    user = _account(public_id)
    form = RoleForm(request.POST if request.method == "POST" else None, zone=request.viewer.user.time_zone)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.give_role(
                user=user, valid_until=form.end(), by=request.viewer.actor, at=clock.now(), **form.terms()
            )
        except accounts.AccountError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The role is given."))
            return redirect("partners:account", public_id)
    at = clock.now()
    memberships = list(user.memberships.select_related("office__organisation").order_by("-valid_from", "pk"))
    context = {
        "line": _line(user, at),
        "account": user,
        "invitation": Invitation.objects.filter(user=user).first(),
        "real_now": clock.real_now(),
        "held": [row for row in memberships if _holds(row, at)],
        "earlier": [row for row in memberships if not _holds(row, at)],
        "form": form,
        "end_form": EndForm(initial={"ends_on": user.ends_at}),
        "reason_form": ReasonForm(auto_id="id_%s_off"),
        "sessions_form": ReasonForm(auto_id="id_%s_sessions"),
        "is_oneself": user == request.viewer.user,
        "tokens": tokens.of(user),
        "devices": field_devices.of(user),
        "zones": [request.viewer.user.time_zone],
    }
    return render(request, "partners/account.html", context, status=422 if form.errors else 200)


@require_POST
@door(Permission.MANAGE_ACCOUNTS)
def role_end(request: SignedInRequest, public_id: UUID, membership_id: UUID) -> HttpResponse:
    user = _account(public_id)
    membership = get_object_or_404(Membership.objects.select_related("user"), user=user, public_id=membership_id)
    return _done(request, user, lambda **by: accounts.end_role(membership=membership, **by), _("The role has ended."))


@require_POST
@door(Permission.MANAGE_ACCOUNTS)
def account_switch(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Switches an account off, or on again."""
    user = _account(public_id)
    if user.is_active:
        return _done(request, user, lambda **by: accounts.switch_off(user=user, **by), _("Switched off."))
    return _done(request, user, lambda **by: accounts.switch_on(user=user, **by), _("Switched on."))


@require_POST
@door(Permission.MANAGE_ACCOUNTS)
def sessions_end(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Signs an account out everywhere, at once."""
    user = _account(public_id)
    return _done(request, user, lambda **by: accounts.sign_out(user=user, **by), _("Signed out everywhere."))


@require_POST
@door(Permission.MANAGE_ACCOUNTS)
def second_factor_reset(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Takes the second factor from somebody who has lost it; the owner is told by mail."""
    user, sentence = _account(public_id), _("Taken away: the next sign-in sets up a new second factor.")
    return _done(request, user, lambda **by: accounts.reset_second_factor(user=user, **by), sentence)


@require_POST
@door(Permission.MANAGE_ACCOUNTS)
def account_end(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Says on which day the account ends by itself."""
    user, form = _account(public_id), EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["ends_on"])))
        return redirect("partners:account", public_id)
    ends_at = end_of(form.cleaned_data["ends_on"], ZoneInfo(request.viewer.user.time_zone))
    return _tried(request, user, lambda **by: accounts.set_end(user=user, ends_at=ends_at, **by), _("The end is set."))


@require_POST
@door(Permission.MANAGE_ACCOUNTS)
def invitation_resend(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    invitation = _invitation(public_id)
    return _tried(
        request,
        invitation.user,
        lambda **by: invitations.resend(invitation=invitation, real_at=clock.real_now(), **by),
        _("A new link is on its way; the one before works no longer."),
    )


@require_POST
@door(Permission.MANAGE_ACCOUNTS)
def invitation_withdraw(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    invitation = _invitation(public_id)
    return _tried(
        request,
        invitation.user,
        lambda **by: invitations.withdraw(invitation=invitation, **by),
        _("Withdrawn: the link works no longer."),
    )


def _done(request: SignedInRequest, user: User, act: Callable[..., None], sentence: str) -> HttpResponse:
    """Does what needs a reason, and says so or why not."""
    form = ReasonForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    return _tried(request, user, lambda **by: act(why=why, **by), sentence)


def _tried(request: SignedInRequest, user: User, act: Callable[..., None], sentence: str) -> HttpResponse:
    try:
        act(by=request.viewer.actor, at=clock.now())
    except (accounts.AccountError, invitations.InvitationError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
    return redirect("partners:account", user.public_id)


def _account(public_id: UUID) -> User:
    return get_object_or_404(User, public_id=public_id)


def _invitation(public_id: UUID) -> Invitation:
    row = Invitation.objects.filter(user__public_id=public_id).select_related("user").first()
    if row is None:
        raise Http404
    return row


def _holds(row: Membership, at: Any) -> bool:
    return row.valid_from <= at and (row.valid_until is None or row.valid_until > at)


def _line(user: User, at: Any) -> dict[str, Any]:
    """An account with what wants attention: (look, words) of its state, and the roles that it holds."""
    held = [row for row in user.memberships.all() if _holds(row, at)]
    return {
        "account": user,
        "roles": [{"role": Role(row.role).label, "office": row.office} for row in held],
        "state": _state(user, at),
    }


def _state(user: User, at: Any) -> tuple[str, str]:
    invitation = Invitation.objects.filter(user=user).first() if not hasattr(user, "invitation") else user.invitation
    if invitation is not None and invitation.accepted_at is None:
        return ("exempt", _("withdrawn")) if invitation.withdrawn_at else ("unknown", _("invited"))
    if not user.is_active:
        return "exempt", _("switched off")
    if user.ends_at is not None and user.ends_at <= at:
        return "exempt", _("has ended")
    if user.ends_at is not None and (user.ends_at - at).days < 30:
        return "expiring", _("ends soon")
    return ("unknown", _("never used")) if user.last_login is None else ("ready", _("in use"))
