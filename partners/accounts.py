"""Keeping accounts: roles ended, accounts switched off and on, the day on which one ends. Never the last administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import second_factor, sign_ins
from accounts.models import User
from common import audit
from common.actors import Actor
from partners.enums import Role
from partners.memberships import MembershipError, grant
from partners.models import Invitation, Membership, Office


class AccountError(ValueError):
    """An account that may not be changed so; the sentence says why and what to do."""


@transaction.atomic
def give_role(
    *,
    user: User,
    office: Office,
    role: str,
    own_mission_only: bool = False,
    crossings: list[str],
    valid_until: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Membership:
    """The administrator's way to `grant`. Raises AccountError for one's own account, and where `grant` refuses."""
    _not_oneself(user, by)
    try:
        return grant(
            user=user,
            office=office,
            role=role,
            own_mission_only=own_mission_only,
            crossings=crossings,
            valid_until=valid_until,
            by=by,
            at=at,
        )
    except MembershipError as error:
        raise AccountError(str(error)) from error


@transaction.atomic
def end_role(*, membership: Membership, by: Actor, at: datetime, why: str) -> None:
    """Ends a membership now; it stays as a row. Raises AccountError: own role, last administrator, or no reason."""
    _say_why(why)
    _not_oneself(membership.user, by)
    if membership.role == Role.ADMINISTRATOR:
        _keep_an_administrator(membership.user, at=at)
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    if row.valid_until is not None and row.valid_until <= at:
        raise AccountError(_("This role has ended already."))
    if row.valid_from >= at:  # granted within the same moment: it never was
        row.delete()
    else:
        row.valid_until = at
        row.save(update_fields=["valid_until"])
    audit.record("role ended", membership, by=by, at=at, why=why.strip())


@transaction.atomic
def switch_off(*, user: User, by: Actor, at: datetime, why: str) -> None:
    """Nobody signs in with the account any more, and what is open closes with the next click. Raises AccountError."""
    _say_why(why)
    _not_oneself(user, by)
    _keep_an_administrator(user, at=at)
    _set(user, is_active=False)
    sign_ins.end_all(user=user, by=by, at=at, why=why.strip())
    audit.record("account switched off", user, by=by, at=at, why=why.strip())


@transaction.atomic
def switch_on(*, user: User, by: Actor, at: datetime, why: str) -> None:
    """The account opens again what its roles allow. Raises AccountError for one whose owner was never here."""
    _say_why(why)
    _not_oneself(user, by)
    if Invitation.objects.filter(user=user, accepted_at__isnull=True).exists():
        raise AccountError(_("Nobody has accepted this invitation yet. Send it again instead."))
    _set(user, is_active=True)
    audit.record("account switched on", user, by=by, at=at, why=why.strip())


@transaction.atomic
def set_end(*, user: User, ends_at: datetime | None, by: Actor, at: datetime) -> None:
    """Says when the account ends by itself; None for never. Raises AccountError for an end that is past."""
    _not_oneself(user, by)
    if ends_at is not None and ends_at <= at:
        raise AccountError(_("That day is past. Choose a later one, or switch the account off."))
    _set(user, ends_at=ends_at)
    audit.record("account end set", user, by=by, at=at, why=ends_at.isoformat() if ends_at else "")


@transaction.atomic
def sign_out(*, user: User, by: Actor, at: datetime, why: str) -> None:
    """Ends every session of the account. Raises AccountError without a reason."""
    _say_why(why)
    sign_ins.end_all(user=user, by=by, at=at, why=why.strip())


@transaction.atomic
def reset_second_factor(*, user: User, by: Actor, at: datetime, why: str) -> None:
    """Takes every second factor from an account whose owner has lost them. Raises AccountError: one's own, or no reason."""
    _not_oneself(user, by)
    try:
        second_factor.reset(user=user, by=by, at=at, why=why)
    except second_factor.SecondFactorError as error:
        raise AccountError(str(error)) from error


def listed(*, written: str = "", show: str = "", at: datetime) -> QuerySet[User]:
    """Accounts by e-mail. `written` is part of a name, address or organisation; `show` one of `SHOWN`."""
    rows = User.objects.order_by("email").select_related("invitation")
    for word in written.split():
        office = Membership.objects.filter(user=OuterRef("pk")).filter(
            Q(office__organisation__name_en__icontains=word) | Q(office__organisation__code__icontains=word)
        )
        rows = rows.filter(Q(email__icontains=word) | Q(printed_name__icontains=word) | Exists(office))
    return rows.filter(SHOWN[show](at)) if show in SHOWN else rows


def _ending(at: datetime) -> Q:
    return Q(is_active=True, ends_at__gt=at, ends_at__lt=at + timedelta(days=30))


SHOWN: dict[str, Callable[[datetime], Q]] = {
    "invited": lambda at: Q(invitation__isnull=False, invitation__accepted_at__isnull=True),
    "never": lambda at: Q(last_login__isnull=True, is_active=True),
    "ending": _ending,
    "off": lambda at: Q(is_active=False) | Q(ends_at__lte=at),
}
"""What a list of accounts may be narrowed to: invitations that wait, never used, ending within 30 days, switched off."""


def _set(user: User, **fields: object) -> None:
    row = User.objects.select_for_update().get(pk=user.pk)
    for name, value in fields.items():
        setattr(row, name, value)
        setattr(user, name, value)
    row.save(update_fields=list(fields))


def _say_why(why: str) -> None:
    if not why.strip():
        raise AccountError(_("Say why: the data protection officer will read it."))


def _not_oneself(user: User, by: Actor) -> None:
    if str(user.public_id) == by.ref:
        raise AccountError(_("Nobody changes their own access. Ask another administrator."))


def _keep_an_administrator(user: User, *, at: datetime) -> None:
    """Locks all who administer, so that two cannot end each other at once. Raises AccountError for the last one."""
    administrators = list(
        Membership.objects.select_for_update()
        .filter(role=Role.ADMINISTRATOR, user__is_active=True)
        .valid(at)
        .select_related("user")
        .order_by("pk")
    )
    keys = {row.user_id for row in administrators if row.user.stands(at)}
    if keys == {user.pk}:
        raise AccountError(_("This is the last administrator. Give another person that role first."))
