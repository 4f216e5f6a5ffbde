"""One module a kind of condition, each with `holds` (the answer at an instant) and `changes` (when it may turn).

A module may have a `twin` that answers the same in SQL for many cases at once (`twins.py`).

`at` carries the zone of the barrier: ages and last days of validity are read on its local calendar.
"""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any, Protocol

from corridors.rules import (
    Age,
    Closed,
    ConsentForm,
    Leaf,
    NamedGroup,
    NationalityIn,
    NegativeTest,
    Passage,
    TravelDocument,
    Window,
)
from returns.atoms import (
    age,
    closed,
    consent_form,
    document,
    health_test,
    named_group,
    nationality,
    passage,
    proofs,
    window,
)
from returns.atoms.answers import Answer
from returns.atoms.twins import Moment, Twin
from returns.atoms.window import recurring
from returns.facts import Facts


class Atom(Protocol):
    """What each module of a kind offers."""

    def holds(self, facts: Facts, leaf: Any, at: datetime) -> Answer:
        """Answer at an instant."""

    def changes(self, facts: Facts, leaf: Any, zone: tzinfo) -> Iterator[datetime]:
        """Yield the instants at which the answer may change."""


ATOMS: dict[type, Atom] = {
    NegativeTest: health_test,
    TravelDocument: document,
    Age: age,
    NationalityIn: nationality,
    ConsentForm: consent_form,
    Closed: closed,
    Passage: passage,
    NamedGroup: named_group,
    Window: window,
    **proofs.PROVEN,
}

__all__ = ["ATOMS", "Atom", "changes", "holds", "recurring", "twin"]


def holds(facts: Facts, leaf: Leaf, at: datetime) -> Answer:
    """Answer one condition for one person at one instant (in the zone of the barrier)."""
    return ATOMS[type(leaf)].holds(facts, leaf, at)


def changes(facts: Facts, leaf: Leaf, zone: tzinfo) -> Iterator[datetime]:
    """Yield the instants at which the answer may change, in no order."""
    yield from ATOMS[type(leaf)].changes(facts, leaf, zone)


def twin(leaf: Leaf, moment: Moment) -> Twin | None:
    """Give the same condition in SQL; None where its module has none, so that it is asked in Python."""
    made = getattr(ATOMS[type(leaf)], "twin", None)
    return None if made is None else made(leaf, moment)
