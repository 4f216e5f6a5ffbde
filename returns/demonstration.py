"""The rules and the corridor from which the demonstration starts: what Zhibek Zholy asked before the sudden demand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from common.actors import Actor
from corridors import requirements, transit
from corridors.enums import Certainty, RequirementSubject, SourceTier
from corridors.models import BorderCrossing, Requirement, TransitCorridor
from partners.models import Organisation

STORY_BEGINS = datetime(2020, 9, 27, 8, 0, tzinfo=ZoneInfo("Asia/Almaty"))
"""When the story of the 102 begins; the demonstration's first rules are known from here."""

ENTRY, EXIT = "KZ-UZ-01", "UZ-TJ-01"
CONDITIONS = ("sealed buses", "police escort", "no stop in the country", "masks")

RULES: dict[str, dict[str, Any]] = {
    RequirementSubject.TRAVEL_DOCUMENT: {"rule": {"document": {"kinds": ["passport", "emergency", "stateless"]}}},
    RequirementSubject.HEALTH_TEST: {"rule": {"all": []}},
    RequirementSubject.OPENING: {"applies": {"nationality": {"in": ["KGZ", "UZB"]}}, "rule": {"closed": {}}},
}
"""By subject. The last one stands for a transit that is meant for people on their way to Tajikistan: others need a waiver."""


@transaction.atomic
def load(*, at: datetime, by: Actor) -> None:
    """Enters the first version of each rule and of the corridor, telling nobody; does nothing where rules are known."""
    if Requirement.objects.exists():
        return
    crossing = BorderCrossing.objects.prefetch_related("sides").get(code=ENTRY)
    authority = Organisation.objects.get(code="uz-border")
    for subject, content in RULES.items():
        draft = requirements.draft(
            requirement_line=(crossing, "KAZ", "UZB", subject),
            content=content,
            certainty=Certainty.CONFIRMED,
            source_tier=SourceTier.PUBLISHED,
            source_text="Demonstration: order of passage for groups in transit, September 2020",
            authority=authority,
            applies_from=at,
            by=by,
            at=at,
        )
        requirements.publish(draft=draft, told=(), by=by, at=at)
    _make_corridor(crossing, by=by, at=at)


def _make_corridor(entry: BorderCrossing, *, by: Actor, at: datetime) -> None:
    corridor: TransitCorridor = transit.make_corridor(
        code="ZHIBEK-OYBEK",
        name="Zhibek Zholy – Oybek, non-contact",
        entry=entry,
        exit=BorderCrossing.objects.prefetch_related("sides").get(code=EXIT),
        from_country="KAZ",
        transit_country="UZB",
        to_country="TJK",
        by=by,
        at=at,
    )
    transit.make_version(
        corridor=corridor,
        longest_transit=timedelta(hours=4),
        conditions=CONDITIONS,
        head_count_cap=120,
        requested_by=Organisation.objects.get(code="tj-mfa"),
        document_reference="Demonstration: request in preparation",
        by=by,
        at=at,
    )
