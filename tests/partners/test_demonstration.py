"""The demonstration has desks that nobody real answers, and an account for each role."""

from io import StringIO

import phonenumbers
import pytest
from django.core.management import call_command

from accounts.models import User
from partners import demonstration
from partners.access import viewer_of
from partners.enums import Role
from partners.models import Channel, Contact, Interest, Membership, Organisation
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
NINE = {
    "kz-border", "kz-mfa", "tj-emb-kz", "tj-emb-uz", "tj-mfa", "iom-kz", "iom-tj", "kz-ngo-sana", "tj-sughd",
}  # fmt: skip


@pytest.fixture
def printed():
    call_command("load_institutions", stdout=StringIO())
    return demonstration.load(at=NOW, by=COMMAND, password="a long demonstration password")


def test_nine_organisations_want_to_know_of_zhibek_zholy(printed):
    interests = dict(
        Interest.objects.filter(subject="crossing:KZ-UZ-01").values_list("organisation__code", "serves_halt")
    )
    assert set(interests) == NINE
    assert {code for code, serves in interests.items() if serves} == {
        "kz-border", "iom-kz", "iom-tj", "kz-ngo-sana", "tj-sughd",
    }  # fmt: skip


def test_each_of_the_nine_has_a_desk_and_a_deputy_in_its_language(printed):
    for code, language in {
        "kz-border": "ru", "kz-mfa": "ru", "tj-emb-kz": "tg", "tj-emb-uz": "tg", "tj-mfa": "tg", "iom-kz": "en",
        "iom-tj": "en", "kz-ngo-sana": "ru", "tj-sughd": "tg",
    }.items():  # fmt: skip
        desks = Contact.objects.filter(office__organisation__code=code)
        assert [(desk.rank, desk.language) for desk in desks] == [(1, language), (2, language)]
        assert all(desk.channels.filter(kind="email").exists() for desk in desks)


def test_no_address_or_number_belongs_to_anybody(printed):
    for channel in Channel.objects.all():
        if channel.email:
            assert channel.email.endswith(".example")
        else:
            assert str(channel.phone).startswith("+4420794601"), "not in the range that Ofcom keeps for drama"
            assert phonenumbers.is_possible_number(phonenumbers.parse(str(channel.phone)))
    numbers = [str(number) for number in Channel.objects.filter(kind="phone").values_list("phone", flat=True)]
    assert len(numbers) == len(set(numbers))


def test_every_role_has_an_account_that_can_sign_in(printed):
    assert {role for role, _email, _title in printed} == set(Role.values)
    for role, email, title in printed:
        user = User.objects.get(email=email)
        assert user.check_password("a long demonstration password")
        viewer = viewer_of(user, at=NOW)
        assert viewer.roles == {role}
        assert viewer.title == title


def test_two_protection_officers_can_check_each_other(printed):
    assert Membership.objects.filter(role=Role.PROTECTION).values("user").distinct().count() == 2


def test_loading_again_adds_nothing(printed):
    def counted():
        return [model.objects.count() for model in (User, Membership, Contact, Channel, Interest)]

    before = counted()
    assert demonstration.load(at=NOW, by=COMMAND, password="another long password") == printed
    assert counted() == before
    assert User.objects.get(email="coordinator@homeward.example").check_password("another long password")


def test_without_the_institutions_it_says_what_to_load_first():
    with pytest.raises(Organisation.DoesNotExist, match="Load the institutions first"):
        demonstration.load(at=NOW, by=COMMAND, password="a long demonstration password")
