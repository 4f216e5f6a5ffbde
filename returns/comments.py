"""What colleagues write to each other about a group or a case. Sealed, never changed; nobody outside reads it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.models import TravelGroup
from partners.access import Viewer
from returns.colleagues import colleagues_of
from returns.models import CaseComment, Mention, ReturnCase

LONGEST = 2000


class CommentError(RefusalError):
    """A comment that cannot be. `field` names what to mend, `sentence` how."""


@transaction.atomic
def say(
    *,
    group: TravelGroup,
    words: str,
    mentioned: Collection[UUID] = (),
    case: ReturnCase | None = None,
    by: Actor,
    at: datetime,
) -> CaseComment:
    """Write something down for the colleagues; who is `mentioned` (accounts by public id) is asked to look at it.

    Only whoever reaches the group can be mentioned. Raises CommentError.
    """
    said = words.strip()
    if not said:
        raise CommentError("words", _("Write something first."))
    if len(said) > LONGEST:
        raise CommentError("words", _("This is too long. Write at most 2,000 characters."))
    if case is not None and case.person.group_id != group.pk:
        raise CommentError("", _("This person is not in the group. Open the page again."))
    known = {each.account: each for each in colleagues_of(group, at=at)} if mentioned else {}
    if not set(mentioned) <= set(known):
        raise CommentError("mentioned", _("Somebody of these cannot open the group, so they cannot be asked to look."))
    comment = CaseComment.objects.create(
        group=group, case=case, mission_id=group.mission_id, words=said, made_at=at, by=by
    )
    named = sorted(set(mentioned), key=str)
    Mention.objects.bulk_create(Mention(comment=comment, account=each, name=known[each].name) for each in named)
    audit.record("comment written", comment, by=by, at=at)
    return comment


def mentions_of(viewer: Viewer) -> QuerySet[Mention]:
    """Where the viewer was asked to look, the newest first, as far as the viewer still reaches the group."""
    reached = CaseComment.objects.visible_to(viewer)
    rows = Mention.objects.filter(account=viewer.user.public_id, comment__in=reached.values("pk"))
    return rows.select_related("comment__group", "comment__case__person").order_by("seen_at", "-comment__made_at")


@transaction.atomic
def has_seen(*, mention: Mention, by: Actor, at: datetime) -> Mention:
    """Write down that somebody has seen where they were asked to look; once is enough."""
    row = Mention.objects.select_for_update(of=("self",)).get(pk=mention.pk)
    if row.seen_at is None:
        row.seen_at = at
        row.save(update_fields=["seen_at"])
        audit.record("comment seen", row, by=by, at=at)
    return row
