"""The second factor: nobody who must have one gets past it, and its secrets are of use to nobody who reads the table."""

import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings

from accounts import second_factor
from accounts.models import User
from common.models import AuditEntry
from common.sealed import SealError
from partners.enums import Role
from partners.memberships import grant
from tests.accounts.conftest import PASSWORD, code_for, give_password, shown_by_app, sign_in_fully
from tests.cast import COMMAND, NOW, SEATS, make_account

pytestmark = pytest.mark.django_db
STEP = "/accounts/second-factor/"
NEW = "/accounts/second-factor/new/"


def secret_on(answer):
    """The letters that a page gives to be typed into an app."""
    return "".join(re.findall(r"secret-letters\">([A-Z2-7 ]+)<", answer.content.decode())[0].split())


def verbs():
    return list(AuditEntry.objects.order_by("at").values_list("verb", flat=True))


def test_the_password_alone_opens_nothing(enrolled):
    answer, client = give_password(enrolled)
    assert answer["Location"] == STEP
    assert client.get("/")["Location"].startswith("/accounts/login/")
    assert client.get("/api/v1/groups/").status_code == 401


def test_password_and_code_open_the_board(enrolled):
    assert sign_in_fully(enrolled).get("/").status_code == 200


def test_an_account_without_a_second_factor_is_led_to_set_one_up_and_opens_nothing_before(coordinator):
    answer, client = give_password(coordinator)
    assert answer["Location"] == NEW
    assert client.get("/")["Location"].startswith("/accounts/login/")
    assert client.get("/accounts/login/")["Location"] == NEW
    assert client.get("/accounts/security/").status_code == 302
    assert client.get("/api/v1/groups/").status_code == 401
    secret = secret_on(client.get(NEW))
    answer = client.post(NEW, {"code": code_for(secret)})
    assert answer["Location"].startswith("/accounts/security/codes/?next=")
    codes = re.findall(r"<code>(\d{8})</code>", client.get(answer["Location"]).content.decode())
    assert len(codes) == 10
    assert "<code>" not in client.get("/accounts/security/codes/").content.decode()
    assert client.get("/").status_code == 200


def test_the_secret_waits_for_its_first_code_sealed(coordinator):
    _, client = give_password(coordinator)
    secret = secret_on(client.get(NEW))
    assert secret not in str(dict(client.session))


def test_a_session_without_second_factor_counts_for_nobody_once_one_is_due(organisations):
    user = User.objects.create_user("new@iom-uz.example", PASSWORD, printed_name="New", joined_at=NOW)
    client = Client()
    client.force_login(user)
    assert client.get("/accounts/security/").status_code == 200
    grant(user=user, office=organisations["iom-uz"].offices.get(), role=Role.FIELD, by=COMMAND, at=NOW)
    assert client.get("/accounts/security/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(("role", "code"), SEATS.items())
def test_whoever_holds_a_role_must_have_a_second_factor(role, code, organisations):
    user = User.objects.create_user("new@iom-uz.example", PASSWORD, printed_name="New", joined_at=NOW)
    grant(user=user, office=organisations[code].offices.get(), role=role, by=COMMAND, at=NOW)
    user.refresh_from_db()
    assert user.must_use_second_factor


def test_a_code_opens_once_in_all_the_half_minutes_in_which_it_is_right(enrolled):
    code = shown_by_app(enrolled, steps=1)
    _, first = give_password(enrolled)
    assert first.post(STEP, {"code": code}).status_code == 302
    _, second = give_password(enrolled)
    cache.delete(f"allauth.mfa.totp.used?user={enrolled.pk}&code={code}")  # as half a minute later
    assert second.post(STEP, {"code": code}).status_code == 200


def test_a_recovery_code_opens_once_and_says_how_many_are_left(
    coordinator, mailbox, django_capture_on_commit_callbacks
):
    codes = set_up(coordinator)
    _, client = give_password(coordinator)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(STEP, {"code": codes[0]})["Location"] == "/"
    assert "9 recovery codes are left" in client.get("/").content.decode()
    assert "recovery codes" in mailbox[-1].get_body().get_content()
    _, again = give_password(coordinator)
    assert again.post(STEP, {"code": codes[0]}).status_code == 200
    assert second_factor.codes_left(coordinator) == 9


def set_up(user):
    """Sets up an app as a person would; the recovery codes that were shown."""
    _, client = give_password(user)
    secret = secret_on(client.get(NEW))
    shown = client.post(NEW, {"code": code_for(secret, steps=-1)})
    return re.findall(r"<code>(\d{8})</code>", client.get(shown["Location"]).content.decode())


def test_the_fifth_wrong_code_is_the_last_one_that_is_looked_at(enrolled):
    _, client = give_password(enrolled)
    for _ in range(5):
        assert "Too many" not in client.post(STEP, {"code": "000000"}).content.decode()
    assert client.post(STEP, {"code": shown_by_app(enrolled)}).status_code == 200
    assert verbs().count("second factor failed") == 6


def test_the_table_shows_no_secret(coordinator):
    codes = set_up(coordinator)
    app = Authenticator.objects.get(user=coordinator, type="totp")
    secret = second_factor.opened_for(coordinator, app.data["secret"])
    with connection.cursor() as cursor:
        cursor.execute("select string_agg(data::text, ' ') from mfa_authenticator")
        raw = cursor.fetchone()[0]
    assert secret not in raw
    assert not [code for code in codes if code in raw]


def test_a_secret_copied_to_another_account_does_not_open(enrolled, organisations):
    other = make_account(Role.FIELD, organisations["iom-kz"], email="other@iom-kz.example")
    app = Authenticator.objects.get(user=enrolled)
    with pytest.raises(SealError):
        second_factor.opened_for(other, app.data["secret"])


def test_resealing_covers_the_secrets(enrolled, settings):
    before = Authenticator.objects.get(user=enrolled).data["secret"]
    code = shown_by_app(enrolled)
    settings.SEALING_KEYS = ["fresh:" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY=", *settings.SEALING_KEYS]
    out = StringIO()
    call_command("reseal", stdout=out)
    assert "mfa.Authenticator.data: 1" in out.getvalue()
    assert Authenticator.objects.get(user=enrolled).data["secret"] != before
    settings.SEALING_KEYS = settings.SEALING_KEYS[:1]
    assert shown_by_app(enrolled) == code


def test_a_reset_takes_the_second_factor_ends_sessions_and_tells_the_owner(
    enrolled, mailbox, django_capture_on_commit_callbacks
):
    client = sign_in_fully(enrolled)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("reset_second_factor", enrolled.email, why="met at the office", stdout=StringIO())
    assert client.get("/")["Location"].startswith("/accounts/login/")
    assert "took away" in mailbox[-1].get_body().get_content()
    assert AuditEntry.objects.get(verb="second factor reset").why == "met at the office"
    assert give_password(enrolled)[0]["Location"] == NEW


def test_a_reset_needs_a_reason(enrolled):
    with pytest.raises(CommandError, match="Say why"):
        call_command("reset_second_factor", enrolled.email, why="  ")


def test_the_last_second_factor_stays_where_one_is_due(enrolled):
    client = sign_in_fully(enrolled)
    client.post("/accounts/again/", {"password": PASSWORD})
    answer = client.post("/accounts/security/app/remove/")
    assert "only second step" in answer.content.decode()
    assert second_factor.shown(enrolled)


def test_changing_the_second_factor_asks_once_more_who_is_there(enrolled):
    client = sign_in_fully(enrolled)
    assert client.get("/accounts/security/passkeys/add/")["Location"].startswith("/accounts/again/")


def test_the_code_of_a_demonstration_is_printed_and_no_other(enrolled):
    out = StringIO()
    call_command("second_factor_code", enrolled.email, stdout=out)
    assert out.getvalue().strip() == shown_by_app(enrolled)
    with override_settings(DEMO_CLOCK=False), pytest.raises(CommandError, match="DEMO_CLOCK"):
        call_command("second_factor_code", enrolled.email)
    User.objects.filter(pk=enrolled.pk).update(email="somebody@iom.int")
    with pytest.raises(CommandError, match="demonstration"):
        call_command("second_factor_code", "somebody@iom.int")


def test_a_demonstration_says_on_the_page_where_the_code_comes_from(enrolled):
    _, client = give_password(enrolled)
    assert f"second_factor_code {enrolled.email}" in client.get(STEP).content.decode()
    with override_settings(DEMO_CLOCK=False):
        assert "second_factor_code" not in client.get(STEP).content.decode()
