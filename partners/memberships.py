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
from partners.access import INCOMPATIBLE
from partners.enums import Role
from partners.models import Membership, Office


class MembershipError(ValueError):
    """An account that may not be, or a role that it may not hold; the sentence says why."""


@transaction.atomic
def open_account(
    *, email: str, printed_name: str, language: str, office: Office, role: str, by: Actor, at: datetime
) -> tuple[User, bool]:
    """Opens an account in one role, in the time zone of its office; returns it, and whether it is new.

    It has no password: the person chooses one by the mail that "I do not know my password" sends, so nobody else ever
    it. An account that exists keeps its name and language and gets the role. Raises MembershipError for an e-mail that
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
    crossings: Sequence[str] = (),
    valid_until: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Membership:
    """Lets `user` serve `office` in `role` from `at` on; the same grant twice is one membership.

    Whoever holds a role must use a second factor. Raises MembershipError for a pair of roles that one person may not
    hold together (`partners.access.INCOMPATIBLE`).
    """
    held = list(Membership.objects.filter(user=User.objects.select_for_update().get(pk=user.pk)).valid(at))
    for membership in held:
        if membership.role == role and membership.office_id == office.pk and membership.crossings == list(crossings):
            return membership
    for membership in held:
        if frozenset({membership.role, role}) in INCOMPATIBLE:
            raise MembershipError(
                _("Nobody may be %(one)s and %(other)s at once. End the other role first, or choose another person.")
                % {"one": Role(role).label, "other": Role(membership.role).label}
            )
    granted = Membership.objects.create(
        user=user, office=office, role=role, crossings=list(crossings), valid_from=at, valid_until=valid_until
    )
    if not user.must_use_second_factor:
        user.must_use_second_factor = True
        user.save(update_fields=["must_use_second_factor"])
    audit.record("role granted", granted, by=by, at=at)
    return granted
