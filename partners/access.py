"""The whole access policy. Roles × permissions below; scope is on the querysets (`visible_to(viewer)`); strangers get 404.

- A membership counts while it is valid: user × office × role, narrowed to crossings where it names some.
- IOM roles see the cases of their own mission office's organisation family: all IOM missions work one caseload.
- A consular officer sees nobody here: only the projection of live disclosures to their own organisation.
- An administrator manages accounts and the directory and sees no case data by virtue of that.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts.models import User
from common.actors import Actor
from common.audience import Audience
from common.enums import ActorKind
from partners.enums import Role
from partners.models import Membership, Organisation


class Permission(StrEnum):
    SEE_BOARD = "see the board"
    SEE_GROUPS = "see groups"
    COUNT_GROUPS = "count groups"
    REGISTER_PEOPLE = "register people"
    SEE_PEOPLE = "see people"
    RECORD_CONSENT = "record consent"
    PLAN_CROSSINGS = "plan crossings"
    SEE_PROTECTION = "see protection"
    DECIDE_PROTECTION = "decide protection"
    SEE_REQUIREMENTS = "see requirements"
    PUBLISH_REQUIREMENTS = "publish requirements"
    ARRANGE_CORRIDORS = "write corridors and ask their parties"
    DECIDE_REQUESTS = "decide requests to the own organisation"
    SEE_NOTICES = "see who knew when"
    CALL_PARTNERS = "call partners"
    SEE_OWN_NOTICES = "see and acknowledge own notices"
    SEE_HALTS = "see the halts that the organisation serves"
    SEE_MOVEMENTS = "see movements and their manifests"
    SEND_MOVEMENTS = "make movements and freeze manifests"
    COUNT_MOVEMENTS = "tick people on board and count heads on the way"
    SEE_INCOMING = "see returnees who agreed to be shown, and confirm their reception"
    TAKE_SAMPLES = "keep sample lists and their results"
    SEE_NEEDS = "see needs and pledges"
    RECORD_AID = "ask for what a halt needs and record aid"
    RECORD_PLEDGES = "record pledges"
    WAIVE = "record waivers"
    SEE_DIRECTORY = "see the directory"
    MANAGE_DIRECTORY = "manage the directory"
    SEE_AUDIT = "see the audit"
    SEE_EXPORTS = "see the files that were exported: the own ones, with the audit all"


P = Permission
_IOM = {P.SEE_BOARD, P.SEE_GROUPS, P.SEE_REQUIREMENTS, P.SEE_NOTICES, P.SEE_NEEDS, P.SEE_DIRECTORY}
_CASEWORK = _IOM | {P.COUNT_GROUPS, P.REGISTER_PEOPLE, P.SEE_PEOPLE, P.RECORD_CONSENT, P.SEE_MOVEMENTS, P.SEE_EXPORTS}

POLICY: dict[str, frozenset[Permission]] = {
    Role.FIELD: frozenset(_CASEWORK | {P.COUNT_MOVEMENTS, P.TAKE_SAMPLES, P.RECORD_AID}),
    Role.COORDINATOR: frozenset(
        _CASEWORK
        | {P.PLAN_CROSSINGS, P.PUBLISH_REQUIREMENTS, P.ARRANGE_CORRIDORS, P.CALL_PARTNERS, P.RECORD_PLEDGES, P.WAIVE}
        | {P.SEND_MOVEMENTS, P.COUNT_MOVEMENTS, P.TAKE_SAMPLES, P.RECORD_AID}
    ),
    Role.PROTECTION: frozenset(_CASEWORK | {P.SEE_PROTECTION, P.DECIDE_PROTECTION}),
    Role.CONSULAR: frozenset({P.SEE_OWN_NOTICES, P.SEE_HALTS, P.DECIDE_REQUESTS, P.SEE_INCOMING}),
    Role.LIAISON: frozenset({P.SEE_OWN_NOTICES, P.SEE_HALTS, P.DECIDE_REQUESTS}),
    Role.PROGRAMME: frozenset({P.SEE_BOARD, P.SEE_REQUIREMENTS, P.SEE_NEEDS, P.RECORD_PLEDGES}),
    Role.DATA_PROTECTION: frozenset({P.SEE_AUDIT, P.SEE_EXPORTS}),
    Role.ADMINISTRATOR: frozenset({P.SEE_DIRECTORY, P.MANAGE_DIRECTORY}),
}
INCOMPATIBLE = (frozenset({Role.ADMINISTRATOR, Role.DATA_PROTECTION}), frozenset({Role.ADMINISTRATOR, Role.PROTECTION}))
"""Pairs that one person may not hold together: who gives access must not also oversee it, nor open the closed room."""

SCOPES: dict[str, frozenset[Permission]] = {
    "cases": frozenset({P.SEE_GROUPS, P.SEE_PEOPLE}),
    "protection": frozenset({P.SEE_PROTECTION}),
    "oversight": frozenset({P.SEE_AUDIT}),
    "accounts": frozenset({P.MANAGE_DIRECTORY}),
    "directory": frozenset({P.SEE_DIRECTORY, P.CALL_PARTNERS}),
}
"""What each permission opens in the database, behind the pages (`common/wall.py`)."""


@dataclass(frozen=True)
class Viewer:
    """Whom a face serves: the account with what its valid memberships allow. Build it with `viewer_of`."""

    user: User
    roles: frozenset[str]
    organisations: tuple[Organisation, ...]
    missions: tuple[int, ...]
    crossings: frozenset[str] | None
    """Codes of the crossings it is narrowed to, or None for all."""
    zones: tuple[str, ...] = ()
    """IANA zones of the offices served."""
    at: datetime | None = None
    """The hour at which the memberships were read."""

    def may(self, permission: Permission) -> bool:
        return any(permission in POLICY[role] for role in self.roles)

    @property
    def title(self) -> str:
        """ "Coordinator, IOM Uzbekistan": what stands beside the bell."""
        roles = ", ".join(str(Role(role).label).capitalize() for role in sorted(self.roles))
        return ", ".join([roles, *(organisation.name for organisation in self.organisations)]).strip(", ")

    @property
    def actor(self) -> Actor:
        return Actor(
            ActorKind.USER,
            str(self.user.public_id),
            self.user.printed_name,
            organisation_ref=self.organisations[0].code if self.organisations else "",
        )

    @property
    def audience(self) -> Audience:
        return Audience(
            kind="staff" if self.missions else "partner",
            ref=str(self.user.public_id),
            organisations=tuple(organisation.code for organisation in self.organisations),
            missions=self.missions,
            scopes=tuple(scope for scope, opening in SCOPES.items() if any(self.may(each) for each in opening)),
            crossings=None if self.crossings is None else tuple(sorted(self.crossings)),
            at=self.at.isoformat() if self.at else "",
        )


def viewer_of(user: User, *, at: datetime) -> Viewer:
    """Reads the memberships that are valid `at`; one query."""
    memberships = list(
        Membership.objects.filter(user=user).valid(at).select_related("office__organisation").order_by("pk")
    )
    organisations = {membership.office.organisation_id: membership.office.organisation for membership in memberships}
    return Viewer(
        user=user,
        roles=frozenset(membership.role for membership in memberships),
        organisations=tuple(organisations.values()),
        missions=tuple(membership.office_id for membership in memberships if membership.office.is_mission),
        crossings=_narrowed(memberships),
        zones=tuple(membership.office.zone for membership in memberships),
        at=at,
    )


def _narrowed(memberships: Collection[Membership]) -> frozenset[str] | None:
    if not memberships or any(not membership.crossings for membership in memberships):
        return None
    return frozenset(code for membership in memberships for code in membership.crossings)
