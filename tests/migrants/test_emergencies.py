"""A case beyond one's reach opens for two hours with a reason, tells a second person at once, and is reviewed."""

from datetime import timedelta

import pytest
from django.db.utils import IntegrityError

from common.models import AccessEntry
from migrants.emergencies import open_case
from migrants.entries import PersonEntry
from migrants.models import Migrant, TravelGroup
from migrants.registration import register
from partners import emergencies
from partners.access import viewer_of
from partners.emergencies import EmergencyError
from partners.enums import Role
from partners.memberships import grant
from partners.models import EmergencyAccess
from returns.models import ReturnCase
from tests.cast import COMMAND, NOW

REASON = "She is in labour and her papers are in the other mission."


@pytest.fixture
def person(group) -> Migrant:
    entry = PersonEntry(full_name="Озмоиш Одам", birth_year=1990)
    return register(group=group, mission=group.mission, entry=entry, by=COMMAND, at=NOW)


@pytest.fixture
def narrow(accounts):
    """The coordinator of IOM Uzbekistan, narrowed to that mission; the group is IOM Kazakhstan's."""
    user = accounts[Role.COORDINATOR]
    user.memberships.update(own_mission_only=True)
    return lambda at=NOW: viewer_of(user, at=at)


def opened(viewer, written, at=NOW, reason=REASON) -> EmergencyAccess:
    return open_case(viewer=viewer, written=written, reason=reason, by=viewer.actor, at=at)


def test_a_group_opens_for_two_hours_and_a_second_person_is_told(
    narrow, group, person, mailbox, django_capture_on_commit_callbacks
):
    assert not Migrant.objects.visible_to(narrow()).exists()
    with django_capture_on_commit_callbacks(execute=True):
        access = opened(narrow(), group.code.lower())
    [mail] = mailbox.to("protection@iom-kz.example")
    assert REASON in mail.get_content().replace("\n", " ")
    assert person.full_name not in mail.get_content()
    assert list(TravelGroup.objects.visible_to(narrow())) == [group]
    assert list(Migrant.objects.visible_to(narrow())) == [person]
    assert narrow().audience.glass == (f"group:{group.public_id}",)
    assert not TravelGroup.objects.visible_to(narrow(NOW + timedelta(hours=2))).exists()
    assert EmergencyAccess.objects.get() == access
    assert opened(narrow(NOW - timedelta(days=1)), group.code) == access  # once more is the same, and no second mail


def test_one_person_opens_alone(narrow, group, person):
    other = register(group=group, mission=group.mission, entry=PersonEntry(full_name="Дигар"), by=COMMAND, at=NOW)
    opened(narrow(), person.number)
    assert list(Migrant.objects.visible_to(narrow())) == [person]
    assert other not in Migrant.objects.visible_to(narrow())
    assert not TravelGroup.objects.visible_to(narrow()).exists()
    assert not ReturnCase.objects.visible_to(narrow()).exists()


def test_ending_shuts_it_at_once(narrow, group):
    emergencies.end(access=opened(narrow(), group.code), by=COMMAND, at=NOW + timedelta(minutes=5))
    assert not TravelGroup.objects.visible_to(narrow(NOW + timedelta(minutes=5))).exists()


@pytest.mark.parametrize("role", [Role.PROTECTION, Role.CONSULAR, Role.LIAISON, Role.PROGRAMME, Role.ADMINISTRATOR,
                                  Role.DATA_PROTECTION])  # fmt: skip
def test_no_other_role_opens_anything(accounts, group, role):
    user = accounts[role]
    user.memberships.update(crossings=["KZ-UZ-02"])
    with pytest.raises(EmergencyError):
        opened(viewer_of(user, at=NOW), group.code)
    EmergencyAccess.objects.create(
        user=user, mission=group.mission, subject=f"group:{group.public_id}", label=group.code, reason=REASON,
        opened_at=NOW, until=NOW + timedelta(hours=2), by=COMMAND,
    )  # fmt: skip
    assert viewer_of(user, at=NOW).glass == ()
    assert not TravelGroup.objects.visible_to(viewer_of(user, at=NOW)).exists()


def test_whoever_enters_the_closed_room_does_not_widen_it(narrow, accounts, organisations, group):
    office = organisations["iom-uz"].offices.get()
    grant(
        user=accounts[Role.COORDINATOR], office=office, role=Role.PROTECTION, own_mission_only=True, by=COMMAND, at=NOW
    )
    with pytest.raises(EmergencyError, match="opens nothing"):
        opened(narrow(), group.code)


def test_what_cannot_be_is_said_and_opens_nothing(narrow, group, accounts, viewers):
    for written, reason, said in (("ZZ-9999", REASON, "Nothing has this number"), (group.code, "ill", "in a sentence")):
        with pytest.raises(EmergencyError, match=said):
            opened(narrow(), written, reason=reason)
    with pytest.raises(EmergencyError, match="reach this case already"):
        opened(viewers[Role.FIELD], group.code)
    accounts[Role.FIELD].memberships.all().delete()
    accounts[Role.PROTECTION].memberships.all().delete()
    accounts[Role.DATA_PROTECTION].memberships.all().delete()
    with pytest.raises(EmergencyError, match="Nobody of that mission could be told"):
        opened(narrow(), group.code)
    assert not EmergencyAccess.objects.exists()


def test_the_page_opens_logs_each_view_and_the_review_closes_it(narrow, group, person, sign_in, accounts):
    coordinator = sign_in(Role.COORDINATOR)
    assert coordinator.get(f"/people/{person.public_id}/").status_code == 404
    answer = coordinator.post("/emergency/", {"case": person.number, "reason": REASON})
    assert answer.headers["Location"] == f"/people/{person.public_id}/"
    assert coordinator.get(answer.headers["Location"]).status_code == 200
    assert coordinator.get(f"/people/{person.public_id}/protection/").status_code == 404
    access = EmergencyAccess.objects.get()
    officer = sign_in(Role.DATA_PROTECTION)
    assert REASON in officer.get(f"/emergencies/{access.public_id}/").content.decode()
    assert [look.person for look in emergencies.looks_under(access)] == [person.public_id]
    assert AccessEntry.objects.filter(by__ref=str(accounts[Role.COORDINATOR].public_id)).exists()
    officer.post(f"/emergencies/{access.public_id}/", {"verdict": "justified", "words": "Called the hospital."})
    access.refresh_from_db()
    assert (access.verdict, access.ended_at is not None) == ("justified", True)
    assert coordinator.get(f"/people/{person.public_id}/").status_code == 404


def test_nobody_reviews_their_own(narrow, group):
    access = opened(narrow(), group.code)
    with pytest.raises(EmergencyError, match="second person"):
        emergencies.review(access=access, verdict="justified", words="fine", by=narrow().actor, at=NOW)
    with pytest.raises(IntegrityError):
        EmergencyAccess.objects.update(reviewed_at=NOW, reviewed_by=access.by)
