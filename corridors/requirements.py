"""The ledger of requirements: written down as a draft, published with everybody told, never overwritten.

Two clocks: `applies` is when a rule holds, `known` when we knew it so. Publishing closes `known` of what it replaces,
writes what stays of it beside it, and adds the new version. Source: domain rules 26 to 31.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Max
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.nudges import nudge
from corridors import reporting, rules, transit
from corridors.entering import (
    RequirementError,
    known_authority,
    readable,
    refuse_hours,
    refuse_line,
    refuse_order,
    refuse_words,
)
from corridors.enums import Certainty
from corridors.ledger import (
    Passage,
    close_and_carry_on,
    in_force,
    in_force_many,
    kind_of,
    ledger,
    newest,
    overlapping,
    place_taken_of,
    sentence_of,
)
from corridors.lines import place_of, zone_of_country
from corridors.messages import KIND, alert_context
from corridors.models import (
    BarrierReport,
    BorderCrossing,
    Requirement,
    RequirementChange,
    RequirementDraft,
    RequirementVersion,
)
from notifications.alerts import Told, raise_alert
from notifications.models import Alert
from partners.models import Organisation

__all__ = [
    "Passage",
    "RequirementError",
    "draft",
    "in_force",
    "in_force_many",
    "ledger",
    "publish",
    "redraft",
    "restate",
    "withdraw",
]

Line = tuple[BorderCrossing | None, str, str, str]
"""Crossing with its sides, from_country, to_country, subject: what a line of requirements is recognised by.

Without a crossing it is asked at every crossing of the direction; then one of the countries may be empty: any.
"""

LINKS_LIVE = timedelta(days=14)
"""How long a notice of a change may still be acknowledged by its link."""


@transaction.atomic
def draft(
    *,
    requirement_line: Line,
    content: dict[str, Any] | rules.Content,
    certainty: str,
    source_tier: str,
    source_text: str,
    authority: Organisation | None,
    applies_from: datetime,
    applies_until: datetime | None = None,
    mode: str = "",
    correction: str = "",
    report: BarrierReport | None = None,
    by: Actor,
    at: datetime,
) -> RequirementDraft:
    """Writes a change down without telling anybody, so that its impact can be read first.

    `content` is the rule (`corridors.rules`); `applies_from` and `applies_until` are aware and half-open; `mode` is by what
    those travel who are asked, empty for everybody; `correction` says what was entered wrongly before, where the crossing
    asks what it always asked; `report` is the word from the barrier that it takes up. Raises RequirementError naming the
    field: a rule that cannot be read, a direction that this crossing does not have, an unknown subject, mode, certainty,
    source or authority, an hour that cannot be meant, an order of steps that makes no sense (`refuse_order`).
    """
    crossing, from_country, to_country, subject = requirement_line
    refuse_line(crossing, from_country, to_country, subject, mode)
    refuse_words(certainty=certainty, source_tier=source_tier, source_text=source_text)
    authority = known_authority(authority)
    refuse_hours(applies_from, applies_until, at=at)
    rule = readable(content)
    requirement, is_new = Requirement.objects.get_or_create(
        crossing=crossing, from_country=from_country, to_country=to_country, mode=mode, subject=subject
    )
    written = RequirementDraft(
        requirement=requirement,
        replaces=None if is_new else newest(requirement),
        content=rule,
        certainty=certainty,
        source_tier=source_tier,
        source_text=source_text.strip(),
        authority=authority,
        zone=zone_of(crossing, authority, from_country, to_country),
        applies_from=applies_from,
        applies_until=applies_until,
        correction=correction.strip(),
        entered_at=at,
        entered_by=by,
    )
    refuse_order(draft=written, last=written.replaces, by=by)
    written.save()
    if report is not None:
        _take_up(report, written, by=by, at=at)
    audit.record("requirement drafted", written, by=by, at=at)
    return written


@transaction.atomic
def restate(
    *,
    requirement: Requirement,
    certainty: str,
    source_tier: str,
    source_text: str,
    authority: Organisation | None,
    by: Actor,
    at: datetime,
) -> RequirementDraft:
    """Writes down that the newest rule of a line is surer now: the same rule and hours, corroborated or confirmed.

    Raises RequirementError where nothing stands, or where the one who reported it would confirm it alone (`refuse_order`).
    """
    last = newest(requirement)
    if last is None or last.certainty == Certainty.WITHDRAWN:
        raise RequirementError("certainty", _("There is nothing to confirm: this line asks for nothing now."))
    return _same_rule(
        last,
        certainty=certainty,
        source_tier=source_tier,
        source_text=source_text,
        authority=authority or last.authority,
        applies_from=last.applies.lower,
        applies_until=last.applies.upper,
        by=by,
        at=at,
    )


def _same_rule(last: RequirementVersion, **said: Any) -> RequirementDraft:
    """A draft of the line's newest rule with what else is `said` of it, as `draft` takes it."""
    line = last.requirement
    where = (line.crossing, line.from_country, line.to_country, line.subject)
    return draft(requirement_line=where, mode=line.mode, content=last.content, **said)


@transaction.atomic
def redraft(*, draft: RequirementDraft, by: Actor, at: datetime) -> RequirementDraft:
    """The same change once more, against the version that is the newest now: what to do after somebody was quicker."""
    again = RequirementDraft.objects.create(
        requirement=draft.requirement,
        replaces=newest(draft.requirement),
        content=draft.content,
        certainty=draft.certainty,
        source_tier=draft.source_tier,
        source_text=draft.source_text,
        authority=draft.authority,
        zone=draft.zone,
        applies_from=draft.applies_from,
        applies_until=draft.applies_until,
        correction=draft.correction,
        entered_at=at,
        entered_by=by,
    )
    audit.record("requirement drafted", again, by=by, at=at)
    return again


def _take_up(report: BarrierReport, draft: RequirementDraft, *, by: Actor, at: datetime) -> None:
    try:
        reporting.take_up(report=report, draft=draft, by=by, at=at)
    except reporting.ReportError as error:
        raise RequirementError("report", error.sentence) from error


def zone_of(crossing: BorderCrossing | None, authority: Organisation, from_country: str, to_country: str) -> str:
    """The zone in which the hour is meant: of the authority's own side, else of the side that is entered."""
    if crossing is None:
        own = authority.country if authority.country in (from_country, to_country) else ""
        return zone_of_country(own) or zone_of_country(to_country) or zone_of_country(from_country) or "UTC"
    sides = {side.country: side.zone for side in crossing.sides.all()}
    return sides.get(authority.country) or sides.get(to_country) or next(iter(sides.values()))


@transaction.atomic
def publish(
    *,
    draft: RequirementDraft,
    told: Sequence[Told],
    first_concerned_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> RequirementChange:
    """Makes the draft the newest version and tells `told`: version, change, alert, notices and audit in one transaction.

    `first_concerned_at` is the earliest planned crossing that it hits. The alert supersedes that of the line's last
    version, whose acknowledgements stay with it: everybody is asked again. Raises RequirementError for a draft that is
    published already, or that another publication has overtaken (it says who published what meanwhile).
    """
    version, before = enter(draft=draft, by=by, at=at)
    draft, requirement = version.draft, version.requirement
    change = RequirementChange.objects.create(
        version=version, previous=before, kind=kind_of(version, before), at=at, by=by
    )
    transit.mark_requirement_changed(requirement, at=at)
    raise_alert(
        kind=KIND,
        source=source_of(version),
        subject=place_of(requirement),
        context=alert_context(version, before, kind=change.kind),
        told=told,
        expires_at=max(at + LINKS_LIVE, draft.applies_from + LINKS_LIVE),
        first_concerned_at=first_concerned_at,
        supersedes=last_alert_of(requirement),
        by=by,
        at=at,
    )
    nudge("deliveries")
    nudge("requirement-changes")
    return change


@transaction.atomic
def enter(*, draft: RequirementDraft, by: Actor, at: datetime) -> tuple[RequirementVersion, RequirementVersion | None]:
    """Makes the draft the newest version and gives it with the one before it; by itself this tells nobody.

    `publish` is what people do; this alone is for a ledger that is thrown away (`corridors.replay`). Raises
    RequirementError for a draft that is published already, or that another one has overtaken.
    """
    requirement = Requirement.objects.select_for_update().get(pk=draft.requirement_id)
    draft = RequirementDraft.objects.select_related("authority", "published_version").get(pk=draft.pk)
    _refuse_overtaken(draft, requirement)
    refuse_order(draft=draft, last=draft.replaces, by=by)
    known_from = _after_everything_known(requirement, at)
    replaced = overlapping(requirement, draft.applies_from, draft.applies_until)
    before = place_taken_of(draft, replaced)
    close_and_carry_on(replaced, draft.applies_from, draft.applies_until, known_from=known_from)
    version = version_of(draft, requirement, by=by, at=at)
    version.known = DateTimeTZRange(known_from, None)
    version.save(force_insert=True)
    draft.published_version = version
    draft.save(update_fields=["published_version"])
    audit.record("requirement published", version, by=by, at=at, why=f"{version.source_tier}: {version.source_text}")
    return version, before


def source_of(version: RequirementVersion) -> str:
    """How the alert of a version is recognised; raising it twice is raising it once."""
    return f"requirement-version:{version.public_id}"


def last_alert_of(requirement: Requirement) -> Alert | None:
    """The alert of the line's last published version, unless a newer one took its place."""
    published = RequirementVersion.objects.filter(requirement=requirement, change__isnull=False)
    return Alert.objects.filter(source__in=[source_of(version) for version in published]).newest_standing()


def _refuse_overtaken(draft: RequirementDraft, requirement: Requirement) -> None:
    if draft.published_version is not None:
        raise RequirementError(
            "draft",
            _(
                "This draft was published as version %(number)d; nobody is told twice. Write a new draft for a new change."
            )
            % {"number": draft.published_version.number},
        )
    last = newest(requirement)
    if last is not None and (draft.replaces is None or draft.replaces.number != last.number):
        raise RequirementError(
            "draft",
            _(
                "%(who)s published version %(number)d meanwhile: %(rule)s Read it, then write your change against it "
                "if it still stands."
            )
            % {
                "who": last.entered_by,
                "number": last.number,
                "rule": sentence_of(last),
            },
        )


def _after_everything_known(requirement: Requirement, at: datetime) -> datetime:
    """`at`, or a breath after the last entry of the same instant: knowledge never goes back."""
    last = RequirementVersion.objects.filter(requirement=requirement).aggregate(last=Max("known__startswith"))["last"]
    if last is not None and at < last:
        raise RequirementError(
            "draft",
            _("This line was last changed at %(then)s, which is later than now. Mend the clock first.")
            % {"then": last.isoformat(timespec="minutes")},
        )
    return at if last is None or at > last else last + timedelta(microseconds=1)


def version_of(draft: RequirementDraft, requirement: Requirement, *, by: Actor, at: datetime) -> RequirementVersion:
    """The next version of the line with what the draft says, unsaved; since when it is known is set by who publishes it."""
    last = newest(requirement)
    return RequirementVersion(
        requirement=requirement,
        number=1 if last is None else last.number + 1,
        content=draft.content,
        certainty=draft.certainty,
        source_tier=draft.source_tier,
        source_text=draft.source_text,
        correction=draft.correction,
        authority=draft.authority,
        zone=draft.zone,
        applies=DateTimeTZRange(draft.applies_from, draft.applies_until),
        entered_at=at,
        entered_by=by,
    )


@transaction.atomic
def withdraw(
    *,
    requirement: Requirement,
    source_tier: str,
    source_text: str,
    authority: Organisation | None,
    applies_from: datetime,
    told: Sequence[Told],
    first_concerned_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> RequirementChange:
    """Publishes that a requirement no longer holds from `applies_from` on: a version of its own, told like any other.

    Raises RequirementError where there is nothing to withdraw.
    """
    last = newest(requirement)
    if last is None or last.certainty == Certainty.WITHDRAWN:
        raise RequirementError("draft", _("There is nothing to withdraw: this line asks for nothing now."))
    written = _same_rule(
        last,
        certainty=Certainty.WITHDRAWN,
        source_tier=source_tier,
        source_text=source_text,
        authority=authority,
        applies_from=applies_from,
        by=by,
        at=at,
    )
    return publish(draft=written, told=told, first_concerned_at=first_concerned_at, by=by, at=at)
