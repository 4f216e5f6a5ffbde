"""No page asks the database once for each row: with more of everything it asks no oftener than before."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from corridors import requirements
from corridors.models import Approval, BorderCrossing, CorridorVersion, TransitCorridor
from migrants import identity
from migrants.consents import record_consent
from migrants.documents import record_document
from migrants.entries import DocumentEntry
from migrants.models import Family, HeadCount, HealthTest, Migrant, Nationality, Relation, TravelGroup
from migrants.protection import set_hold
from notifications.alerts import Told
from notifications.models import Alert, Notice
from partners.enums import OrganisationKind, Role
from partners.models import Channel, Contact, Office, Organisation
from returns import cases, funding
from returns.models import Checkpoint, Manifest, Movement, Need, Seat, Vehicle
from tests.access.arriving import arriving, on_board
from tests.access.matrix import MATRIX
from tests.access.test_matrix import address_of
from tests.access.world import BY, a_list, make_world, registered
from tests.cast import NOW, make_crossing

pytestmark = pytest.mark.django_db
CACHED = 2
"""So many queries may come anew on any page, when what the house keeps for some seconds runs out between two looks."""
CONTENT = {"rule": {"test": {"kinds": ["rapid"], "max_age_hours": 24}}}


def more_of_everything(group: TravelGroup, organisations: dict[str, Organisation], numbers: range) -> None:
    """Another one, for each of `numbers`, of each thing that a page lists, beside and below what the world has."""
    for number in numbers:
        _kin(group, number)
        family = Family.objects.create(group=group, code=f"M{number}")
        person = registered(group, f"Дигар Одам {number}", 3)
        Migrant.objects.filter(pk=person.pk).update(family=family)
        _papers(person)
        a_list(group, f"more-{number}.csv", "Name\n" + "Озмоиш Дуюм\n" * (number + 1))
        place = _crossing(number)
        _change(place, _organisation(number), organisations)
        other = TravelGroup.objects.create(
            code=f"YY-{number:04}", mission=group.mission, crossing=place, from_country="KAZ", to_country="UZB",
            waiting_since=NOW, recorded_at=NOW, by=BY,
        )  # fmt: skip
        registered(other, f"Шахси Дур {number}", 4)
        for counted in (group, other):
            HeadCount.objects.create(
                group=counted, mission=group.mission, counted_at=NOW, recorded_at=NOW, total=60 + number, by=BY
            )
            funding.ask(
                group=counted, kind="water", quantity=number + 1, unit_price=Decimal(1), currency="USD", by=BY, at=NOW
            )
        funding.pledge(
            need=Need.objects.earliest("pk"), donor=organisations["iom-uz"], amount=Decimal(1), currency="USD",
            pledged_on=NOW.date(), correspondence="", by=BY, at=NOW,
        )  # fmt: skip
    people = [registered(group, "Озмоиш Одам", 1) for _ in numbers]
    identity.offer_pairs(people=people, within=Migrant.objects.all(), by=BY, at=NOW)
    cases.open_cases(people=Migrant.objects.filter(merged_into=None), by=BY, at=NOW)


def more_on_the_way(world: dict[str, Any], organisations: dict[str, Organisation], numbers: range) -> None:
    """Another bus with a passenger and a count, a passenger who arrives, a journey and an approval for each of `numbers`."""
    embassy, corridor = organisations["tj-emb-uz"], TransitCorridor.objects.get(**world["corridor"])
    leaving = Movement.objects.get(public_id=world["movement"])
    arrived = Manifest.objects.select_related("movement__group").get(movement__public_id=world["arrival"])
    bus = arrived.movement.vehicles.get()
    for number in numbers:
        on_board(arrived.movement.group, arrived, bus, embassy)
        arriving(leaving.group, corridor, embassy, code=f"XX-{number:04}")
        added = Vehicle.objects.create(movement=leaving, label=f"More {number}", seats=9, rank=number + 2)
        passenger = registered(leaving.group, f"Мусофири Дигар {number}", 5)
        Seat.objects.create(movement=leaving, vehicle=added, person=passenger, mission=leaving.mission)
        Checkpoint.objects.create(
            movement=leaving, vehicle=added, kind="boarded", heads=2, expected=1, counted_at=NOW, recorded_at=NOW,
            mission=leaving.mission, by=BY,
        )  # fmt: skip
        party = Organisation.objects.get(code=f"kz-more-{number}")
        for version in CorridorVersion.objects.filter(corridor=corridor, approvals__isnull=False).distinct():
            Approval.objects.create(
                version=version, organisation=party, asked_at=NOW, asked_by=BY, answer_by=NOW + timedelta(hours=1)
            )


def _kin(group: TravelGroup, number: int) -> None:
    """Another child of the mother whose family the world shows."""
    mother = Migrant.objects.filter(relations__isnull=False).earliest("pk")
    child = registered(group, f"Тифли Дигар {number}", 12)
    Migrant.objects.filter(pk=child.pk).update(family=mother.family)
    Relation.objects.create(
        person=mother, other=child, kind="parent", basis="self", mission=group.mission, recorded_at=NOW, by=BY
    )


def _papers(person: Migrant) -> None:
    first = Migrant.objects.earliest("pk")
    for owner in (person, first):
        common: dict[str, Any] = {"person": owner, "mission": owner.mission, "recorded_at": NOW, "by": BY}
        record_document(person=owner, document=DocumentEntry(kind="passport"), by=BY, at=NOW)
        record_consent(people=[owner], purpose="return", answer="no", how="oral", language="tg", by=BY, at=NOW)
        set_hold(person=owner, reason="asked for it", against=["TJK"], by=BY, at=NOW)
        HealthTest.objects.create(kind="pcr", result="negative", sampled_at=NOW, **common)
    Nationality.objects.create(person=person, mission=person.mission, code="TJK", recorded_at=NOW, by=BY)


def _crossing(number: int) -> BorderCrossing:
    sides = ("KAZ", "Elsewhere", "Asia/Almaty"), ("UZB", "Elsewhere", "Asia/Tashkent")
    return make_crossing(f"KZ-UZ-9{number}", *sides)


def _organisation(number: int) -> Organisation:
    organisation = Organisation.objects.create(
        code=f"kz-more-{number}", kind=OrganisationKind.BORDER, country="KAZ", name_en=f"More {number}"
    )
    office = Office.objects.create(organisation=organisation, name="Office", zone="Asia/Almaty")
    contact = Contact.objects.create(office=office, function="duty desk", language="ru", rank=1)
    Channel.objects.create(contact=contact, kind="email", email=f"desk@more-{number}.example")
    return organisation


def _change(place: BorderCrossing, told: Organisation, organisations: dict[str, Organisation]) -> None:
    draft = requirements.draft(
        requirement_line=(place, "KAZ", "UZB", "health_test"), content=CONTENT, certainty="reported",
        source_tier="oral_post", source_text="by word of mouth", authority=organisations["uz-border"],
        applies_from=NOW, by=BY, at=NOW,
    )  # fmt: skip
    requirements.publish(draft=draft, told=[Told(told), Told(organisations["kz-border"])], by=BY, at=NOW)
    Notice.objects.create(alert=Alert.objects.earliest("pk"), organisation=told, owed_since=NOW)


def test_no_page_asks_once_for_each_row(sign_in, group, crossing, organisations):
    world = make_world(group, crossing, organisations)
    clients = {role: sign_in(role) for role in (Role.COORDINATOR, Role.PROTECTION, Role.LIAISON, Role.CONSULAR)}
    opened = {
        name: (clients[role], address_of(name, row, world))
        for name, row in MATRIX.items()
        for role in clients
        if not row.acts and isinstance(row.who, frozenset) and role in row.who
    }
    more_of_everything(group, organisations, range(1))
    more_on_the_way(world, organisations, range(1))
    before = {name: queries(*page) for name, page in opened.items()}
    more_of_everything(group, organisations, range(1, 6))
    more_on_the_way(world, organisations, range(1, 6))
    counted: dict[str, list[str]] = {}
    after = {name: queries(*page, counts=counted.setdefault(name, [])) for name, page in opened.items()}
    grown = {name: (before[name], count) for name, count in after.items() if count > before[name] + CACHED}
    assert grown == {}
    assert {name: counts for name, counts in counted.items() if counts} == {}, "these count everything there is"


LARGE = re.compile(
    r'^select count\(\*\)[^(]* from "(migrants_migrant|returns_returncase|returns_casereadiness|common_\w+)"', re.I
)
NARROWED = re.compile(r'"(id|group_id|person_id|case_id|upload_id|movement_id|subject|public_id)" (=|in)', re.I)
"""To one group, one person, one list: what such a count reads does not grow with the archive."""


def queries(client, address, counts=None):
    """How many questions a page asks; exact counts over a whole table are added to `counts`."""
    reset_queries()  # the connection remembers only so many, and here are many pages
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    if counts is not None:
        said = [query["sql"] for query in caught.captured_queries]
        counts += [sql for sql in said if LARGE.match(sql) and " LIMIT " not in sql and not NARROWED.search(sql)]
    return len(caught)
