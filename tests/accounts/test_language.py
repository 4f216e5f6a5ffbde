"""In which language somebody who is signed in reads the pages."""

import re

import pytest

from partners.enums import Role
from tests.cast import make_account, sign_in_as

pytestmark = pytest.mark.django_db


def language_of(page) -> str:
    (language,) = re.findall(r'<html lang="(\w+)"', page.content.decode())
    return str(language)


@pytest.fixture
def consul(organisations):
    account = make_account(Role.CONSULAR, organisations["tj-emb-uz"])
    account.language = "tg"
    account.save(update_fields=["language"])
    return sign_in_as(account)


def test_pages_are_in_the_language_of_the_account_whatever_the_browser_asks_for(consul):
    page = consul.get("/incoming/", headers={"accept-language": "en-GB,en"})
    assert (language_of(page), page.headers["content-language"]) == ("tg", "tg")


def test_a_language_chosen_on_the_device_goes_before_the_one_of_the_account_and_stays(consul):
    assert language_of(consul.get("/incoming/?reading=ru")) == "ru"
    assert language_of(consul.get("/incoming/")) == "ru"


def test_what_is_no_language_of_ours_chooses_nothing(consul):
    assert language_of(consul.get("/incoming/?reading=xx")) == "tg"
    assert "django_language" not in consul.cookies


def test_a_stranger_chooses_nothing_by_it(client):
    assert "django_language" not in client.get("/rules/?reading=ru").cookies


def test_the_menu_of_every_page_offers_each_language_and_says_which_it_is(consul):
    page = consul.get("/incoming/").content.decode()
    assert page.count('href="?reading=uz"') == 2
    assert 'href="?reading=tg" lang="tg" aria-current="true"' in page
