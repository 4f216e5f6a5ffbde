"""Somebody is invited by mail, chooses a password by a link that works once, and is in; nobody else is."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from common.models import AuditEntry
from partners import invitations
from partners.enums import Role
from partners.models import Invitation
from tests.cast import COMMAND, NOW

CHOSEN = "four unlikely words together"
REAL = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def invited(sign_in, organisations, mailbox, django_capture_on_commit_callbacks):
    """Anna is invited on the page; gives the path in her mail."""
    office = organisations["iom-kz"].offices.get()
    with django_capture_on_commit_callbacks(execute=True):
        answer = sign_in(Role.ADMINISTRATOR).post(
            "/access/invite/",
            {"email": "anna@iom-kz.example", "printed_name": "Anna", "language": "ru", "office": office.public_id,
             "role": Role.FIELD, "own_mission_only": "on"},
        )  # fmt: skip
    assert answer.status_code == 302
    [mail] = mailbox.to("anna@iom-kz.example")
    [path] = re.findall(r"https?://[^/]+(/invitations/\S+)", mail.get_content())
    return path


def test_the_invited_chooses_a_password_once_and_the_account_opens(invited):
    user = User.objects.get(email="anna@iom-kz.example")
    assert (user.is_active, user.has_usable_password(), user.must_use_second_factor) == (False, False, True)
    assert Invitation.objects.get().sent_at is not None
    stranger = Client()
    assert stranger.get(invited).status_code == 200
    assert not User.objects.get(pk=user.pk).is_active  # a mail scanner has followed the link
    assert stranger.post(invited, {"password": "short", "again": "short"}).status_code == 422
    assert stranger.post(invited, {"password": CHOSEN, "again": "other " + CHOSEN}).status_code == 422
    assert stranger.post(invited, {"password": CHOSEN, "again": CHOSEN}).status_code == 302
    user.refresh_from_db()
    assert user.is_active
    assert user.check_password(CHOSEN)
    assert user.memberships.get().own_mission_only
    assert stranger.get(invited).status_code == 410
    assert stranger.post(invited, {"password": "another " + CHOSEN, "again": "another " + CHOSEN}).status_code == 410
    assert User.objects.get(pk=user.pk).check_password(CHOSEN)


def test_the_database_holds_no_link_that_could_be_used(invited):
    row = Invitation.objects.get()
    assert invited.strip("/").split("/")[-1] not in str(
        {name: getattr(row, name) for name in ("digest", "by", "public_id")}
    )


def test_a_link_ends_by_age_by_a_new_one_and_by_withdrawal(organisations, django_capture_on_commit_callbacks, mailbox):
    office = organisations["kz-border"].offices.get()
    told = {
        "email": "b@kz-border.example",
        "printed_name": "B",
        "language": "ru",
        "office": office,
        "role": Role.LIAISON,
    }
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invitations.invite(**told, by=COMMAND, at=NOW, real_at=REAL)
    first = token_in(mailbox.to("b@kz-border.example")[-1])
    assert invitations.find(first, real_at=REAL + timedelta(hours=71))
    assert invitations.find(first, real_at=REAL + timedelta(hours=72)) is None
    with django_capture_on_commit_callbacks(execute=True):
        invitations.resend(invitation=invitation, by=COMMAND, at=NOW, real_at=REAL + timedelta(hours=1))
    second = token_in(mailbox.to("b@kz-border.example")[-1])
    assert invitations.find(first, real_at=REAL + timedelta(hours=2)) is None
    assert invitations.find(second, real_at=REAL + timedelta(hours=2))
    invitations.withdraw(invitation=invitation, by=COMMAND, at=NOW)
    assert invitations.find(second, real_at=REAL + timedelta(hours=2)) is None
    verbs = list(AuditEntry.objects.filter(verb__startswith="invitation").values_list("verb", flat=True))
    assert sorted(verbs) == ["invitation sent", "invitation sent", "invitation withdrawn"]


def token_in(mail) -> str:
    return str(re.findall(r"/invitations/([^/\s]+)/", mail.get_content())[0])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": "nobody"}, "valid email"),
        ({"email": "coordinator@iom-uz.example"}, "has an account already"),
        ({"role": Role.CONSULAR}, "is an IOM office"),
        ({"valid_until": "2000-01-01"}, "is past"),
        ({"valid_until": "31 February"}, "a day that exists"),
        ({"office": "00000000-0000-4000-8000-000000000000"}, "choice"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_opens_nothing(sign_in, organisations, changed, said):
    before = User.objects.count()
    sent = {"email": "anna@iom-kz.example", "printed_name": "Anna", "language": "ru", "role": Role.FIELD,
            "office": organisations["iom-kz"].offices.get().public_id, **changed}  # fmt: skip
    answer = sign_in(Role.ADMINISTRATOR).post("/access/invite/", sent)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert User.objects.count() == before
