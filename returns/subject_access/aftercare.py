"""What was asked and done after the return: sections of the report."""

from __future__ import annotations

from django.utils.translation import gettext as _

from returns.follow_ups import labels_of, needs_of
from returns.models import FollowUp, Reintegration
from returns.subject_access.shapes import Section, Subject


def follow_ups_section(subject: Subject) -> Section:
    """When we asked, or mean to ask, how things are, and what was said; one query."""
    rows = FollowUp.objects.filter(person__in=subject.records).order_by("due_on")
    return Section(
        "follow-ups",
        _("After your return: when we ask how things are, and what you said"),
        (
            ("stage", _("What")),
            ("due_on", _("When")),
            ("state", _("How")),
            ("needs", _("Needs")),
            ("note", _("Note")),
        ),
        tuple(
            (row.get_stage_display(), row.due_on, row.get_state_display(), labels_of(needs_of(row)), row.note or "")
            for row in rows
        ),
    )


def reintegrations_section(subject: Subject) -> Section:
    """Whom we asked to help, and what came of it; one query."""
    rows = Reintegration.objects.filter(person__in=subject.records).select_related("organisation")
    return Section(
        "reintegrations",
        _("Whom we asked to help you to settle in"),
        (
            ("organisation", _("Who")),
            ("service", _("What for")),
            ("answer", _("Answer")),
            ("outcome", _("What came of it")),
            ("note", _("Note")),
            ("at", _("When")),
        ),
        tuple(
            (
                row.organisation.name,
                row.get_service_display(),
                row.get_answer_display(),
                row.outcome or row.answer_note or "",
                row.note or "",
                row.referred_at,
            )
            for row in rows.order_by("referred_at")
        ),
    )
