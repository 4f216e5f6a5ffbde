"""Pages of the ledger and the directory in a browser: both widths, both themes, for eyes and ears."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from accounts.models import User
from common import clock
from common.actors import Actor
from common.pictures import drawn_anew
from corridors import reporting, requirements, transit
from corridors.attachments import attach
from corridors.enums import Certainty, SourceTier
from corridors.models import BorderCrossing
from corridors.reporting import Heard
from deploy.local.measure import weigh
from notifications.alerts import Told
from partners import demonstration
from partners.models import Contact, Interest, Office, Organisation
from tests.cast import COMMAND, NOW, sign_in_as
from tests.corridors.conftest import PCR, RAPID
from tests.support.eyes import faults_of_pages

_made = BytesIO()
Image.new("RGB", (300, 400), (230, 230, 220)).save(_made, "PNG")
PAPER = _made.getvalue()
"""A sheet on which nothing stands."""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    """The directory and the crossings as they are loaded, the demand of T+0h, the written rule, and a corridor."""
    call_command("load_institutions", verbosity=0)
    call_command("load_crossings", verbosity=0)
    clock.set_to(NOW - timedelta(days=1))
    demonstration.load(at=NOW - timedelta(days=2), by=COMMAND, password="a long demonstration password")
    crossing = BorderCrossing.objects.prefetch_related("sides").get(code="KZ-UZ-01")
    organisations = Organisation.objects.in_bulk(["uz-border", "tj-emb-uz"], field_name="code")
    way = transit.make_corridor(
        code="KZ-TJ-A", name="Zhibek Zholy to Oybek", entry=crossing, from_country="KAZ", transit_country="UZB",
        exit=BorderCrossing.objects.get(code="UZ-TJ-01"), to_country="TJK", by=COMMAND, at=NOW - timedelta(days=1),
    )  # fmt: skip
    transit.make_version(
        corridor=way, longest_transit=timedelta(hours=4), conditions=["sealed buses", "police escort", "no stop"],
        head_count_cap=120, requested_by=organisations["tj-emb-uz"], document_reference="Note 141/2020", by=COMMAND,
        at=NOW - timedelta(days=1),
    )  # fmt: skip
    told = [Told(interest.organisation) for interest in Interest.objects.select_related("organisation")]
    documents: dict[str, Any] = {"rule": {"document": {"kinds": ["passport", "emergency"], "min_remaining_days": 0}}}
    changes: list[tuple[dict[str, Any], str, int, dict[str, Any]]] = [
        (documents, "travel_document", -20, {"source_tier": SourceTier.PUBLISHED, "certainty": Certainty.CONFIRMED}),
        (RAPID, "health_test", 0, {}),
        (PCR, "health_test", 3, {"source_tier": SourceTier.WRITTEN, "certainty": Certainty.CONFIRMED}),
    ]
    for content, subject, hours, more in changes:
        at = NOW + timedelta(hours=hours)
        asked: dict[str, Any] = {
            "requirement_line": (crossing, "KAZ", "UZB", subject), "content": content, "certainty": Certainty.REPORTED,
            "source_tier": SourceTier.ORAL_POST, "source_text": "From today everybody needs a negative test, children too.",
            "authority": organisations["uz-border"], "applies_from": at, "by": COMMAND, "at": at,
        }  # fmt: skip
        version = requirements.publish(draft=requirements.draft(**(asked | more)), told=told, by=COMMAND, at=at).version
    line: dict[str, Any] = {
        "requirement_line": (None, "KAZ", "UZB", "consent"),
        "content": {"rule": {"consent_form": {}}},
    }
    said: dict[str, Any] = {
        "certainty": "reported",
        "source_tier": "oral_authority",
        "source_text": "by phone",
        "mode": "bus",
    }
    border = requirements.draft(
        **line, **said, authority=organisations["uz-border"], applies_from=at, by=COMMAND, at=at
    )
    requirements.publish(draft=border, told=told, by=COMMAND, at=at)
    attach(
        version=version, kind="letter", caption="Order 12", pages=[drawn_anew(PAPER)], is_public=True, by=COMMAND, at=at
    )
    office = Office.objects.filter(organisation__code="iom-kz").earliest("pk")
    heard = Heard(crossing, "KAZ", "UZB", at, "opening", "They close at noon.", drawn_anew(PAPER))
    report = reporting.report(heard=heard, mission=office, by=Actor("user", "0", "Aida"), at=at)[0]
    clock.set_to(NOW + timedelta(hours=4))
    return {
        "requirement-border": f"/requirements/{border.requirement.public_id}/",
        "restate": f"/changes/lines/{border.requirement.public_id}/",
        "attach": f"/changes/versions/{version.public_id}/attach/",
        "barrier": "/barrier/",
        "barrier-none": "/barrier/?show=all&after=00000000-0000-0000-0000-000000000000",
        "barrier-new": "/barrier/new/",
        "barrier-report": f"/barrier/{report.public_id}/",
        "requirement": f"/requirements/{version.requirement.public_id}/?day=2020-10-01&hour=09:30&zone=Asia/Tashkent",
        "requirements": "/requirements/",
        "crossings": "/crossings/",
        "crossing": "/crossings/KZ-UZ-01/",
        "crossing-airport": "/crossings/AIR-01/",
        "crossings-none": "/crossings/?q=Atlantis",
        "rules": "/rules/",
        "rules-none": "/rules/?q=Atlantis",
        "way": "/rules/KZ-UZ-01/KAZ/UZB/",
        "way-tajik": "/rules/KZ-UZ-01/KAZ/UZB/?lang=tg",
        "corridors": "/corridors/",
        "corridor": f"/corridors/{way.code}/",
        "organisations": "/organisations/",
        "organisations-unreachable": "/organisations/?show=unreachable",
        "unreached": "/organisations/unreached/",
        "desk": f"/organisations/desks/{Contact.objects.get(office__organisation__code='kz-mfa', rank=1).public_id}/",
        "engine": "/engine/",
        "organisation": f"/organisations/{Organisation.objects.get(code='kz-border').public_id}/",
        "organisation-unreachable": f"/organisations/{Organisation.objects.get(code='uz-mot').public_id}/",
    }


def session_of(email: str) -> str:
    client = Client()
    sign_in_as(User.objects.get(email=email), client)
    return client.cookies["sessionid"].value


@pytest.mark.deep
def test_every_page_is_clean_for_eyes_and_ears_at_both_widths_in_both_themes(world, context, page, live_server):
    session = session_of("coordinator@homeward.example")
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    assert faults_of_pages(page, world) == {}


def test_the_notice_on_the_wall_has_the_rules_and_no_controls(world, page, live_server):
    page.goto(f"{live_server.url}/rules/KZ-UZ-01/KAZ/UZB/")
    paper = " ".join(each.extract_text() for each in PdfReader(BytesIO(page.pdf())).pages)
    assert "negative test" in paper
    assert f"{live_server.url}/rules/KZ-UZ-01/KAZ/UZB/" in paper
    assert not any(each in paper for each in ("Mark what changed since", "Changes as a feed", "Русский"))


def test_a_list_weighs_under_its_budget_at_first_and_later_visits(world, live_server):
    cookies = {"sessionid": session_of("coordinator@homeward.example")}
    for address in ("/crossings/", "/requirements/", "/organisations/"):
        weight = weigh(f"{live_server.url}{address}", cookies)
        print(address, weight.first, weight.later)
        assert weight.first < 110_000, address
        assert weight.later < 20_000, address
