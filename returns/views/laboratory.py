"""Sample lists of a group: draw one, hand it to the laboratory, write samples and results down by case number."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from common.forms import blaming
from common.limits import limited
from common.sheets import MAX_BYTES, SheetError
from common.wall_time import as_shown
from migrants.enums import TestResult
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from returns import infections, laboratory, laboratory_sheets
from returns.forms.laboratory import DrawForm, ResultsFileForm, ResultsForm, TakeForm
from returns.laboratory_sheets import ReadResults, ToMend
from returns.models import Sample, SampleList
from returns.sample_validity import validity_of
from returns.views.file_answers import file_answer
from returns.views.group_head import head_of, visible_group
from returns.views.uploads import is_taken
from returns.ways import way_of, zones_of

MOST_BYTES = MAX_BYTES + 100_000
PAGE, MOST_TO_MEND = 200, 50


@require_http_methods(["GET", "POST"])
@door(Permission.TAKE_SAMPLES)
def group_samples(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The lists of a group with how far each is; POST draws another."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    form = DrawForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            drawn = laboratory.draw_list(group=group, by=request.viewer.actor, at=at, **form.cleaned_data)
            messages.success(request, _("The list is drawn: hand it to the laboratory."))
            return redirect("returns:sample_list", drawn.public_id)
    lists = list(group.sample_lists.all()[:100])
    progress = laboratory.progress_of(lists)
    context = {
        **head_of(group, viewer=request.viewer, at=at, tab="samples"),
        "lines": [(each, progress[each.pk]) for each in lists],
        "kept_back": infections.questions_of(group).filter(answer="").count(),
        "form": form,
    }
    return render(request, "returns/laboratory/lists.html", context, status=422 if form.is_bound else 200)


@require_GET
@door(Permission.TAKE_SAMPLES)
def sample_list(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """One list: by case number, which samples are taken, what was found, and until when each counts."""
    return _page(request, visible_list(request.viewer, public_id))


@require_POST
@door(Permission.TAKE_SAMPLES)
def samples_take(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down a batch of samples."""
    found = visible_list(request.viewer, public_id)
    form = TakeForm(request.POST, zone=_zone(found))
    if form.is_valid():
        with blaming(form):
            taken = laboratory.take(sample_list=found, by=request.viewer.actor, at=clock.now(), **form.cleaned_data)
            said = ngettext("%(n)d sample is written down.", "%(n)d samples are written down.", len(taken))
            messages.success(request, said % {"n": len(taken)})
            return redirect("returns:sample_list", found.public_id)
    return _page(request, found, take=form, status=422)


@require_http_methods(["GET", "POST"])
@door(Permission.TAKE_SAMPLES)
def sample_results(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Results as lines of text: case number and result. POST records all of them or none."""
    found = visible_list(request.viewer, public_id)
    form = ResultsForm(request.POST or None)
    if not form.is_bound or not form.is_valid():
        return _results_page(request, found, form, status=422 if form.is_bound else 200)
    read = laboratory_sheets.read_lines(form.cleaned_data["lines"], known=_known(found))
    if read.to_mend:
        return _results_page(request, found, form, to_mend=read.to_mend, status=422)
    with blaming(form):
        recorded = laboratory.record_results(
            sample_list=found, results=read.results, by=request.viewer.actor, at=clock.now()
        )
        messages.success(request, _told(recorded))
        if recorded.found.get(TestResult.POSITIVE):
            return redirect("returns:kept_back", found.group.public_id)
        return redirect("returns:sample_list", found.public_id)
    return _results_page(request, found, form, status=422)


def _told(recorded: laboratory.Recorded) -> str:
    parts = [f"{n} {TestResult(result).label}" for result, n in recorded.found.items()]
    words = _("Recorded: %(parts)s.") % {"parts": ", ".join(parts) or "0"}
    return f"{words} {_('%(n)d said what was known.') % {'n': recorded.unchanged}}" if recorded.unchanged else words


@csrf_exempt  # checked by `_upload`, once the length is known to be bearable: the check itself reads the whole body
@require_POST
@door(Permission.TAKE_SAMPLES)
def sample_upload(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Read the laboratory's file and show what it says; nothing is stored before it is confirmed."""
    found = visible_list(request.viewer, public_id)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        words = _("The file is larger than the %(most)d MB that are read. Upload only the list, without pictures.")
        mend = [ToMend(1, "A", words % {"most": MAX_BYTES // 1024 // 1024})]
        return _results_page(request, found, ResultsForm(), to_mend=mend, status=413)
    return _upload(request, found=found)


@limited("upload")
@csrf_protect
def _upload(request: SignedInRequest, *, found: SampleList) -> HttpResponse:
    form = ResultsFileForm(request.POST, request.FILES)
    if not is_taken(form, request):
        return _results_page(request, found, ResultsForm(), upload=form, status=422)
    file = form.cleaned_data["file"]
    try:
        read = laboratory_sheets.read_file(file, name=file.name, size=file.size, known=_known(found))
    except SheetError as error:
        form.add_error("file", str(error.sentence))
        return _results_page(request, found, ResultsForm(), upload=form, status=422)
    if not read.results and not read.to_mend:
        form.add_error("file", _("The file has no result yet. Upload it again when the laboratory has filled it in."))
        return _results_page(request, found, ResultsForm(), upload=form, status=422)
    lines = ResultsForm(initial={"lines": read.as_lines()})
    return _results_page(request, found, lines, read=read, to_mend=read.to_mend, status=422 if read.to_mend else 200)


@require_GET
@door(Permission.TAKE_SAMPLES)
def sample_sheet(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The list on paper: case numbers with room for sample and result, no name."""
    found = visible_list(request.viewer, public_id)
    context = {
        "sample_list": found,
        "samples": list(laboratory.samples_of(found)),
        "zones": zones_of(found.group),
        "at": clock.now(),
    }
    return render(request, "returns/laboratory/sheet.html", context)


@require_GET
@door(Permission.TAKE_SAMPLES)
@limited("export")
def sample_file(request: SignedInRequest, public_id: uuid.UUID, kind: str) -> HttpResponse:
    """The list as a file for the laboratory, CSV or XLSX."""
    found = visible_list(request.viewer, public_id)
    if kind not in {"csv", "xlsx"}:
        raise Http404
    made = laboratory_sheets.list_file(
        sample_list=found, kind=kind, zone=_zone(found), by=request.viewer.actor, at=clock.now()
    )
    return file_answer(made, name=f"samples-{found.group.code}-{found.number}.{kind}")


def visible_list(viewer: Viewer, public_id: uuid.UUID) -> SampleList:
    """Give a list in the viewer's scope; everybody else gets 404."""
    rows = SampleList.objects.visible_to(viewer).select_related("group__crossing", "group__mission")
    return get_object_or_404(rows.prefetch_related("group__crossing__sides"), public_id=public_id)


def _zone(found: SampleList) -> ZoneInfo:
    return ZoneInfo(zones_of(found.group)[0])


def _known(found: SampleList) -> Mapping[str, Sample]:
    return {sample.case.number: sample for sample in laboratory.samples_of(found)}


@transaction.atomic
def _page(
    request: SignedInRequest, found: SampleList, *, take: TakeForm | None = None, status: int = 200
) -> HttpResponse:
    at = clock.now()
    progress = laboratory.progress_of([found])[found.pk]
    rows = laboratory.samples_of(found)
    after = request.GET.get("after", "")
    samples = list((rows.filter(case__number__gt=after) if after.isalnum() else rows)[: PAGE + 1])
    validity = validity_of(found.group, found.kind, at=at)
    context = {
        "sample_list": found,
        "way": way_of(found.group),
        "zones": zones_of(found.group),
        "progress": progress,
        "left": progress.listed - progress.taken,
        "validity": validity,
        "lines": [(sample, _counts_until(sample, validity)) for sample in samples[:PAGE]],
        "next_url": f"?after={samples[PAGE - 1].case.number}" if len(samples) > PAGE else "",
        "take": take or TakeForm(zone=_zone(found), initial={"sampled_at": as_shown(at, _zone(found))}),
        "kept_back": infections.questions_of(found.group).filter(answer="").count(),
    }
    return render(request, "returns/laboratory/list.html", context, status=status)


def _counts_until(sample: Sample, validity: Any) -> Any:
    """Give the end of validity, counted from sampling; what was found positive or not valid counts for nothing."""
    test = sample.test
    if test is None or validity is None or test.result in {TestResult.POSITIVE, TestResult.INVALID}:
        return None
    return validity.until(test.sampled_at)


def _results_page(
    request: SignedInRequest,
    found: SampleList,
    form: ResultsForm,
    *,
    upload: ResultsFileForm | None = None,
    read: ReadResults | None = None,
    to_mend: list[ToMend] | None = None,
    status: int = 200,
) -> HttpResponse:
    mend = to_mend or []
    rows = [{"where": _("The results"), "message": str(each), "url": "#id_lines"} for each in mend[:MOST_TO_MEND]]
    tallied = list(read.results.values()) if read and not mend else []
    context = {
        "sample_list": found,
        "form": form,
        "upload": upload or ResultsFileForm(),
        "rows": rows,
        "to_mend": len(mend),
        "tally": [(TestResult(result).label, tallied.count(result)) for result in dict.fromkeys(tallied)],
        "blank": read.blank if read else 0,
        "read": bool(tallied),
        "progress": laboratory.progress_of([found])[found.pk],
    }
    return render(request, "returns/laboratory/results.html", context, status=status)
