"""Read each kind of condition from its JSON, strictly."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import is_currency
from django.utils.translation import gettext as _

from .kinds import WEEK, DocumentKind, EscortKind, PassageWay, PermitKind, PurposeKind, TestKind, VaccineKind
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
from .reading import RuleError, countries_of, is_whole, object_of, one_line, whole_of, word_of, words_of

LONGEST_TEST_AGE_HOURS = 720
LONGEST_REMAINING_DAYS = 3650
OLDEST_AGE = 120
MOST_DOSES = 9
LONGEST_QUARANTINE_DAYS = 90
LARGEST_QUOTA = 100_000
LONGEST_TITLE = 80
LONGEST_GROUP_CODE = 20
HIGHEST_PRICE = Decimal(1_000_000)
HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def _test(value: Any, path: str) -> NegativeTest:
    fields = object_of(value, path, known=("kinds", "result", "max_age_hours"))
    if fields.get("result", "negative") != "negative":
        raise RuleError(f"{path}.result", _("only “negative” can be asked for"))
    kinds = words_of(fields.get("kinds"), f"{path}.kinds", TestKind.values)
    hours: Any = fields.get("max_age_hours")
    if not is_whole(hours, 1, LONGEST_TEST_AGE_HOURS):
        raise RuleError(
            f"{path}.max_age_hours", _("give hours between 1 and %(most)d") % {"most": LONGEST_TEST_AGE_HOURS}
        )
    return NegativeTest(kinds, hours)


def _vaccination(value: Any, path: str) -> Vaccination:
    fields = object_of(value, path, known=("kinds", "doses", "min_days", "max_days"))
    kinds = words_of(fields.get("kinds"), f"{path}.kinds", VaccineKind.values)
    doses = whole_of(fields.get("doses", 1), f"{path}.doses", least=1, most=MOST_DOSES)
    first = _days_or_none(fields.get("min_days"), f"{path}.min_days")
    last = _days_or_none(fields.get("max_days"), f"{path}.max_days")
    if first is not None and last is not None and first > last:
        raise RuleError(path, _("“min_days” must not be higher than “max_days”"))
    return Vaccination(kinds, doses, first, last)


def _document(value: Any, path: str) -> TravelDocument:
    fields = object_of(value, path, known=("kinds", "min_remaining_days"))
    days = _days_or_none(fields.get("min_remaining_days"), f"{path}.min_remaining_days")
    return TravelDocument(words_of(fields.get("kinds"), f"{path}.kinds", DocumentKind.values), days)


def _days_or_none(value: Any, path: str) -> int | None:
    if value is not None and not is_whole(value, 0, LONGEST_REMAINING_DAYS):
        raise RuleError(path, _("give days between 0 and %(most)d, or leave it out") % {"most": LONGEST_REMAINING_DAYS})
    return None if value is None else int(value)


def _permit(value: Any, path: str) -> Permit:
    fields = object_of(value, path, known=("kinds", "issued_by"))
    kinds = words_of(fields.get("kinds"), f"{path}.kinds", PermitKind.values)
    return Permit(kinds, _issuers(fields.get("issued_by"), f"{path}.issued_by"))


def _guarantee_letter(value: Any, path: str) -> GuaranteeLetter:
    fields = object_of(value, path, known=("issued_by",))
    return GuaranteeLetter(_issuers(fields.get("issued_by"), f"{path}.issued_by"))


def _issuers(value: Any, path: str) -> tuple[str, ...]:
    return () if value is None else countries_of(value, path)


def _registration_form(value: Any, path: str) -> RegistrationForm:
    fields = object_of(value, path, known=("name",))
    return RegistrationForm(one_line(fields.get("name"), f"{path}.name", most=LONGEST_TITLE))


def _payment(value: Any, path: str) -> Payment:
    fields = object_of(value, path, known=("for", "amount", "currency"))
    return Payment(
        title=one_line(fields.get("for"), f"{path}.for", most=LONGEST_TITLE),
        amount=read_amount(fields.get("amount"), f"{path}.amount"),
        currency=read_currency(fields.get("currency"), f"{path}.currency"),
    )


def _quarantine(value: Any, path: str) -> Quarantine:
    fields = object_of(value, path, known=("days",))
    return Quarantine(whole_of(fields.get("days"), f"{path}.days", least=1, most=LONGEST_QUARANTINE_DAYS))


def _quota(value: Any, path: str) -> Quota:
    per_day = object_of(value, path, known=("per_day",)).get("per_day")
    return Quota(None if per_day is None else whole_of(per_day, f"{path}.per_day", least=1, most=LARGEST_QUOTA))


def _window(value: Any, path: str) -> Window:
    fields = object_of(value, path, known=("days", "from", "until"))
    days = () if fields.get("days") is None else words_of(fields["days"], f"{path}.days", WEEK)
    if len(days) == len(WEEK):
        raise RuleError(f"{path}.days", _("all seven days are every day: leave the days out"))
    opens, closes = fields.get("from"), fields.get("until")
    for name, hour in (("from", opens), ("until", closes)):
        if hour is not None and not (isinstance(hour, str) and HOUR.fullmatch(hour)):
            raise RuleError(f"{path}.{name}", _("give an hour of the day as the clock shows it, such as 08:00"))
    if (opens is None) != (closes is None):
        raise RuleError(path, _("give both hours, or none"))
    if opens is not None and opens == closes:
        raise RuleError(path, _("the two hours are the same; leave them out for the whole day"))
    if not days and opens is None:
        raise RuleError(path, _("say on which days, or between which hours"))
    return Window(days, opens, closes)


def _escort(value: Any, path: str) -> Escort:
    fields = object_of(value, path, known=("kinds",))
    return Escort(words_of(fields.get("kinds"), f"{path}.kinds", EscortKind.values))


def _age(value: Any, path: str) -> Age:
    fields = object_of(value, path, known=("from", "under"))
    for name, least in (("from", 0), ("under", 1)):
        years = fields.get(name)
        if years is not None and not is_whole(years, least, OLDEST_AGE):
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
    return NationalityIn(countries_of(object_of(value, path, known=("in",)).get("in"), f"{path}.in"))


def _residence(value: Any, path: str) -> ResidenceIn:
    return ResidenceIn(countries_of(object_of(value, path, known=("in",)).get("in"), f"{path}.in"))


def _purpose(value: Any, path: str) -> PurposeIn:
    return PurposeIn(words_of(object_of(value, path, known=("in",)).get("in"), f"{path}.in", PurposeKind.values))


def _passage(value: Any, path: str) -> Passage:
    return Passage(word_of(object_of(value, path, known=("as",)).get("as"), f"{path}.as", PassageWay.values))


def _group(value: Any, path: str) -> NamedGroup:
    codes = object_of(value, path, known=("in",)).get("in")
    if not isinstance(codes, list) or not codes:
        raise RuleError(f"{path}.in", _("give a list with at least one code of a group"))
    read = [one_line(code, f"{path}.in[{n}]", most=LONGEST_GROUP_CODE) for n, code in enumerate(codes)]
    return NamedGroup(words_of(read, f"{path}.in", read))


def _consent_form(value: Any, path: str) -> ConsentForm:
    object_of(value, path, known=())
    return ConsentForm()


def _closed(value: Any, path: str) -> Closed:
    object_of(value, path, known=())
    return Closed()


LEAVES: dict[str, Callable[[Any, str], Leaf]] = {
    "test": _test,
    "vaccination": _vaccination,
    "document": _document,
    "permit": _permit,
    "guarantee_letter": _guarantee_letter,
    "registration_form": _registration_form,
    "payment": _payment,
    "quarantine": _quarantine,
    "quota": _quota,
    "window": _window,
    "escort": _escort,
    "age": _age,
    "nationality": _nationality,
    "residence": _residence,
    "purpose": _purpose,
    "passage": _passage,
    "group": _group,
    "consent_form": _consent_form,
    "closed": _closed,
}


def read_currency(value: Any, path: str) -> str:
    """Read a currency by its three letters."""
    if not isinstance(value, str) or not is_currency(value):
        raise RuleError(path, _("give the currency by its three letters, such as USD"))
    return value


def read_amount(value: Any, path: str) -> Decimal:
    """Read an amount from text; a JSON float would already have lost its cents."""
    sentence = _(
        'give the amount as text, such as "20" or "12.50", above 0 and at most 1,000,000, with two decimals at most'
    )
    if not isinstance(value, str):
        raise RuleError(path, sentence)
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise RuleError(path, sentence) from None
    if not amount.is_finite() or not 0 < amount <= HIGHEST_PRICE or -amount.as_tuple().exponent > 2:  # type: ignore[operator]
        raise RuleError(path, sentence)
    return amount
