"""Pages of a list by the place of their last row: as fast on page 1,000 as on page 1, and stable while rows arrive."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from common.problems import QueryProblem

USUAL, MOST = 50, 200
PARAMETERS = ("after", "limit")


class KeysetPages(BasePagination):
    """`?after=<reference of the last row seen>&limit=<rows>`; the view names its order in `keyset`, a unique field.

    The place of a row is looked up by its public reference, so no internal key ever leaves the house.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        field = view.keyset.lstrip("-")
        limit = _limit(request.query_params.get("limit"))
        rows = queryset.order_by(view.keyset)
        if after := request.query_params.get("after"):
            place = self._place(queryset, view.lookup_field, after, field)
            rows = rows.filter(**{f"{field}__{'lt' if view.keyset.startswith('-') else 'gt'}": place})
        found = list(rows[: limit + 1])
        page = found[:limit]
        self.next_url = None
        if len(found) > limit:
            address = request.build_absolute_uri()
            self.next_url = replace_query_param(address, "after", str(getattr(page[-1], view.lookup_field)))
        return page

    def _place(self, queryset: QuerySet[Any], lookup: str, after: str, field: str) -> Any:
        try:
            # The whole table, not the filtered list: a row that no longer fits the filter still has its place.
            place = queryset.model._default_manager.values_list(field, flat=True).filter(**{lookup: after}).first()
        except ValidationError:  # no reference at all
            place = None
        if place is None:
            raise QueryProblem({"after": [_("No row has this reference. Begin again without “after”.")]})
        return place

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next_url, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "The next page; null on the last.",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "after",
                "in": "query",
                "required": False,
                "description": f"The `{view.lookup_field}` of the last row of the page before.",
                "schema": {"type": "string"},
            },
            {
                "name": "limit",
                "in": "query",
                "required": False,
                "description": "How many rows at most.",
                "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
            },
        ]


def _limit(asked: str | None) -> int:
    if asked is None:
        return USUAL
    if asked.isascii() and asked.isdigit() and len(asked) < 4 and 1 <= int(asked) <= MOST:
        return int(asked)
    raise QueryProblem({"limit": [_("Give a number of rows from 1 to %(most)d.") % {"most": MOST}]})
