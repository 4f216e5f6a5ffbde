"""The signed form of consent that an international leg needs (domain 6). Never asked is unknown, not missing."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from psycopg.sql import SQL

from corridors.rules import ConsentForm
from returns.atoms.answers import Answer, false, true, unknown
from returns.atoms.twins import Moment, Twin
from returns.facts import Because, Facts


def holds(facts: Facts, leaf: ConsentForm, at: datetime) -> Answer:
    """Tell whether the form is signed."""
    if facts.consent_form is None:
        return unknown(Because("consent_never_asked"), Because("ask_consent"))
    if facts.consent_form:
        return true(Because("consent_signed"))
    return false(Because("consent_not_signed"), Because("ask_consent"))


def changes(facts: Facts, leaf: ConsentForm, zone: tzinfo) -> Iterator[datetime]:
    """Yield nothing: the form has no end."""
    return iter(())


def twin(leaf: ConsentForm, moment: Moment) -> Twin:
    """Give the same in SQL: the latest answer counts, as of when the facts are read."""
    signed = SQL(
        "bool_or(answer = 'yes' and form_signed and coalesce(expires_at > placed.known, true)"
        " and coalesce(withdrawn_at > placed.known, true))"
    )
    part = moment.part("signed")
    return Twin(part, SQL("not {}").format(part), "consent", {"signed": signed})
