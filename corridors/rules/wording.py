"""Say a rule in one sentence of the reader's language. Nothing is stored in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from .joining import bracketed, either, together, who_are_also
from .kinds import PricePer
from .leaf_wording import kinds_of, kinds_of_document, kinds_of_test, negated, plain
from .leaves import Age, Closed, NamedGroup, NationalityIn, NegativeTest, Passage, PurposeIn, ResidenceIn, Window
from .tree import NOTHING, All, AnyOf, Content, Not, Price, Rule, canonical, closing_apart, says_who

__all__ = [
    "demand",
    "describe",
    "describe_people",
    "describe_price",
    "either",
    "explain",
    "kinds_of",
    "kinds_of_document",
    "kinds_of_test",
]


def explain(content: Content, language: str) -> str:
    """Say what is required, of whom, who is spared, what it costs and what follows: one sentence in `language`.

    A language without a catalogue gives English. The side effect stands as its author wrote it.
    """
    with override(language):
        content = closing_apart(content)
        parts = [_demand(content)]
        if content.exempt is not None:
            parts.append(_spared(content.exempt, is_closed=_is_closed(content)))
        if content.price is not None:
            parts.append(_("price: %(price)s") % {"price": describe_price(content.price)})
        if content.side_effect:
            parts.append(_("afterwards: %(text)s") % {"text": content.side_effect.rstrip(".")})
        return "; ".join(parts) + "."


def _is_closed(content: Content) -> bool:
    return canonical(content.rule) == Closed()


def _spared(exempt: Rule, *, is_closed: bool) -> str:
    words = {"people": describe_people(exempt)}
    return _("may cross all the same: %(people)s") % words if is_closed else _("not asked of: %(people)s") % words


def _demand(content: Content) -> str:
    people = None if content.applies is None else describe_people(content.applies)
    if _is_closed(content):
        if people is not None:
            return _("Closed to: %(people)s") % {"people": people}
        return _("Closed: nobody may cross") if content.exempt is None else pgettext("rule", "Closed")
    if content.rule == NOTHING:
        return _("Nothing is asked")
    rule = demand(content.rule)
    if people is None:
        return _("Required of everyone: %(rule)s") % {"rule": rule}
    return _("Required of %(people)s: %(rule)s") % {"people": people, "rule": rule}


def describe(rule: Rule) -> str:
    """Say one tree as a phrase in the active language; groups inside groups stand in brackets.

    Where one way of several is to be somebody ("a test, or being under 5"), it is said as who is spared. Conditions of
    people that hold together are one sort of people, never two: "children under 12 if they are also nationals of …".
    """
    return _phrase(canonical(rule))


def describe_people(rule: Rule) -> str:
    """Say a tree as the people whom it means, also where it asks for something: whoever is vaccinated may be spared a test."""
    return describe(rule) if says_who(rule) else _("people of whom this holds (%(what)s)") % {"what": describe(rule)}


def demand(rule: Rule) -> str:
    """Say a tree as what is asked: where it only says who somebody is, as being one of those."""
    return _being(rule) if says_who(rule) and rule != NOTHING else describe(rule)


def _being(people: Rule) -> str:
    return _("being one of: %(people)s") % {"people": describe(people)}


def describe_price(price: Price) -> str:
    """Say a price: "20 USD per person"."""
    return f"{price.amount} {price.currency} {PricePer(price.per).label}"


def _phrase(rule: Rule) -> str:
    match rule:
        case All(parts):
            return who_are_also(map(_inside, parts)) if parts and says_who(rule) else together(_asked_together(parts))
        case AnyOf(parts):
            return _sparing(rule) or either(map(_inside, parts))
        case Not(part):
            return negated(part)  # type: ignore[arg-type]  # a canonical rule has only leaves below a not
        case _:
            return plain(rule)


def _inside(part: Rule) -> str:
    """Say a part of a longer phrase; in brackets where its own joints would be read as those of the whole."""
    text = _phrase(part)
    match part:
        case AnyOf() if _sparing(part):
            return text
        case All() | AnyOf():
            return f"({text})"
        case Age() | Passage() | NegativeTest() | Not(NegativeTest()) | Window(days=()):
            return text
        case NationalityIn((_one,)) | ResidenceIn((_one,)) | PurposeIn((_one,)) | NamedGroup((_one,)):
            return text
        case Not(NationalityIn((_one,)) | ResidenceIn((_one,)) | PurposeIn((_one,)) | NamedGroup((_one,))):
            return text
        case _:
            return bracketed(text)


def _asked_together(parts: tuple[Rule, ...]) -> Iterator[str]:
    """Say each part, those that only say who somebody is as one at the end."""
    yield from (_inside(part) for part in parts if not says_who(part))
    if people := [part for part in parts if says_who(part)]:
        yield _being(people[0] if len(people) == 1 else All(tuple(people)))


def _sparing(rule: AnyOf) -> str:
    """Say what is asked and, in brackets, of whom it is not; empty where the parts are all of one sort."""
    asked = [part for part in rule.parts if not says_who(part)]
    spared = [part for part in rule.parts if says_who(part)]
    if not asked or not spared:
        return ""
    words = {"people": _phrase(spared[0]) if len(spared) == 1 else either(map(_inside, spared))}
    if asked == [Closed()]:
        return _("closed (may cross all the same: %(people)s)") % words
    words["rule"] = _as_one(asked)
    return _("%(rule)s (not asked of: %(people)s)") % words


def _as_one(asked: list[Rule]) -> str:
    """Say one condition as it is, and several in brackets, so that what follows belongs to all of them."""
    whole = asked[0] if len(asked) == 1 else AnyOf(tuple(asked))
    return _inside(whole) if isinstance(whole, All | AnyOf) else _phrase(whole)
