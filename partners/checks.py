"""What `manage.py check --deploy --database default` asks the database itself: does whoever holds a role show a second step?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections

from common.audience import Audience, asking

TAG = "second-step"
HELD_BY = {
    "membership_is_held_by_rules": "partners_membership",
    "role_needs_a_second_factor": "accounts_user",
}
"""The triggers that give every role its second step, and keep it, whoever writes the row; each with its table."""
_STANDING = """
    select count(*) from pg_trigger
    where tgname = %s and tgrelid = to_regclass(%s) and tgenabled in ('O', 'A') and not tgisinternal"""
# By wall time, as the trigger itself asks: an hour that a demonstration plays ends nobody's role.
_WITHOUT = """
    select count(distinct held.user_id) from partners_membership held join accounts_user u on u.id = held.user_id
    where not u.must_use_second_factor and (held.valid_until is null or held.valid_until > clock_timestamp())"""


@register(TAG, Tags.database, deploy=True)
def every_role_shows_a_second_step(*, databases: Sequence[str] | None = None, **_asked: Any) -> list[CheckMessage]:
    """Asked where a database is named alone; says nothing of one that has no tables yet."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        # What serves stands before the wall and says who asks; the owner of the tables stands behind it.
        with asking(Audience.command("check")) if alias == DEFAULT_DB_ALIAS else nullcontext():
            found += _asked_of(alias)
    return found


def _asked_of(alias: str) -> Iterator[CheckMessage]:
    with connections[alias].cursor() as cursor:
        cursor.execute("select to_regclass('partners_membership') is not null")
        if not cursor.fetchone()[0]:
            return
        for name, table in HELD_BY.items():
            cursor.execute(_STANDING, [name, table])
            if not cursor.fetchone()[0]:
                yield Error(f"The database no longer holds that a role needs a second step: the trigger {name} is gone or "
                            f"switched off on {table}. Make it again as the migration partners 0009 does.",
                            id="homeward.E025")  # fmt: skip
        cursor.execute(_WITHOUT)
        if accounts := cursor.fetchone()[0]:
            yield Error(f"{accounts} of the accounts that hold a role may enter by password alone. Set "
                        "must_use_second_factor on each, and ask how it came to be without.", id="homeward.E026")  # fmt: skip
