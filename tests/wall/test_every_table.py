"""No table with a personal field stands outside the wall, and the role that serves cannot climb it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from common.enums import Sensitivity
from common.partitions import runtime_role

pytestmark = pytest.mark.django_db

OPEN = {
    # table of a library or of no model: why it holds nobody's data
    "django_migrations": "names and hours of migrations",
    "django_content_type": "names of models",
    "auth_permission": "names of rights, unused",
    "auth_group": "unused",
    "auth_group_permissions": "unused",
    "accounts_user_groups": "unused",
    "accounts_user_user_permissions": "unused",
}


def with_personal_fields() -> set[str]:
    """Tables of ours with a field that is not public, and every table of a library but those named in OPEN."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        levels = model.__dict__.get("personal_data")
        if levels is None or any(level != Sensitivity.PUBLIC for level in levels.values()):
            found.add(model._meta.db_table)
    return found - set(OPEN)


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def test_every_table_with_a_personal_field_is_behind_the_wall():
    walled = {name for (name,) in rows("select relname from pg_class where relrowsecurity and relkind in ('r', 'p')")}
    missing = sorted(with_personal_fields() - walled)
    assert missing == [], "Give each a line `BuildWall(…)` in a migration of its app (common/wall.py says which)."


def test_whatever_table_stands_in_the_open_is_named_with_a_reason_or_has_public_fields_alone():
    """Read from the database itself, so that a table that no model knows is found too."""
    found = {
        name
        for (name,) in rows(
            "select relname from pg_class where not relrowsecurity and relkind in ('r', 'p', 'm', 'f')"
            " and not relispartition and relnamespace = 'public'::regnamespace"
        )
    }
    public = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if "personal_data" in model.__dict__ and set(model.__dict__["personal_data"].values()) <= {Sensitivity.PUBLIC}
    }
    assert found - public == set(OPEN)
    assert all(OPEN.values())


def test_what_libraries_keep_of_an_account_is_behind_the_wall():
    """Secrets and addresses which no classification of ours names."""
    names = (
        "account_emailaddress",
        "account_emailconfirmation",
        "mfa_authenticator",
        "knox_authtoken",
        "django_session",
    )
    assert set(names) <= {name for (name,) in rows("select tablename from pg_policies")}


def test_every_table_behind_the_wall_lets_work_through_and_asks_who_asks_once_for_a_statement():
    policies = rows(
        "select tablename, policyname, cmd, coalesce(qual, '') || coalesce(with_check, '') from pg_policies"
    )
    works = {table for table, name, command, _rows in policies if name == "work" and command == "ALL"}
    assert works >= with_personal_fields()
    for table, name, _command, condition in policies:
        bare = re.sub(r" AS asker\w*|asker_reaches_\w+\(", "", re.sub(r"SELECT \(*asker\w*\(", "", condition))
        assert "asker" not in bare, f"{name} on {table} would ask for each row: {bare}"


def test_partitions_are_reached_through_their_parent_alone():
    reached = rows(
        "select inhrelid::regclass::text from pg_inherits join pg_class parent on parent.oid = inhparent"
        " where parent.relkind = 'p' and parent.relrowsecurity"
        " and has_table_privilege(inhrelid, 'select, insert, update, delete, truncate')"
    )
    assert reached == []


def test_the_role_that_serves_owns_nothing_and_passes_by_no_wall():
    assert rows("select current_user::text") == [(runtime_role(),)]
    assert rows("select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user") == [
        (False, False, False)
    ]
    assert (
        rows("select relname from pg_class where pg_get_userbyid(relowner) = current_user and relkind in ('r', 'p')")
        == []
    )
    assert rows("select roleid::regrole::text from pg_auth_members where member = current_user::regrole") == []


@pytest.mark.parametrize(
    "statement",
    [
        "set role homeward_owner",
        "set session authorization homeward_owner",
        "alter table migrants_migrant disable row level security",
        "drop policy work on migrants_migrant",
        "create policy mine on migrants_migrant using (true)",
        "alter table migrants_migrant disable trigger all",
        "set session_replication_role = replica",
        "create function public.asker() returns jsonb language sql return '{}'::jsonb",
        "alter function asker_people() security invoker",
        "set row_security = off; select 1 from migrants_migrant",
    ],
)
def test_the_wall_cannot_be_taken_down_by_the_role_that_serves(statement):
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


def test_functions_of_the_owner_have_a_fixed_search_path_and_only_the_serving_role_may_call_them():
    loose = rows(
        "select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace"
        " and prosqlbody is null and not coalesce(proconfig::text like '%search_path=%', false)"
    )
    assert loose == []
    lent = rows(
        "select proname, has_function_privilege('public', oid, 'execute'), has_function_privilege(oid, 'execute')"
        " from pg_proc where prosecdef and (proname like 'asker%' or proname like 'people%') order by 1"
    )
    assert {name for name, _public, _ours in lent} >= {
        "asker_is_shown",
        "asker_reach_anew",
        "people_like",
        "people_found",
    }
    assert {(public, ours) for _name, public, ours in lent} == {(False, True)}
