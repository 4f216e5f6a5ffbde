"""Legal holds: while one stands, neither a clock nor a request erases anything of that person or group."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.models import LegalHold, Migrant, TravelGroup


class LegalHoldError(RefusalError):
    """A legal hold that cannot be set or lifted; the sentence says what to mend."""


@transaction.atomic
def set_legal_hold(*, about: Migrant | TravelGroup, reason: str, by: Actor, at: datetime) -> LegalHold:
    """Stop every erasure of a person, or of everybody in a group. One that stands already is given back as it is."""
    if not reason.strip():
        raise LegalHoldError("reason", _("Say who asks for it and under which reference, without naming the person."))
    place = {"person": about} if isinstance(about, Migrant) else {"group": about}
    standing = LegalHold.objects.standing().select_for_update(of=("self",)).filter(**place).first()
    if standing is not None:
        return standing
    row = LegalHold.objects.create(**place, reason=reason.strip()[:300], set_at=at, set_by=by)
    audit.record("legal hold set", row, by=by, at=at)
    return row


@transaction.atomic
def lift_legal_hold(*, hold: LegalHold, reason: str, by: Actor, at: datetime) -> LegalHold:
    """Lift a hold; clocks that ran out meanwhile count from the next night. Lifting it again changes nothing."""
    if not reason.strip():
        raise LegalHoldError("lifting_reason", _("Say why it is lifted."))
    hold = LegalHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if hold.lifted_at is None:
        hold.lifted_at, hold.lifted_by, hold.lifting_reason = at, by, reason.strip()[:300]
        hold.save(update_fields=["lifted_at", "lifted_by", "lifting_reason"])
        audit.record("legal hold lifted", hold, by=by, at=at)
    return hold
