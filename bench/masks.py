"""The bare limits of readiness: one statement over masks, and a relational anti-join, on tables of their own."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from bench.world import World


def settle(world: World) -> None:
    """Make a table of the same shape and rows as that of the product, and what the limits read."""
    for statement in (
        "DROP TABLE IF EXISTS bare_readiness, bare_needed, bare_held, bare_asked",
        """CREATE TABLE bare_readiness (LIKE returns_casereadiness INCLUDING STORAGE INCLUDING DEFAULTS)
           WITH (fillfactor = 70)""",
        "INSERT INTO bare_readiness SELECT * FROM returns_casereadiness",
        "ALTER TABLE bare_readiness ADD PRIMARY KEY (case_id)",
        "CREATE INDEX ON bare_readiness (recheck_at)",
        "CREATE INDEX ON bare_readiness (passage_id, judged_for)",
        """CREATE TABLE bare_needed AS SELECT p.id AS passage_id, c.code, 0::bigint AS turn, bit_or(1::bigint << bit) AS needed
           FROM corridors_passage p JOIN corridors_bordercrossing c ON c.id = p.crossing_id
           JOIN corridors_atomslot s ON s.passage_id = p.id GROUP BY 1, 2""",
        "CREATE TABLE bare_asked AS SELECT passage_id, bit FROM corridors_atomslot",
        """CREATE TABLE bare_held AS SELECT r.case_id, bit::smallint
           FROM bare_readiness r, generate_series(0, 62) bit WHERE r.true_low & (1::bigint << bit) <> 0""",
        "CREATE INDEX ON bare_held (case_id, bit)",
        "GRANT ALL ON bare_readiness, bare_needed, bare_held, bare_asked TO PUBLIC",
        "VACUUM (ANALYZE) bare_readiness",
        "VACUUM (ANALYZE) returns_casereadiness",
        "VACUUM (ANALYZE) migrants_healthtest",
        "ANALYZE bare_needed",
        "ANALYZE bare_held",
        "ANALYZE bare_asked",
    ):
        world.rights.execute(statement.encode())


def waiting_at(code: str) -> str:
    """Give the query for how many are judged at a crossing."""
    return f"""SELECT count(*) FROM returns_casereadiness r JOIN corridors_passage p ON p.id = r.passage_id
        JOIN corridors_bordercrossing c ON c.id = p.crossing_id WHERE c.code = '{code}'"""


def judge(codes: Collection[str]) -> None:
    """Write what each lacks of what is needed at some crossings, and by which rules that was judged: every row differs."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bare_needed SET turn = turn + 1 WHERE code = ANY (%s)", [list(codes)])
        cursor.execute(
            """UPDATE bare_readiness r SET missing = needed & ~true_low, rule_set_id = -turn
               FROM bare_needed n
               WHERE n.passage_id = r.passage_id AND n.code = ANY (%s)
                 AND (missing, rule_set_id) IS DISTINCT FROM (needed & ~true_low, -turn)""",
            [list(codes)],
        )


def anti_join() -> None:
    """Write the same for everybody from rows of what is asked and rows of what is held."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bare_needed SET turn = turn + 1")
        cursor.execute(
            """UPDATE bare_readiness r SET missing = lacking.bits, rule_set_id = -turn
               FROM (SELECT r.case_id, coalesce(bit_or(1::bigint << a.bit) FILTER (WHERE h.case_id IS NULL), 0) AS bits
                     FROM bare_readiness r JOIN bare_asked a ON a.passage_id = r.passage_id
                     LEFT JOIN bare_held h ON h.case_id = r.case_id AND h.bit = a.bit GROUP BY r.case_id) lacking,
                    bare_needed n
               WHERE lacking.case_id = r.case_id AND n.passage_id = r.passage_id
                 AND (missing, rule_set_id) IS DISTINCT FROM (lacking.bits, -turn)"""
        )
