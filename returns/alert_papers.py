"""Who knew when, as a file: CSV or a paper. Institutions and hours, with who acknowledged: proof for whoever asks for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.actors import Actor
from common.sheets import Cell, write_csv
from migrants import exports
from migrants.enums import ExportKind
from migrants.exports import Made, Mark
from notifications import messages
from notifications.enums import AnsweredBy
from notifications.hours import local_times
from notifications.models import Alert
from notifications.named import full_name
from notifications.proof import Figures, Knew, figures_of, who_knew_when
from returns.printing import printed

KINDS = ("csv", "pdf")


def proof_file(alert: Alert, *, kind: str, by: Actor, at: datetime) -> Made:
    """Export who knew of `alert` when, as one of `KINDS`. Nobody of those who travel stands in it."""
    rows, zones = who_knew_when(alert), messages.zones_of(alert)

    def make(mark: Mark) -> bytes:
        if kind == "csv":
            return write_csv([*_head(alert, rows, zones, mark), _columns(zones), *_rows(rows, zones)])
        paper = json.dumps(_paper(alert, rows, zones, mark), ensure_ascii=False)
        return printed("who_knew_when.typ", {"paper": paper}, at=at)

    return exports.export(
        kind=ExportKind.WHO_KNEW_WHEN,
        title=f"who knew when, notice {alert.number}, {kind}",
        purpose=_("proof of who was told when"),
        make=make,
        by=by,
        at=at,
    )


_HOURS: tuple[tuple[Callable[[], str], Callable[[Knew], datetime | None]], ...] = (
    (lambda: _("queued"), lambda row: row.queued_at),
    (lambda: _("handed over"), lambda row: row.handed_over_at),
    (lambda: _("delivered"), lambda row: row.delivered_at),
    (lambda: _("acknowledged"), lambda row: row.acknowledgement.at if row.acknowledgement else None),
    (
        lambda: _("action confirmed"),
        lambda row: row.acknowledgement.action_confirmed_at if row.acknowledgement else None,
    ),
)


def _said(alert: Alert, rows: list[Knew], zones: list[str]) -> list[str]:
    figures: Figures = figures_of(rows, alert)
    counted = _("%(acknowledged)d of %(total)d acknowledged, %(acted)d confirmed their action")
    return [
        _("Notice %(number)d: %(subject)s")
        % {"number": alert.number, "subject": messages.subject_of(alert, get_language() or "en")},
        _("Sent %(hour)s") % {"hour": local_times(alert.raised_at, zones)},
        counted % {"acknowledged": figures.acknowledged, "total": figures.total, "acted": figures.acted},
    ]


def _head(alert: Alert, rows: list[Knew], zones: list[str], mark: Mark) -> list[list[Cell]]:
    return [[line] for line in (*_said(alert, rows, zones), str(mark))]


def _columns(zones: list[str]) -> list[Cell]:
    hours = [f"{words()} ({zone})" for words, _hour in _HOURS for zone in zones]
    return [
        _("organisation"),
        _("state"),
        *hours,
        _("who acknowledged"),
        _("how"),
        _("contradicted"),
        _("written down"),
    ]


def _rows(rows: list[Knew], zones: list[str]) -> Iterator[list[Cell]]:
    for row in rows:
        hours = [_written(hour(row), zone) for _words, hour in _HOURS for zone in zones]
        yield [
            full_name(row.notice.organisation),
            row.notice.get_state_display(),
            *hours,
            *_answer(row),
            _written_down(row, zones),
        ]


def _written(at: datetime | None, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds") if at else ""


def _answer(row: Knew) -> list[str]:
    answer = row.acknowledgement
    who = f"{answer.name}, {answer.function}" if answer else ""
    how = str(AnsweredBy(answer.answered_by).label) if answer else ""
    return [who, how, _("yes") if row.objections else ""]


def _written_down(row: Knew, zones: list[str]) -> str:
    """When an answer was written down that had been given before: by phone, by letter."""
    answer = row.acknowledgement
    if answer is None or answer.recorded_at in (None, answer.at):
        return ""
    return local_times(answer.recorded_at, zones)


def _paper(alert: Alert, rows: list[Knew], zones: list[str], mark: Mark) -> dict[str, Any]:
    title, *lines = _said(alert, rows, zones)
    return {
        "language": (get_language() or "en")[:2],
        "title": title,
        "lines": lines,
        "columns": [_("organisation"), *(words() for words, _hour in _HOURS), _("who acknowledged")],
        "rows": [
            [
                full_name(row.notice.organisation),
                *("\n".join(_short(hour(row), zone) for zone in zones) for _words, hour in _HOURS),
                " · ".join(filter(None, _of_answer(row, zones))) or str(row.notice.get_state_display()),
            ]
            for row in rows
        ],
        "zones": _("Hours below each other: %(zones)s") % {"zones": ", ".join(zones)},
        "mark": str(mark),
        "number": mark.number,
    }


def _of_answer(row: Knew, zones: list[str]) -> list[str]:
    later = _written_down(row, zones)
    return [*_answer(row)[:2], _("written down %(hour)s") % {"hour": later} if later else ""]


def _short(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%d.%m. %H:%M:%S}" if at else "–"
