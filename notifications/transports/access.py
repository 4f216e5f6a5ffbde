"""How the operators of CHANNELS are signed in to, for whoever sends over them (`partners.contracts`)."""

from __future__ import annotations

from partners.contracts import NEEDED, access_to, usable_kinds

__all__ = ["NEEDED", "access_to", "usable_kinds"]
