"""Invented changes and requests, by which administrators look at the messages before the first real one."""

from __future__ import annotations

from typing import Any

from corridors.enums import Certainty, ChangeKind, RequirementSubject, SourceTier

ZONES = ["Asia/Tashkent", "Asia/Almaty"]
KAZAKH_SIDE = {
    "country": "KAZ",
    "latin": "Zhibek Zholy",
    "local": "Жібек жолы",
    "ru": "Жибек Жолы",
    "zone": "Asia/Almaty",
}
UZBEK_SIDE = {
    "country": "UZB",
    "latin": "G‘ishtko‘prik",
    "local": "G‘ishtko‘prik",
    "ru": "Гишткуприк",
    "zone": "Asia/Tashkent",
}
TAJIK_SIDE = {"country": "TJK", "latin": "Fotehobod", "local": "Фотеҳобод", "ru": "Фотехобод", "zone": "Asia/Dushanbe"}


def requirement_change() -> dict[str, Any]:
    """A test that is asked for from now on, by word of the post."""
    return {
        "crossing": "KZ-UZ-01",
        "sides": [KAZAKH_SIDE, UZBEK_SIDE],
        "zones": ZONES,
        "from_country": "KAZ",
        "to_country": "UZB",
        "mode": "",
        "subject": RequirementSubject.HEALTH_TEST,
        "version": 2,
        "kind": ChangeKind.NEW,
        "content": {
            "rule": {"test": {"kinds": ["pcr", "rapid"], "max_age_hours": 72}},
            "exempt": {"age": {"under": 5}},
        },
        "certainty": Certainty.REPORTED,
        "source_tier": SourceTier.ORAL_POST,
        "source_text": "The shift leader said so at the barrier.",
        "correction": "",
        "authority": None,
        "applies_from": "2020-10-01T03:05:00+00:00",
        "applies_until": None,
        "published_at": "2020-10-01T03:26:00+00:00",
        "before": None,
    }


def corridor_request() -> dict[str, Any]:
    """A way through Uzbekistan, of which its parties are asked for the first time."""
    committee = {
        "country": "KAZ",
        "en": "Ministry of Foreign Affairs",
        "ru": "Министерство иностранных дел",
        "tg": "Вазорати корҳои хориҷӣ",
        "uz": "Tashqi ishlar vazirligi",
    }
    wording = {
        "opens_at": "2020-10-02T01:00:00+00:00",
        "closes_at": "2020-10-02T05:00:00+00:00",
        "minutes": 240,
        "cap": 110,
        "conditions": ["No stops, no contact on the way"],
        "reference": "12-3/456",
    }
    return {
        "corridor": "",
        "code": "TC-01",
        "name": "Zhibek Zholy – Oybek",
        "version": 1,
        "zones": ZONES,
        "entry": [KAZAKH_SIDE, UZBEK_SIDE],
        "exit": [UZBEK_SIDE, TAJIK_SIDE],
        "countries": ["KAZ", "UZB", "TJK"],
        "requested_by": committee,
        "wording": wording,
        "before": None,
        "answer_by": "2020-10-01T14:00:00+00:00",
        "asked_at": "2020-10-01T08:00:00+00:00",
    }
