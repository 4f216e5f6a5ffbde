"""The story is worth something only if it can fail: for each step the product is broken once, and the step says so."""

from __future__ import annotations

import copy
import time
from pathlib import Path

import pytest
from django.core.management import call_command

from partners import demonstration
from tests.faults.breaks import BREAKS, LONG
from tests.scenario import steps, tales
from tests.scenario.play import BRANCHES, STEPS, own_acts, play_acts, play_step, timeline
from tests.scenario.story import Story
from tests.support.database import keep, restore

assert steps  # importing them registers them
assert tales

ORDER = [str(entry["t"]) for entry in timeline() if entry["t"] in STEPS]


class Replayed:
    """The story from a kept moment on, as often as wanted: rows, mail and notes come back."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.rows = keep("before")
        self.mail = set(story.mail_folder.iterdir())
        self.notes = copy.deepcopy(story.notes)

    def again(self) -> Story:
        """Puts everything back and returns the story at that moment."""
        restore(self.rows)
        for message in set(self.story.mail_folder.iterdir()) - self.mail:
            message.unlink()
        self.story.notes = copy.deepcopy(self.notes)
        return self.story


def story_at(address: str, mail_folder: Path) -> Story:
    """The story of the demonstration world, from its beginning; everybody is signed in already."""
    call_command("setup_world", verbosity=0)
    accounts = {name: f"{name}@homeward.example" for _, _, name, _, _ in demonstration.ACCOUNTS}
    story = Story(address, mail_folder, accounts, demonstration.PASSWORD)
    story.clock("2020-09-27T08:00")
    for account in accounts:
        story.as_(account)
    return story


def play_broken(story: Story, t: str) -> tuple[str, str]:
    """Breaks the product and plays up to the step that must notice; returns its verdict and words."""
    broken = BREAKS[t]
    broken.install()
    begins, ends = ORDER.index(broken.since or t), ORDER.index(t)
    for earlier in ORDER[begins:ends]:
        story.patience = LONG
        assert play_step(story, earlier)[0] == "ok", f"what breaks {t} breaks {earlier} already"
    story.patience = broken.patience
    return play_step(story, t)


def test_every_step_has_something_that_breaks_it():
    assert set(BREAKS) == set(STEPS)


@pytest.mark.deep
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_each_step_fails_when_the_product_is_broken_and_passes_when_it_is_mended(
    live_server, celery_worker, mail_folder
):
    story = story_at(live_server.url, mail_folder)
    for t in ORDER:
        moment = Replayed(story)
        for step in [step for step, broken in BREAKS.items() if (broken.since or step) == t]:
            began = time.monotonic()
            verdict, words = play_broken(moment.again(), step)
            print(f"{verdict} {step} {words} ({time.monotonic() - began:.1f} s)")
            assert verdict == "FAIL", f"{step} does not notice that the product is broken: {words}"
            assert BREAKS[step].told in words
        mended = moment.again()
        mended.patience = LONG
        verdict, words = play_step(mended, t)
        assert verdict == "ok", f"{t} fails although nothing is broken: {words}"
        play_tales_from(t, mended)


def play_tales_from(t: str, story: Story) -> None:
    """Plays every tale that leaves the timeline after this step, and puts everything back."""
    leaving = [tale for tale, branch in BRANCHES.items() if branch == t]
    if not leaving:
        return
    moment = Replayed(story)
    for tale in leaving:
        said: list[str] = []
        assert play_acts(moment.again(), own_acts(tale), said.append) == 0, said[-1]
        print(f"{tale}:", *said, sep="\n")
    moment.again()
