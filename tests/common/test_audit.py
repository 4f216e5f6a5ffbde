"""An act and its audit row stand or fall together, and nobody rewrites them."""

import pytest
from django.db import ProgrammingError, connection, transaction

from common import audit
from common.models import AccessEntry, AuditEntry
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


def test_an_act_that_fails_leaves_no_audit_row(group):
    with transaction.atomic():
        audit.record("group opened", group, by=COMMAND, at=NOW)
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == 0


def test_an_audit_row_names_who_what_and_when(group):
    audit.record("group opened", group, by=COMMAND, at=NOW, why="seen at the barrier")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.subject, entry.by, entry.at) == (
        "group opened",
        f"migrants.travelgroup:{group.public_id}",
        COMMAND,
        NOW,
    )


def test_outside_a_transaction_nothing_is_recorded(transactional_db):
    with pytest.raises(transaction.TransactionManagementError):
        audit.record("group opened", AuditEntry(), by=COMMAND, at=NOW)


@pytest.mark.parametrize("statement", ["update {} set by = '{{}}'", "delete from {}", "truncate {}"])
@pytest.mark.parametrize("model", [AuditEntry, AccessEntry])
def test_the_runtime_role_can_only_read_and_add(model, statement):
    table = model._meta.db_table
    for name in (table, f"{table}_default"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement.format(name))
