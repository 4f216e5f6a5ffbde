"""A role is granted once, audited, where it fits, and never beside one that stands against it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from common.models import AuditEntry
from migrants.models import TravelGroup
from partners.access import POLICY, SCOPE, stand_against, viewer_of
from partners.enums import Role
from partners.memberships import MembershipError, grant
from partners.models import Membership, Office
from tests.cast import COMMAND, NOW


def test_granting_twice_is_one_membership_with_one_audit_row(accounts, organisations):
    office = organisations["iom-kz"].offices.get()
    user = accounts[Role.COORDINATOR]
    first = grant(user=user, office=office, role=Role.FIELD, by=COMMAND, at=NOW)
    assert grant(user=user, office=office, role=Role.FIELD, by=COMMAND, at=NOW) == first
    assert AuditEntry.objects.filter(verb="role granted").count() == 1


def test_whoever_holds_a_role_must_use_a_second_factor(accounts, organisations):
    user = accounts[Role.COORDINATOR]
    grant(user=user, office=organisations["iom-kz"].offices.get(), role=Role.FIELD, by=COMMAND, at=NOW)
    user.refresh_from_db()
    assert user.must_use_second_factor


@pytest.mark.parametrize(
    ("held", "other"),
    [
        (Role.ADMINISTRATOR, Role.PROTECTION),
        (Role.ADMINISTRATOR, Role.DATA_PROTECTION),
        (Role.DATA_PROTECTION, Role.ADMINISTRATOR),
        (Role.DATA_PROTECTION, Role.COORDINATOR),
        (Role.CONSULAR, Role.FIELD),
        (Role.LIAISON, Role.PROGRAMME),
    ],
)
def test_nobody_holds_two_roles_that_stand_against_each_other(accounts, organisations, held, other):
    office = organisations["iom-uz"].offices.get()
    with pytest.raises(MembershipError, match=f"Nobody may be {other.label} and {held.label}"):
        grant(user=accounts[held], office=office, role=other, by=COMMAND, at=NOW)
    assert not Membership.objects.filter(user=accounts[held], role=other).exists()


@pytest.mark.django_db(transaction=True)
def test_two_grants_at_once_never_make_a_pair_that_stands_against_each_other(accounts, organisations):
    user, office = accounts[Role.PROGRAMME], organisations["iom-uz"].offices.get()
    both = Barrier(2)

    def granted(role: str) -> bool:
        try:
            both.wait(10)
            grant(user=user, office=office, role=role, by=COMMAND, at=NOW)
        except MembershipError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as hands:
        came = list(hands.map(granted, [Role.ADMINISTRATOR, Role.PROTECTION]))
    assert sorted(came) == [False, True]
    assert Membership.objects.filter(user=user).count() == 2


@pytest.mark.parametrize(
    ("role", "code", "narrowing", "said"),
    [
        (Role.CONSULAR, "iom-uz", {}, "is an IOM office"),
        (Role.FIELD, "kz-border", {}, "is not an IOM office"),
        (Role.ADMINISTRATOR, "kz-border", {}, "is not an IOM office"),
        (Role.ADMINISTRATOR, "iom-uz", {"own_mission_only": True}, "cannot be narrowed"),
        (Role.LIAISON, "kz-border", {"crossings": ["KZ-UZ-01"]}, "cannot be narrowed"),
        (Role.FIELD, "iom-kz", {"valid_until": NOW}, "before it begins"),
    ],
)
def test_a_role_that_does_not_fit_is_refused_with_its_reason(viewers, role, code, narrowing, said):
    user = viewers[Role.PROGRAMME].user
    with pytest.raises(MembershipError, match=said):
        grant(user=user, office=Office.objects.get(organisation__code=code), role=role, by=COMMAND, at=NOW, **narrowing)
    assert Membership.objects.filter(user=user).count() == 1


def test_every_role_stands_in_both_tables_and_pairs_are_mutual():
    assert set(POLICY) == set(SCOPE) == set(Role)
    assert all(stand_against(one, other) == stand_against(other, one) for one in Role for other in Role)
    assert not any(stand_against(role, role) for role in Role)


@pytest.mark.parametrize(
    ("own_mission_only", "crossings", "seen"),
    [
        (False, [], {"KZ", "UZ"}),
        (True, [], {"UZ"}),
        (False, ["KZ-UZ-01"], {"KZ", "UZ"}),
        (True, ["KZ-UZ-01"], {"UZ"}),
        (True, ["KZ-UZ-02"], set()),
    ],
)
def test_a_membership_reaches_all_missions_or_its_own(viewers, group, own_mission_only, crossings, seen):
    """The coordinator serves IOM Uzbekistan; one group waits for each mission at the same crossing."""
    other = TravelGroup.objects.get(pk=group.pk)
    other.pk, other.public_id, other.code = None, "00000000-0000-4000-8000-000000000001", "UZ"
    other.mission = Office.objects.get(organisation__code="iom-uz")
    other.save()
    TravelGroup.objects.filter(pk=group.pk).update(code="KZ")
    user = viewers[Role.COORDINATOR].user
    user.memberships.update(own_mission_only=own_mission_only, crossings=crossings)
    viewer = viewer_of(user, at=NOW)
    assert set(TravelGroup.objects.visible_to(viewer).values_list("code", flat=True)) == seen
    assert viewer.audience.reached == (viewer.missions if own_mission_only else None)


def test_two_narrow_memberships_do_not_add_up_to_a_wider_one(accounts, organisations, group):
    """Own mission at one crossing, and all missions at another: the other mission's group at the first stays unseen."""
    user, office = accounts[Role.COORDINATOR], organisations["iom-uz"].offices.get()
    user.memberships.update(own_mission_only=True, crossings=["KZ-UZ-01"])
    grant(user=user, office=office, role=Role.FIELD, crossings=["KZ-UZ-02"], by=COMMAND, at=NOW)
    assert not TravelGroup.objects.visible_to(viewer_of(user, at=NOW)).exists()
