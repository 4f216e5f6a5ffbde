"""The three logs are sealed once their transactions have ended, and whoever touches them afterwards is found out."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, transaction

from common import audit, chain, seals
from common.audience import Audience, asking
from common.history import ENVELOPE, empty_content
from common.models import AccessEntry, AuditEntry, HistoryCheck, HistoryRow, HistorySeal
from migrants.models import Migrant
from tests.cast import COMMAND, NOW
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner() -> Iterator[psycopg.Connection]:
    """A session of whoever owns the tables: what no wall stops."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as session:
        yield session


def waiting() -> int:
    """How many rows no seal holds yet."""
    ends = HistorySeal.objects.order_by("-number").values_list("until_transaction", flat=True).first() or 0
    return sum(model.objects.filter(transaction__gte=ends).count() for model in (AuditEntry, AccessEntry, HistoryRow))


def seal_all() -> None:
    """Seals until nothing waits: other test processes hold transactions of their own open on the same server."""

    def sealed() -> bool:
        with asking(Audience.task("seal_history")):
            seals.seal()
        return waiting() == 0

    wait_until(sealed, "every row to be sealed", seconds=120)


def look(person: Migrant) -> None:
    with transaction.atomic():
        audit.record_views([person.public_id], page="person", by=COMMAND, at=NOW)


@pytest.fixture
def person(registered: Callable[..., Migrant]) -> Migrant:
    """Somebody who was registered, changed and looked at, in three seals."""
    somebody = registered("Озмоиш Одам")
    seal_all()
    Migrant.objects.filter(pk=somebody.pk).update(sex="f")
    seal_all()
    look(somebody)
    seal_all()
    return somebody


def verified(**asked: Any) -> tuple[str, list[str]]:
    with asking(Audience.command("verify_history"), steady=True):
        proof = chain.verify(**asked)
    return proof.head, [str(fault) for fault in proof.faults]


def test_the_same_rows_always_give_the_same_head_and_no_fault(person):
    head, faults = verified()
    assert faults == []
    assert (head, []) == verified(expect=head)
    assert len(head) == 64


LOGS = ("common_historyrow", "common_auditentry", "common_accessentry", "common_historyseal")
TAMPERINGS = {
    # what somebody with every right over the tables does: what the proof says of it
    "update common_historyrow set content = '{}' where operation = 'update'": "its content is not the one",
    "update common_historyrow set who = '{}' where operation = 'update'": "who, when or which row",
    "update common_auditentry set at = at + interval '1 s' where subject like '%migrant:%'": "who, when or which row",
    "update common_auditentry set why = 'a better reason' where subject like '%migrant:%'": "its content is not the one",
    "update common_accessentry set person = gen_random_uuid()": "who, when or which row",
    "update common_accessentry set address = '10.0.0.1'": "its content is not the one",
    "delete from common_historyrow where operation = 'update'": "is missing",
    "delete from common_accessentry": "is missing",
    "update common_historyrow set content = null, salt = null where operation = 'update'": "no erasure says so",
    "insert into common_historyrow overriding system value select id + 100000, at, table_name, row_id, public_id, person_id,"
    " second_person_id, mission_id, operation, content, who, request_id, transaction, salt, content_digest, digest"
    " from common_historyrow where operation = 'update'": "was added after the seal",
    "update common_historyseal set number = case number when 1 then -1 else 1 end where number in (1, 2);"
    " update common_historyseal set number = 2 where number = -1": "seal 1: does not follow",
    "delete from common_historyseal where number = 2": "seals from 2 to 2 are missing",
    "update common_historyseal set rows = rows - 1 where number = 3": "seal 3: was changed",
    "update common_historyseal set list = substring(list from 56) where number = 1": "seal 1: was changed: its list",
    "truncate common_accessentry": "is missing",
}


def test_whoever_owns_the_tables_can_touch_nothing_unseen(person, owner):
    for table in LOGS:
        owner.execute(f"create table kept_{table} as table {table}")
    owner.execute(
        "alter table common_auditentry disable trigger user; alter table common_accessentry disable trigger user"
    )
    unseen = {}
    for tampering, words in TAMPERINGS.items():
        owner.execute(tampering)
        _, faults = verified()
        if not any(words in fault for fault in faults) or not all(fault.startswith("seal ") for fault in faults):
            unseen[tampering] = faults
        for table in LOGS:
            owner.execute(f"truncate {table}")
            owner.execute(f"insert into {table} overriding system value table kept_{table}")
    assert unseen == {}
    assert verified()[1] == []


def test_a_row_with_a_new_digest_of_its_own_is_found_by_the_seal(person, owner):
    row = HistoryRow.objects.get(operation="update")
    for change in (
        "salt = gen_random_uuid(), content = '{}'",
        "content_digest = sha256(uuid_send(salt) || convert_to(content::text, 'UTF8'))",
        f"digest = sha256(convert_to({ENVELOPE}, 'UTF8') || content_digest)",
    ):
        owner.execute(f"update common_historyrow set {change} where operation = 'update'")  # noqa: S608  # ours
    _, faults = verified()
    assert len(faults) == 1
    assert f"history row {row.id}: was changed after the seal" in faults[0]


def test_a_tail_that_was_cut_off_is_found_by_the_head_that_was_written_down(person, owner):
    head, _ = verified()
    owner.execute(
        "delete from common_accessentry;"
        " delete from common_historyseal where number = (select max(number) from common_historyseal)"
    )
    assert verified()[1] == []
    assert "no seal has the head that is expected" in verified(expect=head)[1][0]


def test_the_command_names_the_row_and_ends_with_an_error(person, owner):
    said = StringIO()
    call_command("verify_history", stdout=said)
    head = HistoryCheck.objects.get().head
    assert f"head {head}" in said.getvalue()
    call_command("verify_history", expect=head, since=f"{NOW + timedelta(days=20000):%Y-%m-%d}", stdout=StringIO())
    owner.execute("delete from common_accessentry")
    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify_history", stdout=said)
    assert re.search("FAULT seal [0-9]+: look .* is missing", said.getvalue())
    assert HistoryCheck.objects.latest("pk").first_fault.endswith("is missing")


def test_an_empty_minute_leaves_no_seal(person):
    numbers = list(HistorySeal.objects.values_list("number", flat=True))
    with asking(Audience.task("seal_history")):
        assert seals.seal() is None
    assert list(HistorySeal.objects.values_list("number", flat=True)) == numbers


def test_a_late_transaction_is_waited_for_and_then_sealed(person):
    begun, may_end = threading.Event(), threading.Event()

    def late() -> None:
        try:
            with transaction.atomic():
                audit.record("late act", person, by=COMMAND, at=NOW)
                begun.set()
                assert may_end.wait(60)
        finally:
            connections.close_all()

    thread = threading.Thread(target=late)
    thread.start()
    assert begun.wait(30)
    look(person)
    with asking(Audience.task("seal_history")):
        seals.seal()
    assert waiting() == 1  # what came after it waits with it
    may_end.set()
    thread.join()
    assert waiting() == 2
    seal_all()
    assert verified()[1] == []


def test_after_a_restore_the_count_goes_on_behind_the_last_seal(person, owner):
    """A new server counts from the beginning: the last seal lies far ahead of it."""
    owner.execute("update common_historyseal set until_transaction = until_transaction + 20000 where number = "
                  "(select max(number) from common_historyseal)")  # fmt: skip
    with pytest.raises(DatabaseError, match="counted behind the last seal"), asking(Audience.task("seal_history")):
        seals.seal()
    said = StringIO()
    call_command("continue_history", stdout=said)
    assert "transactions were counted on" in said.getvalue()
    look(person)
    seal_all()
    assert not [fault for fault in verified()[1] if "does not follow" in fault or "missing" in fault]


def test_a_second_sealer_leaves_the_work_to_the_first_and_a_killed_one_leaves_nothing(person, owner):
    look(person)
    other = psycopg.connect(os.environ["DATABASE_URL"])
    other.execute("select set_config('homeward.audience', '{\"kind\": \"task\"}', true)")
    wait_until(lambda: other.execute("select homeward_seal_history()").fetchone() != (None,), "the first", seconds=120)
    with asking(Audience.task("seal_history")):
        assert seals.seal() is None
    pid = other.info.backend_pid
    owner.execute("select pg_terminate_backend(%s)", [pid])
    wait_until(
        lambda: owner.execute("select count(*) from pg_stat_activity where pid = %s", [pid]).fetchone() == (0,),
        "its end",
    )
    other.close()
    assert waiting() == 1
    seal_all()
    assert verified()[1] == []


def test_an_erasure_empties_and_the_chain_still_stands(person, owner):
    with transaction.atomic():
        Migrant.objects.filter(pk=person.pk).update(full_name="–", latin_name="")
        erasure = empty_content(person=person, by=COMMAND, at=NOW, why="asked for it")
    of_person = HistoryRow.objects.filter(person_id=person.pk)
    assert of_person.count() >= 3
    assert not of_person.exclude(content=None).exists()
    assert not HistoryRow.objects.filter(content__icontains="Озмоиш").exists()
    seal_all()
    assert verified()[1] == []
    with transaction.atomic():
        assert empty_content(person=person, by=COMMAND, at=NOW, why="again").rows == 0
    owner.execute("update common_historyrow set content = null, salt = null, emptied_by = %s where salt is not null"
                  " and table_name = 'migrants_travelgroup'", [erasure.public_id])  # fmt: skip
    assert f"erasure {erasure.public_id}: says that it emptied" in verified()[1][0]
