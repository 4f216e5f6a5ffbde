"""What else is on record for the barrier: permits, vaccinations, letters, payments, bookings."""

from __future__ import annotations

from django.utils.translation import gettext as _

from migrants.models import Proof
from returns.proof_lines import more_of
from returns.subject_access.shapes import Section, Subject


def proofs_section(subject: Subject) -> Section:
    """Give the proofs of the person; those of a whole group name nobody and are not part of it."""
    rows = Proof.objects.filter(person__in=subject.records).order_by("recorded_at")
    return Section(
        "proofs",
        _("What else you can show at a border"),
        (
            ("kind", _("What")),
            ("more", _("Which")),
            ("number", _("Number")),
            ("from", _("From")),
            ("until", _("Until")),
            ("withdrawn", _("Taken back")),
        ),
        tuple(
            (row.get_kind_display(), more_of(row), row.number, row.begins_on, row.last_on, row.withdrawn_at)
            for row in rows
        ),
    )
