"""A world in which whatever somebody must not read holds a word that stands nowhere else, and who must not read which."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Model

from corridors.models import Approval, TransitCorridor
from migrants import consents, protection, screening
from migrants.models import Migrant, ProtectionHold, Referral, Screening, TravelGroup
from notifications.acknowledgements import acknowledge
from notifications.models import Acknowledgement, Alert, Delivery, EscalationPolicy
from partners.enums import Role
from partners.models import Contact, Organisation
from returns.cases import open_cases
from returns.funding import ask as ask_for_money
from returns.funding import pledge
from returns.laboratory import draw_list
from returns.models import AidItem, ConsularQuestion, Handover, Need, Pledge, ReceptionReady
from tests.api.conftest import (
    a_movement,
    closed,
    count_of,
    doubled,
    family_of,
    listed,
    make_rows,
    notice_of,
    person_in,
    waiver_of,
)
from tests.attacks.planting import plant
from tests.cast import COMMAND, NOW, make_crossing

World = dict[str, Any]
INSIDE, ELSEWHERE, MONEY, SHOWN, HELD, ROOM, OTHERS = (
    f"zq{word}qz" for word in ("own", "far", "money", "shown", "held", "room", "others")
)
"""The caseload · that of another mission · its needs · whom the embassy may see, and its own words · whom it may not ·
the closed room · what other organisations were told and answered."""
EVERYTHING = frozenset({INSIDE, ELSEWHERE, MONEY, SHOWN, HELD, ROOM, OTHERS})
OF_THE_HOUSE = (Contact, EscalationPolicy)
"""What all missions share: whom to call, and how it is followed up."""
NARROW = "of one mission"
"""Said after a role: its account reaches the caseload of its own mission alone."""
FORBIDDEN: dict[str, frozenset[str]] = {
    **dict.fromkeys((Role.FIELD, Role.COORDINATOR), frozenset({ROOM})),
    **{f"{role} {NARROW}": frozenset({ROOM, ELSEWHERE}) for role in (Role.FIELD, Role.COORDINATOR)},
    Role.PROTECTION: frozenset(),
    f"{Role.PROTECTION} {NARROW}": frozenset({ELSEWHERE}),
    Role.CONSULAR: EVERYTHING - {SHOWN},
    Role.LIAISON: EVERYTHING,
    Role.PROGRAMME: EVERYTHING - {MONEY},
    Role.DATA_PROTECTION: EVERYTHING,
    Role.ADMINISTRATOR: EVERYTHING,
}
"""Which words no answer of the API may hold, by who asks. The closed room is read by its officers alone."""


def words_beyond(who: str, text: str) -> list[str]:
    """The words in an answer to `who` that it must not hold."""
    return sorted(word for word in FORBIDDEN[who] if word in text)


def make_marked(group: TravelGroup, organisations: dict[str, Organisation]) -> tuple[World, World]:
    """Two worlds by the name of the resource: rows of the mission of `group`, and rows beyond everybody who is narrowed."""
    own = make_rows(group, organisations)
    embassy = organisations["tj-emb-uz"]
    held, shown = person_in(group, 60), Migrant.objects.filter(disclosures__recipient=embassy).distinct()
    _hold(held, embassy)
    far = _elsewhere(organisations)
    _told(organisations)
    _plant(INSIDE, lambda model: _of_mission(model, group.mission_id))
    _plant(ELSEWHERE, lambda model: () if model in OF_THE_HOUSE else _of_mission(model, far["mission"].pk))
    _plant(MONEY, lambda model: model._base_manager.all() if model in (Need, Pledge, AidItem) else ())
    _plant(SHOWN, lambda model: _of_people(model, list(shown)))
    _plant(HELD, lambda model: _of_people(model, [held]))
    _plant(SHOWN, lambda model: model._base_manager.filter(receiver=embassy) if model is Handover else ())
    said = (ConsularQuestion, ReceptionReady)
    _plant(SHOWN, lambda model: model._base_manager.filter(organisation=embassy) if model in said else ())
    room = (ProtectionHold, Screening, Referral)
    _plant(ROOM, lambda model: _of_mission(model, group.mission_id) if model in room else ())
    others = [organisations[code] for code in ("iom-kz", "uz-border")]
    _plant(OTHERS, lambda model: _of_organisations(model, others))
    return own, {**own, **far["rows"]}


def _plant(word: str, rows: Callable[[type[Model]], Iterable[Model]]) -> None:
    assert plant(word, rows), word


def _has(model: type[Model], name: str) -> bool:
    return any(field.name == name and field.is_relation for field in model._meta.concrete_fields)


def _of_mission(model: type[Model], mission: int) -> Iterable[Model]:
    return model._base_manager.filter(mission_id=mission) if _has(model, "mission") else ()


def _of_people(model: type[Model], people: list[Migrant]) -> Iterable[Model]:
    if model is Migrant:
        return people
    return model._base_manager.filter(person__in=people) if _has(model, "person") else ()


def _of_organisations(model: type[Model], organisations: list[Organisation]) -> Iterable[Model]:
    if model is Approval:
        return model._base_manager.filter(organisation__in=organisations)
    if model in (Acknowledgement, Delivery):
        return model._base_manager.filter(notice__organisation__in=organisations)
    return ()


def _hold(person: Migrant, embassy: Organisation) -> None:
    """Somebody who agreed to be shown, and then feared it."""
    who: dict[str, Any] = {"by": COMMAND, "at": NOW}
    consents.record_consent(
        people=[person], purpose="consulate", recipient=embassy, answer="yes", how="written", language="tg", **who
    )
    consents.disclose(people=[person], recipient=embassy, purpose="consulate", **who)
    protection.set_hold(person=person, reason="fear", against=["TJK"], **who)
    row = screening.screen(person=person, stage="before", needs=["medical"], note="n", screened_at=NOW, **who)
    screening.refer(
        screening=row, organisation=embassy, service="medical", reason="ill", referred_at=NOW, **who
    )  # fmt: skip


def _elsewhere(organisations: dict[str, Organisation]) -> World:
    """A group of the mission in Uzbekistan at another crossing, with somebody registered, a need, samples and a journey."""
    mission = organisations["iom-uz"].offices.get()
    away = make_crossing("KZ-UZ-77", ("KAZ", "Away", "Asia/Almaty"), ("UZB", "Away", "Asia/Tashkent"))
    group = TravelGroup.objects.create(
        code="ZZ-0777", mission=mission, crossing=away, from_country="KAZ", to_country="UZB", waiting_since=NOW,
        recorded_at=NOW, source="told", by=COMMAND,
    )  # fmt: skip
    who: dict[str, Any] = {"by": COMMAND, "at": NOW}
    person = person_in(group, 70)
    case = open_cases(people=[person], **who)[0]
    count = count_of(group, total=7)
    need = ask_for_money(group=group, kind="tests", quantity=7, unit_price=Decimal(20), currency="USD", **who)
    promised = pledge(
        need=need, donor=organisations["iom-uz"], amount=Decimal(5), currency="USD", pledged_on=NOW.date(), **who
    )
    samples = draw_list(group=group, kind="pcr", laboratory="Laboratory", **who)
    movement = a_movement(group, TransitCorridor.objects.get().versions.earliest("pk"))
    rows: dict[str, Any] = {
        "groups": group, "head-counts": count, "migrants": person, "documents": person.documents.get(),
        "health-tests": person.tests.get(), "consents": person.consents.get(), "cases": case, "needs": need,
        "proofs": person.proofs.get(), "waivers": waiver_of(case, group, organisations["uz-border"]),
        "pledges": promised, "sample-lists": samples, "samples": samples.samples.get(), "movements": movement,
        "manifests": movement.manifests.get(), "checkpoints": movement.checkpoints.get(), "lists": listed(group),
    }  # fmt: skip
    places = {name: row.public_id for name, row in rows.items()} | closed(person, organisations["uz-border"])
    return {"mission": mission, "rows": places | doubled(person) | family_of(person, group)}


def _told(organisations: dict[str, Organisation]) -> None:
    """One more organisation that was told and has answered."""
    notice = notice_of(Alert.objects.get(kind="requirement_change"), organisations["uz-border"])
    acknowledge(notice=notice, name="Somebody", function="desk", answered_by="page", by=COMMAND, at=NOW)
    Approval.objects.create(
        version=TransitCorridor.objects.get().versions.earliest("pk"), organisation=organisations["uz-border"],
        asked_at=NOW, asked_by=COMMAND, answer_by=NOW,
    )  # fmt: skip
