"""Ask for money, write down who promised it, and say what is still open. Each pledge keeps its own currency and rate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from django.db import transaction
from django.db.models import Sum
from django.db.models.expressions import F
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from corridors.models import RequirementVersion
from migrants.models import TravelGroup
from partners.models import Organisation
from returns.enums import NeedKind
from returns.models import Need, Pledge
from returns.standards import UNIT_OF

CENT = Decimal("0.01")
CURRENCIES = ("USD", "EUR", "CHF", "KZT", "UZS", "TJS", "KGS", "RUB", "NOK", "GBP")
"""Currencies in which needs are asked and pledges are made here (ISO 4217)."""
HIGHEST_AMOUNT = Decimal(1_000_000_000)


class FundingError(RefusalError):
    """A need or pledge that cannot be written down. `field` names what to mend, the text how."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What a need costs, what is promised, and what is still open, all in the currency of the need."""

    needed: Decimal
    pledged: Decimal
    currency: str

    @property
    def open(self) -> Decimal:
        return max(self.needed - self.pledged, Decimal(0))

    @property
    def surplus(self) -> Decimal:
        return max(self.pledged - self.needed, Decimal(0))

    @property
    def is_covered(self) -> bool:
        return self.pledged >= self.needed


@transaction.atomic
def ask(
    *,
    group: TravelGroup,
    kind: str,
    quantity: int,
    unit_price: Decimal,
    currency: str,
    requirement_version: RequirementVersion | None = None,
    by: Actor,
    at: datetime,
) -> Need:
    """Ask for so many of something at a price each. Raises FundingError.

    For one requirement a group asks once, whatever its version: a rule that comes in writing is not paid twice. Asking
    again gives the need that stands, with the figures of now while nobody has pledged anything for it.
    """
    _refuse_money(unit_price, currency, field="unit_price")
    if quantity < 1:
        raise FundingError("quantity", _("Nothing is needed; ask for at least one."))
    if kind not in NeedKind.values:
        raise FundingError("kind", _("Say what is needed: choose one of the kinds."))
    TravelGroup.objects.select_for_update().get(pk=group.pk)
    standing = _standing(group, requirement_version)
    if standing is not None:
        return _brought_up_to_date(standing, quantity, unit_price, currency, by=by, at=at)
    need = Need.objects.create(
        group=group,
        mission_id=group.mission_id,
        kind=kind,
        quantity=quantity,
        unit=UNIT_OF[kind],
        unit_price=unit_price,
        currency=currency,
        requirement_version=requirement_version,
        asked_at=at,
        by=by,
    )
    audit.record("money asked for", need, by=by, at=at)
    return need


def _standing(group: TravelGroup, version: RequirementVersion | None) -> Need | None:
    if version is None:
        return None
    asked = Need.objects.filter(group=group, closed_at__isnull=True, unit_price__gt=0)
    return asked.filter(requirement_version__requirement=version.requirement_id).order_by("pk").first()


def _brought_up_to_date(
    need: Need, quantity: int, unit_price: Decimal, currency: str, *, by: Actor, at: datetime
) -> Need:
    asked = (need.quantity, need.unit_price, need.currency)
    if asked == (quantity, unit_price, currency) or need.pledges.exists():
        return need
    need.quantity, need.unit_price, need.currency = quantity, unit_price, currency
    need.save(update_fields=["quantity", "unit_price", "currency"])
    audit.record("need corrected", need, by=by, at=at)
    return need


@transaction.atomic
def pledge(
    *,
    need: Need,
    donor: Organisation,
    amount: Decimal,
    currency: str,
    rate: Decimal = Decimal(1),
    pledged_on: date,
    correspondence: str = "",
    by: Actor,
    at: datetime,
) -> Pledge:
    """Write down a promise in the donor's own currency. `rate` turns it into the need's: amount × rate. Raises FundingError."""
    _refuse_money(amount, currency, field="amount")
    if amount <= 0:
        raise FundingError("amount", _("A pledge is more than zero."))
    _refuse_rate(rate, currency, into=need.currency)
    if pledged_on > at.date():
        raise FundingError("pledged_on", _("That day is still to come; give the day on which it was promised."))
    if need.closed_at is not None:
        raise FundingError("need", _("This need is closed; ask anew first."))
    promised = Pledge.objects.create(
        need=need,
        mission_id=need.mission_id,
        donor=donor,
        amount=amount,
        currency=currency,
        rate=rate,
        pledged_on=pledged_on,
        correspondence=correspondence.strip() or None,
        recorded_at=at,
        by=by,
    )
    audit.record("pledge recorded", promised, by=by, at=at)
    return promised


def _refuse_rate(rate: Decimal, currency: str, *, into: str) -> None:
    if currency == into and rate != 1:
        raise FundingError("rate", _("Both are in %(currency)s, so the rate is 1.") % {"currency": currency})
    if rate <= 0:
        words = _("The rate is more than zero: what one %(currency)s is worth.")
        raise FundingError("rate", words % {"currency": currency})
    if currency != into and rate == 1:
        words = _("Give the rate of that day: how many %(need)s one %(pledge)s is worth.")
        raise FundingError("rate", words % {"need": into, "pledge": currency})


def _refuse_money(amount: Decimal, currency: str, *, field: str) -> None:
    if currency not in CURRENCIES:
        raise FundingError("currency", _("Choose one of: %(currencies)s.") % {"currencies": ", ".join(CURRENCIES)})
    if not 0 <= amount <= HIGHEST_AMOUNT or amount != amount.quantize(CENT):
        raise FundingError(field, _("Give an amount with at most two decimals, such as 20 or 20.50."))


@transaction.atomic
def close(*, need: Need, why: str, by: Actor, at: datetime) -> Need:
    """Close a need: it is met, or no longer wanted. Raises FundingError without a reason."""
    if not why.strip():
        raise FundingError("why", _("Say why the need is closed."))
    if need.closed_at is None:
        need.closed_at = at
        need.save(update_fields=["closed_at"])
        audit.record("need closed", need, by=by, at=at, why=why)
    return need


def gap(need: Need) -> Gap:
    """Give what of a need is still open."""
    return gaps([need])[need.pk]


def gaps(needs: Iterable[Need]) -> dict[int, Gap]:
    """The same for many needs (by key); one query."""
    listed = list(needs)
    promised = dict(
        Pledge.objects.filter(need__in=listed)
        .values_list("need")
        .annotate(total=Sum(F("amount") * F("rate")))
        .order_by()
    )
    return {
        need.pk: Gap(
            needed=need.quantity * need.unit_price,
            pledged=(promised.get(need.pk) or Decimal(0)).quantize(CENT, rounding=ROUND_HALF_EVEN),
            currency=need.currency,
        )
        for need in listed
    }
