"""Say a rule in one sentence of the reader's language. Every msgid stands here; nothing is stored in words."""

from collections.abc import Callable, Iterable
from typing import assert_never

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from common import countries

from .kinds import DocumentKind, PricePer, TestKind
from .tree import (
    NOTHING,
    Age,
    All,
    AnyOf,
    Closed,
    ConsentForm,
    Content,
    Leaf,
    NationalityIn,
    NegativeTest,
    Not,
    Price,
    Rule,
    TravelDocument,
    canonical,
)

ADULT = 18
"""Below this "under 5" is said of children; above it of people."""


def explain(content: Content, language: str) -> str:
    """Say what is required, of whom, who is spared, what it costs and what follows: one sentence in `language`.

    A language without a catalogue gives English. The side effect stands as its author wrote it.
    """
    with override(language):
        parts = [_demand(content)]
        if content.exempt is not None:
            parts.append(_("not asked of: %(people)s") % {"people": describe(content.exempt)})
        if content.price is not None:
            parts.append(_("price: %(price)s") % {"price": describe_price(content.price)})
        if content.side_effect:
            parts.append(_("afterwards: %(text)s") % {"text": content.side_effect.rstrip(".")})
        return "; ".join(parts) + "."


def _demand(content: Content) -> str:
    people = None if content.applies is None else describe(content.applies)
    if canonical(content.rule) == Closed():
        return _("Closed: nobody may cross") if people is None else _("Closed to: %(people)s") % {"people": people}
    if content.rule == NOTHING:
        return _("Nothing is asked")
    rule = describe(content.rule)
    if people is None:
        return _("Required of everyone: %(rule)s") % {"rule": rule}
    return _("Required of %(people)s: %(rule)s") % {"people": people, "rule": rule}


def describe(rule: Rule) -> str:
    """Say one tree as a phrase in the active language; groups inside groups stand in brackets."""
    return _phrase(canonical(rule), inner=False)


def describe_price(price: Price) -> str:
    """Say a price: "20 USD per person"."""
    return f"{price.amount} {price.currency} {PricePer(price.per).label}"


def either(words: Iterable[str]) -> str:
    """Join words as alternatives: "a, b or c"."""
    return _joined(list(words), lambda first, last: _("%(first)s or %(last)s") % {"first": first, "last": last})


def together(words: Iterable[str]) -> str:
    """Join words that hold together: "a, b and c"."""
    return _joined(list(words), lambda first, last: _("%(first)s and %(last)s") % {"first": first, "last": last})


def kinds_of_test(kinds: Iterable[str]) -> str:
    """Say kinds of tests in one fixed order: "PCR or rapid"."""
    return either(str(kind.label) for kind in TestKind if kind in kinds)


def kinds_of_document(kinds: Iterable[str]) -> str:
    """Say kinds of documents in one fixed order: "passport or emergency travel document"."""
    return either(str(kind.label) for kind in DocumentKind if kind in kinds)


def _joined(words: list[str], join: Callable[[str, str], str]) -> str:
    if not words:
        return _("nothing")
    return words[0] if len(words) == 1 else join(", ".join(words[:-1]), words[-1])


def _phrase(rule: Rule, *, inner: bool) -> str:
    match rule:
        case All(parts) | AnyOf(parts):
            join = together if isinstance(rule, All) else either
            text = join(_phrase(part, inner=True) for part in parts)
            return f"({text})" if inner and len(parts) > 1 else text
        case Not(part):
            return _negated(part)  # type: ignore[arg-type]  # a canonical rule has only leaves below a not
        case _:
            return _plain(rule)


def _plain(leaf: Leaf) -> str:
    match leaf:
        case NegativeTest(kinds, hours):
            return ngettext(
                "a negative test (%(kinds)s) sampled at most %(hours)d hour before the barrier",
                "a negative test (%(kinds)s) sampled at most %(hours)d hours before the barrier",
                hours,
            ) % {"kinds": kinds_of_test(kinds), "hours": hours}
        case TravelDocument(kinds, days):
            return _document(kinds_of_document(kinds), days)
        case Age(from_age, under):
            return _people_of_age(from_age, under)
        case NationalityIn(codes):
            return _("nationals of %(countries)s") % {"countries": either(map(countries.name, sorted(codes)))}
        case ConsentForm():
            return _("a signed consent form")
        case Closed():
            return _("nothing helps: closed")
        case _:
            assert_never(leaf)


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


def _people_of_age(from_age: int | None, under: int | None) -> str:
    if under is None:
        least = from_age or 0
        return ngettext("people aged %(age)d or older", "people aged %(age)d or older", least) % {"age": least}
    if from_age is not None:
        return _("people aged %(first)d to %(last)d") % {"first": from_age, "last": under - 1}
    if under <= ADULT:
        return ngettext("children under %(age)d", "children under %(age)d", under) % {"age": under}
    return ngettext("people under %(age)d", "people under %(age)d", under) % {"age": under}


def _negated(leaf: Leaf) -> str:
    match leaf:
        case NegativeTest(kinds, hours):
            return ngettext(
                "no negative test (%(kinds)s) of the last %(hours)d hour",
                "no negative test (%(kinds)s) of the last %(hours)d hours",
                hours,
            ) % {"kinds": kinds_of_test(kinds), "hours": hours}
        case TravelDocument(kinds, days):
            return _("not holding: %(documents)s") % {"documents": _document(kinds_of_document(kinds), days)}
        case Age(from_age, under):
            return _people_of_other_age(from_age, under)
        case NationalityIn(codes):
            return _("nationals of any country but %(countries)s") % {
                "countries": together(map(countries.name, sorted(codes)))
            }
        case ConsentForm():
            return _("no signed consent form")
        case Closed():
            return pgettext("rule", "open")
        case _:
            assert_never(leaf)


def _people_of_other_age(from_age: int | None, under: int | None) -> str:
    """Say who is outside of two bounds (outside of one bound is an age again in a canonical rule)."""
    groups = [_people_of_age(None, from_age)] if from_age else []
    if under is not None:
        groups.append(_people_of_age(under, None))
    return either(groups) if groups else pgettext("people", "nobody")
