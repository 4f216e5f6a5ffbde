"""What is asked of the crowd: five lines at every crossing, and a plan of every group, an hour to come."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from bench.filling import BY, fill, quickly
from bench.world import World
from corridors.models import Requirement, RequirementVersion
from returns.models import Plan

MEASURED = "health_test"
RULES = {
    MEASURED: {
        "rule": {"test": {"kinds": ["pcr", "rapid"], "max_age_hours": 100}},
        "exempt": {"age": {"under": 5}},
        "price": {"amount": "20", "currency": "USD", "per": "person"},
    },
    "travel_document": {"rule": {"document": {"kinds": ["passport", "emergency"], "min_remaining_days": 30}}},
    "consent": {"rule": {"consent_form": {}}},
    "opening": {
        "applies": {"not": {"nationality": {"in": ["TJK", "UZB"]}}},
        "rule": {"any": [{"age": {"from": 60}}, {"document": {"kinds": ["passport"], "min_remaining_days": 90}}]},
    },
    "other": {
        "rule": {
            "any": [
                {"nationality": {"in": ["UZB"]}},
                {"age": {"under": 16}},
                {"test": {"kinds": ["pcr"], "max_age_hours": 200}},
            ]
        }
    },
}
"""What each line asks, by its subject."""


def settle(world: World) -> None:
    """Write rules and plans, once."""
    if world.column("SELECT count(*) FROM returns_plan") != ["0"]:
        return
    rights = world.rights
    rights.execute(b"CREATE TEMP TABLE asked (place int, subject text, content jsonb)")
    for place, (subject, content) in enumerate(RULES.items()):
        rights.execute(b"INSERT INTO asked VALUES (%s, %s, %s)", [place, subject, json.dumps(content)])
    began = f"'{world.at.isoformat()}'::timestamptz - interval '1 day'"
    with quickly(rights, Plan, Requirement, RequirementVersion):
        rights.execute(b"DELETE FROM corridors_requirementversion")
        rights.execute(b"DELETE FROM corridors_requirement")
        fill(
            rights, Requirement, "(SELECT DISTINCT crossing_id, from_country, to_country FROM migrants_travelgroup) g, asked",
            public_id="gen_random_uuid()", crossing_id="crossing_id", from_country="from_country",
            to_country="to_country", subject="subject",
        )  # fmt: skip
        fill(
            rights, RequirementVersion, "corridors_requirement r JOIN asked USING (subject)", public_id="gen_random_uuid()",
            requirement_id="r.id", number="1", content="content", certainty="'confirmed'", source_tier="'written'",
            source_text="'order'", zone="'Asia/Tashkent'", entered_at=began, entered_by=f"'{BY}'::jsonb",
            applies=f"tstzrange({began}, null)", known=f"tstzrange({began}, null)",
        )  # fmt: skip
        hour = f"'{world.at.isoformat()}'::timestamptz + make_interval(hours => 20 + (id % 70)::int)"
        fill(
            rights, Plan, "migrants_travelgroup", public_id="gen_random_uuid()", group_id="id", mission_id="mission_id",
            crossing_id="crossing_id", from_country="from_country", to_country="to_country", cross_at=hour, local_time=hour,
            zone="'Asia/Tashkent'", queue_minutes="120", set_at="waiting_since",
        )  # fmt: skip


NEVER_ASKED = "jsonb_set(content, '{rule,test,max_age_hours}', to_jsonb(100 + number))"
"""An age of the test that was never asked there, so that everybody's tests are looked at."""
ASKED_BEFORE = """jsonb_set(content, '{exempt}', CASE number %% 2
    WHEN 1 THEN '{"any": [{"age": {"under": 5}}, {"age": {"under": 16}}]}'::jsonb ELSE '{"age": {"under": 5}}' END)"""
"""Children are spared up to another age, of which another line asks already: what is stored of everybody is enough."""


def toggle(world: World, codes: Collection[str], *, at: datetime, to: str) -> None:
    """Publish a new version of the measured line at some crossings; `to` is what it says then, in SQL."""
    world.rights.execute(
        b"""WITH line AS (
                SELECT r.id FROM corridors_requirement r JOIN corridors_bordercrossing c ON c.id = r.crossing_id
                WHERE subject = %(subject)s AND c.code = ANY (%(codes)s)),
            ended AS (
                UPDATE corridors_requirementversion v SET known = tstzrange(lower(known), %(at)s) FROM line
                WHERE v.requirement_id = line.id AND upper_inf(known)
                RETURNING v.*)
            INSERT INTO corridors_requirementversion (public_id, requirement_id, number, content, certainty, source_tier,
                source_text, authority_id, zone, entered_at, entered_by, applies, known)
            SELECT gen_random_uuid(), requirement_id, number + 1, """
        + to.encode()
        + b""", certainty, source_tier,
                source_text, authority_id, zone, %(at)s, entered_by, applies, tstzrange(%(at)s, null)
            FROM ended""",
        {"subject": MEASURED, "codes": list(codes), "at": at},
    )
