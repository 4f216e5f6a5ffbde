"""Papers behind a version: a letter page by page, the notice on the wall. Staff see them; what is marked, anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
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
LONGEST_CAPTION = 190
"""The number of the page stands behind it."""


class AttachmentError(RefusalError):
    """A picture that cannot be attached; `field` names the place, `sentence` the remedy."""


@transaction.atomic
def attach(
    *,
    version: RequirementVersion,
    kind: str,
    pages: Sequence[Drawn],
    caption: str = "",
    is_public: bool = False,
    by: Actor,
    at: datetime,
) -> list[Attachment]:
    """Attach the pages of a paper to a version, a picture each, under one caption with the number of the page.

    `pages` is what `common.forms.PaperField` gives; `is_public` shows them to anybody. Raises AttachmentError for no page, an
    unknown kind, a caption that is too long, or more pictures than anybody looks at.
    """
    if kind not in AttachmentKind.values:
        raise AttachmentError("kind", _("Choose from the list what the picture shows."))
    if not pages:
        raise AttachmentError("picture", _("There is no page in it. Choose the letter or the picture."))
    if len(caption.strip()) > LONGEST_CAPTION:
        raise AttachmentError(
            "caption", _("That is longer than %(most)d letters. Shorten it.") % {"most": LONGEST_CAPTION}
        )
    if version.attachments.count() + len(pages) > MOST:
        raise AttachmentError(
            "picture", _("%(most)d pictures stand here already. One of them says it.") % {"most": MOST}
        )
    return [
        _kept(version, kind, page, _numbered(caption.strip(), number, len(pages)), is_public, by=by, at=at)
        for number, page in enumerate(pages, start=1)
    ]


def _numbered(caption: str, number: int, total: int) -> str:
    return caption if total == 1 else f"{caption} {number}/{total}".strip()


def _kept(
    version: RequirementVersion, kind: str, page: Drawn, caption: str, is_public: bool, *, by: Actor, at: datetime
) -> Attachment:
    row = Attachment.objects.create(
        version=version,
        kind=kind,
        caption=caption,
        **asdict(page),
        is_public=is_public,
        recorded_at=at,
        by=by,
    )
    audit.record("picture attached to a requirement", row, by=by, at=at)
    return row
