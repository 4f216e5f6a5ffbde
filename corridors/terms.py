"""What is really allowed: the wording of a version, narrowed by every party that approved it with conditions of its own.

A party may only ask for less than the wording says: a window inside the window, fewer people, fewer vehicles, one way.
Where the windows of two parties do not meet, nothing is allowed at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridors.enums import ApprovalState, CorridorCondition, PartyWordKind
from corridors.models import Approval, CorridorVersion, PartyWord
from corridors.opening_hours import Hours, Span, covers, hours_in_words, hours_of, next_span, spans
from corridors.windows import window_in_words


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """What one party allows where that is less than the wording says; the end of its window is exclusive."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    head_count_cap: int | None = None
    vehicle_cap: int | None = None
    route: str = ""

    @property
    def say_nothing(self) -> bool:
        return self == OwnTerms()


@dataclass(frozen=True, slots=True)
class Terms:
    """`opens_at` and `closes_at` (exclusive) are None while no window is agreed; `words` are conditions in words.

    Where `hours` are agreed it is open only on those days and hours of `zone` between the two.
    `words` begins with the wording's own and goes on with those of the parties; `routes` are the ways that parties name.
    `listed` are codes of `CorridorCondition`, `evidence` those of what has to be at hand at the barrier.
    """

    opens_at: datetime | None
    closes_at: datetime | None
    head_count_cap: int
    vehicle_cap: int | None
    longest_transit: timedelta
    words: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    hours: tuple[Hours, ...] = ()
    zone: str = ""

    @property
    def opened(self) -> list[Span]:
        """When people may enter, in order; nothing while no window is agreed, or where those of two parties do not meet."""
        if self.opens_at is None or self.closes_at is None:
            return []
        return spans(self.opens_at, self.closes_at, self.hours, self.zone)

    @property
    def is_possible(self) -> bool:
        """False where the windows of two parties do not meet, or meet at no hour that is agreed."""
        return self.opens_at is None or self.closes_at is None or bool(self.opened)

    def covers(self, moment: datetime) -> bool:
        """Whether people may enter at that moment."""
        return covers(self.opened, moment)


def within_windows(version: CorridorVersion, at: datetime) -> bool:
    """Whether people may enter by this version at `at`, by everything that its parties have said; one query."""
    return terms_of(version).covers(at)


def terms_of(version: CorridorVersion) -> Terms:
    """What is allowed by everything that was said to `version` until now; one query."""
    gone = PartyWord.objects.filter(approval=OuterRef("pk"), kind=PartyWordKind.WITHDRAWN)
    return narrowed(version, version.approvals.filter(~Exists(gone), state=ApprovalState.CONDITIONAL).order_by("pk"))


def narrowed(version: CorridorVersion, approvals: Iterable[Approval]) -> Terms:
    """The wording of `version` with the own conditions of `approvals`: the later opening, the earlier end, the least. Pure."""
    own = list(approvals)
    return Terms(
        opens_at=None
        if version.opens_at is None
        else max([version.opens_at, *(said.opens_at for said in own if said.opens_at)]),
        closes_at=None
        if version.closes_at is None
        else min([version.closes_at, *(said.closes_at for said in own if said.closes_at)]),
        head_count_cap=min([version.head_count_cap, *(said.head_count_cap for said in own if said.head_count_cap)]),
        vehicle_cap=min(filter(None, [version.vehicle_cap, *(said.vehicle_cap for said in own)]), default=None),
        longest_transit=version.longest_transit,
        hours=hours_of(version.hours),
        zone=version.zone,
        listed=tuple(code for code in CorridorCondition.values if code in version.listed),
        evidence=tuple(version.evidence),
        words=(*version.conditions_in_words, *(said.note for said in own if said.note)),
        routes=tuple(dict.fromkeys(said.route for said in own if said.route)),
    )


def wording_alone(version: CorridorVersion) -> Terms:
    """What the wording allows by itself."""
    return narrowed(version, ())


def own_terms_in_words(approval: Approval, zones: list[str]) -> list[str]:
    """What a party allows where that is less than the wording says, a few words for each point."""
    said = [
        _window(approval.opens_at, approval.closes_at, zones),
        *_caps(approval.head_count_cap, approval.vehicle_cap),
    ]
    return [*filter(None, said), *_ways([approval.route] if approval.route else [])]


def terms_in_words(terms: Terms, zones: list[str]) -> list[str]:
    """What is really allowed, a few words for each point."""
    if not terms.is_possible:
        return [_("the windows of its parties do not meet")]
    said = [window_of_terms(terms, zones), *_caps(terms.head_count_cap, terms.vehicle_cap)]
    return [*filter(None, said), *_ways(terms.routes)]


def window_of_terms(terms: Terms, zones: list[str]) -> str:
    """Between which dates, and on which days and hours of them; empty while no window is agreed."""
    said = _window(terms.opens_at, terms.closes_at, zones)
    return ": ".join(filter(None, [said, hours_in_words(terms.hours, terms.zone)]))


def opens_next(terms: Terms, zones: list[str], *, at: datetime) -> str:
    """A sentence: until when it is open at `at`, or when it opens next; empty while no window is agreed."""
    if terms.opens_at is None:
        return ""
    found = next_span(terms.opened, at)
    if found is None:
        return _("It does not open any more.")
    words = _("Open now: %(window)s.") if found[0] <= at else _("It opens next: %(window)s.")
    return words % {"window": window_in_words(*found, zones)}


def _window(opens_at: datetime | None, closes_at: datetime | None, zones: list[str]) -> str:
    return window_in_words(opens_at, closes_at, zones) if opens_at and closes_at else ""


def _caps(people: int | None, vehicles: int | None) -> Iterator[str]:
    if people:
        yield ngettext("at most %(n)d person", "at most %(n)d people", people) % {"n": people}
    if vehicles:
        yield ngettext("at most %(n)d vehicle", "at most %(n)d vehicles", vehicles) % {"n": vehicles}


def _ways(routes: Iterable[str]) -> list[str]:
    return [_("by this way: %(route)s") % {"route": route} for route in routes]
