"""How a condition is answered in SQL, for many cases at once: the twin of `holds`.

A module of a kind may give `twin(leaf, moment)`; one that does not is asked in Python, case by case. Both must agree for
every person, and a test over random rules and facts holds them together (tests/returns/engine).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import LiteralString

from psycopg import sql
from psycopg.sql import SQL, Composable

FACTS: dict[str, LiteralString] = {
    "person": "",
    "once": "(select) nobody offset 0",
    "consent": """
        (select answer, form_signed, expires_at, withdrawn_at from migrants_consent c
         where c.person_id = placed.person_id and purpose = 'return' and recorded_at <= placed.known
         order by answered_at desc, id desc limit 1) consent""",
    "nationalities": """
        migrants_nationality nation where nation.person_id = placed.person_id and nation.recorded_at <= placed.known""",
    "documents": """
        migrants_traveldocument paper
        where paper.person_id = placed.person_id and paper.recorded_at <= placed.known and paper.state <> 'replaced'""",
    "proofs": """
        (select own.* from migrants_proof own where own.person_id = placed.person_id
         union all select shared.* from migrants_proof shared join migrants_migrant member on member.group_id = shared.group_id
         where member.id = placed.person_id) proof
        where proof.recorded_at <= placed.known and (proof.withdrawn_at is null or proof.withdrawn_at > placed.known)""",
    "tests": """
        migrants_healthtest test
        where test.person_id = placed.person_id and test.recorded_at <= placed.known
        and (test.replaced_at is null or test.replaced_at > placed.known)""",
}
"""Where facts stand, by name: what follows FROM. `placed` is the case with those columns of its person that conditions read,
and `placed.known` the instant as of which everything is read. What stands `once` is worked out from the person a single time
for a row, though it is asked for what holds and for what does not."""

BY_KEY = frozenset({"tests", "nationalities", "consent", "proofs"})
"""Facts whose conditions read nothing of the person but the key."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant at which a condition is asked: at the planned hour, or (`late`) when the queue is over."""

    zone: str
    late: bool
    prefix: str

    @property
    def hour(self) -> Composable:
        """The instant."""
        return SQL("placed.late") if self.late else SQL("placed.hour")

    @property
    def day(self) -> Composable:
        """The day at the barrier, on the calendar of its zone."""
        return SQL("({} at time zone {})::date").format(self.hour, sql.Literal(self.zone))

    def part(self, name: str) -> Composable:
        """The value of one part of the twin."""
        return sql.Identifier(f"{self.prefix}{name}")


@dataclass(frozen=True, slots=True)
class Twin:
    """Conditions that it holds (`true`) and that it does not (`false`), never both; neither where nobody can know.

    `parts` are aggregates over the rows of `facts` (a name of `FACTS`), by name; the conditions read them by `Moment.part`
    and must stand where there is no such row. A condition over the person alone has no parts.
    """

    true: Composable
    false: Composable
    facts: str = "person"
    parts: Mapping[str, Composable] = field(default_factory=dict)


def among(words: tuple[str, ...]) -> Composable:
    """Give a list of words for `= any (…)`."""
    return sql.Literal(list(words))
