"""Every refusal of the API is a problem in the form of RFC 9457: what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied as PageDenied
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from common.headers import TOO_LARGE
from common.limits import TooManyError

MEDIA_TYPE = "application/problem+json"
SENTENCES: dict[type[exceptions.APIException], Any] = {
    exceptions.NotFound: _("Nothing is here, or it is not yours to see. Check the address."),
    exceptions.NotAuthenticated: _(
        "Say who you are: send the header “Authorization: Bearer” with your token, or sign in."
    ),
    exceptions.ValidationError: _(
        "What was sent cannot be stored. Mend what is listed under “errors” and send it again."
    ),
}
"""Where our own words say better than the library's what to do next."""


class FieldProblem(exceptions.APIException):
    """What was sent can be read, but one place of it cannot be. `field` may be a path: `rule.any.0`.

    `keeps`: what was written on the way to the refusal stays, as a harmful file does in quarantine.
    """

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = SENTENCES[exceptions.ValidationError]

    def __init__(self, field: str, sentence: str | Promise, *, keeps: bool = False) -> None:
        super().__init__(str(sentence))
        self.field, self.keeps = field, keeps


class QueryProblem(exceptions.APIException):
    """A part of the address after the question mark cannot be read. `errors` maps its name to sentences."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_detail = _("The address asks for something that cannot be read. Mend what is listed under “errors”.")

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__()
        self.errors = errors


class Conflict(exceptions.APIException):
    """It was asked for before in other words, or somebody else was quicker."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = _("This does not fit what is stored meanwhile. Read it again, then decide.")

    def __init__(self, sentence: str | Promise | None = None, **more: Any) -> None:
        super().__init__(None if sentence is None else str(sentence))
        self.more = more


class TooLarge(exceptions.APIException):
    """The body is longer than is read."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("This is more than is read at once. Send it in smaller parts.")


def answer_problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The exception handler of the API. What nobody foresaw stays an exception, for the log and the page of errors."""
    error = _as_api_exception(error)
    if not isinstance(error, exceptions.APIException):
        return None
    if not getattr(error, "keeps", False):
        set_rollback()
    request = context.get("request")
    body = problem(error, instance=getattr(request, "path", ""))
    return Response(body, status=body["status"], headers=_headers(error), content_type=MEDIA_TYPE)


def problem(error: exceptions.APIException, *, instance: str) -> dict[str, Any]:
    """The body of one problem."""
    code = 422 if isinstance(error, exceptions.ValidationError) else error.status_code
    sentence = SENTENCES.get(type(error), error.default_detail if hasattr(error, "errors") else error.detail)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": str(sentence),
        "instance": instance,
    }
    if errors := list(_errors(error)):
        body["errors"] = errors
    return body | getattr(error, "more", {})


def _as_api_exception(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PageDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, TooManyError):
        return exceptions.Throttled(error.wait)
    if isinstance(error, TOO_LARGE):
        return TooLarge()
    return error


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _errors(error: exceptions.APIException) -> Iterator[dict[str, str]]:
    if isinstance(error, FieldProblem):
        if error.field:
            yield {"pointer": f"#/{error.field.replace('.', '/')}", "detail": str(error.detail)}
    elif isinstance(error, QueryProblem):
        for name, sentence in _flat(error.errors):
            yield {"parameter": name, "detail": sentence}
    elif isinstance(error, exceptions.ValidationError):
        for path, sentence in _flat(error.detail):
            yield {"pointer": f"#/{path}" if path else "#", "detail": sentence}


def _flat(said: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every sentence in what a serializer says, with its place as `a/0/b`."""
    if isinstance(said, Mapping):
        for name, inner in said.items():
            step = "" if name == "non_field_errors" else str(name)
            yield from _flat(inner, "/".join(filter(None, [path, step])))
    elif isinstance(said, list | tuple):
        for number, inner in enumerate(said):
            nested = isinstance(inner, Mapping | list)
            yield from _flat(inner, f"{path}/{number}".lstrip("/") if nested else path)
    else:
        yield path, str(said)
