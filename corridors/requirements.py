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

from common import audit, countries
from common.actors import Actor
from common.nudges import nudge
from common.refusals import RefusalError
from corridors import rules, transit
from corridors.audiences import subject_of
from corridors.enums import Certainty, ChangeKind, RequirementSubject, SourceTier
from corridors.ledger import (
    Passage,
    close_and_carry_on,
    in_force,
    in_force_many,
    ledger,
    newest,
    overlapping,
    sentence_of,
)
from corridors.messages import KIND, alert_context
from corridors.models import BorderCrossing, Requirement, RequirementChange, RequirementDraft, RequirementVersion
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
    "withdraw",
]

Line = tuple[BorderCrossing, str, str, str]
"""Crossing with its sides, from_country, to_country, subject: what a line of requirements is recognised by."""

OLDEST = timedelta(days=2 * 366)
FARTHEST = timedelta(days=366)
LINKS_LIVE = timedelta(days=14)
"""How long a notice of a change may still be acknowledged by its link."""


class RequirementError(RefusalError):
    """A change that cannot be written down or published. `field` names what to mend, `sentence` how."""


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
    by: Actor,
    at: datetime,
) -> RequirementDraft:
    """Writes a change down without telling anybody, so that its impact can be read first.

    `content` is the rule (`corridors.rules`); `applies_from` and `applies_until` are aware and half-open. Raises
    RequirementError naming the field: a rule that cannot be read, a direction that this crossing does not have, an
    unknown subject, certainty, source or authority, an hour that cannot be meant.
    """
    crossing, from_country, to_country, subject = requirement_line
    _refuse_line(crossing, from_country, to_country, subject)
    _refuse_words(certainty=certainty, source_tier=source_tier, source_text=source_text)
    authority = _known_authority(authority)
    _refuse_hours(applies_from, applies_until, at=at)
    requirement, is_new = Requirement.objects.get_or_create(
        crossing=crossing, from_country=from_country, to_country=to_country, subject=subject
    )
    written = RequirementDraft.objects.create(
        requirement=requirement,
        replaces=None if is_new else newest(requirement),
        content=_readable(content),
        certainty=certainty,
        source_tier=source_tier,
        source_text=source_text.strip(),
        authority=authority,
        zone=zone_of(crossing, authority, to_country),
        applies_from=applies_from,
        applies_until=applies_until,
        entered_at=at,
        entered_by=by,
    )
    audit.record("requirement drafted", written, by=by, at=at)
    return written


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
        entered_at=at,
        entered_by=by,
    )
    audit.record("requirement drafted", again, by=by, at=at)
    return again


def zone_of(crossing: BorderCrossing, authority: Organisation, to_country: str) -> str:
    """The zone in which the hour is meant: of the authority's own side, else of the side that is entered."""
    sides = {side.country: side.zone for side in crossing.sides.all()}
    return sides.get(authority.country) or sides.get(to_country) or next(iter(sides.values()))


def _refuse_line(crossing: BorderCrossing, from_country: str, to_country: str, subject: str) -> None:
    sides = {side.country for side in crossing.sides.all()}
    asked = {from_country, to_country}
    fits = asked <= sides if len(sides) > 1 else bool(asked & sides)
    if len(asked) < 2 or not fits or not all(map(countries.is_nationality_code, asked)):
        raise RequirementError(
            "direction",
            _("Nobody crosses here from %(from)s to %(to)s. Choose one of the two directions of this crossing.")
            % {"from": countries.name(from_country), "to": countries.name(to_country)},
        )
    if subject not in RequirementSubject.values:
        raise RequirementError("subject", _("Say what the requirement is about: choose one of the subjects."))


def _refuse_words(*, certainty: str, source_tier: str, source_text: str) -> None:
    if certainty not in Certainty.values:
        raise RequirementError("certainty", _("Say how sure this is: choose one of the degrees of certainty."))
    if source_tier not in SourceTier.values:
        raise RequirementError("source_tier", _("Say how it became known: choose one of the kinds of source."))
    if not source_text.strip():
        raise RequirementError(
            "source_text", _("Say who said it, or which paper it stands in, in the words that were used.")
        )


def _known_authority(authority: Organisation | None) -> Organisation:
    if authority is None or not Organisation.objects.filter(pk=authority.pk).exists():
        raise RequirementError(
            "authority", _("Say which authority asks for this; enter it in the directory first if it is not there.")
        )
    return authority


def _refuse_hours(applies_from: datetime, applies_until: datetime | None, *, at: datetime) -> None:
    for field, hour in (("applies_from", applies_from), ("applies_until", applies_until)):
        if hour is not None and hour.tzinfo is None:
            raise RequirementError(field, _("Say in which time zone this hour is meant."))
    if not at - OLDEST <= applies_from <= at + FARTHEST:
        raise RequirementError(
            "applies_from",
            _(
                "%(day)s is too far from today to be meant. Check day, month and year; at most two years back, one ahead."
            )
            % {"day": applies_from.date().isoformat()},
        )
    if applies_until is not None and applies_until <= applies_from:
        raise RequirementError("applies_until", _("It cannot end before it begins. Give a later hour, or none."))


def _readable(content: dict[str, Any] | rules.Content) -> dict[str, Any]:
    """The rule in its one stored form."""
    try:
        read = content if isinstance(content, rules.Content) else rules.parse_content(content)
        return rules.content_to_json(rules.parse_content(rules.content_to_json(read)))
    except rules.RuleError as error:
        raise RequirementError("content", str(error)) from error


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
        version=version, previous=before, kind=_kind_of(version, before), at=at, by=by
    )
    transit.mark_requirement_changed(requirement, at=at)
    raise_alert(
        kind=KIND,
        source=source_of(version),
        subject=subject_of(requirement.crossing),
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
    known_from = _after_everything_known(requirement, at)
    replaced = overlapping(requirement, draft.applies_from, draft.applies_until)
    before = next((row for row in replaced if draft.applies_from in row.applies), draft.replaces)
    close_and_carry_on(replaced, draft.applies_from, draft.applies_until, known_from=known_from)
    version = _write_version(draft, requirement, known_from=known_from, by=by, at=at)
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
    return (
        Alert.objects.filter(source__in=[source_of(version) for version in published], superseded_by__isnull=True)
        .order_by("-number")
        .first()
    )


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


def _write_version(
    draft: RequirementDraft, requirement: Requirement, *, known_from: datetime, by: Actor, at: datetime
) -> RequirementVersion:
    last = newest(requirement)
    return RequirementVersion.objects.create(
        requirement=requirement,
        number=1 if last is None else last.number + 1,
        content=draft.content,
        certainty=draft.certainty,
        source_tier=draft.source_tier,
        source_text=draft.source_text,
        authority=draft.authority,
        zone=draft.zone,
        applies=DateTimeTZRange(draft.applies_from, draft.applies_until),
        known=DateTimeTZRange(known_from, None),
        entered_at=at,
        entered_by=by,
    )


def _kind_of(version: RequirementVersion, before: RequirementVersion | None) -> str:
    if version.certainty == Certainty.WITHDRAWN:
        return ChangeKind.WITHDRAWN
    if before is None or before.certainty == Certainty.WITHDRAWN:
        return ChangeKind.NEW
    return ChangeKind.CHANGED


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
    written = draft(
        requirement_line=(
            requirement.crossing,
            requirement.from_country,
            requirement.to_country,
            requirement.subject,
        ),
        content=last.content,
        certainty=Certainty.WITHDRAWN,
        source_tier=source_tier,
        source_text=source_text,
        authority=authority,
        applies_from=applies_from,
        by=by,
        at=at,
    )
    return publish(draft=written, told=told, first_concerned_at=first_concerned_at, by=by, at=at)
