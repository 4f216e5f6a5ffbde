"""The ledger as pages: every line with what holds now, and one line with its whole history and both clocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from common import clock
from corridors.enums import Certainty
from corridors.forms import FilterForm, KnownForm
from corridors.ledger import holding, ledger, sentence_of
from corridors.models import Attachment, BarrierReport, CrossingSide, Requirement, RequirementVersion
from corridors.places import find_crossings
from corridors.requirements import source_of
from corridors.views.paging import address, page_of
from corridors.ways import way_of_line
from notifications.messages import zones_of
from notifications.models import Alert
from notifications.proof import matrix_row, who_knew_when
from notifications.readers import alerts_for
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door

UNSURE = (Certainty.REPORTED, Certainty.CORROBORATED)


@require_GET
@door(Permission.SEE_REQUIREMENTS)
def requirement_list(request: SignedInRequest) -> HttpResponse:
    """Every published line, by crossing, with what it asks now and since when; keyset pages."""
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = (
        Requirement.objects.filter(versions__number=1)
        .distinct()
        .select_related("crossing")
        .prefetch_related("crossing__sides")
        .order_by(F("crossing__code").asc(nulls_last=True), "pk")
    )
    if wanted.get("q"):
        rows = rows.filter(_named(wanted["q"]))
    if wanted.get("subject"):
        rows = rows.filter(subject=wanted["subject"])
    if (last := _line_named(request.GET.get("after", ""))) is not None:
        rows = rows.filter(_after(last))
    page, has_more = page_of(rows)
    context = {
        "form": form,
        "lines": _lines(page, at=clock.now()),
        "next_url": address(**wanted, after=page[-1].public_id) if has_more else "",
        "is_filtered": any(wanted.values()),
        "may_publish": request.viewer.may(Permission.PUBLISH_REQUIREMENTS),
    }
    return render(request, "corridors/requirements.html", context, status=422 if form.errors else 200)


def _named(written: str) -> Q:
    """Lines of the crossings that `written` names, and those of every crossing which are asked there."""
    found = find_crossings(written)
    ends = CrossingSide.objects.filter(crossing__in=found).values("country")
    everywhere = Q(crossing__isnull=True) & (Q(from_country__in=ends) | Q(to_country__in=ends))
    return Q(crossing__in=found) | everywhere


def _after(last: Requirement) -> Q:
    """What stands behind `last`: by crossing, those of every crossing at the end."""
    if last.crossing is None:
        return Q(crossing__isnull=True, pk__gt=last.pk)
    later = Q(crossing__code__gt=last.crossing.code) | Q(crossing=last.crossing, pk__gt=last.pk)
    return later | Q(crossing__isnull=True)


def _line_named(public_id: str) -> Requirement | None:
    try:
        return Requirement.objects.select_related("crossing").filter(public_id=UUID(public_id)).first()
    except ValueError:
        return None


def _lines(page: Iterable[Requirement], *, at: datetime) -> list[dict[str, Any]]:
    """Each line with the version that holds at `at` and the next one that is known already; one query."""
    rows = list(page)
    believed: dict[int, list[RequirementVersion]] = {row.pk: [] for row in rows}
    for version in RequirementVersion.objects.filter(requirement__in=rows, known__contains=at).order_by("applies"):
        believed[version.requirement_id].append(version)
    return [_line(row, believed[row.pk], at) for row in rows]


def _line(row: Requirement, versions: list[RequirementVersion], at: datetime) -> dict[str, Any]:
    holds = next((version for version in versions if at in version.applies), None)
    ahead = next((version for version in versions if version.applies.lower and version.applies.lower > at), None)
    way = way_of_line(row)
    shown = holds or ahead
    return {
        "row": row,
        "way": way.meant_in(shown.zone) if shown else way,
        "holds": None if holds is None or holds.certainty == Certainty.WITHDRAWN else holds,
        "withdrawn": holds is not None and holds.certainty == Certainty.WITHDRAWN,
        "sentence": "" if holds is None else sentence_of(holds),
        "ahead": ahead,
    }


@require_GET
@door(Permission.SEE_REQUIREMENTS)
def requirement(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One line: what is asked now, the answer to "what did we know?", and every version with author and hours."""
    line = get_object_or_404(
        Requirement.objects.select_related("crossing").prefetch_related("crossing__sides"), public_id=public_id
    )
    at = clock.now()
    way = way_of_line(line)
    entries = ledger(line)
    attached = _attached(line)
    words = _words(line) if request.viewer.may(Permission.SEE_GROUPS) else {}
    alerts = _alerts(entries) if request.viewer.may(Permission.SEE_NOTICES) else {}
    zones = _zones(way.zones, entries)
    asks = "day" in request.GET
    form = KnownForm(request.GET if asks else None, zones=zones, at=at)
    moments = (form.asked_at(), form.known_at()) if asks and form.is_valid() else None
    context = {
        "line": line,
        "way": way,
        "zones": zones,
        "at": at,
        "holds": _asked(line, at=at, known_at=at),
        "entries": [
            (entry, alerts.get(entry.number), attached[entry.number], words.get(entry.number, []))
            for entry in reversed(entries)
        ],
        "form": form,
        "moments": moments,
        "known": None if moments is None else _asked(line, at=moments[0], known_at=moments[1]),
        "newest": _who_knew(request.viewer, alerts.get(entries[-1].number) if entries else None, at=at),
        "may_publish": request.viewer.may(Permission.PUBLISH_REQUIREMENTS),
        "may_become_surer": bool(entries) and entries[-1].version.certainty in UNSURE,
    }
    return render(request, "corridors/requirement.html", context, status=422 if form.errors else 200)


def _zones(zones: list[str], entries: list[Any]) -> list[str]:
    """Both sides' zones, the one in which the line's hours are meant first."""
    meant = [entries[-1].version.zone] if entries else []
    return list(dict.fromkeys([*meant, *zones]))


def _asked(line: Requirement, *, at: datetime, known_at: datetime) -> dict[str, Any] | None:
    """What this line asks at `at` as known at `known_at`; None where it asks nothing."""
    version = holding(line, at=at, known_at=known_at)
    return None if version is None else {"version": version, "sentence": sentence_of(version)}


def _attached(line: Requirement) -> dict[int, list[Attachment]]:
    """The pictures of the papers behind each version, by its number."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    rows = Attachment.objects.filter(version__requirement=line).select_related("version").defer("content")
    for row in rows:
        found[row.version.number].append(row)
    return found


def _words(line: Requirement) -> dict[int, list[BarrierReport]]:
    """The words from a barrier with which each version began, by its number."""
    found: dict[int, list[BarrierReport]] = defaultdict(list)
    rows = BarrierReport.objects.filter(draft__published_version__requirement=line).defer("photograph")
    for row in rows.select_related("draft__published_version"):
        if row.draft and row.draft.published_version:
            found[row.draft.published_version.number].append(row)
    return found


def _alerts(entries: list[Any]) -> dict[int, Alert]:
    """The alert of each version, by number: its page says who knew when."""
    sources = {source_of(entry.version): entry.number for entry in entries}
    return {sources[alert.source]: alert for alert in Alert.objects.filter(source__in=sources)}


def _who_knew(viewer: Viewer, alert: Alert | None, *, at: datetime) -> dict[str, Any] | None:
    """The matrix of the newest version, where its alert is in reach."""
    if alert is None or not alerts_for(viewer).filter(pk=alert.pk).exists():
        return None
    rows = [matrix_row(row, at=at) for row in who_knew_when(alert)]
    return {"alert": alert, "rows": rows, "zones": zones_of(alert)}
