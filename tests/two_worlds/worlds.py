"""Two worlds that an outsider must not be able to tell apart: in one of them a woman under protection was registered.

She is a national of Tajikistan who waits at the same crossing. She agreed to be shown to her embassy, then feared to
return, and a hold was set. In the other world nobody ever wrote her down. Heads were counted alike, as people see heads.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import psycopg
from django.db import transaction

from common.clock import real_now
from corridors import requirements
from corridors.models import BorderCrossing
from migrants import consents, protection
from migrants.entries import DocumentEntry, PersonEntry
from migrants.models import HeadCount, Migrant, TravelGroup
from migrants.registration import register_many
from notifications.deliveries import send_due
from notifications.escalation import escalate_due
from partners.models import Organisation
from returns import assessing, case_tasks, cases, comments
from returns.impact import impact_of
from returns.publishing import publish
from tests.cast import COMMAND, NOW
from tests.support.environment import DATABASE, with_path

HER_NAME = "Саидова Нигора"
BEFORE = NOW - timedelta(days=1)
TEST_RULE = {
    "rule": {"test": {"kinds": ["pcr", "rapid"], "result": "negative", "max_age_hours": 72}},
    "price": {"amount": "20", "currency": "USD", "per": "person"},
}
Result = TypeVar("Result")


def in_both(build_and_look: Callable[[bool], Result]) -> tuple[Result, Result]:
    """Builds the world with her, looks, undoes it, and does the same without her; every row then has its old number."""
    return _in_one(build_and_look, with_her=True), _in_one(build_and_look, with_her=False)


def _in_one(build_and_look: Callable[[bool], Result], *, with_her: bool) -> Result:
    seen: list[Result] = []
    with same_numbers(), transaction.atomic():
        seen.append(build_and_look(with_her))
        transaction.set_rollback(True)
    return seen[0]


@contextmanager
def same_numbers() -> Iterator[None]:
    """Puts every sequence back afterwards, which no transaction does: a row that was never made must leave no gap."""
    with psycopg.connect(with_path(os.environ["DATABASE_OWNER_URL"], DATABASE), autocommit=True) as owner:
        names = "select format('%I.%I', schemaname, sequencename), last_value from pg_sequences"
        before = owner.execute(names).fetchall()
        yield
        for sequence, last in before:
            owner.execute("select setval(%s, %s, %s)", [sequence, last or 1, last is not None])


def entry(name: str, nationality: str = "TJK", born: int = 1990) -> PersonEntry:
    """Somebody with a passport."""
    passport = DocumentEntry(
        kind="passport", number=f"A{zlib.crc32(name.encode()) % 10_000_000:07d}", issuer=nationality
    )
    return PersonEntry(full_name=name, birth_year=born, nationalities=(nationality,), documents=(passport,))


def people_wait(
    group: TravelGroup, crossing: BorderCrossing, organisations: dict[str, Organisation], *, with_her: bool
) -> dict[str, Any]:
    """Three nationals of Tajikistan and an Afghan in `group`, and a second group in which she is, or is not, registered.

    The second group is counted as one head in both worlds and crosses first. Those who agreed are shown to the embassy.
    """
    embassy = organisations["tj-emb-uz"]
    smaller: TravelGroup = TravelGroup.objects.create(
        code="ZZ-0930", mission=group.mission, crossing=crossing, from_country="KAZ", to_country="UZB",
        waiting_since=BEFORE, recorded_at=BEFORE, by=COMMAND,
    )  # fmt: skip
    for place, heads in ((group, 5), (smaller, 1)):
        HeadCount.objects.create(
            group=place, mission=place.mission, counted_at=BEFORE, recorded_at=BEFORE, total=heads, by=COMMAND
        )
    if with_her:
        _register_her(smaller, embassy)
    names = (("Қодиров Умед", "TJK"), ("Раҳимова Гулнора", "TJK"), ("Юсуфов Далер", "TJK"), ("Рахимзода Парвиз", "AFG"))
    entries = [entry(name, nationality) for name, nationality in names]
    people = register_many(group=group, mission=group.mission, entries=entries, by=COMMAND, at=BEFORE)
    cases.open_cases(people=people, by=COMMAND, at=BEFORE)
    agree(people, embassy)
    for place, day in ((group, 3), (smaller, 2)):
        cases.set_plan(
            group=place, crossing=crossing, corridor_version=None, local_time=(NOW + timedelta(days=day)).replace(tzinfo=None),
            zone="Asia/Almaty", queue_minutes=60, by=COMMAND, at=BEFORE,
        )  # fmt: skip
    return {"people": people, "smaller": smaller, "embassy": embassy}


def _register_her(group: TravelGroup, embassy: Organisation) -> Migrant:
    her = register_many(group=group, mission=group.mission, entries=[entry(HER_NAME)], by=COMMAND, at=BEFORE)[0]
    cases.open_cases(people=[her], by=COMMAND, at=BEFORE)
    agree([her], embassy)
    case = her.cases.get()
    case_tasks.open_task(
        group=group, case=case, title=f"ask {HER_NAME} again", due_at=NOW, role="protection", by=COMMAND, at=BEFORE
    )
    comments.say(group=group, case=case, words=f"{HER_NAME} fears to return", by=COMMAND, at=BEFORE)
    protection.set_hold(person=her, reason="fears to return", by=COMMAND, at=BEFORE + timedelta(hours=1))
    return her


def agree(people: list[Migrant], embassy: Organisation, *, purpose: str = "consulate") -> None:
    """They agree to return and to be shown to the embassy, and the embassy is shown those whom it may see."""
    written: dict[str, Any] = {"answer": "yes", "how": "written", "language": "tg", "by": COMMAND, "at": BEFORE}
    consents.record_consent(people=people, purpose="return", form_signed=True, form_reference="folder 3", **written)
    consents.record_consent(people=people, purpose=purpose, recipient=embassy, **written)
    consents.disclose(people=people, recipient=embassy, purpose=purpose, by=COMMAND, at=BEFORE)


def a_demand_is_made(crossing: BorderCrossing, organisations: dict[str, Organisation]) -> None:
    """The neighbour asks for tests: published with its impact, told, judged, and those who do not answer are reminded."""
    draft = requirements.draft(
        requirement_line=(crossing, "KAZ", "UZB", "health_test"), content=TEST_RULE, certainty="reported",
        source_tier="oral_post", source_text="by word of mouth", authority=organisations["uz-border"],
        applies_from=NOW, by=COMMAND, at=NOW,
    )  # fmt: skip
    at = NOW + timedelta(minutes=2)
    publish(draft=draft, fingerprint=impact_of(draft, at=at).fingerprint, by=COMMAND, at=at)
    assessing.assess_changes(by=COMMAND, at=at)
    assessing.recheck_changed_facts(at=at)
    for later in (timedelta(minutes=3), timedelta(minutes=31)):
        escalate_due(at=NOW + later)
        send_due(real_at=real_now() + timedelta(seconds=1), at=NOW + later)
