"""Say a rule in one sentence of the reader's language. Nothing is stored in words."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from .kinds import PricePer
from .leaf_wording import either, kinds_of, kinds_of_document, kinds_of_test, negated, plain, together
from .leaves import Closed
from .tree import NOTHING, All, AnyOf, Content, Not, Price, Rule, canonical, says_who

__all__ = ["describe", "describe_price", "either", "explain", "kinds_of", "kinds_of_document", "kinds_of_test"]


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
    """Say one tree as a phrase in the active language; groups inside groups stand in brackets.

    Where one way of several is to be somebody ("a test, or being under 5"), it is said as who is spared.
    """
    return _phrase(canonical(rule), inner=False)


def describe_price(price: Price) -> str:
    """Say a price: "20 USD per person"."""
    return f"{price.amount} {price.currency} {PricePer(price.per).label}"


def _phrase(rule: Rule, *, inner: bool) -> str:
    match rule:
        case All(parts) | AnyOf(parts):
            if isinstance(rule, AnyOf) and (said := _sparing(rule)):
                return said
            join = together if isinstance(rule, All) else either
            text = join(_phrase(part, inner=True) for part in parts)
            return f"({text})" if inner and len(parts) > 1 else text
        case Not(part):
            return negated(part)  # type: ignore[arg-type]  # a canonical rule has only leaves below a not
        case _:
            return plain(rule)


def _sparing(rule: AnyOf) -> str:
    """Say what is asked and, in brackets, of whom it is not; empty where the parts are all of one sort."""
    asked = [part for part in rule.parts if not says_who(part)]
    spared = [part for part in rule.parts if says_who(part)]
    if not asked or not spared:
        return ""
    demand = asked[0] if len(asked) == 1 else AnyOf(tuple(asked))
    people = either(_phrase(part, inner=len(spared) > 1) for part in spared)
    return _("%(rule)s (not asked of: %(people)s)") % {"rule": _phrase(demand, inner=True), "people": people}
