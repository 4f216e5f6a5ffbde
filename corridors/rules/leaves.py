"""The single conditions of a rule, and how each stands in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NegativeTest:
    """A negative test of one of `kinds`, sampled at most `max_age_hours` before the barrier."""

    kinds: tuple[str, ...]
    max_age_hours: int


@dataclass(frozen=True, slots=True)
class Vaccination:
    """At least `doses` against one of `kinds`; the last one `min_days` or more, at most `max_days`, before the barrier."""

    kinds: tuple[str, ...]
    doses: int = 1
    min_days: int | None = None
    max_days: int | None = None


@dataclass(frozen=True, slots=True)
class TravelDocument:
    """A document of one of `kinds` in hand.

    `min_remaining_days` is how long it must still be valid at the barrier: 0 for that day itself. None asks
    only that it is not known to have expired, for lists on which nobody wrote the date of expiry.
    """

    kinds: tuple[str, ...]
    min_remaining_days: int | None = None


@dataclass(frozen=True, slots=True)
class Permit:
    """A visa or permit of one of `kinds`, valid on the day at the barrier, held by the person or by the whole group.

    `issued_by` names the countries whose permit counts; empty: any.
    """

    kinds: tuple[str, ...]
    issued_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GuaranteeLetter:
    """A letter in which a state takes people in or pays for them; `issued_by` as of a permit."""

    issued_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegistrationForm:
    """The form of this name was filled in and handed in."""

    title: str


@dataclass(frozen=True, slots=True)
class Payment:
    """At least `amount` was paid for what `title` names."""

    title: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Quarantine:
    """A place in quarantine is booked for `days` days that begin on the day at the barrier or the next."""

    days: int


@dataclass(frozen=True, slots=True)
class Quota:
    """A place among those who may cross that day is booked; `per_day` says how many may, where it was said."""

    per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The moment at the barrier lies on one of `days` and between two hours of the clock there.

    Days are "mon" to "sun", none of them for every day; the hours are "HH:MM", both or none, the second one excluded. Where
    the first is the later one, the window goes over midnight. Day and hour are each read at the moment itself.
    """

    days: tuple[str, ...] = ()
    opens: str | None = None
    closes: str | None = None


@dataclass(frozen=True, slots=True)
class Escort:
    """Somebody of one of `kinds` goes along."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Age:
    """At least `from_age` and under `under` whole years at the barrier; one of the two may be open."""

    from_age: int | None = None
    under: int | None = None


@dataclass(frozen=True, slots=True)
class NationalityIn:
    """A national of one of `countries` (ISO 3166 alpha-3, or XXA, XXB, XXC, XXX as passports print them)."""

    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResidenceIn:
    """Somebody who lives, with the right to do so, in one of `countries`."""

    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PurposeIn:
    """Somebody who crosses for one of `purposes`."""

    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Somebody who goes through the country that is entered ("transit"), or stays there ("stay")."""

    way: str


@dataclass(frozen=True, slots=True)
class NamedGroup:
    """Somebody of one of the groups with these codes (rule 33)."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentForm:
    """The person signed the form of consent to this journey."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Nobody may cross: this condition is never met."""


Leaf: TypeAlias = (
    NegativeTest
    | Vaccination
    | TravelDocument
    | Permit
    | GuaranteeLetter
    | RegistrationForm
    | Payment
    | Quarantine
    | Quota
    | Window
    | Escort
    | Age
    | NationalityIn
    | ResidenceIn
    | PurposeIn
    | Passage
    | NamedGroup
    | ConsentForm
    | Closed
)
OfPeople: TypeAlias = Age | NationalityIn | ResidenceIn | PurposeIn | Passage | NamedGroup
"""Conditions that say which people are meant; all others ask for something."""

IN_JSON: Mapping[type, tuple[str, Mapping[str, str]]] = {
    NegativeTest: ("test", {"kinds": "kinds", "max_age_hours": "max_age_hours"}),
    Vaccination: ("vaccination", {"kinds": "kinds", "doses": "doses", "min_days": "min_days", "max_days": "max_days"}),
    TravelDocument: ("document", {"kinds": "kinds", "min_remaining_days": "min_remaining_days"}),
    Permit: ("permit", {"kinds": "kinds", "issued_by": "issued_by"}),
    GuaranteeLetter: ("guarantee_letter", {"issued_by": "issued_by"}),
    RegistrationForm: ("registration_form", {"title": "name"}),
    Payment: ("payment", {"title": "for", "amount": "amount", "currency": "currency"}),
    Quarantine: ("quarantine", {"days": "days"}),
    Quota: ("quota", {"per_day": "per_day"}),
    Window: ("window", {"days": "days", "opens": "from", "closes": "until"}),
    Escort: ("escort", {"kinds": "kinds"}),
    Age: ("age", {"from_age": "from", "under": "under"}),
    NationalityIn: ("nationality", {"countries": "in"}),
    ResidenceIn: ("residence", {"countries": "in"}),
    PurposeIn: ("purpose", {"purposes": "in"}),
    Passage: ("passage", {"way": "as"}),
    NamedGroup: ("group", {"codes": "in"}),
    ConsentForm: ("consent_form", {}),
    Closed: ("closed", {}),
}
"""The name of each condition in JSON, and under which key each of its values stands."""


def leaf_to_json(leaf: Leaf) -> Json:
    """Give the JSON of one condition; what is not said (None, an empty list) is left out."""
    name, keys = IN_JSON[type(leaf)]
    said: Json = {"result": "negative"} if isinstance(leaf, NegativeTest) else {}
    for field, key in keys.items():
        value = getattr(leaf, field)
        if value is not None and value != ():
            said[key] = _plain(value)
    return {name: said}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Decimal) else value


def in_order(leaf: Leaf) -> Leaf:
    """Give the same condition with each of its lists in one order, and an amount without idle noughts."""
    changed: Json = {}
    for field in fields(leaf):
        value = getattr(leaf, field.name)
        if isinstance(value, tuple):
            changed[field.name] = tuple(sorted(value))
        elif isinstance(value, Decimal):
            changed[field.name] = value.quantize(Decimal("0.01"))
    return replace(leaf, **changed) if changed else leaf
