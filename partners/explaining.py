"""Why can, or cannot, this account open this page or see this row? The answer in steps, each held against the real rules.

It shows no case: of a row it says only whether the account reaches it. A row that nobody knows, one of another mission, one
that was not disclosed or is held back all get the same sentence, so that no answer tells of protection. The question is
asked as the account itself, so the wall in the database has its say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.models import User
from common import audit
from common.actors import Actor
from common.audience import asking, reaching_for
from partners.access import POLICY, SCOPE, Permission, Viewer, viewer_of
from partners.enums import Role, Rows
from partners.models import Membership

OUTSIDE = {Rows.DISCLOSED, Rows.OWN_ORGANISATION}
"""Rows of organisations outside: of these an answer says only whether something is shown to them."""
Place = Mapping[str, Any]
Reached = Callable[[Viewer, Place], bool]
_of_routes: dict[str, Reached] = {}
_of_references: list[Callable[[Viewer, UUID], bool]] = []


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is asked about: the permissions that open its door, the name of its route, and what its address names."""

    opens_to: frozenset[Permission]
    route: str
    place: Place


@dataclass(frozen=True, slots=True)
class Step:
    """One rule on the way, and whether it lets the account through."""

    words: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """The steps up to the first that does not hold; `opens` where all do."""

    steps: tuple[Step, ...]

    @property
    def opens(self) -> bool:
        return all(step.holds for step in self.steps)


def register_route(prefix: str, reached: Reached) -> None:
    """Pages whose route begins with `prefix` show a row: `reached(viewer, place)` tells whether the viewer reaches it.

    The longest prefix counts. Called by the app of the page, from `AppConfig.ready()`.
    """
    _of_routes[prefix] = reached


def register_reference(reached: Callable[[Viewer, UUID], bool]) -> None:
    """A kind of row that a bare reference may name: `reached(viewer, public_id)`."""
    _of_references.append(reached)


@transaction.atomic
def explain(*, user: User, page: Page | None, reference: UUID | None, by: Actor, at: datetime) -> Decision:
    """Whether `user` opens `page`, or reaches the row of `reference`, and by which rules. Asking leaves an audit row."""
    audit.record("access explained", user, by=by, at=at, why=page.route if page else str(reference))
    with reaching_for("access is explained"):  # what somebody has open in an emergency stands on rows of their own
        viewer = viewer_of(user, at=at)
    steps: list[Step] = []
    for step in _steps(viewer, page, reference, at):
        steps.append(step)
        if not step.holds:
            break
    return Decision(tuple(steps))


def _steps(viewer: Viewer, page: Page | None, reference: UUID | None, at: datetime) -> Any:
    """The rules in the order in which a request meets them; each is judged only when it is asked for."""
    yield _account(viewer.user, at)
    yield _second_factor(viewer.user)
    yield _memberships(viewer, at)
    if page is not None:
        yield _permission(viewer, page.opens_to)
        if page.place:
            yield from _row(viewer, lambda: _reaches_page(viewer, page))
    elif reference is not None:
        yield from _row(viewer, lambda: any(reached(viewer, reference) for reached in _of_references))


def _account(user: User, at: datetime) -> Step:
    if not user.is_active:
        return Step(_("The account is switched off, or its invitation was not accepted."), holds=False)
    if not user.stands(at):
        return Step(_("The account has ended."), holds=False)
    return Step(_("The account is switched on."), holds=True)


def _second_factor(user: User) -> Step:
    if not user.must_use_second_factor:
        return Step(_("The account needs no second factor: it was never given a role."), holds=True)
    if second_factor.shown(user):
        return Step(_("It has a second factor, and shows it at sign-in."), holds=True)
    return Step(
        _("It has no second factor yet: the next sign-in asks to set one up, before anything opens."), holds=True
    )


def _memberships(viewer: Viewer, at: datetime) -> Step:
    rows = Membership.objects.filter(user=viewer.user).valid(at).select_related("office__organisation").order_by("pk")
    held = [f"{Role(row.role).label}, {row.office.organisation.name}" for row in rows]
    if not held:
        return Step(_("It holds no role today."), holds=False)
    return Step(_("It holds: %(roles)s.") % {"roles": "; ".join(held)}, holds=True)


def _permission(viewer: Viewer, opens_to: frozenset[Permission]) -> Step:
    roles = [Role(role).label for role, may in POLICY.items() if may & opens_to]
    if any(viewer.may(permission) for permission in opens_to):
        return Step(_("Its role opens this page."), holds=True)
    return Step(
        _("Its roles do not open this page; these do: %(roles)s.") % {"roles": ", ".join(map(str, roles))}, holds=False
    )


def _reaches_page(viewer: Viewer, page: Page) -> bool | None:
    prefix = max((prefix for prefix in _of_routes if page.route.startswith(prefix)), key=len, default=None)
    return None if prefix is None else _of_routes[prefix](viewer, page.place)


def _row(viewer: Viewer, reached: Callable[[], bool | None]) -> Any:
    with asking(viewer.audience):
        answer = reached()
    if answer is None:
        return
    if OUTSIDE & {SCOPE[role].rows for role in viewer.roles}:
        sentence = _("It is shown to this organisation.") if answer else _("It is not shown to this organisation.")
        yield Step(sentence, holds=answer)
        return
    yield Step(_("Its roles reach: %(reach)s.") % {"reach": _reach(viewer)}, holds=True)
    sentence = _("This row lies within that.") if answer else _("No row of this reference lies within that.")
    yield Step(sentence, holds=answer)


def _reach(viewer: Viewer) -> str:
    parts = []
    for reach in viewer.reaches:
        mission = _("its own mission") if reach.mission is not None else _("all missions")
        where = _("all crossings") if reach.crossings is None else ", ".join(sorted(reach.crossings))
        parts.append(f"{mission}, {where}")
    if viewer.glass:
        parts.append(_("what it has open in an emergency"))
    return "; ".join(parts) or _("no part of the caseload")
