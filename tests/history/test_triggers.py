"""Every change of every table of ours leaves its row of history, whatever way it was written; nobody writes one by hand."""

from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from knox.models import AuthToken

from accounts import tokens
from common import audit
from common.audience import Audience, announce
from common.models import AuditEntry, HistoryRow
from common.sealed import BlindIndexField, SealedTextField
from migrants.models import Family, Migrant, TravelGroup
from partners.enums import Role
from partners.models import Office
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
WITHOUT = {
    # the logs themselves, and what only the demonstration or the engine keeps
    "common_auditentry", "common_accessentry", "common_historyrow", "common_historyseal", "common_historycheck",
    "common_clockoffset", "common_idempotencykey",
    "notifications_deliveryattempt", "notifications_enginesign", "partners_unreached",
    # derived, and made anew whenever what they follow from changes
    "returns_casereadiness", "returns_boardcount", "corridors_passage", "corridors_ruleatom", "corridors_atomslot",
    "corridors_ruleset", "returns_waitingheads",
    # Django's own tables for groups and permissions, which this house does not use
    "accounts_user_groups", "accounts_user_user_permissions", "auth_group", "auth_group_permissions", "auth_permission",
    "django_content_type",
    # signed with a key that is not in the database, and rewritten by every page; accounts_signin says who came and went
    "django_session",
}  # fmt: skip
"""Tables that have no history, and why."""
SECRETS_OF_LIBRARIES = {"mfa_authenticator.data", "knox_authtoken.digest", "knox_authtoken.token_key",
                        "account_emailconfirmation.key"}  # fmt: skip
MODELS = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True) if model._meta.managed}
"""Ours, and what libraries keep: who changes a second factor or a token could enter as its owner."""


def kept() -> dict[str, list[str]]:
    """Tables that keep history, each with the arguments of its triggers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, array_agg(distinct tgargs), count(*)"
            " from pg_trigger t join pg_class c on c.oid = tgrelid"
            " where tgname ~ '^keep_history_of_(insert|update|delete)$' and tgenabled = 'O' group by 1"
        )
        found = cursor.fetchall()
    assert [name for name, arguments, triggers in found if triggers != 3 or len(arguments) != 1] == []
    return {name: bytes(arguments[0]).decode().split("\0") for name, arguments, _ in found}


def rows(table: str, *, after: int = 0) -> list[tuple[str, Any]]:
    found = HistoryRow.objects.filter(table_name=table, id__gt=after).order_by("id")
    return list(found.values_list("operation", "content"))


def last() -> int:
    return HistoryRow.objects.order_by("-id").values_list("id", flat=True).first() or 0


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_every_table_keeps_history_or_is_named_as_one_that_does_not():
    assert set(kept()) == set(MODELS) - WITHOUT


def test_no_sealed_column_and_no_search_key_enters_the_history():
    forgotten = []
    for table, arguments in kept().items():
        left_out = {*arguments[0].split(), *arguments[1].split()}
        for field in MODELS[table]._meta.concrete_fields:
            hidden = isinstance(field, SealedTextField | BlindIndexField) or field.column in (
                "password", "name_keys", "sort_key", "search_text",
            )  # fmt: skip
            hidden = hidden or f"{table}.{field.column}" in SECRETS_OF_LIBRARIES
            if hidden and field.column not in left_out:
                forgotten.append(f"{table}.{field.column}")
    assert forgotten == []


def test_every_table_of_a_person_says_whose_row_it_is():
    """By a column of its own, or by the table behind it."""
    nameless = []
    for table, arguments in kept().items():
        columns = {field.column for field in MODELS[table]._meta.concrete_fields}
        points = {
            field.column
            for field in MODELS[table]._meta.concrete_fields
            if field.related_model and field.related_model._meta.db_table in ("migrants_migrant", "returns_returncase")
        }
        named = {arguments[2], arguments[3]} & columns
        if not points - {"merged_into_id", "case_id"} <= named or ("case_id" in points and not named):
            nameless.append(table)
    assert nameless == []


def test_many_rows_in_one_statement_leave_a_row_each(group):
    since = last()
    Family.objects.bulk_create(Family(group=group, code=f"Z{number}") for number in range(3))
    assert [(what, content["code"]) for what, content in rows("migrants_family", after=since)] == [
        ("insert", f"Z{number}") for number in range(3)
    ]
    since = last()
    Family.objects.filter(group=group).update(code=Concat("code", Value("+")))
    assert sorted(content["code"] for _, content in rows("migrants_family", after=since)) == [
        [f"Z{number}", f"Z{number}+"] for number in range(3)
    ]
    since = last()
    Family.objects.filter(group=group).delete()
    assert [what for what, _ in rows("migrants_family", after=since)] == ["delete"] * 3


def test_copied_rows_and_raw_statements_are_seen_too(group):
    run("create temporary table arriving (public_id uuid, code text) on commit drop")
    since = last()
    with connection.cursor() as cursor, cursor.copy("copy arriving from stdin") as copy:
        for number in range(4):
            copy.write_row((uuid4(), f"Z{number}"))
    run("insert into migrants_family (public_id, code, group_id) select public_id, code, %s from arriving", group.pk)
    run("update migrants_family set code = code || '1' where code < 'Z2'")
    run("delete from migrants_family where code = 'Z3'")
    assert [what for what, _ in rows("migrants_family", after=since)] == ["insert"] * 4 + ["update"] * 2 + ["delete"]


def test_an_upsert_leaves_what_it_did_to_each_row(group):
    held = Family.objects.create(group=group, code="Z1")
    since = last()
    run(
        "insert into migrants_family (id, public_id, code, group_id) overriding system value values (%s, %s, 'Z3', %s),"
        " (%s, %s, 'Z4', %s) on conflict (id) do update set code = excluded.code",
        held.pk, uuid4(), group.pk, held.pk + 1000, uuid4(), group.pk,
    )  # fmt: skip
    assert sorted(what for what, _ in rows("migrants_family", after=since)) == ["insert", "update"]


def test_a_statement_that_changes_nothing_leaves_nothing(group):
    since = last()
    TravelGroup.objects.filter(pk=group.pk).update(code=group.code)
    TravelGroup.objects.filter(pk=0).update(code="none")
    assert last() == since


def test_a_change_says_what_was_and_what_is_of_every_kind_of_column(group):
    """Also where there was nothing, where nothing is left, and where the key itself became another."""
    office = Office.objects.latest("pk")
    Office.objects.filter(pk=office.pk).update(
        city='Ош "1"', holidays=[{"day": None}], valid_until=NOW, is_mission=True
    )
    since = last()
    Office.objects.filter(pk=office.pk).update(city="", holidays=[], valid_until=None, is_mission=False)
    assert rows("partners_office", after=since) == [
        (
            "update",
            {
                "city": ['Ош "1"', ""],
                "holidays": [[{"day": None}], []],
                "valid_until": ["2020-10-01T03:00:00+00:00", None],
                "is_mission": [True, False],
            },
        )
    ]
    since, family = last(), Family.objects.create(group=group, code="Z1")
    run("update migrants_family set id = id + 1000 where id = %s", family.pk)
    assert [(what, content["code"]) for what, content in rows("migrants_family", after=since)] == [
        ("insert", "Z1"), ("delete", "Z1"), ("insert", "Z1"),
    ]  # fmt: skip


def test_what_is_sealed_stands_as_a_mark_only(group, registered):
    person = registered("Озмоиш Одам")
    person.phone, person.note = "+77010001122", "a secret"
    since = last()
    person.save()
    [(what, content)] = rows("migrants_migrant", after=since)
    assert (what, content) == ("update", {"phone": "sealed", "phone_index": "sealed", "note": "sealed"})
    since = last()
    Migrant.objects.filter(pk=person.pk).delete()
    [(what, content)] = rows("migrants_migrant", after=since)
    assert (what, content["note"], content["full_name"]) == ("delete", "sealed", "Озмоиш Одам")
    assert not {"name_keys", "sort_key"} & set(content)


def test_whoever_changes_a_token_of_the_api_leaves_a_trace_and_no_secret(accounts):
    """The row of the library, by raw SQL: whose it is and how long it lives."""
    given = tokens.issue(user=accounts[Role.FIELD], days=1, by=COMMAND, at=NOW)
    since = last()
    run("update knox_authtoken set user_id = %s, token_key = 'x'", accounts[Role.COORDINATOR].pk)
    assert rows("knox_authtoken", after=since) == [
        ("update", {"user_id": [accounts[Role.FIELD].pk, accounts[Role.COORDINATOR].pk], "token_key": "sealed"})
    ]
    AuthToken.objects.all().delete()
    kept = str(rows("knox_authtoken"))
    assert [what for what, _ in rows("knox_authtoken")] == ["insert", "update", "delete"]
    assert given.prefix not in kept
    assert given.token not in kept


def test_whoever_gives_an_account_another_address_leaves_a_trace(accounts):
    user = accounts[Role.FIELD]
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    run("update account_emailaddress set email = 'other@x.example'")
    assert rows("account_emailaddress")[-1] == ("update", {"email": [user.email, "other@x.example"]})


def test_a_row_says_whose_it_is_who_asked_and_in_which_request(registered):
    announce(Audience("staff", ref="someone", scopes=("cases", "oversight")))
    person = registered("Озмоиш Одам")
    row = HistoryRow.objects.filter(table_name="migrants_migrant").latest("id")
    assert (row.public_id, row.person_id, row.mission_id) == (person.public_id, person.pk, person.mission_id)
    assert row.who == {"kind": "staff", "ref": "someone"}
    assert AuditEntry.objects.filter(subject=audit.subject_of(person), transaction=row.transaction).exists()


def test_without_an_audience_history_is_written_all_the_same(group):
    run("select set_config('homeward.audience', '', true)")
    Family.objects.create(group=group, code="Z1")
    announce(Audience.command("tests"))
    row = HistoryRow.objects.latest("id")
    assert (row.who, row.request_id, row.operation) == (None, "", "insert")


@pytest.mark.parametrize(
    "statement",
    [
        "update common_historyrow set content = '{}'",
        "delete from common_historyrow",
        "truncate common_historyrow",
        "insert into common_historyrow (at, table_name) values (now(), 'x')",
        "insert into common_historyrow_default (at, table_name) values (now(), 'x')",
        "delete from common_historyrow_default",
        "select * from common_historyrow_default",
        "select setval('common_historyrow_id_seq', 1)",
        "alter table migrants_family disable trigger user",
        "drop trigger keep_history_of_insert on migrants_family",
        "set session_replication_role = replica",
        "create or replace function homeward_keep_insert() returns trigger language plpgsql as 'begin return null; end'",
        "select homeward_person_behind('returns_returncase', 1)",
    ],
)
def test_the_runtime_role_can_only_read_history(statement):
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        run(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "insert into common_historyseal select * from common_historyseal",
        "update common_historyseal set head = ''",
        "delete from common_historyseal",
        "insert into common_historyerasure (public_id) values (gen_random_uuid())",
        "delete from common_historyerasure",
        "update common_historycheck set faults = 0",
        "alter table common_auditentry disable trigger digest_of_entry",
    ],
)
def test_the_runtime_role_makes_no_seal_by_hand(statement):
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        run(statement)


def test_what_is_said_of_transaction_and_digest_by_the_writer_is_not_believed():
    AuditEntry.objects.create(
        at=NOW, verb="lie", subject="x:1", by=COMMAND, transaction=1, digest=b"1", salt=uuid4(), emptied_by=uuid4()
    )
    entry = AuditEntry.objects.get(verb="lie")
    assert entry.transaction > 1
    assert (len(bytes(entry.digest)), entry.emptied_by) == (32, None)
