"""The letter behind a decision that a colleague wrote down: its pages as pictures, for the office alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, signed_views
from common.actors import Actor
from common.pictures import Drawn
from corridors.deciding import ApprovalError
from corridors.models import Approval, DecisionScan, PartyWord
from notifications.enums import WRITTEN_DOWN

MOST = 20
KIND = "scan of a decision"
ON_PAPER = tuple(how for how, _label in WRITTEN_DOWN)


@transaction.atomic
def keep_scan(
    *, of: Approval | PartyWord, pages: Sequence[Drawn], how: str, by: Actor, at: datetime
) -> list[DecisionScan]:
    """Keeps the pages of the letter behind a decision or a later word, sealed; none is fine.

    `pages` is what `common.forms.PaperField` gives. Raises ApprovalError for a letter of
    somebody who decided on a page or by a link, and for more pages than anybody reads.
    """
    if not pages:
        return []
    if how not in ON_PAPER:
        raise ApprovalError("scan", _("A scan is kept of what came by letter or phone; here the party decides itself."))
    if len(pages) > MOST:
        raise ApprovalError("scan", _("At most %(most)d pages are kept. Choose those that decide.") % {"most": MOST})
    whose = {"word": of} if isinstance(of, PartyWord) else {"approval": of}
    rows = [DecisionScan(**whose, rank=rank, **asdict(page), at=at, by=by) for rank, page in enumerate(pages, start=1)]
    made = DecisionScan.objects.bulk_create(rows)
    audit.record("letter of a decision kept", of, by=by, at=at)
    return made


def scans_of(approvals: Iterable[Approval]) -> dict[int, list[DecisionScan]]:
    """The pages behind each decision and what was said after it, by the key of the approval; one query, no content."""
    keys = {row.carried_from_id or row.pk: row.pk for row in approvals}
    found: dict[int, list[DecisionScan]] = {}
    rows = DecisionScan.objects.defer("content").select_related("word")
    for scan in [*rows.filter(approval__in=keys), *rows.filter(word__approval__in=keys)]:
        whose = scan.word.approval_id if scan.word else scan.approval_id
        if whose is not None:
            found.setdefault(keys[whose], []).append(scan)
    return found


def opens_scan(key: str, scan: UUID, *, account: UUID) -> bool:
    """Whether the key behind the address of a page is of this account, for this page, and not too old."""
    return signed_views.opens(key, scan, account=account, kind=KIND)


def scan_keys(scans: Iterable[DecisionScan], *, account: UUID) -> list[tuple[DecisionScan, str]]:
    """Each page with the key that must stand behind its address."""
    return [(scan, signed_views.key_for(scan.public_id, account=account, kind=KIND)) for scan in scans]


def link_letters(approvals: Collection[Approval], *, account: UUID) -> None:
    """Gives each decision its `letters`: the pages behind it with the key of each for this account; two queries at most."""
    found = scans_of(approvals) if approvals else {}
    for approval in approvals:
        approval.letters = scan_keys(found.get(approval.pk, ()), account=account)
