"""Attach papers to a case or a group, and take them away again. Sealed; colleagues alone read them, at signed addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.pictures import Drawn
from common.refusals import RefusalError
from migrants.models import TravelGroup
from returns.models import CasePage, ReturnCase
from returns.models.case_papers import CasePageQuerySet

MOST_PAGES = 20
"""Of one paper."""
MOST_PAPERS = 50
"""Of one group with all its cases: what is kept without an end is read by nobody."""
LONGEST = 120


class CasePaperError(RefusalError):
    """A paper that cannot be kept or taken away. `field` names what to mend, `sentence` how."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as lists show it: its first page, and how many pages it has or had."""

    first: CasePage
    pages: int


@transaction.atomic
def attach(
    *, group: TravelGroup, title: str, pages: Sequence[Drawn], case: ReturnCase | None = None, by: Actor, at: datetime
) -> list[CasePage]:
    """Keep the pages of a paper, sealed, for the group or for one case of it; gives them in order.

    `pages` is what `common.forms.PaperField` gives: drawn anew, so that nothing else of the file is kept. Raises
    CasePaperError.
    """
    words = title.strip()
    if not words or len(words) > LONGEST:
        raise CasePaperError("title", _("Say what the paper is, in at most 120 characters."))
    if not 0 < len(pages) <= MOST_PAGES:
        raise CasePaperError("paper", _("A paper has from 1 to 20 pages. Choose another file, or split it."))
    if case is not None and case.person.group_id != group.pk:
        raise CasePaperError("", _("This person is not in the group. Open the page again."))
    TravelGroup.objects.select_for_update(of=("self",), no_key=True).get(pk=group.pk)
    if CasePage.objects.kept().filter(group=group, rank=1).count() >= MOST_PAPERS:
        raise CasePaperError("paper", _("50 papers are kept here already. Take away what is not needed any more."))
    named = uuid4()
    kept = [
        CasePage.objects.create(
            group=group,
            case=case,
            mission_id=group.mission_id,
            paper=named,
            rank=rank,
            title=words,
            **asdict(page),
            kept_at=at,
            by=by,
        )
        for rank, page in enumerate(pages, start=1)
    ]
    audit.record("paper attached", kept[0], by=by, at=at)
    return kept


@transaction.atomic
def take_away(*, paper: UUID, why: str, by: Actor, at: datetime) -> list[CasePage]:
    """Destroy the pages of a paper that does not belong here; that it was there, and why it went, stays. Once is enough.

    Raises CasePaperError without a reason.
    """
    if not why.strip():
        raise CasePaperError("why", _("Say why the paper is taken away; its pages cannot be brought back."))
    rows = CasePage.objects.select_for_update(of=("self",)).filter(paper=paper).order_by("rank")
    pages = list(rows.defer("content"))
    if any(page.removed_at is None for page in pages):
        rows.update(content=None, removed_at=at, removed_by=by, removed_why=why.strip()[:200])
        audit.record("paper taken away", pages[0], by=by, at=at, why=why.strip()[:200])
    return list(CasePage.objects.filter(paper=paper).defer("content").order_by("rank"))


def papers_of(rows: CasePageQuerySet) -> list[Paper]:
    """Give the papers of which these are pages, the newest first, without their content; one query."""
    found: dict[UUID, list[CasePage]] = {}
    for page in rows.defer("content").select_related("case__person").order_by("-kept_at", "paper", "rank"):
        found.setdefault(page.paper, []).append(page)
    return [Paper(pages[0], len(pages)) for pages in found.values()]
