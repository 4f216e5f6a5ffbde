"""Whom an embassy may expect: nationals of its country who agreed to be shown to it, and against whom no hold stands.

This is an allow-list and a projection of its own. It begins at the disclosures to the embassy and never at the table of
people, so that nobody else can be seen, counted or inferred (domain, confidentiality 1 and 2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from migrants.enums import DataCategory, Purpose
from migrants.models import Disclosure, Nationality, ProtectionHold, TravelDocument
from partners.models import Organisation
from returns import bus_names
from returns.arrival_figures import figures_of
from returns.enums import MovementState
from returns.models import Manifest, ManifestEntry, Movement, Reception
from returns.people_lines import document_words

MOST_ARRIVALS = 20
NEVER_COMES = (MovementState.CALLED_OFF, MovementState.TURNED_BACK)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a consular officer sees of one person. `public_id` is that of the disclosure and names nobody elsewhere.

    `person` is for the access log only. `arrives_at` is planned until the buses have left the transit country.
    """

    public_id: UUID
    person: UUID
    full_name: str
    latin_name: str
    birth_year: int | None
    document: str
    document_tone: str
    movement: UUID | None
    arrives_at: datetime | None
    vehicle: str
    reception: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """One movement to the country of the embassy. `heads` were counted, None: not yet (`figures_of`); `shown` agreed."""

    movement: Movement
    arrives_at: datetime
    heads: int | None
    shown: int


def shown_to(
    organisations: Collection[Organisation], *, of: str = DataCategory.IDENTITY, at: datetime
) -> QuerySet[Disclosure]:
    """Give the disclosures that let these embassies see somebody `at`, with `of` (a `DataCategory`) among what is shown.

    Anybody under any hold is left out.
    """
    national = Nationality.objects.filter(person=OuterRef("person"), code=OuterRef("recipient__country"))
    held = ProtectionHold.objects.filter(person=OuterRef("person"), cleared_at__isnull=True)
    return Disclosure.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=at),
        Exists(national),
        ~Exists(held),
        recipient__in=[organisation.pk for organisation in organisations],
        purpose=Purpose.SHOW_TO_CONSULATE,
        categories__contains=[of],
        valid_from__lte=at,
        person__merged_into__isnull=True,
    ).select_related("person", "recipient")


def on_board(movement: Movement, organisations: Collection[Organisation], *, at: datetime) -> QuerySet[Disclosure]:
    """Give those whose journey is shown who stand on the newest manifest of a movement, by name."""
    listed = newest_entries().filter(manifest__movement=movement, person=OuterRef("person"))
    return by_name(shown_to(organisations, of=DataCategory.JOURNEY, at=at).filter(Exists(listed)))


def by_name(disclosures: QuerySet[Disclosure]) -> QuerySet[Disclosure]:
    """Put them into the order of the list."""
    return disclosures.order_by("person__sort_key", "pk")


def in_order(organisations: Collection[Organisation], *, at: datetime) -> list[tuple[int, UUID]]:
    """Give key and public id of each disclosure of `shown_to`, by name. One query says who they are and how many."""
    return list(by_name(shown_to(organisations, at=at)).values_list("pk", "public_id"))


def of_these(keys: Iterable[int]) -> list[Disclosure]:
    """Give the disclosures with these keys, which `in_order` gave, with their people, by name."""
    return list(by_name(Disclosure.objects.filter(pk__in=list(keys)).select_related("person", "recipient")))


def completed(disclosures: Sequence[Disclosure], *, at: datetime) -> list[Expected]:
    """Give what is shown of each, in the same order, and nothing that its disclosure does not name; 3 queries."""
    people = [row.person_id for row in disclosures]
    documents: dict[int, list[TravelDocument]] = defaultdict(list)
    for document in TravelDocument.objects.filter(person__in=people).defer("number"):
        documents[document.person_id].append(document)
    entries = (
        newest_entries().filter(person__in=people).select_related("vehicle", "manifest__movement__corridor_version")
    )
    seats = {entry.person_id: entry for entry in entries.order_by("manifest__movement__made_at", "pk")}
    met = {
        (reception.handover.movement_id, reception.person_id): reception.state
        for reception in Reception.objects.filter(person__in=people).select_related("handover")
    }
    expected = []
    for row in disclosures:
        entry = seats.get(row.person_id) if DataCategory.JOURNEY in row.categories else None
        words, tone = "", ""
        if DataCategory.DOCUMENTS in row.categories:
            words, tone = document_words(documents[row.person_id], at.date())
        movement = entry.manifest.movement if entry else None
        expected.append(
            Expected(
                public_id=row.public_id,
                person=row.person.public_id,
                full_name=row.person.full_name,
                latin_name=row.person.latin_name,
                birth_year=row.person.birth_year,
                document=words,
                document_tone=tone,
                movement=movement.public_id if movement else None,
                arrives_at=arrives_at(movement) if movement else None,
                vehicle=bus_names.in_words(entry.vehicle.label) if entry else "",
                reception=met.get((movement.pk, row.person_id), "") if movement else "",
            )
        )
    return expected


def movements_to(organisations: Collection[Organisation]) -> QuerySet[Movement]:
    """Give the movements to the countries of these embassies for which a manifest is frozen."""
    countries = {organisation.country for organisation in organisations if organisation.country}
    return (
        Movement.objects.exclude(state__in=NEVER_COMES)
        .filter(
            Exists(Manifest.objects.filter(movement=OuterRef("pk"))),
            corridor_version__corridor__to_country__in=countries,
        )
        .select_related("group", "corridor_version__corridor__exit", "handover__receiver")
        .prefetch_related("corridor_version__corridor__exit__sides")
    )


def arrivals(organisations: Collection[Organisation], *, at: datetime) -> list[Arrival]:
    """Give the last 20 movements to the countries of these embassies, the latest first; the same number of queries always."""
    rows = list(movements_to(organisations).order_by("-depart_at", "-pk")[:MOST_ARRIVALS])
    figures = figures_of(rows)
    disclosed = shown_to(organisations, of=DataCategory.JOURNEY, at=at).values("person")
    shown = dict(
        newest_entries()
        .filter(manifest__movement__in=rows, person__in=disclosed)
        .values_list("manifest__movement")
        .annotate(people=Count("person", distinct=True))
        .order_by()
    )
    return [
        Arrival(
            movement=row,
            arrives_at=arrives_at(row),
            heads=figures[row.pk].heads,
            shown=shown.get(row.pk, 0),
        )
        for row in rows
    ]


def arrives_at(movement: Movement) -> datetime:
    """Give the hour at which the last bus is out of the transit country, or has to be."""
    planned = movement.depart_at + movement.corridor_version.longest_transit
    return movement.left_at or movement.way_ends_at or movement.due_at or planned


def zones_of_arrival(movement: Movement) -> list[str]:
    """Give the zones of the crossing of arrival, that of the country of arrival first."""
    corridor = movement.corridor_version.corridor
    sides = corridor.exit.way(corridor.last_country, corridor.to_country)
    return list(dict.fromkeys(side.zone for side in reversed(sides))) or ["UTC"]


def newest_entries() -> QuerySet[ManifestEntry]:
    """Give the entries of the newest manifest of each movement that comes, but for buses that turned back."""
    newest = Manifest.objects.filter(movement=OuterRef("manifest__movement")).order_by("-number").values("number")[:1]
    rows = ManifestEntry.objects.filter(manifest__number=Subquery(newest))
    return rows.exclude(manifest__movement__state__in=NEVER_COMES).filter(vehicle__turned_back_at__isnull=True)
