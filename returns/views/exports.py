"""The files that left: one's own, or all of them for oversight; and whether a file that turned up is one of ours."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from migrants.exports import fingerprint_of
from migrants.models import Export
from migrants.models.exports import ExportQuerySet
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns.forms.exports import CheckFileForm

PAGE = 50


@require_GET
@door(Permission.SEE_EXPORTS)
def export_list(request: SignedInRequest) -> HttpResponse:
    """What was exported, newest first: the own files, for oversight everybody's; keyset pages."""
    rows = Export.objects.visible_to(request.viewer).select_related("recipient")
    page = list(_behind(rows, request.GET.get("after", ""))[: PAGE + 1])
    context = {
        "exports": page[:PAGE],
        "sees_all": request.viewer.may(Permission.SEE_AUDIT),
        "zones": [request.viewer.user.time_zone],
        "next_url": f"?after={page[PAGE - 1].public_id}" if len(page) > PAGE else "",
    }
    return render(request, "returns/exports/list.html", context)


def _behind(rows: ExportQuerySet, after: str) -> ExportQuerySet:
    """The rows behind the one with this public id; all of them where there is none."""
    try:
        last = rows.filter(public_id=UUID(after)).first()
    except ValueError:
        last = None
    if last is None:
        return rows
    return rows.filter(made_at__lt=last.made_at) | rows.filter(made_at=last.made_at, pk__lt=last.pk)


@require_GET
@door(Permission.SEE_EXPORTS)
def export(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One file: its mark, its fingerprint, and of how many people it holds rows; never the file itself."""
    row = get_object_or_404(Export.objects.visible_to(request.viewer).select_related("recipient"), public_id=public_id)
    return render(request, "returns/exports/export.html", {"export": row, "zones": [request.viewer.user.time_zone]})


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_EXPORTS)
def export_check(request: SignedInRequest) -> HttpResponse:
    """Whether a file that turned up is one of ours, unchanged: by its bytes, its fingerprint or its number."""
    form = CheckFileForm(request.POST, request.FILES) if request.method == "POST" else CheckFileForm()
    context: dict[str, object] = {"form": form, "zones": [request.viewer.user.time_zone]}
    is_wrong = form.is_bound and not form.is_valid()
    if form.is_bound and not is_wrong:
        file, written = form.cleaned_data["file"], form.cleaned_data["written"]
        digest = fingerprint_of(file.read()) if file else written.lower()
        known = Export.objects.visible_to(request.viewer)
        row = known.filter(fingerprint=digest).first() or (
            known.filter(number=written.upper()).first() if written else None
        )
        context |= {"asked": True, "found": row, "digest": digest, "by_number": bool(row and row.fingerprint != digest)}
    return render(request, "returns/exports/check.html", context, status=422 if is_wrong else 200)
