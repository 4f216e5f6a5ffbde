"""Keep what was asked of the list of cases, to ask it again or to let the colleagues of the mission ask it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from partners.models import Office
from returns.case_lists import asked_of
from returns.models import SavedFilter

MOST = 50
"""Filters of one account."""
LONGEST = 60


class FilterError(RefusalError):
    """A filter that cannot be kept. `field` names what to mend, `sentence` how."""


@transaction.atomic
def keep(
    *,
    name: str,
    asked: Mapping[str, Any],
    is_shared: bool,
    owner: UUID,
    owner_name: str,
    mission: Office,
    by: Actor,
    at: datetime,
) -> SavedFilter:
    """Keep a filter under a name; one of that name of the same `owner` (account) is replaced.

    Of `asked` only codes, references and days are kept. Raises FilterError.
    """
    words, meant = name.strip(), asked_of(asked)
    if not words or len(words) > LONGEST:
        raise FilterError("name", _("Give the filter a name of at most 60 characters."))
    if not meant:
        raise FilterError("name", _("Nothing is asked of the list yet. Narrow it first, then keep the filter."))
    own = SavedFilter.objects.filter(owner=owner)
    if own.exclude(name=words).count() >= MOST:
        raise FilterError("name", _("You keep 50 filters already. Remove one that you do not need."))
    row, made = SavedFilter.objects.update_or_create(
        owner=owner,
        name=words,
        defaults={
            "owner_name": owner_name,
            "mission": mission,
            "asked": meant,
            "is_shared": is_shared,
            "made_at": at,
            "by": by,
        },
    )
    audit.record("filter kept" if made else "filter kept anew", row, by=by, at=at)
    return row


@transaction.atomic
def remove(*, saved: SavedFilter, owner: UUID, by: Actor, at: datetime) -> None:
    """Remove a filter of one's own. Raises FilterError for that of a colleague."""
    row = SavedFilter.objects.select_for_update(of=("self",)).filter(pk=saved.pk).first()
    if row is None:
        return
    if row.owner != owner:
        raise FilterError("", _("This filter is kept by %(name)s; ask them to remove it.") % {"name": row.owner_name})
    audit.record("filter removed", row, by=by, at=at)
    row.delete()
