"""The signed page, as an organisation without an account sees it."""

import base64
import re
from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from notifications import links
from notifications.enums import NoticeState
from notifications.escalation import escalate_due
from notifications.links import open_link, revoke, token_for
from notifications.models import Acknowledgement, Alert, Delivery, EscalationStep, Objection, SignedLink
from tests.cast import NOW
from tests.notifications.conftest import RULES, send_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def that_morning(db):
    clock.set_to(NOW + timedelta(minutes=5))


@pytest.fixture
def stranger():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def token(alert):
    """`token(code)`: what stands in the letter of that organisation."""

    def of(code: str, alert_of: Alert = alert) -> str:
        deliveries = Delivery.objects.select_related("notice__alert")
        return token_for(deliveries.get(notice__alert=alert_of, notice__organisation__code=code))

    return of


def snapshot() -> list[object]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Acknowledgement, Delivery, EscalationStep, Objection, SignedLink)
    ]


def answer(client: Client, token: str, act: str = "acknowledge", **values):
    fields = {"name": "A. Officer", "function": "duty officer", "act": act, **values}
    return client.post(f"/a/{token}/", fields)


def test_opening_the_page_changes_nothing(stranger, token):
    before = snapshot()
    for method in (stranger.get, stranger.head):
        assert method(f"/a/{token('kz-border')}/").status_code == 200
    assert snapshot() == before


def test_the_page_speaks_the_language_of_the_letter_and_can_be_switched(stranger, token):
    assert RULES["ru"] in stranger.get(f"/a/{token('kz-border')}/").content.decode()
    assert RULES["tg"] in stranger.get(f"/a/{token('kz-border')}/?lang=tg").content.decode()
    assert RULES["ru"] in stranger.get(f"/a/{token('kz-border')}/?lang=xx").content.decode()


def test_the_page_says_what_changed_for_whom_and_how_many_wait(stranger, token):
    page = stranger.get(f"/a/{token('kz-border')}/?lang=en").content.decode()
    assert RULES["en"] in page
    assert "Border Service of Kazakhstan" in page
    assert "102 people wait there" in page
    assert "102" not in stranger.get(f"/a/{token('tj-emb-uz')}/?lang=en").content.decode().replace("2020", "")


def test_a_button_acknowledges_for_the_organisation(stranger, token, notice):
    assert answer(stranger, token("kz-border")).status_code == 302
    kept = Acknowledgement.objects.get()
    assert (kept.name, kept.function, kept.answered_by) == ("A. Officer", "duty officer", "link")
    assert kept.by.organisation_ref == "kz-border"
    assert notice("kz-border").state == NoticeState.ACKNOWLEDGED
    assert "has received this" in stranger.get(f"/a/{token('kz-border')}/?lang=en").content.decode()


def test_the_answer_of_one_organisation_silences_no_other(stranger, token, notice):
    answer(stranger, token("kz-border"))
    assert notice("iom-kz").state == NoticeState.OWED
    assert EscalationStep.objects.filter(notice=notice("iom-kz"), state="pending").count() == 3
    assert not EscalationStep.objects.filter(notice=notice("kz-border"), state="pending").exists()


def test_a_second_click_does_not_change_the_first(stranger, token):
    answer(stranger, token("kz-border"))
    first = Acknowledgement.objects.values().get()
    clock.advance(timedelta(minutes=7))
    answer(stranger, token("kz-border"), name="Somebody else")
    assert Acknowledgement.objects.values().get() == first


def test_received_and_told_is_one_click(stranger, token):
    answer(stranger, token("kz-border"), act="told")
    assert Acknowledgement.objects.get().action_confirmed_at


def test_the_post_can_be_told_after_the_answer(stranger, token):
    answer(stranger, token("kz-border"))
    assert Acknowledgement.objects.get().action_confirmed_at is None
    stranger.post(f"/a/{token('kz-border')}/", {"act": "confirm"})
    assert Acknowledgement.objects.get().action_confirmed_at


def test_nobody_can_say_the_post_was_told_before_somebody_has_received_it(stranger, token):
    refused = stranger.post(f"/a/{token('kz-border')}/?lang=en", {"act": "confirm"})
    assert refused.status_code == 400
    assert "Acknowledge the notice first" in refused.content.decode()


@pytest.mark.parametrize("missing", ["name", "function"])
def test_an_answer_without_name_or_function_says_which_is_missing(stranger, token, missing):
    refused = answer(stranger, token("kz-border"), **{missing: "  "})
    assert refused.status_code == 400
    assert f'aria-describedby="id_{missing}_error"' in refused.content.decode()
    assert not Acknowledgement.objects.exists()


def test_an_unknown_button_is_refused_with_a_sentence(stranger, token):
    refused = stranger.post(f"/a/{token('kz-border')}/?lang=en", {"act": "delete"})
    assert refused.status_code == 400
    assert "Use one of the buttons" in refused.content.decode()


def test_an_objection_reaches_the_coordinator_and_acknowledges_nothing(stranger, token, notice):
    stranger.post(f"/a/{token('kz-border')}/", {"act": "object", "text": "The post knows of no such rule."})
    assert Objection.objects.get().text == "The post knows of no such rule."
    assert notice("kz-border").state == NoticeState.OWED
    assert "knows of no such rule" in stranger.get(f"/a/{token('kz-border')}/").content.decode()


def test_an_empty_objection_is_refused_beside_its_field(stranger, token):
    refused = stranger.post(f"/a/{token('kz-border')}/", {"act": "object", "text": " "})
    assert refused.status_code == 400
    assert 'aria-describedby="text_error"' in refused.content.decode()


@pytest.mark.parametrize("form", ["id", "proof", "short", "long", "junk", "cyrillic", "newline"])
def test_an_altered_link_opens_nothing_and_says_what_to_do(stranger, token, form):
    good = token("kz-border")
    other = base64.urlsafe_b64encode(bytes(16)).rstrip(b"=").decode()
    bad = {
        "id": other + good[22:],
        "proof": good[:22] + other,
        "short": good[:-1],
        "long": good + "A",
        "junk": "../../etc/passwd".replace("/", "%2F"),
        "cyrillic": "ссылка",
        "newline": good + "%0A",
    }[form]
    for method in (stranger.get, stranger.post):
        refused = method(f"/a/{bad}/", headers={"accept-language": "en"})
        assert refused.status_code == 404
        assert "altered" in refused.content.decode() or form == "junk"
    assert not Acknowledgement.objects.exists()


def test_the_proof_of_another_organisation_opens_nothing(stranger, token):
    mixed = token("kz-border")[:22] + token("iom-kz")[22:]
    assert stranger.get(f"/a/{mixed}/").status_code == 404


def test_every_bit_of_the_proof_counts(token):
    good = token("kz-border")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for place in range(len(good)):
        other = alphabet[(alphabet.index(good[place]) + 1) % 64]
        with pytest.raises(links.LinkError):
            open_link(good[:place] + other + good[place + 1 :], at=NOW)


def test_an_ended_link_says_so(stranger, token):
    good = token("kz-border")
    clock.set_to(NOW + timedelta(days=2))
    refused = stranger.get(f"/a/{good}/?lang=en")
    assert refused.status_code == 410
    assert "no longer waiting for an answer" in refused.content.decode()
    assert answer(stranger, good).status_code == 410
    assert not Acknowledgement.objects.exists()


def test_a_withdrawn_link_says_so(stranger, token):
    revoke(SignedLink.objects.get(delivery__notice__organisation__code="kz-border"), at=NOW)
    refused = stranger.get(f"/a/{token('kz-border')}/?lang=en")
    assert refused.status_code == 410
    assert "withdrawn" in refused.content.decode()


def test_a_link_of_an_old_version_shows_the_newer_and_takes_no_answer(stranger, token, raised, alert, notice):
    newer = raised(source="test:2", supersedes=alert, context={"place": "Oybek", "zones": ["UTC"], "version": 3})
    page = stranger.get(f"/a/{token('kz-border')}/?lang=en")
    assert page.status_code == 200
    assert "Oybek" in page.content.decode()
    assert "Version 3 has replaced version 2" in page.content.decode()
    assert answer(stranger, token("kz-border")).status_code == 400
    assert not Acknowledgement.objects.exists()
    assert stranger.get(f"/a/{token('kz-border', newer)}/").status_code == 200


def test_a_link_leaves_no_trace(stranger, token):
    for address in (f"/a/{token('kz-border')}/", "/a/nothing/"):
        page = stranger.get(address)
        assert page["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page["Cache-Control"]
        assert not page.cookies


def test_the_page_needs_no_script(stranger, token):
    page = stranger.get(f"/a/{token('kz-border')}/").content.decode()
    assert "<script" not in page
    assert not re.search(r"\son[a-z]+=", page)


def test_a_reminder_carries_the_link_of_the_first_message(alert):
    send_all()
    first = Delivery.objects.select_related("notice__alert").get(notice__organisation__code="kz-border")
    escalate_due(at=NOW + timedelta(minutes=25))
    reminder = Delivery.objects.get(notice=first.notice, purpose="remind")
    assert token_for(reminder) == token_for(first)
    assert token_for(first) in (reminder.payload or "")
