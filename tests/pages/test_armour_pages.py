"""Pages of the armour in a browser: harmful files, and what somebody reads who asked too often or sent too much."""

from typing import Any

import pytest

from common import clock
from config import armour
from partners import quarantine
from partners.enums import Role
from tests.cast import COMMAND, NOW
from tests.support.eyes import faults_of, faults_of_pages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signed_in(context, live_server, sign_in):
    """Signs the browser in as a role."""

    def by(role: Role) -> None:
        cookie = sign_in(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    clock.set_to(NOW)
    return by


@pytest.mark.deep
def test_harmful_files_are_clean_for_eyes_and_ears(signed_in, page):
    names = ("Win.Test.EICAR_HDB-1", "Xls.Downloader.Agent-6594182-0")
    common: dict[str, Any] = {"file_name": "list.xlsx", "by": COMMAND, "at": NOW}
    rows = [quarantine.lock_away(content=b"x" * 400_000, signature=name, **common) for name in names]
    quarantine.destroy(row=rows[0], by=COMMAND, at=NOW)
    signed_in(Role.DATA_PROTECTION)
    assert faults_of_pages(page, {"quarantine": "/quarantine/"}) == {}


def test_too_many_tries_are_said_in_our_look(signed_in, page, page_problems, settings):
    settings.LIMITS = {**armour.LIMITS, "search": (1, 60)}
    signed_in(Role.FIELD)
    page.goto("/people/?q=Umed")
    page.goto("/people/?q=Umed")
    assert "Try again in 60 seconds" in page.inner_text("main")
    assert faults_of(page, name="too-many") == {}
    page_problems.clear()  # the browser says itself that it was refused
