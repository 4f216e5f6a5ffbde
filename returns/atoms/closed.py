"""A closed crossing: no fact of a person opens it."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from psycopg.sql import SQL

from corridors.rules import Closed
from returns.atoms.answers import Answer, false
from returns.atoms.twins import Moment, Twin
from returns.facts import Because, Facts


def holds(facts: Facts, leaf: Closed, at: datetime) -> Answer:
    """Answer false."""
    return false(Because("closed"), None)


def changes(facts: Facts, leaf: Closed, zone: tzinfo) -> Iterator[datetime]:
    """Yield nothing: an opening is a new version of the requirement."""
    return iter(())


def twin(leaf: Closed, moment: Moment) -> Twin:
    """Give the same in SQL."""
    return Twin(true=SQL("false"), false=SQL("true"))
