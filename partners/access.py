"""The whole access policy: roles × permissions (`POLICY`) and how far each role reaches (`SCOPE`); strangers get 404.

- A membership counts while it is valid: user × office × role. It may be narrowed to the own mission and to crossings.
- IOM missions work one caseload: a role of casework reaches all of it where its membership is not narrowed.
- Scope is on the querysets (`visible_to(viewer)`), and again in the database, which is told the `Audience`.
- A consular officer sees nobody here: only the projection of live disclosures to their own organisation.
- An administrator manages accounts and the directory and sees no case data by virtue of that.

The page `/policy/` prints these tables as they stand here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from accounts.models import User
from common.actors import Actor
from common.audience import Audience
from common.enums import ActorKind
from partners.enums import Role, Rows
from partners.models import EmergencyAccess, LentAccess, Membership, Organisation
from partners.reach import Reach, crossings_of, missions_of, told_apart


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
    SEE_OWN_JOURNEYS = "see the journeys of the day that the organisation carries or receives"
    LOOK_AS_CONSULATE = "look at what an embassy would be shown, before it is"
    KEEP_AFTERCARE = "keep follow-up and reintegration after the return"
    TAKE_SAMPLES = "keep sample lists and their results"
    SEE_NEEDS = "see needs and pledges"
    RECORD_AID = "ask for what a halt needs and record aid"
    RECORD_PLEDGES = "record pledges"
    WAIVE = "record waivers"
    SEE_DIRECTORY = "see the directory"
    MANAGE_DIRECTORY = "manage the directory"
    MANAGE_ACCOUNTS = "invite people, give them roles and end them"
    LOOK_ELSEWHERE = "ask whether another office knows somebody"
    ANSWER_ENQUIRIES = "answer another office that asks about somebody"
    OPEN_IN_EMERGENCY = "open a case beyond the own reach in an emergency"
    REVIEW_EMERGENCIES = "review what was opened in an emergency"
    EXPLAIN_ACCESS = "see the policy, and why somebody can or cannot see something"
    SEE_AUDIT = "see the audit"
    SEE_QUARANTINE = "see and destroy harmful uploads"
    SEE_EXPORTS = "see the files that were exported: the own ones, with the audit all"
    KEEP_RETENTION = "say how long what is kept, hold it for a court, ask for erasures"
    GIVE_ACCESS = "give a person what is held about them"
    ANSWER_ERASURES = "confirm or refuse an erasure that another person asked for"


P = Permission
_IOM = {P.SEE_BOARD, P.SEE_GROUPS, P.SEE_REQUIREMENTS, P.SEE_NOTICES, P.SEE_NEEDS, P.SEE_DIRECTORY}
_CASEWORK = _IOM | {P.COUNT_GROUPS, P.REGISTER_PEOPLE, P.SEE_PEOPLE, P.RECORD_CONSENT, P.SEE_MOVEMENTS, P.SEE_EXPORTS}
_CASEWORK |= {P.KEEP_AFTERCARE}

POLICY: dict[str, frozenset[Permission]] = {
    Role.FIELD: frozenset(
        _CASEWORK | {P.OPEN_IN_EMERGENCY, P.LOOK_ELSEWHERE, P.COUNT_MOVEMENTS, P.TAKE_SAMPLES, P.RECORD_AID}
    ),
    Role.COORDINATOR: frozenset(
        _CASEWORK
        | {P.PLAN_CROSSINGS, P.PUBLISH_REQUIREMENTS, P.ARRANGE_CORRIDORS, P.CALL_PARTNERS, P.RECORD_PLEDGES, P.WAIVE}
        | {P.SEND_MOVEMENTS, P.COUNT_MOVEMENTS, P.TAKE_SAMPLES, P.RECORD_AID, P.ANSWER_ERASURES, P.OPEN_IN_EMERGENCY}
        | {P.GIVE_ACCESS, P.LOOK_ELSEWHERE, P.ANSWER_ENQUIRIES, P.LOOK_AS_CONSULATE}
    ),
    Role.PROTECTION: frozenset(_CASEWORK | {P.SEE_PROTECTION, P.DECIDE_PROTECTION, P.ANSWER_ERASURES, P.GIVE_ACCESS}),
    Role.CONSULAR: frozenset({P.SEE_OWN_NOTICES, P.SEE_HALTS, P.DECIDE_REQUESTS, P.SEE_INCOMING}),
    Role.LIAISON: frozenset({P.SEE_OWN_NOTICES, P.SEE_HALTS, P.DECIDE_REQUESTS, P.SEE_OWN_JOURNEYS}),
    Role.PROGRAMME: frozenset({P.SEE_BOARD, P.SEE_REQUIREMENTS, P.SEE_NEEDS, P.RECORD_PLEDGES}),
    Role.DATA_PROTECTION: frozenset(
        {P.SEE_AUDIT, P.SEE_EXPORTS, P.KEEP_RETENTION, P.GIVE_ACCESS, P.EXPLAIN_ACCESS, P.REVIEW_EMERGENCIES}
        | {P.SEE_QUARANTINE}
    ),
    Role.ADMINISTRATOR: frozenset(
        {P.SEE_DIRECTORY, P.MANAGE_DIRECTORY, P.MANAGE_ACCOUNTS, P.EXPLAIN_ACCESS, P.SEE_QUARANTINE}
    ),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows the permissions of a role open. `narrowed`: its membership may name the own mission or crossings alone;
    `confidential`: the closed room too; `outside`: only organisations outside IOM hold the role, and no other does.
    """

    rows: Rows
    narrowed: bool = False
    confidential: bool = False
    outside: bool = False


SCOPE: dict[str, Scope] = {
    Role.FIELD: Scope(Rows.CASELOAD, narrowed=True),
    Role.COORDINATOR: Scope(Rows.CASELOAD, narrowed=True),
    Role.PROTECTION: Scope(Rows.CASELOAD, narrowed=True, confidential=True),
    Role.CONSULAR: Scope(Rows.DISCLOSED, outside=True),
    Role.LIAISON: Scope(Rows.OWN_ORGANISATION, outside=True),
    Role.PROGRAMME: Scope(Rows.FIGURES, narrowed=True),
    Role.DATA_PROTECTION: Scope(Rows.RECORDS),
    Role.ADMINISTRATOR: Scope(Rows.ACCOUNTS),
}
_INSIDE = frozenset(role for role, scope in SCOPE.items() if not scope.outside)
INCOMPATIBLE: dict[str, frozenset[str]] = {
    # who gives access must not also oversee it, nor open the closed room; nobody oversees their own looks
    Role.ADMINISTRATOR: frozenset({Role.DATA_PROTECTION, Role.PROTECTION}),
    Role.DATA_PROTECTION: frozenset({Role.FIELD, Role.COORDINATOR, Role.PROTECTION}),
    # whoever serves another government or service serves nobody here
    Role.CONSULAR: _INSIDE,
    Role.LIAISON: _INSIDE,
}
"""Roles that one person may not hold together with the one named, in either order."""


def stand_against(one: str, other: str) -> bool:
    """True where nobody may hold both roles at once."""
    return other in INCOMPATIBLE.get(one, ()) or one in INCOMPATIBLE.get(other, ())


SCOPES: dict[str, frozenset[Permission]] = {
    "cases": frozenset({P.SEE_GROUPS, P.SEE_PEOPLE}),
    "protection": frozenset({P.SEE_PROTECTION}),
    "oversight": frozenset({P.SEE_AUDIT}),
    "accounts": frozenset({P.MANAGE_ACCOUNTS}),
    "directory": frozenset({P.SEE_DIRECTORY, P.CALL_PARTNERS}),
    "corridors": frozenset({P.SEE_REQUIREMENTS}),
    "funding": frozenset({P.SEE_NEEDS, P.RECORD_PLEDGES}),
}
"""What each permission opens in the database, behind the pages (`common/wall.py`)."""


@dataclass(frozen=True)
class Viewer:
    """Whom a face serves: the account with what its valid memberships allow. Build it with `viewer_of`."""

    user: User
    roles: frozenset[str]
    organisations: tuple[Organisation, ...]
    missions: tuple[int, ...]
    """The missions that it serves, for whose rows it may enter something; which rows it reaches says `reaches`."""
    reaches: tuple[Reach, ...]
    """The parts of the caseload that it reaches, each in its turn."""
    zones: tuple[str, ...] = ()
    """IANA zones of the offices served."""
    glass: tuple[str, ...] = ()
    """What lies open to it beyond its reaches, in an emergency or lent: `group:<public id>`, `person:<public id>`."""
    at: datetime | None = None
    """The hour at which the memberships were read."""

    @property
    def crossings(self) -> frozenset[str] | None:
        """Codes of the crossings that it is narrowed to, or None for all."""
        return crossings_of(self.reaches)

    @property
    def may_break_glass(self) -> bool:
        """True for casework that is narrowed; not for whoever enters the closed room, which no emergency may widen."""
        narrowed = self.reaches and all(reach.is_narrowed for reach in self.reaches)
        return bool(narrowed) and self.may(P.OPEN_IN_EMERGENCY) and not self.may(P.SEE_PROTECTION)

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
        is_staff = any(organisation.is_iom for organisation in self.organisations)
        return Audience(
            kind="staff" if is_staff else "partner",
            ref=str(self.user.public_id),
            organisations=tuple(organisation.code for organisation in self.organisations),
            missions=self.missions,
            scopes=tuple(scope for scope, opening in SCOPES.items() if any(self.may(each) for each in opening)),
            reached=missions_of(self.reaches),
            reaches=told_apart(self.reaches),
            glass=self.glass,
            crossings=None if self.crossings is None else tuple(sorted(self.crossings)),
            at=self.at.isoformat() if self.at else "",
        )


def viewer_of(user: User, *, at: datetime) -> Viewer:
    """Reads the memberships that are valid `at`, none of an account that has ended; and where its reach is narrow, what
    lies open to it in an emergency or is lent to it. One query, or two.
    """
    rows = Membership.objects.filter(user=user).valid(at).select_related("office__organisation").order_by("pk")
    memberships = list(rows) if user.stands(at) else []
    organisations = {membership.office.organisation_id: membership.office.organisation for membership in memberships}
    narrowed = [membership for membership in memberships if SCOPE[membership.role].narrowed]
    viewer = Viewer(
        user=user,
        roles=frozenset(membership.role for membership in memberships),
        organisations=tuple(organisations.values()),
        missions=tuple(membership.office_id for membership in narrowed if membership.office.is_mission),
        reaches=tuple(Reach.of(membership) for membership in narrowed if membership.office.is_mission),
        zones=tuple(membership.office.zone for membership in memberships),
        at=at,
    )
    if not viewer.may_break_glass:
        return viewer
    opened = EmergencyAccess.objects.filter(user=user).open(at).values_list("subject", flat=True)
    lent = LentAccess.objects.filter(user=user).open(at).values_list("subject", flat=True)
    return replace(viewer, glass=tuple(opened.union(lent)))
