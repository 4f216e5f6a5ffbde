"""Plays the steps in order and prints one line for each: `ok`, `FAIL` with the reason, or `later`."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.scenario.story import BrokenPromiseError, Story
from tests.support.waiting import WaitedInVainError

Step = Callable[[Story], str]
STEPS: dict[str, Step] = {}
TALES: dict[str, list[Step]] = {}
BRANCHES: dict[str, str] = {}
"""By tale: the step of the timeline after which it goes its own way."""
TIMELINE = Path(__file__).parents[1] / "fixtures" / "scenario_zhibek_zholy.json"


def step(t: str) -> Callable[[Step], Step]:
    """Registers what plays the step `t` of the timeline. It returns a sentence of what was seen."""

    def keep(play: Step) -> Step:
        STEPS[t] = play
        return play

    return keep


def told(tale: str, *, after: str) -> Callable[[Step], Step]:
    """Registers the next step of a tale, which leaves the timeline after the step `after`."""

    def keep(play: Step) -> Step:
        TALES.setdefault(tale, []).append(play)
        BRANCHES[tale] = after
        return play

    return keep


def timeline() -> list[dict[str, object]]:
    """The 27 steps as written down."""
    steps: list[dict[str, object]] = json.loads(TIMELINE.read_text())["timeline"]
    return steps


def play_step(story: Story, t: str) -> tuple[str, str]:
    """Plays one step: ("ok", what was seen), ("FAIL", why) or ("later", what it will show)."""
    play = STEPS.get(t)
    return ("later", "") if play is None else play_one(story, play)


def play_one(story: Story, play: Step) -> tuple[str, str]:
    """Plays what plays a step; whatever goes wrong becomes the reason of a "FAIL"."""
    try:
        return "ok", play(story)
    except (BrokenPromiseError, WaitedInVainError, LookupError) as broken:
        return "FAIL", str(broken) or repr(broken)
    except Exception as error:  # whatever goes wrong is a failed step, told in one line; the rest must still be tried
        place = traceback.extract_tb(error.__traceback__)[-1]
        return "FAIL", f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"


def play(story: Story, say: Callable[[str], None], after: Callable[[str], None] = lambda t: None) -> int:
    """Plays all steps, calling `after` with each that went well; returns how many failed."""
    played = failed = 0
    steps = timeline()
    for entry in steps:
        t = str(entry["t"])
        began = time.monotonic()
        verdict, words = play_step(story, t)
        say(f"{verdict:<5} {t:<7} {words or entry['app_feature']} ({time.monotonic() - began:.1f} s)")
        if verdict == "ok":
            after(t)
        played += verdict == "ok"
        failed += verdict == "FAIL"
    say(f"{played} of {len(steps)} steps")
    return failed


def play_shared(story: Story, tale: str, say: Callable[[str], None]) -> int:
    """Plays the timeline as far as the tale shares it; returns how many are left when one failed."""
    order = [str(entry["t"]) for entry in timeline()]
    shared = order[: order.index(BRANCHES[tale]) + 1]
    return play_acts(story, [(t, STEPS[t]) for t in shared], say)


def own_acts(tale: str) -> list[tuple[str, Step]]:
    """What a tale does after it has left the timeline, each with its name."""
    return [(play.__name__.replace("_", " "), play) for play in TALES[tale]]


def play_acts(story: Story, acts: Sequence[tuple[str, Step]], say: Callable[[str], None]) -> int:
    """Plays acts in order and stops at the first that fails; returns how many are left, that one included."""
    for number, (name, play) in enumerate(acts, start=1):
        began = time.monotonic()
        verdict, words = play_one(story, play)
        say(f"{verdict:<5} {name:<7} {words} ({time.monotonic() - began:.1f} s)")
        if verdict != "ok":
            return len(acts) - number + 1
    return 0
