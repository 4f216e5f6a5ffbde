"""The declaration, the answer in full, late results and the closed room: clean for eyes and ears at both widths."""

import pytest
from playwright.sync_api import BrowserContext, Page

from common import clock
from migrants import declarations, protection, screening
from migrants.models import HealthTest, HoldQuestion, Proof
from partners.enums import Role
from returns.models import LateResult
from tests.cast import COMMAND, NOW
from tests.returns.conftest import make_person
from tests.support.eyes import faults_of_pages

__all__ = ["make_person"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def addresses(group, make_person, organisations):
    """Pages by role and name."""
    clock.set_to(NOW)
    umed, other = (make_person(full_name=name, language="tg") for name in ("Қодиров Умед", "Раҳимова Гулнора"))
    declarations.read_out(person=umed, language="tg", reader="Interpreter", understood=True, by=COMMAND, at=NOW)
    common = {"person": umed, "mission": umed.mission, "by": COMMAND}
    Proof.objects.create(kind="quota", begins_on=NOW.date(), recorded_at=NOW, **common)
    Proof.objects.create(kind="guarantee_letter", group=group, mission=group.mission, recorded_at=NOW, by=COMMAND)
    test = HealthTest.objects.create(kind="pcr", result="positive", sampled_at=NOW, recorded_at=NOW, **common)
    late = LateResult.objects.create(person=umed, test=test, mission=umed.mission, raised_at=NOW)
    hold = protection.set_hold(person=other, reason="fears to return", against=["TJK"], by=COMMAND, at=NOW)
    assert HoldQuestion.objects.exists()
    row = screening.screen(person=other, stage="before", needs=["medical"], screened_at=NOW, by=COMMAND, at=NOW)
    common = {"screening": row, "organisation": organisations["kz-border"], "service": "medical", "reason": "fever"}
    asked, said = (screening.refer(**common, referred_at=NOW, by=COMMAND, at=NOW) for _ in range(2))
    screening.answer_referral(referral=said, answer="accepted", note="Dr. A.", by=COMMAND, at=NOW)
    hers, his = f"/people/{other.public_id}/", f"/people/{umed.public_id}/"
    return {
        Role.FIELD: {
            "declaration-tg": f"{his}declaration/",
            "declaration-uz": f"{his}declaration/?language=uz",
            "consent-new": f"{his}consents/new/",
            "test-new": f"{his}tests/new/",
            "proof-new": f"{his}proofs/new/",
            "group-proofs": f"/groups/{group.public_id}/proofs/",
            "person-with-proofs": his,
            "group-consent": f"/groups/{group.public_id}/consents/new/",
        },
        Role.PROTECTION: {
            "late-results": "/late-results/",
            "late-take-up": f"/late-results/{late.public_id}/take-up/",
            "protection-question": f"{hers}protection/",
            "hold-question": f"{hers}holds/{hold.public_id}/group/",
            "referral-answer": f"{hers}referrals/{asked.public_id}/answer/",
            "screening-question": f"/groups/{group.public_id}/screening/",
        },
    }


@pytest.mark.deep
def test_every_page_is_clean_for_eyes_and_ears(addresses, sign_in, context: BrowserContext, page: Page, live_server):
    found: dict[str, list[str]] = {}
    for role, pages in addresses.items():
        context.clear_cookies()
        session = sign_in(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        found |= faults_of_pages(page, pages)
    assert found == {}
