"""The fixed cast of the tests: institutions, desks, accounts of each role, one crossing, one moment. All invented."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from accounts.sign_ins import FACTOR
from common.actors import Actor
from corridors.models import BorderCrossing, CrossingSide
from migrants.models import TravelGroup
from partners.access import viewer_of
from partners.enums import ChannelKind, OrganisationKind, Role
from partners.models import Channel, Contact, Interest, Membership, Office, Organisation

NOW = datetime(2020, 10, 1, 3, 0, tzinfo=UTC)
"""1 October 2020, 09:00 in Almaty (UTC+6 then), 08:00 in Tashkent."""
LONG_AGO = NOW - timedelta(days=400)
COMMAND = Actor.command("tests")

INSTITUTIONS = {
    # code: (kind, country, name, language, serves the halt, zone)
    "iom-uz": (OrganisationKind.IOM, "", "IOM Uzbekistan", "en", True, "Asia/Tashkent"),
    "iom-kz": (OrganisationKind.IOM, "", "IOM Kazakhstan", "en", True, "Asia/Almaty"),
    "kz-border": (OrganisationKind.BORDER, "KAZ", "Border Service of Kazakhstan", "ru", True, "Asia/Almaty"),
    "uz-border": (OrganisationKind.BORDER, "UZB", "Border Troops of Uzbekistan", "uz", False, "Asia/Tashkent"),
    "tj-emb-uz": (OrganisationKind.EMBASSY, "TJK", "Embassy of Tajikistan in Uzbekistan", "tg", False, "Asia/Tashkent"),
}
TOLD = ("iom-kz", "kz-border", "tj-emb-uz")
"""Who has a standing interest in the crossing; the authority that demands and the mission that publishes have none."""

SEATS = {
    # role: organisation served
    Role.FIELD: "iom-kz",
    Role.COORDINATOR: "iom-uz",
    Role.PROTECTION: "iom-kz",
    Role.CONSULAR: "tj-emb-uz",
    Role.LIAISON: "kz-border",
    Role.PROGRAMME: "iom-uz",
    Role.DATA_PROTECTION: "iom-uz",
    Role.ADMINISTRATOR: "iom-uz",
}


def make_organisations(*codes: str) -> dict[str, Organisation]:
    """Institutions by code, each with one office, a duty desk and a deputy, each with e-mail and phone."""
    made = Organisation.objects.bulk_create(_organisation(code) for code in codes)
    offices = Office.objects.bulk_create(_office(organisation) for organisation in made)
    contacts = Contact.objects.bulk_create(
        Contact(office=office, function=function, language=INSTITUTIONS[office.organisation.code][3], rank=rank)
        for office in offices
        for rank, function in enumerate(("duty desk", "deputy"), start=1)
    )
    Channel.objects.bulk_create(channel for contact in contacts for channel in _channels(contact))
    Interest.objects.bulk_create(
        Interest(organisation=each, subject="crossing:KZ-UZ-01", serves_halt=INSTITUTIONS[each.code][4])
        for each in made
        if each.code in TOLD
    )
    return {organisation.code: organisation for organisation in made}


def _organisation(code: str) -> Organisation:
    kind, country, name, *_ = INSTITUTIONS[code]
    return Organisation(code=code, kind=kind, country=country, name_en=name)


def _office(organisation: Organisation) -> Office:
    kind, _, name, *_, zone = INSTITUTIONS[organisation.code]
    return Office(organisation=organisation, name=name, zone=zone, is_mission=kind == OrganisationKind.IOM)


def _channels(contact: Contact) -> list[Channel]:
    mail = f"{contact.function.replace(' ', '-')}@{contact.office.organisation.code}.example"
    return [
        Channel(contact=contact, kind=ChannelKind.EMAIL, email=mail, rank=1),
        Channel(contact=contact, kind=ChannelKind.PHONE, phone=f"+7701000010{contact.rank}", rank=2),
    ]


def make_organisation(code: str) -> Organisation:
    """One of them."""
    return make_organisations(code)[code]


def make_account(role: str, organisation: Organisation, *, email: str = "") -> User:
    """An account that holds `role` at the first office of `organisation`."""
    (user,) = make_accounts((role, organisation, email))
    return user


def make_accounts(*seats: tuple[str, Organisation, str]) -> list[User]:
    """An account for each role, organisation and address ("" for one made of both)."""
    places = Office.objects.filter(organisation__in=[organisation for _, organisation, _ in seats]).order_by("-pk")
    offices = {office.organisation_id: office for office in places}
    users = User.objects.bulk_create(
        User(
            email=email or f"{role}@{organisation.code}.example",
            printed_name=f"{role} of {organisation.code}",
            joined_at=LONG_AGO,
            must_use_second_factor=True,
        )
        for role, organisation, email in seats
    )
    Membership.objects.bulk_create(
        Membership(user=user, office=offices[seat[1].pk], role=seat[0], valid_from=LONG_AGO)
        for user, seat in zip(users, seats, strict=True)
    )
    return users


@pytest.fixture
def organisations(db) -> dict[str, Organisation]:
    """Institutions by code."""
    return make_organisations(*INSTITUTIONS)


@pytest.fixture
def accounts(organisations) -> dict[str, User]:
    """One account for each role."""
    users = make_accounts(*((role, organisations[code], "") for role, code in SEATS.items()))
    return dict(zip(SEATS, users, strict=True))


@pytest.fixture
def viewers(accounts):
    """The viewer of each role's account at NOW."""
    return {role: viewer_of(user, at=NOW) for role, user in accounts.items()}


def sign_in_as(user: User, client: Client | None = None) -> Client:
    """A client that is signed in as `user`, as after password and second factor."""
    client = client or Client()
    client.force_login(user)
    session = client.session
    session[FACTOR] = "totp"
    session.save()
    return client


@pytest.fixture
def sign_in(accounts):
    """`sign_in(role)` gives a browser-like client of that role's account; `sign_in(None)` one of a stranger."""

    def signed_in(role: str | None) -> Client:
        return Client() if role is None else sign_in_as(accounts[role])

    return signed_in


@pytest.fixture
def crossing(db) -> BorderCrossing:
    """Zhibek Zholy → G‘ishtko‘prik."""
    place = BorderCrossing.objects.create(code="KZ-UZ-01", modes=["road", "pedestrian"], aliases=["Chernyaevka"])
    CrossingSide.objects.create(
        crossing=place, country="KAZ", name_latin="Zhibek Zholy", name_local="Жібек жолы", name_ru="Жибек Жолы",
        zone="Asia/Almaty", rank=1,
    )  # fmt: skip
    CrossingSide.objects.create(
        crossing=place, country="UZB", name_latin="G‘ishtko‘prik", name_local="Ғишткўприк", name_ru="Гишт-Куприк",
        zone="Asia/Tashkent", rank=2,
    )  # fmt: skip
    return place


OYBEK = ("UZ-TJ-01", ("UZB", "Oybek", "Asia/Tashkent"), ("TJK", "Fotehobod", "Asia/Dushanbe"))
PANJ = ("TJ-AF-01", ("TJK", "Panji Poyon", "Asia/Dushanbe"), ("AFG", "Sher Khan Bandar", "Asia/Kabul"))
"""The crossings by which one leaves Uzbekistan, then Tajikistan, for `make_crossing`."""


def make_crossing(code: str, *sides: tuple[str, str, str]) -> BorderCrossing:
    """A crossing by road; each of its sides is country, name and zone, in the order in which one comes through them."""
    place = BorderCrossing.objects.create(code=code, modes=["road"])
    for rank, (country, name, zone) in enumerate(sides, start=1):
        CrossingSide.objects.create(crossing=place, country=country, name_latin=name, zone=zone, rank=rank)
    return place


@pytest.fixture
def group(crossing, organisations) -> TravelGroup:
    """A group that has waited two days at Zhibek Zholy, of the mission in Kazakhstan."""
    return TravelGroup.objects.create(
        code="ZZ-0929", mission=organisations["iom-kz"].offices.get(), crossing=crossing, from_country="KAZ",
        to_country="UZB", waiting_since=NOW - timedelta(days=2), recorded_at=NOW - timedelta(days=2), by=COMMAND,
    )  # fmt: skip
