"""What this floor keeps of people, and what an erasure does to it: cases, seats, manifests, receptions, uploaded lists."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from common.sheets import Row, Sheet, cell_text
from migrants.enums import KeptKind
from migrants.erasing_plan import LINK, NOBODY, PROOF, Part, anonymous_number
from migrants.erasure import Traces
from migrants.group_moves import groups_of
from migrants.models import GroupMove, HeadCount, Migrant, MoodSeen, TravelGroup
from returns.manifest_store import sheet_from_text, sheet_to_text
from returns.models import (
    Absence,
    ActedCase,
    ActOnMany,
    AidItem,
    CaseComment,
    CasePage,
    CaseReadiness,
    CaseStep,
    CaseTask,
    ConsularQuestion,
    Difference,
    DocumentRequest,
    DocumentStep,
    FollowUp,
    FrozenFinding,
    Handover,
    Incident,
    LateResult,
    ManifestEntry,
    ManifestRow,
    ManifestUpload,
    ReceiverAnswer,
    ReceiverWord,
    Reception,
    ReceptionReady,
    Reintegration,
    ReturnCase,
    Sample,
    Seat,
    Slip,
    TravelQuestion,
    Waiver,
)

HOURS, STATISTICS = "hours of the journey", "statistics"
PARTS = (
    Part(FrozenFinding, "entry__person", KeptKind.HEALTH, deletes=True),
    Part(TravelQuestion, "case__person", KeptKind.HEALTH, deletes=True),
    Part(LateResult, "person", KeptKind.HEALTH, deletes=True),
    Part(TravelQuestion, "test__person", KeptKind.HEALTH, deletes=True),
    Part(CaseReadiness, "case__person", KeptKind.HEALTH, deletes=True),
    Part(
        Sample,
        "case__person",
        KeptKind.HEALTH,
        empties={"test": None, "batch": None, "recorded_at": None, "by": None},
        keeps={"case": LINK},
    ),
    Part(Waiver, "case__person", KeptKind.IDENTITY, empties={"reference": NOBODY}, keeps={"case": LINK}),
    Part(Seat, "person", KeptKind.IDENTITY, keeps={"person": LINK, "boarded_at": HOURS}),
    Part(
        ManifestEntry,
        "person",
        KeptKind.IDENTITY,
        empties={"number": "", "full_name": NOBODY, "latin_name": "", "born": "", "document": ""},
        keeps={"case": LINK, "person": LINK, "nationalities": STATISTICS},
    ),
    Part(ConsularQuestion, "disclosure__person", KeptKind.IDENTITY, deletes=True),
    Part(DocumentStep, "request__person", KeptKind.IDENTITY, deletes=True),
    Part(DocumentRequest, "person", KeptKind.IDENTITY, keeps={"person": LINK, "document": LINK}),
    Part(
        FollowUp,
        "person",
        KeptKind.IDENTITY,
        empties={"needs": None, "note": None},
        keeps={
            "person": LINK,
            **dict.fromkeys(("stage", "due_on", "state", "tries", "how", "last_tried_at"), STATISTICS),
        },
    ),
    Part(
        Reintegration,
        "person",
        KeptKind.IDENTITY,
        empties={"note": None, "answer_note": None, "outcome": None},
        keeps={
            "person": LINK,
            "consent": PROOF,
            **dict.fromkeys(
                ("organisation", "service", "referred_at", "answer", "answered_at", "closed_at"), STATISTICS
            ),
        },
    ),
    Part(
        Incident,
        "person",
        KeptKind.IDENTITY,
        empties={"note": "", "sealed_note": None},
        keeps={"person": LINK, "kind": "statistics"},
    ),
    Part(Absence, "person", KeptKind.IDENTITY, keeps={"person": LINK}),
    Part(ReceiverAnswer, "person", KeptKind.IDENTITY, keeps={"person": LINK, "disclosure": PROOF}),
    Part(Reception, "person", KeptKind.IDENTITY, keeps={"person": LINK, "disclosure": PROOF}),
    Part(CaseComment, "case__person", KeptKind.IDENTITY, deletes=True),
    Part(ActedCase, "case__person", KeptKind.IDENTITY, keeps={"case": LINK, "task": LINK}),
    Part(CasePage, "case__person", KeptKind.IDENTITY, deletes=True),
    Part(
        CaseTask,
        "case__person",
        KeptKind.IDENTITY,
        empties={"title": NOBODY, "end_note": ""},
        keeps={"case": LINK},
    ),
    Part(
        CaseStep,
        "case__person",
        KeptKind.IDENTITY,
        empties={"why": ""},
        keeps={"case": LINK, "task": LINK, "kind": STATISTICS},
    ),
    Part(ManifestRow, "person", KeptKind.IDENTITY, deletes=True),
    Part(Slip, "person", KeptKind.IDENTITY, deletes=True),
    Part(
        ReturnCase,
        "person",
        KeptKind.IDENTITY,
        empties={"number": anonymous_number()},
        keeps={"person": LINK, "outcome": STATISTICS},
    ),
)

NOTES: tuple[tuple[type[models.Model], str, str], ...] = (
    (TravelGroup, "source", "pk"),
    (HeadCount, "note", "group"),
    (AidItem, "note", "need__group"),
    (Difference, "note", "checkpoint__movement__group"),
    (Incident, "note", "movement__group"),
    (Handover, "name", "movement__group"),
    (ReceiverWord, "name", "movement__group"),
    (ReceptionReady, "name", "movement__group"),
    (ConsularQuestion, "words", "movement__group"),
    (ConsularQuestion, "answer", "movement__group"),
    (MoodSeen, "note", "group"),
    (CaseTask, "title", "group"),
    (CaseTask, "end_note", "group"),
    (CaseStep, "why", "group"),
    (ActOnMany, "words", "acted__case__person__group"),
    (CasePage, "title", "group"),
    (CasePage, "removed_why", "group"),
    (GroupMove, "why", "from_group"),
    (GroupMove, "why", "to_group"),
)
"""Free text of a group in which a person may be mentioned: model, field, look-up path to the key of the group."""


def open_cases(people: Collection[int]) -> dict[int, str]:
    """Whoever has an open case is still helped, and cannot be erased."""
    rows = ReturnCase.objects.open().living().filter(person__in=people).values_list("person", "number")
    sentence = _("Case %(number)s is open. Close it first; what is needed to help cannot be erased.")
    return {person: sentence % {"number": number} for person, number in rows}


def scrub(traces: Sequence[Traces]) -> Mapping[int, Counter[str]]:
    """Empty the notes of a group that mention a person, and the person's lines in lists that were uploaded."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    stood = groups_of([each.person.pk for each in traces])
    for each in traces:
        for model, field, group in NOTES:
            emptied = _mentioning(model, field, group, each, stood[each.person.pk]).update(**{field: ""})
            if emptied:
                counts[each.person.pk][f"{model._meta.label}, mention"] += emptied
    for each in traces:
        if gone := _comments_without(each, stood[each.person.pk]):
            counts[each.person.pk]["returns.CaseComment, mention"] += gone
    groups = set().union(*stood.values())
    uploads = ManifestUpload.objects.filter(group__in=groups, sheet__isnull=False).select_for_update()
    for upload in uploads.prefetch_related("rows"):
        lines = {row.pk: (row.row_number, person) for row in upload.rows.all() for person in _whose(row, traces)}
        words = {word for each in traces for word in each.words}
        sheet = sheet_from_text(upload.sheet or "")
        left = _without(sheet, {number for number, _person in lines.values()}, words)
        if left != sheet:
            upload.sheet = sheet_to_text(left)
            upload.save(update_fields=["sheet"])
        if lines:  # a long list cannot be mended any more, and its people are registered or were not wanted
            upload.pieces.all().delete()
        ManifestRow.objects.filter(pk__in=lines).delete()
        for _number, person in lines.values():
            counts[person]["returns.ManifestUpload, line"] += 1
    return counts


def noted(person: Migrant) -> Mapping[str, Sequence[int]]:
    """The notes of the groups in which the person stands or stood, whose history may mention the person."""
    groups = groups_of([person.pk])[person.pk]
    found: dict[str, list[int]] = defaultdict(list)
    for model, _field, group in NOTES:
        found[model._meta.db_table] += model._base_manager.filter(**{f"{group}__in": groups}).values_list(
            "pk", flat=True
        )
    return found


def _comments_without(traces: Traces, groups: Collection[int]) -> int:
    """Take away what colleagues wrote in these groups about the person. The words are sealed: each is opened to look."""
    if not traces.words:
        return 0
    rows = CaseComment.objects.filter(group__in=groups)
    found = [row.pk for row in rows.iterator() if any(word.lower() in row.words.lower() for word in traces.words)]
    CaseComment.objects.filter(pk__in=found).delete()
    return len(found)


def _whose(row: ManifestRow, traces: Sequence[Traces]) -> list[int]:
    """Give the person (key) whose line of a list this is, or who is mentioned in it; at most one."""
    text = row.entry
    return [
        each.person.pk for each in traces if row.person_id == each.person.pk or any(word in text for word in each.words)
    ][:1]


def _mentioning(
    model: type[models.Model], field: str, group: str, traces: Traces, groups: Collection[int]
) -> models.QuerySet[Any]:
    mentions = Q()
    for word in traces.words:
        mentions |= Q(**{f"{field}__icontains": word})
    if not mentions or not groups:
        return model._base_manager.none()
    return model._base_manager.filter(mentions, **{f"{group}__in": groups})


def _without(sheet: Sheet, lines: Collection[int], words: Iterable[str]) -> Sheet:
    """The sheet without these lines, and without any other line in which one of these words stands."""
    kept = [
        Row(row.number, ())
        if row.number in lines or any(cell_text(cell).strip() in words for cell in row.cells)
        else row
        for row in sheet.rows
    ]
    return replace(sheet, rows=tuple(kept))
