"""Lists of people: upload, preview row by row, correct, confirm, and what came of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from common.audit import record_views
from common.limits import limited
from common.nudges import nudge
from common.sheets import MAX_BYTES, SheetError, heading_texts
from common.uploads import ZIP
from migrants.models import Migrant
from migrants.models.people import MigrantQuerySet
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from returns import importing, manifests
from returns.column_guesses import guesses
from returns.enums import RowOutcome, UploadState
from returns.forms.manifests import ColumnsForm, SheetForm, UploadForm, decisions_of
from returns.manifest_columns import PROOF_LABELS, names_somebody
from returns.manifest_lines import ManifestLine, blank_rows, lines_of_rows
from returns.manifest_notes import notes_on_columns, shapes
from returns.manifest_sample import sample_list
from returns.manifest_staging import ManifestError
from returns.models import ManifestUpload
from returns.remembered_columns import last_sender
from returns.views.counts import mission_of
from returns.views.file_answers import empty_form_answer, file_answer
from returns.views.group_head import visible_group
from returns.views.uploads import is_taken

PAGE, MOST_IN_DOUBT = 100, 300
MOST_BYTES = MAX_BYTES + 100_000
"""A form around a file that may just be read; whatever says that it is longer is refused before it is received."""


@csrf_exempt  # checked by `_upload`, once the length is known to be bearable: the check itself reads the whole body
@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def manifest_upload(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """GET shows the form; POST reads a file and shows what will happen to each row."""
    group = visible_group(request.viewer, public_id)
    if request.method == "POST":
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            size = int(request.META["CONTENT_LENGTH"])
            try:
                manifests.refuse_size(size)
            except SheetError as error:
                return _upload_page(request, group, UploadForm(), problem=str(error), status=413)
        return _upload(request, group=group)
    return _upload_page(request, group, UploadForm(initial={"sender": last_sender(group)}))


@limited("upload")
@csrf_protect
def _upload(request: SignedInRequest, *, group: Any) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not is_taken(form, request):
        return _upload_page(request, group, form, status=422)
    file = form.cleaned_data["file"]
    try:
        upload = importing.take(
            group=group,
            mission=mission_of(request.viewer),
            file=file,
            name=file.name,
            size=file.size,
            within=_scope(request.viewer),
            by=request.viewer.actor,
            at=clock.now(),
            sender=form.cleaned_data["sender"],
            sheet=form.cleaned_data["sheet"],
        )
    except SheetError as error:
        form.add_error("file", str(error.sentence))
        return _upload_page(request, group, form, status=422)
    nudge("lists")
    return redirect("returns:manifest", upload.public_id)


def _upload_page(
    request: SignedInRequest, group: Any, form: UploadForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    rows = [{"where": _("The list"), "message": problem, "url": "#id_file"}] if problem else []
    return render(request, "returns/manifests/upload.html", {"group": group, "form": form, "rows": rows}, status=status)


@require_GET
@door(Permission.REGISTER_PEOPLE)
def manifest(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What will happen, or happened, to each row; who is in doubt stands first, with reasons."""
    return _page(request, visible_upload(request.viewer, public_id))


@require_GET
@door(Permission.REGISTER_PEOPLE)
def manifest_sample(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """An empty list to fill in."""
    visible_group(request.viewer, public_id)
    return empty_form_answer(sample_list(get_language() or "en"), name="list.xlsx")


@require_POST
@door(Permission.REGISTER_PEOPLE)
def manifest_columns(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Read the list again, with other columns or, where a `sheet` is named, another sheet of the workbook."""
    upload = visible_upload(request.viewer, public_id)
    if "sheet" in request.POST and (others := _sheet_form(upload, request.POST)) is not None:
        return _other_sheet(request, upload, others)
    form = _columns_form(upload, request.POST)
    try:
        if form is None or not form.is_valid():
            raise ManifestError(_("A column was chosen that the list does not have. Choose from the list."))  # noqa: TRY301
        importing.correct_columns(
            upload=upload, columns=form.columns, within=_scope(request.viewer), by=request.viewer.actor, at=clock.now()
        )
    except (ManifestError, SheetError) as error:
        return _page(request, upload, problem=str(error.sentence), status=422)
    nudge("lists")
    messages.success(request, _("The list was read again with these columns."))
    return redirect("returns:manifest", upload.public_id)


def _other_sheet(request: SignedInRequest, upload: ManifestUpload, form: SheetForm) -> HttpResponse:
    try:
        if not form.is_valid():
            raise ManifestError(_("The workbook has no such sheet. Choose from the list."))  # noqa: TRY301
        read = importing.choose_sheet(
            upload=upload,
            sheet=form.cleaned_data["sheet"],
            within=_scope(request.viewer),
            by=request.viewer.actor,
            at=clock.now(),
        )
    except (ManifestError, SheetError) as error:
        return _page(request, upload, problem=str(error.sentence), status=422)
    nudge("lists")
    messages.success(request, _("The other sheet was read instead."))
    return redirect("returns:manifest", read.public_id)


@require_POST
@door(Permission.REGISTER_PEOPLE)
def manifest_confirm(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Store what the preview has shown; for a confirmed list, the decisions about rows left in doubt."""
    upload = visible_upload(request.viewer, public_id)
    given: dict[str, Any] = {
        "upload": upload,
        "decisions": decisions_of(request.POST),
        "within": _scope(request.viewer),
        "by": request.viewer.actor,
        "at": clock.now(),
    }
    try:
        if upload.state == UploadState.CONFIRMED:
            manifests.decide(**given)
        else:
            importing.confirm(**given, partial=request.POST.get("partial") == "on")
    except ManifestError as error:
        return _page(request, upload, problem=str(error.sentence), status=422)
    nudge("lists")
    return redirect("returns:manifest", upload.public_id)


@require_POST
@door(Permission.REGISTER_PEOPLE)
def manifest_again(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Have a list read again that was given up."""
    upload = visible_upload(request.viewer, public_id)
    try:
        importing.read_again(upload=upload, by=request.viewer.actor, at=clock.now())
    except ManifestError as error:
        messages.error(request, str(error.sentence))
    nudge("lists")
    return redirect("returns:manifest", upload.public_id)


@require_GET
@door(Permission.REGISTER_PEOPLE)
def manifest_progress(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """How far the task has come, for the page that waits; when it has ended, that page is to be loaded anew."""
    upload = visible_upload(request.viewer, public_id)
    response = render(request, "returns/manifests/progress.html", {"upload": upload})
    if not upload.is_worked_off:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@door(Permission.REGISTER_PEOPLE)
def manifest_discard(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    upload = visible_upload(request.viewer, public_id)
    manifests.discard(upload=upload, by=request.viewer.actor, at=clock.now())
    messages.success(request, _("The list was thrown away; nothing of it is kept."))
    return redirect("returns:group", upload.group.public_id)


@require_GET
@door(Permission.REGISTER_PEOPLE)
@limited("export")
def manifest_errors(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The same file with a column that says what to mend."""
    upload = visible_upload(request.viewer, public_id)
    try:
        made = manifests.error_file(upload=upload, by=request.viewer.actor, at=clock.now())
    except ManifestError as error:
        raise Http404(str(error.sentence)) from error
    kind = "xlsx" if made.content.startswith(ZIP) else "csv"
    return file_answer(made, name=f"to-mend-{upload.group.code}.{kind}")


def visible_upload(viewer: Viewer, public_id: uuid.UUID) -> ManifestUpload:
    """Give an upload in the viewer's scope; everybody else gets 404."""
    rows = ManifestUpload.objects.visible_to(viewer).select_related("group__crossing", "mission")
    return get_object_or_404(rows, public_id=public_id)


def _scope(viewer: Viewer) -> MigrantQuerySet:
    return Migrant.objects.visible_to(viewer)


def _page(request: SignedInRequest, upload: ManifestUpload, *, problem: str = "", status: int = 200) -> HttpResponse:
    if upload.is_worked_off or upload.state == UploadState.REFUSED:
        return render(
            request, "returns/manifests/waiting.html", {"upload": upload, "group": upload.group}, status=status
        )
    problem = problem or upload.problem
    at, tallied = clock.now(), manifests.tally(upload)
    shown = request.GET.get("show", "")
    rows = upload.rows.exclude(outcome=RowOutcome.DECIDE)
    if shown in RowOutcome.values:
        rows = upload.rows.filter(outcome=shown)
    after = request.GET.get("after", "")
    rows = rows.filter(row_number__gt=int(after)) if after.isdecimal() and len(after) < 9 else rows
    chosen = list(rows.select_related("person")[: PAGE + 1])
    doubt = list(upload.rows.filter(outcome=RowOutcome.DECIDE).select_related("person")[:MOST_IN_DOUBT])
    within = _scope(request.viewer)
    lines = lines_of_rows(chosen[:PAGE], within=within)
    doubtful = lines_of_rows(doubt, within=within)
    _record_who_was_seen(request, [*lines, *doubtful], at)
    guessed = _guessed(upload)
    form = _columns_form(upload)
    context = {
        "upload": upload,
        "group": upload.group,
        "tally": tallied,
        "staged": upload.state == UploadState.STAGED,
        "settled": upload.state == UploadState.CONFIRMED,
        "lines": lines,
        "doubtful": doubtful,
        "skipped": lines_of_rows(list(upload.rows.filter(outcome=RowOutcome.SKIP)[:20]), within=within),
        "shown": shown,
        "next_url": f"?show={shown}&after={chosen[PAGE - 1].row_number}" if len(chosen) > PAGE else "",
        "form": form,
        "sheets": _sheet_form(upload),
        "has_names": names_somebody(upload.columns),
        "notes": _notes(upload, guessed),
        "guessed": guessed,
        "reads_proofs": not PROOF_LABELS.keys().isdisjoint({**upload.columns, **guessed}),
        "blank": blank_rows(upload),
        "problems": [{"where": upload.file_name, "message": problem, "url": ""}] if problem else [],
        "figures": _figures(upload, tallied),
    }
    return render(request, "returns/manifests/manifest.html", context, status=status)


def _figures(upload: ManifestUpload, tallied: dict[str, int]) -> list[dict[str, Any]]:
    """A number for each outcome, each a link to exactly the rows that it counts."""
    settled = upload.state == UploadState.CONFIRMED
    words = {
        RowOutcome.CREATE: _("created") if settled else _("will be registered"),
        RowOutcome.MATCH: _("matched") if settled else _("known already"),
        RowOutcome.DECIDE: _("to be decided"),
        RowOutcome.REJECT: _("rejected") if settled else _("cannot be read"),
        RowOutcome.SKIP: _("left out, not people"),
    }
    alert = {RowOutcome.DECIDE, RowOutcome.REJECT}
    return [
        {
            "label": label,
            "value": tallied[outcome],
            "url": ("#doubt" if outcome == RowOutcome.DECIDE else f"?show={outcome}#rows") if tallied[outcome] else "",
            "tone": "alert" if outcome in alert and tallied[outcome] else "",
        }
        for outcome, label in words.items()
    ]


def _record_who_was_seen(request: SignedInRequest, lines: list[ManifestLine], at: Any) -> None:
    seen = {each.public_id for line in lines for each in line.people}
    record_views(seen, page="returns:manifest", by=request.viewer.actor, at=at)


def _columns_form(upload: ManifestUpload, data: Any = None) -> ColumnsForm | None:
    if upload.sheet is None:
        return None
    sheet, heading = manifests.columns_of(upload)
    texts, below = heading_texts(sheet.head, heading.row_number), shapes(sheet, heading)
    words = {index: " · ".join(filter(None, (texts.get(index), below.get(index)))) for index in {*texts, *below}}
    return ColumnsForm(data, heading=heading, width=sheet.width, texts=words, guessed=_guessed(upload))


def _guessed(upload: ManifestUpload) -> dict[str, int]:
    """What columns may hold that are not read; nothing once the list is settled."""
    if upload.sheet is None or upload.state != UploadState.STAGED:
        return {}
    return guesses(*manifests.columns_of(upload), today=upload.uploaded_at.date())


def _sheet_form(upload: ManifestUpload, data: Any = None) -> SheetForm | None:
    """Which other sheets may be read instead, where the workbook has any."""
    if upload.sheet is None or upload.state not in (UploadState.STAGED, UploadState.REFUSED):
        return None
    others = manifests.columns_of(upload)[0].other_sheets
    return SheetForm(data, sheets=others) if others else None


def _notes(upload: ManifestUpload, guessed: dict[str, int]) -> list[str]:
    return [] if upload.sheet is None else notes_on_columns(*manifests.columns_of(upload), guessed)
