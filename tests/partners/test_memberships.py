"""A role is granted once, audited, and never beside one that stands against it."""

import pytest

from common.models import AuditEntry
from partners.enums import Role
from partners.memberships import MembershipError, grant
from partners.models import Membership
from tests.cast import COMMAND, NOW


def test_granting_twice_is_one_membership_with_one_audit_row(accounts, organisations):
    office = organisations["iom-kz"].offices.get()
    user = accounts[Role.CONSULAR]
    first = grant(user=user, office=office, role=Role.FIELD, by=COMMAND, at=NOW)
    assert grant(user=user, office=office, role=Role.FIELD, by=COMMAND, at=NOW) == first
    assert AuditEntry.objects.filter(verb="role granted").count() == 1


def test_whoever_holds_a_role_must_use_a_second_factor(accounts, organisations):
    user = accounts[Role.CONSULAR]
    grant(user=user, office=organisations["iom-kz"].offices.get(), role=Role.FIELD, by=COMMAND, at=NOW)
    user.refresh_from_db()
    assert user.must_use_second_factor


@pytest.mark.parametrize("other", [Role.PROTECTION, Role.DATA_PROTECTION])
def test_an_administrator_may_not_hold_a_role_that_stands_against_it(accounts, organisations, other):
    office = organisations["iom-uz"].offices.get()
    with pytest.raises(MembershipError, match="Nobody may be"):
        grant(user=accounts[Role.ADMINISTRATOR], office=office, role=other, by=COMMAND, at=NOW)
    assert not Membership.objects.filter(user=accounts[Role.ADMINISTRATOR], role=other).exists()
