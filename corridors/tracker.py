"""The tracker of a corridor: who holds it up and since when, what each version said, and everything that happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridors.carrying import reasons_in_words
from corridors.enums import ApprovalState, CorridorState, PartyWordKind
from corridors.legs import legs_in_words, legs_of
from corridors.models import Approval, CorridorVersion, PartyWord, Suspension
from corridors.party_words import may_say
from corridors.request_words import differences, waivers_words, window_words, wording_of
from corridors.standings import Standing, open_requests, standings_of
from corridors.terms import opens_next, own_terms_in_words, terms_in_words, wording_alone
from corridors.windows import zones_meant
from notifications.enums import AnsweredBy
from notifications.named import full_name
from partners.models import Organisation

LOOKS = {
    CorridorState.DRAFT: "unknown",
    CorridorState.AWAITING: "expiring",
    CorridorState.OPEN: "ready",
    CorridorState.REJECTED: "missing",
    CorridorState.LAPSED: "missing",
    CorridorState.SUSPENDED: "missing",
    CorridorState.REPLACED: "unknown",
    CorridorState.WITHDRAWN: "missing",
    CorridorState.CONTRADICTORY: "missing",
}
ANSWER_LOOKS = {
    ApprovalState.ASKED: "expiring",
    ApprovalState.APPROVED: "ready",
    ApprovalState.CONDITIONAL: "ready",
    ApprovalState.REJECTED: "missing",
}


@dataclass(frozen=True, slots=True)
class Party:
    """One party of a version: what it was asked, what it said, and how long it has been waited for."""

    approval: Approval
    waited: timedelta
    is_late: bool
    last_word: PartyWord | None = None
    may_say: tuple[str, ...] = ()
    own_terms: tuple[str, ...] = ()

    @property
    def decided_on(self) -> int | None:
        """The number of the version on which a decision was taken that holds for this one too."""
        return self.approval.carried_from.version.number if self.approval.carried_from else None

    @property
    def reopened(self) -> list[str]:
        """Why the party is asked although it decided on the version before."""
        return reasons_in_words(self.approval.reopened)

    @property
    def has_stopped(self) -> bool:
        """Whether the party has suspended its approval, or withdrawn it."""
        return self.last_word is not None and self.last_word.kind != PartyWordKind.RESUMED

    @property
    def look(self) -> str:
        is_missing = self.is_late or self.has_stopped
        return "missing" if is_missing else ANSWER_LOOKS[ApprovalState(self.approval.state)]

    @property
    def words(self) -> str:
        if self.is_late:
            return _("not decided in time")
        if self.last_word is not None and self.has_stopped:
            return str(PartyWordKind(self.last_word.kind).label)
        return str(ApprovalState(self.approval.state).label)

    @property
    def waits(self) -> bool:
        """Whether a decision can still be taken."""
        return self.approval.state == ApprovalState.ASKED and not self.is_late

    @property
    def how(self) -> str:
        return str(AnsweredBy(self.approval.decided_how).label) if self.approval.decided_how else ""


@dataclass(frozen=True, slots=True)
class Tracked:
    """One version with where it stands and how its window is said on each side."""

    version: CorridorVersion
    standing: Standing
    zones: list[str]
    window: str
    differences: list[str]
    parties: tuple[Party, ...]
    opens_next: str = ""
    waivers: tuple[str, ...] = ()

    @property
    def look(self) -> str:
        return LOOKS[CorridorState(self.standing.state)]

    @property
    def legs(self) -> list[str]:
        """The countries of a way through several, a few words for each."""
        return legs_in_words(legs_of(self.version))

    @property
    def allowed(self) -> str:
        """What is really allowed where parties have narrowed the wording: window, people, vehicles, ways."""
        terms = self.standing.terms
        if terms is None or terms == wording_alone(self.version):
            return ""
        return "; ".join(terms_in_words(terms, self.zones))

    @property
    def holding(self) -> str:
        """The parties that hold it up, by name."""
        return "; ".join(full_name(held.organisation) for held in self.standing.held_up_by)

    @property
    def held_since(self) -> datetime | None:
        return min((held.since for held in self.standing.held_up_by), default=None)


def tracked(versions: Iterable[CorridorVersion], *, at: datetime) -> list[Tracked]:
    """Each version with its standing at `at`, in the order given; corridors and sides should be at hand."""
    listed = list(versions)
    standings = standings_of(listed, at=at)
    before = {(version.corridor_id, version.number + 1): version for version in listed}
    return [
        _tracked(version, standings[version.pk], before.get((version.corridor_id, version.number)), at=at)
        for version in listed
    ]


def _tracked(version: CorridorVersion, standing: Standing, before: CorridorVersion | None, *, at: datetime) -> Tracked:
    zones, wording = zones_meant(version), wording_of(version)
    return Tracked(
        version=version,
        standing=standing,
        zones=zones,
        window=window_words(wording, zones),
        differences=differences(wording_of(before), wording, zones) if before else [],
        parties=tuple(_party(approval, standing, zones, at=at) for approval in standing.approvals),
        waivers=tuple(waivers_words(wording, zones, get_language() or "en")),
        opens_next=opens_next(standing.terms, zones, at=at) if version.hours and standing.terms else "",
    )


def _party(approval: Approval, standing: Standing, zones: list[str], *, at: datetime) -> Party:
    ended = approval.decided_at or min(at, approval.answer_by)
    return Party(
        approval,
        max(ended - approval.asked_at, timedelta(0)),
        approval.state == ApprovalState.ASKED and approval.answer_by <= at,
        standing.last_words.get(approval.pk),
        tuple(may_say(approval, state=standing.state, last=standing.last_word_of(approval))),
        tuple(own_terms_in_words(approval, zones)),
    )


def history_of(tracked_versions: Iterable[Tracked], *, with_names: bool) -> list[dict[str, Any]]:
    """What happened to a corridor, the newest first: entries for `{% timeline %}`; two queries.

    Without `with_names` a decision shows the function of who took it, never the name.
    """
    listed = list(tracked_versions)
    of_these = [row.version for row in listed]
    suspensions = Suspension.objects.filter(version__in=of_these).select_related("version")
    words = PartyWord.objects.filter(version__in=of_these).select_related("version", "organisation")
    entries = [
        *(entry for row in listed for entry in _version_entries(row, with_names=with_names)),
        *(entry for row in suspensions for entry in _suspension_entries(row)),
        *(_word_entry(word, with_names=with_names) for word in words),
    ]
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)


def _version_entries(row: Tracked, *, with_names: bool) -> Iterator[dict[str, Any]]:
    number = {"number": row.version.number}
    yield {"at": row.version.made_at, "words": _("version %(number)d written") % number, "by": row.version.made_by}
    asked: dict[tuple[datetime, bool], list[str]] = {}
    for approval in row.standing.approvals:
        is_carried = approval.carried_from_id is not None
        asked.setdefault((approval.asked_at, is_carried), []).append(full_name(approval.organisation))
        if approval.decided_at and not is_carried:
            yield _decision(row.version, approval, with_names=with_names)
    for (hour, is_carried), names in asked.items():
        said = {**number, "names": "; ".join(sorted(names))}
        kept, words = _("version %(number)d: decisions hold: %(names)s"), _("version %(number)d: asked %(names)s")
        by = row.standing.approvals[0].asked_by
        yield {"at": hour, "words": (kept if is_carried else words) % said, "by": by}


def _decision(version: CorridorVersion, approval: Approval, *, with_names: bool) -> dict[str, Any]:
    words = _("version %(number)d: %(who)s – %(answer)s") % {
        "number": version.number,
        "who": full_name(approval.organisation),
        "answer": ApprovalState(approval.state).label,
    }
    said = ": ".join(part for part in (words, approval.note) if part)
    who = f"{approval.name}, {approval.function}" if with_names else approval.function
    tone = "missing" if approval.state == ApprovalState.REJECTED else "ready"
    return {"at": approval.decided_at, "words": said, "by": who, "tone": tone}


def _word_entry(word: PartyWord, *, with_names: bool) -> dict[str, Any]:
    words = _("version %(number)d: %(who)s – %(answer)s") % {
        "number": word.version.number,
        "who": full_name(word.organisation),
        "answer": PartyWordKind(word.kind).label,
    }
    who = f"{word.name}, {word.function}" if with_names else word.function
    tone = "ready" if word.kind == PartyWordKind.RESUMED else "missing"
    return {"at": word.said_at, "words": f"{words}: {word.reason}", "by": who, "tone": tone}


def _suspension_entries(row: Suspension) -> Iterator[dict[str, Any]]:
    words = {"number": row.version.number, "why": row.reason, "again": row.resumed_why}
    suspended = _("version %(number)d suspended: %(why)s") % words
    yield {"at": row.suspended_at, "words": suspended, "by": row.suspended_by, "tone": "missing"}
    if row.resumed_at:
        resumed = _("version %(number)d resumed: %(again)s") % words
        yield {"at": row.resumed_at, "words": resumed, "by": row.resumed_by, "tone": "ready"}


@dataclass(frozen=True, slots=True)
class Owed:
    """Decisions that parties owe: how many, and the one that is waited for longest."""

    number: int
    since: datetime | None
    organisation: Organisation | None


def decisions_owed(*, at: datetime) -> Owed:
    """What all corridors together wait for; one query."""
    rows = list(open_requests(at=at).select_related("organisation").order_by("asked_at", "pk")[:1000])
    return Owed(len(rows), rows[0].asked_at if rows else None, rows[0].organisation if rows else None)
