"""The story is worth something only if it can fail: for each step the product is broken once, and the step says so."""

from __future__ import annotations

import copy
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser as Started

from partners import demonstration
from tests.faults.breaks import BREAKS, LONG, TALE_BREAKS
from tests.scenario import steps, tales
from tests.scenario.chromium import go_on_in_chromium
from tests.scenario.play import BRANCHES, STEPS, TALES, Step, own_acts, play_one, play_step, timeline
from tests.scenario.story import Story
from tests.support.database import keep, restore

assert steps  # importing them registers them
assert tales

IN_CHROMIUM = ("positive", "suspended")
"""Tales that are played in Chromium here. That of the 180 costs minutes there: `bin/run --check --browser --tale=grown`."""
ORDER = [str(entry["t"]) for entry in timeline() if entry["t"] in STEPS]


class Replayed:
    """The story from a kept moment on, as often as wanted: rows, mail and notes come back."""

    def __init__(self, story: Story, name: str = "before") -> None:
        self.story = story
        self.rows = keep(name)
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


def play_broken_act(story: Story, name: str, play: Step) -> tuple[str, str]:
    """Breaks the product and plays one act of a tale; returns its verdict and words."""
    broken = TALE_BREAKS[name]
    broken.install()
    story.patience = broken.patience
    return play_one(story, play)


def test_every_step_has_something_that_breaks_it():
    assert set(BREAKS) == set(STEPS)
    assert set(TALE_BREAKS) == {name for tale in TALES for name, _play in own_acts(tale)}


@pytest.mark.deep
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_each_step_fails_when_the_product_is_broken_and_passes_when_it_is_mended(
    live_server, celery_worker, mail_folder, browser
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
        play_tales_from(t, mended, browser)


def play_in_chromium(story: Story, play: Step, chromium: Started) -> tuple[str, str]:
    """Plays one act in Chromium, everybody signed in as they are; returns its verdict and words.

    The windows are closed afterwards, so that nobody holds a connection to the server, and the story is at rest.
    """
    before = story.browsers, story.opened_by
    story.browsers = dict(story.browsers)
    windows = go_on_in_chromium(story, chromium)
    verdict, words = play_one(story, play)
    for window in windows:
        window.context.close()
    story.browsers, story.opened_by = before
    complaints = [each for window in windows for each in window.complaints]
    return ("FAIL", f"the console of {complaints[0]}") if complaints else (verdict, words)


def play_tales_from(t: str, story: Story, chromium: Started) -> None:
    """Plays every tale that leaves the timeline after this step, and puts all back.

    Each act is played broken by requests, and then as it should be, in Chromium where that is affordable.
    """
    leaving = [tale for tale, branch in BRANCHES.items() if branch == t]
    if not leaving:
        return
    branch = Replayed(story, "branch")
    for tale in leaving:
        branch.again()
        for name, play in own_acts(tale):
            moment, began = Replayed(story, "act"), time.monotonic()
            verdict, words = play_broken_act(story, name, play)
            print(f"{verdict} {name} {words} ({time.monotonic() - began:.1f} s)")
            assert verdict == "FAIL", f"{name} does not notice that the product is broken: {words}"
            assert TALE_BREAKS[name].told in words
            mended, began = moment.again(), time.monotonic()
            mended.patience = LONG
            verdict, words = play_in_chromium(mended, play, chromium) if tale in IN_CHROMIUM else play_one(mended, play)
            print(f"{verdict} {name} {words} ({time.monotonic() - began:.1f} s)")
            assert verdict == "ok", f"{name} fails although nothing is broken: {words}"
    branch.again()
