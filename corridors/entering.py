"""What may be written down on a line of requirements, and which version may follow which: from rumour to rule (rule 29)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from common import countries
from common.actors import Actor
from common.enums import ActorKind
from common.refusals import RefusalError
from corridors import rules
from corridors.enums import Certainty, Mode, RequirementSubject, SourceTier
from corridors.lines import crossings_of
from corridors.models import BorderCrossing, Requirement, RequirementDraft, RequirementVersion
from partners.enums import WITHOUT_AUTHORITY
from partners.models import Organisation

OLDEST = timedelta(days=2 * 366)
FARTHEST = timedelta(days=366)
SURER = (Certainty.REPORTED, Certainty.CORROBORATED, Certainty.CONFIRMED)
"""Degrees of certainty, the surest last."""
ON_PAPER = (SourceTier.WRITTEN, SourceTier.PUBLISHED)


class RequirementError(RefusalError):
    """A change that cannot be written down or published. `field` names what to mend, `sentence` how."""


def refuse_line(crossing: BorderCrossing | None, from_country: str, to_country: str, subject: str, mode: str) -> None:
    """Raises RequirementError for a direction or a crossing that cannot be, an unknown subject or mode."""
    if crossing is None:
        _refuse_border(from_country, to_country)
    else:
        refuse_direction(crossing, from_country, to_country)
    if mode and mode not in Mode.values:
        raise RequirementError("mode", _("Say by what they travel who are asked: choose from the list, or nothing."))
    if subject not in RequirementSubject.values:
        raise RequirementError("subject", _("Say what the requirement is about: choose one of the subjects."))


def refuse_direction(crossing: BorderCrossing, from_country: str, to_country: str) -> None:
    """Raises RequirementError where nobody crosses there in that direction."""
    sides = {side.country for side in crossing.sides.all()}
    asked = {from_country, to_country}
    fits = asked <= sides if len(sides) > 1 else bool(asked & sides)
    if len(asked) < 2 or not fits or not all(map(countries.is_nationality_code, asked)):
        raise RequirementError(
            "direction",
            _("Nobody crosses here from %(from)s to %(to)s. Choose one of the two directions of this crossing.")
            % {"from": countries.name(from_country), "to": countries.name(to_country)},
        )


def _refuse_border(from_country: str, to_country: str) -> None:
    ends = [country for country in (from_country, to_country) if country]
    if not all(map(countries.is_nationality_code, ends)) or from_country == to_country:
        raise RequirementError("direction", _("The direction must lead from one country to another."))
    line = Requirement(from_country=from_country, to_country=to_country)
    if not crossings_of(line).exists():
        raise RequirementError(
            "direction", _("No crossing is known there. Load the list of crossings first, or name one crossing.")
        )


def refuse_words(*, certainty: str, source_tier: str, source_text: str) -> None:
    """Raises RequirementError for an unknown certainty or kind of source, or no source at all."""
    if certainty not in Certainty.values:
        raise RequirementError("certainty", _("Say how sure this is: choose one of the degrees of certainty."))
    if source_tier not in SourceTier.values:
        raise RequirementError("source_tier", _("Say how it became known: choose one of the kinds of source."))
    if not source_text.strip():
        raise RequirementError(
            "source_text", _("Say who said it, or which paper it stands in, in the words that were used.")
        )


def known_authority(authority: Organisation | None) -> Organisation:
    """The authority that asks. Raises RequirementError where none is named that the directory knows, or one that is none."""
    if authority is None or not Organisation.objects.filter(pk=authority.pk).exists():
        raise RequirementError(
            "authority", _("Say which authority asks for this; enter it in the directory first if it is not there.")
        )
    if authority.kind in WITHOUT_AUTHORITY:
        raise RequirementError(
            "authority",
            _("%(name)s asks nothing of anybody at a border. Name the authority that does.") % {"name": authority.name},
        )
    return authority


def refuse_hours(applies_from: datetime, applies_until: datetime | None, *, at: datetime) -> None:
    """Raises RequirementError for a period that cannot be meant: no zone, too far from `at`, ending before it begins."""
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


def readable(content: dict[str, Any] | rules.Content) -> dict[str, Any]:
    """The rule in its one stored form. Raises RequirementError where it cannot be read."""
    try:
        read = content if isinstance(content, rules.Content) else rules.parse_content(content)
        return rules.content_to_json(rules.parse_content(rules.content_to_json(read)))
    except rules.RuleError as error:
        raise RequirementError("content", str(error)) from error


def refuse_order(*, draft: RequirementDraft, last: RequirementVersion | None, by: Actor) -> None:
    """Raises RequirementError where `draft`, said by `by`, cannot follow `last`, the newest version of its line.

    Whoever reported something does not make it surer alone: a second person does, or a paper where it was oral before.
    A correction of an entry mistake may say anything, and always what was wrong. A command repeats what others said.
    """
    stands = last is not None and last.certainty != Certainty.WITHDRAWN
    if draft.correction:
        if last is None:
            raise RequirementError(
                "correction", _("There is nothing to correct: nothing was published on this line yet.")
            )
        return
    if draft.certainty == Certainty.WITHDRAWN:
        if not stands:
            raise RequirementError("certainty", _("There is nothing to withdraw: this line asks for nothing now."))
        return
    if draft.certainty == Certainty.CORROBORATED and not stands:
        raise RequirementError(
            "certainty",
            _(
                "Nobody has reported this yet, so nothing corroborates it. Enter it as reported; a second source follows."
            ),
        )
    if last is not None and stands and draft.content == last.content and by.kind == ActorKind.USER:
        _refuse_steps(draft, last, by=by)


def _refuse_steps(draft: RequirementDraft, last: RequirementVersion, *, by: Actor) -> None:
    """The same rule once more: never less sure than before, and surer only by somebody else or on paper."""
    if _says_nothing_new(draft, last):
        raise RequirementError(
            "source_text",
            _(
                "Version %(number)d says exactly this already; publishing it again would ask everybody again for nothing."
            )
            % {"number": last.number},
        )
    now, was = SURER.index(Certainty(draft.certainty)), SURER.index(Certainty(last.certainty))
    if now < was:
        raise RequirementError(
            "certainty",
            _(
                "Version %(number)d says the same and is %(was)s already; hearing it again makes it no less sure. If it was "
                "entered wrongly, correct it; if it holds no longer, withdraw it."
            )
            % {"number": last.number, "was": last.get_certainty_display()},
        )
    on_paper_now = draft.source_tier in ON_PAPER and last.source_tier not in ON_PAPER
    same_person = (by.kind, by.ref) == (last.entered_by.kind, last.entered_by.ref)
    if now > was and same_person and not on_paper_now:
        raise RequirementError(
            "certainty",
            _(
                "You entered version %(number)d yourself. A second person makes it surer, or a paper: then say that the source "
                "is in writing."
            )
            % {"number": last.number},
        )


def _says_nothing_new(draft: RequirementDraft, last: RequirementVersion) -> bool:
    """Whether certainty and source are those of the version whose rule is the same, and its hours hold these already."""
    hours = draft.applies_from in last.applies and draft.applies_until == last.applies.upper
    words = ("certainty", "source_tier", "source_text", "authority_id")
    return hours and all(getattr(draft, name) == getattr(last, name) for name in words)
