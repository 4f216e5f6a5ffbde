"""What people see and do, in Chromium."""

from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from common import clock
from common.clock import real_now
from deploy.local.measure import weigh
from notifications.acknowledgements import acknowledge
from notifications.links import token_for
from notifications.models import Acknowledgement, ChannelHalt, Delivery, WebhookSubscription
from notifications.signing import new_secret
from partners.enums import Role
from partners.models import Channel
from tests.cast import COMMAND, NOW
from tests.notifications.conftest import send_all
from tests.support.eyes import faults_of_pages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def that_morning(transactional_db):
    clock.set_to(NOW + timedelta(minutes=5))


@pytest.fixture
def token(alert) -> str:
    send_all()
    deliveries = Delivery.objects.select_related("notice__alert")
    return token_for(deliveries.get(notice__organisation__code="kz-border"))


def carry(client: Client, page: Page, address: str) -> None:
    """Gives the browser the session of a signed-in client."""
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


def test_a_duty_officer_answers_on_a_phone_without_a_script(browser: Browser, live_server, token):
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"/a/{token}/?lang=en")
    page.get_by_label("Your name").fill("A. Officer")
    page.get_by_role("button", name="We have received this").click()
    expect(page.get_by_role("heading", name="has received this")).to_be_visible()
    page.get_by_role("button", name="Our post has been told").click()
    expect(page.get_by_text("Your post has been told.")).to_be_visible()
    context.close()
    kept = Acknowledgement.objects.get()
    assert (kept.name, bool(kept.action_confirmed_at)) == ("A. Officer", True)


def test_the_signed_page_weighs_under_15_kb(live_server, token):
    assert weigh(f"{live_server.url}/a/{token}/", {}).first < 15_000


@pytest.mark.deep
def test_the_signed_page_is_fit_for_every_reader(page, token):
    languages = ("en", "ru", "tg", "uz")
    assert faults_of_pages(page, {f"link-{language}": f"/a/{token}/?lang={language}" for language in languages}) == {}


@pytest.fixture
def paths(alert, notice) -> dict[str, str]:
    """Every page of a coordinator, when all that can be owed is owed."""
    own = notice("kz-border").public_id
    clock.set_to(NOW + timedelta(hours=1))
    dead = Delivery.objects.filter(notice=notice("iom-kz"))
    dead.update(state="failed", reason="550 5.1.1 No such desk")
    Channel.objects.filter(email=dead[0].address).update(switched_off_at=NOW, switched_off_why="550 5.1.1 No such desk")
    ChannelHalt.objects.create(kind="sms", since=NOW, until=real_now() + timedelta(hours=1), why="401 Authenticate")
    base = f"/notices/{alert.public_id}/"
    return {
        "notices": "/notices/",
        "notice-all": base,
        "notice-message": f"{base}message/",
        "notices-of-a-crossing": "/notices/crossings/KZ-UZ-01/",
        "notice-kinds": "/notices/kinds/?kind=requirement_change&lang=tg",
        "policies": "/notices/policies/",
        "policy-new": "/notices/policies/new/",
        "notice-own": f"{base}{own}/",
        "calls": "/calls/",
        "call": f"/calls/{own}/",
        "call-log": "/calls/log/",
        "undelivered": "/notices/undelivered/",
        "call-institution": "/calls/institutions/kz-border/",
    }


@pytest.mark.deep
def test_the_pages_of_notices_are_fit_for_every_reader(page, paths, sign_in, live_server):
    carry(sign_in(Role.COORDINATOR), page, live_server.url)
    assert faults_of_pages(page, paths) == {}


def test_the_pages_of_webhooks_are_fit_for_every_reader(page, raised, organisations, sign_in, live_server):
    system = WebhookSubscription.objects.create(
        organisation=organisations["kz-border"],
        url="https://hooks.example/a",
        secret=new_secret(),
        made_at=NOW,
        by=COMMAND,
    )
    raised()
    carry(sign_in(Role.ADMINISTRATOR), page, live_server.url)
    paths = {"webhooks": "/webhooks/", "webhook": f"/webhooks/{system.public_id}/"}
    assert faults_of_pages(page, paths) == {}


def test_the_page_follows_what_happens_without_being_loaded_again(page, alert, notice, sign_in, live_server):
    carry(sign_in(Role.COORDINATOR), page, live_server.url)
    page.goto(f"/notices/{alert.public_id}/")
    acknowledge(
        notice=notice("kz-border"), name="A", function="duty officer", answered_by="link", by=COMMAND, at=clock.now()
    )  # fmt: skip
    expect(page.get_by_text("duty officer")).to_be_visible(timeout=14_000)
