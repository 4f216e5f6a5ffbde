"""The shopping list as a file: XLSX, CSV, or a paper. Counts alone, or case numbers for a laboratory; never a name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from common.actors import Actor
from common.sheets import Cell, write_csv, write_xlsx
from migrants import exports
from migrants.enums import ExportKind
from migrants.exports import Made, Mark
from migrants.models import TravelGroup
from notifications.hours import local_times
from returns.printing import printed
from returns.shopping import ShoppingList

KINDS = ("csv", "xlsx", "pdf")
REASONS = {
    "missing": gettext_lazy("missing"),
    "runs_out": gettext_lazy("runs out first"),
    "unregistered": gettext_lazy("not registered"),
}


def shopping_file(
    group: TravelGroup, listed: ShoppingList, *, kind: str, zones: list[str], by: Actor, at: datetime
) -> Made:
    """Export the list as one of `KINDS`; whoever's case number stands on it leaves an access row."""

    def make(mark: Mark) -> bytes:
        if kind == "pdf":
            paper = json.dumps(_paper(group, listed, mark, zones), ensure_ascii=False)
            return printed("shopping.typ", {"paper": paper}, at=at)
        rows = list(_rows(group, listed, mark, zones))
        if kind == "csv":
            return write_csv(rows)
        below = len(_head(group, listed, mark, zones)) + 1
        return write_xlsx(rows, name=f"shopping-{group.code}", heading_row=below, mark=str(mark))

    return exports.export(
        kind=ExportKind.SHOPPING_LIST,
        title=f"shopping list {group.code}, {kind}",
        purpose=_("what is to be bought"),
        recipient_name=listed.pace.laboratory if listed.pace else "",
        people=listed.people,
        make=make,
        by=by,
        at=at,
    )


def sentences(listed: ShoppingList, zones: list[str]) -> list[str]:
    """Say the whole in few lines: how many are ready, what it costs, and by when samples must be taken."""
    said = [_("%(ready)d of %(total)d ready") % {"ready": listed.ready, "total": listed.total}]
    if listed.totals:
        sums = ", ".join(f"{floatformat(amount, '-2g')} {currency}" for currency, amount in listed.totals.items())
        said.append(_("cost to fix: %(sums)s") % {"sums": sums})
    sampling = listed.sampling
    if sampling is None:
        return said
    said.append(ngettext("%(n)d test to be taken", "%(n)d tests to be taken", sampling.tests) % {"n": sampling.tests})
    if sampling.not_before:
        said.append(_("a sample counts from %(hour)s") % {"hour": local_times(sampling.not_before, zones)})
    if listed.pace:
        said.append(
            _("%(laboratory)s does %(n)d an hour") % {"laboratory": listed.pace.laboratory, "n": listed.pace.an_hour}
        )
    if sampling.start_by:
        said.append(_("latest start of sampling %(hour)s") % {"hour": local_times(sampling.start_by, zones)})
    if sampling.is_short:
        said.append(_("only %(n)d can still be tested in time") % {"n": sampling.in_time or 0})
    return said


def _head(group: TravelGroup, listed: ShoppingList, mark: Mark, zones: list[str]) -> list[list[Cell]]:
    lines = [_("Shopping list, group %(code)s") % {"code": group.code}, *sentences(listed, zones), str(mark)]
    return [[line] for line in lines]


def _columns(listed: ShoppingList) -> list[str]:
    columns = [_("what"), _("why"), _("how many"), _("each"), _("amount"), _("currency")]
    return [*columns, _("case numbers")] if listed.people else columns


def _rows(group: TravelGroup, listed: ShoppingList, mark: Mark, zones: list[str]) -> Iterable[list[Cell]]:
    yield from _head(group, listed, mark, zones)
    yield list(_columns(listed))
    for item in listed.items:
        line = item.line
        amounts: list[Cell] = [float(line.quantity), float(line.unit_price), float(line.amount), line.currency]
        numbers: list[Cell] = [" ".join(item.numbers)] if listed.people else []
        yield [item.what, str(REASONS.get(line.reason, line.reason)), *amounts, *numbers]
    for currency, amount in listed.totals.items():
        yield [_("together"), None, None, None, float(amount), currency]


def _paper(group: TravelGroup, listed: ShoppingList, mark: Mark, zones: list[str]) -> dict[str, Any]:
    head, *rest = [str(row[0]) for row in _head(group, listed, mark, zones)]
    rows = [
        [item.what, str(REASONS.get(item.line.reason, item.line.reason)), f"{item.line.quantity}",
         f"{item.line.unit_price.normalize():f}", f"{item.line.amount.normalize():f}", item.line.currency,
         *([" ".join(item.numbers)] if listed.people else [])]
        for item in listed.items
    ]  # fmt: skip
    sums = [f"{_('together')}: {amount.normalize():f} {currency}" for currency, amount in listed.totals.items()]
    return {
        "language": (get_language() or "en")[:2],
        "title": head,
        "lines": rest[:-1],
        "columns": _columns(listed),
        "rows": rows,
        "sums": sums,
        "mark": str(mark),
        "number": mark.number,
    }
