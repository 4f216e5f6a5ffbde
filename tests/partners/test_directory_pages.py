"""The directory as a page: who there is, and who cannot be reached today."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners.enums import Role
from partners.models import Channel, Organisation
from tests.cast import NOW, make_account, sign_in_as

pytestmark = pytest.mark.django_db
MAY = {Role.FIELD, Role.COORDINATOR, Role.PROTECTION, Role.ADMINISTRATOR}


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("role", Role.values)
def test_only_who_may_see_the_directory_opens_it(sign_in, organisations, role):
    client, one = sign_in(role), organisations["kz-border"]
    for address in ("/organisations/", f"/organisations/{one.public_id}/"):
        assert client.get(address).status_code == (200 if role in MAY else 404)


def test_a_stranger_is_asked_to_sign_in(sign_in, organisations):
    assert sign_in(None).get("/organisations/").status_code == 302


def test_who_cannot_be_reached_is_said_first_and_can_be_listed_alone(sign_in, organisations):
    Channel.objects.filter(contact__office__organisation__code="kz-border", kind="email").update(switched_off_at=NOW)
    client = sign_in(Role.COORDINATOR)
    assert "1 organisation cannot be reached by a notice" in words(client.get("/organisations/"))
    said = words(client.get("/organisations/", {"show": "unreachable"}))
    assert "Border Service of Kazakhstan" in said
    assert "IOM Kazakhstan en" not in said
    assert "telephone only" in said
    page = client.get(f"/organisations/{organisations['kz-border'].public_id}/")
    assert "No notice can reach this organisation" in words(page)


def test_when_everybody_can_be_reached_the_page_says_so(sign_in, organisations):
    assert "Everybody can be reached" in words(
        sign_in(Role.COORDINATOR).get("/organisations/", {"show": "unreachable"})
    )


@pytest.mark.parametrize("written", ["Embassy of Tajikistan in Uzb", "Сафорати Тоҷикистон дар Ӯз", "tj-emb-uz"])
def test_an_organisation_is_found_in_any_of_its_languages(written):
    call_command("load_institutions", verbosity=0)
    client = Client()
    sign_in_as(make_account(Role.COORDINATOR, Organisation.objects.get(code="iom-uz")), client)
    assert "Embassy of Tajikistan in Uzbekistan" in words(client.get("/organisations/", {"q": written}))


def test_a_page_leads_on_to_the_next(sign_in, organisations, monkeypatch):
    monkeypatch.setattr("partners.views.directory.PAGE", 2)
    client, seen, address = sign_in(Role.COORDINATOR), [], "/organisations/"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r'href="/organisations/([0-9a-f-]{36})/"', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = "/organisations/" + following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == len(organisations)


def test_the_list_takes_the_same_queries_however_many_there_are(sign_in, organisations):
    client = sign_in(Role.COORDINATOR)
    client.get("/organisations/")
    with CaptureQueriesContext(connection) as few:
        client.get("/organisations/")
    Organisation.objects.bulk_create(
        Organisation(code=f"more-{number}", kind="ngo", name_en=f"More {number}") for number in range(30)
    )
    with CaptureQueriesContext(connection) as many:
        client.get("/organisations/")
    assert len(many) == len(few)


def test_one_organisation_shows_its_desks_in_order_with_their_channels(sign_in, organisations):
    said = words(sign_in(Role.COORDINATOR).get(f"/organisations/{organisations['kz-border'].public_id}/"))
    assert said.index("duty desk") < said.index("deputy")
    assert "duty-desk@kz-border.example" in said
    assert "KZ-UZ-01 change and head count" in said


def test_an_unknown_organisation_is_not_found(sign_in, organisations):
    answer = sign_in(Role.COORDINATOR).get("/organisations/00000000-0000-4000-8000-000000000000/")
    assert answer.status_code == 404
