"""Nationality is a list with several entries, and may be undetermined (domain 21). One match is enough."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from psycopg.sql import SQL, Literal

from common.countries import UNSPECIFIED
from corridors.rules import NationalityIn
from returns.atoms.answers import Answer, false, true, unknown
from returns.atoms.twins import Moment, Twin, among
from returns.facts import Because, Facts


def holds(facts: Facts, leaf: NationalityIn, at: datetime) -> Answer:
    """Tell whether one of the person's nationalities is asked for; unknown while none is known."""
    because = Because("nationality", {"countries": sorted(facts.nationalities)})
    if facts.nationalities & set(leaf.countries):
        return true(because)
    if not facts.nationalities or UNSPECIFIED in facts.nationalities:
        return unknown(Because("nationality_unknown"), Because("record_nationality"))
    return false(because, None)


def changes(facts: Facts, leaf: NationalityIn, zone: tzinfo) -> Iterator[datetime]:
    """Yield nothing: time does not change a nationality."""
    return iter(())


def twin(leaf: NationalityIn, moment: Moment) -> Twin:
    """Give the same in SQL."""
    parts = {
        "asked": SQL("bool_or(nation.code = any ({}))").format(among(leaf.countries)),
        "open": SQL("bool_or(nation.code = {})").format(Literal(UNSPECIFIED)),
    }
    asked, is_open = moment.part("asked"), moment.part("open")
    return Twin(asked, SQL("(not {} and not {})").format(asked, is_open), "nationalities", parts)
