"""Ask for what a halt needs by head count, and write down what was given: how much, by whom, when."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.models import HeadCount, TravelGroup
from partners.models import Organisation
from returns.enums import NeedKind, Unit
from returns.models import AidItem, Need
from returns.standards import UNIT_OF

MOST = 1_000_000
OLDEST = timedelta(days=366)


class AssistanceError(RefusalError):
    """A need or an aid item that cannot be written down. `field` names what to mend, the text how."""


@dataclass(frozen=True, slots=True)
class Given:
    """What of a need was asked and given, both in its unit."""

    asked: int
    given: int

    @property
    def open(self) -> int:
        return max(self.asked - self.given, 0)

    @property
    def is_filled(self) -> bool:
        return self.given >= self.asked


@transaction.atomic
def ask_for_count(*, head_count: HeadCount, quantities: Mapping[str, int], by: Actor, at: datetime) -> list[Need]:
    """Ask in kind for what those who were counted need; `quantities` by kind, each in its unit. Raises AssistanceError.

    A kind that is asked for already is brought to the new quantity: a group grows, and nobody asks for the same twice.
    """
    if not quantities:
        raise AssistanceError("", _("Say of at least one thing how much is needed."))
    for kind, quantity in quantities.items():
        if kind not in NeedKind.values:
            raise AssistanceError("kind", _("Say what is needed: choose one of the kinds."))
        _refuse_quantity(quantity, field=kind)
    group = TravelGroup.objects.select_for_update().get(pk=head_count.group_id)
    if group.closed_at is not None:
        raise AssistanceError("", _("This group is closed; nobody waits there any more."))
    standing = {need.kind: need for need in open_in_kind(group)}
    return [
        _brought_to(standing[kind], quantity, head_count, by=by, at=at)
        if kind in standing
        else _asked(group, kind, quantity, head_count, by=by, at=at)
        for kind, quantity in quantities.items()
    ]


def open_in_kind(group: TravelGroup) -> list[Need]:
    """Give what a group needs in kind and is not closed, by kind."""
    rows = Need.objects.filter(group=group, closed_at__isnull=True, requirement_version__isnull=True, unit_price=0)
    return list(rows.order_by("kind", "pk"))


def _asked(group: TravelGroup, kind: str, quantity: int, head_count: HeadCount, *, by: Actor, at: datetime) -> Need:
    need = Need.objects.create(
        group=group,
        mission_id=group.mission_id,
        kind=kind,
        quantity=quantity,
        unit=UNIT_OF[kind],
        unit_price=Decimal(0),
        currency="USD",
        head_count=head_count,
        asked_at=at,
        by=by,
    )
    audit.record("asked in kind", need, by=by, at=at)
    return need


def _brought_to(need: Need, quantity: int, head_count: HeadCount, *, by: Actor, at: datetime) -> Need:
    if (need.quantity, need.head_count_id) != (quantity, head_count.pk):
        need.quantity, need.head_count = quantity, head_count
        need.save(update_fields=["quantity", "head_count"])
        audit.record("need corrected", need, by=by, at=at)
    return need


@transaction.atomic
def give(
    *,
    public_id: uuid.UUID | None = None,
    need: Need,
    giver: Organisation,
    quantity: int,
    unit: str,
    given_at: datetime,
    note: str = "",
    by: Actor,
    at: datetime,
) -> AidItem:
    """Write down that `giver` gave so much of what was needed. Raises AssistanceError.

    The same `public_id` again gives the stored item, so that a page sent twice is stored once.
    """
    _refuse_gift(need, quantity, unit, given_at, at=at)
    public_id = public_id or uuid.uuid4()
    try:
        with transaction.atomic():
            item = AidItem.objects.create(
                public_id=public_id,
                need=need,
                mission_id=need.mission_id,
                giver=giver,
                quantity=quantity,
                unit=unit,
                given_at=given_at,
                recorded_at=at,
                note=note.strip()[:200],
                by=by,
            )
    except IntegrityError:
        return _stored(public_id, need=need, giver=giver, quantity=quantity)
    audit.record("aid given", item, by=by, at=at)
    return item


def _refuse_gift(need: Need, quantity: int, unit: str, given_at: datetime, *, at: datetime) -> None:
    _refuse_quantity(quantity, field="quantity")
    if unit != need.unit:
        words = _("This need is counted in %(unit)s; give the quantity in the same.")
        raise AssistanceError("unit", words % {"unit": Unit(need.unit).label})
    if given_at > at:
        raise AssistanceError("given_at", _("That hour is still to come; give the hour at which it was handed out."))
    if given_at < at - OLDEST:
        raise AssistanceError("given_at", _("That is more than a year ago; check the date."))
    if need.closed_at is not None:
        raise AssistanceError("need", _("This need is closed; ask anew first."))


def _stored(public_id: uuid.UUID, *, need: Need, giver: Organisation, quantity: int) -> AidItem:
    """Give the item that was stored under this id if it says the same."""
    known = AidItem.objects.get(public_id=public_id)
    if (known.need_id, known.giver_id, known.quantity) != (need.pk, giver.pk, quantity):
        raise AssistanceError("", _("This was stored already with other content. Open the page again."))
    return known


def given_of(needs: Iterable[Need]) -> dict[int, Given]:
    """Give of each need, by its key, what was asked and given; one query."""
    listed = list(needs)
    sums = dict(AidItem.objects.filter(need__in=listed).values_list("need").annotate(total=Sum("quantity")).order_by())
    return {need.pk: Given(need.quantity, sums.get(need.pk) or 0) for need in listed}


def _refuse_quantity(quantity: int, *, field: str) -> None:
    if not 1 <= quantity <= MOST:
        raise AssistanceError(field, _("Give a quantity of at least 1 and at most 1,000,000."))
