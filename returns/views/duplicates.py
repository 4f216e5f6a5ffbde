"""Records that may be one person: the queue, one pair side by side, and a merge that can be undone."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from corridors.models import BorderCrossing
from migrants import merging
from migrants.models import DuplicatePair, Merge
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from returns import pair_queue, pair_sides, registering
from returns.forms.pairs import PairFilter
from returns.views.person_head import scope_of, seen

PAGE = 20


@require_GET
@door(Permission.REGISTER_PEOPLE)
def pairs(request: SignedInRequest) -> HttpResponse:
    """Pairs to be decided, the likeliest first, with both sides and why; keyset pages of 20. What narrows them stays in the
    address, and so does where "later" goes on.
    """
    at, viewer = clock.now(), request.viewer
    form = _filter_of(viewer, request.GET)
    wanted, query = form.wanted(), form.query()
    waiting = pair_queue.narrowed(pair_queue.open_pairs(viewer), wanted)
    last = waiting.filter(public_id=request.GET["after"]).first() if _is_uuid(request.GET.get("after")) else None
    if last is not None:
        waiting = waiting.filter(Q(score__lt=last.score) | Q(score=last.score, pk__gt=last.pk))
    page = list(waiting.order_by("-score", "pk")[: PAGE + 1])
    shown = pair_sides.of(page[:PAGE], at=at)
    merges = Merge.objects.filter(undone_at__isnull=True, kept__in=scope_of(viewer))
    lately = list(merges.select_related("kept", "absorbed").order_by("-at")[:10])
    sides = [side.line.public_id for pair in shown for side in pair.sides]
    merged = [person.public_id for merge in lately for person in (merge.kept, merge.absorbed)]
    seen(request, dict.fromkeys([*sides, *merged]), at=at)
    context = {
        "pairs": shown,
        "form": form,
        "is_narrowed": bool(query),
        "back": urlencode(query),
        "later": "?" + urlencode({**query, "after": ""}),
        "progress": pair_queue.progress_of(pair_queue.narrowed(pair_queue.pairs_within(scope_of(viewer)), wanted)),
        "next_url": "?" + urlencode({**query, "after": str(page[PAGE - 1].public_id)}) if len(page) > PAGE else "",
        "merges": lately,
    }
    return render(request, "returns/people/pairs.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def pair_decide(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """One pair side by side. POST decides: `decision` is same or different, `keep` the record that stays."""
    at, rows = clock.now(), pair_queue.pairs_within(scope_of(request.viewer))
    pair = get_object_or_404(rows.select_related("first", "second"), public_id=public_id)
    if request.method == "POST" and request.POST.get("decision") in ("same", "different"):
        return _decide(request, pair)
    shown = pair_sides.of([pair], at=at)[0]
    seen(request, [side.line.public_id for side in shown.sides], at=at)
    errors = (
        [{"where": "", "message": _("Choose whether it is one person or two.")}] if request.method == "POST" else []
    )
    return render(
        request, "returns/people/pair.html", {"entry": shown, "errors": errors}, status=422 if errors else 200
    )


def _decide(request: SignedInRequest, pair: DuplicatePair) -> HttpResponse:
    at, same = clock.now(), request.POST["decision"] == "same"
    keep = next((each for each in (pair.first, pair.second) if str(each.public_id) == request.POST.get("keep")), None)
    try:
        made = registering.decide_pair(
            pair=pair, same=same, keep=keep, within=scope_of(request.viewer), by=request.viewer.actor, at=at
        )
    except merging.MergeError as error:
        messages.error(request, str(error.sentence))
        return redirect("returns:pairs")
    said = _("They stay two people, and are not offered again.") if made is None else _("The two records are one now.")
    messages.success(request, said)
    if made is None or "back" in request.POST:
        return redirect(_queue_address(request))
    return redirect("returns:merge", made.public_id)


def _queue_address(request: SignedInRequest) -> str:
    """The queue as it was narrowed where the decision was made: what the filter itself reads, and nothing else."""
    query = _filter_of(request.viewer, QueryDict(request.POST.get("back", "")[:500])).query()
    return reverse("returns:pairs") + (f"?{urlencode(query)}" if query else "")


def _filter_of(viewer: Viewer, said: QueryDict) -> PairFilter:
    crossings = BorderCrossing.objects.filter(is_airport=False).prefetch_related("sides").order_by("code")
    if viewer.crossings is not None:
        crossings = crossings.filter(code__in=viewer.crossings)
    return PairFilter(said, crossings=crossings, uploads=pair_queue.lists_of(viewer))


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def merge(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What became one; POST makes it two again."""
    at = clock.now()
    rows = pair_queue.merges_within(scope_of(request.viewer))
    row = get_object_or_404(rows.select_related("kept", "absorbed"), public_id=public_id)
    if request.method == "POST":
        try:
            registering.undo_merge(merge=row, why=request.POST.get("why", "")[:200], by=request.viewer.actor, at=at)
        except merging.MergeError as error:
            messages.error(request, str(error.sentence))
            return redirect("returns:merge", row.public_id)
        messages.success(request, _("They are two records again, and wait to be decided."))
        return redirect("returns:pairs")
    sides = pair_sides.sides_of([row.kept_id, row.absorbed_id], at=at)
    seen(request, [side.line.public_id for side in sides.values()], at=at)
    context = {"merge": row, "kept": sides[row.kept_id], "absorbed": sides[row.absorbed_id], "moved": _moved(row)}
    return render(request, "returns/people/merge.html", context)


def _moved(row: Merge) -> int:
    return sum(len(keys) for keys in row.moved.get("rows", {}).values())


def _is_uuid(text: str | None) -> bool:
    try:
        uuid.UUID(text or "")
    except ValueError:
        return False
    return True
