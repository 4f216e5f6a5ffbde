"""Every address of the product, read from the URL configuration: nobody keeps a list that could be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from partners.access import Permission
from partners.doors import DOOR


@dataclass(frozen=True)
class Route:
    """`name` with its namespaces, the parameters that its address takes, and the permissions of its door, if it has one."""

    name: str
    parameters: frozenset[str]
    opens_to: frozenset[Permission] | None = None


def all_routes() -> list[Route]:
    """Every named route once; an unnamed one is named by its pattern, so that it cannot hide."""
    return list({route.name: route for route in _walk(get_resolver(), "")}.values())


def _walk(resolver: URLResolver, namespace: str, parameters: frozenset[str] = frozenset()) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        taken = parameters | _parameters(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, inner, taken)
        else:
            opens_to = getattr(pattern.callback, DOOR, None)
            yield Route(f"{namespace}{pattern.name or pattern.pattern}", taken, opens_to)


def _parameters(pattern: URLPattern | URLResolver) -> frozenset[str]:
    inner = pattern.pattern
    if isinstance(inner, RegexPattern):
        return frozenset(inner.regex.groupindex)
    return frozenset(getattr(inner, "converters", {}))
