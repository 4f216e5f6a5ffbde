"""What colleagues wrote and did about the case of a person: a section of the report."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from returns.models import CaseComment, CasePage, CaseStep, CaseTask
from returns.subject_access.shapes import Section, Subject, Value


def casework_section(subject: Subject) -> Section:
    """Tasks about a person, what was written about them, their papers, and the log of their case; four queries."""
    return Section(
        "casework",
        _("What we wrote down to do for you, and about your case"),
        (("what", _("What")), ("value", _("What stands there")), ("at", _("When"))),
        tuple(_rows(subject)),
    )


def _rows(subject: Subject) -> Iterator[tuple[Value, ...]]:
    for task in CaseTask.objects.filter(case__person__in=subject.records).order_by("made_at"):
        yield (
            _("to be done"),
            " · ".join(filter(None, (task.title, task.get_state_display(), task.end_note))),
            task.made_at,
        )
    for comment in CaseComment.objects.filter(case__person__in=subject.records).order_by("made_at"):
        yield _("written about you"), comment.words, comment.made_at
    for page in CasePage.objects.filter(case__person__in=subject.records, rank=1).defer("content").order_by("kept_at"):
        gone = _("taken away: %(why)s") % {"why": page.removed_why} if page.removed_at else ""
        yield _("a paper about your case"), " · ".join(filter(None, (page.title, gone))), page.kept_at
    for step in CaseStep.objects.filter(case__person__in=subject.records).order_by("at"):
        yield step.get_kind_display(), step.why, step.at
