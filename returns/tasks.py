"""What is true afterwards. Tasks read the clock, name their audience, make one call; rows are the queue."""

from celery import shared_task
from django.db import transaction

from common import clock
from common.actors import Actor
from common.audience import Audience, announce, asking
from common.nudges import nudge
from returns import assessing, importing, retention, road_watch, transit_clock, waiting_alerts


@shared_task(name="returns.tasks.assess_requirement_changes")
def assess_requirement_changes() -> int:
    """Every published change has been assessed: whom it stops is stored, and whom a case brings in is told."""
    name = "assess_requirement_changes"
    with transaction.atomic():
        announce(Audience.task(name))
        return assessing.assess_changes(by=Actor.task(name), at=clock.now())


@shared_task(name="returns.tasks.assess_health_tests")
def assess_health_tests() -> int:
    """The cases of everybody with a new test result say what the result means."""
    with transaction.atomic():
        announce(Audience.task("assess_health_tests"))
        return assessing.assess_tests(at=clock.now())


@shared_task(name="returns.tasks.recheck_cases")
def recheck_cases() -> int:
    """No stored judgement is older than it may be, and the counts of the board are those of the latest head counts."""
    with transaction.atomic():
        announce(Audience.task("recheck_cases"))
        at = clock.now()
        changed = assessing.recheck_due(at=at) + assessing.recheck_changed_facts(at=at)
        assessing.count_heads_anew(at=at)
        return changed


@shared_task(name="returns.tasks.sound_transit_clocks")
def sound_transit_clocks() -> int:
    """Every transit that ends soon has been warned of, and every one that is over has been alarmed for."""
    name = "sound_transit_clocks"
    with transaction.atomic():
        announce(Audience.task(name))
        return transit_clock.sound(by=Actor.task(name), at=clock.now())


@shared_task(name="returns.tasks.watch_movements")
def watch_movements() -> int:
    """Every movement that is late, or whose corridor no longer stands, has been told."""
    name = "watch_movements"
    with transaction.atomic():
        announce(Audience.task(name))
        by, at = Actor.task(name), clock.now()
        return road_watch.assess_standing_changes(by=by, at=at) + road_watch.watch(by=by, at=at)


@shared_task(name="returns.tasks.tell_of_waiting")
def tell_of_waiting() -> int:
    """No group waits beyond a threshold without its mission, and whoever serves the halt, having been told."""
    name = "tell_of_waiting"
    return waiting_alerts.tell_of_waiting(
        within=lambda: asking(Audience.task(name)), by=Actor.task(name), at=clock.now()
    )


@shared_task(name="returns.tasks.work_off_lists")
def work_off_lists() -> None:
    """Every long list that waited has been read or stored as far as one turn reaches; what is left has its turn again."""
    if importing.work_off(at=clock.now(), real_at=clock.real_now()):
        nudge("lists")


@shared_task(name="returns.tasks.forget_what_is_due")
def forget_what_is_due() -> int:
    """Nothing is kept for longer than its period says."""
    name = "forget_what_is_due"
    done = retention.run(
        within=lambda: asking(Audience.task(name)), by=Actor.task(name), at=clock.now(), real_at=clock.real_now()
    )
    return sum(rows for _kind, rows, _refused in done)
