"""What happened to the movements of a group, and which notices concerned it, for the timeline; heads and buses, no names."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from migrants.models import TravelGroup
from notifications import messages
from notifications.models import Alert
from returns.incidents import told_openly
from returns.models import Checkpoint, Handover, Manifest, Movement, RoadDecision
from returns.spans import Entry, Span
from returns.way_points import point_in_words


def of_group(group: TravelGroup, span: Span) -> Iterator[Entry]:
    """Movements with their manifests, counts, incidents, decisions and handover, and the notices about group and way."""
    movements = list(Movement.objects.filter(group=group).select_related("corridor_version__corridor"))
    corridors = {movement.pk: movement.corridor_version.corridor for movement in movements}
    yield from _movements(movements)
    ours = Q(movement__in=movements)
    for manifest in span.of(Manifest.objects.filter(ours), "frozen_at"):
        words = _("manifest frozen, version %(n)d: %(people)d people")
        yield {
            "at": manifest.frozen_at,
            "words": words % {"n": manifest.number, "people": manifest.people},
            "by": manifest.by,
        }
    for count in span.of(Checkpoint.objects.filter(ours).select_related("vehicle"), "counted_at"):
        bus = count.vehicle.label if count.vehicle else _("all buses")
        said = {"point": point_in_words(count.kind, corridors[count.movement_id]), "bus": bus}
        words = _("%(point)s, %(bus)s: %(n)d heads counted") % {**said, "n": count.heads}
        yield {"at": count.counted_at, "words": words, "by": count.by}
    for incident in span.of(told_openly().filter(ours), "happened_at"):
        words = _("on the way: %(what)s. %(note)s") % {"what": incident.get_kind_display(), "note": incident.note}
        yield {"at": incident.happened_at, "words": words, "by": incident.by, "tone": "missing"}
    for decision in span.of(RoadDecision.objects.filter(ours), "decided_at"):
        words = _("decided on the way: %(what)s. %(why)s") % {
            "what": decision.get_answer_display(),
            "why": decision.why,
        }
        yield {"at": decision.decided_at, "words": words, "by": decision.by}
    for handover in span.of(Handover.objects.filter(ours).select_related("receiver"), "received_at"):
        words = _("%(receiver)s received %(n)d heads") % {"receiver": handover.receiver.name, "n": handover.heads}
        yield {"at": handover.received_at, "words": words, "by": handover.by, "tone": "ready"}
    yield from _notices(group, movements, span)


def _movements(movements: list[Movement]) -> Iterator[Entry]:
    for movement in movements:
        yield {"at": movement.made_at, "words": _("%(movement)s made") % {"movement": movement}, "by": movement.by}
        for at, words in (
            (movement.exited_at, _("%(movement)s left")),
            (movement.entered_at, _("%(movement)s entered the country of transit")),
            (movement.left_at, _("%(movement)s left the country of transit")),
            (movement.ended_at, _("%(movement)s ended")),
        ):
            if at:
                yield {"at": at, "words": words % {"movement": movement}, "by": ""}


def _notices(group: TravelGroup, movements: list[Movement], span: Span) -> Iterator[Entry]:
    """Notices about the group or its movements, and those about its crossing while it waited there."""
    subjects = [f"group:{group.public_id}", *(f"movement:{movement.public_id}" for movement in movements)]
    here = Q(subject=f"crossing:{group.crossing.code}", raised_at__gte=group.waiting_since)
    if group.closed_at is not None:
        here &= Q(raised_at__lt=group.closed_at)
    for alert in span.of(Alert.objects.filter(Q(subject__in=subjects) | here), "raised_at"):
        said = {"number": alert.number, "subject": messages.subject_of(alert, get_language() or "en")}
        yield {"at": alert.raised_at, "words": _("notice %(number)d: %(subject)s") % said, "by": alert.raised_by}
