"""The seeded worlds of the benchmarks: a large archive of people of whom few wait today, or a crowd that all waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg

from bench.crossings import add_crossings
from bench.filling import BY, fill, quickly
from bench.people import namings
from bench.rounds import ROUNDS, Comparison
from common.sealed import seal
from migrants.identity import digest_of
from migrants.models import (
    Consent,
    Disclosure,
    Family,
    HeadCount,
    HealthTest,
    Migrant,
    Nationality,
    PersonName,
    ProtectionHold,
    TravelDocument,
    TravelGroup,
)
from returns.models import BoardCount, CaseReadiness, ReturnCase, WaitingHeads

SEED = 4
WAITING = 100
"""Groups that wait today, of however many."""
NAMESAKES, MOST_NAMES = 4, 150_000
"""How many people share a name at least, and how many names are made at most."""
CROSSING = "KZ-UZ-01"
"""Where the most wait, and to where the narrowed field officer is bound."""
CROSSINGS = 120
"""How many crossings a crowd has."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How many people are in a group, how many groups wait (None: all), and of how many groups one waits at CROSSING."""

    per_group: int
    waiting: int | None
    one_in: int


ARCHIVE = Shape(per_group=100, waiting=WAITING, one_in=3)
CROWD = Shape(per_group=100, waiting=None, one_in=59)
FEW = Shape(per_group=8, waiting=None, one_in=59)
"""A small crowd that is at every crossing all the same."""


@dataclass(frozen=True, slots=True)
class World:
    """What a benchmark must know of the world to ask about it. `rights` is a session of the owner, on autocommit."""

    rights: psycopg.Connection
    people: int
    at: datetime

    def column(self, query: str) -> list[str]:
        """Give the first column of a query as text, in the order of the query."""
        return [str(row[0]) for row in self.rights.execute(query.encode())]

    def narrow(self, email: str) -> None:
        """Bind the memberships of an account to CROSSING."""
        bound = (
            b"UPDATE partners_membership SET crossings = %s FROM accounts_user u WHERE u.id = user_id AND email = %s"
        )
        self.rights.execute(bound, [f'["{CROSSING}"]', email])

    def conditions(self, asked: int, elapsed: Comparison, **further: object) -> dict[str, object]:
        """Give what stands beside a figure: how many people, how often asked, and the same by the clock on the wall."""
        clocked = [round(number, 2) for number in (elapsed.ours, elapsed.bare, elapsed.ratio)]
        return {"people": self.people, "asked": asked, "rounds": ROUNDS, "elapsed": clocked, **further}


def made(rights: psycopg.Connection, *, people: int, at: datetime, shape: Shape = ARCHIVE) -> World:
    """Fill the database with `people` people, of whom the newest groups wait `at`. A world that is there already stays."""
    world = World(rights, people, at)
    if world.column("SELECT count(*) FROM migrants_migrant") == ["0"]:
        if shape.waiting is None:
            add_crossings(rights, CROSSINGS)
        _prepare(rights, people=people, at=at, shape=shape)
        for step in (_groups, _everybody, _papers, _sharing, _cases):
            step(rights)
    return world


def _prepare(rights: psycopg.Connection, *, people: int, at: datetime, shape: Shape) -> None:
    """Draw who is who into tables of this session: parties that wait or waited, their people, and names for those."""
    groups = people // shape.per_group
    waiting = groups if shape.waiting is None else min(shape.waiting, groups // 2)
    ago = f"({groups} - n) * 2 + 5" if shape.waiting else "n % 240 + 5"
    for statement in (
        # An even number from 0 to n - 1 for a row and a purpose, the same at each run.
        """CREATE FUNCTION pg_temp.draw(place bigint, salt int, n int) RETURNS int IMMUTABLE LANGUAGE sql
           RETURN ((hashint8extended(place, salt) & 9223372036854775807) % n)::int""",
        """CREATE FUNCTION pg_temp.reference(kind text, place bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
           RETURN md5(kind || place)::uuid""",
        """CREATE TEMP TABLE mission AS SELECT id, (row_number() OVER (ORDER BY id))::int - 1 AS place
           FROM partners_office WHERE is_mission""",
        """CREATE TEMP TABLE embassy AS SELECT DISTINCT ON (country) country, id AS embassy_id
           FROM partners_organisation WHERE kind = 'embassy' ORDER BY country, code DESC""",
        """CREATE TEMP TABLE way AS SELECT c.id AS crossing_id, c.code, a.country AS leaves, b.country AS enters,
               (row_number() OVER (ORDER BY c.code))::int - 1 AS place
           FROM corridors_bordercrossing c JOIN corridors_crossingside a ON a.crossing_id = c.id AND a.rank = 1
           JOIN corridors_crossingside b ON b.crossing_id = c.id AND b.rank = 2""",
        f"""CREATE TEMP TABLE party AS SELECT n::bigint AS group_id, n > {groups - waiting} AS waits,
               '{at.isoformat()}'::timestamptz - make_interval(hours => {ago}) AS since,
               m.id AS mission_id, crossing_id, leaves, enters, {shape.per_group} AS heads
           FROM mission m, way w, generate_series(1, {groups}) n
           WHERE w.place = CASE pg_temp.draw(n, 1, {shape.one_in}) WHEN 0 THEN (SELECT place FROM way WHERE code = '{CROSSING}')
               ELSE pg_temp.draw(n, 2, (SELECT count(*)::int FROM way)) END
           AND m.place = pg_temp.draw(n, 3, (SELECT count(*)::int FROM mission))""",
        f"""CREATE TEMP TABLE person AS SELECT n::bigint AS person_id, p.group_id, mission_id, since, waits,
               caseload_of(mission_id, crossing_id) AS caseload,
               pg_temp.draw(n, 4, {_names(people)}) AS naming_id, pg_temp.draw(n, 5, 100) AS luck,
               ('{{TJK,TJK,TJK,TJK,UZB,UZB,UZB,KGZ,KAZ,AFG}}'::text[])[1 + pg_temp.draw(n, 6, 10)] AS country,
               CASE WHEN n % {shape.per_group} < 40 THEN p.group_id * 10 - n % 10 END AS family_id
           FROM generate_series(1, {people}) n JOIN party p ON p.group_id = (n - 1) / {shape.per_group} + 1""",
        """CREATE TEMP TABLE naming (naming_id int PRIMARY KEY, full_name text, latin_name text, other_name text,
               sex text, keys text[])""",
    ):
        rights.execute(statement.encode())
    with rights.cursor() as cursor, cursor.copy(b"COPY naming FROM STDIN") as copy:
        for place, each in enumerate(namings(_names(people), seed=SEED)):
            copy.write_row((place, each.full_name, each.latin_name, each.other_name, each.sex, list(each.keys)))
    rights.execute(b"ANALYZE party, person, naming")


def _names(people: int) -> int:
    return min(people // NAMESAKES, MOST_NAMES)


def _groups(rights: psycopg.Connection) -> None:
    """Groups, each with three head counts and ten families."""
    with quickly(rights, TravelGroup, HeadCount, Family):
        fill(
            rights, TravelGroup, "party ORDER BY group_id", id="group_id", code="'B' || lpad(group_id::text, 7, '0')",
            public_id="pg_temp.reference('group', group_id)", mission_id="mission_id", crossing_id="crossing_id",
            from_country="leaves", to_country="enters", waiting_since="since", recorded_at="since",
            closed_at="CASE WHEN NOT waits THEN since + interval '4 days' END",
        )  # fmt: skip
        fill(
            rights, HeadCount, "party, generate_series(0, 2) nth", id="group_id * 3 - nth",
            public_id="pg_temp.reference('count', group_id * 3 - nth)", group_id="group_id", mission_id="mission_id",
            counted_at="since + nth * interval '1 hour'", recorded_at="since + nth * interval '1 hour'",
            total="heads + pg_temp.draw(group_id, nth, 15)",
        )  # fmt: skip
        fill(
            rights, Family, "party, generate_series(0, 9) nth", id="group_id * 10 - nth", group_id="group_id",
            public_id="pg_temp.reference('family', group_id * 10 - nth)", code="'F' || nth",
        )  # fmt: skip


OF_PERSON = {"person_id": "person_id", "mission_id": "mission_id"}
KNOWN = {**OF_PERSON, "recorded_at": "since"}


def _everybody(rights: psycopg.Connection) -> None:
    """Everybody, in groups of a hundred, with birth date, other names and nationality."""
    with quickly(rights, Migrant, PersonName, Nationality):
        fill(
            rights, Migrant, "person JOIN naming USING (naming_id) ORDER BY person_id", id="person_id",
            public_id="pg_temp.reference('person', person_id)", number="(100000 + person_id * 7919 % 8999993)::text",
            mission_id="mission_id", group_id="group_id", family_id="family_id", full_name="full_name",
            latin_name="latin_name", name_keys="keys", sort_key="left(lower(latin_name), 200)", sex="sex",
            birth_year="1950 + pg_temp.draw(person_id, 14, 70)",
            birth_month="CASE WHEN luck > 5 THEN 1 + pg_temp.draw(person_id, 15, 12) END",
            birth_day="CASE WHEN luck > 8 THEN 1 + pg_temp.draw(person_id, 16, 28) END",
            documents_asked_at="since", registered_at="since", recorded_at="since", caseload="caseload",
        )  # fmt: skip
        fill(
            rights, PersonName, "person JOIN naming USING (naming_id) WHERE other_name <> ''", **KNOWN,
            full_name="other_name", kind="'other_script'",
        )  # fmt: skip
        fill(rights, Nationality, "person", **KNOWN, code="country")


def _papers(rights: psycopg.Connection) -> None:
    """A passport for nine in ten, its number sealed and indexed as registration does it; a test for every second."""
    field = TravelDocument._meta.get_field("number")
    bearers = rights.execute(b"SELECT person_id FROM person WHERE luck < 90 ORDER BY person_id").fetchall()
    rights.execute(b"CREATE TEMP TABLE passport (person_id bigint, public_id uuid, number bytea, number_index bytea)")
    with rights.cursor() as cursor, cursor.copy(b"COPY passport FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(["int8", "uuid", "bytea", "bytea"])
        for (bearer,) in bearers:
            public_id, number = UUID(int=bearer, version=4), str(100_000_000 + bearer)
            copy.write_row((bearer, public_id, seal(number, bound_to=field.bound_to(public_id)), digest_of(number)))
    with quickly(rights, TravelDocument, HealthTest):
        fill(
            rights, TravelDocument, "person JOIN passport USING (person_id)", **KNOWN, public_id="public_id",
            kind="'passport'", number="number", number_index="number_index", issuer="country",
            expires_on="(since + interval '3 years')::date",
        )  # fmt: skip
        fill(
            rights, HealthTest, "person WHERE luck % 2 = 0", **KNOWN, public_id="pg_temp.reference('test', person_id)",
            kind="'pcr'", result="'negative'", sampled_at="since", assessed_at="since",
        )  # fmt: skip


def _sharing(rights: psycopg.Connection) -> None:
    """Consent of everybody; two in three may be shown to an embassy, which ended for those who went home; a few holds."""
    said = {"answer": "'yes'", "how": "'written'", "language": "'tg'", "answered_at": "since"}
    shown = "person JOIN embassy USING (country) WHERE luck < 66"
    with quickly(rights, Consent, Disclosure, ProtectionHold):
        fill(
            rights, Consent, "person", **KNOWN, **said, id="person_id * 2",
            public_id="pg_temp.reference('consent', person_id * 2)", purpose="'return'", form_signed="true",
        )  # fmt: skip
        fill(
            rights, Consent, shown, **KNOWN, **said, id="person_id * 2 - 1",
            public_id="pg_temp.reference('consent', person_id * 2 - 1)", purpose="'consulate'",
            recipient_id="embassy_id",
        )  # fmt: skip
        fill(
            rights, Disclosure, shown, **KNOWN, public_id="pg_temp.reference('disclosure', person_id)",
            recipient_id="embassy_id", purpose="'consulate'", consent_id="person_id * 2 - 1", valid_from="since",
            valid_until="CASE WHEN NOT waits THEN since + interval '5 days' END",
        )  # fmt: skip
        fill(
            rights, ProtectionHold, "person WHERE luck = 3", **OF_PERSON, set_at="since", set_by=f"'{BY}'",
            public_id="pg_temp.reference('hold', person_id)", against="ARRAY[country]", reason="'\\x00'::bytea",
        )  # fmt: skip


def _cases(rights: psycopg.Connection) -> None:
    """A case of everybody, open for those who wait, and what was judged of the open ones."""
    with quickly(rights, ReturnCase, CaseReadiness, BoardCount, WaitingHeads):
        fill(
            rights, ReturnCase, "person", **OF_PERSON, id="person_id", public_id="pg_temp.reference('case', person_id)",
            number="'C' || lpad(person_id::text, 9, '0')", opened_at="since", caseload="caseload",
            closed_at="CASE WHEN NOT waits THEN since + interval '5 days' END",
        )  # fmt: skip
        fill(
            rights, CaseReadiness, "person WHERE waits", case_id="person_id", person_id="person_id", judged_at="since",
            verdict="CASE person_id % 3 WHEN 0 THEN 'ready' ELSE 'not_ready' END",
            worst="CASE person_id % 3 WHEN 0 THEN 'met' ELSE 'missing' END",
        )  # fmt: skip
        fill(
            rights, BoardCount, "(SELECT crossing_id, leaves, enters, worst, count(*) AS people FROM party p"
            " JOIN person USING (group_id) JOIN returns_casereadiness r ON r.case_id = person.person_id"
            " WHERE p.waits GROUP BY 1, 2, 3, 4) counted",
            crossing_id="crossing_id", from_country="leaves", to_country="enters", verdict="worst", people="people",
        )  # fmt: skip
        fill(
            rights, WaitingHeads, "party WHERE waits", group_id="group_id", registered="heads",
            expected="heads + pg_temp.draw(group_id, 0, 15)",
        )  # fmt: skip
