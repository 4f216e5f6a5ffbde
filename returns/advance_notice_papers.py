"""The advance notice of an arrival: hour, place, heads and bands; names only of those who agreed to be shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.actors import Actor
from migrants.exports import Made, Mark
from notifications.hours import local_times
from partners.models import Organisation
from returns import arrival_needs, incoming
from returns.arrival_figures import figures_of
from returns.enums import PaperKind
from returns.incoming import Expected
from returns.journey_facts import condition_for, facts_of, in_words, way_of, zones_of_way
from returns.models import Movement
from returns.paper_issues import About, give_out
from returns.paper_parts import fingerprint_of, frame, listed
from returns.transit_request_papers import counted


def print_advance_notice(
    *, movement: Movement, recipient: Organisation, language: str, purpose: str, by: Actor, at: datetime
) -> Made:
    """Print the notice for one recipient: what was counted, and whom it may see, as on its own page of arrivals.

    Raises ExportError without a purpose, PaperError where it would print badly.
    """
    figures, shown = figures_of([movement])[movement.pk], list(incoming.on_board(movement, [recipient], at=at))
    arrives = incoming.arrives_at(movement)
    is_told = arrival_needs.may_be_told(movement, [recipient])
    needs = movement.arrival_needs if is_told else {}
    fingerprint = fingerprint_of(
        {
            "movement": str(movement.public_id),
            "for": recipient.code,
            "arrives": arrives.isoformat(),
            "heads": figures.heads,
            "needs": needs,
            "names": [[row.person.full_name, row.person.birth_year, row.categories] for row in shown],
        }
    )
    about = About(
        kind=PaperKind.ADVANCE_NOTICE,
        number=_version(movement, recipient, fingerprint),
        fingerprint=fingerprint,
        title=f"advance notice {movement}",
        mission=movement.mission,
        movement=movement,
        version=movement.corridor_version,
        recipient=recipient,
        people=[row.person.public_id for row in shown],
    )

    def values(mark: Mark, address: str) -> dict[str, Any]:
        hour = (_("Expected arrival"), local_times(arrives, reversed(zones_of_way(movement))))
        return frame(
            title=_("Advance notice of arrival"),
            lead=way_of(movement),
            facts=facts_of(movement, recipient, mark, more=[hour], by=by, at=at),
            note=_("Heads were counted. Names stand here only of those who agreed to be shown to %(organisation)s.")
            % {"organisation": in_words(recipient)},
            blocks=[
                counted(figures, _("Who arrives")),
                *_needed(arrival_needs.in_words(movement) if needs else ()),
                *_named(incoming.completed(shown, at=at)),
            ],
            mark=mark,
            language=(get_language() or "en")[:2],
            fingerprint=fingerprint,
            address=address,
            condition=condition_for(in_words(recipient)),
        )

    return give_out(about=about, values=values, language=language, purpose=purpose, by=by, at=at)


def _version(movement: Movement, recipient: Organisation, fingerprint: str) -> int:
    """Which text of a notice to this recipient it is: the same text has the same number however often it is printed."""
    before = movement.papers.filter(kind=PaperKind.ADVANCE_NOTICE, recipient=recipient).order_by("issued_at", "pk")
    texts = list(dict.fromkeys([*before.values_list("fingerprint", flat=True), fingerprint]))
    return texts.index(fingerprint) + 1


def _needed(needs: arrival_needs.Needs) -> list[dict[str, Any]]:
    if not needs:
        return []
    rows = [(words.capitalize(), how_many) for words, how_many in needs]
    return [listed(_("What has to stand ready"), ((_("What"), 0), (_("How many"), 30)), rows)]


def _named(shown: list[Expected]) -> list[dict[str, Any]]:
    if not shown:
        return []
    columns = (
        ("", 8),
        (_("Name"), 0),
        (_("In Latin letters"), 0),
        (_("Born"), 16),
        (_("Document"), 34),
        (_("Bus"), 20),
    )
    rows = [
        (place, row.full_name, row.latin_name, row.birth_year or "–", row.document or "–", row.vehicle)
        for place, row in enumerate(shown, start=1)
    ]
    return [listed(_("Who agreed to be shown"), columns, rows, count=_("%(n)d on this list") % {"n": len(rows)})]
