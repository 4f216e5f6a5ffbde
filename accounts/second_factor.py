"""The second factor of an account: an app that shows codes, passkeys, and recovery codes for the day both are lost.

The sign-in library keeps them (`allauth.mfa`); what is secret in them is sealed here, bound to the account, so that a
secret copied to somebody else's row does not open.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import letters, sign_ins
from accounts.models import User
from common import audit, resealing
from common.actors import Actor
from common.audience import asking
from common.resealing import Resealed
from common.sealed import SealError, ring, seal, sealed_by, unseal

Kind = Authenticator.Type
NAME = f"{Authenticator._meta.label}.data"
FEW = 3
"""So many recovery codes or fewer are said to be few."""
STEP_SECONDS = 30
DEMONSTRATION = ".example"
"""The end of the addresses of a demonstration: no mail can reach them (RFC 2606), so nobody real has one."""


class SecondFactorError(ValueError):
    """A second factor that cannot be shown or taken away; the sentence says why."""


def sealed_for(user: User, secret: str) -> str:
    """Seals a secret of this account as text, the way the library stores it."""
    return base64.b64encode(seal(secret, bound_to=_bound_to(user))).decode()


def opened_for(user: User, sealed: str) -> str:
    """Opens what `sealed_for` made for the same account. Raises SealError."""
    return unseal(base64.b64decode(sealed), bound_to=_bound_to(user))


def _bound_to(user: User) -> str:
    return f"{Authenticator._meta.db_table}.data:{user.public_id}"


def shown(user: User) -> list[Authenticator]:
    """What the account can show: its app and its passkeys, not its recovery codes."""
    return list(Authenticator.objects.filter(user=user).exclude(type=Kind.RECOVERY_CODES).order_by("pk"))


def is_last(authenticator: Authenticator) -> bool:
    """Tells whether the account would be left without a second factor."""
    return [one.pk for one in shown(authenticator.user)] == [authenticator.pk]


def codes_left(user: User) -> int:
    """How many recovery codes are unused."""
    codes = Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).first()
    return 0 if codes is None else app_settings.RECOVERY_CODE_COUNT - int(codes.data["used_mask"]).bit_count()


@transaction.atomic
def enrol(*, user: User, by: Actor, at: datetime) -> None:
    """Gives an account of a demonstration an app with a secret of its own, unless it has one; see `code_now`."""
    if Authenticator.objects.filter(user=user, type=Kind.TOTP).exists():
        return
    secret = sealed_for(user, generate_totp_secret())
    Authenticator.objects.create(user=user, type=Kind.TOTP, data={"secret": secret})
    audit.record("second factor set", user, by=by, at=at, why=Kind.TOTP)


def code_now(user: User, *, real_at: datetime) -> str:
    """The code that the app of a demonstration account shows now. Raises SecondFactorError everywhere else."""
    if not is_of_demonstration(user):
        raise SecondFactorError("Codes are shown only where DEMO_CLOCK=1, and only for accounts of the demonstration.")
    app = Authenticator.objects.filter(user=user, type=Kind.TOTP).first()
    if app is None:
        raise SecondFactorError(f"{user.email} has no app that shows codes.")
    counter = int(real_at.timestamp()) // STEP_SECONDS
    code: str = format_hotp_value(hotp_value(opened_for(user, app.data["secret"]), counter))
    return code


def is_of_demonstration(user: User) -> bool:
    """Tells whether the account belongs to a demonstration, where the code is at hand for everybody."""
    return settings.DEMO_CLOCK and user.email.endswith(DEMONSTRATION)


@transaction.atomic
def note(*, user: User, what: str, kind: str, by: Actor, at: datetime) -> None:
    """Writes down that the owner set, removed or used part of the second factor, and tells the owner by mail.

    `what` is one of the keys of `letters.SENTENCES`.
    """
    audit.record(what, user, by=by, at=at, why=kind)
    letters.tell(user, what)


@transaction.atomic
def note_failure(*, user: User, by: Actor, at: datetime) -> None:
    """Writes down that somebody who knew the password did not show the second factor."""
    audit.record("second factor failed", user, by=by, at=at)


@transaction.atomic
def reset(*, user: User, by: Actor, at: datetime, why: str) -> None:
    """Takes every second factor from an account whose owner has lost them: the next sign-in sets up a new one.

    Ends all its sessions, forgets its devices and tells the owner. Raises SecondFactorError without a reason.
    """
    if not why.strip():
        raise SecondFactorError(_("Say why: the owner and the data protection officer will read it."))
    Authenticator.objects.filter(user=user).delete()
    sign_ins.end_all(user=user, by=by, at=at, why="second factor reset")
    audit.record("second factor reset", user, by=by, at=at, why=why.strip())
    letters.tell(user, "second factor reset")


def reseal(*, by: Actor, at: datetime, batch: int) -> Iterator[Resealed]:
    """Seals anew the secrets that the first key of the ring has not sealed; for `bin/manage reseal`."""
    sealed = unreadable = last = 0
    while True:
        with asking(resealing.AUDIENCE):
            rows = list(
                Authenticator.objects.select_for_update(of=("self",)).select_related("user").order_by("pk")
                .filter(pk__gt=last).exclude(type=Kind.WEBAUTHN)[:batch]
            )  # fmt: skip
            done, lost = _seal_anew(rows)
            if done:
                resealing.record(NAME, done, by=by, at=at)
        if not rows:
            break
        last, sealed, unreadable = rows[-1].pk, sealed + done, unreadable + lost
    yield Resealed(NAME, sealed, unreadable)


def _seal_anew(rows: list[Authenticator]) -> tuple[int, int]:
    """How many secrets were opened and sealed with the first key, and how many no key opens."""
    done = lost = 0
    for row in rows:
        name = "seed" if row.type == Kind.RECOVERY_CODES else "secret"
        if sealed_by(base64.b64decode(row.data[name])) == next(iter(ring())):
            continue
        try:
            row.data[name] = sealed_for(row.user, opened_for(row.user, row.data[name]))
        except SealError:
            lost += 1
        else:
            row.save(update_fields=["data"])
            done += 1
    return done, lost
