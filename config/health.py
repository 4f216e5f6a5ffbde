"""Is it alive, and can it serve? For the launcher, the container's health check and the proxy."""

from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from common import clock
from notifications import watchdog


@require_safe
@never_cache
@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> JsonResponse:
    """Database and Redis answer, and worker and beat give signs of life; 503 with the name of what does not.

    `deliveries` and `escalation` are rounds of the worker. Without the database nobody knows of them.
    """
    parts = {"database": _database_answers(), "redis": _redis_answers()}
    silent = watchdog.silent_parts(real_at=clock.real_now()) if all(parts.values()) else {}
    if all(parts.values()):
        parts |= {name: name not in silent for name in watchdog.PATIENCE}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except OperationalError:
        return False
    return True


def _redis_answers() -> bool:
    try:
        cache.get("readyz")
    except (RedisError, OSError):
        return False
    return True
