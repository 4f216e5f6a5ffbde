"""The report as a file: PDF to read, JSON to carry away. Each is an export, with its mark, and leaves a look."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.actors import Actor
from common.audience import reaching_for
from migrants import exports
from migrants.enums import ExportKind
from migrants.exports import Made, Mark
from migrants.models import Migrant
from returns.printing import printed
from returns.subject_access.sections import report_of
from returns.subject_access.shapes import Section, Value

SOURCE = "subject_access.typ"
KINDS = ("pdf", "json")


@transaction.atomic
def export_report(
    *,
    person: Migrant,
    kind: str,
    language: str,
    purpose: str,
    with_protection: bool,
    zone: str,
    by: Actor,
    at: datetime,
) -> Made:
    """Export what is held about a person as `pdf` or `json`, in `language`, with hours in `zone`.

    Raises ExportError without a purpose, PaperError where it would print badly.
    """
    with override(language), reaching_for("subject access"):
        sections = report_of(person, with_protection=with_protection)

        def make(mark: Mark) -> bytes:
            if kind == "json":
                return _as_json(sections, person, mark)
            values = json.dumps(_paper(sections, mark, language, ZoneInfo(zone)), ensure_ascii=False)
            return printed(SOURCE, {"paper": values}, at=at)

        return exports.export(
            kind=ExportKind.SUBJECT_ACCESS,
            title=f"what is held, {kind}, {language}",
            purpose=purpose,
            recipient_name=_("the person whom it is about"),
            people=[person.public_id],
            make=make,
            by=by,
            at=at,
        )


def _as_json(sections: Sequence[Section], person: Migrant, mark: Mark) -> bytes:
    told: dict[str, Any] = {
        "about": person.number,
        "export": {
            "number": mark.number,
            "made_for": mark.made_for,
            "purpose": mark.purpose,
            "made_at": mark.made_at.isoformat(),
        },
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "note": section.note,
                "rows": [
                    {key: _plain(value) for (key, _words), value in zip(section.columns, row, strict=True)}
                    for row in section.rows
                ],
            }
            for section in sections
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _plain(value: Value) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value


def _paper(sections: Sequence[Section], mark: Mark, language: str, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "language": language,
        "title": _("What is held about you"),
        "lead": _("Everything that Homeward holds about you, who saw it, and who received it. It is yours to keep."),
        "number": mark.number,
        "made": _("Made on %(day)s, number %(number)s. All hours are those of %(zone)s.")
        % {"day": _words(mark.made_at, zone), "number": mark.number, "zone": zone.key},
        "nothing": _("Nothing."),
        "sections": [
            {
                "title": section.title,
                "note": section.note,
                "columns": [str(words) for _key, words in section.columns],
                "rows": [[_words(value, zone) for value in row] for row in section.rows],
            }
            for section in sections
        ],
    }


def _words(value: Value, zone: ZoneInfo) -> str:
    match value:
        case None | "":
            return "–"
        case datetime():
            return f"{value.astimezone(zone):%d.%m.%Y %H:%M}"
        case date():
            return f"{value:%d.%m.%Y}"
    return str(value)
