"""Lines that hold at every crossing of a border or of a country, and lines of one mode: asked beside the crossing's own."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from corridors import cap, public_rules, requirements
from corridors.audiences import audience_of_line
from corridors.enums import Mode, RequirementSubject
from corridors.ledger import Passage, in_force_many
from corridors.messages import context
from corridors.models import CorridorVersion, Requirement, RequirementChange
from corridors.requirements import RequirementError
from notifications.models import Alert
from partners.models import Interest, Organisation
from tests.cast import NOW, make_crossing
from tests.corridors.conftest import PCR, RAPID

pytestmark = pytest.mark.django_db
HEALTH = RequirementSubject.HEALTH_TEST
BORDER = (None, "KAZ", "UZB", HEALTH)
ENTERING = (None, "", "UZB", HEALTH)


@pytest.fixture
def chernyaevka(db):
    """A second crossing of the same border."""
    return make_crossing("KZ-UZ-02", ("KAZ", "Kaplanbek", "Asia/Almaty"), ("UZB", "Navoi", "Asia/Tashkent"))


def asked(place, from_country="KAZ", to_country="UZB"):
    rows = requirements.in_force(
        crossing=place, from_country=from_country, to_country=to_country, at=NOW, known_at=NOW + timedelta(hours=1)
    )
    return [(row.requirement.crossing_id, row.requirement.from_country) for row in rows]


def test_a_line_of_a_border_is_asked_at_each_of_its_crossings_in_its_direction(publish, crossing, chernyaevka, oybek):
    publish(RAPID, requirement_line=BORDER)

    assert asked(crossing) == asked(chernyaevka) == [(None, "KAZ")]
    assert asked(crossing, "UZB", "KAZ") == []
    assert asked(oybek, "UZB", "TJK") == []


def test_a_line_of_a_country_is_asked_of_whoever_enters_it(publish, crossing, oybek):
    publish(RAPID, requirement_line=ENTERING)

    assert asked(crossing) == asked(oybek, "TJK", "UZB") == [(None, "")]
    assert asked(oybek, "UZB", "TJK") == []


def test_the_crossings_own_line_of_the_same_subject_is_asked_beside_it(publish, crossing):
    publish(RAPID, requirement_line=BORDER)
    publish(PCR)

    assert sorted(asked(crossing), key=str) == sorted([(None, "KAZ"), (crossing.pk, "KAZ")], key=str)


def test_many_passages_cost_one_query_whatever_lines_they_meet(publish, crossing, oybek, django_assert_num_queries):
    publish(RAPID, requirement_line=ENTERING)
    passages = [Passage(crossing.pk, "KAZ", "UZB", NOW), Passage(oybek.pk, "TJK", "UZB", NOW)]

    with django_assert_num_queries(1):
        found = in_force_many(passages, known_at=NOW + timedelta(hours=1))

    assert [len(versions) for versions in found.values()] == [1, 1]


def test_a_border_has_one_line_of_a_subject_and_mode(publish):
    publish(RAPID, requirement_line=BORDER)

    with pytest.raises(IntegrityError, match="one_line_per_crossing_direction_mode_subject"), transaction.atomic():
        Requirement.objects.create(from_country="KAZ", to_country="UZB", subject=HEALTH)
    Requirement.objects.create(from_country="KAZ", to_country="UZB", subject=HEALTH, mode=Mode.BUS)


def test_a_line_of_a_crossing_names_both_countries(crossing):
    with pytest.raises(IntegrityError, match="a_crossing_has_both_ends"), transaction.atomic():
        Requirement.objects.create(crossing=crossing, from_country="", to_country="UZB", subject=HEALTH)


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        (("UZB", "UZB"), "must lead from one country to another"),
        (("", ""), "must lead from one country to another"),
        (("KAZ", "Uzbekistan"), "must lead from one country to another"),
        (("FRA", "UZB"), "No crossing is known there"),
    ],
    ids=["within one country", "from anywhere to anywhere", "no country", "no such border"],
)
def test_a_direction_that_no_crossing_has_is_refused_in_words(write, crossing, ends, sentence):
    with pytest.raises(RequirementError, match=sentence) as refused:
        write(RAPID, requirement_line=(None, *ends, HEALTH))
    assert refused.value.field == "direction"


def test_an_unknown_mode_is_refused_in_words(write):
    with pytest.raises(RequirementError, match="by what they travel") as refused:
        write(RAPID, mode="camel")
    assert refused.value.field == "mode"


def test_the_notice_names_the_border_and_the_mode_and_every_crossing_is_told(
    publish, crossing, chernyaevka, organisations
):
    post = Organisation.objects.create(code="kz-post", kind="authority", name_en="A post", country="KAZ")
    Interest.objects.create(organisation=post, subject="crossing:KZ-UZ-02")
    version = publish(RAPID, requirement_line=BORDER, mode=Mode.BUS)
    alert = Alert.objects.get(source=requirements.source_of(version))
    said = context(alert.context, "en")

    assert alert.subject == "crossings:KAZ-UZB"
    assert (said["crossing_name"], said["mode"]) == ("all crossings Kazakhstan → Uzbekistan", "by bus")
    assert "kz-post" in {organisation.code for organisation, _serves in audience_of_line(version.requirement, at=NOW)}


def test_a_corridor_through_the_country_is_marked_as_changed(publish, corridor):
    publish(RAPID, requirement_line=ENTERING)

    assert CorridorVersion.objects.get(pk=corridor.pk).requirement_changed_at == NOW


def test_the_notice_for_the_wall_shows_what_every_crossing_asks(publish, client, crossing, chernyaevka):
    publish(RAPID, requirement_line=BORDER)

    assert [place.code for place in public_rules.published_crossings()] == ["KZ-UZ-01", "KZ-UZ-02"]
    page = client.get(reverse("corridors:way_rules", args=["KZ-UZ-02", "KAZ", "UZB"])).content.decode()
    assert "Asked at every crossing of this direction." in page
    assert client.get(reverse("corridors:crossing_feed", args=["KZ-UZ-02"])).content.decode().count("<entry>") == 1
    assert client.get(reverse("corridors:country_feed", args=["UZB"])).content.decode().count("<entry>") == 1


def test_the_alert_for_programs_names_the_countries_instead_of_a_place(publish, crossing):
    publish(RAPID, requirement_line=ENTERING)
    written = cap.cap_of(RequirementChange.objects.get(), [], page="http://here/").decode()

    assert "<areaDesc>all crossings into Uzbekistan</areaDesc>" in written
    assert "<value>UZB</value>" in written
    assert "<value>*-UZB</value>" in written
