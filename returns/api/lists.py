"""Lists of people over the API: send one, look at what will happen, correct its columns, confirm, follow, mend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common import limits
from common.forms import ListField
from common.idempotency import Answer
from common.nudges import nudge
from common.problems import FieldProblem
from common.sheets import Heading, Sheet, SheetError, column_name, heading_texts
from common.uploads import ZIP
from migrants.models import Migrant, TravelGroup
from partners.access import Permission
from partners.api import Rows
from returns import importing, manifests
from returns.api.files import TakesFiles, given
from returns.column_guesses import guesses
from returns.enums import UploadState
from returns.manifest_lines import lines_of_rows
from returns.manifest_notes import notes_on_columns
from returns.manifest_staging import ManifestError
from returns.models import ManifestUpload
from returns.serializers.files import MadeShape
from returns.serializers.lists import (
    ColumnsEntry,
    ConfirmEntry,
    ListDetail,
    ListFilters,
    ListRowShape,
    PeopleListEntry,
    PeopleListShape,
    RowFilters,
    SheetEntry,
)

REGISTER = {Permission.REGISTER_PEOPLE}


class Lists(TakesFiles):
    """Lists of people. Nobody is registered before the list is confirmed; the same file for the same group waits once."""

    doors = dict.fromkeys(
        ("list", "retrieve", "create", "entries", "columns", "sheet", "confirm", "discard", "mend"), REGISTER
    )
    refusals = {ManifestError: 422, SheetError: 422}
    serializer_class = PeopleListShape
    detail_class = ListDetail
    filters = ListFilters

    def rows(self) -> QuerySet[ManifestUpload]:
        return ManifestUpload.objects.visible_to(self.viewer).select_related("group__crossing", "mission")

    def filters_of_action(self) -> type[serializers.Serializer[Any]] | None:
        return RowFilters if self.action == "entries" else super().filters_of_action()

    def completed(self, page: Rows) -> Rows:
        """What of one list alone is shown; a list of lists has no use for it."""
        for upload in page if self.action != "list" else ():
            _complete(upload, today=self.at.date())
        return page

    @extend_schema(request=PeopleListEntry, responses={201: ListDetail})
    def create(self, request: Request) -> Response:
        """Send a list: it is read, or waits to be read. Nobody is registered yet."""
        said = self.sent(PeopleListEntry)
        return self.written_with(lambda: self._take(said))

    def _take(self, said: dict[str, Any]) -> Answer:
        waiting = TravelGroup.objects.visible_to(self.viewer).waiting()
        group = self.named(waiting, "group", public_id=said["group"])
        file = self.taken(ListField(), "file", said["file"], name=said.get("file_name", ""))
        try:
            row = importing.take(
                group=group, mission=self.mission, file=file, name=file.name, size=file.size,
                sender=said.get("sender", ""), sheet=said.get("sheet", ""), **self._asked(),
            )  # fmt: skip
        except SheetError as error:
            raise FieldProblem("file", error.sentence) from error
        return self._alone(row, status=201)

    def _asked(self) -> dict[str, Any]:
        return {"within": Migrant.objects.visible_to(self.viewer), "by": self.viewer.actor, "at": self.at}

    def _alone(self, row: ManifestUpload, *, status: int = 200) -> Answer:
        """The list with everything that its detail shows; whoever works long ones off is woken."""
        nudge("lists")
        return self.made(self.rows().get(pk=row.pk), status=status, shape=ListDetail)

    @extend_schema(responses={200: ListRowShape(many=True)})
    @action(detail=True, methods=["get"])
    def entries(self, request: Request, **place: Any) -> Response:
        """The rows of a list with what will happen, or happened, to each; everybody known whom they show is logged."""
        upload = self.get_object()
        self.keyset = "row_number"
        page = self.paginate_queryset(upload.rows.filter(**self.asked(RowFilters)).select_related("person")) or []
        lines = lines_of_rows(page, within=Migrant.objects.visible_to(self.viewer))
        self.record_seen(dict.fromkeys(each.public_id for line in lines for each in line.people))
        return self.get_paginated_response(ListRowShape(lines, many=True).data)

    @extend_schema(request=ColumnsEntry, responses={200: ListDetail})
    @action(detail=True, methods=["post"])
    def columns(self, request: Request, **place: Any) -> Response:
        """Read the list again with other columns; they hold for the next list of the same sender with these headings."""
        said = self.sent(ColumnsEntry)
        chosen = {part["field"]: part["index"] for part in said["columns"]}
        if len(chosen) < len(said["columns"]):
            raise FieldProblem("columns", _("A field was named twice. Give each field one column."))
        upload = self.get_object()
        return self.written(
            lambda: self._alone(importing.correct_columns(upload=upload, columns=chosen, **self._asked()))
        )

    @extend_schema(request=SheetEntry, responses={200: ListDetail})
    @action(detail=True, methods=["post"])
    def sheet(self, request: Request, **place: Any) -> Response:
        """Read another sheet of the workbook instead: a list of its own, for what was read is thrown away."""
        said = self.sent(SheetEntry)
        upload = self.get_object()
        return self.written(
            lambda: self._alone(importing.choose_sheet(upload=upload, sheet=said["sheet"], **self._asked()))
        )

    @extend_schema(request=ConfirmEntry, responses={200: ListDetail})
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, **place: Any) -> Response:
        """Store what the rows show; of a list that is stored already, decide about rows that were left in doubt."""
        said = self.sent(ConfirmEntry)
        decisions = {part["row"]: part["decision"] for part in said.get("decisions", ())}
        upload = self.get_object()
        return self.written(lambda: self._confirm(upload, decisions, partial=said["leave_out"]))

    def _confirm(self, upload: ManifestUpload, decisions: dict[int, str], *, partial: bool) -> Answer:
        if upload.state == UploadState.CONFIRMED:
            return self._alone(manifests.decide(upload=upload, decisions=decisions, **self._asked()))
        return self._alone(importing.confirm(upload=upload, decisions=decisions, partial=partial, **self._asked()))

    @extend_schema(request=None, responses={200: ListDetail})
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, **place: Any) -> Response:
        """Throw a list away that is not stored; nothing of it is kept."""
        upload = self.get_object()
        return self.written(lambda: self._alone(manifests.discard(upload=upload, by=self.viewer.actor, at=self.at)))

    @extend_schema(request=None, responses={201: MadeShape})
    @action(detail=True, methods=["post"])
    def mend(self, request: Request, **place: Any) -> Response:
        """Give the file back as it was sent, with a column that says what to mend; it is an export, with a number."""
        upload = self.get_object()
        limits.count("export", str(self.viewer.user.public_id))
        return self.written(lambda: self._mend(upload))

    def _mend(self, upload: ManifestUpload) -> Answer:
        made = manifests.error_file(upload=upload, by=self.viewer.actor, at=self.at)
        kind = "xlsx" if made.content.startswith(ZIP) else "csv"
        return given(made, name=f"to-mend-{upload.group.code}.{kind}")


def _complete(upload: ManifestUpload, *, today: date) -> None:
    """Add what the detail shows, as attributes of its names."""
    more: dict[str, Any] = {"tally": manifests.tally(upload), "shown_columns": [], "notes": [], "other_sheets": ()}
    more["sheet_name"] = ""
    if upload.sheet is not None:
        sheet, heading = manifests.columns_of(upload)
        more |= {"sheet_name": sheet.name, "other_sheets": sheet.other_sheets}
        guessed = guesses(sheet, heading, today=today)
        more["notes"] = notes_on_columns(sheet, heading, guessed)
        more["shown_columns"] = list(_columns(sheet, heading, guessed))
    for name, value in more.items():
        setattr(upload, name, value)


def _columns(sheet: Sheet, heading: Heading, guessed: dict[str, int]) -> Iterator[dict[str, Any]]:
    texts = heading_texts(sheet.head, heading.row_number)
    fields = {index: name for name, index in heading.columns.items()}
    maybe = {index: name for name, index in guessed.items()}
    for index in range(sheet.width):
        said = {"index": index, "column": column_name(index), "heading": texts.get(index, "")}
        yield said | {"field": fields.get(index, ""), "guess": maybe.get(index, "")}
