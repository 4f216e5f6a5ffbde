"""Accounts are kept by administrators: never one's own, never the last one's, always with a reason."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from common.models import AuditEntry
from partners import accounts as keeping
from partners.access import viewer_of
from partners.enums import Role
from partners.memberships import grant
from partners.models import Membership
from tests.cast import COMMAND, NOW


def test_a_role_ends_at_once_with_a_reason(accounts, viewers, sign_in):
    membership = accounts[Role.FIELD].memberships.get()
    address = reverse("partners:role_end", args=[accounts[Role.FIELD].public_id, membership.public_id])
    client = sign_in(Role.ADMINISTRATOR)
    client.post(address, {"why": " "})
    assert Membership.objects.get(pk=membership.pk).valid_until is None
    client.post(address, {"why": "left the mission"})
    assert Membership.objects.get(pk=membership.pk).valid_until is not None
    assert AuditEntry.objects.get(verb="role ended").why == "left the mission"
    assert sign_in(Role.FIELD).get("/groups/").status_code == 404


def test_an_account_that_is_off_or_has_ended_opens_nothing(accounts):
    user = accounts[Role.COORDINATOR]
    keeping.set_end(user=user, ends_at=NOW + timedelta(days=1), by=COMMAND, at=NOW)
    assert viewer_of(user, at=NOW).roles
    assert not viewer_of(user, at=NOW + timedelta(days=1)).roles
    keeping.switch_off(user=user, by=COMMAND, at=NOW, why="lost phone")
    assert not viewer_of(user, at=NOW).roles
    keeping.switch_on(user=user, by=COMMAND, at=NOW, why="found it")
    assert viewer_of(user, at=NOW).roles


def test_nobody_changes_their_own_access(accounts, viewers, organisations):
    user, by = accounts[Role.ADMINISTRATOR], viewers[Role.ADMINISTRATOR].actor
    acts = [
        lambda: keeping.give_role(
            user=user, office=organisations["iom-uz"].offices.get(), role=Role.FIELD, crossings=[], by=by, at=NOW
        ),
        lambda: keeping.end_role(membership=user.memberships.get(), by=by, at=NOW, why="holiday"),
        lambda: keeping.switch_off(user=user, by=by, at=NOW, why="holiday"),
        lambda: keeping.set_end(user=user, ends_at=None, by=by, at=NOW),
    ]
    for act in acts:
        with pytest.raises(keeping.AccountError, match="their own access"):
            act()


def test_the_last_administrator_stays(accounts):
    user = accounts[Role.ADMINISTRATOR]
    with pytest.raises(keeping.AccountError, match="last administrator"):
        keeping.end_role(membership=user.memberships.get(), by=COMMAND, at=NOW, why="holiday")
    with pytest.raises(keeping.AccountError, match="last administrator"):
        keeping.switch_off(user=user, by=COMMAND, at=NOW, why="holiday")


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_end_each_other_at_once(accounts, organisations):
    other = accounts[Role.PROGRAMME]
    grant(user=other, office=organisations["iom-uz"].offices.get(), role=Role.ADMINISTRATOR, by=COMMAND, at=NOW)
    both = Barrier(2)

    def ended(user) -> bool:
        try:
            both.wait(10)
            keeping.switch_off(user=user, by=COMMAND, at=NOW, why="quarrel")
        except keeping.AccountError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as hands:
        assert sorted(hands.map(ended, [other, accounts[Role.ADMINISTRATOR]])) == [False, True]


def test_the_list_finds_by_name_and_organisation_and_says_what_wants_attention(sign_in, accounts):
    page = sign_in(Role.ADMINISTRATOR).get("/access/", {"q": "tj-emb"}).content.decode()
    assert accounts[Role.CONSULAR].email in page
    assert accounts[Role.FIELD].email not in page
    assert "never used" in page
    for show in ("invited", "never", "ending", "off", "nothing"):
        assert sign_in(Role.ADMINISTRATOR).get("/access/", {"show": show}).status_code == 200
