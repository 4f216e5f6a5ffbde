"""Give a paper out with a code of its own, and say of a code whether its paper is in force: to anybody, and of nobody."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import override

from common import audit
from common.actors import Actor
from corridors.models import CorridorVersion, CrossingSide
from migrants import exports
from migrants.enums import ExportKind
from migrants.exports import Made, Mark
from partners.models import Office, Organisation
from returns.enums import PaperKind
from returns.models import Manifest, Movement, PaperIssue
from returns.paper_parts import LANGUAGES, SOURCE, qr
from returns.printing import printed

ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"
"""Without vowels, so that no word comes out, and without what is taken for a digit."""
CODE_LENGTH = 16
PROVED_FOR = timedelta(days=90)
"""How long a code says something of its paper; afterwards it is as if it had never been given."""


@dataclass(frozen=True, slots=True)
class About:
    """What a paper is of. `number` is the version of what stands on it, `fingerprint` the SHA-256 of that."""

    kind: PaperKind
    number: int
    fingerprint: str
    title: str
    mission: Office
    movement: Movement | None = None
    manifest: Manifest | None = None
    version: CorridorVersion | None = None
    recipient: Organisation | None = None
    recipient_name: str = ""
    people: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What anybody may know of a paper: that, and nothing of who stands on it, for whom it is or where it leads."""

    issue: PaperIssue
    in_force: bool
    zones: tuple[str, ...]


Values = Callable[[Mark, str], dict[str, Any]]
"""Makes the values of a paper from the mark of its file and the address of its proof, in the language at hand."""


@transaction.atomic
def give_out(*, about: About, values: Values, language: str, purpose: str, by: Actor, at: datetime) -> Made:
    """Print a paper in a language, with a code that proves it; the file is a row of exports and the paper one of issues.

    Raises ExportError without a purpose, PaperError where it would print badly.
    """
    language = language if language in LANGUAGES else "en"
    code = _free_code()
    address = address_of(code)

    def make(mark: Mark) -> bytes:
        with override(language):
            paper = values(mark, address)
        return printed(SOURCE, {"paper": json.dumps(paper, ensure_ascii=False), "qr": qr(address)}, at=at)

    made = exports.export(
        kind=ExportKind(about.kind),
        title=about.title,
        purpose=purpose,
        recipient=about.recipient,
        recipient_name=about.recipient_name,
        people=about.people,
        make=make,
        by=by,
        at=at,
    )
    issue = PaperIssue.objects.create(
        code=code,
        mission=about.mission,
        kind=about.kind,
        number=about.number,
        fingerprint=about.fingerprint,
        language=language,
        movement=about.movement,
        manifest=about.manifest,
        corridor_version=about.version,
        recipient=about.recipient,
        made_for=about.recipient_name,
        export=made.export,
        issued_at=at,
        by=by,
    )
    why = f"for {about.recipient.code}" if about.recipient else "for ourselves"
    audit.record("paper given out", issue, by=by, at=at, why=f"{about.kind}, {why}")
    return made


def address_of(code: str) -> str:
    """Give the address of the proof of a paper, in full."""
    return settings.PUBLIC_ADDRESS + reverse("returns:paper_proof", args=[code])


def proof_of(written: str, *, at: datetime) -> Proof | None:
    """Give what anybody may know of the paper with this code, as it was scanned or written by hand.

    None for a code that was never given, and just so for one whose paper has ended: the journey is over or was called
    off, or `PROVED_FOR` has passed. Both ask the database one and the same question.
    """
    code = written.replace("-", "").replace(" ", "").upper()[:CODE_LENGTH]
    issue = with_state(PaperIssue.objects.filter(code=code)).select_related("movement").first()
    if issue is None or issue.issued_at + PROVED_FOR <= at:
        return None
    if issue.movement is not None and issue.movement.ended_at is not None:
        return None
    return Proof(issue, not issue.is_replaced, _zones(issue))


def issues_of(movement: Movement) -> Any:
    """Give the papers of a movement, the last first, each with its state (`with_state`); one query."""
    return with_state(movement.papers.select_related("recipient"))


def with_state(issues: Any) -> Any:
    """Say of each issue whether another one `is_replaced` it: a newer manifest, or another text for the same recipient."""
    newer = Manifest.objects.filter(movement=OuterRef("movement"), number__gt=OuterRef("manifest__number"))
    later = (
        PaperIssue.objects.annotate(to=Coalesce("recipient", 0))
        .filter(
            to=Coalesce(OuterRef("recipient"), 0),
            made_for=OuterRef("made_for"),
            movement=OuterRef("movement"),
            kind=OuterRef("kind"),
            pk__gt=OuterRef("pk"),
        )
        .exclude(fingerprint=OuterRef("fingerprint"))
    )
    return issues.annotate(is_replaced=Exists(newer) | Exists(later))


def _zones(issue: PaperIssue) -> tuple[str, ...]:
    """UTC, and the zones of both ends of the corridor."""
    own = PaperIssue.objects.filter(pk=issue.pk)
    entry, leave = (own.values(f"corridor_version__corridor__{end}") for end in ("entry", "exit"))
    sides = CrossingSide.objects.filter(Q(crossing__in=entry) | Q(crossing__in=leave)).order_by("pk")
    return ("UTC", *dict.fromkeys(sides.values_list("zone", flat=True)))


def _free_code() -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if not PaperIssue.objects.filter(code=code).exists():
            return code
