"""One of each thing that an address can name, as small as can be."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from common.actors import Actor
from corridors import requirements
from corridors.models import BorderCrossing
from migrants.entries import PersonEntry
from migrants.models import TravelGroup
from migrants.registration import register
from notifications.alerts import Told
from notifications.models import Alert
from partners.models import Organisation
from returns import funding
from tests.cast import NOW

BY = Actor.command("tests")


def make_world(group: TravelGroup, crossing: BorderCrossing, organisations: dict[str, Organisation]) -> dict[str, Any]:
    """Values for the parameters of addresses, by route and parameter name; `*` serves every route."""
    person = register(group=group, mission=group.mission, entry=PersonEntry(full_name="Озмоиш Одам"), by=BY, at=NOW)
    content = {"rule": {"test": {"kinds": ["pcr"], "max_age_hours": 72}}}
    drafts = [
        requirements.draft(
            requirement_line=(crossing, "KAZ", "UZB", "health_test"), content=content, certainty="reported",
            source_tier="oral_post", source_text="by word of mouth", authority=organisations["uz-border"],
            applies_from=NOW, by=BY, at=NOW,
        )
        for _ in range(2)
    ]  # fmt: skip
    told = [Told(organisations[code]) for code in ("kz-border", "tj-emb-uz")]
    requirements.publish(draft=drafts[0], told=told, by=BY, at=NOW + timedelta(minutes=1))
    alert = Alert.objects.get()
    notices = {notice.organisation.code: notice for notice in alert.notices.select_related("organisation")}
    need = funding.ask(group=group, kind="blankets", quantity=3, unit_price=Decimal(5), currency="USD", by=BY, at=NOW)
    return {
        "group": group.public_id,
        "person": person.public_id,
        "draft": drafts[1].public_id,
        "requirement": drafts[0].requirement.public_id,
        "alert": alert.public_id,
        "notice": notices["kz-border"].public_id,
        "need": need.public_id,
        "crossing": crossing.code,
        "organisation": organisations["kz-border"].public_id,
        "organisation code": "kz-border",
    }
