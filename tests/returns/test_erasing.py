"""A person is erased: nothing in the whole database names them any longer, the figures stay, and a proof says so."""

import os
from datetime import timedelta
from io import BytesIO
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from common import chain, seals
from common.audience import Audience, asking
from common.models import AuditEntry, HistoryErasure
from common.resealing import sealed_fields
from migrants import erasure, legal_holds, merging, protection, screening
from migrants.consents import disclose, record_consent
from migrants.corrections import Identity, correct, fingerprint_of
from migrants.entries import DocumentEntry, PersonEntry
from migrants.enums import KeptKind
from migrants.erasure import ErasureError
from migrants.models import DuplicatePair, Erasure, HeadCount, Migrant
from migrants.registration import register
from partners.models import Organisation
from returns import cases, laboratory, manifests
from returns.freezing import freeze
from returns.models import ManifestEntry, ReturnCase, Sample, TravelQuestion
from tests.cast import COMMAND, NOW
from tests.returns.convoy import FROZEN

pytestmark = pytest.mark.django_db
NAME, LATIN, FORMER = "Қодиров Умедҷон", "Qodirov Umedjon", "Раҳмонов Умедҷон"
PASSPORT, PHONE = "A05966803", "+992935550142"
LATER = NOW + timedelta(days=3)
WHO: dict[str, Any] = {"cause": erasure.ON_REQUEST, "why": "asked for it", "by": COMMAND, "at": LATER}


@pytest.fixture
def erased_one(group, crossing, organisations, make_rule):
    """Somebody of whom everything is known that can be known; the case is closed."""
    entry = PersonEntry(
        full_name=NAME, latin_name=LATIN, other_names=((FORMER, "former"),), sex="M", birth_year=1986, birth_month=7,
        birth_day=4, nationalities=("TJK",), phone=PHONE, note=f"{NAME} asked for a doctor", family_code="F1",
        documents=(DocumentEntry(kind="passport", number=PASSPORT),), documents_asked=True, language="tg",
    )  # fmt: skip
    person = register(group=group, mission=group.mission, entry=entry, by=COMMAND, at=NOW)
    twin = register(
        group=group, mission=group.mission, entry=PersonEntry(full_name=NAME, birth_year=1986), by=COMMAND, at=NOW
    )
    pair = DuplicatePair.objects.create(
        mission=group.mission, first=person, second=twin, score=0.9, reasons=[NAME], found_at=NOW
    )
    merging.decide(pair=pair, same=True, keep=person, by=COMMAND, at=NOW)
    person.refresh_from_db()
    right = Identity(FORMER, LATIN, "M", 1987, 7, 4, "self")
    correct(person=person, right=right, name_was="mistaken", seen=fingerprint_of(person), by=COMMAND, at=NOW)
    embassy = organisations["tj-emb-uz"]
    for recipient, purpose in ((embassy, "consulate"), (None, "return")):
        record_consent(
            people=[person], purpose=purpose, recipient=recipient, answer="yes", how="oral", language="tg",
            interpreter="Тарҷумон", witness=f"brother of {LATIN}", by=COMMAND, at=NOW,
        )  # fmt: skip
    disclose(people=[person], recipient=embassy, purpose="consulate", by=COMMAND, at=NOW)
    screened = screening.screen(
        person=person, stage="before", needs=["medical"], note=NAME, screened_at=NOW, by=COMMAND, at=NOW
    )
    screening.refer(
        screening=screened, organisation=Organisation.objects.get(code="kz-border"), service="medical", reason=NAME,
        referred_at=NOW, by=COMMAND, at=NOW,
    )  # fmt: skip
    protection.set_hold(person=person, reason=NAME, against=["AFG"], by=COMMAND, at=NOW)
    HeadCount.objects.create(
        group=group,
        mission=group.mission,
        counted_at=NOW,
        recorded_at=NOW,
        total=9,
        note=f"{FORMER} is ill",
        by=COMMAND,
    )
    _tested(group, person)
    _on_a_list(group)
    cases.close_cases(cases=list(ReturnCase.objects.filter(person=person)), why="home", by=COMMAND, at=NOW)
    cases.close_cases(cases=list(ReturnCase.objects.open()), why="home", by=COMMAND, at=NOW)
    return Migrant.objects.get(pk=person.pk)


def _tested(group, person):
    case = cases.open_cases(people=[person], by=COMMAND, at=NOW)[0]
    samples = laboratory.draw_list(group=group, kind="pcr", laboratory="Laboratory", by=COMMAND, at=NOW)
    laboratory.take(sample_list=samples, numbers=[case.number], sampled_at=NOW, by=COMMAND, at=NOW)
    laboratory.record_results(sample_list=samples, results={case.number: "positive"}, by=COMMAND, at=NOW)
    laboratory.record_results(sample_list=samples, results={case.number: "negative"}, by=COMMAND, at=NOW)


def _on_a_list(group):
    """The same person and another one come on a list of an office."""
    text = f"Name;Passport number;Born\n{FORMER};{PASSPORT};04.07.1987\nДигар Шахс;B1112223;01.01.1990\n".encode()
    upload = manifests.stage(
        group=group, mission=group.mission, file=BytesIO(text), name="list.csv", size=len(text),
        within=Migrant.objects.all(), by=COMMAND, at=NOW,
    )  # fmt: skip
    manifests.confirm(upload=upload, decisions={}, within=Migrant.objects.all(), by=COMMAND, at=NOW)


def everything() -> str:
    """Every row of every table, as the owner of the database reads it, and the inside of every sealed value."""
    parts = []
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        tables = owner.execute(
            "select quote_ident(relname) from pg_class c join pg_namespace n on n.oid = relnamespace"
            " where nspname = 'public' and relkind = 'r'"
        ).fetchall()
        for (table,) in tables:
            rows = owner.execute(f"select row_to_json(t)::text from {table} t").fetchall()  # noqa: S608
            parts += [f"{table} {row}" for (row,) in rows]
    for field in sealed_fields():
        for row in field.model._base_manager.filter(**{f"{field.name}__isnull": False}):
            parts.append(f"{field.model._meta.label}.{field.name} {getattr(row, field.name)}")
    return "\n".join(parts)


@pytest.mark.django_db(transaction=True)
def test_after_an_erasure_nothing_in_the_database_names_the_person(erased_one):
    numbers = ReturnCase.objects.filter(person=erased_one).values_list("number", flat=True)
    words = {NAME, LATIN, FORMER, PASSPORT, PHONE, erased_one.number, *numbers}
    before = everything()
    assert {word for word in words if word not in before} == set()
    erasure.erase(people=[erased_one], **WHO)
    left = [line[:200] for line in everything().splitlines() if any(word in line for word in words)]
    assert left == []
    assert Migrant.objects.filter(full_name="Дигар Шахс").exists()
    assert "B1112223" in everything()


@pytest.mark.django_db(transaction=True)
def test_the_chain_of_seals_holds_after_an_erasure(erased_one):
    seals.seal()
    erasure.erase(people=[erased_one], **WHO)
    seals.seal()
    with asking(Audience.command("tests"), steady=True):
        proof = chain.verify()
    assert [str(fault) for fault in proof.faults] == []
    assert proof.emptied.total() > 30
    assert HistoryErasure.objects.count() > 2  # the two records, and the note of a head count that named them


def test_the_figures_stay_and_the_proof_says_what_was_done(erased_one):
    proofs = erasure.erase(people=[erased_one], **WHO)
    proof = next(each for each in proofs if each.person_id == erased_one.pk)
    assert proof.statistics == {
        "sex": "M",
        "age_band": "18–59",
        "nationalities": ["TJK"],
        "way": ["KZ-UZ-01", "KAZ", "UZB"],
    }
    assert proof.counts["migrants.TravelDocument, documents"] == 1
    assert proof.counts["migrants.HealthTest, health"] == 3
    assert proof.digest == erasure.digest_of(erasure.canonical(Erasure.objects.get(pk=proof.pk)))
    assert AuditEntry.objects.filter(verb="person erased").count() == 2
    person = Migrant.objects.get(pk=erased_one.pk)
    assert (person.sex, person.group_id, person.nationalities.get().code) == ("M", erased_one.group_id, "TJK")
    assert person.disclosures.get().valid_until == LATER
    assert not TravelQuestion.objects.exists()
    assert Sample.objects.filter(case__person=person, test=None).exists()


def test_erasing_again_changes_nothing(erased_one):
    erasure.erase(people=[erased_one], **WHO)
    assert erasure.erase(people=[erased_one], **WHO) == []
    assert Erasure.objects.count() == 2  # the record itself, and the one that was merged into it


def test_only_the_kinds_asked_for_are_erased(erased_one):
    erasure.erase(people=[erased_one], kinds=[KeptKind.HEALTH, KeptKind.DOCUMENTS], **WHO)
    person = Migrant.objects.get(pk=erased_one.pk)
    assert (person.full_name, person.tests.count(), person.documents.count()) == (FORMER, 0, 0)
    assert person.holds.exists()
    assert person.screenings.exists()


def test_an_open_case_stops_an_erasure(make_person):
    person = make_person()
    cases.open_cases(people=[person], by=COMMAND, at=NOW)
    with pytest.raises(ErasureError, match=r"is open\. Close it first"):
        erasure.erase(people=[person], **WHO)
    assert Migrant.objects.get(pk=person.pk).full_name == person.full_name


@pytest.mark.parametrize("about", ["person", "group"])
def test_a_legal_hold_stops_an_erasure_until_it_is_lifted(make_person, group, about):
    person = make_person()
    held = person if about == "person" else group
    hold = legal_holds.set_legal_hold(about=held, reason="court 12", by=COMMAND, at=NOW)
    assert legal_holds.set_legal_hold(about=held, reason="again", by=COMMAND, at=NOW) == hold
    with pytest.raises(ErasureError, match="A legal hold stands"):
        erasure.erase(people=[person], **WHO)
    legal_holds.lift_legal_hold(hold=hold, reason="closed", by=COMMAND, at=NOW)
    assert erasure.erase(people=[person], **WHO)


def test_two_people_erase_somebody_on_request(make_person, viewers):
    person, officer, second = make_person(), viewers["data_protection"].actor, viewers["coordinator"].actor
    asked = erasure.ask(person=person, why="she asked", by=officer, at=NOW)
    with pytest.raises(ErasureError, match="asked for already"):
        erasure.ask(person=person, why="again", by=officer, at=NOW)
    with pytest.raises(ErasureError, match="A second person must answer"):
        erasure.confirm(request=asked, by=officer, at=LATER)
    with pytest.raises(IntegrityError, match="erasure_confirmed_by_a_second_person"), transaction.atomic():
        type(asked).objects.filter(pk=asked.pk).update(answered_at=LATER, answered_by=officer)
    assert erasure.confirm(request=asked, by=second, at=LATER)
    assert Migrant.objects.get(pk=person.pk).full_name == "–"


def test_a_refused_request_says_why_and_erases_nothing(make_person, viewers):
    asked = erasure.ask(person=make_person(), why="she asked", by=viewers["data_protection"].actor, at=NOW)
    with pytest.raises(ErasureError, match="Say why it is refused"):
        erasure.refuse(request=asked, answer=" ", by=COMMAND, at=LATER)
    erasure.refuse(request=asked, answer="needed for the reception", by=COMMAND, at=LATER)
    assert not Erasure.objects.exists()


def test_a_frozen_manifest_keeps_its_lines_without_a_name(movement, travellers):
    manifest = freeze(movement=movement, by=COMMAND, at=FROZEN)
    cases.close_cases(cases=list(ReturnCase.objects.all()), why="home", by=COMMAND, at=FROZEN)
    erasure.erase(people=travellers[:1], **WHO | {"at": FROZEN})
    line = ManifestEntry.objects.get(manifest=manifest, person=travellers[0])
    assert (line.full_name, line.number, line.born, line.findings.count()) == ("–", "", "", 0)
    assert line.nationalities == ["TJK"]
    assert manifest.entries.exclude(full_name="–").count() == 5
