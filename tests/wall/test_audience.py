"""Who asks is told for the length of a transaction, handed over at each door, and never left behind."""

import json

import pytest
from django.db import connection, transaction
from structlog.contextvars import bound_contextvars

from common.audience import Audience, announce, asking, reaching_for, standing
from tests.support.audience import nobody_asks


@pytest.mark.django_db(transaction=True)
def test_an_audience_ends_with_its_transaction_on_the_same_connection():
    with nobody_asks():
        with transaction.atomic():
            announce(Audience("staff", "a", missions=(1,)))
            backend = _backend()
            assert json.loads(standing())["ref"] == "a"
        assert standing() == ""
        assert _backend() == backend


def test_an_audience_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(transaction.TransactionManagementError, match="open one first"):
        announce(Audience.task("x"))


def test_asking_gives_the_word_back_to_whoever_had_it(db):
    with asking(Audience("staff", "a")):
        with asking(Audience.signing_in()):
            assert json.loads(standing())["kind"] == "sign-in"
        assert json.loads(standing())["ref"] == "a"
        with pytest.raises(ZeroDivisionError), asking(Audience.task("x")):
            _ = 1 / 0
        assert json.loads(standing())["ref"] == "a"


def test_reaching_further_keeps_who_asks_and_ends(db):
    with asking(Audience("staff", "a", scopes=("cases",))):
        with reaching_for("merge"):
            told = json.loads(standing())
            assert (told["kind"], told["ref"], told["reason"]) == ("staff", "a", "merge")
        assert json.loads(standing())["reason"] == ""


def test_the_request_is_told_with_the_audience(db):
    with bound_contextvars(request_id="r-1"), asking(Audience.task("x")):
        assert json.loads(standing())["request"] == "r-1"


def test_a_viewer_is_told_with_scopes_from_the_policy(viewers):
    scopes = {role: set(viewer.audience.scopes) for role, viewer in viewers.items()}
    assert scopes == {
        "field": {"cases", "directory", "corridors", "funding"},
        "coordinator": {"cases", "directory", "corridors", "funding"},
        "protection": {"cases", "protection", "directory", "corridors", "funding"},
        "consular": set(),
        "liaison": set(),
        "programme": {"corridors", "funding"},
        "data_protection": {"oversight"},
        "administrator": {"accounts", "directory"},
    }
    assert {role: viewer.audience.kind for role, viewer in viewers.items() if viewer.audience.kind != "staff"} == {
        "consular": "partner",
        "liaison": "partner",
    }


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return int(cursor.fetchone()[0])
