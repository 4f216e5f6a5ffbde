"""Pictures that are uploaded: looked at, then drawn anew, so that nothing of the file itself is kept.

Drawing anew leaves behind what a phone writes into a picture (place, hour, device) and whatever else hides in a file.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from common.uploads import UploadError, check_for_harm

MAX_PICTURE_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 60_000_000
"""The largest cameras of phones; what says that it is larger is refused before it is unpacked."""
LONGEST_SIDE = 1_000
_QUALITY = 82
_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it is kept: JPEG, upright, without anything but its points; width and height in pixels."""

    content: bytes
    width: int
    height: int


def drawn_anew(content: bytes, *, name: str = "", longest_side: int = LONGEST_SIDE) -> Drawn:
    """Look at an uploaded picture and draw it anew, its longest side at most 1,000 pixels, or as many as are given.

    JPEG, PNG and WebP by their content; `name` is only kept with what the virus scanner finds. Raises UploadError.
    """
    if not content:
        raise UploadError(_("The file is empty. Take the picture again."))
    if len(content) > MAX_PICTURE_BYTES:
        sentence = _("The picture is larger than %(most)d MB. Take it again in a smaller size.")
        raise UploadError(sentence % {"most": MAX_PICTURE_BYTES // 1024 // 1024})
    check_for_harm(content, name=name)
    return _draw(content, longest_side)


def _draw(content: bytes, longest_side: int) -> Drawn:
    from PIL import Image, ImageOps  # noqa: PLC0415  # heavy, and few processes ever see a picture

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is too large or half written; both are refused here
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise _too_large()  # noqa: TRY301  # before a single point is unpacked
                picture.draft("RGB", (2 * longest_side, 2 * longest_side))
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((longest_side, longest_side))
                plain = _on_white(upright)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except UploadError:
        raise
    except Exception as error:  # whatever a damaged file makes a reader of pictures raise
        raise UploadError(_("This is no picture that can be read. Save it as JPEG or PNG and try again.")) from error
    kept = io.BytesIO()
    plain.save(kept, "JPEG", quality=_QUALITY, optimize=True)
    return Drawn(kept.getvalue(), plain.width, plain.height)


def _too_large() -> UploadError:
    return UploadError(_("The picture has more points than any camera takes. Take it again."))


def _on_white(picture: Any) -> Any:
    """Give the points alone: what is see-through lies on white, as on paper."""
    from PIL import Image  # noqa: PLC0415

    layers = picture.convert("RGBA")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(layers, mask=layers.getchannel("A"))
    return paper
