"""A corridor that stops is a task for every group that is planned by it, until people may enter again."""

from datetime import timedelta

import pytest

from corridors import approvals
from returns.models import CaseTask
from returns.road_watch import assess_standing_changes
from tests.cast import COMMAND, NOW
from tests.returns.test_planned_versions import through

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def test_a_stop_opens_one_task_for_the_group_and_going_on_ends_it(corridor_version, group, crossing):
    through(corridor_version, group, crossing)
    approvals.suspend(version=corridor_version, reason="order", by=COMMAND, at=NOW)
    for _time in range(2):
        assess_standing_changes(by=COMMAND, at=NOW)
    task = CaseTask.objects.get()
    assert (task.group, task.role, task.state) == (group, "coordinator", "open")
    assert "suspended" in task.title
    assert NOW < task.due_at <= NOW + timedelta(hours=12)
    approvals.resume(version=corridor_version, reason="it is back", by=COMMAND, at=LATER)
    assess_standing_changes(by=COMMAND, at=LATER)
    task.refresh_from_db()
    assert (task.state, task.end_note) == ("done", "The corridor may be used again.")


def test_planning_another_way_ends_it_too(corridor_version, group, crossing):
    through(corridor_version, group, crossing)
    approvals.suspend(version=corridor_version, reason="order", by=COMMAND, at=NOW)
    assess_standing_changes(by=COMMAND, at=NOW)
    through(None, group, crossing)
    task = CaseTask.objects.get()
    assert (task.state, task.end_note) == ("done", "Another way is planned.")
