"""Transit corridors: where each stands and who holds it up, one with its history, and the naming of a new one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock, countries
from common.forms import blaming
from corridors.decision_scans import link_letters
from corridors.enums import CorridorState
from corridors.forms import ReasonForm
from corridors.forms.versions import CorridorForm
from corridors.ledger import differences, sentence_of
from corridors.legs import with_wording
from corridors.models import BorderCrossing, CorridorVersion, TransitCorridor
from corridors.tracker import history_of, tracked
from corridors.transit import CorridorError, changes_on_the_way, make_corridor, newest_versions
from corridors.views.paging import address, page_of
from corridors.ways import directions_of, way_of
from partners.access import Permission
from partners.doors import SignedInRequest, door

IN_USE = (CorridorState.OPEN, CorridorState.AWAITING)
SIDES = ("corridor__entry__sides", "corridor__exit__sides")


@require_GET
@door(Permission.SEE_REQUIREMENTS)
def corridor_list(request: SignedInRequest) -> HttpResponse:
    """Every corridor in its newest wording with where it stands, by code; keyset pages."""
    rows = newest_versions().select_related("corridor__entry", "corridor__exit", "requested_by")
    rows = with_wording(rows).prefetch_related(*SIDES).order_by("corridor__code")
    if after := request.GET.get("after", ""):
        rows = rows.filter(corridor__code__gt=after)
    page, has_more = page_of(rows)
    context = {
        "lines": tracked(page, at=clock.now()),
        "unwritten": TransitCorridor.objects.filter(versions__isnull=True).order_by("code")[:50],
        "next_url": address(after=page[-1].corridor.code) if has_more else "",
        "may_arrange": request.viewer.may(Permission.ARRANGE_CORRIDORS),
        "at": clock.now(),
    }
    return render(request, "corridors/corridors.html", context)


@require_GET
@door(Permission.SEE_REQUIREMENTS)
def corridor(request: SignedInRequest, code: str) -> HttpResponse:
    """One corridor: where it leads and stands, who holds it up, its versions, and what changed on the way since."""
    way, at = corridor_named(code), clock.now()
    rows = with_wording(CorridorVersion.objects.filter(corridor=way).select_related("requested_by"))
    versions = tracked(_of(way, rows.order_by("-number")), at=at)
    newest = versions[0] if versions else None
    meanwhile = _meanwhile(versions)
    may_arrange = request.viewer.may(Permission.ARRANGE_CORRIDORS)
    sees_names = request.viewer.may(Permission.SEE_NOTICES)
    shown = [party.approval for row in (newest, meanwhile) if row for party in row.parties] if sees_names else []
    link_letters(shown, account=request.viewer.user.public_id)
    context = {
        **_ends(way),
        "corridor": way,
        "versions": versions,
        "newest": newest,
        "valid": meanwhile,
        "to_suspend": next((row for row in (meanwhile, newest) if row and row.standing.state in IN_USE), None),
        "history": history_of(versions, with_names=sees_names),
        "at": at,
        "may_arrange": may_arrange,
        "sees_names": sees_names,
        "reason": ReasonForm(),
        "changes": [
            (change, sentence_of(change.version), differences(change.previous, change.version))
            for change in (changes_on_the_way(newest.version) if newest else [])
        ],
    }
    return render(request, "corridors/corridor.html", context)


def corridor_named(code: str) -> TransitCorridor:
    """The corridor with both crossings and their sides, or 404."""
    rows = TransitCorridor.objects.select_related("entry", "exit").prefetch_related("entry__sides", "exit__sides")
    return get_object_or_404(rows, code=code)


def _of(way: TransitCorridor, rows: Any) -> list[CorridorVersion]:
    """Versions that know the corridor at hand, so that none of them looks it up."""
    versions = list(rows)
    for version in versions:
        version.corridor = way
    return versions


def _meanwhile(versions: list[Any]) -> Any:
    """The version that is open or before its parties while the newest is only a draft."""
    if versions and versions[0].standing.state != CorridorState.DRAFT:
        return None
    asked = (row for row in versions if row.standing.state != CorridorState.DRAFT)
    found = next(asked, None)
    return found if found and found.standing.state in IN_USE else None


def _ends(way: TransitCorridor) -> dict[str, Any]:
    entry, leave = (
        way.entry.way(way.from_country, way.transit_country),
        way.exit.way(way.last_country, way.to_country),
    )
    zones = list(dict.fromkeys([*(side.zone for side in reversed(entry)), *(side.zone for side in leave)]))
    return {"entry": entry, "leave": leave, "zones": zones}


@require_http_methods(["GET", "POST"])
@door(Permission.ARRANGE_CORRIDORS)
def corridor_new(request: SignedInRequest) -> HttpResponse:
    """Names a way, or another like the one that `?like=` names; its first wording is the next page."""
    like = request.GET.get("like", "")
    crossings = {row.code: row for row in BorderCrossing.objects.filter(is_airport=False).prefetch_related("sides")}
    form = CorridorForm(request.POST or None, ways=_ways(crossings), through=_through(crossings), initial=_alike(like))
    if request.method == "POST" and form.is_valid() and (code := _name(request, form, crossings)):
        flash.success(request, _("The corridor has its name. Write down now what is asked for."))
        query = f"?{urlencode({'like': like})}" if like else ""
        return redirect(reverse("corridors:version_new", args=[code]) + query)
    return render(request, "corridors/corridor_new.html", {"form": form}, status=422 if form.errors else 200)


def _alike(like: str) -> dict[str, str]:
    """What the form begins with: name and ends of the corridor of that code, which is itself taken."""
    way = TransitCorridor.objects.select_related("entry", "exit").filter(code=like).first() if like else None
    if way is None:
        return {}
    return {
        "name": way.name,
        "entry": f"{way.entry.code}:{way.from_country}:{way.transit_country}",
        "exit": f"{way.exit.code}:{way.last_country}:{way.to_country}",
        **{f"then_{number}": code for number, code in enumerate(way.further_countries, start=1)},
    }


def _ways(crossings: dict[str, BorderCrossing]) -> list[tuple[str, str]]:
    """Each land crossing in both directions, by code."""
    return [
        (f"{code}:{start}:{end}", f"{code} · {way_of(crossings[code], start, end).latin}")
        for code in sorted(crossings)
        for start, end in directions_of(crossings[code])
    ]


def _through(crossings: dict[str, BorderCrossing]) -> list[tuple[str, str]]:
    """The countries that may lie between: those into which a land crossing is known, by name."""
    codes = {side.country for place in crossings.values() for side in place.sides.all()}
    return sorted(((code, countries.name(code)) for code in codes), key=lambda choice: choice[1])


def _name(request: SignedInRequest, form: CorridorForm, crossings: dict[str, BorderCrossing]) -> str:
    given = form.cleaned_data
    entry, from_country, transit_country = given["entry"].split(":")
    leave, leaves, to_country = given["exit"].split(":")
    with blaming(form):
        further = form.further()
        if leaves != [transit_country, *further][-1]:
            raise CorridorError("exit", _("The way out must leave the country that was entered. Choose another."))
        made = make_corridor(
            code=given["code"],
            name=given["name"],
            entry=crossings[entry],
            exit=crossings[leave],
            from_country=from_country,
            transit_country=transit_country,
            to_country=to_country,
            further_countries=further,
            by=request.viewer.actor,
            at=clock.now(),
        )
        return made.code
    return ""
