"""The doors of the API, and the directory behind them: organisations and contacts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

from django.db.models import Model, Prefetch, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.viewsets import GenericViewSet

from accounts.api import check_scope
from accounts.models import User
from common import clock
from common.audience import Audience, announce
from common.audit import record_views
from common.idempotency import HEADER, Answer, once
from common.keyset import PARAMETERS, KeysetPages
from common.problems import Conflict, FieldProblem, QueryProblem
from common.refusals import RefusalError
from common.sheets import Row as ListRow
from common.sheets import Sheet, SheetError
from partners import desks, verification
from partners.access import Permission, Viewer, viewer_of
from partners.directory import reach_of
from partners.list_reading import import_directory
from partners.models import Channel, Contact, Office, Organisation
from partners.serializers import (
    CalledEntry,
    ChannelEntry,
    ContactEntry,
    ContactFilters,
    ContactShape,
    ListEntry,
    ListOutcome,
    OrganisationFilters,
    OrganisationShape,
    ShiftEntry,
    UnreachedShape,
)
from partners.unreached import concerned, lines_of
from partners.verification import verified_for

Row = TypeVar("Row", bound=Model)
Refusals = Mapping[type[Exception], int]
Rows = list[Any]
P = Permission
_LOST_PLUS = re.compile(r"(\d[Tt]\d\d:\d\d\S*) (\d\d:\d\d)", re.ASCII)


class BehindDoor(BasePermission):
    """Reads who is asking and opens the door of the action, as `partners.doors` does for pages; strangers get 404.

    The audience is told to the database in the transaction of the request.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        user = cast("User", request.user)
        announce(Audience.account(user.public_id))  # as at the door of a page
        viewer = viewer_of(user, at=clock.now())
        opening: Iterable[Permission] = view.doors.get(view.action) or {p for each in view.doors.values() for p in each}
        if not any(viewer.may(permission) for permission in opening):
            raise Http404
        check_scope(request, view.basename)
        view.viewer = viewer
        announce(viewer.audience)
        return True


def _offset_mended(written: str) -> str:
    """Give an hour its plus back: in an address a plus that nobody has quoted is read as a space."""
    return _LOST_PLUS.sub(r"\1+\2", written)


class Resource(GenericViewSet[Any]):
    """One kind of row. A subclass says who may do what (`doors`), which rows a viewer reaches, and how they look.

    `detail_class` may show more of one row than a list does. Lists are keyset pages in the order of `keyset`, narrowed by
    `filters`, whose `source` names the look-up. Every person shown (`person_of`) is written into the access log.
    `refusals` maps an error of the domain to the status it becomes.
    """

    doors: ClassVar[Mapping[str, Collection[Permission]]] = {}
    filters: ClassVar[type[Serializer[Any]] | None] = None
    detail_class: ClassVar[type[BaseSerializer[Any]] | None] = None
    refusals: ClassVar[Refusals] = {}
    keyset = "-pk"
    lookup_field = "public_id"
    lookup_value_converter = "uuid"
    permission_classes = [IsAuthenticated, BehindDoor]
    pagination_class: type[KeysetPages] | None = KeysetPages
    viewer: Viewer

    def rows(self) -> QuerySet[Any]:
        """The rows that the viewer reaches, with what their shape needs."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        """The same by the name under which the library looks; nothing where only the description is asked for."""
        if getattr(self, "swagger_fake_view", False):
            return self.model_rows()
        return self.rows()

    def model_rows(self) -> QuerySet[Any]:
        """An empty look at the model, for the types of the description."""
        model: type[Model] = getattr(getattr(self.serializer_class, "Meta", None), "model", Organisation)
        return model._default_manager.none()

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """The shape of a row: one alone may show more (`detail_class`) than many in a list."""
        if self.detail_class is not None and self.action == "retrieve":
            return self.detail_class
        return super().get_serializer_class()

    @property
    def mission(self) -> Office:
        """The IOM mission whose row an entry becomes: that of the first membership, as on the pages."""
        if not self.viewer.missions:
            raise PermissionDenied(_("The office that you serve keeps no cases, so it cannot enter any."))
        return Office.objects.select_related("organisation").get(pk=self.viewer.missions[0])

    def person_of(self, row: Any) -> UUID | None:
        """The public id of the person whom a row shows, or None where rows show no person."""
        return None

    def filters_of_action(self) -> type[Serializer[Any]] | None:
        """What may narrow the list at hand."""
        return self.filters if self.action == "list" else None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Fixes the hour of the request, then checks who asks."""
        self.at: datetime = clock.now()
        super().initial(request, *args, **kwargs)

    def list(self, request: Request) -> Response:  # the description of the class stands for it
        narrowed = self.rows().filter(**self.asked(self.filters))
        page = self.paginate_queryset(narrowed) or []
        self.seen(page)
        content = self.get_serializer(self.completed(page), many=True).data
        return self.get_paginated_response(content)

    def retrieve(self, request: Request, **place: Any) -> Response:  # the description of the class stands for it
        row = self.get_object()
        self.seen([row])
        return Response(self.get_serializer(self.completed([row])[0]).data)

    def completed(self, page: Rows) -> Rows:
        """Adds to a page what comes from elsewhere, in a constant number of queries."""
        return page

    def asked(self, filters: type[Serializer[Any]] | None) -> dict[str, Any]:
        """What stands after the question mark, checked. Raises QueryProblem, also for a name that nobody knows."""
        query = self.request.query_params
        known = set(filters().fields if filters else ()) | set(PARAMETERS)
        if unknown := sorted(set(query) - known):
            raise QueryProblem({name: [_("There is no such filter here. Leave it out.")] for name in unknown})
        if twice := sorted(name for name in query if len(query.getlist(name)) > 1):
            raise QueryProblem({name: [_("This stands there more than once. Give it once.")] for name in twice})
        if filters is None:
            return {}
        form = filters(data={name: _offset_mended(query[name]) for name in query if name not in PARAMETERS})
        try:
            form.is_valid(raise_exception=True)
        except ValidationError as error:
            raise QueryProblem(dict(form.errors)) from error
        return dict(form.validated_data)

    def sent(self, shape: type[Serializer[Any]]) -> dict[str, Any]:
        """The body, checked. Raises ValidationError, which becomes a 422 with every place that is wrong."""
        form = shape(data=self.request.data)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def named(self, rows: QuerySet[Row], field: str, **look_up: Any) -> Row:
        """The row that a body names. Raises FieldProblem: another mission's row is as unknown as one that is not there."""
        row = rows.filter(**look_up).first()
        if row is None:
            raise FieldProblem(field, _("Nothing of that name is here, or it is not yours to use. Check it."))
        return row

    def seen(self, page: Iterable[Any]) -> None:
        """Writes an access row for each person shown."""
        self.record_seen(dict.fromkeys(filter(None, map(self.person_of, page))))

    def record_seen(self, people: Iterable[UUID]) -> None:
        if listed := list(people):
            record_views(listed, page=self.request.path[:100], by=self.viewer.actor, at=self.at)

    def written(self, act: Callable[[], Answer], *, content: Any = None) -> Response:
        """Does one write, once for each Idempotency-Key, and answers with what it made; `content` stands for the body."""
        answer = once(
            key=self.request.headers.get(HEADER),
            actor=self.viewer.actor.ref,
            asked=f"{self.request.method} {self.request.path}",
            content=self.request.data if content is None else content,
            real_at=clock.real_now(),
            act=act,
        )
        self.record_seen(answer.people)
        headers = {"Idempotent-Replayed": "true"} if answer.again else None
        return Response(answer.content, status=answer.status, headers=headers)

    def made(self, row: Any, *, status: int = 201, shape: type[BaseSerializer[Any]] | None = None) -> Answer:
        """The answer that shows a row which was just written."""
        row = self.completed([row])[0]
        serializer = (shape or self.get_serializer_class())(row, context=self.get_serializer_context())
        person = self.person_of(row)
        return Answer(serializer.data, status, (person,) if person else ())

    def handle_exception(self, exc: Exception) -> Response:
        """Turns an error of the domain into the problem that it is for whoever asked."""
        status = next((code for kind, code in self.refusals.items() if isinstance(exc, kind)), None)
        if status is not None:
            sentence = str(getattr(exc, "sentence", exc))
            exc = Conflict(sentence) if status == 409 else FieldProblem(getattr(exc, "field", ""), sentence)
        return super().handle_exception(exc)


class Organisations(Resource):
    """Institutions that can be told, asked or named as the source of a rule; how many ways there are to reach each."""

    doors = {
        "list": {P.SEE_DIRECTORY},
        "retrieve": {P.SEE_DIRECTORY},
        "read_list": {P.MANAGE_DIRECTORY},
    }
    refusals = {RefusalError: 422}
    serializer_class = OrganisationShape
    filters = OrganisationFilters
    keyset = lookup_field = "code"
    lookup_value_converter = "slug"

    def rows(self) -> QuerySet[Organisation]:
        return Organisation.objects.prefetch_related("offices", "interests")

    def completed(self, page: Rows) -> Rows:
        reaches = reach_of(organisation.pk for organisation in page)
        for organisation in page:
            organisation.reach = reaches[organisation.pk]
        return page

    @extend_schema(request=ListEntry, responses={200: ListOutcome})
    @action(detail=False, methods=["post"], url_path="read-list")
    def read_list(self, request: Request) -> Response:
        """Read a list into the directory: all of it, or nothing where a row has a fault. It takes nothing away; an empty text
        leaves what is stored, a hyphen empties it. The heading is row 1.
        """
        said = self.sent(ListEntry)
        return self.written(lambda: self._read(said))

    def _read(self, said: dict[str, Any]) -> Answer:
        lines = [said["columns"], *said["rows"]]
        sheet = Sheet("list", tuple(ListRow(number, tuple(cells)) for number, cells in enumerate(lines, start=1)))
        try:
            outcome = import_directory(sheet=sheet, dry_run=said["dry_run"], by=self.viewer.actor, at=self.at)
        except SheetError as error:
            raise FieldProblem("columns", error.sentence) from error
        return Answer(dict(ListOutcome(outcome).data), 200, ())


class Contacts(Resource):
    """Desks of organisations, in the order in which they are asked, with their channels. A desk is never a person."""

    doors = {
        "list": {P.SEE_DIRECTORY},
        "retrieve": {P.SEE_DIRECTORY},
        "create": {P.MANAGE_DIRECTORY},
        "channels": {P.MANAGE_DIRECTORY},
        "shifts": {P.MANAGE_DIRECTORY, P.CALL_PARTNERS},
        "called": {P.MANAGE_DIRECTORY, P.CALL_PARTNERS},
    }
    refusals = {RefusalError: 422}
    serializer_class = ContactShape
    filters = ContactFilters

    def rows(self) -> QuerySet[Contact]:
        channels = Prefetch("channels", Channel.objects.order_by("rank", "pk"))
        return Contact.objects.select_related("office__organisation", "stands_in_for").prefetch_related(channels)

    @extend_schema(request=ContactEntry, responses={201: ContactShape})
    def create(self, request: Request) -> Response:
        """Enter a desk of an office."""
        said = self.sent(ContactEntry)
        return self.written(lambda: self._enter(said))

    def _enter(self, said: dict[str, Any]) -> Answer:
        office = self.named(Office.objects.all(), "office", public_id=said.pop("office"))
        if deputised := said.pop("stands_in_for", None):
            said["stands_in_for"] = self.named(Contact.objects.all(), "stands_in_for", public_id=deputised)
        return self._shown(desks.save_contact(office=office, **said, by=self.viewer.actor, at=self.at), status=201)

    @extend_schema(request=ChannelEntry, responses={201: ContactShape})
    @action(detail=True, methods=["post"])
    def channels(self, request: Request, **place: Any) -> Response:
        """Enter a further way to reach a desk, used after those it has."""
        said = self.sent(ChannelEntry)
        return self._done(lambda row, **by: desks.save_channel(contact=row, **said, **by))

    @extend_schema(request=ShiftEntry, responses={201: ContactShape})
    @action(detail=True, methods=["post"])
    def shifts(self, request: Request, **place: Any) -> Response:
        """Put a desk on the duty roster: who stands there is asked first."""
        said = self.sent(ShiftEntry)
        return self._done(lambda row, **by: desks.put_on_duty(contact=row, **said, **by))

    @extend_schema(request=CalledEntry, responses={201: ContactShape})
    @action(detail=True, methods=["post"])
    def called(self, request: Request, **place: Any) -> Response:
        """Write down that somebody answered when we called over one of its channels: that verifies it."""
        said = self.sent(CalledEntry)

        def verify(row: Contact, **by: Any) -> None:
            channel = self.named(row.channels.all(), "channel", public_id=said.pop("channel"))
            verification.write_down_call(channel=channel, **said, **by)

        return self._done(verify)

    def _done(self, act: Callable[..., Any]) -> Response:
        row = self.get_object()

        def done() -> Answer:
            act(row, by=self.viewer.actor, at=self.at)
            return self._shown(row, status=201)

        return self.written(done)

    def _shown(self, row: Contact, *, status: int) -> Answer:
        return self.made(self.rows().get(pk=row.pk), status=status)


class Unreached(Resource):
    """Organisations that are to be told of something and could not be reached now or tonight, each with what to do."""

    pagination_class = None
    doors = {"read": {P.SEE_DIRECTORY}}
    serializer_class = UnreachedShape

    @extend_schema(responses=UnreachedShape(many=True))
    def read(self, request: Request) -> Response:
        """Say whom a notice would not find, the worst first."""
        self.asked(None)
        lines = lines_of(concerned(), at=self.at, verified_for=verified_for())
        return Response(UnreachedShape(lines, many=True).data)


RESOURCES: dict[str, type[Resource]] = {"organisations": Organisations, "contacts": Contacts}
