"""What the description of the API says of every route alike: problems, keys for repeats, filters of lists."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

from common.idempotency import HEADER
from common.problems import MEDIA_TYPE
from common.serializers import Problem

IDEMPOTENCY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="A name for this request, such as a UUID: repeated with the same body it is done once, for two days.",
)


class Described(AutoSchema):
    """Reads filters from the view and adds what every POST takes and every route may refuse."""

    def get_override_parameters(self) -> list[Any]:
        """The filters of a list, and the key of a POST."""
        if self.method == "POST":
            return [IDEMPOTENCY]
        filters = getattr(self.view, "filters_of_action", lambda: None)()
        return [filters] if filters else []

    def get_tags(self) -> list[str]:
        """The resource: the first part of the address after the version."""
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_operation_id(self) -> str:
        """`groups_list`, `requirement_changes_publish`."""
        action = getattr(self.view, "action", None) or str(self.method).lower()
        return f"{self.get_tags()[0]}_{action}".replace("-", "_")

    def get_operation(self, *args: Any, **options: Any) -> dict[str, Any] | None:
        """The operation with its problems."""
        operation = super().get_operation(*args, **options)
        if operation:
            component: ResolvedComponent = self.resolve_serializer(Problem, "response")
            operation["responses"]["4XX"] = {
                "description": "A problem: what is wrong, where, and what to do.",
                "content": {MEDIA_TYPE: {"schema": component.ref}},
            }
        return operation
