"""What papers share: the code to scan, the grouped fingerprint, the language of whoever a paper is for."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.utils.translation import gettext as _

from migrants.exports import Mark
from partners.models import Contact, Organisation, standing

SOURCE = "paper.typ"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
GROUP = 8
"""Letters of a fingerprint that stand together, so that two people can read it to each other."""


def qr(target: str) -> str:
    """Give the QR code of an address or a word as SVG."""
    out = io.BytesIO()
    segno.make(target, error="m", micro=False).save(out, kind="svg", border=1, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def grouped(fingerprint: str) -> str:
    """Give a fingerprint in groups of 8."""
    return " ".join(fingerprint[start : start + GROUP] for start in range(0, len(fingerprint), GROUP))


def fingerprint_of(content: Mapping[str, Any]) -> str:
    """Give the SHA-256 of what stands on a paper, in a form that does not depend on order of keys or on language."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def language_of(recipient: Organisation | None, *, at: datetime) -> str:
    """Give the language of the recipient's first desk; English where there is none, or it is none of ours."""
    if recipient is None:
        return "en"
    desks = Contact.objects.filter(standing(at), office__organisation=recipient).order_by("office", "rank")
    language = desks.values_list("language", flat=True).first()
    return language if language in LANGUAGES else "en"


def frame(
    *,
    title: str,
    lead: str,
    facts: Iterable[tuple[str, str]],
    blocks: Sequence[Mapping[str, Any]],
    mark: Mark,
    language: str,
    fingerprint: str,
    address: str,
    condition: str,
    note: str = "",
    signatures: Sequence[str] = (),
    draft: str = "",
) -> dict[str, Any]:
    """Give the values of a paper for `paper.typ`, in the language at hand.

    `blocks` are `listed`, `said` and `asked` in their order, `address` is that of the proof, `condition` that of passing
    the paper on, `draft` a word across every page instead of the number of the export.
    """
    return {
        "language": language,
        "title": title,
        "author": mark.made_by,
        "lead": lead,
        "facts": [list(fact) for fact in facts],
        "note": note,
        "blocks": list(blocks),
        "mark": f"{mark.number} · {mark.made_by} · {mark.made_at:%Y-%m-%d %H:%M} UTC · {mark.purpose}",
        "code": _code_of(address),
        "across": draft or mark.number,
        "condition": condition,
        "typed": address.partition("://")[2],
        "fingerprint": grouped(fingerprint),
        "signatures": list(signatures),
        "words": {
            "scan": _("The code leads to a page that says whether this paper is in force. It shows no names."),
            "fingerprint": _("Fingerprint (SHA-256) of what stands on this paper"),
            "nothing": _("nothing"),
        },
    }


def _code_of(address: str) -> str:
    """Give the code at the end of the address of a proof, in groups of 4."""
    code = address.rstrip("/").rpartition("/")[2]
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def listed(
    title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[object]], *, count: str = ""
) -> dict[str, Any]:
    """A table. Each column has a heading and a width in millimetres; 0 shares what is left."""
    return {
        "kind": "table",
        "title": title,
        "count": count,
        "columns": [name for name, _width in columns],
        "widths": [width for _name, width in columns],
        "rows": [["" if cell is None else str(cell) for cell in row] for row in rows],
    }


def said(title: str, sentences: Iterable[str]) -> dict[str, Any]:
    """Sentences, one below the other."""
    return {"kind": "text", "title": title, "sentences": list(sentences)}


def asked(title: str, rows: Iterable[tuple[str, str]], *, photograph: str = "") -> dict[str, Any]:
    """Fields of a form: what is not known is a line to write on, and nothing is invented (rule 17).

    `photograph` are the words in the place for one, beside the fields.
    """
    return {"kind": "fields", "title": title, "rows": [list(row) for row in rows], "photograph": photograph}
