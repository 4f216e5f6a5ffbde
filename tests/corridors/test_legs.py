"""A way through several countries: one leg for each, agreed version by version, and each country answers for its own."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from common import clock
from corridors import transit
from corridors.approvals import ask_parties, decide
from corridors.legs import LegWording, legs_in_words, legs_of
from corridors.models import BorderCrossing, Leg, Requirement
from corridors.request_words import alert_context, context
from corridors.tracker import tracked
from corridors.windows import Window, zones_meant
from partners.enums import OrganisationKind, Role
from partners.models import Organisation
from tests.cast import COMMAND, NOW, PANJ, make_crossing
from tests.corridors.test_carrying import ASKER, DEADLINE, WRITER, reasons, speaking_for

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=1)
WINDOW = Window(datetime(2020, 10, 2, 6), datetime(2020, 10, 2, 10), "Asia/Tashkent")


@pytest.fixture
def panj(db):
    return make_crossing(*PANJ)


@pytest.fixture
def sarazm(db):
    return make_crossing("UZ-TJ-02", ("UZB", "Jartepa", "Asia/Tashkent"), ("TJK", "Sarazm", "Asia/Dushanbe"))


@pytest.fixture
def places(crossing, oybek, panj, sarazm):
    """The crossings in the order of the way, and the other one between the two countries in its middle."""
    return crossing, oybek, panj, sarazm


@pytest.fixture
def chain(crossing, oybek, panj):
    """Kazakhstan, then Uzbekistan and Tajikistan in transit, to Afghanistan; nothing is written down yet."""
    return transit.make_corridor(
        code="KZ-AF", name="To Panji Poyon", entry=crossing, exit=panj, from_country="KAZ", transit_country="UZB",
        further_countries=["TJK"], to_country="AFG", by=COMMAND, at=NOW,
    )  # fmt: skip


@pytest.fixture
def worded(chain, crossing, oybek, panj, organisations):
    """`worded(first, second, over=…)` writes the next version: so many hours in each country."""

    def made(first=4, second=9, *, over=None, legs=None, **changes):
        over = over or oybek
        usual = [
            LegWording("UZB", crossing, over, first * HOURS),
            LegWording("TJK", over, panj, second * HOURS),
        ]
        said = {
            "longest_transit": HOURS, "conditions": [], "head_count_cap": 102, "requested_by": organisations["tj-emb-uz"],
            "document_reference": "Note 9", "window": WINDOW,
            "legs": usual if legs is None else legs, "by": WRITER, "at": NOW, **changes,
        }  # fmt: skip
        return transit.make_version(corridor=chain, **said)

    return made


def test_each_country_has_its_leg_and_the_times_together_are_the_transit(worded, crossing, oybek, panj):
    version = worded()
    assert [(leg.number, leg.from_country, leg.country, leg.to_country) for leg in legs_of(version)] == [
        (1, "KAZ", "UZB", "TJK"), (2, "UZB", "TJK", "AFG"),
    ]  # fmt: skip
    assert [(leg.entry, leg.exit) for leg in legs_of(version)] == [(crossing, oybek), (oybek, panj)]
    assert version.longest_transit == 13 * HOURS
    assert zones_meant(version) == ["Asia/Tashkent", "Asia/Almaty", "Asia/Dushanbe", "Asia/Kabul"]
    assert legs_in_words(legs_of(version)) == [
        "Uzbekistan: at most 4 h, then on by UZ-TJ-01", "Tajikistan: at most 9 h, then out by TJ-AF-01",
    ]  # fmt: skip


def test_a_way_through_one_country_is_its_only_leg_without_a_row(corridor, crossing, oybek):
    (leg,) = legs_of(corridor)
    assert (leg.country, leg.entry, leg.exit, leg.longest_transit) == ("UZB", crossing, oybek, 4 * HOURS)
    assert not Leg.objects.exists()
    assert legs_in_words(legs_of(corridor)) == []


@pytest.mark.parametrize(
    ("broken", "field", "sentence"),
    [
        ("swapped", "legs", "Uzbekistan, Tajikistan"),
        ("one missing", "legs", "Uzbekistan, Tajikistan"),
        ("in by another", "legs", "enters by KZ-UZ-01"),
        ("gap", "leg_1_exit", "begins where the one before ends, at UZ-TJ-01"),
        ("over a crossing elsewhere", "leg_1_exit", "KZ-UZ-01 does not lead that way"),
        ("too long", "leg_2_hours", "at most 168"),
    ],
)
def test_legs_that_make_no_way_are_refused_beside_their_field(worded, places, broken, field, sentence):
    crossing, oybek, panj, sarazm = places
    first, second = LegWording("UZB", crossing, oybek, HOURS), LegWording("TJK", oybek, panj, HOURS)
    legs = {
        "swapped": [second, first],
        "one missing": [first],
        "in by another": [LegWording("UZB", sarazm, oybek, HOURS), second],
        "gap": [first, LegWording("TJK", sarazm, panj, HOURS)],
        "over a crossing elsewhere": [
            LegWording("UZB", crossing, crossing, HOURS), LegWording("TJK", crossing, panj, HOURS),
        ],
        "too long": [first, LegWording("TJK", oybek, panj, 169 * HOURS)],
    }  # fmt: skip
    with pytest.raises(transit.CorridorError, match=sentence) as refused:
        worded(legs=legs[broken])
    assert refused.value.field == field
    assert not Leg.objects.exists()


@pytest.mark.parametrize(
    ("further", "sentence"),
    [(["UZB"], "twice in a row"), (["CHN"], "No crossing between Uzbekistan and China"), (["X"], "Choose a country")],
)
def test_a_corridor_through_countries_that_do_not_follow_each_other_is_refused(crossing, panj, further, sentence):
    with pytest.raises(transit.CorridorError, match=sentence):
        transit.make_corridor(
            code="KZ-AF", name="To Panji Poyon", entry=crossing, exit=panj, from_country="KAZ", transit_country="UZB",
            further_countries=further, to_country="AFG", by=COMMAND, at=NOW,
        )  # fmt: skip


def test_the_database_numbers_the_legs_of_a_version(worded):
    leg = worded().legs.first()
    leg.pk = None
    with pytest.raises(IntegrityError, match="legs_are_numbered"), transaction.atomic():
        leg.save()


def test_a_requirement_at_the_crossing_in_the_middle_marks_the_version(worded):
    version = worded()
    for crossing, ends, marked in (("UZ-TJ-01", ("TJK", "UZB"), 0), ("UZ-TJ-01", ("UZB", "TJK"), 1)):
        line = Requirement.objects.create(
            crossing=BorderCrossing.objects.get(code=crossing), from_country=ends[0], to_country=ends[1],
            subject="health_test",
        )  # fmt: skip
        assert transit.mark_requirement_changed(line, at=NOW) == marked
    assert list(transit.versions_touched(line)) == [version]


def test_a_draft_that_is_rewritten_has_its_legs_anew(worded, places, organisations):
    version, (crossing, _oybek, panj, sarazm) = worded(), places
    legs = [LegWording("UZB", crossing, sarazm, HOURS), LegWording("TJK", sarazm, panj, 2 * HOURS)]
    wording = transit.Wording(
        longest_transit=HOURS, conditions=[], head_count_cap=1, requested_by=organisations["tj-emb-uz"],
        document_reference="Note 10", legs=legs,
    )  # fmt: skip
    transit.rewrite_draft(version=version, wording=wording, by=WRITER, at=NOW)
    assert list(version.legs.values_list("exit__code", flat=True)) == ["UZ-TJ-02", "TJ-AF-01"]


@pytest.fixture
def parties(organisations):
    """One border service in each country of the way, and an embassy of none of those that are crossed."""
    named = {"tj-border": "TJK", "af-mfa": "AFG"}
    for code, country in named.items():
        Organisation.objects.create(code=code, kind=OrganisationKind.BORDER, country=country, name_en=code)
    return list(Organisation.objects.filter(code__in=["kz-border", "uz-border", *named]))


def asked_anew(parties, worded, *hours, **changes):
    """Who has to decide on the next version once all have approved the first one, with the reasons of each."""
    for row in ask_parties(version=worded(), parties=parties, answer_by=DEADLINE, by=ASKER, at=NOW):
        code = row.organisation.code
        decide(approval=row, answer="approved", name="A", function="head", by=speaking_for(code), at=NOW + HOURS)
    rows = ask_parties(
        version=worded(*hours, **changes), parties=parties, answer_by=DEADLINE, by=ASKER, at=NOW + 2 * HOURS
    )
    return {row.organisation.code: reasons(row) for row in rows if row.state == "asked"}


def test_a_longer_leg_is_asked_about_in_its_own_country_and_at_both_ends(worded, parties):
    assert asked_anew(parties, worded, 4, 10) == {
        "tj-border": ["transit"], "kz-border": ["transit"], "af-mfa": ["transit"],
    }  # fmt: skip


def test_a_shorter_leg_is_asked_about_nowhere(worded, parties):
    assert asked_anew(parties, worded, 3, 9) == {}


def test_another_crossing_between_two_countries_is_asked_about_everywhere_it_is_crossed(worded, parties, sarazm):
    anew = asked_anew(parties, worded, over=sarazm)
    assert anew == {code: ["way"] for code in ("kz-border", "uz-border", "tj-border", "af-mfa")}


def test_letter_and_tracker_say_the_way_country_by_country_and_what_became_other(worded, parties):
    before = worded()
    ask_parties(version=before, parties=parties, answer_by=DEADLINE, by=ASKER, at=NOW)
    after = worded(4, 10)
    said = context(alert_context(after, answer_by=DEADLINE, at=NOW), "en")
    assert said["way"] == "Kazakhstan → Uzbekistan → Tajikistan → Afghanistan"
    assert said["legs"][1] == "Tajikistan: at most 10 h, then out by TJ-AF-01"
    assert len(said["crossing_names"]) == 6
    assert "leg: Tajikistan: at most 10 h, then out by TJ-AF-01" in said["differences"]
    line = tracked([after, before], at=NOW)[0]
    assert line.legs == said["legs"]
    assert "leg: Tajikistan: at most 10 h, then out by TJ-AF-01" in line.differences


def test_a_chain_is_named_and_worded_by_page(sign_in, crossing, oybek, panj, organisations):
    clock.set_to(NOW)
    browser = sign_in(Role.COORDINATOR)
    way = {"code": "KZ-AF", "name": "To Panji Poyon", "entry": "KZ-UZ-01:KAZ:UZB", "exit": "TJ-AF-01:TJK:AFG"}
    refused = browser.post("/corridors/new/", way)
    assert refused.status_code == 422
    assert "must leave the country" in refused.content.decode()
    named = browser.post("/corridors/new/", way | {"then_1": "TJK"})
    assert named["Location"] == "/corridors/KZ-AF/versions/new/"
    page = browser.get(named["Location"]).content.decode()
    assert "ongest transit of Tajikistan in hours" in page
    assert 'value="UZ-TJ-01" selected' in page
    said = {
        "opens_local": "2020-10-02T06:00", "closes_local": "2020-10-02T10:00", "zone": "Asia/Tashkent",
        "head_count_cap": 102, "requested_by": organisations["tj-emb-uz"].code, "document_reference": "Note 9",
        "leg_1_hours": "4", "leg_1_exit": "UZ-TJ-01", "leg_2_hours": "9",
    }  # fmt: skip
    assert browser.post(named["Location"], said | {"leg_2_hours": ""}).status_code == 422
    assert browser.post(named["Location"], said).status_code == 302
    shown = browser.get("/corridors/KZ-AF/").content.decode()
    assert "Tajikistan: at most 9 h, then out by TJ-AF-01" in shown
    assert 'value="9"' in browser.get("/corridors/KZ-AF/versions/new/").content.decode()
