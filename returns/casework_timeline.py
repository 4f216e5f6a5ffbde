"""What colleagues did and wrote about a group or one person, for the timeline. What they wrote stands on the case itself."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from migrants.models import Migrant, TravelGroup
from returns.enums import StepKind
from returns.models import CaseComment, CasePage, CaseStep, CaseTask, GroupWaiver, Waiver
from returns.spans import Entry, Span


def of_group(group: TravelGroup, span: Span) -> Iterator[Entry]:
    """Tasks, comments, papers, waivers and steps of a group and its cases; what was done to many at once is one entry."""
    yield from _tasks(CaseTask.objects.filter(group=group), span)
    yield from _steps(CaseStep.objects.filter(group=group), span)
    yield from written(CaseComment.objects.filter(group=group), span)
    yield from papers(CasePage.objects.filter(group=group), span)
    waived = Waiver.objects.filter(case__person__group=group).values("recorded_at", "authority__name_en")
    for row in span.of(waived.annotate(n=Count("pk")), "recorded_at"):
        words = ngettext("%(n)d person excused by %(authority)s", "%(n)d people excused by %(authority)s", row["n"])
        said = {"n": row["n"], "authority": row["authority__name_en"]}
        yield {"at": row["recorded_at"], "words": words % said, "by": "", "tone": "ready"}
    for waiver in span.of(GroupWaiver.objects.filter(group=group).select_related("authority"), "recorded_at"):
        words = _("the whole group excused by %(authority)s") % {"authority": waiver.authority.name}
        yield {"at": waiver.recorded_at, "words": words, "by": waiver.by, "tone": "ready"}


def of_person(person: Migrant, span: Span) -> Iterator[Entry]:
    """Comments about and papers of the cases of one person; tasks and steps stand in the history of the person already."""
    yield from written(CaseComment.objects.filter(case__person=person), span)
    yield from papers(CasePage.objects.filter(case__person=person), span)


def written(rows: QuerySet[CaseComment], span: Span) -> Iterator[Entry]:
    """That something was written; the words are read on the case."""
    for comment in span.of(rows.defer("words"), "made_at"):
        yield {"at": comment.made_at, "words": _("a comment for colleagues"), "by": comment.by}


def papers(rows: QuerySet[CasePage], span: Span) -> Iterator[Entry]:
    """Papers that were attached, and those that were taken away."""
    first = rows.filter(rank=1).defer("content")
    for page in span.of(first, "kept_at"):
        yield {"at": page.kept_at, "words": _("paper attached: %(title)s") % {"title": page.title}, "by": page.by}
    for page in span.of(first.filter(removed_at__isnull=False), "removed_at"):
        words = _("paper taken away: %(why)s") % {"why": page.removed_why}
        yield {"at": page.removed_at, "words": words, "by": page.removed_by or ""}


def _tasks(rows: QuerySet[CaseTask], span: Span) -> Iterator[Entry]:
    together = rows.values("made_at", "title", "by").annotate(n=Count("pk"))
    for row in span.of(together, "made_at"):
        words = _("to be done: %(what)s") % {"what": row["title"]}
        yield {"at": row["made_at"], "words": f"{words} ({row['n']})" if row["n"] > 1 else words, "by": row["by"]}


def _steps(rows: QuerySet[CaseStep], span: Span) -> Iterator[Entry]:
    together = rows.values("at", "kind", "why", "by").annotate(n=Count("pk"))
    for row in span.of(together, "at"):
        words = str(StepKind(row["kind"]).label)
        words = f"{words} ({row['n']})" if row["n"] > 1 else words
        yield {"at": row["at"], "words": f"{words}: {row['why']}" if row["why"] else words, "by": row["by"]}
