"""The directory over the API with what this floor adds: it leaves as a file, which is a row of exports."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common import limits
from common.idempotency import Answer
from partners.access import Permission
from partners.api import Organisations as OrganisationsBelow
from returns.api.files import given
from returns.directory_files import directory_file
from returns.serializers.files import DirectoryFileEntry, MadeShape


class Organisations(OrganisationsBelow):
    """Institutions that can be told, asked or named as the source of a rule; the whole directory as a file."""

    doors = OrganisationsBelow.doors | {"as_file": {Permission.MANAGE_DIRECTORY}}

    @extend_schema(request=DirectoryFileEntry, responses={201: MadeShape})
    @action(detail=False, methods=["post"], url_path="as-file")
    def as_file(self, request: Request) -> Response:
        """Give the whole directory as a file, an export with a number; `read-list` reads it back unchanged."""
        said = self.sent(DirectoryFileEntry)
        limits.count("export", str(self.viewer.user.public_id))
        return self.written(lambda: self._as_file(**said))

    def _as_file(self, *, kind: str, purpose: str) -> Answer:
        made = directory_file(kind=kind, purpose=purpose, by=self.viewer.actor, at=self.at)
        return given(made, name=f"directory-{made.export.number}.{kind}")
