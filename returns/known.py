"""Turn what the registry knows of people into the facts that judging reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from migrants.facts import KnownProof, PersonFacts, facts_of
from returns.facts import Facts, HeldDocument, HeldProof, TestFact


def facts_of_people(people: Iterable[int], *, at: datetime) -> dict[int, Facts]:
    """Give the facts of each person (by key) as known `at`; a constant number of queries."""
    return {person: _facts(known) for person, known in facts_of(people, at=at).items()}


def _facts(known: PersonFacts) -> Facts:
    documents = known.documents
    return Facts(
        birth_year=known.birth_year,
        birth_month=known.birth_month,
        birth_day=known.birth_day,
        nationalities=known.nationalities,
        documents=None
        if documents is None
        else tuple(HeldDocument(paper.kind, paper.state, paper.expires_on) for paper in documents),
        tests=tuple(TestFact(test.kind, test.result, test.sampled_at) for test in known.tests),
        consent_form=known.consent_form,
        hold_against=known.hold_against,
        child_alone=known.child_alone,
        child_arranged=known.child_arranged,
        company_asked=known.company_asked,
        proofs=tuple(_proof(proof) for proof in known.proofs),
    )


def _proof(proof: KnownProof) -> HeldProof:
    return HeldProof(
        proof.kind,
        sort=proof.sort,
        country=proof.country,
        title=proof.title,
        doses=proof.doses,
        amount=proof.amount,
        currency=proof.currency,
        begins_on=proof.begins_on,
        last_on=proof.last_on,
    )
