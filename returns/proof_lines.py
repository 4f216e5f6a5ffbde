"""A proof in words for a page or a report: what it is, of whom, from when until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from common import countries
from corridors.rules.kinds import EscortKind, PermitKind, PurposeKind, VaccineKind
from migrants.entries import ProofEntry
from migrants.enums import ProofKind
from migrants.models import Proof

_SORTS = {
    ProofKind.VACCINATION: VaccineKind,
    ProofKind.PERMIT: PermitKind,
    ProofKind.ESCORT: EscortKind,
    ProofKind.PURPOSE: PurposeKind,
}


@dataclass(frozen=True, slots=True)
class ProofLine:
    """What a page shows of one proof; `more` is its sort, country, title or amount, never its number."""

    proof: Proof
    more: str


def lines_of(proofs: Iterable[Proof]) -> list[ProofLine]:
    """Give one line for each, those that stand first, the newest before older ones."""
    rows = sorted(proofs, key=lambda proof: (proof.withdrawn_at is not None, -proof.pk))
    return [ProofLine(proof, more_of(proof)) for proof in rows]


def more_of(proof: Proof | ProofEntry) -> str:
    """Say what of its kind it is: "transit visa, Uzbekistan", "30.00 USD, road fee"."""
    words = _SORTS.get(ProofKind(proof.kind))
    parts = [
        str(words(proof.sort).label) if words and proof.sort else "",
        countries.name(proof.country) if proof.country else "",
        f"{proof.amount} {proof.currency}" if proof.amount else "",
        f"{proof.doses} ×" if proof.doses else "",
        proof.title,
        proof.authority,
    ]
    return ", ".join(part for part in parts if part)
