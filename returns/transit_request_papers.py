"""The request for transit, or note, to an authority: what is asked, in its language, and an annex of who is on board."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common import countries
from common.actors import Actor
from common.refusals import RefusalError
from common.templatetags.ui_times import lasting
from corridors.legs import legs_in_words, legs_of
from corridors.models import CorridorVersion
from corridors.request_words import people_in_words, wording_of
from corridors.terms import window_of_terms, wording_alone
from corridors.windows import zones_meant
from migrants.exports import Made, Mark
from partners.models import Organisation
from returns import bus_names
from returns.arrival_figures import ArrivalFigures, figures_of
from returns.enums import PaperKind
from returns.journey_facts import condition_for, facts_of, in_words, way_of
from returns.manifest_papers import Paper, paper_of
from returns.models import Movement
from returns.paper_issues import About, give_out
from returns.paper_parts import asked, fingerprint_of, frame, listed, said


class RequestPaperError(RefusalError):
    """A request that cannot be printed. `field` names what is missing, `sentence` what to do."""


def print_transit_request(
    *, movement: Movement, recipient: Organisation, language: str, purpose: str, by: Actor, at: datetime
) -> Made:
    """Print the request for transit of a movement for one authority, with its annex.

    Names stand in the annex of those alone whom the recipient may see; all others are heads. Until the version lies before
    its parties it is marked as a draft. Raises RequestPaperError where nobody is named who asks (rule 8), ExportError
    without a purpose, PaperError where it would print badly.
    """
    version = movement.corridor_version
    if not version.document_reference.strip():
        raise RequestPaperError(
            "kind",
            _("IOM moves people on a request alone. Write the reference of that request into the corridor first."),
        )
    manifest = movement.manifests.last()
    names = paper_of(manifest, recipient=recipient, at=at) if manifest else None
    figures = figures_of([movement])[movement.pk]
    fingerprint = fingerprint_of(_content(movement, version, recipient, figures, names))
    about = About(
        kind=PaperKind.TRANSIT_REQUEST,
        number=version.number,
        fingerprint=fingerprint,
        title=f"request for transit {movement}, corridor {version.corridor.code} version {version.number}",
        mission=movement.mission,
        movement=movement,
        version=version,
        recipient=recipient,
        people=names.people if names else (),
    )

    def values(mark: Mark, address: str) -> dict[str, Any]:
        return frame(
            title=_("Request for transit"),
            lead=way_of(movement),
            facts=facts_of(movement, recipient, mark, by=by, at=at),
            blocks=[*_request(version), *_annex(figures, names)],
            mark=mark,
            language=(get_language() or "en")[:2],
            fingerprint=fingerprint,
            address=address,
            condition=condition_for(in_words(recipient)),
            signatures=[_("For the requesting authority"), _("For the authority that is asked")],
            draft="" if version.approvals.exists() else _("DRAFT"),
        )

    return give_out(about=about, values=values, language=language, purpose=purpose, by=by, at=at)


def _content(
    movement: Movement,
    version: CorridorVersion,
    recipient: Organisation,
    figures: ArrivalFigures,
    names: Paper | None,
) -> dict[str, Any]:
    return {
        "movement": str(movement.public_id),
        "corridor": str(version.public_id),
        "wording": wording_of(version),
        "for": recipient.code,
        "heads": figures.heads,
        "names": names.fingerprint if names and names.people else "",
    }


def _request(version: CorridorVersion) -> list[dict[str, Any]]:
    corridor, language = version.corridor, get_language() or "en"
    way = " → ".join(map(countries.name, corridor.countries))
    rows = [
        (_("Requested by"), version.requested_by.name_in(language)),
        (_("Reference of the request"), version.document_reference),
        (_("Corridor"), f"{corridor.name}, {_('version %(n)d') % {'n': version.number}}"),
        (_("Countries"), way),
        (
            _("May enter"),
            window_of_terms(wording_alone(version), zones_meant(version)),
        ),
        (_("Longest transit"), lasting(version.longest_transit)),
        (_("At most"), people_in_words(version.head_count_cap)),
    ]
    blocks = [asked(_("What is requested"), rows)]
    if legs := legs_in_words(legs_of(version)):
        blocks.append(said(_("Country by country"), (f"– {words}" for words in legs)))
    if agreed := version.conditions_in_words:
        blocks.append(said(_("Under these conditions"), (f"– {words}" for words in agreed)))
    return blocks


def _annex(figures: ArrivalFigures, names: Paper | None) -> list[dict[str, Any]]:
    """Heads by bus and bands, then the names of whoever may be named."""
    blocks = [counted(figures, _("Annex: who travels"))]
    for bus in names.buses if names else ():
        if bus.entries:
            columns = (("", 8), (_("Name"), 0), (_("In Latin letters"), 0), (_("Born"), 22), (_("Nat."), 16))
            rows = [
                (place, entry.full_name, entry.latin_name, entry.born, ", ".join(entry.nationalities))
                for place, entry in enumerate(bus.entries, start=1)
            ]
            blocks.append(
                listed(bus_names.in_words(bus.label), columns, rows, count=_("%(n)d on this list") % {"n": len(rows)})
            )
    return blocks


def counted(figures: ArrivalFigures, title: str) -> dict[str, Any]:
    """A table of heads: all, by bus, and by age and sex; small ones are withheld."""
    if figures.heads is None:
        return said(title, [_("The heads are not counted yet.")])
    rows: list[tuple[str, str]] = [(_("All"), str(figures.heads))]
    rows += [(bus_names.in_words(bus.label), str(bus.heads)) for bus in figures.by_bus]
    rows += [(band.words, band.shown) for band in figures.bands]
    block = listed(title, ((_("Who"), 0), (_("Heads"), 30)), rows)
    if any(band.heads is None for band in figures.bands):
        block["note"] = _("A dash stands where a figure is so small that somebody could be recognised.")
    return block
