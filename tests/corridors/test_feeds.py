"""Whoever watches a crossing or a country reads every change once, in pages, and is told where nothing is new."""

import pytest
from django.conf import settings
from lxml import etree

from corridors.enums import RequirementSubject
from corridors.models import RequirementChange
from corridors.views import feeds
from tests.corridors.conftest import PCR, RAPID

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("four_hours_later")]
FEED = "/rules/KZ-UZ-01.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def versions(publish):
    return publish(RAPID), publish(PCR, hours=3)


def read(answer):
    assert answer.status_code == 200
    return etree.fromstring(answer.content)


def link(feed, rel):
    return next((each.get("href") for each in feed.findall(f"{ATOM}link") if each.get("rel") == rel), None)


def ids(feed):
    return [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]


def test_each_feed_has_an_id_of_its_own_in_whatever_language(client, versions):
    crossing, russian = read(client.get(FEED)), read(client.get(f"{FEED}?lang=ru"))
    country, other = (read(client.get(f"/rules/countries/{code}.atom")) for code in ("KAZ", "UZB"))
    found = [feed.findtext(f"{ATOM}id") for feed in (crossing, country, other)]
    assert len(set(found)) == 3
    assert russian.findtext(f"{ATOM}id") == found[0]
    assert link(russian, "self") == f"{settings.PUBLIC_ADDRESS}{FEED}?lang=ru"


def test_a_reader_that_has_it_already_is_told_so(client, versions, publish):
    first = client.get(FEED)
    assert client.get(FEED, headers={"If-None-Match": first["ETag"]}).status_code == 304
    publish(RAPID, hours=4)
    assert client.get(FEED, headers={"If-None-Match": first["ETag"]}).status_code == 200
    alert = client.get(f"/rules/changes/{versions[0].public_id}.cap")
    again = client.get(f"/rules/changes/{versions[0].public_id}.cap", headers={"If-None-Match": alert["ETag"]})
    assert again.status_code == 304


def test_older_changes_stand_on_further_pages(client, versions, publish, monkeypatch):
    monkeypatch.setattr(feeds, "ENTRIES", 2)
    last = publish(RAPID, hours=4)
    first = read(client.get(FEED))
    assert ids(first) == [f"urn:uuid:{last.public_id}", f"urn:uuid:{versions[1].public_id}"]
    further = read(client.get(link(first, "next").removeprefix(settings.PUBLIC_ADDRESS)))
    assert ids(further) == [f"urn:uuid:{versions[0].public_id}"]
    assert link(further, "next") is None
    for nonsense in ("x", "-1", "9" * 30, "%00"):
        assert client.get(f"{FEED}?before={nonsense}").status_code in (200, 400)


def test_a_crossing_of_which_nothing_was_published_can_be_watched(client, crossing, write):
    write(PCR)
    feed = read(client.get(FEED))
    assert ids(feed) == []
    assert feed.findtext(f"{ATOM}updated").startswith("2020-10-01T00:00:00")
    assert client.get(FEED, headers={"If-None-Match": client.get(FEED)["ETag"]}).status_code == 304


def test_a_code_of_two_letters_leads_to_the_feed_of_the_country(client, versions):
    answer = client.get("/rules/countries/uz.atom?lang=ru")
    assert (answer.status_code, answer["Location"]) == (302, "/rules/countries/UZB.atom?lang=ru")
    assert client.get("/rules/countries/FRA.atom").status_code == 404


def test_what_people_wrote_is_text_and_never_markup(client, publish):
    publish({"rule": {"registration_form": {"name": "<img src=x onerror=alert(1)>"}}})
    (entry,) = read(client.get(FEED)).findall(f"{ATOM}entry")
    assert "<img" not in entry.findtext(f"{ATOM}summary")
    assert "&lt;img" in entry.findtext(f"{ATOM}summary")


def test_a_withdrawn_line_stays_in_the_feed(client, versions, crossing, publish):
    publish({"rule": {"closed": {}}}, hours=4, requirement_line=(crossing, "KAZ", "UZB", RequirementSubject.OPENING))
    assert len(ids(read(client.get(FEED)))) == RequirementChange.objects.count() == 3
