"""Phones that keep entries without a network: each is a row, is listed, and can be told to wipe itself (rule 13)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import sign_ins
from accounts.models import FieldDevice, User
from common import audit
from common.actors import Actor

NOTED_EVERY = timedelta(minutes=5)


class DeviceError(ValueError):
    """A device that cannot be revoked; the sentence says why."""


@transaction.atomic
def meet(
    *, user: User, public_id: UUID, user_agent: str, by: Actor, at: datetime, real_at: datetime
) -> FieldDevice | None:
    """The device of this account, entered at the first contact; None where the id is another account's device."""
    row, is_new = FieldDevice.objects.get_or_create(
        public_id=public_id,
        defaults={
            "user": user, "name": sign_ins.name_of_device(user_agent), "first_seen_at": real_at, "last_seen_at": real_at,
        },
    )  # fmt: skip
    if row.user_id != user.pk:
        return None
    if is_new:
        audit.record("device entered", row, by=by, at=at)
    elif real_at - row.last_seen_at >= NOTED_EVERY:
        FieldDevice.objects.filter(pk=row.pk).update(last_seen_at=real_at)
    return row


@transaction.atomic
def revoke(*, user: User, public_id: UUID, keep: str = "", by: Actor, at: datetime, real_at: datetime) -> None:
    """Refuses the device from now on, and has it wipe itself at its next contact.

    Every session of the account ends, but for the one marked `keep`: the phone may hold one. Raises DeviceError.
    """
    row = FieldDevice.objects.select_for_update().filter(user=user, public_id=public_id).first()
    if row is None or row.revoked_at is not None:
        raise DeviceError(_("This device was revoked already."))
    row.revoked_at = real_at
    row.save(update_fields=["revoked_at"])
    audit.record("device revoked", row, by=by, at=at)
    sign_ins.end_all(user=user, keep=keep, by=by, at=at, why="device revoked")


@transaction.atomic
def confirm_wipe(*, public_id: UUID, by: Actor, at: datetime, real_at: datetime) -> None:
    """Notes that a revoked device says it has wiped itself; once."""
    row = FieldDevice.objects.select_for_update().filter(public_id=public_id, revoked_at__isnull=False).first()
    if row is not None and row.wiped_at is None:
        row.wiped_at = real_at
        row.save(update_fields=["wiped_at"])
        audit.record("device wiped", row, by=by, at=at)


def is_revoked(written: str) -> bool:
    """True for the id of a device that was revoked."""
    try:
        return FieldDevice.objects.filter(public_id=UUID(written), revoked_at__isnull=False).exists()
    except ValueError:
        return False


def of(user: User) -> list[FieldDevice]:
    """The devices of an account, the last seen first."""
    return list(user.field_devices.order_by("-last_seen_at"))
