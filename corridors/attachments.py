"""Pictures of the paper behind a version: a letter, the notice on the wall. Staff see them; what is marked, anybody."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.pictures import Drawn
from common.refusals import RefusalError
from corridors.enums import AttachmentKind
from corridors.models import Attachment, RequirementVersion

MOST = 20


class AttachmentError(RefusalError):
    """A picture that cannot be attached; `field` names the place, `sentence` the remedy."""


@transaction.atomic
def attach(
    *,
    version: RequirementVersion,
    kind: str,
    upload: Drawn,
    caption: str = "",
    is_public: bool = False,
    by: Actor,
    at: datetime,
) -> Attachment:
    """Attach a picture to a version. `upload` is what `common.forms.PictureField` gives; `is_public` shows it to anybody.

    Raises AttachmentError for an unknown kind, a caption that is too long, or more pictures than anybody looks at.
    """
    if kind not in AttachmentKind.values:
        raise AttachmentError("kind", _("Choose from the list what the picture shows."))
    if len(caption.strip()) > 200:
        raise AttachmentError("caption", _("That is longer than %(most)d letters. Shorten it.") % {"most": 200})
    if version.attachments.count() >= MOST:
        raise AttachmentError(
            "picture", _("%(most)d pictures stand here already. One of them says it.") % {"most": MOST}
        )
    row = Attachment.objects.create(
        version=version,
        kind=kind,
        caption=caption.strip(),
        content=upload.content,
        width=upload.width,
        height=upload.height,
        is_public=is_public,
        recorded_at=at,
        by=by,
    )
    audit.record("picture attached to a requirement", row, by=by, at=at)
    return row
