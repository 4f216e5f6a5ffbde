"""Months are made ahead by the runtime role, which can make nothing else."""

import pytest
from django.db import DatabaseError, connection, transaction

from common import audit
from common.models import AuditEntry
from common.partitions import PARTITIONED, ensure_months
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


def test_the_months_ahead_exist_once_however_often_they_are_asked_for():
    for _ in range(2):
        ensure_months(around=NOW)
    assert [f"{parent}_2020{month}" for parent in sorted(PARTITIONED) for month in (10, 11, 12)] == partitions()


@pytest.mark.parametrize("statement", ["update {} set at = at", "delete from {}"])
def test_a_new_month_is_append_only_too(statement):
    ensure_months(around=NOW)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format("common_auditentry_202010"))


def test_no_other_table_can_be_divided_that_way():
    with pytest.raises(DatabaseError, match="not a partitioned table"), transaction.atomic():
        connection.cursor().execute("select homeward_ensure_month('accounts_user', now())")


def test_rows_that_came_before_their_month_stay_where_they_are(group):
    audit.record("group opened", group, by=COMMAND, at=NOW)
    ensure_months(around=NOW)
    assert "common_auditentry_202010" not in partitions()
    assert AuditEntry.objects.count() == 1


def partitions() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where c.relkind = 'r'"
            " and c.relname ~ '_2020(10|11|12)$' order by 1"
        )
        return [name for (name,) in cursor.fetchall()]
