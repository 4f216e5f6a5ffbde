"""Proofs of erasures as a file that lies beside the backups: after a restore, what was erased since is erased again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from common.actors import Actor
from common.refusals import RefusalError
from migrants import erasure
from migrants.enums import KeptKind
from migrants.models import Erasure, Migrant


class ProofError(RefusalError):
    """A line that is no proof of ours, or was changed; `field` is its number in the file."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one proof: `erased`, `known` (nothing to do), `gone` (no such record), or `refused` and why."""

    number: int
    outcome: str
    why: str = ""


def lines(*, since: datetime) -> Iterator[str]:
    """Give the proofs since an hour, one JSON line each: the canonical form with its digest. No name stands in it."""
    for proof in Erasure.objects.filter(erased_at__gte=since).select_related("person").order_by("erased_at", "pk"):
        yield json.dumps({"proof": erasure.canonical(proof), "digest": proof.digest}, ensure_ascii=False)


def replay(*, text: Iterable[str], by: Actor, at: datetime) -> Iterator[Replayed]:
    """Erase anew whoever the proofs name and a restored backup brought back. It may be run again.

    Every line is checked before the first is done. Raises ProofError.
    """
    proofs = [_read(line, number) for number, line in enumerate(text, start=1) if line.strip()]
    for number, (person_id, kinds, digest) in enumerate(proofs, start=1):
        person = Migrant.objects.filter(public_id=person_id).first()
        if person is None:
            yield Replayed(number, "gone")
        elif Erasure.objects.filter(person=person, kinds__contains=kinds).exists():
            yield Replayed(number, "known")
        else:
            yield _again(number, person, kinds, digest, by=by, at=at)


def _again(number: int, person: Migrant, kinds: list[KeptKind], digest: str, *, by: Actor, at: datetime) -> Replayed:
    why = f"after a restore, by proof {digest[:16]}"
    try:
        erasure.erase(people=[person], kinds=kinds, cause=erasure.AFTER_RESTORE, why=why, by=by, at=at)
    except erasure.ErasureError as error:
        return Replayed(number, "refused", error.sentence)
    return Replayed(number, "erased")


def _read(line: str, number: int) -> tuple[UUID, list[KeptKind], str]:
    try:
        kept = json.loads(line)
        text, digest = str(kept["proof"]), str(kept["digest"])
        told = json.loads(text)
        person, kinds = UUID(told["person"]), [KeptKind(kind) for kind in told["kinds"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ProofError(str(number), f"Line {number} is no proof of an erasure. Nothing was done.") from error
    if erasure.digest_of(text) != digest:
        raise ProofError(str(number), f"Line {number} was changed: its digest does not fit. Nothing was done.")
    return person, kinds, digest
