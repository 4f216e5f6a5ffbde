"""A POST with the header `Idempotency-Key` is done once, however often a line that breaks makes the client repeat it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.renderers import JSONRenderer

from common.models import IdempotencyKey
from common.problems import Conflict

HEADER = "Idempotency-Key"
REMEMBERED = timedelta(days=2)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write gives back. `people` are the persons (public ids) shown in it; `again`: it was done before."""

    content: Any
    status: int = 201
    people: tuple[UUID, ...] = ()
    again: bool = False


def once(
    *, key: str | None, actor: str, asked: str, content: Any, real_at: datetime, act: Callable[[], Answer]
) -> Answer:
    """Does `act` once for this actor and key; a repeat gets the stored answer, word for word.

    `asked` is method and path, `content` the body. Raises Conflict where the key came before with something else.
    What fails leaves no trace, so a failed request may be sent again under its key.
    """
    if key is None:
        return act()
    if not _KEY.fullmatch(key):
        raise ParseError(_("Give an Idempotency-Key of 1 to 200 visible letters without blanks, such as a UUID."))
    _one_at_a_time(f"{actor} {key}")
    digest = hashlib.sha256(f"{asked} {json.dumps(content, sort_keys=True)}".encode()).hexdigest()
    mine = IdempotencyKey.objects.filter(actor=actor)
    mine.filter(used_at__lt=real_at - REMEMBERED).delete()
    stored = mine.filter(key=key).first()
    if stored is not None:
        if stored.digest != digest:
            raise Conflict(_("This Idempotency-Key was used for another request. Give a new key to a new request."))
        kept = json.loads(stored.answer or "{}")
        people = tuple(UUID(person) for person in kept["people"])
        return Answer(kept["content"], stored.status, people, again=True)
    answer = act()
    told = {"content": answer.content, "people": [str(person) for person in answer.people]}
    IdempotencyKey.objects.create(
        actor=actor,
        key=key,
        digest=digest,
        status=answer.status,
        answer=JSONRenderer().render(told).decode(),
        used_at=real_at,
    )
    return answer


def _one_at_a_time(what: str) -> None:
    """Two copies of one request wait for each other until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"idempotency {what}"])
