"""What waits for whom: the page, the bell of every page, the banner of what is overdue, and the API."""

from datetime import timedelta

import pytest
from django.test import Client

from common import clock, inbox
from common.inbox import inbox_of
from common.live_tickets import read
from notifications.acknowledgements import acknowledge, object_to
from notifications.escalation import escalate_due
from notifications.waiting import READ_WITHIN
from partners.enums import Role
from returns import owed
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
POLL = {"X-Requested-With": "poll"}
OVERDUE = b"Overdue, and waiting for you"


@pytest.fixture(autouse=True)
def that_morning(db):
    clock.set_to(NOW + timedelta(minutes=5))


def answered(notice) -> None:
    acknowledge(notice=notice, name="A", function="duty officer", answered_by="page", by=COMMAND, at=clock.now())


def waiting(viewer) -> dict[str, tuple[int, int]]:
    """How many wait and how many are overdue, by place."""
    entries = inbox_of(viewer, at=clock.now()).entries
    return {entry.place.name: (entry.waiting.count, entry.waiting.overdue) for entry in entries}


def test_a_liaison_finds_the_notices_of_the_own_organisation_and_no_others(viewers, alert, notice):
    assert waiting(viewers[Role.LIAISON]) == {"notices": (1, 0)}
    answered(notice("tj-emb-uz"))
    assert waiting(viewers[Role.LIAISON]) == {"notices": (1, 0)}
    answered(notice("kz-border"))
    assert waiting(viewers[Role.LIAISON]) == {}


def test_a_notice_is_overdue_once_somebody_had_to_be_reminded(viewers, alert):
    clock.set_to(NOW + timedelta(minutes=30))
    escalate_due(at=clock.now())
    assert waiting(viewers[Role.LIAISON]) == {"notices": (1, 1)}


def test_a_call_that_is_due_is_overdue_for_the_coordinator_alone(viewers, alert):
    clock.set_to(NOW + timedelta(hours=1))
    assert waiting(viewers[Role.COORDINATOR])["calls"] == (3, 3)
    assert "calls" not in waiting(viewers[Role.FIELD])


def test_an_objection_waits_until_its_notice_is_settled(viewers, alert, notice):
    object_to(notice=notice("kz-border"), text="not since noon", by=COMMAND, at=clock.now())
    assert waiting(viewers[Role.COORDINATOR])["objections"] == (1, 0)
    clock.set_to(clock.now() + READ_WITHIN)
    assert waiting(viewers[Role.COORDINATOR])["objections"] == (1, 1)
    answered(notice("kz-border"))
    assert "objections" not in waiting(viewers[Role.COORDINATOR])


@pytest.mark.parametrize("role", Role.values)
def test_whoever_owes_nothing_has_an_empty_page_and_a_quiet_bell(sign_in, role):
    page = sign_in(role).get("/inbox/")
    assert b"Nothing is owed" in page.content
    assert b'data-owed="0"' in page.content
    assert OVERDUE not in page.content


def test_the_bell_and_what_is_overdue_stand_on_every_page_and_in_its_title(sign_in, alert):
    client = sign_in(Role.LIAISON)
    page = client.get("/halts/").content
    assert b"<title>(1) " in page
    assert OVERDUE not in page
    clock.set_to(NOW + timedelta(minutes=30))
    escalate_due(at=clock.now())
    assert OVERDUE in client.get("/halts/").content


def test_a_poll_of_the_bell_costs_nothing_while_nothing_changed(sign_in, alert, notice):
    client = sign_in(Role.LIAISON)
    first = client.get("/inbox/bell/", headers=POLL)
    assert b'data-owed="1"' in first.content
    again = {**POLL, "If-None-Match": first["ETag"]}
    assert client.get("/inbox/bell/", headers=again).status_code == 304
    answered(notice("kz-border"))
    assert b'data-owed="0"' in client.get("/inbox/bell/", headers=again).content


def test_a_poll_of_the_page_gives_what_the_page_shows(sign_in, alert):
    client = sign_in(Role.LIAISON)
    part = client.get("/inbox/", headers=POLL).content.strip()
    assert part.startswith(b"<section")
    assert part in client.get("/inbox/").content


def test_the_api_says_the_same(sign_in, alert):
    said = sign_in(Role.LIAISON).get("/api/v1/inbox/").json()
    place = {
        "place": "notices",
        "what": "Notices that wait for your answer",
        "is_owed": True,
        "count": 1,
        "overdue": 0,
    }
    assert said == {"count": 1, "entries": [{**place, "since": "2020-10-01T03:00:00Z", "url": "/notices/mine/"}]}


@pytest.mark.django_db(transaction=True)
def test_an_act_ends_what_was_kept_of_the_inboxes_that_it_concerns(viewers, alert, notice, monkeypatch):
    monkeypatch.setattr(inbox, "CACHED_SECONDS", 60)
    liaison, consul = viewers[Role.LIAISON], viewers[Role.CONSULAR]
    assert waiting(liaison) == waiting(consul) == {"notices": (1, 0)}
    answered(notice("kz-border"))
    assert waiting(liaison) == {}
    assert waiting(consul) == {"notices": (1, 0)}


def ticket_of(client: Client, *topics: str):
    return client.get("/live/ticket/", {"topic": topics})


def test_a_page_gets_a_ticket_for_what_its_viewer_may_hear(sign_in, accounts, settings):
    settings.LIVE_ADDRESS = "https://homeward.example/live/stream"
    given = {
        role: read(ticket_of(sign_in(role), "inbox", "board", "notices").json()["ticket"], key=settings.LIVE_KEY)
        for role in (Role.LIAISON, Role.COORDINATOR, Role.PROGRAMME, Role.PROTECTION)
    }
    assert {role: set(ticket.topics) for role, ticket in given.items()} == {
        Role.LIAISON: {"inbox:kz-border"},
        Role.COORDINATOR: {"inbox:staff", "board", "notices"},
        Role.PROGRAMME: {"inbox:staff"},
        Role.PROTECTION: {"inbox:staff", "inbox:room", "board", "notices"},
    }
    assert given[Role.LIAISON].who == str(accounts[Role.LIAISON].public_id)
    assert ticket_of(sign_in(Role.LIAISON), "board", "anything").json()["ticket"] == ""


def test_nothing_of_the_closed_room_stirs_the_board_or_the_inbox_of_who_may_not_enter():
    closed = {"ProtectionHold", "Screening", "Referral", "LateResult", "ChildArrangement", "KeptBack", "HealthTest"}
    everybodys = {*owed.ON_THE_BOARD, *owed.IN_INBOXES}
    assert not {f"{app}.{name}" for app in ("migrants", "returns") for name in closed} & everybodys


def test_where_nothing_is_live_there_is_no_ticket(sign_in):
    assert ticket_of(sign_in(Role.COORDINATOR), "inbox").json() == {"address": "", "ticket": ""}
