"""What happened with one person, newest first, from the rows that say so. Holds and screening are never part of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from migrants.corrections import STAYING_NAMES
from migrants.models import Merge, Migrant
from returns import casework_timeline, timeline
from returns.models import Absence, CaseStep, CaseTask, ManifestEntry, Plan, Reception, ReturnCase, Waiver
from returns.people_lines import claim_words
from returns.spans import Entry, Span


def of_person(person: Migrant, *, most: int) -> list[Entry]:
    """Give up to `most` entries for the timeline component; documents should be prefetched."""
    return sorted(everything(person, Span(most)), key=lambda entry: entry["at"])[: -most - 1 : -1]


def part_of(person: Migrant, span: Span) -> tuple[list[Entry], datetime | None]:
    """Give one part of what happened with a person and the group in which they are now, and before which hour the next lies.

    What is of the group says so. Holds and screening are never part of it, whoever reads it.
    """
    found = everything(person, span)
    if person.group is not None:
        shared, _older = timeline.part_of(person.group, span)
        found += [{**entry, "words": f"{person.group.code}: {entry['words']}"} for entry in shared]
    return span.cut(found)


def everything(person: Migrant, span: Span) -> list[Entry]:
    """What the rows of the person say, in no order; what colleagues wrote as far as `span` goes."""
    return [
        {"at": person.registered_at, "words": _("registered"), "by": person.by},
        *_documents(person),
        *_corrections(person),
        *_consents(person),
        *_tests(person),
        *_disclosures(person),
        *_cases(person),
        *_journeys(person),
        *_merges(person),
        *_received(person),
        *casework_timeline.of_person(person, span),
    ]


def _documents(person: Migrant) -> Iterator[Entry]:
    for row in person.documents.all():
        words = _("%(kind)s recorded") % {"kind": row.get_kind_display()}
        yield {"at": row.recorded_at, "words": words, "by": row.by}


def _consents(person: Migrant) -> Iterator[Entry]:
    for row in person.consents.select_related("recipient"):
        said = {"purpose": row.get_purpose_display(), "answer": row.get_answer_display()}
        words = _("asked about %(purpose)s: %(answer)s") % said
        if row.recipient:
            words = f"{words} ({row.recipient.name})"
        yield {"at": row.answered_at, "words": words, "by": row.by}
        if row.withdrawn_at:
            words = _("consent taken back: %(purpose)s") % said
            yield {"at": row.withdrawn_at, "words": words, "by": "", "tone": "missing"}


def _corrections(person: Migrant) -> Iterator[Entry]:
    for name in person.names.all():
        if name.kind in STAYING_NAMES and name.recorded_at > person.registered_at:
            words = _("the name was %(name)s until now: %(kind)s")
            said = {"name": name.full_name, "kind": name.get_kind_display()}
            yield {"at": name.recorded_at, "words": words % said, "by": name.by}
    for claim in person.earlier_claims.all():
        words = _("sex or birth date corrected; until now %(claim)s") % {"claim": claim_words(claim)}
        yield {"at": claim.replaced_at, "words": words, "by": claim.replaced_by}


def _tests(person: Migrant) -> Iterator[Entry]:
    for row in person.tests.all():
        words = _("%(kind)s recorded: %(result)s") % {
            "kind": row.get_kind_display(),
            "result": row.get_result_display(),
        }
        yield {"at": row.recorded_at, "words": words, "by": row.by}


def _disclosures(person: Migrant) -> Iterator[Entry]:
    for row in person.disclosures.select_related("recipient"):
        said = {"name": row.recipient.name}
        yield {"at": row.valid_from, "words": _("shown to %(name)s") % said, "by": row.by}


def _cases(person: Migrant) -> Iterator[Entry]:
    for row in ReturnCase.objects.filter(person=person):
        words = _("case %(number)s opened") % {"number": row.number}
        yield {"at": row.opened_at, "words": words, "by": row.by}
        if row.closed_at:
            words = _("case %(number)s closed: %(how)s") if row.outcome else _("case %(number)s closed")
            said = {"number": row.number, "how": row.get_outcome_display()}
            yield {"at": row.closed_at, "words": words % said, "by": ""}
    for step in CaseStep.objects.filter(case__person=person).select_related("task").order_by("pk"):
        words = step.get_kind_display()
        if step.task:
            words = f"{words} ({step.task.title})"
        yield {"at": step.at, "words": f"{words}: {step.why}" if step.why else words, "by": step.by}
    for task in CaseTask.objects.filter(case__person=person):
        yield {"at": task.made_at, "words": _("to be done: %(what)s") % {"what": task.title}, "by": task.by}
    for waiver in Waiver.objects.filter(case__person=person).select_related("authority"):
        words = _("waiver of %(authority)s, %(reference)s")
        said = {"authority": waiver.authority.name, "reference": waiver.reference}
        yield {"at": waiver.recorded_at, "words": words % said, "by": waiver.by, "tone": "ready"}


def _journeys(person: Migrant) -> Iterator[Entry]:
    """The plan of the group, the manifests on which the person stands, and how far those movements came."""
    if person.group_id:
        for plan in Plan.objects.filter(group=person.group_id):
            yield {"at": plan.set_at, "words": _("hour at the barrier planned for the group"), "by": plan.by}
    rows = ManifestEntry.objects.filter(person=person).select_related("manifest__movement", "vehicle")
    newest: dict[int, ManifestEntry] = {}
    for entry in rows.order_by("manifest__number"):
        manifest = entry.manifest
        words = _("on version %(n)d of the manifest") % {"n": manifest.number}
        yield {"at": manifest.frozen_at, "words": words, "by": manifest.by}
        newest[manifest.movement_id] = entry
    if not newest:
        return  # nobody is missed who never stood on a manifest
    absences = Absence.objects.filter(person=person, difference__checkpoint__recounted_by__isnull=True)
    missed = {row.movement_id: row for row in absences.select_related("difference__checkpoint")}
    for entry in newest.values():
        yield from _way(entry, missed.get(entry.manifest.movement_id))


def _way(entry: ManifestEntry, absence: Absence | None) -> Iterator[Entry]:
    """How far the movement came with this person: no further than their bus, or the point at which they were missed."""
    movement, bus = entry.manifest.movement, entry.vehicle
    ends = [bus.turned_back_at] if bus.turned_back_at else []
    if bus.turned_back_at:
        yield {"at": bus.turned_back_at, "words": _("their bus turned back"), "by": ""}
    if bus.returned_at:
        yield {"at": bus.returned_at, "words": _("their bus was back at the crossing"), "by": ""}
    if absence is not None:
        point, said = absence.difference.checkpoint, absence.difference.get_kind_display()
        ends.append(point.counted_at)
        words = _("not there at “%(point)s”: %(why)s") % {"point": point.get_kind_display(), "why": said}
        yield {"at": point.counted_at, "words": words, "by": absence.by, "tone": "missing"}
    for at, words in (
        (movement.exited_at, _("the movement left")),
        (movement.left_at, _("the movement left the transit country")),
        (movement.handed_over_at, _("the movement was handed over")),
    ):
        if at and all(at < end for end in ends):
            yield {"at": at, "words": words, "by": ""}


def _received(person: Migrant) -> Iterator[Entry]:
    """Whom the receiver saw, or did not see."""
    for row in Reception.objects.filter(person=person).select_related("handover__receiver"):
        said = {"receiver": row.handover.receiver.name, "state": row.get_state_display()}
        words = _("%(receiver)s wrote down: %(state)s") % said
        yield {"at": row.handover.received_at, "words": words, "by": row.by}


def _merges(person: Migrant) -> Iterator[Entry]:
    for row in Merge.objects.filter(Q(kept=person) | Q(absorbed=person)).select_related("kept", "absorbed"):
        other = row.absorbed if row.kept_id == person.pk else row.kept
        words = _("merged with record %(number)s") % {"number": other.number}
        yield {"at": row.at, "words": words, "by": row.by}
        if row.undone_at:
            words = _("the merge with record %(number)s was undone") % {"number": other.number}
            yield {"at": row.undone_at, "words": words, "by": row.undone_by or ""}
