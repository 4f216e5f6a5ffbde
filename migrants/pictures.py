"""Keep a picture of a person, and give addresses at which one account can look at it for some minutes."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common import audit, signed_views
from common.actors import Actor
from common.pictures import Drawn
from common.refusals import RefusalError
from migrants.enums import PictureKind
from migrants.models import Migrant, Picture

HELD_MINUTES = 60
"""For how long a picture that nobody has kept yet stays in the form of whoever took it."""
_SALT, _HELD = "picture", "picture of a form"


class PictureError(RefusalError):
    """A picture that cannot be kept. `field` names the place, `sentence` what is wrong and the remedy."""


@transaction.atomic
def keep(
    *, person: Migrant, kind: str, upload: Drawn, taken_at: datetime | None = None, by: Actor, at: datetime
) -> Picture:
    """Keep a picture, sealed. `upload` is what `common.forms.PictureField` gives; `taken_at` is now where nobody said.

    Earlier ones stay: a face changes, and what was signed was signed. Raises PictureError.
    """
    if kind not in PictureKind.values:
        raise PictureError("kind", _("Choose from the list what the picture shows."))
    row = Picture.objects.create(
        person=person,
        mission_id=person.mission_id,
        kind=kind,
        **asdict(upload),
        taken_at=taken_at or at,
        recorded_at=at,
        by=by,
    )
    audit.record("picture kept", row, by=by, at=at)
    return row


def key_for(picture: UUID, *, account: UUID) -> str:
    """Give what must stand behind a picture's address (public ids) so that this account, and no other, can open it."""
    return signed_views.key_for(picture, account=account, kind=_SALT)


def opens(key: str, picture: UUID, *, account: UUID) -> bool:
    """Tell whether the key is ours, for this picture and this account, and not older than five minutes of real time."""
    return signed_views.opens(key, picture, account=account, kind=_SALT)


def hold(drawn: Drawn, *, account: UUID) -> str:
    """Give a picture as text that goes back into the form it came with, so that an error elsewhere in it costs no picture.

    It is signed for this account and stored nowhere: whoever leaves the form leaves nothing behind.
    """
    told = [str(account), b64encode(drawn.content).decode(), drawn.width, drawn.height]
    return signing.TimestampSigner(salt=_HELD).sign_object(told)


def held(text: str, *, account: UUID) -> Drawn | None:
    """Give the picture that `hold` gave to this account within the last hour, else None."""
    try:
        whose, content, width, height = signing.TimestampSigner(salt=_HELD).unsign_object(
            text, max_age=HELD_MINUTES * 60
        )
    except (signing.BadSignature, ValueError):
        return None
    return Drawn(b64decode(content), width, height) if whose == str(account) else None
