"""The second wall: row security in the database, behind the querysets. A migration gives each table its rules, one a line.

`BuildWall("migrants_nationality", of_person(), shown())` reads: casework sees the rows of the people it reaches, and an
organisation outside sees those of the people shown to it. What no rule names is refused, and whoever announced nothing
(`common.audience`) sees no row. Tasks and commands reach every row.

The rules ask the functions of `ASKER` and those that the floors above add (`asker_reach`, `asker_is_shown` …). Each is
asked in a sub-select, so that it is evaluated once for a statement and never for a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from common.audience import FIGURES
from common.partitions import runtime_role

ASKER = f"""
create function asker() returns jsonb language sql stable
    return coalesce(nullif(current_setting('homeward.audience', true), ''), '{{}}')::jsonb;
create function asker_is(kind text) returns boolean language plpgsql stable set search_path = public, pg_temp as $$
begin
    return asker() ->> 'kind' = kind;
end $$;
create function asker_opens(scope text) returns boolean language plpgsql stable set search_path = public, pg_temp as $$
declare
    a jsonb := asker();
begin
    return a ->> 'kind' = 'staff' and a -> 'scopes' ? scope;
end $$;
create function asker_counts() returns boolean language plpgsql stable set search_path = public, pg_temp as $$
declare
    a jsonb := asker();
begin
    return a ->> 'kind' <> '' and a ->> 'reason' = '{FIGURES}';
end $$;
create function asker_works() returns boolean language plpgsql stable set search_path = public, pg_temp as $$
declare
    a jsonb := asker();
begin
    return a ->> 'kind' in ('task', 'command') or a ->> 'kind' <> '' and a ->> 'reason' not in ('', '{FIGURES}');
end $$;
create function asker_opens_all(scope text) returns boolean language plpgsql stable set search_path = public, pg_temp as $$
declare
    a jsonb := asker();
begin
    return asker_works()
        or a ->> 'kind' = 'staff' and a -> 'scopes' ? scope and a -> 'reached' = 'null' and a -> 'crossings' = 'null';
end $$;
"""
"""Who is asking, in SQL.

In plpgsql, because the planner would open a body in SQL at every mention, in every statement: on the page of a person
that took as long as all its queries (docs/performance.md).
"""
UNASKED = "drop function asker_opens_all, asker_works, asker_counts, asker_opens, asker_is, asker;"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do what: `command` is `all | select | insert | update`, `rows` the condition in SQL that a row must meet.

    `{table}` in `rows` stands for the table. `name` is the name of the policy: PostgreSQL asks the last name first and stops
    at the first that opens the row, so casework, which asks most, has the last names (`work_…`) and the cheapest questions.
    """

    name: str
    command: str
    rows: str


def within(key: str, keys: str, *, scope: str = "cases", write: bool = True) -> Rule:
    """Staff of one scope: every row where nothing narrows them, else where `key` is one of what the function `keys` gives."""
    near = f"(select asker_opens('{scope}')) and {key} in (select {keys}())"
    rows = f"(select asker_opens_all('{scope}')) or {near}"
    return Rule(f"{keys}_{scope}", "all" if write else "select", rows)


def of_person(key: str = "person_id", *, write: bool = True, scope: str = "cases") -> Rule:
    """Casework, for the people that it reaches; `scope` is `protection` in the closed room.

    Each row is looked up by itself: a narrowed officer may reach hundreds of thousands, of whom a page shows a few.
    """
    rows = f"(select asker_opens_all('{scope}')) or asker_reaches_person({key}, (select asker_reach('{scope}')))"
    return Rule(f"work_for_person_{scope}", "all" if write else "select", rows)


def of_group(key: str = "group_id") -> Rule:
    """Casework, for the groups that it reaches; row by row too."""
    rows = f"(select asker_opens_all('cases')) or asker_reaches_group({key}, (select asker_reach('cases')))"
    return Rule("work_in_group_cases", "all", rows)


def in_caseload() -> Rule:
    """Casework, by what the row itself says: `caseload`, mission and crossing in one number, which the database keeps.

    For tables of which a list reads thousands of rows. What was opened in an emergency needs a rule beside it.
    """
    rows = "(select asker_opens_all('cases')) or caseload = any ((select asker_caseload('cases'))::bigint[])"
    return Rule("work_reached_cases", "all", rows)


def opened(key: str, *, of: str = "person") -> Rule:
    """Casework, for what was opened in an emergency: the `person` or the `group` of which `key` is the key."""
    rows = f"(select asker_opened('cases')) and asker_reaches_{of}({key}, (select asker_reach('cases')))"
    return Rule(f"work_opened_{of}_cases", "all", rows)


def added_by(scope: str) -> Rule:
    """Whoever has the scope may add a row."""
    return Rule(
        f"added_by_{scope}", "insert", f"(select asker_opens_all('{scope}')) or (select asker_opens('{scope}'))"
    )


def of_staff(scope: str, *, write: bool = True) -> Rule:
    """Every row, for staff of one scope."""
    return Rule(f"staff_{scope}", "all" if write else "select", f"(select asker_opens('{scope}'))")


def behind(parent: str, key: str, *, scope: str = "cases") -> Rule:
    """Casework, where the row of `parent` that `key` names is reached."""
    near = f"exists (select from {parent} parent where parent.id = {{table}}.{key})"  # nosec B608
    return Rule(
        f"behind_{key}", "all", f"(select asker_opens_all('{scope}')) or (select asker_opens('{scope}')) and {near}"
    )


def shown(key: str = "person_id", *, command: str = "select") -> Rule:
    """An organisation outside, for the people shown to it by a live disclosure."""
    return Rule(f"shown_{command}", command, f"{key} in (select asker_is_shown())")


def shown_to_own(key: str = "recipient_id") -> Rule:
    """A disclosure: for the organisation that it is made to, while it lets the person be seen."""
    return Rule(
        "shown_select",
        "select",
        f"{key} in (select asker_organisations()) and person_id in (select asker_is_shown())",
    )


def of_own(key: str, keys: str, *, command: str = "select") -> Rule:
    """An organisation outside, where `key` is one of what the function `keys` gives for it."""
    return Rule(f"own_{command}", command, f"{key} in (select {keys}())")


def counted() -> Rule:
    """Figures that name nobody may count these rows."""
    return Rule("counted", "select", "(select asker_counts())")


def own_account(key: str = "public_id") -> Rule:
    """One's own account."""
    own = f"{key}::text = (select asker() ->> 'ref')"
    return Rule("own_account", "all", f"(select asker() ->> 'kind' in ('staff', 'partner', 'account')) and {own}")


def own_act(key: str = "by") -> Rule:
    """What the asker did, as the row itself says."""
    return Rule("own_act", "all", f"{key} ->> 'ref' = (select asker() ->> 'ref')")


def behind_account(key: str = "user_id") -> Rule:
    """What hangs on an account that is reached: one's own, at sign-in each."""
    near = f"exists (select from accounts_user parent where parent.id = {{table}}.{key})"  # nosec B608
    return Rule("behind_account", "all", near)


def while_(kind: str) -> Rule:
    """Every row, for one kind of asker."""
    return Rule(f"while_{kind.replace('-', '_')}", "all", f"(select asker_is('{kind}'))")


def by_name(kind: str, key: str, *, command: str = "all") -> Rule:
    """The one row whose `key` the asker of this kind has named."""
    named = f"{key}::text = (select asker() ->> 'ref')"
    return Rule(f"named_{command}", command, f"(select asker_is('{kind}')) and {named}")


def added_by_anybody() -> Rule:
    """Whoever has said who asks may add a row."""
    return Rule("added", "insert", "(select asker() ->> 'kind') <> ''")


def just_added() -> Rule:
    """The rows that this very transaction has added, which an insert may give back."""
    return Rule("just_added", "select", "transaction = pg_current_xact_id_if_assigned()::text::bigint")


WORK = Rule("work", "all", "(select asker_works())")


def lend(*functions: str) -> Callable[[object, BaseDatabaseSchemaEditor], None]:
    """Returns a migration step after which the runtime role, and nobody else, may call these functions of the owner."""

    def grant(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
        role = schema_editor.connection.ops.quote_name(runtime_role())
        for function in functions:
            schema_editor.execute(f"revoke all on function {function} from public", params=None)
            schema_editor.execute(f"grant execute on function {function} to {role}", params=None)

    return grant


def _open(schema_editor: BaseDatabaseSchemaEditor, table: str, rule: Rule) -> None:
    rows = rule.rows.format(table=table)
    using = "" if rule.command == "insert" else f" using ({rows})"
    check = "" if rule.command == "select" else f" with check ({rows})"
    schema_editor.execute(f"create policy {rule.name} on {table} for {rule.command}{using}{check}", params=None)


class BuildWall(migrations.operations.base.Operation):
    """Puts one table behind the wall, with the rules that open it."""

    reversible = True

    def __init__(self, table: str, *rules: Rule) -> None:
        self.table, self.rules = table, rules

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Gives how the operation is written down."""
        return type(self).__name__, [self.table, *self.rules], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Changes nothing that a model knows."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Closes the table, then opens it by each rule."""
        schema_editor.execute(f"alter table {self.table} enable row level security", params=None)
        for rule in (WORK, *self.rules):
            _open(schema_editor, self.table, rule)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Takes the rules back and opens the table."""
        for rule in (WORK, *self.rules):
            schema_editor.execute(f"drop policy {rule.name} on {self.table}", params=None)
        schema_editor.execute(f"alter table {self.table} disable row level security", params=None)

    def describe(self) -> str:
        """Says what it does."""
        return f"Puts {self.table} behind the wall"


class ChangeWall(migrations.operations.base.Operation):
    """Gives one table that is behind the wall other rules: `without` are closed, `rules` open it from now on."""

    reversible = True

    def __init__(self, table: str, *rules: Rule, without: tuple[Rule, ...]) -> None:
        self.table, self.rules, self.without = table, rules, without

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Gives how the operation is written down."""
        return type(self).__name__, [self.table, *self.rules], {"without": self.without}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Changes nothing that a model knows."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Closes the rules that go and opens those that come; in between the table is the more closed."""
        self._exchange(schema_editor, gone=self.without, come=self.rules)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Puts the rules back that stood before."""
        self._exchange(schema_editor, gone=self.rules, come=self.without)

    def _exchange(
        self, schema_editor: BaseDatabaseSchemaEditor, *, gone: tuple[Rule, ...], come: tuple[Rule, ...]
    ) -> None:
        for rule in gone:
            schema_editor.execute(f"drop policy {rule.name} on {self.table}", params=None)
        for rule in come:
            _open(schema_editor, self.table, rule)

    def describe(self) -> str:
        """Says what it does."""
        return f"Changes who passes the wall around {self.table}"
