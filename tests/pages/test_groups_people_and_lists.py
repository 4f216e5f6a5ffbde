"""Pages of groups, people and lists in a browser: both widths, both themes, for eyes and ears."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from common import clock
from common.models import AccessEntry
from common.pictures import drawn_anew
from deploy.local.measure import weigh
from migrants import consents, groups, merging, pictures, protection
from migrants.entries import DocumentEntry, KinEntry, PersonEntry
from migrants.identity import offer_pairs
from migrants.models import Migrant
from migrants.registration import register
from partners.enums import Role
from returns import manifests
from tests.cast import COMMAND, NOW
from tests.support.eyes import faults_of, faults_of_pages

pytestmark = pytest.mark.django_db(transaction=True)
LIST = Path(__file__).parents[1] / "fixtures" / "manifest_102_ru.xlsx"
PASSPORT = "P<TJKQODIROV<<UMED<<<<<<<<<<<<<<<<<<<<<<<<<<\n0059668031TJK8607047M2905039<<<<<<<<<<<<<<06"
"""Made up for the first of the list; the digits are right."""
EVERYBODY = Migrant.objects.living_records()
FAULTY = """Full name;Sex;Birth date;Nationality;Document;Document number;Bemerkung
Кодиров Умед Мухаммадджонович;m;04.07.1986;TJK;passport;005966803;
Назарова Зебо;f;12.03.1990;TJK;passport;005966803;
Назаров Далер;z;31.02.1990;Ruritania;ticket;7;
Холова Нигора;f;1991;TJK;passport;004411229;
HOLOVA NIGORA;f;1991;TJK;passport;004411229;
Total: 5;;;;;;
"""


@pytest.fixture
def stage(group):
    def upload(content: bytes, name: str):
        return manifests.stage(
            group=group, mission=group.mission, file=io.BytesIO(content), name=name, size=len(content),
            within=EVERYBODY.all(), by=COMMAND, at=NOW,
        )  # fmt: skip

    return upload


def a_picture():
    made = io.BytesIO()
    Image.new("RGB", (300, 400), (176, 196, 222)).save(made, "PNG")
    return drawn_anew(made.getvalue())


@pytest.fixture
def addresses(group, organisations, stage) -> dict[str, str]:
    """The group counted and registered, one passport written twice, a child alone, a stateless person, two lists."""
    clock.set_to(NOW)
    for at, total, exact in ((group.recorded_at, 64, False), (NOW, 105, True)):
        counted = groups.Counted(
            counted_at=at, total=total, exact=exact, males=total - 16, females=16, children_5_17=6, children_under_5=2,
            children_alone=2, needs=("blankets", "water", "food"), mood="tense", note="Cold night, no shelter.",
        )  # fmt: skip
        groups.record_head_count(group=group, counted=counted, mission=group.mission, by=COMMAND, at=NOW)
    known = {"group": group, "mission": group.mission, "by": COMMAND, "at": NOW}
    confirmed = stage(LIST.read_bytes(), LIST.name)
    manifests.confirm(upload=confirmed, decisions={}, within=EVERYBODY.all(), by=COMMAND, at=NOW)
    umed = Migrant.objects.get(full_name="Кодиров Умед Мухаммадджонович")
    twice = PersonEntry(
        full_name="KODIROV UMED", birth_year=1986, birth_month=7, birth_day=4, nationalities=("TJK",),
        documents=(DocumentEntry("passport", number="005966803"),), family_code="F1", phone="+992950002960",
        note="Asks for his brother.", kin=(KinEntry("Қодирова Ойгул", "sibling", "+992950002961", may_be_told=True),),
    )  # fmt: skip
    again = register(entry=twice, **known)
    pictures.keep(person=umed, kind="photograph", upload=a_picture(), by=COMMAND, at=NOW)
    pair = offer_pairs(people=[again], within=EVERYBODY.all(), by=COMMAND, at=NOW)[0]
    child = register(
        entry=PersonEntry(full_name="Холов Нозим", birth_year=2004, alone="unaccompanied", family_code="F1"), **known
    )
    asked: dict[str, Any] = {
        "how": "oral",
        "language": "tg",
        "witness": "Sana Sezim",
        "interpreter": "field staff",
        "answer": "yes",
    }
    consents.record_consent(
        people=[umed], purpose="return", form_signed=True, form_reference="folder 3", by=COMMAND, at=NOW, **asked
    )
    embassy = organisations["tj-emb-uz"]
    consents.record_consent(people=[umed], purpose="consulate", recipient=embassy, by=COMMAND, at=NOW, **asked)
    consents.disclose(people=[umed], recipient=embassy, purpose="consulate", by=COMMAND, at=NOW)
    hold = protection.set_hold(
        person=child, reason="A relative asked where he is.", against=["TJK"], by=COMMAND, at=NOW
    )
    passport = umed.documents.get()
    seen_twice = [
        register(entry=PersonEntry(name, birth_year=1971), **known) for name in ("Zokirov Ali", "Зокиров Алӣ")
    ]
    made = merging.merge(kept=seen_twice[0], absorbed=seen_twice[1], by=COMMAND, at=NOW)
    faulty = stage(FAULTY.encode(), "faulty.csv")
    nameless = stage(b"Wer;Sex;Nationality\nUmed;m;TJK\n", "nameless.csv")
    of_group = f"/groups/{group.public_id}/"
    return {
        "groups": "/groups/",
        "group-new": "/groups/new/",
        "group": of_group,
        "group-people": f"{of_group}people/",
        "group-families": f"{of_group}families/",
        "group-needs": f"{of_group}needs/",
        "group-timeline": f"{of_group}timeline/",
        "group-journey": f"{of_group}journey/",
        "group-mood": f"{of_group}mood/",
        "group-family": f"{of_group}families/{umed.family.public_id}/" if umed.family else of_group,
        "group-move": f"{of_group}move/",
        "group-join": f"{of_group}join/",
        "group-consent": f"{of_group}consents/new/",
        "person-new": f"{of_group}people/new/",
        "count": f"/groups/count/?group={group.public_id}",
        "people": "/people/",
        "people-found": "/people/?q=Kodirov Umed",
        "people-none": "/people/?q=Nobody Anywhere",
        "person": f"/people/{umed.public_id}/",
        "person-protection": f"/people/{child.public_id}/protection/",
        "person-twice": f"/people/{again.public_id}/",
        "person-child": f"/people/{child.public_id}/",
        "document-new": f"/people/{umed.public_id}/documents/new/?replaces={passport.public_id}",
        "document-state": f"/people/{umed.public_id}/documents/{passport.public_id}/state/",
        "person-contacts": f"/people/{again.public_id}/open/contacts/",
        "person-numbers": f"/people/{again.public_id}/open/numbers/",
        "person-note": f"/people/{again.public_id}/open/note/",
        "person-pictures": f"/people/{umed.public_id}/pictures/",
        "name-new": f"/people/{umed.public_id}/names/new/",
        "nationality-new": f"/people/{umed.public_id}/nationalities/new/",
        "contact-new": f"/people/{umed.public_id}/contacts/new/",
        "person-next": f"{of_group}people/new/?after={umed.public_id}",
        "test-new": f"/people/{umed.public_id}/tests/new/",
        "consent-new": f"/people/{umed.public_id}/consents/new/",
        "consent-back": f"/people/{umed.public_id}/consents/{umed.consents.get(purpose='return').public_id}/withdraw/",
        "child-arrange": f"/people/{child.public_id}/arrangement/",
        "hold-new": f"/people/{child.public_id}/holds/new/",
        "hold-clear": f"/people/{child.public_id}/holds/{hold.public_id}/clear/",
        "pairs": "/duplicates/",
        "pair": f"/duplicates/{pair.public_id}/",
        "merge": f"/duplicates/merges/{made.public_id}/",
        "list-new": f"{of_group}manifests/new/",
        "list-faulty": f"/manifests/{faulty.public_id}/",
        "list-nameless": f"/manifests/{nameless.public_id}/",
        "list-confirmed": f"/manifests/{confirmed.public_id}/",
    }


@pytest.fixture
def signed_in(sign_in, context: BrowserContext, page: Page, live_server) -> Page:
    session = sign_in(Role.PROTECTION).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


@pytest.mark.deep
def test_every_page_is_clean_for_eyes_and_ears_at_both_widths_in_both_themes(addresses, signed_in):
    assert faults_of_pages(signed_in, addresses) == {}


def test_somebody_registered_already_is_asked_about_before_anything_is_stored(addresses, signed_in, page_problems):
    signed_in.goto(addresses["person-new"])
    signed_in.get_by_label("the lines at the foot of the passport").fill(PASSPORT)
    signed_in.get_by_role("button", name="Fill in the form").click()
    expect(signed_in.get_by_label("Full name, as written")).to_have_value("QODIROV UMED")
    known = Migrant.objects.count()
    expect(signed_in.get_by_text("A document has the same number.").first).to_be_visible()
    assert faults_of(signed_in, name="person-warned") == {}
    assert Migrant.objects.count() == known
    signed_in.get_by_role("button", name="Another person: register").click()
    expect(signed_in.locator("h1")).to_have_text("QODIROV UMED")
    assert Migrant.objects.count() == known + 1
    assert page_problems == []


def test_a_reader_that_types_a_passport_and_presses_enter_fills_in_the_form(addresses, signed_in, page_problems):
    signed_in.goto(addresses["person-new"])
    signed_in.get_by_label("the lines at the foot of the passport").focus()
    for line in PASSPORT.splitlines():
        signed_in.keyboard.type(line)
        signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_text("The lines are read; nothing is stored yet")).to_be_visible()
    expect(signed_in.get_by_label("Full name, as written")).to_have_value("QODIROV UMED")
    expect(signed_in.get_by_text("A document has the same number.").first).to_be_visible()
    assert page_problems == []


def test_a_tired_officer_registers_two_of_a_family_with_few_keys(addresses, signed_in, group, page_problems):
    signed_in.goto(addresses["person-new"])
    signed_in.get_by_label("Full name, as written").fill("Саидова Мадина")
    signed_in.get_by_label("Year of birth").fill("1991")
    signed_in.get_by_label("Nationality", exact=False).first.select_option("TJK")
    signed_in.get_by_label("Family", exact=False).first.fill("F9")
    signed_in.get_by_role("button", name="Register and next").click()
    expect(signed_in.get_by_text("The next person")).to_be_visible()
    expect(signed_in.get_by_label("Family", exact=False).first).to_have_value("F9")
    signed_in.get_by_label("Full name, as written").fill("Саидов Акмал")
    signed_in.get_by_role("button", name="Register", exact=True).click()
    expect(signed_in.locator("h1")).to_have_text("Саидов Акмал")
    assert Migrant.objects.filter(family__code="F9", family__group=group).count() == 2
    assert page_problems == []


def test_what_is_closed_opens_in_its_place_by_a_click(addresses, signed_in, page_problems):
    signed_in.goto(addresses["person-twice"])
    expect(signed_in.get_by_text("+992 95 000 2960")).to_have_count(0)
    signed_in.get_by_role("link", name="Phones and next of kin").click()
    expect(signed_in.get_by_text("may be told where the person is")).to_be_visible()
    assert signed_in.url.endswith(addresses["person-twice"])
    assert AccessEntry.objects.filter(page="returns:person_open contacts").count() == 1
    assert page_problems == []


def test_the_pages_with_many_rows_are_light(addresses, sign_in, live_server):
    cookies = {"sessionid": sign_in(Role.FIELD).cookies["sessionid"].value}
    for name in ("groups", "group-people", "list-confirmed"):
        weight = weigh(f"{live_server.url}{addresses[name]}", cookies)
        print(name, weight.first, weight.later)
        assert weight.first < 110_000, name
        assert weight.later < 20_000, name
