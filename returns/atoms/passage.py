"""Whether somebody goes through the country or stays there; the corridor of the plan says it, or the person's own country."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from corridors.rules import Passage
from returns.atoms.answers import Answer, false, true, unknown
from returns.facts import Because, Facts


def holds(facts: Facts, leaf: Passage, at: datetime) -> Answer:
    """Tell whether the person crosses in this way; unknown while no corridor says it."""
    if not facts.passage:
        return unknown(Because("passage_unknown"), Because("choose_corridor"))
    because = Because("passage", {"way": facts.passage})
    return true(because) if facts.passage == leaf.way else false(because, None)


def changes(facts: Facts, leaf: Passage, zone: tzinfo) -> Iterator[datetime]:
    """Yield nothing: another plan is another fact."""
    return iter(())
