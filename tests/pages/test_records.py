"""The records of the data protection officer in a browser: both widths, both themes; content opened with a reason."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from common import clock
from common.models import HistoryRow
from migrants.models import Migrant
from partners.enums import Role
from tests.access.world import registered
from tests.cast import NOW, sign_in_as
from tests.history.test_chain import look, seal_all, verified
from tests.support.eyes import faults_of, faults_of_pages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(accounts: dict[str, User], context, live_server) -> None:
    """The browser is the data protection officer's."""
    session = sign_in_as(accounts[Role.DATA_PROTECTION]).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


@pytest.mark.deep
def test_the_records_are_clean_for_eyes_and_ears_and_content_opens_with_a_reason(officer, group, page):
    clock.set_to(NOW)
    person = registered(group, "Озмоиш Одам", 1)
    page.goto("/acts/seals/")
    faults = faults_of(page, name="seals-none")
    look(person)
    Migrant.objects.filter(pk=person.pk).update(sex="f", language="tg")
    seal_all()
    assert verified()[1] == []
    change = HistoryRow.objects.filter(table_name="migrants_migrant").latest("id")
    faults |= faults_of_pages(
        page,
        {
            "acts": "/acts/?on=2020-10-01",
            "looks": "/acts/looks/?on=2020-10-01",
            "changes": f"/acts/history/?q={person.public_id}",
            "changes-none": "/acts/history/?on=2020-10-01&q=nothing",
            "seals": "/acts/seals/",
            "change": f"/acts/history/{change.id}/",
        },
    )
    page.get_by_label("Why?").fill("she asked who wrote it")
    page.get_by_role("button", name="See it").click()
    expect(page.get_by_role("row", name="language")).to_contain_text("tg")
    faults |= faults_of(page, name="change-open")
    assert faults == {}
