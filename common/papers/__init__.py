"""Letters that come as PDF: every page becomes a picture, and nothing else of the file is kept.

A PDF may carry scripts, other files and addresses that call home. Its pages are drawn by a process of its own, which ends with
whatever the file made of it; what it gives back is drawn anew like any other picture (`common/pictures.py`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.utils.translation import gettext as _

from common.papers.child import LOCKED, LONG
from common.pictures import MAX_PICTURE_BYTES, Drawn, drawn_anew
from common.uploads import UploadError, check_for_harm

PDF = b"%PDF-"
MAX_PAGES = 12
LONGEST_SIDE = 1_600
"""Pixels: small print of a letter can still be read."""
LONGEST_DRAWING = 30
"""Seconds for the whole letter."""
_CHILD = Path(__file__).with_name("child.py")


def pages_of(content: bytes, *, name: str = "") -> list[Drawn]:
    """Give a letter (PDF) or a picture as pictures, one for each page; the kind is told by the content.

    `name` is only kept with what the virus scanner finds. Raises UploadError.
    """
    if not content.startswith(PDF):
        return [drawn_anew(content, name=name)]
    if len(content) > MAX_PICTURE_BYTES:
        sentence = _("The letter is larger than %(most)d MB. Send the pages that matter alone.")
        raise UploadError(sentence % {"most": MAX_PICTURE_BYTES // 1024 // 1024})
    check_for_harm(content, name=name)
    return [drawn_anew(page, longest_side=LONGEST_SIDE) for page in _drawn(content)]


def _drawn(content: bytes) -> list[bytes]:
    """Let the child draw; it writes each page with its length before it."""
    try:
        done = subprocess.run(  # noqa: S603  # our own script; the file goes in as data
            [sys.executable, "-I", str(_CHILD), str(MAX_PAGES), str(LONGEST_SIDE)],
            input=content,
            capture_output=True,
            env={"PATH": os.environ.get("PATH", "")},  # no key of ours goes along
            timeout=LONGEST_DRAWING,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UploadError(_("The letter takes too long to draw. Print it, and take a picture of the paper.")) from error
    if done.returncode:
        raise _refusal(done.returncode)
    pages, rest = [], done.stdout
    while rest:
        size, rest = int.from_bytes(rest[:4], "big"), rest[4:]
        pages.append(rest[:size])
        rest = rest[size:]
    return pages


def _refusal(code: int) -> UploadError:
    if code == LOCKED:
        return UploadError(
            _("The letter is protected by a password. Save it without one, or take a picture of the paper.")
        )
    if code == LONG:
        sentence = _("The letter has more than %(most)d pages. Send the pages that matter alone.")
        return UploadError(sentence % {"most": MAX_PAGES})
    return UploadError(_("The letter is damaged and cannot be drawn. Take a picture of the paper."))
