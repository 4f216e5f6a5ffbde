"""Further crossings for a crowd, between the countries that have some already."""

from __future__ import annotations

import psycopg

from bench.filling import fill
from corridors.models import BorderCrossing, CrossingSide


def add_crossings(rights: psycopg.Connection, wanted: int) -> None:
    """Add crossings with two sides until there are `wanted` of them, each like one that is there."""
    rights.execute(
        b"""CREATE TEMP TABLE further AS
            WITH known AS (SELECT c.id, a.country AS leaves, a.zone AS leaves_zone, b.country AS enters, b.zone AS enters_zone,
                    row_number() OVER (ORDER BY c.code) - 1 AS place, count(*) OVER () AS how_many
                FROM corridors_bordercrossing c JOIN corridors_crossingside a ON a.crossing_id = c.id AND a.rank = 1
                JOIN corridors_crossingside b ON b.crossing_id = c.id AND b.rank = 2)
            SELECT n, 'BENCH-' || lpad(n::text, 3, '0') AS code, known.*
            FROM known, generate_series(1, greatest(0, %s - (SELECT count(*) FROM known))) n WHERE place = n %% how_many""",
        [wanted],
    )
    fill(
        rights,
        BorderCrossing,
        "further",
        public_id="md5('crossing' || n)::uuid",
        code="code",
        search_text="lower(code)",
    )
    made = "further JOIN corridors_bordercrossing c USING (code)"
    for rank, side in ((1, "leaves"), (2, "enters")):
        fill(
            rights, CrossingSide, made, crossing_id="c.id", country=side, zone=f"{side}_zone",
            name_latin=f"initcap(code) || ' {side}'", rank=str(rank),
        )  # fmt: skip
