"""What is known of one person when a case is judged, as plain values. No row, no clock, no language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

IN_HAND = "held"
"""The state in which the person carries a document that is good; in others it is expired, lost, applied for, …"""
EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A travel document: its kind, where it stands, and its last day of validity (None: nobody wrote it down)."""

    kind: str
    state: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class TestFact:
    """A health test: result "negative", "positive" or "pending" (any other word proves nothing).

    `sampled_at` is None where the paper does not say when the sample was taken.
    """

    __test__: ClassVar[bool] = False

    kind: str
    result: str
    sampled_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldProof:
    """What else can be shown at a barrier, by the person or by the whole group: a permit, a booking, a payment.

    `kind` is one of `migrants.enums.ProofKind`, `sort` what of that kind, `country` who issued it or where somebody lives.
    `begins_on` is its first day, of a vaccination the day of the last dose; `last_on` its last day, which still counts.
    """

    kind: str
    sort: str = ""
    country: str = ""
    title: str = ""
    doses: int | None = None
    amount: Decimal | None = None
    currency: str = ""
    begins_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one person.

    `documents` None: never asked; empty: asked, has none. `tests` None only for a head that nobody has
    registered; for a registered person no recorded test means none was taken; `proofs` likewise. `waived_until` is the end of a
    waiver of the one requirement that is being judged. `hold_against` are countries that must not learn of
    the person. `company_asked`: the guardian of a child has left, and nobody has said with whom it is. `infection`: a
    positive test keeps the person from travelling until a coordinator has decided: "own", "family", or "". `passage`: whether
    the person goes through the country that is entered ("transit") or stays there ("stay"); "" where nobody knows.
    `group_code`: the group with which the person travels.
    """

    birth_year: int | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    nationalities: frozenset[str] = frozenset()
    documents: tuple[HeldDocument, ...] | None = None
    tests: tuple[TestFact, ...] | None = ()
    consent_form: bool | None = None
    waived_until: datetime | None = None
    hold_against: frozenset[str] = frozenset()
    child_alone: bool = False
    child_arranged: bool = False
    company_asked: bool = False
    infection: str = ""
    proofs: tuple[HeldProof, ...] | None = ()
    passage: str = ""
    group_code: str = ""


UNREGISTERED = Facts(tests=None, proofs=None)
"""A head that was counted and not registered: nothing is known, so nothing is met and nothing is missing."""


@dataclass(frozen=True, slots=True)
class Because:
    """One piece of evidence: a code and JSON-safe values (instants and dates as ISO text), so that it can be kept."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give the stored form."""
        return {"code": self.code, "params": dict(self.params)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Because:
        """Read the stored form."""
        return cls(value["code"], dict(value["params"]))

    def __hash__(self) -> int:
        """Hash by content, so that repeats can be told; the values are plain."""
        return hash((self.code, repr(sorted(self.params.items()))))
