"""The pages about access in a browser: both widths, both themes, for eyes and ears, as each role that opens them."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from playwright.sync_api import expect

from accounts import field_devices, tokens
from migrants.emergencies import open_case
from partners import invitations, verification
from partners.access import viewer_of
from partners.enums import Role
from partners.models import Contact
from tests.cast import COMMAND, NOW
from tests.support.eyes import faults_of, faults_of_pages

pytestmark = pytest.mark.django_db(transaction=True)
REAL = datetime.now(UTC)


@pytest.fixture
def world(accounts, organisations, group):
    """An invitation that waits, a token, a phone, a case opened in an emergency."""
    coordinator = accounts[Role.COORDINATOR]
    coordinator.memberships.update(own_mission_only=True, crossings=["KZ-UZ-02"])
    tokens.issue(user=coordinator, days=90, name="Flow monitoring", scopes=["groups:read"], by=COMMAND, at=NOW)
    device = {"public_id": group.public_id, "user_agent": "Chrome Android"}
    field_devices.meet(user=coordinator, **device, by=COMMAND, at=REAL, real_at=REAL)
    invited = invitations.invite(
        email="guest@iom-kz.example", printed_name="Guest", language="ru", office=organisations["iom-kz"].offices.get(),
        role=Role.FIELD, by=COMMAND, at=REAL, real_at=REAL,
    )  # fmt: skip
    desk = Contact.objects.get(office__organisation=organisations["kz-border"], rank=1)
    with patch("secrets.token_urlsafe", return_value="a-token-of-the-pages"):
        verification.send_test(channel=desk.channels.get(kind="email"), by=COMMAND, at=REAL, real_at=REAL)
    viewer = viewer_of(coordinator, at=REAL)
    reason = "She is in labour, and her papers are with us."
    emergency = open_case(viewer=viewer, written=group.code, reason=reason, by=viewer.actor, at=REAL)
    return {
        Role.ADMINISTRATOR: {
            "accounts": "/access/", "invite": "/access/invite/", "account": f"/access/{coordinator.public_id}/",
            "account-invited": f"/access/{invited.user.public_id}/", "policy": "/policy/",
            "office": f"/organisations/offices/{desk.office.public_id}/",
            "desk-new": f"/organisations/offices/{desk.office.public_id}/desks/new/",
            "desk": f"/organisations/desks/{desk.public_id}/",
            "interest-new": f"/organisations/{desk.office.organisation.public_id}/interests/new/",
            "directory-lists": "/organisations/list/", "channel-check": "/reached/a-token-of-the-pages/",
        },
        Role.DATA_PROTECTION: {
            "emergencies": "/emergencies/", "emergency-review": f"/emergencies/{emergency.public_id}/",
        },
        Role.COORDINATOR: {
            "emergency": "/emergency/", "elsewhere": "/people/elsewhere/", "enquiries": "/people/enquiries/",
            "own-tokens": "/access/own/tokens/", "own-devices": "/access/own/devices/",
        },
    }  # fmt: skip


@pytest.fixture
def enter(live_server, context, sign_in):
    """`enter(role)` signs the browser in."""

    def entered(role: str) -> None:
        session = sign_in(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    return entered


@pytest.mark.deep
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DATA_PROTECTION, Role.COORDINATOR])
def test_every_page_is_clean_for_eyes_and_ears(role, world, enter, page, accounts):
    enter(role)
    assert faults_of_pages(page, world[role]) == {}
    if role == Role.ADMINISTRATOR:
        page.goto("/policy/why/")
        page.get_by_label("E-mail of the account").fill(accounts[Role.CONSULAR].email)
        page.get_by_label("Address of a page").fill("/people/")
        page.get_by_role("button", name="Ask").click()
        expect(page.get_by_text("Its roles do not open this page")).to_be_visible()
        assert faults_of(page, name="why") == {}
