"""Whose casework a row is, the database itself keeps; and a reach of several narrow parts is no wider than they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from common.audience import Audience, asking
from corridors.models import BorderCrossing
from migrants import protection
from migrants.models import Disclosure, Migrant, Nationality, TravelGroup
from partners.access import viewer_of
from partners.enums import Role
from partners.models import Membership, Office
from returns import cases
from returns.models import CaseReadiness, ReturnCase
from tests.access.world import BY, make_world, registered
from tests.cast import COMMAND, NOW, make_account

NEAR, FAR = "KZ-UZ-01", "UZ-TJ-01"
TABLES = ("migrants_migrant", "migrants_nationality", "returns_returncase", "returns_casereadiness")


def group_at(crossing: str, mission: Office, code: str) -> TravelGroup:
    place, _made = BorderCrossing.objects.get_or_create(code=crossing, defaults={"modes": ["road"]})
    return TravelGroup.objects.create(
        code=code, mission=mission, crossing=place, from_country="KAZ", to_country="UZB",
        waiting_since=NOW, recorded_at=NOW, by=COMMAND,
    )  # fmt: skip


@pytest.fixture
def missions(organisations) -> tuple[Office, Office]:
    return organisations["iom-kz"].offices.get(is_mission=True), organisations["iom-uz"].offices.get(is_mission=True)


@pytest.fixture
def people(crossing, missions) -> dict[str, Migrant]:
    """One person with a case in each pair of mission and crossing."""
    found = {}
    for mission, who in zip(missions, ("kz", "uz"), strict=True):
        for crossing_code in (NEAR, FAR):
            person = registered(group_at(crossing_code, mission, f"{who}-{crossing_code}"), "Озмоиш Одам", 20)
            Nationality.objects.create(person=person, mission=mission, code="UZB", recorded_at=NOW, by=BY)
            cases.open_cases(people=[person], by=BY, at=NOW)
            CaseReadiness.objects.get_or_create(
                case=ReturnCase.objects.get(person=person),
                defaults={"verdict": "unknown", "worst": "unknown", "judged_at": NOW},
            )
            found[f"{who} {crossing_code}"] = person
    return found


@pytest.fixture
def field(accounts) -> Audience:
    return viewer_of(accounts[Role.FIELD], at=NOW).audience


def seen_by(audience: Audience, people: dict[str, Migrant]) -> set[str]:
    """Who is there for raw SQL; each table below a person must say the same."""
    keys = {person.pk: name for name, person in people.items()}
    column = {
        "migrants_migrant": "id",
        "returns_casereadiness": "(select person_id from returns_returncase where id = case_id)",
    }
    found = []
    with asking(audience), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"select distinct {column.get(table, 'person_id')} from {table}")  # noqa: S608  # names of ours
            found.append({keys[key] for (key,) in cursor.fetchall() if key in keys})
    assert all(each == found[0] for each in found), dict(zip(TABLES, found, strict=True))
    return found[0]


def run(statement: str, *values: int | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_person_who_joins_another_group_is_reached_there_and_no_longer_here(people, field):
    near = replace(field, crossings=(NEAR,))
    assert seen_by(near, people) == {f"kz {NEAR}", f"uz {NEAR}"}
    Migrant.objects.filter(pk=people[f"kz {FAR}"].pk).update(group=people[f"uz {NEAR}"].group)
    Migrant.objects.filter(pk=people[f"kz {NEAR}"].pk).update(group=None)
    assert seen_by(near, people) == {f"uz {NEAR}", f"kz {FAR}"}


def test_a_group_that_goes_to_another_crossing_takes_everybody_along(people, field):
    group = people[f"kz {NEAR}"].group
    assert group is not None
    TravelGroup.objects.filter(pk=group.pk).update(crossing=BorderCrossing.objects.get(code=FAR))
    assert seen_by(replace(field, crossings=(NEAR,)), people) == {f"uz {NEAR}"}
    assert seen_by(replace(field, crossings=(FAR,)), people) == set(people) - {f"uz {NEAR}"}


def test_nothing_that_is_entered_says_whose_casework_a_row_is(people, field):
    wanted = people[f"kz {FAR}"].caseload
    near = replace(field, crossings=(NEAR,))
    with asking(near):
        run("update migrants_migrant set caseload = %s", wanted)
        run("update returns_returncase set caseload = %s", wanted)
    people[f"kz {NEAR}"].save()  # with what this object read, which is nothing
    assert seen_by(near, people) == {f"kz {NEAR}", f"uz {NEAR}"}


def test_whose_casework_it_is_leaves_no_row_of_history(people):
    before = _history()
    group = people[f"kz {NEAR}"].group
    assert group is not None
    TravelGroup.objects.filter(pk=group.pk).update(crossing=BorderCrossing.objects.get(code=FAR))
    assert {table: rows - before.get(table, 0) for table, rows in _history().items() if rows != before.get(table)} == {
        "migrants_travelgroup": 1
    }


def _history() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("select table_name, count(*) from common_historyrow group by 1")
        return dict(cursor.fetchall())


@pytest.mark.parametrize(
    ("memberships", "reached"),
    [
        # (mission only, crossings) of two memberships: whom they reach together
        ([(True, [NEAR]), (True, [FAR])], {f"kz {NEAR}", f"uz {FAR}"}),
        ([(True, []), (False, [FAR])], {f"kz {NEAR}", f"kz {FAR}", f"uz {FAR}"}),
        ([(True, []), (True, [])], {f"kz {NEAR}", f"kz {FAR}", f"uz {NEAR}", f"uz {FAR}"}),
        ([(True, [NEAR]), (True, [NEAR])], {f"kz {NEAR}", f"uz {NEAR}"}),
        ([(False, [NEAR]), (True, [FAR])], {f"kz {NEAR}", f"uz {NEAR}", f"uz {FAR}"}),
        ([(True, [NEAR]), (False, [])], {f"kz {NEAR}", f"kz {FAR}", f"uz {NEAR}", f"uz {FAR}"}),
    ],
)
def test_two_narrow_memberships_reach_what_each_reaches_and_nothing_that_only_both_together_name(
    people, missions, organisations, memberships, reached
):
    user = make_account(Role.FIELD, organisations["iom-kz"])
    Membership.objects.filter(user=user).delete()
    for mission, (own, crossings) in zip(missions, memberships, strict=True):
        Membership.objects.create(
            user=user, office=mission, role=Role.FIELD, valid_from=NOW - timedelta(days=1), own_mission_only=own,
            crossings=crossings,
        )  # fmt: skip
    viewer = viewer_of(user, at=NOW)
    on_pages = set(Migrant.objects.visible_to(viewer).filter(pk__in=[person.pk for person in people.values()]))
    assert {name for name, person in people.items() if person in on_pages} == reached
    assert seen_by(viewer.audience, people) == reached


def test_whom_an_embassy_was_shown_a_moment_ago_it_sees_no_more_under_a_hold(group, crossing, organisations, accounts):
    make_world(group, crossing, organisations)
    embassy = viewer_of(accounts[Role.CONSULAR], at=NOW).audience
    with asking(embassy):
        shown = Migrant.objects.get()
    protection.set_hold(person=shown, reason="asked for it", against=["TJK"], by=BY, at=NOW)
    Disclosure.objects.update(valid_until=None)  # as if somebody had forgotten to end it
    with asking(embassy):
        assert not Migrant.objects.exists()


def test_a_country_given_to_an_embassy_counts_from_then_on(group, crossing, organisations, accounts):
    make_world(group, crossing, organisations)
    other = viewer_of(accounts[Role.CONSULAR], at=NOW).audience
    Disclosure.objects.update(purpose="reception")
    with asking(other):
        shown = Migrant.objects.get()
    protection.set_hold(person=shown, reason="asked for it", against=["UZB"], by=BY, at=NOW)
    Disclosure.objects.update(valid_until=None)
    with asking(other):
        assert Migrant.objects.exists()
    organisation = Disclosure.objects.get(recipient__code__startswith="tj-emb").recipient
    organisation.country = "UZB"
    organisation.save()
    with asking(other):
        assert not Migrant.objects.exists()


def test_a_crossing_that_is_new_is_reached_by_whoever_is_narrowed_to_it(people, missions, field):
    audience = replace(field, crossings=("KZ-UZ-NEW",))
    assert seen_by(audience, people) == set()
    place = BorderCrossing.objects.get(code=NEAR)
    place.code = "KZ-UZ-NEW"
    place.save()
    assert seen_by(audience, people) == {f"kz {NEAR}", f"uz {NEAR}"}
