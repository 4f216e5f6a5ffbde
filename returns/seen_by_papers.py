"""Who sees what about a person, on one page for that person, in that person's language (domain, confidentiality 9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.actors import Actor
from migrants.enums import DataCategory
from migrants.exports import Made, Mark
from migrants.models import Disclosure, Migrant
from notifications.hours import local_times
from returns.enums import PaperKind
from returns.journey_facts import condition_of_own
from returns.paper_issues import About, give_out
from returns.paper_parts import fingerprint_of, frame, listed, said


def print_seen_by(
    *, person: Migrant, with_name: bool, language: str, purpose: str, zone: str, by: Actor, at: datetime
) -> Made:
    """Print which organisations see the person at business time `at`, what, and until when, and how to take that back.

    `with_name` False: the number alone stands on it, for whoever must not be found with a paper that names them. `zone` is
    that of the place. Raises ExportError without a purpose, PaperError where it would print badly.
    """
    rows = list(seeing(person, at=at))
    fingerprint = fingerprint_of(
        {
            "person": str(person.public_id),
            "rows": [[row.recipient.code, row.valid_from, row.valid_until, sorted(row.categories)] for row in rows],
        }
    )
    about = About(
        kind=PaperKind.SEEN_BY,
        number=1,
        fingerprint=fingerprint,
        title=f"who sees {person.number}",
        mission=person.mission,
        recipient_name=_("the person whom it is about"),
        people=[person.public_id],
    )

    def values(mark: Mark, address: str) -> dict[str, Any]:
        facts = [(_("Number"), person.number), (_("Date"), local_times(at, [zone])), (_("Made by"), str(by))]
        if with_name:
            facts.insert(0, (_("Name"), person.full_name))
        return frame(
            title=_("Who sees what about you"),
            lead="",
            facts=facts,
            blocks=[*_table(rows, zone), said(_("What you can do"), _rights())],
            mark=mark,
            language=(get_language() or "en")[:2],
            fingerprint=fingerprint,
            address=address,
            condition=condition_of_own(),
        )

    return give_out(about=about, values=values, language=language, purpose=purpose, by=by, at=at)


def seeing(person: Migrant, *, at: datetime) -> Any:
    """Give the disclosures of a person that live at `at`, by organisation."""
    living = Q(valid_until__isnull=True) | Q(valid_until__gt=at)
    rows = Disclosure.objects.filter(living, person=person, valid_from__lte=at).select_related("recipient")
    return rows.order_by("recipient__code", "pk")


def _table(rows: list[Disclosure], zone: str) -> list[dict[str, Any]]:
    if not rows:
        return [said("", [_("No organisation outside IOM sees you. Nobody was told your name.")])]
    columns = ((_("Who"), 0), (_("What they see"), 0), (_("From"), 34), (_("Until"), 34))
    return [
        listed(
            _("Outside IOM"),
            columns,
            (
                (
                    row.recipient.name_in(get_language() or "en"),
                    ", ".join(str(DataCategory(each).label) for each in row.categories),
                    local_times(row.valid_from, [zone]),
                    local_times(row.valid_until, [zone]) if row.valid_until else _("you take it back, or are at home"),
                )
                for row in rows
            ),
        )
    ]


def _rights() -> list[str]:
    return [
        _("You can take back what you agreed to at any time until you leave, without giving a reason. Tell us."),
        _("You can ask what is written down about you, have it corrected, and ask who looked at it."),
        _("Results of tests, and what you told us in confidence, are shown to nobody outside IOM."),
    ]
