"""The stages of a manifest: at each point that is complete and explained, what stood then, with a fingerprint (rule 24).

The list of names is frozen once, before boarding (`freezing.py`); what follows are counts, and they name nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from common import audit
from common.actors import Actor
from common.audience import reaching_for
from returns.enums import CheckpointKind
from returns.models import Checkpoint, Difference, Manifest, ManifestStage, Movement
from returns.reconciliation import legs_of, standing_counts


@transaction.atomic
@reaching_for("a movement is followed")
def freeze_stages(movement: Movement, *, by: Actor, at: datetime) -> list[ManifestStage]:
    """Freeze every point that is counted in full and explained and was not frozen yet; the caller holds the lock.

    The points follow one another: none is frozen while one before it is open, but for the way back of buses that turned.
    A manifest that is frozen anew begins anew.
    Every explanation counts, whoever made the last step: a receiver sees none of them.
    """
    newest = movement.manifests.order_by("-number").first()
    if newest is None:
        return []
    known = set(newest.stages.values_list("stage", flat=True))
    counts = standing_counts(movement)
    made: list[ManifestStage] = []
    is_open = False
    for point in legs_of(movement):
        if is_open and point.kind != CheckpointKind.RETURNED:
            continue
        if not point.is_closed or not _agrees(newest, movement, point.kind, point.expected):
            is_open = True
        elif point.kind not in known:
            made.append(_stage(newest, point.kind, [row for row in counts if row.kind == point.kind], by=by, at=at))
    rows = ManifestStage.objects.bulk_create(made)
    audit.record_many((("stage frozen", row) for row in rows), by=by, at=at)
    return rows


def _agrees(newest: Manifest, movement: Movement, kind: CheckpointKind, expected: int) -> bool:
    """At boarding the counts must be those of this very version: a bus that changed since is counted again first."""
    return kind != CheckpointKind.BOARDED or expected == newest.people


def _stage(
    manifest: Manifest, kind: CheckpointKind, counts: Sequence[Checkpoint], *, by: Actor, at: datetime
) -> ManifestStage:
    return ManifestStage(
        manifest=manifest,
        mission_id=manifest.mission_id,
        stage=kind,
        heads=sum(row.heads for row in counts),
        frozen_at=at,
        digest=_fingerprint(manifest, kind, counts),
        by=by,
    )


def _fingerprint(manifest: Manifest, kind: CheckpointKind, counts: Sequence[Checkpoint]) -> str:
    """Give the SHA-256 over the fingerprint of the list, the counts by bus and why they differ; as `freezing.fingerprint`."""
    said = (
        Difference.objects.filter(checkpoint__in=counts)
        .values_list("checkpoint__vehicle__label", "kind")
        .annotate(Sum("heads"))
        .order_by("checkpoint__vehicle__label", "kind")
    )
    canonical = {
        "manifest": manifest.digest,
        "stage": kind.value,
        "buses": sorted([row.vehicle.label if row.vehicle else "", row.heads, row.expected] for row in counts),
        "why": [list(line) for line in said],
    }
    text = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
