"""`python -m tests.scenario --base-url … --mail-folder … --state …`: what `bin/run --check` calls."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's synchronous interface runs a loop in this thread
django.setup()

from partners import demonstration  # noqa: E402  # Django must be set up first
from tests.scenario import steps, tales  # noqa: E402, F401  # importing registers them
from tests.scenario.play import TALES, own_acts, play, play_acts, play_shared  # noqa: E402
from tests.scenario.story import Story  # noqa: E402


def say(line: str) -> None:
    print(line, flush=True)


def pages_to_weigh(story: Story) -> list[dict[str, Any]]:
    """Pages whose weight the launcher measures after the story, with what each may weigh at most."""
    signed_in = story.as_("coordinator").cookies()
    lists = ("/", "/groups/", "/notices/", f"/groups/{story.notes.get('group')}/readiness/")
    pages: list[dict[str, Any]] = [
        {"name": path, "path": path, "cookies": signed_in, "first_kb": 110, "later_kb": 20} for path in lists
    ]
    for link in list(story.notes.get("links", {}).values())[:1]:
        pages.append({"name": "signed link", "path": link.removeprefix(story.base_url), "first_kb": 15})
    return pages


def in_chromium(story: Story, stack: ExitStack) -> Callable[[], list[str]]:
    """Lets everybody of the story work in Chromium until `stack` closes; what is returned tells what its console said."""
    from tests.scenario.chromium import chromium, go_on_in_chromium  # noqa: PLC0415  # a story without pictures needs none

    windows = go_on_in_chromium(story, stack.enter_context(chromium()))
    return lambda: [each for window in windows for each in window.complaints]


def play_given(story: Story, given: argparse.Namespace, stack: ExitStack) -> int:
    """Plays the timeline, or a tale from where it leaves it; returns how many failed. Windows are open until `stack` closes.

    What a tale shares with the timeline is played by requests, for `--browser` alone plays it in Chromium.
    """
    if given.tale and (failed := play_shared(story, given.tale, say)):
        return failed
    complaints = in_chromium(story, stack) if given.browser else list
    failed = play_acts(story, own_acts(given.tale), say) if given.tale else play(story, say)
    for complaint in complaints():
        say(f"FAIL  the console of {complaint}")
        failed += 1
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description="Plays the scenario through the running stack.")
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--mail-folder", required=True, type=Path)
    parser.add_argument("--state", required=True, type=Path, help="where the launcher noted the running stack")
    parser.add_argument("--browser", action="store_true", help="in Chromium instead of by requests alone")
    parser.add_argument("--tale", choices=sorted(TALES), help="a story that leaves the main one")
    given = parser.parse_args()
    accounts = {name: f"{name}@homeward.example" for _, _, name, _, _ in demonstration.ACCOUNTS}
    story = Story(given.base_url, given.mail_folder, accounts, demonstration.PASSWORD)
    with ExitStack() as stack:
        failed = play_given(story, given, stack)
        given.state.with_name("pages.json").write_text(json.dumps(pages_to_weigh(story)))
    for figure in story.figures:
        say(str(figure))
    return 1 if failed or not all(figure.kept for figure in story.figures) else 0


if __name__ == "__main__":
    sys.exit(main())
