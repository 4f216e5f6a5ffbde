"""Who serves which office in which role: opening accounts and granting roles, within the limits of the policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit
from common.actors import Actor
from partners.access import SCOPE, stand_against
from partners.enums import Role, Rows
from partners.models import Membership, Office

_INSIDE_ROWS = {Rows.CASELOAD, Rows.RECORDS, Rows.ACCOUNTS}


class MembershipError(ValueError):
    """An account that may not be, or a role that it may not hold; the sentence says why."""


@transaction.atomic
def open_account(
    *, email: str, printed_name: str, language: str, office: Office, role: str, by: Actor, at: datetime
) -> tuple[User, bool]:
    """Opens an account in one role, in the time zone of its office; returns it, and whether it is new.

    It has no password: the person chooses one by the mail that "I do not know my password" sends, so nobody else ever
    knows it. An account that exists keeps its name and language and gets the role. Raises MembershipError for an e-mail that
    is none, and as `grant` does.
    """
    try:
        validate_email(email)
    except ValidationError as error:
        raise MembershipError(_("%(email)s is not an e-mail address.") % {"email": email}) from error
    user, is_new = User.objects.filter(email__iexact=email).first(), False
    if user is None:
        user = User.objects.create_user(
            email, printed_name=printed_name, language=language, time_zone=office.zone, joined_at=at
        )
        is_new = True
        audit.record("account opened", user, by=by, at=at)
    grant(user=user, office=office, role=role, by=by, at=at)
    return user, is_new


@transaction.atomic
def grant(
    *,
    user: User,
    office: Office,
    role: str,
    own_mission_only: bool = False,
    crossings: Sequence[str] = (),
    valid_until: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Membership:
    """Lets `user` serve `office` in `role` from `at` on; the same grant twice is one membership.

    Whoever holds a role must use a second factor. The account is locked, so that of two grants at once the second sees
    the first. Raises MembershipError for a role that does not fit the office, a narrowing that the role does not know,
    and a pair of roles that one person may not hold together (`partners.access.INCOMPATIBLE`).
    """
    _check_fit(office=office, role=role, is_narrowed=own_mission_only or bool(crossings))
    if valid_until is not None and valid_until <= at:
        raise MembershipError(_("A membership cannot end before it begins. Choose a later day."))
    held = list(Membership.objects.filter(user=User.objects.select_for_update().get(pk=user.pk)).valid(at))
    wanted = (role, office.pk, own_mission_only, sorted(crossings), valid_until)
    for membership in held:
        if wanted == _terms(membership):
            return membership
    for membership in held:
        _check_pair(role, membership.role)
    user.must_use_second_factor = True  # the database sets it with the row (`role_needs_a_second_factor`)
    granted = Membership.objects.create(
        user=user,
        office=office,
        role=role,
        own_mission_only=own_mission_only,
        crossings=sorted(crossings),
        valid_from=at,
        valid_until=valid_until,
    )
    audit.record("role granted", granted, by=by, at=at)
    return granted


def _terms(membership: Membership) -> tuple[str, int, bool, list[str], datetime | None]:
    return (
        membership.role,
        membership.office_id,
        membership.own_mission_only,
        sorted(membership.crossings),
        membership.valid_until,
    )


def _check_pair(role: str, held: str) -> None:
    if stand_against(role, held):
        raise MembershipError(
            _("Nobody may be %(one)s and %(other)s at once. End the other role first, or choose another person.")
            % {"one": Role(role).label, "other": Role(held).label}
        )


def _check_fit(*, office: Office, role: str, is_narrowed: bool) -> None:
    scope, names = SCOPE[role], {"role": Role(role).label, "organisation": office.organisation.name}
    if scope.outside and office.organisation.is_iom:
        raise MembershipError(
            _("%(organisation)s is an IOM office; a %(role)s serves another organisation. Choose that one.") % names
        )
    if scope.rows in _INSIDE_ROWS and not office.organisation.is_iom:
        raise MembershipError(
            _("%(organisation)s is not an IOM office, so nobody serves it as %(role)s. Choose another role.") % names
        )
    if is_narrowed and not scope.narrowed:
        raise MembershipError(
            _("The role %(role)s cannot be narrowed to a mission or to crossings. Leave both empty.") % names
        )
