"""One way to break the product for each step of the story and of its tales, as the owner of the database could.

A break is a trigger: what the product writes is changed on its way into a table, or never arrives; or it is done once, to
what is stored already. The product itself runs unchanged, so a step that still says `ok` would say so whatever happens.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import psycopg
from django.db.models import Model
from psycopg import sql

from corridors.models import (
    Approval,
    CorridorVersion,
    PartyWord,
    RequirementChange,
    RequirementVersion,
)
from migrants.models import Disclosure, DuplicatePair, HeadCount, HealthTest, Migrant, Referral, TravelGroup
from notifications.models import Acknowledgement, CallEntry, Delivery
from returns.models import (
    AidItem,
    CaseReadiness,
    Checkpoint,
    GroupTold,
    Handover,
    Manifest,
    Movement,
    Pledge,
    RoadDecision,
    Sample,
    Seat,
    TravelQuestion,
)

SHORT, LONG = 3, 60
ONCE = "at once"


@dataclass(frozen=True)
class Break:
    """What goes wrong with each row written to a table.

    Arguments: `told`: what the verdict must say then; `act`: what the trigger does with the row NEW, in PL/pgSQL;
    `on`: INSERT or UPDATE; `since`: the earlier step before which it breaks, when the damage is done there;
    `patience`: how long the broken step may wait, in seconds; short where it notices by waiting in vain.
    """

    table: type[Model]
    act: str
    told: str
    on: str = "INSERT"
    since: str = ""
    patience: float = LONG

    def install(self) -> None:
        """Breaks the product until the database is restored."""
        body = f"BEGIN {self.act}; RETURN NEW; END"
        table = sql.Identifier(self.table._meta.db_table)
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
            if self.on == ONCE:
                owner.execute(sql.SQL(self.act).format(table))
                return
            owner.execute(
                sql.SQL("CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS {}").format(sql.Literal(body))
            )
            owner.execute(
                sql.SQL("CREATE TRIGGER a_broken BEFORE {} ON {} FOR EACH ROW EXECUTE FUNCTION broken()").format(
                    sql.SQL(self.on), table
                )
            )


VANISH = "RETURN NULL"


def only(condition: str, act: str) -> str:
    """The act for rows of which the condition holds."""
    return f"IF {condition} THEN {act}; END IF"


LATE = "NEW.due_at := NEW.due_at + interval '1 day'"
SAID_TO_GO_ON = (
    "NEW.answer := 'go_on'; NEW.reference := 'call'; NEW.authority_id := (SELECT min(id) FROM partners_organisation)"
)
SUGHD = "NEW.address = 'duty@tj-sughd.example'"

BREAKS: dict[str, Break] = {
    "T-96h": Break(TravelGroup, "NEW.source := 'unknown'", "does not say who told us"),
    "T-48h": Break(HeadCount, "NEW.public_id := gen_random_uuid()", "answered [201, 201]"),
    "T-30h": Break(DuplicatePair, VANISH, "0 pairs are offered instead of one"),
    "T-26h": Break(Referral, "NEW.in_lists := true", "not one referral is counted"),
    "T-24h": Break(CorridorVersion, "NEW.head_count_cap := 103", "does not say “102 people”", on="UPDATE"),
    "T-20h": Break(Approval, "NEW.answer_by := NEW.answer_by + interval '1 hour'", "does not say “08:30 Tashkent”"),
    "T-16h": Break(Approval, only("NEW.state = 'approved'", "NEW.state := 'rejected'"), "not 3 of 5", on="UPDATE"),
    "T-12h": Break(Approval, "NEW.reference := ''", "not 4 of 5 with the reference", on="UPDATE"),
    "T+0h": Break(
        RequirementChange, "NEW.assessed_at := NEW.at", "all 102 to turn from ready to blocked", patience=SHORT
    ),
    "T+0h05": Break(Delivery, only(SUGHD, LATE), "nine messages", since="T+0h", patience=SHORT),
    "T+0h20": Break(Acknowledgement, VANISH, "not 2 of 9 have acknowledged"),
    "T+0h30": Break(Delivery, only(SUGHD, LATE), "seven reminders", patience=SHORT),
    "T+0h40": Break(Pledge, "NEW.currency := 'USD'", "the pledge lost its currency"),
    "T+1h": Break(CallEntry, "NEW.number := '-'", "number or function is missing"),
    "T+2h": Break(GroupTold, VANISH, "it was not written down"),
    "T+3h": Break(
        RequirementVersion,
        """NEW.entered_by := jsonb_set(NEW.entered_by, '{printed_name}', '"somebody"')""",
        "who entered each",
    ),
    "T+5h": Break(Pledge, "NEW.amount := NEW.amount / 10", "2,100 USD do not show"),
    "T+6h": Break(Sample, VANISH, "the list holds 0 case numbers instead of 102"),
    "T+9h": Break(HealthTest, "NEW.sampled_at := NEW.sampled_at - interval '1 day'", "but the page says"),
    "T+12h": Break(AidItem, "NEW.quantity := NEW.quantity - 1", "blankets given do not show"),
    "T+18h": Break(
        TravelQuestion,
        only("NOT NEW.is_own", "NEW.withdrawn_at := NEW.raised_at"),
        "the mother of the child is not kept back",
    ),
    "T+20h": Break(
        CorridorVersion,
        "NEW.opens_at := NEW.opens_at - interval '1 hour'",
        "the window does not stand in the local time of each side",
    ),
    "T+22h": Break(Manifest, "NEW.digest := repeat('a', 64)", "two versions have one fingerprint"),
    "T+23h": Break(Checkpoint, "NEW.public_id := gen_random_uuid()", "sent twice"),
    "T+27h": Break(Delivery, LATE, "to be warned before the transit ends", patience=SHORT),
    "T+28h": Break(Handover, "NEW.heads := 101", "not received"),
    "T+29h": Break(
        Movement, only("NEW.ended_at IS NOT NULL", "NEW := OLD"), "the movement was not closed", on="UPDATE"
    ),
}
"""By step: what breaks it."""

TALE_BREAKS: dict[str, Break] = {
    "two tested positive": Break(
        CaseReadiness, "NEW := OLD", "somebody not to be ready any more", on="UPDATE", patience=SHORT
    ),
    "the exit is refused": Break(
        CaseReadiness, "UPDATE {} SET missing = 0, unknown = 0, expiring = 0", "a bus leaves with a positive", on=ONCE
    ),
    "both families step down": Break(
        Seat, only("NEW.vehicle_id IS NULL", "NEW := OLD"), "the manifest cannot be frozen", on="UPDATE"
    ),
    "they wait in a group of their own": Break(
        Migrant, "NEW.group_id := OLD.group_id", "not six are in the new group", on="UPDATE"
    ),
    "the others travel": Break(Checkpoint, "NEW.public_id := gen_random_uuid()", "sent twice"),
    "the ministry suspends": Break(Delivery, LATE, "everybody who has to know to be told", patience=SHORT),
    "the last bus waits": Break(RoadDecision, SAID_TO_GO_ON, "a bus that waits has left"),
    "the ministry lets it go on": Break(
        PartyWord, only("NEW.kind = 'resumed'", VANISH), "the corridor is not open again"
    ),
    "sixty eight on the first day": Break(Migrant, VANISH, "0 people are registered instead of 68"),
    "a hundred and twenty on the second": Break(
        CorridorVersion, only("NEW.number = 2", "NEW.head_count_cap := 68"), "0 parties have to decide anew"
    ),
    "a hundred and eighty on the third": Break(
        Disclosure, "NEW.valid_until := NEW.valid_from", "the embassy is not shown 180"
    ),
    "two manifests share one cap": Break(
        CorridorVersion, "UPDATE {} SET head_count_cap = 181", "181 are let through a corridor for 180", on=ONCE
    ),
    "one changes her mind": Break(Disclosure, "NEW := OLD", "the embassy sees who took the consent back", on="UPDATE"),
    "a hundred and seventy nine come home": Break(
        Checkpoint, only("NEW.kind = 'exited'", "NEW.heads := NEW.heads - 1"), "sent twice"
    ),
}
"""By act of a tale: what breaks it."""
