"""Raw SQL as each asker, on real rows of two crossings: how many rows of each table behind the wall are there for whom.

The counts are those of the table itself, without any query of ours: what a forgotten filter would show.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction

from accounts import tokens
from common import audit
from common.audience import FIGURES, Audience, announce, asking, reaching_for
from common.models import IdempotencyKey
from corridors.models import BorderCrossing, CorridorVersion, Requirement, Suspension
from migrants import merging, protection
from migrants.models import (
    ChildArrangement,
    Disclosure,
    EarlierClaim,
    Migrant,
    Nationality,
    NextOfKin,
    PersonName,
    PersonPhone,
    Screening,
    TravelGroup,
)
from notifications.acknowledgements import acknowledge, object_to
from notifications.models import CallEntry, Delivery, Notice
from partners.access import viewer_of
from partners.enums import OrganisationKind, Role
from partners.models import Organisation
from returns import cases
from returns.models import (
    Absence,
    Difference,
    GroupWaiver,
    Handover,
    Movement,
    Need,
    Pledge,
    ReceiverAnswer,
    ReceiverWord,
    Reception,
    ReturnCase,
    Waiver,
)
from tests.access.arriving import received
from tests.access.world import BY, make_world, registered
from tests.cast import COMMAND, NOW, make_account
from tests.support.audience import nobody_asks

ASKERS = (
    "nobody", "narrowed", "field", "protection", "programme", "oversight", "administrator", "embassy", "other embassy",
    "ministry", "link", "sign-in", "task",
)  # fmt: skip
CASEWORK = "0 0 A A 0 0 0 0 0 0 0 0 A"
OF_A_PERSON = "0 1 A A 0 0 0 0 0 0 0 0 A"
SHOWN = "0 1 A A 0 0 0 1 0 1 0 0 A"
CLOSED = "0 0 0 A 0 0 0 0 0 0 0 0 A"
EXPECTED = {
    # in the order of ASKERS; “A” stands for all rows
    "migrants_migrant": SHOWN,
    "migrants_nationality": "0 0 A A 0 0 0 1 0 1 0 0 A",
    "migrants_traveldocument": "0 0 A A 0 0 0 1 0 1 0 0 A",
    "migrants_personname": CASEWORK,
    "migrants_personphone": CASEWORK,
    "migrants_nextofkin": CASEWORK,
    "migrants_picture": CASEWORK,
    "migrants_earlierclaim": CASEWORK,
    "migrants_proof": CASEWORK,
    "migrants_consent": CASEWORK,
    "migrants_disclosure": "0 0 A A 0 0 0 1 0 1 0 0 A",
    "migrants_healthtest": CASEWORK,
    "migrants_duplicatepair": CASEWORK,
    "migrants_merge": CASEWORK,
    "migrants_enquiry": "0 0 A A 0 A 0 0 0 0 0 0 A",
    "migrants_protectionhold": CASEWORK,
    "migrants_childarrangement": CASEWORK,
    "migrants_screening": CLOSED,
    "migrants_referral": CLOSED,
    "migrants_headcount": CASEWORK,
    "returns_returncase": OF_A_PERSON,
    "returns_casereadiness": OF_A_PERSON,
    "returns_waiver": CASEWORK,
    "returns_groupwaiver": CASEWORK,
    "returns_seat": CASEWORK,
    "returns_manifestentry": "0 0 A A 0 0 0 1 0 1 0 0 A",
    "returns_sample": CASEWORK,
    "returns_travelquestion": CASEWORK,
    "returns_manifestupload": CASEWORK,
    "returns_manifestrow": CASEWORK,
    "returns_difference": CASEWORK,
    "returns_handover": "0 0 A A 0 0 0 1 0 0 0 0 A",
    "returns_absence": CASEWORK,
    "returns_crewmember": CASEWORK,
    "returns_reception": "0 0 A A 0 0 0 1 0 0 0 0 A",
    "returns_receiverword": "0 0 A A 0 0 0 0 0 1 1 0 A",
    "returns_receiveranswer": "0 0 A A 0 0 0 0 0 1 0 0 A",
    "returns_pledge": "0 0 A A A 0 0 0 0 0 0 0 A",
    "partners_channel": "0 A A A 0 0 A 4 0 4 4 0 A",
    "notifications_delivery": "0 A A A 0 0 0 2 0 2 2 0 A",
    "notifications_acknowledgement": "0 A A A 0 0 0 0 0 1 1 0 A",
    "notifications_letterscan": "0 A A A 0 0 0 0 0 0 0 0 A",
    "notifications_objection": "0 A A A 0 0 0 0 0 1 1 0 A",
    "notifications_callentry": "0 A A A 0 0 0 0 0 0 0 0 A",
    "corridors_approval": "0 A A A A 0 0 0 0 A A 0 A",
    "corridors_suspension": "0 A A A A 0 0 0 0 A A 0 A",
    "accounts_user": "0 1 1 1 1 A A 1 1 1 0 A A",
    "account_emailaddress": "0 1 1 0 0 A A 0 0 0 0 A A",
    "knox_authtoken": "0 1 1 0 0 A A 0 0 0 0 A A",
    "django_session": "0 0 0 0 0 0 0 0 0 0 0 0 A",
    "common_historyrow": "0 0 0 0 0 A 0 0 0 0 0 0 A",
    "common_idempotencykey": "0 1 1 0 0 0 0 0 0 0 0 0 A",
}


@pytest.fixture
def askers(group, crossing, organisations, accounts) -> dict[str, Audience]:
    """Rows in every table behind the wall, a person at a second crossing, and everybody who may ask."""
    make_world(group, crossing, organisations)
    _the_rest(group, accounts[Role.FIELD])
    far = TravelGroup.objects.create(
        code="OY-0929", mission=group.mission, crossing=BorderCrossing.objects.get(code="UZ-TJ-01"), from_country="UZB",
        to_country="TJK", waiting_since=NOW, recorded_at=NOW, by=COMMAND,
    )  # fmt: skip
    cases.open_cases(people=[registered(far, "Озмоиш Дур", 20)], by=BY, at=NOW)
    other = Organisation.objects.create(
        code="uz-emb-kz", kind=OrganisationKind.EMBASSY, country="UZB", name_en="Embassy"
    )
    other.offices.create(name="Embassy", zone="Asia/Almaty")
    field = viewer_of(accounts[Role.FIELD], at=NOW).audience
    liaison = Delivery.objects.filter(notice__organisation__code="kz-border").earliest("pk")
    seats = {
        "protection": Role.PROTECTION, "programme": Role.PROGRAMME, "oversight": Role.DATA_PROTECTION,
        "administrator": Role.ADMINISTRATOR, "embassy": Role.CONSULAR, "ministry": Role.LIAISON,
    }  # fmt: skip
    return {
        "narrowed": replace(field, crossings=("UZ-TJ-01",)),
        "field": field,
        **{name: viewer_of(accounts[role], at=NOW).audience for name, role in seats.items()},
        "other embassy": viewer_of(make_account(Role.CONSULAR, other), at=NOW).audience,
        "link": Audience.link(liaison.public_id, organisation="kz-border", at=NOW.isoformat()),
        "sign-in": Audience.signing_in(),
        "task": Audience.task("a task"),
    }


def _the_rest(group: TravelGroup, account: Any) -> None:
    """What the smallest world has not."""
    person = Migrant.objects.filter(group=group).earliest("pk")
    written: dict[str, Any] = {"mission": group.mission, "by": BY}
    PersonName.objects.create(person=person, full_name="Озмоиш", kind="other", recorded_at=NOW, **written)
    PersonPhone.objects.create(person=person, number="+992950002960", recorded_at=NOW, **written)
    NextOfKin.objects.create(person=person, name="Озмоиш", recorded_at=NOW, **written)
    EarlierClaim.objects.create(
        person=person, mission=group.mission, sex="f", birth_basis="document", recorded_at=NOW, recorded_by=BY,
        replaced_at=NOW, replaced_by=BY,
    )  # fmt: skip
    ChildArrangement.objects.create(
        person=person, best_interests_on=NOW.date(), outcome="o", escort="e", receiver="r", recorded_at=NOW, **written
    )  # fmt: skip
    group.head_counts.create(counted_at=NOW, recorded_at=NOW, total=9, **written)
    border = Organisation.objects.get(code="kz-border")
    Waiver.objects.create(
        requirement=Requirement.objects.earliest("pk"), case=ReturnCase.objects.earliest("pk"), authority=border,
        reference="n", valid_until=NOW, recorded_at=NOW, **written,
    )  # fmt: skip
    GroupWaiver.objects.create(
        requirement=Requirement.objects.earliest("pk"), group=group, authority=border, reference="n", valid_until=NOW,
        recorded_at=NOW, **written,
    )  # fmt: skip
    Pledge.objects.create(
        need=Need.objects.earliest("pk"), donor=border, amount=1, currency="USD", pledged_on=NOW.date(),
        recorded_at=NOW, **written,
    )  # fmt: skip
    arrival = Movement.objects.get(group__code="ZZ-0912")
    handover = received(arrival, Organisation.objects.get(code="tj-emb-uz"))
    shown = Disclosure.objects.get(recipient__code__startswith="tj-emb")
    Reception.objects.create(handover=handover, person=shown.person, disclosure=shown, state="present", **written)
    theirs = Disclosure.objects.get(recipient=border)
    word = ReceiverWord.objects.create(
        movement=arrival, receiver=border, name="N", function="F", received_at=NOW, recorded_at=NOW, shown_until=NOW,
        **written,
    )  # fmt: skip
    ReceiverAnswer.objects.create(word=word, person=theirs.person, disclosure=theirs, state="present", **written)
    movement = Movement.objects.get(group=group)
    said = Difference.objects.get()
    Absence.objects.create(movement=movement, difference=said, person=person, recorded_at=NOW, **written)
    Suspension.objects.create(
        version=CorridorVersion.objects.filter(approvals__isnull=False).earliest("pk"), reason="snow", suspended_at=NOW,
        suspended_by=BY,
    )  # fmt: skip
    notice = Notice.objects.filter(organisation__code="kz-border").earliest("pk")
    object_to(notice=notice, text="not so", by=BY, at=NOW)
    acknowledge(notice=notice, name="N", function="F", answered_by="phone", by=BY, at=NOW)
    CallEntry.objects.create(organisation=notice.organisation, at=NOW, number="+7", outcome="reached", by=BY)
    EmailAddress.objects.create(user=account, email=account.email)
    tokens.issue(user=account, days=1, name="a program", scopes=tokens.SCOPES, by=BY, at=NOW)
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=NOW + timedelta(days=9999))
    IdempotencyKey.objects.create(actor=str(account.public_id), key="k", digest="d", status=201, used_at=NOW)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")  # noqa: S608  # a name of ours
        return int(cursor.fetchone()[0])


def test_each_asker_finds_the_rows_that_are_theirs_and_no_other(askers):
    everything = {table: count(table) for table in EXPECTED}
    assert [table for table, there in everything.items() if not there] == []
    found: dict[str, list[str]] = {table: [] for table in EXPECTED}
    for name in ASKERS:
        with nobody_asks(), transaction.atomic():
            if name == "nobody":
                seen = {table: count(table) for table in EXPECTED}
            else:
                with asking(askers[name]):
                    seen = {table: count(table) for table in EXPECTED}
        for table, there in seen.items():
            found[table].append("A" if there == everything[table] and there > 1 else str(there))
    wanted = {table: [_plain(one, everything[table]) for one in line.split()] for table, line in EXPECTED.items()}
    wrong = [f"{table}: {' '.join(found[table])}" for table, line in wanted.items() if line != found[table]]
    assert "\n".join(wrong) == ""


def _plain(one: str, there: int) -> str:
    """“A” stands for all; of a table with one row that is the same as 1."""
    return "1" if one == "A" and there == 1 else one


def run(statement: str) -> int:
    """How many rows a statement changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


FAR = "group_id in (select id from migrants_travelgroup where code like 'ZZ%')"
OTHERS = "organisation_id not in (select id from partners_organisation where code = 'kz-border')"

NOTICES = f"select id from notifications_notice where {OTHERS}"  # noqa: S608  # words of ours


@pytest.mark.parametrize(
    ("asker", "statement"),
    [
        ("narrowed", f"update migrants_migrant set full_name = 'x' where {FAR}"),  # noqa: S608
        ("narrowed", "delete from migrants_healthtest"),
        ("field", "update migrants_protectionhold set cleared_at = now()"),
        ("field", "delete from migrants_screening"),
        ("programme", "update migrants_migrant set full_name = 'x'"),
        ("programme", "delete from partners_channel"),
        ("administrator", "delete from migrants_migrant"),
        ("administrator", "update returns_returncase set closed_at = now()"),
        ("oversight", "delete from migrants_consent"),
        ("embassy", "update migrants_migrant set full_name = 'x'"),
        ("embassy", "update migrants_disclosure set valid_until = null"),
        ("embassy", "delete from returns_reception"),
        ("other embassy", "delete from migrants_disclosure"),
        ("ministry", f"update corridors_approval set state = 'approved' where {OTHERS}"),  # noqa: S608
        ("link", f"update notifications_acknowledgement set name = 'x' where notice_id in ({NOTICES})"),  # noqa: S608
        ("sign-in", "delete from migrants_migrant"),
    ],
)
def test_what_is_not_theirs_nobody_changes(askers, asker, statement):
    with nobody_asks(), asking(askers[asker]):
        assert run(statement) == 0


@pytest.mark.parametrize(
    ("asker", "added"),
    [
        ("narrowed", Nationality),
        ("administrator", Nationality),
        ("embassy", Nationality),
        ("field", Screening),
        ("embassy", Reception),
        ("nobody", Nationality),
    ],
)
def test_nobody_adds_to_what_is_not_theirs(askers, asker, added):
    hidden = Migrant.objects.filter(group__code="ZZ-0929").earliest("pk")
    written: dict[str, Any] = {"person": hidden, "mission": hidden.mission, "by": BY}
    rows = {
        Nationality: lambda: Nationality(code="KGZ", recorded_at=NOW, **written),
        Screening: lambda: Screening(stage="before", screened_at=NOW, needs="", recorded_at=NOW, **written),
        Reception: lambda: Reception(
            handover=Handover.objects.get(),
            disclosure=Disclosure.objects.get(recipient__code__startswith="tj-emb"),
            state="present",
            **written,
        ),
    }
    row = rows[added]()
    with nobody_asks(), transaction.atomic():
        if asker != "nobody":
            announce(askers[asker])
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            row.save(force_insert=True)


def test_a_hold_takes_a_person_from_the_embassy_at_once(askers):
    shown = Disclosure.objects.get(recipient__code__startswith="tj-emb")
    protection.set_hold(person=shown.person, reason="asked for it", against=["TJK"], by=BY, at=NOW)
    Disclosure.objects.update(valid_until=None)  # as if somebody had forgotten to end it
    with asking(askers["embassy"]):
        assert [count(table) for table in ("migrants_migrant", "migrants_disclosure", "returns_manifestentry")] == [
            0,
            0,
            0,
        ]


def test_of_somebody_who_is_shown_to_two_each_reads_and_writes_its_own_answer_alone(askers):
    embassys = Disclosure.objects.get(recipient__code__startswith="tj-emb")
    said = ReceiverWord.objects.get()
    ReceiverAnswer.objects.update(person=embassys.person)
    Disclosure.objects.filter(recipient__code="kz-border").update(person=embassys.person)
    with asking(askers["ministry"]):
        assert [count(table) for table in ("migrants_migrant", "returns_reception", "returns_receiveranswer")] == [
            1,
            0,
            1,
        ]
        stolen = ReceiverAnswer(
            word=said, mission=said.mission, person=embassys.person, disclosure=embassys, state="absent", by=BY
        )
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            stolen.save(force_insert=True)
    with asking(askers["embassy"]):
        assert [count(table) for table in ("migrants_migrant", "returns_reception", "returns_receiveranswer")] == [
            1,
            1,
            0,
        ]


def test_a_disclosure_shows_while_it_lives_by_the_clock_of_the_face(askers):
    Disclosure.objects.update(valid_until=NOW + timedelta(hours=1))
    for hours, there in ((-1, 0), (0, 1), (1, 0)):
        with asking(replace(askers["embassy"], at=(NOW + timedelta(hours=hours)).isoformat())):
            assert count("migrants_migrant") == there


def test_figures_are_counted_of_everybody_and_written_of_nobody(askers):
    with asking(askers["programme"]), reaching_for(FIGURES):
        assert count("migrants_migrant") > 1
        assert count("migrants_screening") == 0
        assert run("update migrants_migrant set full_name = 'x'") == 0
    with nobody_asks(), transaction.atomic(), reaching_for(FIGURES):
        assert count("migrants_migrant") == 0
    with nobody_asks(), transaction.atomic(), reaching_for("merge"):
        assert count("migrants_migrant") == 0


def test_a_merge_takes_the_closed_room_with_it_whoever_merges(askers):
    screened = Screening.objects.get()
    group = screened.person.group
    assert group is not None
    other = registered(group, "Озмоиш Одами", 1)
    with asking(askers["field"]):
        merging.merge(kept=other, absorbed=screened.person, by=BY, at=NOW)
        assert count("migrants_screening") == 0
    assert Screening.objects.get().person == other


def test_a_case_opened_in_an_emergency_is_reached_and_no_other(askers):
    near = Migrant.objects.filter(group__code="ZZ-0929").earliest("pk")
    with asking(replace(askers["narrowed"], glass=(f"person:{near.public_id}",))):
        assert set(Migrant.objects.filter(group__code="ZZ-0929")) == {near}
        assert count("migrants_screening") == 0


@pytest.mark.django_db(transaction=True)
def test_acts_and_looks_are_read_back_by_oversight_alone(organisations):
    field = Audience("staff", "a", scopes=("cases", "directory"))
    with nobody_asks():
        with asking(field):
            audit.record("something done", organisations["iom-kz"], by=BY, at=NOW)
            assert count("common_auditentry") == 1, "an insert may give its own row back"
        with asking(field):
            assert (count("common_auditentry"), count("common_historyrow")) == (0, 0)
        with asking(Audience("staff", "b", scopes=("oversight",))):
            assert count("common_auditentry") == 1
