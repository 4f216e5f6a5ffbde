"""What embassies were asked, and asked, about a person: sections of the report."""

from __future__ import annotations

from django.utils.translation import gettext as _

from returns.models import ConsularQuestion, DocumentRequest, DocumentStep
from returns.subject_access.shapes import Section, Subject


def documents_asked_section(subject: Subject) -> Section:
    """What was asked of embassies for a person, and each step that they told; two queries."""
    rows = DocumentStep.objects.filter(request__person__in=subject.records).select_related("request__recipient")
    asked = DocumentRequest.objects.filter(person__in=subject.records).select_related("recipient")
    return Section(
        "documents-asked",
        _("Which documents we asked an embassy for, and what it said"),
        (("recipient", _("Who")), ("state", _("How")), ("note", _("Note")), ("at", _("When"))),
        (
            *((row.recipient.name, _("asked by us"), "", row.asked_at) for row in asked.order_by("asked_at")),
            *((row.request.recipient.name, row.get_state_display(), row.note or "", row.said_at) for row in rows),
        ),
    )


def questions_section(subject: Subject) -> Section:
    """What embassies wanted to know about a person, and what was answered; one query."""
    rows = ConsularQuestion.objects.filter(disclosure__person__in=subject.records).select_related("organisation")
    return Section(
        "questions",
        _("What an embassy asked about you, and what we answered"),
        (("organisation", _("Who")), ("words", _("Asked about")), ("answer", _("Answer")), ("at", _("When"))),
        tuple((row.organisation.name, row.words, row.answer, row.asked_at) for row in rows.order_by("asked_at")),
    )
