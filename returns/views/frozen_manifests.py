"""One version of a frozen manifest: who travels in which bus, what it changed, and whether a paper is the one in force."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from common import audit, clock
from common.forms import blaming
from common.limits import limited
from migrants.exports import CONDITION
from migrants.models import Disclosure
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.models import Organisation
from returns.forms.exports import PaperForm
from returns.freezing import changes_between
from returns.manifest_papers import paper_of, print_paper
from returns.models import Manifest, ManifestEntry, Vehicle
from returns.movement_alerts import parties_of
from returns.views.file_answers import file_answer
from returns.views.movements import head_of_movement, visible_movement


@require_GET
@door(Permission.SEE_MOVEMENTS)
def frozen_manifest(request: SignedInRequest, public_id: UUID, number: int) -> HttpResponse:
    """A version by bus; each person on it leaves an access row."""
    found = visible_movement(request.viewer, public_id)
    manifest = get_object_or_404(Manifest.objects.filter(movement=found), number=number)
    manifest.movement = found
    entries = list(manifest.entries.select_related("vehicle", "person").order_by("vehicle__rank", "full_name"))
    audit.record_views(
        [entry.person.public_id for entry in entries],
        page=f"manifest {found}, version {number}",
        by=request.viewer.actor,
        at=clock.now(),
    )
    before = Manifest.objects.filter(movement=found, number=number - 1).first()
    newest = found.manifests.last()
    context = {
        **head_of_movement(found, request.viewer),
        "manifest": manifest,
        "newest": newest,
        "is_newest": newest == manifest,
        "buses": _by_bus(entries),
        "changes": changes_between(before, manifest),
        "recipients": _recipients(manifest),
    }
    return render(request, "returns/movements/manifest.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_MOVEMENTS)
@limited("export")
def frozen_manifest_paper(request: SignedInRequest, public_id: UUID, number: int) -> HttpResponse:
    """The version on paper, for ourselves or for one organisation: GET asks for whom and what for, POST gives the PDF."""
    found = visible_movement(request.viewer, public_id)
    manifest = get_object_or_404(Manifest.objects.filter(movement=found).select_related("movement"), number=number)
    manifest.movement = found
    recipients = _recipients(manifest)
    form = PaperForm(request.POST or None, recipients=recipients, initial={"recipient": request.GET.get("for", "")})
    if form.is_bound and form.is_valid():
        with blaming(form):
            return _paper(request, manifest, **form.cleaned_data)
    context = {**head_of_movement(found, request.viewer), "manifest": manifest, "form": form, "condition": CONDITION}
    return render(request, "returns/movements/paper.html", context, status=422 if form.is_bound else 200)


def _paper(
    request: SignedInRequest, manifest: Manifest, *, recipient: str, purpose: str, language: str
) -> HttpResponse:
    at, movement = clock.now(), manifest.movement
    to = get_object_or_404(Organisation, code=recipient) if recipient else None
    made = print_paper(
        paper_of(manifest, recipient=to, at=at),
        purpose=purpose,
        language=language,
        zones=head_of_movement(movement, request.viewer)["zones"],
        by=request.viewer.actor,
        at=at,
    )
    name = (
        f"manifest-{movement.group.code}-{movement.number}-v{manifest.number}{'-' + recipient if recipient else ''}.pdf"
    )
    return file_answer(made, name=name)


def _recipients(manifest: Manifest) -> list[Organisation]:
    """Who may be given a paper: who decides on the corridor, and to whom somebody on it is shown."""
    shown = Disclosure.objects.filter(person__in=manifest.entries.values("person")).values("recipient")
    decide = [organisation.pk for organisation in parties_of(manifest.movement.corridor_version)]
    return list(Organisation.objects.filter(Q(pk__in=shown) | Q(pk__in=decide)).order_by("name_en"))


def _by_bus(entries: list[ManifestEntry]) -> list[tuple[Vehicle, list[ManifestEntry]]]:
    buses: dict[Vehicle, list[ManifestEntry]] = {}
    for entry in entries:
        buses.setdefault(entry.vehicle, []).append(entry)
    return list(buses.items())
