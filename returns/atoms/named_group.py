"""A rule for one named group, by its code (rule 33)."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from corridors.rules import NamedGroup
from returns.atoms.answers import Answer, false, true, unknown
from returns.facts import Because, Facts


def holds(facts: Facts, leaf: NamedGroup, at: datetime) -> Answer:
    """Tell whether the person travels with one of the groups."""
    if not facts.group_code:
        return unknown(Because("not_registered"), Because("register"))
    because = Because("group", {"code": facts.group_code})
    return true(because) if facts.group_code in leaf.codes else false(because, None)


def changes(facts: Facts, leaf: NamedGroup, zone: tzinfo) -> Iterator[datetime]:
    """Yield nothing: who moves to another group is judged anew."""
    return iter(())
