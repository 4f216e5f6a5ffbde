"""Say one condition, or its contrary, as a phrase in the active language."""

from collections.abc import Iterable
from typing import Any, assert_never

from babel.dates import get_day_names
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from common import countries
from common.languages import babel_locale

from .joining import either, together
from .kinds import WEEK, DocumentKind, EscortKind, PermitKind, PurposeKind, TestKind, VaccineKind
from .leaves import (
    Age,
    Closed,
    ConsentForm,
    Escort,
    GuaranteeLetter,
    Leaf,
    NamedGroup,
    NationalityIn,
    NegativeTest,
    OfPeople,
    Passage,
    Payment,
    Permit,
    PurposeIn,
    Quarantine,
    Quota,
    RegistrationForm,
    ResidenceIn,
    TravelDocument,
    Vaccination,
    Window,
)

ADULT = 18
"""Below this "under 5" is said of children; above it of people."""
KINDS = {
    NegativeTest: TestKind,
    Vaccination: VaccineKind,
    TravelDocument: DocumentKind,
    Permit: PermitKind,
    Escort: EscortKind,
}
"""Which words stand in the kinds of a condition."""


def kinds_of_test(kinds: Iterable[str]) -> str:
    """Say kinds of tests in one fixed order: "PCR or rapid"."""
    return either(_labels(TestKind, kinds))


def kinds_of_document(kinds: Iterable[str]) -> str:
    """Say kinds of documents in one fixed order: "passport or emergency travel document"."""
    return either(_labels(DocumentKind, kinds))


def kinds_of(leaf: type[Any], kinds: Iterable[str]) -> str:
    """Say the kinds of any condition that has some, in the order of their list."""
    return either(_labels(KINDS[leaf], kinds))


def _labels(words: Any, kinds: Iterable[str]) -> list[str]:
    chosen = set(kinds)
    return [str(kind.label) for kind in words if kind in chosen]


def plain(leaf: Leaf) -> str:  # noqa: PLR0911  # one line a kind of condition
    """Say what a condition asks for, or which people it means."""
    if isinstance(leaf, OfPeople):
        return _people(leaf)
    match leaf:
        case NegativeTest(kinds, hours):
            return ngettext(
                "a negative test (%(kinds)s) sampled at most %(hours)d hour before the barrier",
                "a negative test (%(kinds)s) sampled at most %(hours)d hours before the barrier",
                hours,
            ) % {"kinds": kinds_of_test(kinds), "hours": hours}
        case TravelDocument(kinds, days):
            return _document(kinds_of_document(kinds), days)
        case ConsentForm():
            return _("a signed consent form")
        case Closed():
            return pgettext("rule", "closed")
        case Window():
            return _window(leaf)
        case _:
            return _proof(leaf)


def negated(leaf: Leaf) -> str:  # noqa: PLR0911  # one line a kind of condition
    """Say the contrary of a condition."""
    if isinstance(leaf, OfPeople):
        return _other_people(leaf)
    match leaf:
        case NegativeTest(kinds, hours):
            return ngettext(
                "no negative test (%(kinds)s) of the last %(hours)d hour",
                "no negative test (%(kinds)s) of the last %(hours)d hours",
                hours,
            ) % {"kinds": kinds_of_test(kinds), "hours": hours}
        case ConsentForm():
            return _("no signed consent form")
        case Closed():
            return pgettext("rule", "open")
        case Window():
            return _("outside of: %(times)s") % {"times": _window(leaf)}
        case TravelDocument() | Permit() | GuaranteeLetter():
            return _("not holding: %(documents)s") % {"documents": plain(leaf)}
        case _:
            return _("without: %(what)s") % {"what": plain(leaf)}


def _document(kinds: str, days: int | None) -> str:
    if days is None:
        return kinds
    if days == 0:
        return _("%(documents)s, valid at the barrier") % {"documents": kinds}
    return ngettext(
        "%(documents)s, valid for at least %(days)d more day at the barrier",
        "%(documents)s, valid for at least %(days)d more days at the barrier",
        days,
    ) % {"documents": kinds, "days": days}


def _proof(  # noqa: PLR0911  # one line a kind of condition
    leaf: Vaccination | Permit | GuaranteeLetter | RegistrationForm | Payment | Quarantine | Quota | Escort,
) -> str:
    match leaf:
        case Vaccination():
            return _vaccination(leaf)
        case Permit(kinds, issued_by):
            return _issued(either(_labels(PermitKind, kinds)), issued_by)
        case GuaranteeLetter(issued_by):
            return _issued(_("letter of guarantee"), issued_by)
        case RegistrationForm(title):
            return _("form “%(name)s”, filled in") % {"name": title}
        case Payment(title, amount, currency):
            said = {"amount": amount, "currency": currency, "name": title}
            return _("payment of %(amount)s %(currency)s for “%(name)s”") % said
        case Quarantine(days):
            return _("booked quarantine, days: at least %(days)d") % {"days": days}
        case Quota(None):
            return _("booked place for that day")
        case Quota(per_day):
            return _("booked place for that day (%(n)d a day)") % {"n": per_day}
        case Escort(kinds):
            return _("escort (%(kinds)s)") % {"kinds": either(_labels(EscortKind, kinds))}
        case _:
            assert_never(leaf)


def _vaccination(leaf: Vaccination) -> str:
    what = _("vaccination (%(kinds)s)") % {"kinds": either(_labels(VaccineKind, leaf.kinds))}
    if leaf.doses > 1:
        what = _("%(what)s, doses: at least %(doses)d") % {"what": what, "doses": leaf.doses}
    if leaf.min_days is not None:
        what = _("%(what)s, days since the last dose: at least %(days)d") % {"what": what, "days": leaf.min_days}
    if leaf.max_days is not None:
        what = _("%(what)s, days since the last dose: at most %(days)d") % {"what": what, "days": leaf.max_days}
    return what


def _issued(what: str, issued_by: tuple[str, ...]) -> str:
    if not issued_by:
        return what
    return _("%(what)s, issued by %(countries)s") % {"what": what, "countries": _countries(issued_by)}


def _countries(codes: Iterable[str]) -> str:
    return either(map(countries.name, sorted(codes)))


def days_of_week(days: Iterable[str]) -> list[str]:
    """Name days of a window in the order of the week."""
    names, chosen = get_day_names("wide", locale=babel_locale()), set(days)
    return [names[number] for number, day in enumerate(WEEK) if day in chosen]


def _window(leaf: Window) -> str:
    said = {"days": ", ".join(days_of_week(leaf.days)), "from": leaf.opens, "until": leaf.closes}
    if leaf.opens is None:
        return _("passage on: %(days)s") % said
    if not leaf.days:
        return _("passage between %(from)s and %(until)s by the clock of the crossing") % said
    return _("passage on: %(days)s, between %(from)s and %(until)s by the clock of the crossing") % said


def _people(leaf: OfPeople) -> str:  # noqa: PLR0911  # one line a kind of condition
    match leaf:
        case Age(from_age, under):
            return _people_of_age(from_age, under)
        case NationalityIn(codes):
            if countries.WITHOUT_COUNTRY.intersection(codes):
                return _("people (nationality or status: %(words)s)") % {"words": _countries(codes)}
            return _("nationals of %(countries)s") % {"countries": _countries(codes)}
        case ResidenceIn(codes):
            return _("people who live in %(countries)s") % {"countries": _countries(codes)}
        case PurposeIn(purposes):
            return _("people who travel for: %(purposes)s") % {"purposes": either(_labels(PurposeKind, purposes))}
        case Passage("transit"):
            return _("people in transit")
        case Passage(_way):
            return _("people who stay in the country")
        case NamedGroup(codes):
            return _("people of group %(codes)s") % {"codes": either(sorted(codes))}
        case _:
            assert_never(leaf)


def _other_people(leaf: OfPeople) -> str:  # noqa: PLR0911  # one line a kind of condition
    match leaf:
        case Age(from_age, under):
            return _people_of_other_age(from_age, under)
        case NationalityIn(codes):
            names = together(map(countries.name, sorted(codes)))
            if countries.WITHOUT_COUNTRY.intersection(codes):
                return _("people (any nationality or status but: %(words)s)") % {"words": names}
            return _("nationals of any country but %(countries)s") % {"countries": names}
        case ResidenceIn(codes):
            return _("people who live in any country but %(countries)s") % {
                "countries": together(map(countries.name, sorted(codes)))
            }
        case PurposeIn(purposes):
            words = together(_labels(PurposeKind, purposes))
            return _("people who travel for anything but: %(purposes)s") % {"purposes": words}
        case Passage(way):
            return _people(Passage("stay" if way == "transit" else "transit"))
        case NamedGroup(codes):
            return _("people of any group but %(codes)s") % {"codes": together(sorted(codes))}
        case _:
            assert_never(leaf)


def _people_of_age(from_age: int | None, under: int | None) -> str:
    if under is None:
        least = from_age or 0
        return ngettext("people aged %(age)d or older", "people aged %(age)d or older", least) % {"age": least}
    if from_age is not None and under == from_age + 1:
        return ngettext("people aged %(age)d", "people aged %(age)d", from_age) % {"age": from_age}
    if from_age is not None:
        return _("people aged %(first)d to %(last)d") % {"first": from_age, "last": under - 1}
    if under <= ADULT:
        return ngettext("children under %(age)d", "children under %(age)d", under) % {"age": under}
    return ngettext("people under %(age)d", "people under %(age)d", under) % {"age": under}


def _people_of_other_age(from_age: int | None, under: int | None) -> str:
    """Say who is outside of two bounds (outside of one bound is an age again in a canonical rule)."""
    groups = [_people_of_age(None, from_age)] if from_age else []
    if under is not None:
        groups.append(_people_of_age(under, None))
    return either(groups) if groups else pgettext("people", "nobody")
