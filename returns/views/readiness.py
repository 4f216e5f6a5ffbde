"""The readiness page of a group: people × requirements at the hour at the barrier, the bill, and what stops a boarding."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from common import audit, clock
from corridors.models import RequirementVersion
from migrants.models import Family, Migrant, TravelGroup
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import cases, funding, infections
from returns.enums import STANDS_IN_THE_WAY, Verdict
from returns.judging import WORST_FIRST, Finding
from returns.matrix import Matrix, Row, by_worst, in_the_way, matrix_of
from returns.models import Need
from returns.people_lines import PersonLine, lines_of
from returns.shopping import shopping_list
from returns.shopping_papers import sentences
from returns.views.group_head import head_of, visible_group
from returns.views.links import address
from returns.ways import zones_of

PAGE = 300
"""The largest groups stand on a few pages; most are seen, and printed, whole."""
SORTS = {"worst": _lazy("worst first"), "number": _lazy("number"), "name": _lazy("name")}
SHOWS = {
    "all": _lazy("everybody"),
    "missing": _lazy("only what is missing"),
    "lacking": _lazy("missing"),
    "unknown": _lazy("unknown"),
    "expiring": _lazy("runs out first"),
}
_SHOWN = {"lacking": Verdict.MISSING, "unknown": Verdict.UNKNOWN, "expiring": Verdict.EXPIRING}


@require_GET
@door(Permission.SEE_PEOPLE)
def group_readiness(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The matrix of the whole group, or of one page of a very large one; everybody shown leaves an access row."""
    group, at = visible_group(request.viewer, public_id), clock.now()
    zones = zones_of(group)
    matrix = matrix_of(group, zone=ZoneInfo(zones[0]), at=at)
    wanted = _wanted(request, matrix)
    lines, position, total = _page(matrix, group, wanted, after=request.GET.get("after", ""), at=at)
    audit.record_views(
        (line.public_id for line, _row, _url in lines),
        page=f"group readiness {group.code}",
        by=request.viewer.actor,
        at=at,
    )
    context = {
        **head_of(group, viewer=request.viewer, at=at, tab="readiness"),
        "matrix": matrix,
        "lines": lines,
        "shown": _("%(first)d–%(last)d of %(total)d shown")
        % {"first": position + 1 if lines else 0, "last": position + len(lines), "total": total},
        "next_url": _address(wanted, after=lines[-1][0].number) if position + len(lines) < total else "",
        "previous_url": _address(wanted) if position else "",
        **wanted,
        "shows": SHOWS.items(),
        "asked": [(column.key, column.heading) for column in matrix.columns],
        "sorts": SORTS.items(),
        "families": Family.objects.filter(group=group, people__isnull=False).distinct().order_by("code"),
        "bill": sentences(shopping_list(group, matrix, zone=ZoneInfo(zones[0]), at=at), zones),
        "plan": getattr(group, "plan", None),
        "infected": infections.questions_of(group).filter(answer="").values("case").distinct().count(),
        **money_of(group, matrix),
        "may_plan": request.viewer.may(Permission.PLAN_CROSSINGS),
        "may_ask": request.viewer.may(Permission.RECORD_PLEDGES),
        "may_waive": request.viewer.may(Permission.WAIVE),
        "may_open": request.viewer.may(Permission.REGISTER_PEOPLE),
    }
    return render(request, "returns/readiness/matrix.html", context)


def _wanted(request: SignedInRequest, matrix: Matrix) -> dict[str, str]:
    """Which rows are asked for, and in which order; what nobody can ask for is the usual."""
    show, sort, column = (request.GET.get(name, "") for name in ("show", "sort", "column"))
    return {
        "show": show if show in SHOWS else "all",
        "column": column if column in {each.key for each in matrix.columns} else "",
        "sort": sort if sort in SORTS else "number",
        "family": request.GET.get("family", "")[:20],
        "q": " ".join(request.GET.get("q", "").split())[:60],
    }


def _is_shown(row: Row, show: str, column: str) -> bool:
    """Whether a row is asked for; with a column, by its finding alone."""
    if show == "all":
        return True
    if show == "missing" and not column:
        return in_the_way(row)
    wanted = STANDS_IN_THE_WAY if show == "missing" else {_SHOWN[show]}
    return any(finding.verdict in wanted for finding in _looked_at(row, column))


def _looked_at(row: Row, column: str) -> list[Finding]:
    return [row.judged.findings[column]] if column else list(row.judged.findings.values())


def _page(
    matrix: Matrix, group: TravelGroup, wanted: dict[str, Any], *, after: str, at: Any
) -> tuple[list[tuple[PersonLine, Row, str]], int, int]:
    """Give the rows of one page with their people, how many stand before them, and how many there are in all."""
    rows = {row.person: row for row in matrix.rows if _is_shown(row, wanted["show"], wanted["column"])}
    people: Any = Migrant.objects.filter(pk__in=rows).only("pk", "number", "sort_key", "full_name", "latin_name")
    if wanted["family"]:
        people = people.filter(family__code=wanted["family"])
    if wanted["q"]:
        people = [person for person in people if _is_called(person, wanted["q"])]
    order = sorted(people, key=lambda person: _order(person, rows[person.pk], wanted))
    start = next((index + 1 for index, person in enumerate(order) if person.number == after), 0)
    keys = [person.pk for person in order[start : start + PAGE]]
    lines = {line.pk: line for line in lines_of(Migrant.objects.filter(pk__in=keys), at=at)}
    found = [(lines[key], rows[key], address("returns:person", lines[key].public_id)) for key in keys]
    return found, start, len(order)


def _is_called(person: Migrant, text: str) -> bool:
    """Find in the page: a part of the name as written or in Latin letters, or of the number."""
    sought = text.casefold()
    return any(sought in written.casefold() for written in (person.full_name, person.latin_name or "", person.number))


def _order(person: Migrant, row: Row, wanted: dict[str, Any]) -> tuple[Any, ...]:
    """Sort key; "worst first" looks at the chosen requirement first, then at the whole row, then at how much it lacks."""
    if wanted["sort"] == "worst":
        first = WORST_FIRST.index(min(_looked_at(row, wanted["column"]), key=_badness).verdict)
        lacks = sum(finding.verdict in STANDS_IN_THE_WAY for finding in row.judged.findings.values())
        return (first, by_worst(row), -lacks, person.number)
    return (person.sort_key or person.full_name, person.number) if wanted["sort"] == "name" else (person.number,)


def _badness(finding: Finding) -> int:
    return WORST_FIRST.index(finding.verdict)


def _address(wanted: dict[str, Any], **more: str) -> str:
    return "?" + urlencode({name: value for name, value in {**wanted, **more}.items() if value})


def money_of(group: TravelGroup, matrix: Matrix) -> dict[str, Any]:
    """What is needed now, what was asked and promised for this group."""
    standing = Need.objects.filter(group=group, closed_at__isnull=True, unit_price__gt=0)
    needs = list(standing.select_related("requirement_version").order_by("-asked_at"))
    gaps = funding.gaps(needs)
    asked = {need.requirement_version.requirement_id for need in needs if need.requirement_version}
    paid = {rule.version for rule in matrix.rules if rule.requirement in asked}
    totals = matrix.cost.totals
    asks = [ask for ask in _asks(matrix) if ask[0] not in paid]
    named = dict(RequirementVersion.objects.filter(pk__in=[ask[0] for ask in asks]).values_list("pk", "public_id"))
    return {
        "totals": [{"currency": currency, "amount": amount} for currency, amount in totals.items()],
        "needs": [{"need": need, "gap": gaps[need.pk]} for need in needs],
        "asks": [
            {"version": named[version], "amount": amount, "currency": currency} for version, amount, currency in asks
        ],
    }


def _asks(matrix: Matrix) -> list[tuple[int, Any, str]]:
    """What can be asked for, one sum for each version of a requirement."""
    sums: dict[tuple[int, str], Any] = {}
    for line in matrix.cost.lines:
        if line.version is not None and line.amount:
            key = (line.version, line.currency)
            sums[key] = sums.get(key, 0) + line.amount
    return [(version, amount, currency) for (version, currency), amount in sums.items()]


@require_POST
@door(Permission.REGISTER_PEOPLE)
def group_open_cases(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Open a case for everybody in the group who has none."""
    group = visible_group(request.viewer, public_id)
    people = Migrant.objects.living_records().filter(group=group)
    opened = cases.open_cases(people=people, by=request.viewer.actor, at=clock.now())
    said = ngettext("%(n)d case opened.", "%(n)d cases opened.", len(opened)) % {"n": len(opened)}
    messages.success(request, said)
    return redirect("returns:group_readiness", group.public_id)
