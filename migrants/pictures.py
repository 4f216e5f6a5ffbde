"""Keep a picture of a person, and give addresses at which one account can look at it for some minutes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common import audit
from common.actors import Actor
from common.pictures import Drawn
from migrants.enums import PictureKind
from migrants.models import Migrant, Picture

MINUTES = 5
"""For how long an address opens a picture."""
_SALT = "picture"


class PictureError(ValueError):
    """A picture that cannot be kept. `field` names the place, `sentence` what is wrong and the remedy."""

    def __init__(self, sentence: str | Promise, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


@transaction.atomic
def keep(
    *, person: Migrant, kind: str, upload: Drawn, taken_at: datetime | None = None, by: Actor, at: datetime
) -> Picture:
    """Keep a picture, sealed. `upload` is what `common.forms.PictureField` gives; `taken_at` is now where nobody said.

    Earlier ones stay: a face changes, and what was signed was signed. Raises PictureError.
    """
    if kind not in PictureKind.values:
        raise PictureError(_("Choose from the list what the picture shows."), field="kind")
    row = Picture.objects.create(
        person=person,
        mission_id=person.mission_id,
        kind=kind,
        content=upload.content,
        width=upload.width,
        height=upload.height,
        taken_at=taken_at or at,
        recorded_at=at,
        by=by,
    )
    audit.record("picture kept", row, by=by, at=at)
    return row


def key_for(picture: UUID, *, account: UUID) -> str:
    """Give what must stand behind a picture's address (public ids) so that this account, and no other, can open it."""
    return signing.TimestampSigner(salt=_SALT).sign_object([str(picture), str(account)])


def opens(key: str, picture: UUID, *, account: UUID) -> bool:
    """Tell whether the key is ours, for this picture and this account, and not older than five minutes of real time."""
    try:
        named = signing.TimestampSigner(salt=_SALT).unsign_object(key, max_age=MINUTES * 60)
    except (signing.BadSignature, ValueError):
        return False
    return bool(named == [str(picture), str(account)])
