"""Which case is meant when somebody asks for one beyond their reach: a group by its code, a person by number or reference."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.audience import reaching_for
from migrants.models import Migrant, TravelGroup
from partners import emergencies
from partners.access import Viewer
from partners.emergencies import EmergencyError
from partners.models import EmergencyAccess


@transaction.atomic
def open_case(*, viewer: Viewer, written: str, reason: str, by: Actor, at: datetime) -> EmergencyAccess:
    """Opens the case that is `written` (code of a group, number of a person, or a public id) as `break_glass` does.

    Raises EmergencyError also for what nobody knows, and for what the viewer reaches without an emergency.
    """
    with reaching_for("a case is opened in an emergency"):
        found = _named(written.strip())
        if found is None:
            raise EmergencyError("case", _("Nothing has this number. Ask for it again, letter by letter."))
        if type(found).objects.visible_to(viewer).filter(pk=found.pk).exists():
            raise EmergencyError("case", _("You reach this case already: search for it as usual."))
        is_group = isinstance(found, TravelGroup)
        return emergencies.break_glass(
            viewer=viewer,
            subject=f"{'group' if is_group else 'person'}:{found.public_id}",
            label=found.code if is_group else found.number,  # type: ignore[union-attr]  # which of the two is_group says
            mission=found.mission,
            reason=reason,
            by=by,
            at=at,
        )


def _named(written: str) -> TravelGroup | Migrant | None:
    groups = TravelGroup.objects.select_related("mission")
    people = Migrant.objects.living_records().select_related("mission")
    try:
        public_id = UUID(written)
    except ValueError:
        return groups.filter(code__iexact=written).first() or people.filter(number__iexact=written).first()
    return groups.filter(public_id=public_id).first() or people.filter(public_id=public_id).first()
