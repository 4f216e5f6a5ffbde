"""Our own four conditions in SQL: the twin of `house_rules.judge_house_rules`. They are read as of now, not at the barrier."""

from __future__ import annotations

from collections.abc import Callable

from psycopg.sql import SQL

from corridors.rules import ConsentForm
from returns.atoms import consent_form
from returns.atoms.twins import Moment, Twin
from returns.enums import TravelAnswer

_MAY_BE_CHILD = SQL(
    """(placed.alone <> 'no' and (placed.birth_year is null or extract(year from placed.today) - placed.birth_year - (
        extract(month from placed.today) * 100 + extract(day from placed.today)
        < coalesce(placed.birth_month * 100 + coalesce(nullif(placed.birth_day, 0), 31), 1231))::int < 18))"""
)
_ARRANGED = SQL(
    """exists (select from migrants_childarrangement a where a.person_id = placed.person_id
        and a.recorded_at <= placed.known and a.escort <> '' and a.receiver <> '' and a.outcome <> '')"""
)
_COMPANY_ASKED = SQL(
    """exists (select from migrants_companyquestion q where q.person_id = placed.person_id
        and q.raised_at <= placed.known and (q.answered_at is null or q.answered_at > placed.known))"""
)
_HELD = SQL(
    """exists (select from migrants_protectionhold h where h.person_id = placed.person_id and h.set_at <= placed.known
        and (h.cleared_at is null or h.cleared_at > placed.known)
        and case when placed.countries is null then cardinality(h.against) > 0
            else h.against::text[] && placed.countries end)"""
)
_INFECTED = SQL(
    """exists (select from returns_travelquestion q where q.case_id = placed.case_id and q.withdrawn_at is null
        and q.answer <> {})"""
).format(TravelAnswer.TRAVELS.value)


def _consent(moment: Moment) -> Twin:
    return consent_form.twin(ConsentForm(), moment)


def _hold(moment: Moment) -> Twin:
    held = moment.part("held")
    return Twin(SQL("not {}").format(held), held, "once", {"held": _HELD})


def _child(moment: Moment) -> Twin:
    parts = {"left": SQL("({} and not {})").format(_MAY_BE_CHILD, _ARRANGED), "asked": _COMPANY_ASKED}
    left, asked = (moment.part(name) for name in parts)
    return Twin(
        SQL("(not {} and not {})").format(left, asked), SQL("({} and not {})").format(left, asked), "once", parts
    )


def _infection(moment: Moment) -> Twin:
    infected = moment.part("infected")
    return Twin(SQL("not {}").format(infected), infected, "once", {"infected": _INFECTED})


OWN: tuple[Callable[[Moment], Twin], ...] = (_consent, _hold, _child, _infection)
"""In the order of `OWN_CONDITIONS`."""
