"""Every paper and list of a journey: what stands on it for whom, in four languages, and what nobody can infer from it."""

import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import load_workbook
from pypdf import PdfReader

from common.models import AccessEntry
from common.refusals import RefusalError
from common.small_cells import parts_outside
from migrants import protection
from migrants.exports import CONDITION, Mark
from migrants.models import Export, HeadCount
from partners.enums import OrganisationKind
from partners.models import Organisation
from returns import handover, incoming, movement_papers, road_day
from returns.arrival_figures import WITHHELD
from returns.enums import JourneyPaper, PersonPaper
from returns.freezing import freeze
from returns.journey_facts import condition_for
from returns.list_files import arrivals_list
from returns.models import PaperIssue, Slip
from returns.movement_papers import PaperChoiceError, Wanted, print_for, recipients_of
from returns.paper_parts import frame, language_of, listed, qr
from returns.person_papers import WantedOfPerson, consulates_of, print_of_person
from returns.printing import printed
from returns.slips import SlipError, person_of
from returns.transit_request_papers import RequestPaperError
from returns.travel_document_papers import ApplicationError
from tests.cast import COMMAND, NOW
from tests.papers.reading import text_of
from tests.returns.convoy import ENTERED, FROZEN, count_all

pytestmark = pytest.mark.django_db
NAMES = {"tg": "Қурбонов Ғайрат Ҳоҷиевич Ӯғули Ӣ Ҷ", "uz": "Oʻgʻiloy Gʻaniyeva"}
HOME = FROZEN + timedelta(hours=4)


def made(movement, kind, *, to=None, language="en", at=FROZEN):
    wanted = Wanted(JourneyPaper(kind), to, language, "boarding at the post")
    return print_for(movement=movement, wanted=wanted, by=COMMAND, at=at)[0]


def words(movement, kind, **more):
    return text_of(made(movement, kind, **more).content)


def of_person(person, kind, *, to=None, language="en", with_name=False, at=FROZEN):
    wanted = WantedOfPerson(PersonPaper(kind), to, language, "she asked", with_name)
    return print_of_person(person=person, wanted=wanted, zone="Asia/Almaty", by=COMMAND, at=at)[0]


@pytest.fixture
def frozen(movement, travellers, embassy):
    travellers[0].full_name, travellers[1].full_name = NAMES.values()
    for person in travellers[:2]:
        person.save(update_fields=["full_name"])
    freeze(movement=movement, by=COMMAND, at=FROZEN)
    return movement


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Bus list"), ("ru", "Список автобуса"), ("tg", "Рӯйхати автобус"), ("uz", "Avtobus ro‘yxati")],
)
def test_a_bus_list_has_the_letters_of_each_language_and_names_those_who_agreed_alone(
    frozen, embassy, travellers, language, title
):
    text = words(frozen, "bus_list", to=embassy, language=language)
    assert title in text
    assert all(name in text for name in NAMES.values())
    assert travellers[5].full_name not in text
    assert travellers[5].number not in text


def test_the_drivers_get_hours_seats_and_counted_heads_and_neither_names_nor_numbers(boarded, travellers):
    text = words(boarded, "drivers", language="ru")
    assert "Варақа" not in text
    assert "Лист для водителей" in text
    assert "no stop" in text
    assert "____" in text
    assert not [person for person in travellers if person.full_name in text or person.number in text]
    assert Export.objects.get(kind="bus_list").people == []


def test_a_request_for_transit_says_who_asks_with_which_reference_and_is_a_draft_until_it_lies_before_its_parties(
    frozen, organisations
):
    text = words(frozen, "transit_request", to=organisations["uz-border"])
    for said in ("note 1", "4 h", "102 people", "no stop", "The heads are not counted yet", "Annex"):
        assert said in text
    assert NAMES["tg"] not in text
    frozen.corridor_version.document_reference = " "
    frozen.corridor_version.save(update_fields=["document_reference"])
    with pytest.raises(RequestPaperError):
        made(frozen, "transit_request", to=organisations["uz-border"])


def test_a_request_that_lies_before_nobody_is_marked_as_a_draft(frozen, organisations):
    wording = frozen.corridor_version
    wording.pk, wording.public_id, wording.number = None, uuid4(), 2
    wording.save()
    assert "DRAFT" in words(frozen, "transit_request", to=organisations["tj-emb-uz"])


def test_an_advance_notice_tells_counted_heads_and_bands_and_withholds_what_is_small(frozen, embassy, organisations):
    HeadCount.objects.create(
        group=frozen.group,
        mission=frozen.mission,
        counted_at=NOW,
        recorded_at=NOW,
        total=6,
        males=4,
        females=2,
        by=COMMAND,
    )
    text = words(frozen, "advance_notice", to=organisations["tj-emb-uz"])
    assert "All 6" in text
    assert "male –" in text
    assert "female –" in text
    assert all(name in text for name in NAMES.values())


def test_the_heads_of_a_notice_are_those_of_the_last_count_and_never_names(boarded, organisations):
    text = words(boarded, "advance_notice", to=organisations["tj-emb-uz"])
    assert "All 6" in text
    assert "Bus 1 2" in text


@pytest.mark.parametrize(
    ("parts", "told"),
    [((60, 42), ["60", "42"]), ((99, 3), ["–", "–"]), ((50, 30, 3, 2), ["50", "30", "–", "–"]),
     ((50, 30, 1, 1), ["50", "–", "–", "–"]), ((102, 0), ["102", "0"])],
)  # fmt: skip
def test_a_small_figure_cannot_be_had_by_subtracting(parts, told):
    assert [said or WITHHELD for said in parts_outside(parts)] == told


def test_a_held_person_is_on_no_paper_for_the_embassy_and_leaves_no_gap(frozen, embassy, travellers):
    kinds = ("bus_list", "advance_notice", "transit_request", "manifest_list")
    disclosure = travellers[3].disclosures.get()
    protection.set_hold(person=travellers[3], reason="fear", against=["TJK"], by=COMMAND, at=FROZEN)
    with_hold = [*(_plain(made(frozen, kind, to=embassy)) for kind in kinds), arrivals(embassy)]
    disclosure.delete()
    without = [*(_plain(made(frozen, kind, to=embassy)) for kind in kinds), arrivals(embassy)]
    assert with_hold == without
    assert not [text for text in with_hold if travellers[3].full_name in str(text)]


def arrivals(embassy):
    people = incoming.completed(list(incoming.shown_to([embassy], at=FROZEN)), at=FROZEN)
    return _plain(
        arrivals_list(people=people, recipient=embassy, language="ru", purpose="reception", by=COMMAND, at=FROZEN)
    )


def _plain(given):
    """What stands on it, without number, code and place in the row of papers, which differ between any two prints."""
    if given.content.startswith(b"%PDF-"):
        issue = PaperIssue.objects.get(export=given.export)
        text = text_of(given.content).replace(issue.code, "code").replace(given.export.number, "number")
        return text, issue.fingerprint
    return [row[:7] for row in cells(given.content)[2:]]


def cells(content):
    return [tuple(row) for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)]


@pytest.fixture
def received(boarded, embassy):
    """Through the transit country and received: five heads of six, one of four shown is absent."""
    for kind, hours in (("exited", 0), ("entered", 1), ("left", 3)):
        count_all(boarded, kind, ENTERED + timedelta(hours=hours))
    shown = list(incoming.on_board(boarded, [embassy], at=HOME))
    answers = {row.public_id: "present" if place else "absent" for place, row in enumerate(shown)}
    handover.receive(
        movement=boarded, receiver=embassy, heads=5, answers=answers, name="R. Karimov", function="attaché",
        received_at=HOME, by=COMMAND, at=HOME + timedelta(hours=1),
    )  # fmt: skip
    return boarded


def test_the_protocol_shows_the_receiver_its_own_answers_and_us_every_point(received, embassy, travellers):
    later = HOME + timedelta(hours=2)
    theirs = words(received, "handover", to=embassy, at=later)
    assert "R. Karimov" in theirs
    assert "Heads received 5" in theirs
    assert "Boarded" not in theirs
    assert "Why heads differed" not in theirs
    assert travellers[5].full_name not in theirs
    ours = words(received, "handover", at=later)
    assert "Boarded" in ours
    assert "Why heads differed" in ours


def test_a_paper_that_cannot_be_made_says_what_to_choose(movement, organisations):
    for kind, to, field in (
        ("handover", None, "kind"),
        ("bus_list", None, "kind"),
        ("advance_notice", None, "recipient"),
        ("slips", organisations["tj-emb-uz"], "recipient"),
    ):
        with pytest.raises(RefusalError) as refused:
            made(movement, kind, to=to)
        assert refused.value.field == field
    assert not Export.objects.exists()


def test_who_may_be_given_a_paper_does_not_follow_from_who_is_on_board(frozen, travellers):
    before = recipients_of(frozen)
    travellers[5].nationalities.update(code="KGZ")
    assert recipients_of(frozen) == before
    assert {"tj-emb-uz", "uz-border"} <= {organisation.code for organisation in before}


def test_slips_have_a_number_and_a_code_and_name_nobody_and_the_last_one_is_valid(frozen, travellers):
    first = made(frozen, "slips", language="tg")
    text = text_of(first.content)
    assert "Рақами шумо" in text
    assert all(person.number in text for person in travellers)
    assert not [name for name in NAMES.values() if name in text]
    assert "TJK" not in text
    assert "Bus" not in text
    assert AccessEntry.objects.filter(page__startswith=f"export {first.export.number}").count() == 6
    old = Slip.objects.get(person=travellers[0])
    assert person_of(scanned=old.token.lower(), movement=frozen).person == travellers[0]
    assert person_of(scanned=f" {travellers[0].number} ", movement=frozen).person == travellers[0]
    made(frozen, "slips")
    said = set()
    for scanned in (old.token, "X" * 20, "999999"):
        with pytest.raises(SlipError) as refused:
            person_of(scanned=scanned, movement=frozen)
        said.add(refused.value.sentence)
    assert len(said) == 1


def test_the_manifest_as_a_spreadsheet_is_the_same_projection_and_carries_its_mark(frozen, embassy, travellers):
    given = made(frozen, "manifest_list", to=embassy, language="ru")
    rows = cells(given.content)
    assert given.export.number in rows[0][0]
    assert rows[2][:4] == ("Автобус", "Место", "Номер", "Имя")
    assert {row[3] for row in rows[3:]} == {person.full_name for person in travellers[:4]}
    assert {row[1] for row in rows[3:]} <= {"1", "2"}


def test_counts_as_a_spreadsheet_name_nobody(boarded):
    rows = cells(made(boarded, "reconciliation_list", language="uz").content)
    assert [row[1:4] for row in rows[3:]] == [(f"{n}-avtobus", "2", "2") for n in (1, 2, 3)]


def test_an_application_goes_to_a_consulate_that_is_shown_documents_and_is_otherwise_the_person_s_own(
    frozen, embassy, travellers
):
    shown, other = travellers[0], travellers[5]
    assert (consulates_of(shown, at=FROZEN), consulates_of(other, at=FROZEN)) == ([embassy], [])
    text = text_of(of_person(shown, "travel_document", to=embassy, language="tg").content)
    assert NAMES["tg"] in text
    assert "05.03.1986" in text
    assert "Ариза барои ҳуҷҷати сафар" in text
    with pytest.raises(ApplicationError):
        of_person(other, "travel_document", to=embassy)
    protection.set_hold(person=shown, reason="fear", against=["TJK"], by=COMMAND, at=FROZEN)
    with pytest.raises(ApplicationError):
        of_person(shown, "travel_document", to=embassy)
    other.birth_day = other.birth_month = None
    other.save(update_fields=["birth_day", "birth_month"])
    assert "–.–.1986" in text_of(of_person(other, "travel_document").content)


def test_who_sees_a_person_is_told_to_that_person_by_number_unless_the_name_is_wanted(frozen, embassy, travellers):
    text = text_of(of_person(travellers[0], "seen_by", language="tg").content)
    assert embassy.name_in("tg") in text
    assert travellers[0].number in text
    assert NAMES["tg"] not in text
    assert NAMES["tg"] in text_of(of_person(travellers[0], "seen_by", with_name=True).content)
    assert "No organisation outside IOM sees you" in text_of(of_person(travellers[5], "seen_by").content)


def test_a_paper_is_in_the_language_of_the_recipient_s_first_desk_where_it_is_one_of_ours(embassy):
    desk = embassy.offices.get().contacts.get(rank=1)
    said = []
    for desk.language in ("ru", "tg", "uz", "en", "kk"):
        desk.save(update_fields=["language"])
        said.append(language_of(embassy, at=NOW))
    assert said == ["ru", "tg", "uz", "en", "en"]


def test_a_carrier_is_given_its_own_buses_without_names_and_no_other_paper(boarded, travellers):
    carrier = Organisation.objects.create(code="carrier", kind=OrganisationKind.CARRIER, name_en="Steppe Coaches")
    bus = boarded.vehicles.first()
    road_day.choose_carriers(movement=boarded, carriers={bus.pk: carrier}, by=COMMAND, at=FROZEN)
    assert carrier in recipients_of(boarded)
    text = words(boarded, "drivers", to=carrier, language="ru")
    assert "Автобус 1" in text
    assert "Автобус 2" not in text
    assert "Steppe Coaches" in text
    assert not [person for person in travellers if person.full_name in text or person.number in text]
    for kind in ("bus_list", "manifest_list", "advance_notice", "transit_request"):
        with pytest.raises(PaperChoiceError):
            made(boarded, kind, to=carrier)


@pytest.mark.parametrize("language", ["en", "ru", "tg", "uz"])
def test_every_page_says_which_paper_and_which_part_of_it_goes_on_and_nobody_signs_a_page_without_a_list(language):
    rows = [(place, NAMES["tg"] * 2, NAMES["uz"]) for place in range(1, 98)]
    with override(language):
        paper = frame(
            title="ZZ-1", lead="", facts=[], blocks=[listed(_("Bus %(n)d") % {"n": 2}, [("", 8), ("", 60), ("", 0)], rows)],
            mark=Mark("E-1", "Officer", "", "boarding", CONDITION, FROZEN), language=language, fingerprint="0" * 64,
            address="https://h.example/v/BCDFGHJKLMNPQRST/", condition=condition_for("Embassy"), signatures=["Signed"],
        )  # fmt: skip
        bus = _("Bus %(n)d") % {"n": 2}
    content = printed("paper.typ", {"paper": json.dumps(paper), "qr": qr("x")}, at=FROZEN)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert len(pages) > 2
    assert all("ZZ-1" in page for page in pages)
    assert all(bus in page for page in pages[:-1])
    assert all("BCDF-GHJK-LMNP-QRST" in page for page in pages[1:])
    assert all(f"{number} / {len(pages)}" in page for number, page in enumerate(pages, start=1))
    assert "97" in pages[-1]
    assert "Signed" in pages[-1]
    assert not [page for page in pages if language != "en" and "written agreement" in page]


def test_nothing_is_made_for_an_organisation_of_whom_it_is_not_for(frozen, organisations):
    with pytest.raises(PaperChoiceError):
        made(frozen, "drivers", to=organisations["tj-emb-uz"])
    assert movement_papers.FOR_OURSELVES.isdisjoint(movement_papers.FOR_ONE)
