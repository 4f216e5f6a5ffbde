"""Rows of a list are compared with everybody when it is read, and when it is stored only with whoever came since.

The list keeps what that first comparison saw. A row that met somebody then is compared in full again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from migrants.changed import MOST_CHANGED, Look, changed_since, look
from migrants.entries import PersonEntry
from migrants.models.people import MigrantQuerySet
from migrants.registration import Match, match_among, match_known
from returns.models import ManifestUpload


def note_look(upload: ManifestUpload) -> None:
    """Keep what the first comparison of a list is about to see; the caller saves the list."""
    if upload.compared is None:
        upload.compared = {"look": asdict(look()), "changed": []}


def compare_again(
    upload: ManifestUpload, entries: Sequence[PersonEntry], *, met: Sequence[bool], within: MigrantQuerySet
) -> list[Match]:
    """Compare rows that are about to be stored with whoever may be one of them by now; the caller saves the list.

    `met` tells which of them met somebody when the list was read.
    """
    changed = _changed(upload)
    anew = [place for place in range(len(entries)) if changed is None or met[place]]
    rest = [] if changed is None else [place for place in range(len(entries)) if not met[place]]
    matches = dict(zip(anew, match_known([entries[place] for place in anew], within=within), strict=True))
    if rest:
        found = match_among(changed or (), [entries[place] for place in rest], within=within)
        matches |= zip(rest, found, strict=True)
    return [matches[place] for place in range(len(entries))]


def _changed(upload: ManifestUpload) -> frozenset[int] | None:
    """Give who came or was changed since the list was read, save by the list itself; None: compare with everybody.

    The look moves on to now, so that each piece asks only of what happened since the piece before.
    """
    now = look()
    if upload.compared is None:
        return None
    newly = changed_since(Look(**upload.compared["look"]), now=now)
    if newly is None:
        upload.compared = None
        return None
    changed = newly | set(upload.compared["changed"])
    if len(changed) > MOST_CHANGED:
        upload.compared = None
        return None
    upload.compared = {"look": asdict(now), "changed": sorted(changed)}
    return changed
