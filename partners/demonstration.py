"""What only a demonstration has: duty desks with reserved addresses, and one account for each role. No person is real.

E-mail addresses end in `.example`, which RFC 2606 reserves: no such mail can reach anybody. Telephone numbers are those
that Ofcom keeps free for drama in London, +44 20 7946 0000 to 0999: nobody owns one, and `phonenumbers` takes them as
possible. No country of Central Asia reserves such numbers, and an invented one there might ring at somebody's home.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import override

from accounts import second_factor
from accounts.models import User
from common import audit
from common.actors import Actor
from partners.enums import ChannelKind, Role
from partners.memberships import grant
from partners.models import Channel, Contact, Interest, Office, Organisation

CROSSING = "crossing:KZ-UZ-01"
PASSWORD = "demonstration only, not a secret"  # noqa: S105  # nosec B105  # printed by bin/run; the data is invented

DESKS: dict[str, tuple[str, str, str]] = {
    # organisation: (language, first desk, second desk); the order numbers the telephones
    "kz-border": ("ru", "Дежурный поста Жибек Жолы", "Оперативный дежурный, Астана"),
    "kz-mfa": ("ru", "Консульский департамент, дежурный", "Департамент стран СНГ"),
    "tj-emb-kz": ("tg", "Навбатдори шуъбаи консулӣ", "Котиби якум"),
    "tj-emb-uz": ("tg", "Навбатдори шуъбаи консулӣ", "Котиби якум"),
    "tj-mfa": ("tg", "Раёсати консулӣ, навбатдор", "Маркази вазъият"),
    "iom-kz": ("en", "Field team, Zhibek Zholy", "Emergency coordinator, Almaty"),
    "iom-tj": ("en", "Khujand office, duty officer", "Operations, Dushanbe"),
    "kz-ngo-sana": ("ru", "Правовой центр, дежурный", "Руководитель центра"),
    "tj-sughd": ("tg", "Ситоди минтақавӣ, навбатдор", "Раёсати муҳоҷират"),
    "iom-uz": ("en", "Duty officer, Tashkent", "Operations, Tashkent"),
    "iom-ro": ("en", "Emergency desk", "Regional operations"),
    "uz-mfa": ("uz", "Konsullik departamenti navbatchisi", "MDH mamlakatlari boshqarmasi"),
    "uz-border": ("uz", "G‘ishtko‘prik posti navbatchisi", "Tezkor navbatchi, Toshkent"),
    "uz-san": ("ru", "Дежурный эпидемиолог", "Отдел санитарной охраны границы"),
    "uz-mvd": ("ru", "Дежурная часть ДПС", "Отдел сопровождения"),
    "uz-commission": ("uz", "Komissiya kotibiyati", "Shtab navbatchisi"),
    "kz-akimat": ("ru", "Дежурный по чрезвычайным ситуациям", "Приёмная акимата"),
    "kz-moh": ("ru", "Дежурный санитарный врач", "Управление по Туркестанской области"),
    "tj-labour": ("tg", "Хадамоти муҳоҷират, навбатдор", "Шуъбаи бозгашт"),
    "tj-moh": ("tg", "Маркази назорати санитарӣ, навбатдор", "Раёсати тандурустии Суғд"),
    "tj-border": ("tg", "Навбатдори гузаргоҳи Фотеҳобод", "Навбатдори оперативӣ, Душанбе"),
    "unicef-tj": ("en", "Emergency officer", "Child protection"),
    "donor-no": ("en", "Humanitarian desk", "Embassy for Central Asia"),
}
"""The rest of the directory has no desk yet, so that a demonstration shows whom nobody can reach."""

STANDING = {
    # organisation: serves the halt (then its notices may hold a head count)
    "kz-border": True,
    "kz-mfa": False,
    "tj-emb-kz": False,
    "tj-emb-uz": False,
    "tj-mfa": False,
    "iom-kz": True,
    "iom-tj": True,
    "kz-ngo-sana": True,
    "tj-sughd": True,
}
"""Who wants to be told about Zhibek Zholy; the authority that makes the demands is not among them."""

HOURS = {"kz-mfa": "Mo-Fr 09:00-13:00, 14:00-18:30", "tj-mfa": "Mo-Fr 08:00-17:00; Sa 08:00-12:00"}
"""Two ministries that go home in the evening: the page of whom nobody reaches says so before it is night."""

ACCOUNTS: tuple[tuple[str, str, str, str, str], ...] = (
    # (role, organisation, e-mail before the @, name as others read it, language)
    (Role.COORDINATOR, "iom-uz", "coordinator", "Coordinator on duty, Tashkent", "en"),
    (Role.COORDINATOR, "iom-kz", "coordinator.kz", "Coordinator on duty, Almaty", "en"),
    (Role.FIELD, "iom-kz", "field", "Field officer, Zhibek Zholy", "en"),
    (Role.PROTECTION, "iom-kz", "protection", "Protection officer, Almaty", "en"),
    (Role.PROTECTION, "iom-uz", "protection.uz", "Protection officer, Tashkent", "en"),
    (Role.CONSULAR, "tj-emb-uz", "consular", "Консул, Тошканд", "tg"),
    (Role.LIAISON, "kz-border", "liaison", "Офицер связи, Жибек Жолы", "ru"),
    (Role.PROGRAMME, "iom-uz", "programme", "Programme officer, Tashkent", "en"),
    (Role.DATA_PROTECTION, "iom-ro", "data.protection", "Data protection officer, Vienna", "en"),
    (Role.ADMINISTRATOR, "iom-ro", "administrator", "Administrator, Vienna", "en"),
)


@transaction.atomic
def load(*, at: datetime, by: Actor, password: str) -> list[tuple[str, str, str]]:
    """Gives the loaded institutions desks, interests and accounts; again as often as you like.

    Every account gets `password` and an app for the second step, whose code `bin/manage second_factor_code` prints.
    Returns (role, e-mail, title) of each account, in the order to print. Raises Organisation.DoesNotExist where
    `load_institutions` has not run.
    """
    codes = {*DESKS, *STANDING, *(account[1] for account in ACCOUNTS)}
    organisations = Organisation.objects.prefetch_related("offices").in_bulk(codes, field_name="code")
    absent = sorted(codes - set(organisations))
    if absent:
        raise Organisation.DoesNotExist(f"Load the institutions first; not in the directory: {', '.join(absent)}")
    for number, (code, (language, *functions)) in enumerate(DESKS.items()):
        _staff(organisations[code], language=language, functions=functions, number=2 * number, by=by, at=at)
    for code, hours in HOURS.items():
        Office.objects.filter(pk=_first_office(organisations[code]).pk).update(hours=hours)
    Interest.objects.bulk_create(
        [
            Interest(organisation=organisations[code], subject=CROSSING, serves_halt=serves_halt)
            for code, serves_halt in STANDING.items()
        ]
        + [Interest(organisation=organisations["tj-mfa"], subject="nationality:TJK")],
        ignore_conflicts=True,
    )
    return [_open_account(account, organisations[account[1]], password=password, by=by, at=at) for account in ACCOUNTS]


def _first_office(organisation: Organisation) -> Office:
    return min(organisation.offices.all(), key=lambda office: (not office.is_mission, office.pk))


def _staff(
    organisation: Organisation, *, language: str, functions: list[str], number: int, by: Actor, at: datetime
) -> None:
    """Opens the desks of one organisation, ranked, each with an e-mail address and a telephone; once."""
    office = _first_office(organisation)
    for rank, function in enumerate(functions, start=1):
        contact, is_new = Contact.objects.get_or_create(
            office=office, rank=rank, defaults={"function": function, "language": language}
        )
        if not is_new:
            continue
        mail = f"{'duty' if rank == 1 else 'deputy'}@{organisation.code}.example"
        Channel.objects.create(contact=contact, kind=ChannelKind.EMAIL, email=mail, rank=1, verified_at=at)
        phone = f"+4420794601{number + rank:02d}"
        Channel.objects.create(contact=contact, kind=ChannelKind.PHONE, phone=phone, rank=2, verified_at=at)
        audit.record("contact entered", contact, by=by, at=at)


def _open_account(
    account: tuple[str, str, str, str, str], organisation: Organisation, *, password: str, by: Actor, at: datetime
) -> tuple[str, str, str]:
    role, _code, local_part, printed_name, language = account
    email = f"{local_part}@homeward.example"
    office = _first_office(organisation)
    user, is_new = User.objects.get_or_create(
        email=email,
        defaults={"printed_name": printed_name, "language": language, "time_zone": office.zone, "joined_at": at},
    )
    if is_new or not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    if is_new:
        audit.record("account opened", user, by=by, at=at)
    grant(user=user, office=office, role=role, by=by, at=at)
    second_factor.enrol(user=user, by=by, at=at)
    with override("en"):
        return role, email, f"{str(Role(role).label).capitalize()}, {organisation.name_en}"
