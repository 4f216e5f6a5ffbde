"""Where an account is signed in, and which devices need no second factor until their shift ends. All of it can be ended.

A session is marked with the public id of its row. `began_at`, `until` and every age here are wall time (`real_at=`),
because a session ends by the clock on the wall; `at=` is business time, for the audit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts.models import RememberedDevice, SignIn, User
from common import audit
from common.actors import Actor
from common.audience import Audience, asking

SHIFT = timedelta(hours=12)
"""The longest that a session lives and that a device is remembered."""
NOTED_EVERY = timedelta(minutes=5)
"""How exactly "last used" is kept: a page that is only read should not write."""
MARK, BEGAN, SEEN, FACTOR = "sign_in", "signed_in_at", "seen_at", "second_factor"
"""What a session carries: its row, since when, when last noted, and by what the second factor was shown."""

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("YaBrowser", "Yandex"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
            ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
           ("Linux", "Linux"))  # fmt: skip


def name_of_device(user_agent: str) -> str:
    """ "Firefox, Windows": what a person recognises a device by. The whole header would be a fingerprint."""
    found = [next((name for part, name in names if part in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or re.sub(r"[^\w ./-]", "", user_agent)[:40] or "?"


@transaction.atomic
def begin(
    *, user: User, session: SessionBase, user_agent: str, address: str | None, factor: str, by: Actor, at: datetime,
    real_at: datetime,
) -> SignIn:  # fmt: skip
    """Notes that a session began; `factor` says what showed the second factor, empty where the account needs none."""
    user.sign_ins.filter(began_at__lte=real_at - SHIFT).delete()
    user.remembered_devices.filter(until__lte=real_at).delete()
    row = SignIn.objects.create(
        user=user, session_key=session.session_key, device=name_of_device(user_agent), address=address,
        second_factor=factor, began_at=real_at, last_used_at=real_at,
    )  # fmt: skip
    session.update({MARK: str(row.public_id), BEGAN: real_at.timestamp(), SEEN: real_at.timestamp(), FACTOR: factor})
    audit.record("signed in", user, by=by, at=at, why=factor)
    return row


def stands(session: SessionBase, user: User, *, real_at: datetime) -> bool:
    """Tells whether this session still signs `user` in: within its shift, and with a second factor where one is due."""
    began = session.get(BEGAN)
    if began is not None and real_at.timestamp() - began >= SHIFT.total_seconds():
        return False
    return not user.must_use_second_factor or bool(session.get(FACTOR))


def note_use(session: SessionBase, *, real_at: datetime) -> None:
    """Keeps when a session was last used, to about five minutes."""
    seen = session.get(SEEN)
    if seen is None or real_at.timestamp() - seen < NOTED_EVERY.total_seconds():
        return
    session[SEEN] = real_at.timestamp()
    with asking(Audience.signing_in()):
        SignIn.objects.filter(public_id=session[MARK]).update(last_used_at=real_at)


def of(user: User, *, real_at: datetime) -> list[SignIn]:
    """Where `user` is signed in, the latest first."""
    return list(user.sign_ins.filter(began_at__gt=real_at - SHIFT).order_by("-last_used_at"))


@transaction.atomic
def end(*, sign_in: SignIn, by: Actor, at: datetime, why: str = "") -> None:
    """Ends one session at once: the next request with it is a stranger's."""
    _end([sign_in])
    audit.record("session ended", sign_in.user, by=by, at=at, why=why)


@transaction.atomic
def end_all(*, user: User, keep: str = "", by: Actor, at: datetime, why: str = "") -> int:
    """Ends every session of `user` but the one marked `keep`, and forgets every device; returns how many it ended."""
    rows = list(user.sign_ins.exclude(public_id=keep) if keep else user.sign_ins.all())
    _end(rows)
    user.remembered_devices.all().delete()
    audit.record("sessions ended", user, by=by, at=at, why=why)
    return len(rows)


def forget_ended(*, real_at: datetime) -> None:
    """Takes away what has ended by itself: sessions past their shift, devices past theirs. They open nothing any more."""
    SignIn.objects.filter(began_at__lte=real_at - SHIFT).delete()
    RememberedDevice.objects.filter(until__lte=real_at).delete()
    _store("").clear_expired()


def _end(rows: Iterable[SignIn]) -> None:
    """Takes the sessions out of the table and out of the cache; out of the cache again once it is committed, because a
    request in between may have put it back."""
    keys = [row.session_key for row in rows]
    SignIn.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for key in keys:
        _store(key).delete()
    transaction.on_commit(lambda: [_store(key).delete() for key in keys] and None)


def _store(key: str) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


@transaction.atomic
def remember(*, user: User, by: Actor, at: datetime, real_at: datetime) -> RememberedDevice:
    """Lets the password be enough on this device until the shift ends; returns what the device keeps."""
    device = RememberedDevice.objects.create(user=user, until=real_at + SHIFT)
    audit.record("device remembered", user, by=by, at=at)
    return device


def is_remembered(user: User, ref: str, *, real_at: datetime) -> bool:
    """Tells whether `ref`, which a device showed, is a remembered device of this account."""
    return user.remembered_devices.filter(public_id=ref, until__gt=real_at).exists()
