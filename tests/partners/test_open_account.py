"""An account is opened by command without a password; the person chooses one by mail and signs in."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from common.models import AuditEntry
from partners.enums import Role
from partners.models import Membership, Office

CHOSEN = "four unlikely words together"


def opened(email: str, role: str, code: str, *more: str) -> None:
    call_command("open_account", email, "--name", "Duty desk", "--role", role, "--organisation", code, *more)


@pytest.mark.django_db
def test_the_person_chooses_a_password_by_mail_and_signs_in(organisations, mailbox):
    opened("Anna@mission.example", Role.COORDINATOR, "iom-uz", "--language", "ru")
    user = User.objects.get(email="anna@mission.example")
    assert (user.has_usable_password(), user.time_zone, user.language) == (False, "Asia/Tashkent", "ru")
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": "anna@mission.example"})
    [mail] = mailbox.to("anna@mission.example")
    [link] = re.findall(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.get_content())
    page = browser.get(link, follow=True)
    after = browser.post(page.request["PATH_INFO"], {"password1": CHOSEN, "password2": CHOSEN}, follow=True)
    assert after.status_code == 200
    signed = browser.post("/accounts/login/", {"login": "anna@mission.example", "password": CHOSEN})
    assert signed["Location"] == "/accounts/second-factor/new/"
    assert browser.get("/accounts/second-factor/new/").status_code == 200


@pytest.mark.django_db
def test_a_second_call_grants_a_further_role_and_opens_nothing(organisations):
    opened("anna@mission.example", Role.FIELD, "iom-kz")
    opened("ANNA@mission.example", Role.COORDINATOR, "iom-kz")
    assert User.objects.filter(email__iexact="anna@mission.example").count() == 1
    assert set(Membership.objects.values_list("role", flat=True)) >= {Role.FIELD, Role.COORDINATOR}
    assert AuditEntry.objects.filter(verb="account opened").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "code", "more", "said"),
    [
        ("anna", "iom-kz", (), "not an e-mail address"),
        ("anna@mission.example", "iom-xx", (), "has the code iom-xx"),
        ("anna@mission.example", "kz-border", ("--office", "Nowhere"), "Name one of its offices"),
    ],
)
def test_what_cannot_be_is_told_and_opens_nothing(organisations, email, code, more, said):
    before = User.objects.count()
    with pytest.raises(CommandError, match=said):
        opened(email, Role.FIELD, code, *more)
    assert User.objects.count() == before


@pytest.mark.django_db
def test_an_organisation_with_two_offices_wants_one_named(organisations):
    Office.objects.create(organisation=organisations["kz-border"], name="Post at the bridge", zone="Asia/Almaty")
    with pytest.raises(CommandError, match="Post at the bridge"):
        opened("anna@border.example", Role.LIAISON, "kz-border")
    opened("anna@border.example", Role.LIAISON, "kz-border", "--office", "Post at the bridge")
    assert Membership.objects.get(user__email="anna@border.example").office.name == "Post at the bridge"
