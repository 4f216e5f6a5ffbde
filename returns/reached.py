"""Which rows of the pages here an account reaches, for whoever asks why (`partners.explaining`). Only yes or no leaves here."""

from __future__ import annotations

from uuid import UUID

from common.audience import reaching_for
from migrants.models import Enquiry, Export, Migrant, TravelGroup
from partners.access import Permission, Viewer
from partners.explaining import Place, register_reference, register_route
from partners.models import EmergencyAccess
from returns.incoming import movements_to, shown_to
from returns.models import Movement, ReturnCase
from returns.receiving import journeys_with


def register() -> None:
    """Says it for people, groups, movements and cases, and for the pages of an organisation that receives people."""
    for page in ("person", "case_close", "case_reopen", "follow_up", "reintegration"):
        register_route(f"returns:{page}", lambda viewer, place: _reaches_person(viewer, place["public_id"]))
    for page in ("returns:group", "returns:person_new", "returns:person_from_passport", "returns:movement_new"):
        register_route(page, lambda viewer, place: _reaches_group(viewer, place["public_id"]))
    for page in ("returns:movement", "returns:frozen_manifest"):
        register_route(page, lambda viewer, place: _reaches_movement(viewer, place["public_id"]))
    register_route("returns:person_access", _answers_for)
    register_route("returns:arrival", _expects)
    register_route("returns:day_arrival", _receives)
    register_route("returns:emergency_end", _has_opened)
    register_route("returns:export", _reaches_export)
    register_route("returns:enquiry", lambda viewer, place: _reaches_enquiry(viewer, place["public_id"]))
    for reached in (_reaches_person, _reaches_group, _reaches_movement, _reaches_case):
        register_reference(reached)


def _reaches_person(viewer: Viewer, public_id: UUID) -> bool:
    if viewer.missions:
        return Migrant.objects.visible_to(viewer).filter(public_id=public_id).exists()
    if viewer.at is None:
        return False
    return shown_to(viewer.organisations, at=viewer.at).filter(person__public_id=public_id).exists()


def _answers_for(viewer: Viewer, place: Place) -> bool:
    """Oversight, which has no caseload, answers for anybody."""
    if not viewer.may(Permission.KEEP_RETENTION):
        return _reaches_person(viewer, place["public_id"])
    with reaching_for("subject access"):
        return Migrant.objects.living_records().filter(public_id=place["public_id"]).exists()


def _reaches_group(viewer: Viewer, public_id: UUID) -> bool:
    return TravelGroup.objects.visible_to(viewer).filter(public_id=public_id).exists()


def _reaches_movement(viewer: Viewer, public_id: UUID) -> bool:
    return Movement.objects.visible_to(viewer).filter(public_id=public_id).exists()


def _reaches_case(viewer: Viewer, public_id: UUID) -> bool:
    return ReturnCase.objects.visible_to(viewer).filter(public_id=public_id).exists()


def _expects(viewer: Viewer, place: Place) -> bool:
    return movements_to(viewer.organisations).filter(public_id=place["public_id"]).exists()


def _receives(viewer: Viewer, place: Place) -> bool:
    if viewer.at is None:
        return False
    return journeys_with(viewer.organisations, at=viewer.at).filter(public_id=place["public_id"]).exists()


def _has_opened(viewer: Viewer, place: Place) -> bool:
    return EmergencyAccess.objects.filter(user=viewer.user, public_id=place["public_id"]).exists()


def _reaches_enquiry(viewer: Viewer, public_id: UUID) -> bool:
    return Enquiry.objects.visible_to(viewer).exclude(user=viewer.user).filter(public_id=public_id).exists()


def _reaches_export(viewer: Viewer, place: Place) -> bool:
    return Export.objects.visible_to(viewer).filter(public_id=place["public_id"]).exists()
