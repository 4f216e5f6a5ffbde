"""The pages of crossings, requirements and corridors, as the roles see them."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from corridors.enums import Certainty, SourceTier
from partners.enums import Role
from tests.cast import NOW
from tests.corridors.conftest import PCR, RAPID

pytestmark = pytest.mark.django_db
MAY = {Role.FIELD, Role.COORDINATOR, Role.PROTECTION, Role.PROGRAMME}


@pytest.fixture(autouse=True)
def four_hours_later(db):
    """Pages read the clock: it stands four hours after the demand."""
    clock.set_to(NOW + timedelta(hours=4))


@pytest.fixture
def versions(publish):
    """The oral demand, and what came in writing three hours later."""
    first = publish(RAPID)
    return first, publish(PCR, hours=3, source_tier=SourceTier.WRITTEN, certainty=Certainty.CONFIRMED)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def addresses(version, corridor):
    return [
        "/crossings/",
        "/crossings/KZ-UZ-01/",
        "/requirements/",
        f"/requirements/{version.requirement.public_id}/",
        "/corridors/",
        f"/corridors/{corridor.corridor.code}/",
    ]


@pytest.mark.parametrize("role", Role.values)
def test_only_who_may_see_requirements_opens_these_pages(sign_in, versions, corridor, role):
    client = sign_in(role)
    answers = {address: client.get(address).status_code for address in addresses(versions[0], corridor)}
    assert set(answers.values()) == {200 if role in MAY else 404}, answers


def test_strangers_are_asked_to_sign_in(sign_in, versions, corridor):
    for address in addresses(versions[0], corridor):
        answer = sign_in(None).get(address)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize(
    "address",
    [
        "/crossings/XX-YY-99/",
        "/requirements/00000000-0000-4000-8000-000000000000/",
        "/corridors/00000000-0000-4000-8000-000000000000/",
        "/requirements/nonsense/",
    ],
)
def test_what_is_not_there_is_not_found(sign_in, address):
    assert sign_in(Role.COORDINATOR).get(address).status_code == 404


def test_these_pages_only_read(sign_in, versions, corridor):
    client = sign_in(Role.COORDINATOR)
    assert {client.post(address).status_code for address in addresses(versions[0], corridor)} == {405}


def test_the_history_shows_each_version_with_who_entered_it_and_when_on_both_clocks(sign_in, versions):
    said = words(sign_in(Role.COORDINATOR).get(f"/requirements/{versions[0].requirement.public_id}/"))
    assert "08:00 Tashkent ( 09:00 Almaty)" in said
    assert "11:00 Tashkent ( 12:00 Almaty)" in said
    assert said.count("The shift leader says so.") >= 2
    assert "test no longer accepted: rapid" in said
    assert "now confirmed by the authority; was reported, not yet confirmed" in said
    assert "source now in writing; was oral, border post" in said
    assert "tests" in said, "who entered it"


@pytest.mark.parametrize(
    ("day_hour_zone", "answer"),
    [
        ("2020-10-01 09:30 Asia/Tashkent", "We knew version 1 · reported, not yet confirmed"),
        ("2020-10-01 12:30 Asia/Almaty", "We knew version 2 · confirmed by the authority"),
        ("2020-10-01 11:30 Asia/Tashkent", "We knew version 2 · confirmed by the authority"),
        ("2020-09-30 14:00 Asia/Tashkent", "We knew of nothing that was asked at that hour."),
    ],
)
def test_what_did_we_know_is_answered_for_any_hour_of_either_clock(sign_in, versions, day_hour_zone, answer):
    day, hour, zone = day_hour_zone.split()
    page = f"/requirements/{versions[0].requirement.public_id}/"
    assert answer in words(sign_in(Role.COORDINATOR).get(page, {"day": day, "hour": hour, "zone": zone}))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {"day": "2020-02-31", "hour": "14:00", "zone": "Asia/Tashkent"},
            "Give a day that exists, such as 2020-10-01.",
        ),
        ({"day": "2020-10-01", "hour": "26:00", "zone": "Asia/Tashkent"}, "Give an hour of the day, such as 14:00."),
        ({"day": "2020-10-01", "hour": "14:00", "zone": "Mars/Base"}, "Select a valid choice."),
    ],
)
def test_an_hour_that_does_not_exist_is_named_with_its_remedy(sign_in, versions, asked, sentence):
    answer = sign_in(Role.COORDINATOR).get(f"/requirements/{versions[0].requirement.public_id}/", asked)
    assert answer.status_code == 422
    assert sentence in words(answer)


def test_the_overview_says_what_is_asked_now_since_when_and_how_sure(sign_in, versions):
    said = words(sign_in(Role.COORDINATOR).get("/requirements/"))
    assert "Zhibek Zholy → G‘ishtko‘prik" in said
    assert "Required of everyone: a negative test (PCR) sampled at most 72 hours before the barrier." in said
    assert "confirmed by the authority in writing" in said


def test_the_overview_is_filtered_by_any_name_of_the_crossing(sign_in, versions):
    call_command("load_crossings", verbosity=0)
    client = sign_in(Role.COORDINATOR)
    assert "G‘ishtko‘prik" in words(client.get("/requirements/", {"q": "черняевка"}))
    assert "No requirement is entered for that" in words(client.get("/requirements/", {"q": "Kaplanbek"}))
    assert "No requirement is entered for that" in words(client.get("/requirements/", {"subject": "opening"}))
    assert client.get("/requirements/", {"subject": "weather"}).status_code == 422


def test_a_draft_alone_is_not_in_the_ledger(sign_in, write):
    write()
    assert "No requirement is entered yet" in words(sign_in(Role.COORDINATOR).get("/requirements/"))


def test_a_version_that_begins_later_is_announced(sign_in, publish):
    publish(RAPID)
    publish(PCR, hours=1, applies_from=NOW + timedelta(days=1))
    said = words(sign_in(Role.COORDINATOR).get("/requirements/"))
    assert "version 2 begins 2 Oct 08:00 Tashkent ( 09:00 Almaty)" in said
    assert "(PCR or rapid)" in said


def test_the_overview_takes_the_same_queries_for_one_line_and_for_many(sign_in, publish, crossing):
    def asks():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/requirements/").status_code == 200
        return len(queries)

    client = sign_in(Role.COORDINATOR)
    publish(RAPID)
    client.get("/requirements/")
    few = asks()
    for subject in ("opening", "travel_document", "consent", "other"):
        publish({"rule": {"consent_form": {}}}, requirement_line=(crossing, "KAZ", "UZB", subject))
        publish({"rule": {"consent_form": {}}}, requirement_line=(crossing, "UZB", "KAZ", subject))
    assert asks() == few


def test_crossings_are_listed_in_pages_that_lead_on(sign_in):
    call_command("load_crossings", verbosity=0)
    client = sign_in(Role.COORDINATOR)
    seen, address = [], "/crossings/"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r'href="/crossings/([A-Z]+-[A-Z0-9-]+)/"', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = "/crossings/" + following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 118


def test_requirements_are_listed_in_pages_that_lead_on(sign_in, publish, crossing, monkeypatch):
    monkeypatch.setattr("corridors.views.paging.PAGE", 2)
    for subject in ("health_test", "opening", "travel_document", "consent", "other"):
        publish({"rule": {"consent_form": {}}}, requirement_line=(crossing, "KAZ", "UZB", subject))
    client, seen, address = sign_in(Role.COORDINATOR), [], "/requirements/"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r'href="/requirements/([0-9a-f-]{36})/"', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = "/requirements/" + following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 5


def test_a_crossing_shows_both_sides_their_clocks_what_is_asked_and_who_is_told(sign_in, versions):
    said = words(sign_in(Role.COORDINATOR).get("/crossings/KZ-UZ-01/"))
    for expected in (
        "Zhibek Zholy – G‘ishtko‘prik",
        "Жібек жолы · Жибек Жолы",
        "Almaty 13:00",
        "Tashkent 12:00",
        "a negative test (PCR)",
        "Nobody has entered a requirement for this direction.",
        "Border Service of Kazakhstan",
        "change and head count",
        "change only",
    ):
        assert expected in said, expected


def test_who_may_not_see_the_directory_does_not_see_who_is_told(sign_in, versions):
    assert "Who is told" not in words(sign_in(Role.PROGRAMME).get("/crossings/KZ-UZ-01/"))


def test_a_corridor_shows_since_when_a_requirement_on_it_has_changed(sign_in, corridor, versions):
    client = sign_in(Role.COORDINATOR)
    assert "requirement changed" in words(client.get("/corridors/"))
    said = words(client.get(f"/corridors/{corridor.corridor.code}/"))
    assert "Requirement changed since this wording was agreed" in said
    assert "Since 09:00 Almaty ( 08:00 Tashkent, Dushanbe)" in said
    assert "Note 141" in said
    assert "sealed buses; no stop" in said


def test_a_corridor_without_a_change_says_nothing_of_one(sign_in, corridor):
    client = sign_in(Role.COORDINATOR)
    assert "requirement changed" not in words(client.get("/corridors/"))
    assert "Requirement changed" not in words(client.get(f"/corridors/{corridor.corridor.code}/"))


def test_words_of_others_are_shown_as_text(sign_in, publish):
    version = publish(RAPID, source_text="<script>alert(1)</script>")
    page = sign_in(Role.COORDINATOR).get(f"/requirements/{version.requirement.public_id}/").content.decode()
    assert "<script>alert(1)" not in page


def test_what_was_known_then_of_another_hour_is_answered_by_both_clocks(sign_in, versions):
    page = f"/requirements/{versions[0].requirement.public_id}/"
    asked = {
        "day": "2020-10-01",
        "hour": "09:30",
        "zone": "Asia/Tashkent",
        "for_day": "2020-10-01",
        "for_hour": "18:00",
    }
    said = words(sign_in(Role.COORDINATOR).get(page, asked))

    assert "of what is asked at" in said
    assert "We knew version 1 · reported, not yet confirmed" in said, "version 2 holds then, but nobody knew it yet"
