"""Records that may be one person: the queue of pairs, a decision about each, and merges that can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.problems import FieldProblem
from migrants import merging
from migrants.models import DuplicatePair, Merge, Migrant
from migrants.models.people import MigrantQuerySet
from partners.access import Permission
from partners.api import Resource, Rows
from returns import pair_queue, registering
from returns.serializers.duplicates import (
    SAME,
    MergeFilters,
    MergeShape,
    PairDecision,
    PairFilters,
    PairShape,
    UndoEntry,
)

REGISTER = {Permission.REGISTER_PEOPLE}


class OfTwo(Resource):
    """Rows that show two people; whoever is shown is written into the access log."""

    refusals = {merging.MergeError: 409}

    def two_of(self, row: Any) -> tuple[Migrant, Migrant]:
        """Both people of a row."""
        raise NotImplementedError

    def seen(self, page: Iterable[Any]) -> None:
        """Both of each row, once."""
        self.record_seen(dict.fromkeys(person.public_id for row in page for person in self.two_of(row)))

    def everybody(self) -> MigrantQuerySet:
        """Everybody whom the viewer reaches."""
        return Migrant.objects.visible_to(self.viewer)

    def _made(self, row: Any) -> Answer:
        answer = self.made(row, status=200)
        return Answer(answer.content, 200, tuple(person.public_id for person in self.two_of(row)))


class Pairs(OfTwo):
    """Two records that may be one person, with the reasons. Nothing is merged until somebody decides."""

    doors = dict.fromkeys(("list", "retrieve", "decide"), REGISTER)
    serializer_class = PairShape
    filters = PairFilters

    def rows(self) -> QuerySet[DuplicatePair]:
        return pair_queue.pairs_within(self.everybody()).select_related("first", "second")

    def two_of(self, row: Any) -> tuple[Migrant, Migrant]:
        return row.first, row.second

    def completed(self, page: Rows) -> Rows:
        """The merge that each pair has led to."""
        people = [person.pk for row in page for person in self.two_of(row)]
        merges = Merge.objects.filter(Q(kept__in=people) | Q(absorbed__in=people), undone_at__isnull=True)
        made = {frozenset((merge.kept_id, merge.absorbed_id)): merge.public_id for merge in merges}
        for row in page:
            row.merge = made.get(frozenset((row.first_id, row.second_id)))
        return page

    @extend_schema(request=PairDecision, responses={200: PairShape})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, **place: Any) -> Response:
        """Say that it is one person, then the records are merged, or two. Decided otherwise meanwhile: 409."""
        said = self.sent(PairDecision)
        pair = self.get_object()
        return self.written(lambda: self._decide(pair, said))

    def _decide(self, pair: DuplicatePair, said: dict[str, Any]) -> Answer:
        keep = next((each for each in self.two_of(pair) if each.public_id == said.get("keep")), None)
        if "keep" in said and keep is None:
            raise FieldProblem("keep", _("This is none of the two records. Give the reference of one of them."))
        registering.decide_pair(
            pair=pair, same=said["decision"] == SAME, keep=keep, within=self.everybody(),
            by=self.viewer.actor, at=self.at,
        )  # fmt: skip
        return self._made(self.rows().get(pk=pair.pk))


class Merges(OfTwo):
    """Records that became one person. A merge is undone as long as the record that stayed was not merged further."""

    doors = dict.fromkeys(("list", "retrieve", "undo"), REGISTER)
    serializer_class = MergeShape
    filters = MergeFilters

    def rows(self) -> QuerySet[Merge]:
        return pair_queue.merges_within(self.everybody()).select_related("kept", "absorbed")

    def two_of(self, row: Any) -> tuple[Migrant, Migrant]:
        return row.kept, row.absorbed

    @extend_schema(request=UndoEntry, responses={200: MergeShape})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, **place: Any) -> Response:
        """Make two records of it again; their pair waits to be decided. Undone already: nothing changes."""
        said = self.sent(UndoEntry)
        merge = self.get_object()
        return self.written(lambda: self._undo(merge, said.get("why", "")))

    def _undo(self, merge: Merge, why: str) -> Answer:
        registering.undo_merge(merge=merge, why=why, by=self.viewer.actor, at=self.at)
        return self._made(self.rows().get(pk=merge.pk))
