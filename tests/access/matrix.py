"""Who may open what: one row for each address, and nothing is open that has no row.

`ANYBODY` needs no account; `SIGNED_IN` needs one, of whatever role. Otherwise the roles listed may, and every other role gets
404, as if the page did not exist; a stranger is sent to sign in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from partners.enums import Role

ANYBODY: Literal["anybody"] = "anybody"
SIGNED_IN: Literal["signed in"] = "signed in"
CASEWORK = frozenset({Role.FIELD, Role.COORDINATOR, Role.PROTECTION})
COORDINATION = frozenset({Role.COORDINATOR})
PROTECTION = frozenset({Role.PROTECTION})
BOARD = CASEWORK | {Role.PROGRAMME}
OUTSIDE = frozenset({Role.CONSULAR, Role.LIAISON})


@dataclass(frozen=True)
class Row:
    """`who` may; `needs` names what of the world fills the address's parameters; `acts` marks addresses that only take POST."""

    who: frozenset[Role] | Literal["anybody", "signed in"]
    acts: bool = False


MATRIX: dict[str, Row] = {
    "healthz": Row(ANYBODY),
    "readyz": Row(ANYBODY),
    "account_login": Row(ANYBODY),
    "account_logout": Row(ANYBODY),
    "account_inactive": Row(ANYBODY),
    "account_reset_password": Row(ANYBODY),
    "account_reset_password_done": Row(ANYBODY),
    "account_reset_password_from_key": Row(ANYBODY),
    "account_reset_password_from_key_done": Row(ANYBODY),
}
