"""The rules of roles hold for a line of SQL too, typed past every page."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from partners.access import stand_against
from partners.enums import Role
from partners.models import Membership
from tests.cast import NOW

pytestmark = pytest.mark.django_db
GRANT = """insert into partners_membership
           (public_id, user_id, office_id, role, own_mission_only, crossings, valid_from, valid_until)
           values (gen_random_uuid(), %s, %s, %s, false, '[]', %s, %s)"""


@pytest.fixture
def grant(django_user_model, organisations):
    """`grant(user, role)` by SQL alone."""
    office = organisations["iom-kz"].offices.get()

    def granted(user, role, *, since=NOW, until=None):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(GRANT, [user.pk, office.pk, role, since, until])

    return granted


@pytest.fixture
def account(django_user_model):
    def opened(number):
        return django_user_model.objects.create_user(f"account-{number}@homeward.example", joined_at=NOW)

    return opened


def test_exactly_the_pairs_of_the_policy_are_refused(grant, account):
    refused = set()
    for number, (one, other) in enumerate(product(Role.values, repeat=2)):
        user = account(number)
        grant(user, one)
        try:
            grant(user, other)
        except IntegrityError as error:
            assert "at once" in str(error)  # noqa: PT017  # which pairs are refused is asked below
            refused.add((one, other))
    assert refused == {(one, other) for one, other in product(Role.values, repeat=2) if stand_against(one, other)}


def test_one_role_after_the_other_is_no_conflict(grant, account):
    user = account(1)
    grant(user, Role.ADMINISTRATOR, until=NOW + timedelta(days=1))
    grant(user, Role.DATA_PROTECTION, since=NOW + timedelta(days=1))
    with pytest.raises(IntegrityError, match="at once"):
        Membership.objects.filter(user=user, role=Role.ADMINISTRATOR).update(valid_until=None)


def test_whoever_holds_a_role_must_use_a_second_factor_and_goes_on_doing_so(grant, account):
    user = account(1)
    assert not user.must_use_second_factor
    grant(user, Role.FIELD)
    user.refresh_from_db()
    assert user.must_use_second_factor
    with pytest.raises(IntegrityError, match="second factor"), transaction.atomic():
        type(user).objects.filter(pk=user.pk).update(must_use_second_factor=False)
    Membership.objects.filter(user=user).update(valid_until=NOW + timedelta(seconds=1))
    type(user).objects.filter(pk=user.pk).update(must_use_second_factor=False)
