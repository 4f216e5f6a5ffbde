"""Conditions that something recorded meets: a vaccination, a permit, a booking, a payment; counted in local days.

They differ only in which record fits and on which days at the barrier it counts; both stand in the table at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, TypeAlias

from corridors.rules import (
    Escort,
    GuaranteeLetter,
    Leaf,
    Payment,
    Permit,
    PurposeIn,
    Quarantine,
    Quota,
    RegistrationForm,
    ResidenceIn,
    Vaccination,
    leaf_to_json,
)
from returns.atoms.answers import Answer, false, true, unknown
from returns.atoms.proof_twins import twin_of
from returns.atoms.twins import Moment, Twin
from returns.facts import Because, Facts, HeldProof

Days: TypeAlias = tuple[date, date]
ALWAYS: Days = (date.min, date.max)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Proven:
    """One kind of record. `days` gives first and last day at the barrier on which it counts; None: not written down.

    Of `background` (where somebody lives, what for they travel) no record means that nobody has asked.
    """

    kind: str
    fits: Callable[[HeldProof, Any], bool]
    days: Callable[[HeldProof, Any], Days | None]
    background: bool = False

    def holds(self, facts: Facts, leaf: Any, at: datetime) -> Answer:
        """Tell whether a record that fits counts on the local day of `at`."""
        if facts.proofs is None:
            return unknown(Because("not_registered"), Because("register"))
        fitting = [proof for proof in facts.proofs if proof.kind == self.kind and self.fits(proof, leaf)]
        if not fitting:
            return self._without(facts.proofs, leaf)
        spans = [self._days(proof, leaf) for proof in fitting]
        known = sorted((span for span in spans if span is not None), key=lambda span: span[1])
        today = [span for span in known if span[0] <= at.date() <= span[1]]
        if today:
            return true(_evidence("proof_held", leaf, last=today[-1][1]))
        if None in spans:
            return unknown(_evidence("proof_undated", leaf), Because("record_proof_days", _asked(leaf)))
        later = [span for span in known if span[0] > at.date()]
        if later:
            first = min(span[0] for span in later)
            return false(_evidence("proof_too_early", leaf, first=first), Because("get_proof", _asked(leaf)))
        return false(_evidence("proof_ended", leaf, last=known[-1][1]), Because("get_proof", _asked(leaf)))

    def changes(self, facts: Facts, leaf: Any, zone: tzinfo) -> Iterator[datetime]:
        """Yield the midnights at which a record begins to count, and those after which it does no longer."""
        for proof in facts.proofs or ():
            if proof.kind == self.kind and self.fits(proof, leaf):
                first, last = self._days(proof, leaf) or ALWAYS
                if first > date.min:
                    yield datetime.combine(first, time.min, zone)
                if last < date.max:
                    yield datetime.combine(last + DAY, time.min, zone)

    def twin(self, leaf: Any, moment: Moment) -> Twin | None:
        """Give the same in SQL, where it can be said there."""
        return twin_of(self.kind, leaf, moment, background=self.background)

    def _days(self, proof: HeldProof, leaf: Any) -> Days | None:
        try:
            return self.days(proof, leaf)
        except OverflowError:  # a day beyond the calendar cannot have been meant
            return None

    def _without(self, proofs: tuple[HeldProof, ...], leaf: Leaf) -> Answer:
        if not self.background:
            return false(_evidence("proof_none", leaf), Because("get_proof", _asked(leaf)))
        if any(proof.kind == self.kind for proof in proofs):
            return false(_evidence("background_other", leaf), None)
        return unknown(_evidence("background_unknown", leaf), Because("record_background", _asked(leaf)))


def _asked(leaf: Leaf) -> dict[str, object]:
    return {"asked": leaf_to_json(leaf)}


def _evidence(code: str, leaf: Leaf, *, first: date | None = None, last: date | None = None) -> Because:
    begins_on = None if first is None else first.isoformat()
    last_on = None if last is None or last == date.max else last.isoformat()
    return Because(code, {**_asked(leaf), "begins_on": begins_on, "last_on": last_on})


def same_title(one: str, other: str) -> bool:
    """Tell whether two names of a form or a fee are the same but for capitals and blanks."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _as_recorded(proof: HeldProof, leaf: Any) -> Days:
    return proof.begins_on or date.min, proof.last_on or date.max


def _with_last_day(proof: HeldProof, leaf: Any) -> Days | None:
    return None if proof.last_on is None else _as_recorded(proof, leaf)


def _since_last_dose(proof: HeldProof, leaf: Vaccination) -> Days | None:
    last = proof.last_on or date.max
    if proof.begins_on is None:
        return (date.min, last) if leaf.min_days is None and leaf.max_days is None else None
    first = proof.begins_on + timedelta(days=leaf.min_days or 0)
    if leaf.max_days is not None:
        last = min(last, proof.begins_on + timedelta(days=leaf.max_days))
    return first, last


def _of_booked_days(proof: HeldProof, leaf: Quarantine) -> Days | None:
    """Days at the barrier after which so many booked days are left, the first of them that day or the next."""
    if proof.begins_on is None or proof.last_on is None:
        return None
    return proof.begins_on - DAY, proof.last_on - (leaf.days - 1) * DAY


def _on_the_day(proof: HeldProof, leaf: Quota) -> Days | None:
    return None if proof.begins_on is None else (proof.begins_on, proof.begins_on)


def _issued(proof: HeldProof, leaf: Permit | GuaranteeLetter) -> bool:
    return not leaf.issued_by or proof.country in leaf.issued_by


def _is_paid(proof: HeldProof, leaf: Payment) -> bool:
    enough = proof.amount is not None and proof.amount >= leaf.amount
    return enough and proof.currency == leaf.currency and same_title(proof.title, leaf.title)


def _lasts(proof: HeldProof, leaf: Quarantine) -> bool:
    booked = proof.begins_on is not None and proof.last_on is not None
    return not booked or (proof.last_on - proof.begins_on).days + 1 >= leaf.days  # type: ignore[operator]


PROVEN: dict[type, Proven] = {
    Vaccination: Proven(
        "vaccination",
        lambda proof, leaf: proof.sort in leaf.kinds and (proof.doses or 1) >= leaf.doses,
        _since_last_dose,
    ),
    Permit: Proven("permit", lambda proof, leaf: proof.sort in leaf.kinds and _issued(proof, leaf), _with_last_day),
    GuaranteeLetter: Proven("guarantee_letter", _issued, _as_recorded),
    RegistrationForm: Proven(
        "registration_form", lambda proof, leaf: same_title(proof.title, leaf.title), _as_recorded
    ),
    Payment: Proven("payment", _is_paid, _as_recorded),
    Quarantine: Proven("quarantine", _lasts, _of_booked_days),
    Quota: Proven("quota", lambda proof, leaf: True, _on_the_day),
    Escort: Proven("escort", lambda proof, leaf: proof.sort in leaf.kinds, _as_recorded),
    ResidenceIn: Proven(
        "residence", lambda proof, leaf: proof.country in leaf.countries, lambda proof, leaf: ALWAYS, background=True
    ),
    PurposeIn: Proven(
        "purpose", lambda proof, leaf: proof.sort in leaf.purposes, lambda proof, leaf: ALWAYS, background=True
    ),
}
