"""The directory in a file, and out of one: tried first, stored when nothing is wrong with any row."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from common import clock
from common.forms import blaming
from common.limits import limited
from common.sheets import MAX_BYTES, SheetError, read_rows
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.list_reading import import_directory
from partners.lists import COLUMNS
from returns.directory_files import directory_file
from returns.forms.directory_lists import DirectoryExportForm, DirectoryFileForm
from returns.views.file_answers import file_answer
from returns.views.uploads import is_taken

MOST_BYTES = MAX_BYTES + 100_000
MOST_SHOWN = 100


@require_GET
@door(Permission.MANAGE_DIRECTORY)
def directory_lists(request: SignedInRequest) -> HttpResponse:
    """Both ways, and what the columns are."""
    return _page(request)


@csrf_exempt  # checked by `_read`, once the length is known to be bearable: the check itself reads the whole body
@require_POST
@door(Permission.MANAGE_DIRECTORY)
def directory_import(request: SignedInRequest) -> HttpResponse:
    """Reads a list; with `try` it only says what would happen."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        words = _("The file is larger than the %(most)d MB that are read. Upload only the list, without pictures.")
        return _page(request, too_large=words % {"most": MAX_BYTES // 1024 // 1024}, status=413)
    return _read(request)


@limited("upload")
@csrf_protect
def _read(request: SignedInRequest) -> HttpResponse:
    form = DirectoryFileForm(request.POST, request.FILES)
    if not is_taken(form, request):
        return _page(request, form=form, status=422)
    file, dry_run = form.cleaned_data["file"], "try" in request.POST
    try:
        sheet = read_rows(file, name=file.name, size=file.size)
        outcome = import_directory(sheet=sheet, dry_run=dry_run, by=request.viewer.actor, at=clock.now())
    except SheetError as error:
        form.add_error("file", str(error.sentence))
        return _page(request, form=form, status=422)
    said: dict[str, Any] = {"outcome": outcome, "tried": dry_run, "acts": sorted(outcome.acts.items())}
    said["faults"] = outcome.faults[:MOST_SHOWN]
    return _page(request, status=422 if outcome.faults else 200, **said)


@require_POST
@door(Permission.MANAGE_DIRECTORY)
@limited("export")
def directory_export(request: SignedInRequest) -> HttpResponse:
    """The whole directory as a file."""
    form = DirectoryExportForm(request.POST)
    if form.is_valid():
        with blaming(form):
            made = directory_file(by=request.viewer.actor, at=clock.now(), **form.cleaned_data)
            return file_answer(made, name=f"directory-{made.export.number}.{form.cleaned_data['kind']}")
    return _page(request, export_form=form, status=422)


def _page(request: SignedInRequest, *, status: int = 200, **said: Any) -> HttpResponse:
    context = {
        "form": DirectoryFileForm(),
        "export_form": DirectoryExportForm(auto_id="id_export_%s"),
        "columns": list(COLUMNS),
    } | said
    return render(request, "returns/directory_lists.html", context, status=status)
