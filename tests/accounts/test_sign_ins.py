"""Where one is signed in: listed, ended at once one by one or all, never longer than a shift, and all of it written down."""

import re
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from accounts import sign_ins, views
from accounts.models import RememberedDevice, SignIn
from accounts.tasks import forget_ended_sessions
from common import clock
from common.models import AuditEntry
from partners.enums import Role
from tests.accounts.conftest import PASSWORD, give_password, sign_in_fully
from tests.cast import COMMAND, NOW, sign_in_as

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0"


def is_signed_in(client):
    return client.get("/accounts/security/").status_code == 200


def test_the_owner_sees_each_device_with_its_address(enrolled):
    client = sign_in_fully(enrolled, Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.7"))
    page = client.get("/accounts/security/").content.decode()
    assert "Firefox, Windows" in page
    assert "192.0.2.7" in page
    assert "this device" in page


def test_another_device_is_ended_at_once_also_in_the_cache(enrolled):
    first, second = sign_in_fully(enrolled, steps=-1), sign_in_fully(enrolled)
    key = second.session.session_key
    row = next(one for one in SignIn.objects.all() if one.session_key == key)
    first.post(f"/accounts/security/sign-ins/{row.public_id}/end/")
    assert is_signed_in(first)
    assert not is_signed_in(second)
    assert cache.get(f"django.contrib.sessions.cached_db{key}") is None


def test_nobody_ends_a_session_of_somebody_else(enrolled, accounts):
    client = sign_in_fully(enrolled)
    other = sign_in_as(accounts[Role.ADMINISTRATOR])
    assert other.post(f"/accounts/security/sign-ins/{SignIn.objects.get().public_id}/end/").status_code == 404
    assert is_signed_in(client)


def test_signing_out_everywhere_else_ends_the_others_and_forgets_the_devices(enrolled):
    first, second = sign_in_fully(enrolled, steps=-1, remember="on"), sign_in_fully(enrolled)
    second.post("/accounts/security/sign-ins/end/")
    assert not is_signed_in(first)
    assert is_signed_in(second)
    assert give_password(enrolled, first)[0]["Location"] == "/accounts/second-factor/"


def test_an_operator_ends_all_or_one(enrolled):
    client, out = sign_in_fully(enrolled), StringIO()
    call_command("sign_out", enrolled.email, list=True, stdout=out)
    assert str(SignIn.objects.get().public_id) in out.getvalue()
    call_command("sign_out", enrolled.email, one=str(SignIn.objects.get().public_id), stdout=out)
    assert not is_signed_in(client)


def test_a_remembered_device_needs_the_password_only_and_only_for_its_own_account(enrolled, accounts):
    client = sign_in_fully(enrolled, remember="on")
    client.post("/accounts/logout/")
    assert give_password(enrolled, client)[0]["Location"] == "/"
    assert client.session[sign_ins.FACTOR] == "device"
    client.post("/accounts/logout/")
    other = accounts[Role.FIELD]
    other.set_password(PASSWORD)
    other.save()
    assert give_password(other, client)[0]["Location"] == "/accounts/second-factor/new/"


def test_a_device_that_was_not_to_be_remembered_is_asked_again(enrolled):
    client = sign_in_fully(enrolled)
    client.post("/accounts/logout/")
    assert give_password(enrolled, client)[0]["Location"] == "/accounts/second-factor/"


def test_a_forged_or_foreign_device_is_not_remembered(enrolled):
    device = sign_ins.remember(user=enrolled, by=COMMAND, at=NOW, real_at=clock.real_now())
    client = Client()
    client.cookies["device"] = str(device.public_id)
    assert give_password(enrolled, client)[0]["Location"] == "/accounts/second-factor/"


def test_a_device_is_remembered_for_twelve_hours(enrolled):
    client = sign_in_fully(enrolled, remember="on")
    client.post("/accounts/logout/")
    RememberedDevice.objects.update(until=clock.real_now() - timedelta(seconds=1))
    assert give_password(enrolled, client)[0]["Location"] == "/accounts/second-factor/"


def test_a_new_password_ends_every_other_session_and_remembered_device(enrolled):
    first, second = sign_in_fully(enrolled, steps=-1, remember="on"), sign_in_fully(enrolled)
    given = {"oldpassword": PASSWORD, "password1": "quite another four words", "password2": "quite another four words"}
    assert second.post("/accounts/security/password/", given).status_code == 302
    assert not is_signed_in(first)
    assert is_signed_in(second)
    assert not RememberedDevice.objects.exists()


def test_the_key_of_the_session_changes_at_sign_in(enrolled):
    client = Client()
    _, client = give_password(enrolled, client)
    before = client.session.session_key
    sign_in_fully(enrolled, client)
    assert client.session.session_key != before


def test_a_session_ends_after_twelve_hours_however_busy_it_was(enrolled):
    client = sign_in_fully(enrolled)
    session = client.session
    session[sign_ins.BEGAN] -= 12 * 3600
    session.save()
    assert not is_signed_in(client)


def test_last_use_is_kept_to_five_minutes(enrolled):
    client = sign_in_fully(enrolled)
    long_ago = clock.real_now() - timedelta(minutes=6)
    session = client.session
    session[sign_ins.SEEN] = long_ago.timestamp()
    session.save()
    SignIn.objects.update(last_used_at=long_ago)
    client.get("/accounts/security/")
    assert SignIn.objects.get().last_used_at > long_ago + timedelta(minutes=5)


def test_an_account_that_ends_closes_its_sessions_and_opens_no_more(enrolled):
    client = sign_in_fully(enrolled)
    enrolled.ends_at = clock.now() - timedelta(seconds=1)
    enrolled.save()
    assert not is_signed_in(client)
    assert give_password(enrolled)[0]["Location"] == "/accounts/inactive/"


def test_every_step_is_written_down_without_personal_data(enrolled):
    give_password(enrolled, password="wrong")
    client = sign_in_fully(enrolled, remember="on")
    client.post("/accounts/logout/")
    kept = AuditEntry.objects.filter(subject=f"accounts.user:{enrolled.public_id}").values_list("verb", flat=True)
    assert {"sign-in failed", "signed in", "device remembered", "session ended"} <= set(kept)
    assert not AuditEntry.objects.filter(why__contains=enrolled.email).exists()


def test_the_sixth_wrong_password_is_not_looked_at_and_the_right_one_neither(enrolled):
    for _ in range(5):
        give_password(enrolled, password="wrong")
    answer = give_password_raw(enrolled)
    assert answer.status_code == 200
    assert "Too many failed" in answer.content.decode()


def give_password_raw(user):
    return Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD})


def test_a_known_and_an_unknown_address_get_the_same_answer_and_both_are_written_down(enrolled):
    def answer(email):
        return Client().post("/accounts/login/", {"login": email, "password": "wrong"}).content.decode()

    known, unknown = answer(enrolled.email), answer("nobody@homeward.example")
    assert plain(known, enrolled.email) == plain(unknown, "nobody@homeward.example")
    assert AuditEntry.objects.filter(verb="sign-in failed").count() == 2


def plain(page, email):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.replace(email, "address"))


def test_asking_for_a_new_password_takes_as_long_for_an_unknown_address_and_says_the_same(enrolled, mailbox):
    def asked(email):
        began = time.monotonic()
        answer = Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        return time.monotonic() - began > views.ANSWER_SECONDS, plain(answer.content.decode(), email)

    assert asked(enrolled.email) == asked("nobody@homeward.example")
    assert len(mailbox.messages()) == 1


def test_what_has_ended_by_itself_is_taken_away(enrolled):
    sign_in_fully(enrolled, remember="on")
    past = clock.real_now() - sign_ins.SHIFT
    SignIn.objects.update(began_at=past)
    RememberedDevice.objects.update(until=past)
    Session.objects.update(expire_date=past)
    forget_ended_sessions()
    assert [model.objects.count() for model in (SignIn, RememberedDevice, Session)] == [0, 0, 0]
