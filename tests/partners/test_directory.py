"""Institutions are loaded from a list once, with an office and a zone at each seat."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common.models import AuditEntry
from partners import directory
from partners.duty import desks_of, faults_of
from partners.enums import OrganisationKind
from partners.models import Channel, Contact, Office, Organisation
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db

ROW = {"id": "xx-mfa", "country_iso3": "KAZ", "kind": "ministry", "name_en": "Ministry", "seat": "Astana"}


def load_the_list() -> str:
    said = StringIO()
    call_command("load_institutions", stdout=said)
    return said.getvalue()


def test_the_list_that_comes_with_the_product_loads_whole_and_once():
    assert load_the_list() == "Organisations: 35 new, 0 changed, 0 as they were.\n"
    written = AuditEntry.objects.count()
    assert load_the_list() == "Organisations: 0 new, 0 changed, 35 as they were.\n"
    assert AuditEntry.objects.count() == written == 35


def test_every_organisation_has_an_office_with_a_zone():
    load_the_list()
    assert not Organisation.objects.filter(offices__isnull=True).exists()
    assert Office.objects.get(organisation__code="kz-border").zone == "Asia/Almaty"
    assert Office.objects.get(organisation__code="tj-sughd").zone == "Asia/Dushanbe"


def test_each_seat_is_an_office_of_its_own():
    load_the_list()
    assert set(Office.objects.filter(organisation__code="iom-kz").values_list("city", flat=True)) == {
        "Nur-Sultan",
        "Almaty",
    }
    assert Office.objects.filter(organisation__code="tj-cons-ru").count() == 4
    assert Office.objects.get(organisation__code="tj-cons-ru", city="Novosibirsk").zone == "Asia/Novosibirsk"


def test_only_the_country_missions_of_iom_own_cases():
    load_the_list()
    missions = Office.objects.filter(is_mission=True).values_list("organisation__code", flat=True)
    assert sorted(missions) == ["iom-kz", "iom-tj", "iom-uz"]
    assert Organisation.objects.get(code="iom-ro").kind == OrganisationKind.IOM


def test_names_are_kept_in_three_languages():
    load_the_list()
    embassy = Organisation.objects.get(code="tj-emb-uz")
    assert embassy.name_in("tg") == "Сафорати Тоҷикистон дар Ӯзбекистон"
    assert embassy.name_in("ru") == "Посольство Таджикистана в Узбекистане"
    assert embassy.name_in("en") == "Embassy of Tajikistan in Uzbekistan"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"id": ""}, "Row 3: the column id is empty. Fill it in."),
        ({"kind": "club"}, "Row 3, column kind: “club” is no kind of institution."),
        ({"country_iso3": "QQQ"}, "Row 3, column country_iso3: “QQQ” is no country. Give three letters, or INT."),
        ({"seat": "Atlantis"}, "Row 3, column seat: nobody knows the time zone of “Atlantis”."),
    ],
)
def test_a_bad_row_is_named_with_its_remedy_and_nothing_is_stored(wrong, words):
    with pytest.raises(directory.DirectoryError) as refused:
        directory.load_institutions([ROW, ROW | {"id": "yy"} | wrong], by=COMMAND, at=NOW)
    assert str(refused.value).startswith(words)
    assert not Organisation.objects.exists()


def test_the_command_names_the_file_that_it_cannot_read(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("id,name_en,kind\nX,Name,club\n")
    with pytest.raises(CommandError, match=r"mine\.csv: Row 2, column kind"):
        call_command("load_institutions", str(path))


def test_who_has_no_working_mail_cannot_be_reached(organisations):
    border = organisations["kz-border"]
    assert directory.reach_of([border.pk])[border.pk].is_reachable
    Channel.objects.filter(contact__office__organisation=border, kind="email").update(switched_off_at=NOW)
    reach = directory.reach_of([border.pk])[border.pk]
    assert not reach.is_reachable
    assert (reach.phones, reach.switched_off) == (2, 2)


def test_whom_a_notice_reaches_is_one_question_for_pages_and_engine(organisations, settings):
    border = organisations["kz-border"]
    desk = Contact.objects.get(office__organisation=border, rank=1)
    Channel.objects.filter(contact__office__organisation=border).exclude(kind="phone").delete()
    Channel.objects.create(contact=desk, kind="webhook", url="https://x.example/in", secret="whsec_x")
    Channel.objects.create(contact=desk, kind="telegram", telegram="4200")

    def said() -> tuple[bool, bool, bool]:
        faults = faults_of(desks_of([border.pk], at=NOW)[border.pk], at=NOW, verified_for=timedelta(days=9))
        unreached = directory.unreachable(Organisation.objects.filter(pk=border.pk)).exists()
        return directory.reach_of([border.pk])[border.pk].is_reachable, not unreached, faults[0] != "no_channel"

    settings.CHANNELS = {}
    assert said() == (False, False, False)
    settings.CHANNELS = {"telegram": {"url": "https://t.example", "token": "x"}}
    assert said() == (True, True, True)


def test_reach_of_many_organisations_takes_one_query(organisations, django_assert_num_queries):
    with django_assert_num_queries(1):
        directory.reach_of(organisation.pk for organisation in organisations.values())
