"""Who looked at a person: by role and organisation, never by name; how often, where, when first and last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from common.enums import ActorKind
from common.models import AccessEntry
from migrants.models import Migrant
from partners.enums import Role
from partners.models import Membership, Organisation


@dataclass(slots=True)
class Look:
    """All looks of one role of one organisation at one kind of place."""

    role: str
    organisation: str
    where: str
    times: int
    first_at: datetime
    last_at: datetime


def who_saw(records: Collection[int]) -> list[Look]:
    """Give the looks at these records (keys of one person), the latest last; four queries."""
    ids = Migrant.objects.filter(pk__in=records).values_list("public_id", flat=True)
    entries = list(AccessEntry.objects.filter(person__in=list(ids)).order_by("at"))
    roles = _roles({entry.by.ref for entry in entries if entry.by.kind in (ActorKind.USER, ActorKind.TOKEN)})
    names = {
        row.code: row.name for row in Organisation.objects.filter(code__in=[e.by.organisation_ref for e in entries])
    }
    found: dict[tuple[str, str, str], Look] = {}
    for entry in entries:
        organisation = names.get(entry.by.organisation_ref, entry.by.organisation_ref or "IOM")
        key = (_role(entry, roles), organisation, _where(entry))
        look = found.setdefault(key, Look(*key, times=0, first_at=entry.at, last_at=entry.at))
        look.times, look.last_at = look.times + 1, entry.at
    return sorted(found.values(), key=lambda look: look.last_at)


Held = dict[str, list[Membership]]


def _roles(refs: Collection[str]) -> Held:
    held: Held = defaultdict(list)
    for row in Membership.objects.filter(user__public_id__in=refs).select_related("user"):
        held[str(row.user.public_id)].append(row)
    return held


def _role(entry: AccessEntry, held: Held) -> str:
    """The roles that were held at the hour of the look; a command or a task is the system itself."""
    if entry.by.kind == ActorKind.LINK:
        return _("holder of a signed link")
    if entry.by.kind not in (ActorKind.USER, ActorKind.TOKEN):
        return _("the system itself")
    roles = {
        row.role
        for row in held.get(entry.by.ref, [])
        if row.valid_from <= entry.at and (row.valid_until is None or row.valid_until > entry.at)
    }
    return ", ".join(sorted(str(Role(role).label) for role in roles)) or _("a role that has ended")


def _where(entry: AccessEntry) -> str:
    if entry.export is not None:
        return _("in a file")
    return _("over the interface for programs") if entry.page.startswith("api") else _("on a page")
