"""Read the JSON of a rule strictly: whatever is wrong is named by its path, with a sentence how to mend it."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from common.countries import is_nationality_code

from .kinds import DocumentKind, PricePer, TestKind
from .tree import (
    MAX_DEPTH,
    MAX_LEAVES,
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
    content_leaves,
    leaves,
    to_json,
)

LONGEST_TEST_AGE_HOURS = 720
LONGEST_REMAINING_DAYS = 3650
OLDEST_AGE = 120
LONGEST_SIDE_EFFECT = 300
HIGHEST_PRICE = Decimal(1_000_000)


class RuleError(ValueError):
    """A rule that cannot be read. `path` says where ("rule.any[1].test"), `sentence` what to do."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}")
        self.path = path
        self.sentence = sentence


def parse(value: Any, *, path: str = "rule") -> Rule:
    """Read one tree from its JSON value.

    Raises RuleError for an unknown condition, a value out of range, an empty group, more than 64 conditions
    or more than 8 levels.
    """
    rule = _node(value, path, depth=1)
    _refuse_too_many(sum(1 for _leaf in leaves(rule)), path)
    return rule


def parse_content(value: Any) -> Content:
    """Read what a version of a requirement says: applies, rule, exempt, price, side_effect.

    Raises RuleError. The 64 conditions count over all three trees together.
    """
    fields = _object(value, "content", known=("applies", "rule", "exempt", "price", "side_effect"))
    if fields.get("rule") is None:
        raise RuleError("rule", _("say what is required: a rule is missing"))
    content = Content(
        rule=NOTHING if fields["rule"] == to_json(NOTHING) else parse(fields["rule"], path="rule"),
        applies=_population(fields.get("applies"), "applies"),
        exempt=_population(fields.get("exempt"), "exempt"),
        price=_price(fields.get("price"), "price"),
        side_effect=_side_effect(fields.get("side_effect", ""), "side_effect"),
    )
    _refuse_too_many(sum(1 for _leaf in content_leaves(content)), "content")
    return content


def _refuse_too_many(count: int, path: str) -> None:
    if count > MAX_LEAVES:
        raise RuleError(
            path,
            _("%(count)d conditions are too many; %(most)d fit. Split the requirement into two.")
            % {"count": count, "most": MAX_LEAVES},
        )


def _population(value: Any, path: str) -> Rule | None:
    """Read who is asked or spared. A closed crossing is a rule, not a kind of people."""
    if value is None:
        return None
    rule = parse(value, path=path)
    if any(isinstance(leaf, Closed) for leaf in leaves(rule)):
        raise RuleError(path, _("“closed” belongs into the rule; here say which people are meant"))
    return rule


def _node(value: Any, path: str, *, depth: int) -> Rule:
    if depth > MAX_DEPTH:
        raise RuleError(path, _("nested too deep; use at most %(most)d levels") % {"most": MAX_DEPTH})
    if not isinstance(value, Mapping) or len(value) != 1:
        raise RuleError(
            path,
            _("give an object with exactly one of: %(names)s") % {"names": ", ".join(("all", "any", "not", *LEAVES))},
        )
    name, inner = next(iter(value.items()))
    here = f"{path}.{name}"
    if name in ("all", "any"):
        if not isinstance(inner, list) or not inner:
            raise RuleError(here, _("give a list with at least one condition"))
        parts = tuple(_node(part, f"{here}[{number}]", depth=depth + 1) for number, part in enumerate(inner))
        return All(parts) if name == "all" else AnyOf(parts)
    if name == "not":
        part = _node(inner, here, depth=depth + 1)
        if any(isinstance(leaf, Closed) for leaf in leaves(part)):
            raise RuleError(here, _("“closed” cannot be turned round; leave the condition out instead"))
        return Not(part)
    if name not in LEAVES:
        raise RuleError(
            path,
            _("“%(name)s” is not known; use one of: %(names)s")
            % {"name": str(name)[:40], "names": ", ".join(("all", "any", "not", *LEAVES))},
        )
    return LEAVES[name](inner, here)


def _test(value: Any, path: str) -> NegativeTest:
    fields = _object(value, path, known=("kinds", "result", "max_age_hours"))
    if fields.get("result", "negative") != "negative":
        raise RuleError(f"{path}.result", _("only “negative” can be asked for"))
    return NegativeTest(
        kinds=_kinds(fields.get("kinds"), f"{path}.kinds", TestKind.values),
        max_age_hours=_hours(fields.get("max_age_hours"), f"{path}.max_age_hours"),
    )


def _hours(value: Any, path: str) -> int:
    if not _is_whole(value, 1, LONGEST_TEST_AGE_HOURS):
        raise RuleError(path, _("give hours between 1 and %(most)d") % {"most": LONGEST_TEST_AGE_HOURS})
    return int(value)


def _document(value: Any, path: str) -> TravelDocument:
    fields = _object(value, path, known=("kinds", "min_remaining_days"))
    days = fields.get("min_remaining_days")
    if days is not None and not _is_whole(days, 0, LONGEST_REMAINING_DAYS):
        raise RuleError(
            f"{path}.min_remaining_days",
            _("give days between 0 and %(most)d, or leave it out") % {"most": LONGEST_REMAINING_DAYS},
        )
    return TravelDocument(_kinds(fields.get("kinds"), f"{path}.kinds", DocumentKind.values), days)


def _age(value: Any, path: str) -> Age:
    fields = _object(value, path, known=("from", "under"))
    for name, least in (("from", 0), ("under", 1)):
        years = fields.get(name)
        if years is not None and not _is_whole(years, least, OLDEST_AGE):
            raise RuleError(
                f"{path}.{name}",
                _("give whole years between %(least)d and %(most)d") % {"least": least, "most": OLDEST_AGE},
            )
    from_age, under = fields.get("from"), fields.get("under")
    if from_age is None and under is None:
        raise RuleError(path, _("give “from”, “under” or both"))
    if from_age is not None and under is not None and from_age >= under:
        raise RuleError(path, _("“from” must be lower than “under”"))
    return Age(from_age, under)


def _nationality(value: Any, path: str) -> NationalityIn:
    fields = _object(value, path, known=("in",))
    here = f"{path}.in"
    codes = fields.get("in")
    if not isinstance(codes, list) or not codes:
        raise RuleError(here, _("give a list with at least one country code, such as TJK"))
    for number, code in enumerate(codes):
        if not isinstance(code, str) or not is_nationality_code(code):
            raise RuleError(
                f"{here}[{number}]", _("“%(code)s” is not a country code of three letters") % {"code": str(code)[:20]}
            )
    _refuse_twice(codes, here)
    return NationalityIn(tuple(codes))


def _consent_form(value: Any, path: str) -> ConsentForm:
    _object(value, path, known=())
    return ConsentForm()


def _closed(value: Any, path: str) -> Closed:
    _object(value, path, known=())
    return Closed()


LEAVES: dict[str, Callable[[Any, str], Leaf]] = {
    "test": _test,
    "document": _document,
    "age": _age,
    "nationality": _nationality,
    "consent_form": _consent_form,
    "closed": _closed,
}


def _price(value: Any, path: str) -> Price | None:
    if value is None:
        return None
    fields = _object(value, path, known=("amount", "currency", "per"))
    amount, currency, per = fields.get("amount"), fields.get("currency"), fields.get("per", PricePer.PERSON.value)
    if not isinstance(currency, str) or not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise RuleError(f"{path}.currency", _("give the currency by its three letters, such as USD"))
    if per not in PricePer.values:
        raise RuleError(f"{path}.per", _("use one of: %(names)s") % {"names": ", ".join(PricePer.values)})
    return Price(_amount(amount, f"{path}.amount"), currency, per)


def _amount(value: Any, path: str) -> Decimal:
    """Read an amount from text; a JSON float would already have lost its cents."""
    sentence = _('give the amount as text, such as "20" or "12.50", above 0 and at most 1,000,000')
    if not isinstance(value, str):
        raise RuleError(path, sentence)
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise RuleError(path, sentence) from None
    if not amount.is_finite() or not 0 < amount <= HIGHEST_PRICE or -amount.as_tuple().exponent > 2:  # type: ignore[operator]
        raise RuleError(path, sentence)
    return amount


def _side_effect(value: Any, path: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_SIDE_EFFECT or not (value.isprintable()):
        raise RuleError(path, _("give one line of text of at most %(most)d letters") % {"most": LONGEST_SIDE_EFFECT})
    return value.strip()


def _object(value: Any, path: str, *, known: tuple[str, ...]) -> Mapping[str, Any]:
    """Give `value` if it is an object that has only known names."""
    if not isinstance(value, Mapping):
        raise RuleError(path, _("give an object, not %(kind)s") % {"kind": type(value).__name__})
    for name in value:
        if name not in known:
            raise RuleError(
                f"{path}.{str(name)[:40]}",
                _("is not known here; use: %(names)s") % {"names": ", ".join(known)}
                if known
                else _("is not known here; give an empty object"),
            )
    return value


def _kinds(value: Any, path: str, known: list[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or any(kind not in known for kind in value):
        raise RuleError(path, _("give a list with one or more of: %(names)s") % {"names": ", ".join(known)})
    _refuse_twice(value, path)
    return tuple(value)


def _refuse_twice(values: list[str], path: str) -> None:
    if len(set(values)) != len(values):
        raise RuleError(path, _("name each only once"))


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
