"""Record and withdraw what is shown at a barrier; exactly the cases that it concerns are judged anew in the same act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from common.actors import Actor
from migrants.entries import ProofEntry
from migrants.models import Migrant, Proof, TravelGroup
from migrants.proofs import record_group_proof, record_proof, withdraw_proof
from returns import readiness


@transaction.atomic
def prove(*, people: Sequence[Migrant], proof: ProofEntry, by: Actor, at: datetime) -> list[Proof]:
    """Record a proof of each of `people` and judge their cases. Raises ProofError."""
    rows = record_proof(people=people, proof=proof, by=by, at=at)
    readiness.check(people=[person.pk for person in people], at=at, facts_only=True)
    return rows


@transaction.atomic
def prove_for_group(*, group: TravelGroup, proof: ProofEntry, by: Actor, at: datetime) -> Proof:
    """Record a proof that counts for everybody of a group and judge its cases. Raises ProofError."""
    row = record_group_proof(group=group, proof=proof, by=by, at=at)
    readiness.check(group=group, at=at, facts_only=True)
    return row


@transaction.atomic
def withdraw(*, proof: Proof, why: str, by: Actor, at: datetime) -> Proof:
    """Withdraw a proof and judge whom it concerned. Raises ProofError."""
    row = withdraw_proof(proof=proof, why=why, by=by, at=at)
    people = None if row.person_id is None else [row.person_id]
    readiness.check(people=people, group=row.group, at=at, facts_only=True)
    return row
