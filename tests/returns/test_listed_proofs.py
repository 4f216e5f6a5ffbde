"""Columns of a list that say what people can show at a barrier: read, refused in words, shown before, and recorded once."""

import io
import json
from datetime import date
from decimal import Decimal

import pytest

from common.models import AuditEntry
from common.sheets import find_heading, read_rows, read_table
from migrants.entries import DocumentEntry, PersonEntry, ProofEntry
from migrants.models import Migrant, Proof
from migrants.registration import register
from returns import manifests
from returns.enums import RowOutcome
from returns.manifest_columns import LANGUAGES, PROOF_LABELS, VOCABULARY, names_in
from returns.manifest_customs import customs_of
from returns.manifest_lines import lines_of_rows
from returns.manifest_proofs import FIELDS
from returns.manifest_rows import read_row
from returns.manifest_store import entry_from_json, entry_to_json, json_of
from returns.models import ManifestRow
from tests.cast import COMMAND, NOW

TODAY = date(2020, 10, 1)


def read(*lines):
    table = read_table(read_rows(io.BytesIO("\n".join(lines).encode()), name="list.csv"), VOCABULARY)
    customs = customs_of(table.rows, table.heading)
    return [read_row(row, table.heading, today=TODAY, customs=customs) for row in table.rows]


def one(heading, cells):
    (row,) = read(f"Full name;{heading}", f"Umed;{cells}")
    return row


def proofs(heading, cells):
    row = one(heading, cells)
    assert row.faults == ()
    return list(row.entry.proofs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_names_in_every_language_and_each_of_them_is_understood(language):
    names = names_in(language)
    assert set(PROOF_LABELS) <= set(names)
    for field in PROOF_LABELS:
        for written in names[field]:
            heading = find_heading(
                read_rows(io.BytesIO(f"Name;{written};Sex\na;b;m".encode()), name="l.csv"), VOCABULARY
            )
            assert heading.columns.get(field) == 1, (language, written)


def test_each_column_belongs_to_one_kind():
    assert sorted(name for fields in FIELDS.values() for name in fields) == sorted(PROOF_LABELS)


@pytest.mark.parametrize(
    ("heading", "cells", "said"),
    [
        ("Vaccination;Date of vaccination;Doses", "COVID-19;12.03.2020;2",
         {"sort": "covid_19", "begins_on": date(2020, 3, 12), "doses": 2}),
        ("Вакцинация", "Спутник V", {"sort": "covid_19", "title": "Спутник V"}),
        ("Прививка от COVID-19", "да", {"sort": "covid_19"}),
        ("Прививка от COVID-19", "12.03.2020", {"sort": "covid_19", "begins_on": date(2020, 3, 12)}),
        ("Эмкунӣ", "сурхакон", {"sort": "measles"}),
        ("Visa;Visa of;Visa No.;Visa valid until", "yes;Uzbekistan;V 17;01.12.2020",
         {"sort": "visa", "country": "UZB", "number": "V 17", "last_on": date(2020, 12, 1)}),
        ("Виза", "Узбекистан", {"sort": "visa", "country": "UZB"}),
        ("Вид визы;Страна визы", "транзитная виза;UZB", {"sort": "transit_visa", "country": "UZB"}),
        ("Ruxsatnoma turi;Viza davlati", "yashash uchun ruxsatnoma;UZB", {"sort": "residence_permit", "country": "UZB"}),
        ("Гарантийное письмо", "№ 12/3", {"number": "№ 12/3"}),
        ("Кепілдік хат", "Тәжікстан елшілігі", {"authority": "Тәжікстан елшілігі"}),
        ("Registration form", "E-form of the border service", {"title": "E-form of the border service"}),
        ("За что уплачено;Уплаченная сумма", "дорожный сбор;1 020,50 USD",
         {"title": "дорожный сбор", "amount": Decimal("1020.50"), "currency": "USD"}),
        ("Карантин с;Карантин по", "01.10.2020;14.10.2020", {"begins_on": date(2020, 10, 1), "last_on": date(2020, 10, 14)}),
        ("Квотанын күнү", "02.10.2020", {"begins_on": date(2020, 10, 2)}),
        ("Ҳамроҳикунанда", "духтур", {"sort": "medical"}),
        ("Country of residence", "Kazakhstan", {"country": "KAZ"}),
        ("هدف سفر", "بازگشت به وطن", {"sort": "return"}),
    ],
)  # fmt: skip
def test_what_a_list_says_becomes_a_proof_of_its_kind(heading, cells, said):
    (proof,) = proofs(heading, cells)
    assert {name: getattr(proof, name) for name in said} == said


def test_several_vaccinations_stand_in_one_cell():
    assert [proof.sort for proof in proofs("Vaccination", "measles, polio / COVID-19")] == [
        "measles",
        "polio",
        "covid_19",
    ]


@pytest.mark.parametrize("cell", ["", "no", "нет", "–", "-", "надорад", "жоқ"])
def test_a_cell_that_says_no_records_nothing(cell):
    assert proofs("Vaccination;Visa;Letter of guarantee;Escort;Purpose of travel", ";".join([cell] * 5)) == []


@pytest.mark.parametrize(
    ("heading", "cells", "field", "column", "words"),
    [
        ("Vaccination", "yes", "vaccination", "B", "Write COVID-19, measles"),
        ("Date of vaccination", "12.03.2020", "vaccinated_on", "B", "Nothing says against what"),
        ("Vaccination;Date of vaccination", "polio;12.03.2021", "vaccinated_on", "C", "in the future"),
        ("Vaccination;Doses", "polio;many", "vaccine_doses", "C", "no number of doses"),
        ("Visa", "multi, 90 days", "visa", "B", "Write visa, transit visa"),
        ("Visa;Visa of", "yes;Ruritania", "permit_country", "C", "no country"),
        ("Visa;Visa of;Visa valid until", "yes;UZB;tomorrow", "permit_expires", "D", "is no date"),
        ("Visa;Visa number", "no;V 17", "visa", "B", "Correct one of the two"),
        ("Registration form", "yes", "registration_form", "B", "name of the form"),
        ("Paid for;Amount paid", "road fee;20", "paid_amount", "C", "in which currency"),
        ("Amount paid", "20 USD", "paid_amount", "B", "what was paid for"),
        ("Quarantine from", "01.10.2020", "quarantine_from", "B", "until which"),
        ("Quarantine from;Quarantine until", "14.10.2020;01.10.2020", "quarantine_until", "C", "before the first"),
        ("Escort", "Ivanov", "escort", "B", "does not say who goes along"),
    ],
)
def test_what_no_rule_could_read_is_a_fault_of_its_column_with_a_remedy(heading, cells, field, column, words):
    (fault,) = one(heading, cells).faults
    assert (fault.field, fault.column) == (field, column)
    assert words in fault.sentence


def test_faults_of_several_kinds_are_told_at_once():
    row = one("Sex;Visa;Escort", "zz;multi;Ivanov")
    assert [fault.field for fault in row.faults] == ["sex", "visa", "escort"]


def test_a_purpose_in_other_words_stops_nobody():
    row = one("Цель поездки", "по делам")
    assert row.entry.proofs == ()
    assert row.remarks == ("“по делам” is no purpose of travel that is known here; it was left out.",)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [("Visa", "yes"), ("Виза", "да"), ("Visa;Visa No.", "yes;V 17"), ("Permit type", "transit visa")],
)
def test_a_visa_of_no_country_is_told_and_keeps_nobody_from_being_written_down(heading, cells):
    row = one(heading, cells)
    assert (row.faults, row.entry.proofs) == ((), ())
    assert "not of which country, so it was left out" in row.remarks[-1]


def test_a_month_before_the_day_is_seen_in_its_own_column():
    rows = read("Full name;Visa;Visa valid until", "Umed;UZB;03/04/2021", "Zebo;UZB;12/25/2020")
    assert [row.entry.proofs[0].last_on for row in rows] == [date(2021, 3, 4), date(2020, 12, 25)]


def test_proofs_outlive_being_kept_sealed():
    entry = PersonEntry(
        "Umed",
        proofs=(
            ProofEntry("payment", title="fee", amount=Decimal("20.50"), currency="USD"),
            ProofEntry("quarantine", begins_on=TODAY, last_on=TODAY),
        ),
    )
    assert entry_from_json(json.loads(json_of(entry_to_json(entry)))) == entry


LIST = (
    "Full name;Birth date;Sex;Passport number;Visa;Visa valid until;Vaccination",
    "Қодиров Умед;04.07.1986;m;A1234567;Uzbekistan;01.12.2030;measles",
    "Сафаров Зафар;05.08.1990;m;B1234567;;;polio",
    "Каримов Довуд;05.08.1991;m;C1234567;multi;;",
)


@pytest.fixture
def upload(group):
    return manifests.stage(
        group=group, mission=group.mission, file=io.BytesIO("\n".join(LIST).encode()), name="list.csv", size=None,
        within=Migrant.objects.living_records(), by=COMMAND, at=NOW,
    )  # fmt: skip


def confirmed(upload):
    return manifests.confirm(
        upload=upload, decisions={}, within=Migrant.objects.living_records(), by=COMMAND, at=NOW, partial=True
    )


@pytest.mark.django_db
def test_a_list_shows_what_people_can_show_and_records_it_with_one_act(upload):
    lines = lines_of_rows(list(upload.rows.order_by("row_number")), within=Migrant.objects.living_records())
    assert [line.shown for line in lines[:2]] == [
        ("vaccination: measles", "visa or permit: visa, Uzbekistan, until 01.12.2030"),
        ("vaccination: polio",),
    ]
    assert [fault["column"] for fault in lines[2].faults] == ["E"]
    assert not Proof.objects.exists()

    confirmed(upload)
    told = Proof.objects.order_by("pk").values_list("person__full_name", "kind", "sort", "country", "last_on")
    assert list(told) == [
        ("Қодиров Умед", "vaccination", "measles", "", None),
        ("Қодиров Умед", "permit", "visa", "UZB", date(2030, 12, 1)),
        ("Сафаров Зафар", "vaccination", "polio", "", None),
    ]
    assert list(AuditEntry.objects.filter(verb="proof recorded").values_list("why", flat=True)) == ["3"]
    mended = read_rows(io.BytesIO(manifests.error_file(upload=upload, by=COMMAND, at=NOW).content), name="list.xlsx")
    assert [row.number for row in mended.rows if "is no permit that is known" in str(row.cells[-1])] == [4]


@pytest.mark.django_db
def test_somebody_known_gets_what_is_new_and_nothing_twice(group, upload):
    entry = PersonEntry(
        "Қодиров Умед", birth_year=1986, birth_month=7, birth_day=4, sex="M",
        documents=(DocumentEntry("passport", number="A1234567"),), proofs=(ProofEntry("vaccination", "measles"),),
    )  # fmt: skip
    person = register(group=group, mission=group.mission, entry=entry, by=COMMAND, at=NOW)

    confirmed(upload)
    row = ManifestRow.objects.get(upload=upload, row_number=2)
    assert (row.outcome, row.person) == (RowOutcome.MATCH, person)
    assert list(person.proofs.values_list("kind", flat=True)) == ["vaccination", "permit"]
