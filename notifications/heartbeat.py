"""A sign of life to an address outside: who watches there hears when it stops, even when this whole house is dark."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings

from notifications import watchdog
from notifications.books import books

log = structlog.get_logger(__name__)
PATIENCE_SECONDS = 5
LOOKED_INTO = timedelta(days=2)
"""How far back the books must hold for a sign of life: what went astray long ago is said on the page alone."""


def is_well(*, at: datetime, real_at: datetime) -> bool:
    """Whether every part of the engine gives signs of life and the books hold. Call it in a transaction."""
    silent = watchdog.silent_parts(real_at=real_at)
    return not silent and all(account.holds for account in books(at=at, real_at=real_at, kept=LOOKED_INTO))


def beat_outside() -> bool:
    """Asks HEARTBEAT_URL, which learns that we live; whether it answered well. Never raises, follows no redirect."""
    import requests  # noqa: PLC0415  # the pages need it never, and it is large

    from common.egress import PublicAddressesOnly  # noqa: PLC0415

    with requests.Session() as session:
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, PublicAddressesOnly())
        try:
            answer = session.get(settings.HEARTBEAT_URL, timeout=PATIENCE_SECONDS, allow_redirects=False)
        except (requests.RequestException, OSError) as error:
            log.warning("heartbeat_not_sent", error=type(error).__name__)
            return False
    if answer.status_code >= 300:
        log.warning("heartbeat_not_taken", status=answer.status_code)
    return answer.status_code < 300
