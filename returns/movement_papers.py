"""The papers and lists of one movement: which there are, for whom each may be made, and making the one that was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from common.actors import Actor
from common.refusals import RefusalError
from migrants.exports import Made
from migrants.models import Disclosure, Migrant
from partners.enums import OrganisationKind
from partners.models import Organisation
from returns.advance_notice_papers import print_advance_notice
from returns.bus_list_papers import print_bus_list, print_drivers_list
from returns.enums import JourneyPaper
from returns.handover_papers import print_handover
from returns.journey_facts import zones_of_way
from returns.list_files import manifest_list, reconciliation_list
from returns.models import Manifest, ManifestEntry, Movement
from returns.movement_alerts import parties_of
from returns.paper_parts import language_of
from returns.slip_papers import print_slips
from returns.transit_request_papers import print_transit_request

_J = JourneyPaper
FOR_ONE = frozenset({_J.TRANSIT_REQUEST, _J.ADVANCE_NOTICE})
"""Made for an organisation alone."""
FOR_OURSELVES = frozenset({_J.DRIVERS, _J.SLIPS, _J.RECONCILIATION_LIST})
"""Never made for an organisation: what they hold concerns nobody outside, or names nobody and goes by hand."""
FOR_CARRIERS = frozenset({_J.DRIVERS})
"""What a carrier is given: its own buses, without names."""
RECEIVING = (OrganisationKind.EMBASSY, OrganisationKind.CONSULATE, OrganisationKind.REGION)


class PaperChoiceError(RefusalError):
    """A paper that cannot be made for this one, or not yet. `field` names what to mend, `sentence` how."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be printed; `language` empty for that of the recipient."""

    kind: JourneyPaper
    recipient: Organisation | None
    language: str
    purpose: str


def recipients_of(movement: Movement) -> list[Organisation]:
    """Give who may be given a paper: who decides on the corridor, who receives in the country of arrival, who drives a
    bus, and to whom somebody on a manifest is shown. Never by who is on board otherwise.
    """
    entries = ManifestEntry.objects.filter(manifest__movement=movement)
    shown = Disclosure.objects.filter(person__in=entries.values("person")).values("recipient")
    decide = [organisation.pk for organisation in parties_of(movement.corridor_version)]
    home = Q(kind__in=RECEIVING, country=movement.corridor_version.corridor.to_country)
    drive = movement.vehicles.exclude(carrier=None).values("carrier")
    rows = Organisation.objects.filter(Q(pk__in=shown) | Q(pk__in=decide) | Q(pk__in=drive) | home)
    return list(rows.exclude(kind=OrganisationKind.IOM).order_by("name_en"))


def print_for(*, movement: Movement, wanted: Wanted, by: Actor, at: datetime) -> tuple[Made, str]:
    """Make the paper or list that is wanted; gives it with the name of its file, which names nobody.

    Raises PaperChoiceError, RequestPaperError, ProtocolError and ExportError with the field to mend, and PaperError.
    """
    _refuse_wrong_recipient(wanted)
    manifest = movement.manifests.select_related("movement", "mission").last()
    if manifest is not None:
        manifest.movement = movement
    language = wanted.language or language_of(wanted.recipient, at=at)
    made = _made(movement, manifest, wanted, language, by=by, at=at)
    ending = "xlsx" if wanted.kind in (_J.MANIFEST_LIST, _J.RECONCILIATION_LIST) else "pdf"
    to = f"-{wanted.recipient.code}" if wanted.recipient else ""
    name = f"{wanted.kind.value.replace('_', '-')}-{movement.group.code}-{movement.number}{to}.{ending}"
    return made, name


def _refuse_wrong_recipient(wanted: Wanted) -> None:
    if wanted.recipient is not None and wanted.recipient.kind == OrganisationKind.CARRIER:
        if wanted.kind not in FOR_CARRIERS:
            raise PaperChoiceError(
                "kind", _("A carrier is given the list of its own buses, without names. Choose that.")
            )
        return
    if wanted.kind in FOR_ONE and wanted.recipient is None:
        raise PaperChoiceError("recipient", _("Choose the organisation for which it is made."))
    if wanted.kind in FOR_OURSELVES and wanted.recipient is not None:
        raise PaperChoiceError("recipient", _("This is made for our own use alone. Choose that."))


def _made(
    movement: Movement, manifest: Manifest | None, wanted: Wanted, language: str, *, by: Actor, at: datetime
) -> Made:
    recipient, purpose = wanted.recipient, wanted.purpose
    match wanted.kind:
        case _J.SLIPS:
            people = Migrant.objects.filter(seats__movement=movement, seats__vehicle__isnull=False)
            return print_slips(people=list(people), movement=movement, language=language, purpose=purpose, by=by, at=at)
        case _J.RECONCILIATION_LIST:
            zone = zones_of_way(movement)[0]
            return reconciliation_list(movement=movement, zone=zone, language=language, purpose=purpose, by=by, at=at)
        case _J.HANDOVER:
            return print_handover(
                movement=movement, recipient=recipient, language=language, purpose=purpose, by=by, at=at
            )
    if recipient is not None and wanted.kind in FOR_ONE:
        press = print_transit_request if wanted.kind == _J.TRANSIT_REQUEST else print_advance_notice
        return press(movement=movement, recipient=recipient, language=language, purpose=purpose, by=by, at=at)
    if manifest is None:
        raise PaperChoiceError("kind", _("No manifest is frozen yet. Freeze it first; the list is made of it."))
    if wanted.kind == _J.DRIVERS:
        return print_drivers_list(
            manifest=manifest, carrier=recipient, language=language, purpose=purpose, by=by, at=at
        )
    listing = manifest_list if wanted.kind == _J.MANIFEST_LIST else print_bus_list
    return listing(manifest=manifest, recipient=recipient, language=language, purpose=purpose, by=by, at=at)
