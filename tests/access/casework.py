"""What stands about a case for an address to name: tasks, comments, papers, follow-ups and help after the return."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from accounts.models import User
from common.actors import Actor
from common.pictures import Drawn
from migrants.models import Migrant, TravelGroup
from partners.models import Organisation
from returns import case_papers, cases
from returns.models import (
    ActOnMany,
    CaseComment,
    CaseTask,
    FollowUp,
    Mention,
    Movement,
    Reintegration,
    ReturnCase,
    SavedFilter,
)
from tests.access.arriving import agreed
from tests.cast import NOW

BY = Actor.command("tests")


def aftercare_of(organisation: Organisation) -> dict[str, Any]:
    """Somebody who is to be asked how things are, and whom an organisation helps."""
    person = Migrant.objects.get(full_name="Озмоиш Мусофир")
    of = {"public_id": person.public_id}
    consent = agreed(person, "reintegration", organisation)
    asked = FollowUp.objects.create(
        person=person, mission=person.mission, movement=Movement.objects.earliest("pk"), stage="week", due_on=NOW.date(),
        planned_at=NOW, by=BY,
    )  # fmt: skip
    agreed(person, "follow_up")
    settles = Reintegration.objects.create(
        person=person, mission=person.mission, organisation=organisation, service="work", referred_at=NOW,
        recorded_at=NOW, consent=consent, by=BY,
    )  # fmt: skip
    return {
        "follow-up": {**of, "follow_up_id": asked.public_id},
        "help to settle in": {**of, "referral_id": settles.public_id},
    }


def casework_of(group: TravelGroup, returned: Migrant) -> dict[str, Any]:
    """A task, and a comment that asks everybody who has an account of casework to look; both about one case."""
    common: dict[str, Any] = {"group": group, "mission": group.mission, "made_at": NOW, "by": BY}
    common["case"] = ReturnCase.objects.filter(person__group=group).earliest("pk")
    task = CaseTask.objects.create(title="ask for the birth certificate", due_at=NOW, role="coordinator", **common)
    comment = CaseComment.objects.create(words="her brother waits in Tashkent", **common)
    for user in User.objects.filter(memberships__role__in=["field", "coordinator", "protection"]).distinct():
        Mention.objects.create(comment=comment, account=user.public_id, name=user.printed_name)
    closing = cases.open_cases(people=[returned], by=BY, at=NOW) or list(returned.cases.open())
    cases.close_cases(cases=closing, why="taken to hospital", outcome="hospital", by=BY, at=NOW)
    page = case_papers.attach(
        group=group, case=common["case"], title="letter of the clinic", pages=[Drawn(b"x", 1, 1)], by=BY, at=NOW
    )[0]
    kept = SavedFilter.objects.create(
        mission=group.mission,
        owner=uuid4(),
        owner_name="A colleague",
        name="mine",
        asked={"task": "open"},
        made_at=NOW,
        by=BY,
    )
    done = ActOnMany.objects.create(
        mission=group.mission, account=uuid4(), kind="task", words="call", how_many=1, made_at=NOW, by=BY
    )
    return {
        "act on many": done.public_id,
        "kept filter": kept.public_id,
        "paper of a case": page.paper,
        "page of a paper": {"public_id": page.paper, "page_id": page.public_id},
        "somebody whose case is closed": {"public_id": returned.public_id},
        "task": task.public_id,
        "comment": comment.public_id,
    }
