"""Freezing who travels: what stops it and what to do, the findings kept for good, and what a later version changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import audit
from common.actors import Actor
from corridors.models import CorridorVersion, RequirementVersion
from corridors.terms import terms_of
from migrants.ages import birth_words
from migrants.enums import DocumentState
from migrants.heads import heads_of
from migrants.models import Migrant, Nationality, TravelDocument
from returns import crew, evidence, readiness
from returns.corridor_stops import Stop, corridor_stops
from returns.enums import STANDS_IN_THE_WAY
from returns.explanations import explain_finding
from returns.family_seats import children_apart
from returns.headings import heading
from returns.house_rules import HouseRule
from returns.judging import Finding
from returns.ledgers import StandingRule
from returns.models import FrozenFinding, Manifest, ManifestEntry, Movement, Plan, Seat
from returns.movements import MovementError, locked, refuse_after_departure
from returns.onward import Asked, asked_onward
from returns.progress import follow
from returns.seating import unseated
from returns.verdicts import PLAN, Judged
from returns.ways import zones_of


class FreezeStoppedError(MovementError):
    """The manifest cannot be frozen; `stops` says all of it at once. Nothing was changed."""

    def __init__(self, stops: Sequence[Stop]) -> None:
        super().__init__(
            "manifest",
            ngettext(
                "%(n)d thing stops the manifest. Put it right and freeze again.",
                "%(n)d things stop the manifest. Put them right and freeze again.",
                len(stops),
            )
            % {"n": len(stops)},
        )
        self.stops = tuple(stops)


@dataclass(frozen=True, slots=True)
class Change:
    """What a later version of a manifest changed for one person: who came, who left, who sits in another bus."""

    name: str
    before: str
    after: str


def stops_of(movement: Movement, *, at: datetime) -> list[Stop]:
    """Give everything that stops the manifest from being frozen `at`; the same answer that freezing acts upon."""
    seats = list(movement.seats.filter(vehicle__isnull=False).select_related("person"))
    explained = readiness.explain([seat.person_id for seat in seats], at=at)
    return _stops(movement, seats, explained, _onward(movement, seats, at=at), at=at)


def _onward(movement: Movement, seats: Sequence[Seat], *, at: datetime) -> list[Asked]:
    return asked_onward(movement.corridor_version, [seat.person_id for seat in seats], at=at)


def _stops(
    movement: Movement,
    seats: Sequence[Seat],
    explained: readiness.Explained,
    onward: Sequence[Asked],
    *,
    at: datetime,
) -> list[Stop]:
    if not seats:
        return [Stop(_("Nobody has a seat yet."), _("Add the buses and propose seats."))]
    terms = terms_of(movement.corridor_version)
    said = (*crew.unfit(movement), *crew.asked_for(movement, terms), *evidence.lacking(movement, terms))
    return [
        *corridor_stops(movement, terms, len(seats), at=at),
        *_head_stops(movement),
        *_family_stops(movement, at=at),
        *(Stop(sentence, remedy) for sentence, remedy in said),
        *_person_stops(movement, seats, explained, onward),
    ]


def _head_stops(movement: Movement) -> list[Stop]:
    stops = []
    heads = heads_of([movement.group_id])[movement.group_id]
    if heads.unknown:
        sentence = ngettext(
            "%(n)d head was counted that nobody has registered.",
            "%(n)d heads were counted that nobody has registered.",
            heads.unknown,
        )
        stops.append(Stop(sentence % {"n": heads.unknown}, _("Register them, or count the group again.")))
    if waiting := len(unseated(movement)):
        sentence = ngettext(
            "%(n)d person has neither a seat nor is left out.",
            "%(n)d people have neither a seat nor are left out.",
            waiting,
        )
        stops.append(Stop(sentence % {"n": waiting}, _("Give each a seat, or decide who does not travel.")))
    return stops


def _family_stops(movement: Movement, *, at: datetime) -> list[Stop]:
    return [
        Stop(
            _("Is a child and would travel in a bus without anybody of the family."),
            _("Seat the family together, leave the child out too, or say with whom the child is."),
            child,
        )
        for child in children_apart(movement, at=at)
    ]


def _person_stops(
    movement: Movement, seats: Sequence[Seat], explained: readiness.Explained, onward: Sequence[Asked]
) -> list[Stop]:
    zone = ZoneInfo(zones_of(movement.group)[0])
    rules = {rule.key: rule for rule in explained.rules}
    people = {seat.person_id: seat.person for seat in seats}
    judged = {case.placed.person: case for case in explained.cases}
    stops = []
    for key, person in sorted(people.items(), key=lambda item: item[1].sort_key):
        if key not in judged:
            stops.append(Stop(_("Has no open case."), _("Open a case, or leave this person out."), person))
            continue
        for rule, finding in judged[key].findings.items():
            if finding.verdict in STANDS_IN_THE_WAY:
                stops.append(_stop(person, rule, finding, rules, zone))
        held_up = (each for each in onward if each.case.person == key and each.stops)
        stops += [Stop(each.sentence, each.remedy, person) for each in held_up]
    return stops


def _stop(person: Migrant, rule: str, finding: Finding, rules: Mapping[str, StandingRule], zone: ZoneInfo) -> Stop:
    """Say one finding. Of a hold nobody learns more here than that the person does not travel."""
    if rule == HouseRule.NO_HOLD:
        return Stop(_("Not travelling."), _("Ask the protection officer, or leave this person out."), person)
    said = explain_finding(finding, zone=zone)
    because, cures = said[: len(finding.because)], said[len(finding.because) :]
    return Stop(f"{_named(rule, rules)}: {' '.join(because)}", " ".join(cures), person)


def _named(rule: str, rules: Mapping[str, StandingRule]) -> str:
    if rule in HouseRule.values:
        return str(HouseRule(rule).label)
    return _("Plan") if rule == PLAN else heading(rules[rule].content, rules[rule].subject)


@transaction.atomic
def freeze(*, movement: Movement, why: str = "", by: Actor, at: datetime) -> Manifest:
    """Freeze who travels as the next version, with every finding that let each person on it, kept for good.

    Raises FreezeStoppedError with everything that stops it, MovementError once the buses have left, where nothing has
    changed since the last version, or where a later version does not say why.
    """
    movement = locked(movement)
    refuse_after_departure(movement)
    follow_plan(movement)
    CorridorVersion.objects.select_for_update(no_key=True).get(pk=movement.corridor_version_id)  # its cap is shared
    newest = movement.manifests.last()
    if newest is not None and is_current(newest):
        raise MovementError("manifest", _("Nothing has changed since version %(n)d.") % {"n": newest.number})
    if newest is not None and not why.strip():
        raise MovementError("why", _("Say why there is a new version; it is printed on it."))
    seats = list(movement.seats.filter(vehicle__isnull=False).select_related("person", "vehicle"))
    explained = readiness.explain([seat.person_id for seat in seats], at=at)
    onward = _onward(movement, seats, at=at)
    if stops := _stops(movement, seats, explained, onward, at=at):
        raise FreezeStoppedError(stops)
    manifest = Manifest(
        movement=movement,
        mission_id=movement.mission_id,
        number=newest.number + 1 if newest else 1,
        frozen_at=at,
        people=len(seats),
        why=why.strip(),
        by=by,
    )
    entries = _entries(manifest, seats, explained.cases)
    manifest.digest = fingerprint(manifest, entries)
    manifest.save()
    ManifestEntry.objects.bulk_create(entries)
    _keep_findings(entries, explained, onward, at=at)
    follow(movement)
    audit.record("manifest frozen", manifest, by=by, at=at, why=why.strip())
    return manifest


def follow_plan(movement: Movement) -> None:
    """Take over the hour and the corridor version that the group's plan names now; the caller saves."""
    plan = Plan.objects.select_related("corridor_version").filter(group=movement.group_id).first()
    if plan is not None and plan.corridor_version is not None:
        movement.depart_at, movement.corridor_version = plan.cross_at, plan.corridor_version


def is_current(manifest: Manifest) -> bool:
    """Tell whether everybody still sits where this version says; two queries."""
    seats = Seat.objects.filter(movement=manifest.movement_id, vehicle__isnull=False).values_list("person", "vehicle")
    return set(seats) == set(manifest.entries.values_list("person", "vehicle"))


def fingerprint(manifest: Manifest, entries: Collection[ManifestEntry]) -> str:
    """Give the SHA-256 of the canonical form: JSON with sorted keys, entries by bus and number, no blanks."""
    movement = manifest.movement
    canonical = {
        "movement": str(movement.public_id),
        "version": manifest.number,
        "frozen_at": manifest.frozen_at.isoformat(),
        "corridor": f"{movement.corridor_version.public_id}",
        "depart_at": movement.depart_at.isoformat(),
        "people": sorted(
            [
                [
                    entry.vehicle.rank, entry.vehicle.label, entry.number, entry.full_name, entry.latin_name, entry.born,
                    sorted(entry.nationalities), entry.document,
                ]
                for entry in entries
            ]
        ),
    }  # fmt: skip
    text = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _entries(manifest: Manifest, seats: Sequence[Seat], cases: Sequence[Judged]) -> list[ManifestEntry]:
    keys = [seat.person_id for seat in seats]
    case_of = {judged.placed.person: judged.placed.case for judged in cases}
    nationalities: dict[int, list[str]] = {}
    for person, code in Nationality.objects.filter(person__in=keys).order_by("code").values_list("person", "code"):
        nationalities.setdefault(person, []).append(code)
    held = TravelDocument.objects.filter(person__in=keys, state=DocumentState.HELD).order_by("recorded_at", "pk")
    documents = dict(held.values_list("person", "kind"))
    return [
        ManifestEntry(
            manifest=manifest,
            mission_id=manifest.mission_id,
            vehicle=seat.vehicle,
            case_id=case_of[seat.person_id],
            person=seat.person,
            number=seat.person.number,
            full_name=seat.person.full_name,
            latin_name=seat.person.latin_name,
            born=birth_words((seat.person.birth_year, seat.person.birth_month, seat.person.birth_day)),
            nationalities=nationalities.get(seat.person_id, []),
            document=documents.get(seat.person_id, ""),
        )
        for seat in seats
    ]


def _keep_findings(
    entries: Sequence[ManifestEntry], explained: readiness.Explained, onward: Sequence[Asked], *, at: datetime
) -> None:
    """Store what each rule said of each person, with its evidence (readiness 14); of one asked twice the first crossing's."""
    keys = {UUID(rule.key) for rule in (*explained.rules, *(each.rule for each in onward)) if rule.version is not None}
    versions = dict(RequirementVersion.objects.filter(public_id__in=keys).values_list("public_id", "pk"))
    found = {judged.placed.case: dict(judged.findings) for judged in explained.cases}
    for each in onward:
        found[each.case.case].setdefault(each.rule.key, each.finding)
    FrozenFinding.objects.bulk_create(
        [
            FrozenFinding(
                entry=entry,
                rule=rule,
                requirement_version_id=None if rule in HouseRule.values else versions.get(UUID(rule)),
                verdict=finding.verdict,
                because=[because.to_json() for because in finding.because],
                true_until=finding.true_until,
                facts_as_of=at,
            )
            for entry in entries
            for rule, finding in found[entry.case_id].items()
        ],
        batch_size=1000,
    )


def changes_between(before: Manifest | None, after: Manifest) -> list[Change]:
    """Give what a version changed from the one before, by bus and name; nothing for the first version."""
    if before is None:
        return []
    old, new = ({entry.person_id: entry for entry in _read(manifest)} for manifest in (before, after))
    changes = []
    for key in {**old, **new}:
        was, is_now = old.get(key), new.get(key)
        places = (was.vehicle.label if was else "", is_now.vehicle.label if is_now else "")
        if places[0] != places[1]:
            name = (is_now or was).full_name  # type: ignore[union-attr]  # one of both is there
            changes.append(Change(name, *places))
    return sorted(changes, key=lambda change: (change.after == "", change.name))


def _read(manifest: Manifest) -> list[ManifestEntry]:
    return list(manifest.entries.select_related("vehicle"))
