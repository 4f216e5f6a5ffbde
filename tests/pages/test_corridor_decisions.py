"""A corridor that a party has stopped, and the pages on which parties decide and say more, for eyes and ears."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from common import clock
from common.actors import Actor
from common.enums import ActorKind
from common.pictures import Drawn
from corridors import transit
from corridors.approvals import ask_parties, decide
from corridors.legs import LegWording
from corridors.models import Approval, BorderCrossing, Requirement
from corridors.opening_hours import Hours
from corridors.party_words import say
from corridors.terms import OwnTerms
from corridors.waiving import WaiverWording
from corridors.windows import Window
from notifications.links import token_for
from notifications.models import Delivery
from partners import demonstration
from partners.models import Organisation
from tests.cast import COMMAND, NOW, sign_in_as
from tests.support.eyes import faults_of_pages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.deep]
PARTIES = ["uz-mfa", "uz-border", "kz-border", "tj-mfa"]
CROSSINGS = ["KZ-UZ-01", "UZ-TJ-01", "UZ-KG-01", "KG-TJ-01"]
MORNING = Window(datetime(2020, 10, 2, 6), datetime(2020, 10, 2, 10), "Asia/Tashkent")


@pytest.fixture
def addresses():
    """Three of four have approved, one for less than was asked, and one of them has suspended."""
    call_command("load_institutions", verbosity=0)
    call_command("load_crossings", verbosity=0)
    clock.set_to(NOW)
    demonstration.load(at=NOW - timedelta(days=2), by=COMMAND, password="a long demonstration password")
    organisations = Organisation.objects.in_bulk([*PARTIES, "tj-emb-uz"], field_name="code")
    crossings = BorderCrossing.objects.prefetch_related("sides").in_bulk(CROSSINGS, field_name="code")
    way = transit.make_corridor(
        code="KZ-TJ-A", name="Zhibek Zholy to Oybek", entry=crossings["KZ-UZ-01"], exit=crossings["UZ-TJ-01"],
        from_country="KAZ", transit_country="UZB", to_country="TJK", by=COMMAND, at=NOW,
    )  # fmt: skip
    version = transit.make_version(
        corridor=way, longest_transit=timedelta(hours=4), conditions=["sealed buses", "no stop"], head_count_cap=120,
        vehicle_cap=3, requested_by=organisations["tj-emb-uz"], document_reference="Note 141/2020", window=MORNING,
        by=COMMAND, at=NOW,
    )  # fmt: skip
    asked = [organisations[code] for code in PARTIES]
    ask_parties(
        version=version, parties=asked, answer_by=NOW + timedelta(hours=8), needed=3, musts=["uz-mfa"], by=COMMAND,
        at=NOW,
    )  # fmt: skip
    less = OwnTerms(opens_at=datetime(2020, 10, 2, 2, tzinfo=UTC), head_count_cap=60, route="by the ring road")
    rows = {row.organisation.code: row for row in version.approvals.select_related("organisation", "version")}
    for code in PARTIES[:3]:
        said = {"answer": "conditional", "own": less} if code == "uz-border" else {"answer": "approved"}
        _spoken(decide, rows[code], **said)
    _spoken(say, rows["uz-border"], kind="suspended", reason="shots were heard near the ring road")
    further = _held_and_reopened(organisations, crossings) | _through_two_countries(organisations, crossings)
    return further | {
        "corridor": "/corridors/KZ-TJ-A/",
        "corridor-ask": "/corridors/KZ-TJ-A/versions/1/ask/",
        "on-behalf-word": f"/corridors/KZ-TJ-A/decisions/{rows['uz-border'].public_id}/",
        "on-behalf-decision": f"/corridors/KZ-TJ-A/decisions/{rows['tj-mfa'].public_id}/",
        "link-decides": f"{_link('tj-mfa')}?lang=tg",
        "link-suspends": f"{_link('uz-mfa')}?lang=ru",
    }


def _held_and_reopened(organisations, crossings):
    """A second corridor: three decisions hold for version 2, one is asked anew; version 3 is not yet before its parties."""
    way = transit.make_corridor(
        code="KZ-TJ-B", name="Zhibek Zholy to Oybek by night", entry=crossings["KZ-UZ-01"], exit=crossings["UZ-TJ-01"],
        from_country="KAZ", transit_country="UZB", to_country="TJK", by=COMMAND, at=NOW,
    )  # fmt: skip
    said = {
        "corridor": way, "longest_transit": timedelta(hours=4), "conditions": [], "head_count_cap": 120, "window": MORNING,
        "listed": {"sealed": "", "escort": "road police", "fuel_only": "Chinaz"}, "evidence": ["manifest", "tests"],
        "requested_by": organisations["tj-emb-uz"], "document_reference": "Note 150/2020", "by": COMMAND, "at": NOW,
    }  # fmt: skip
    asked = [organisations[code] for code in PARTIES]
    for cap in (120, 90):
        version = transit.make_version(**{**said, "head_count_cap": cap})
        ask_parties(version=version, parties=asked, answer_by=NOW + timedelta(hours=8), by=COMMAND, at=NOW)
        for row in version.approvals.filter(state="asked").select_related("organisation", "version"):
            if cap == 120:
                rejects = row.organisation.code == "kz-border"
                _spoken(decide, row, answer="rejected" if rejects else "approved", note="too many" if rejects else "")
    transit.make_version(**{**said, "head_count_cap": 180})
    return {
        "corridor-held": "/corridors/KZ-TJ-B/",
        "corridor-ask-next": "/corridors/KZ-TJ-B/versions/3/ask/",
        "version-next": "/corridors/KZ-TJ-B/versions/3/",
        "corridor-alike": "/corridors/new/?like=KZ-TJ-B",
        "link-held": f"{_link('tj-mfa', 'KZ-TJ-B')}?lang=ru",
        "link-reopened": f"{_link('kz-border', 'KZ-TJ-B', last=True)}?lang=uz",
    }


def _through_two_countries(organisations, crossings):
    """A chain of two legs that opens twice a week and waives a test, with letters; its next version waits for two answers."""
    way = transit.make_corridor(
        code="KZ-TJ-C", name="By Osh to Isfara", entry=crossings["KZ-UZ-01"], exit=crossings["KG-TJ-01"],
        from_country="KAZ", transit_country="UZB", further_countries=["KGZ"], to_country="TJK", by=COMMAND, at=NOW,
    )  # fmt: skip
    line = Requirement.objects.create(
        crossing=crossings["KZ-UZ-01"], from_country="KAZ", to_country="UZB", subject="health_test"
    )
    mornings = Hours(("tue", "thu"), time(6), time(12))
    said = {
        "corridor": way, "longest_transit": timedelta(0), "conditions": ["no stop"], "head_count_cap": 120,
        "window": Window(datetime(2020, 10, 1), datetime(2020, 10, 31), "Asia/Tashkent", (mornings,)),
        "waivers": [WaiverWording(line, organisations["uz-border"], "order 12")],
        "requested_by": organisations["tj-emb-uz"], "document_reference": "Note 160/2020", "by": COMMAND, "at": NOW,
    }  # fmt: skip
    asked = [organisations[code] for code in PARTIES]
    for hours in (9, 14):
        legs = [
            LegWording("UZB", crossings["KZ-UZ-01"], crossings["UZ-KG-01"], timedelta(hours=4)),
            LegWording("KGZ", crossings["UZ-KG-01"], crossings["KG-TJ-01"], timedelta(hours=hours)),
        ]
        version = transit.make_version(**said, legs=legs)
        ask_parties(version=version, parties=asked, answer_by=NOW + timedelta(hours=8), by=COMMAND, at=NOW)
        for row in version.approvals.filter(state="asked").select_related("organisation", "version"):
            if hours == 9:
                letter = {"decided_how": "letter", "reference": "77/3", "scan": [Drawn(b"x", 1, 1)]}
                _spoken(decide, row, answer="approved", **letter)
    waits = version.approvals.get(organisation__code="kz-border").public_id
    return {
        "corridor-chain": "/corridors/KZ-TJ-C/",
        "version-chain": "/corridors/KZ-TJ-C/versions/new/",
        "corridor-chain-new": "/corridors/new/?like=KZ-TJ-C",
        "on-behalf-letter": f"/corridors/KZ-TJ-C/decisions/{waits}/",
        "link-chain": f"{_link('kz-border', 'KZ-TJ-C', last=True)}?lang=ru",
    }


def _spoken(act, approval: Approval, **said):
    code = approval.organisation.code
    by = Actor(ActorKind.USER, code, "A. Officer", organisation_ref=code)
    act(approval=approval, **said, name="A. Officer", function="duty officer", by=by, at=NOW + timedelta(hours=1))


def _link(code, corridor="KZ-TJ-A", *, last=False):
    rows = Delivery.objects.select_related("notice__alert").filter(
        notice__alert__kind="corridor_request", notice__organisation__code=code, notice__alert__context__code=corridor
    )
    return f"/d/{token_for(rows.latest('pk') if last else rows.earliest('pk'))}/"


def test_pages_of_decisions_are_clean_at_both_widths_in_both_themes(addresses, context, page, live_server):
    client = Client()
    sign_in_as(User.objects.get(email="coordinator@homeward.example"), client)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    assert faults_of_pages(page, addresses) == {}
