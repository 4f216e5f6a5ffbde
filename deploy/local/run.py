"""`bin/run [--check]`: starts everything and says where it is, or plays the scenario through a throw-away stack."""

import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from deploy.local import addresses, measure
from deploy.local.home import ROOT, Home, claim, default_home
from deploy.local.problems import code_of
from deploy.local.processes import end_on_signals
from deploy.local.stack import Stack, relative

TALES = ("grown", "positive", "suspended")
USAGE = """Usage: bin/run [--check [--browser] [--tale=NAME]]

  bin/run           starts Homeward on this machine, with a demonstration world, until Ctrl-C
  bin/run --check   plays the scenario through a throw-away stack and measures it; fails when a step or a limit does
                    with --browser everybody in it works in Chromium instead of by requests alone, in a tale from
                    where it leaves the story;
                    with --tale=grown 68 people become 180 in three days, with two manifests;
                    with --tale=positive two test positive after boarding and their families stay behind;
                    with --tale=suspended a ministry suspends the corridor while two buses are inside

PORT, DATABASE_URL (with DATABASE_OWNER_URL), REDIS_URL and EMAIL_URL, when set, replace the embedded ones."""


def say(line: str) -> None:
    print(line, flush=True)


def serve() -> int:
    """Runs the lasting stack of this checkout until Ctrl-C."""
    began = time.monotonic()
    home = default_home()
    with claim(home):
        stack = Stack(home, say)
        try:
            with stack:
                greet(stack, time.monotonic() - began)
                stack.watch()
        except KeyboardInterrupt:
            say("Homeward has stopped. Everything is kept; bin/run brings it back.")
    return 0


def greet(stack: Stack, seconds: float) -> None:
    """Says where everything is, who may sign in, and how to stop."""
    say(f"\nHomeward is ready at {stack.address}/ ({seconds:.1f} s)\n")
    if stack.world.strip():
        say(stack.world.strip() + "\n")
    if stack.services.mail_server:
        say(f"Mail that it sends is kept in {relative(stack.home.mail)}/, logs are in {relative(stack.home.logs)}/.")
    if database := stack.services.database_elsewhere():
        say(f"The database is kept in {database}: its own user cannot enter {relative(stack.home.folder)}/.")
    if addresses.has_one_database_role(stack.services.given):
        say("Note: one database role owns and serves. With another role in DATABASE_OWNER_URL the database guards too.")
    say("Stop it with Ctrl-C. Nothing is lost; bin/run brings it back.")


def check(*more: str) -> int:
    """Plays the scenario through a throw-away stack and measures it; returns 0 only if every step and limit was kept."""
    home = Home(Path(tempfile.mkdtemp(prefix="homeward-check-")), lasting=False)
    with Stack(home, say) as stack:
        command = [sys.executable, "-m", "tests.scenario", "--base-url", stack.address]
        command += ["--mail-folder", str(home.mail), "--state", str(home.running_file), *more]
        player = subprocess.Popen(command, cwd=ROOT, env=stack.environment)
        try:
            stack.watch(until=lambda: player.poll() is not None)
        finally:
            player.kill()
        pages = home.folder / "pages.json"
        kept = measure.report(stack.address, root_pid=os.getpid(), pages_file=pages, say=say)
    return player.returncode or (0 if kept else 1)


def main() -> int:
    end_on_signals()
    arguments = sys.argv[1:]
    known = {"--browser", *(f"--tale={tale}" for tale in TALES)}
    if arguments[:1] not in ([], ["--check"]) or not known.issuperset(arguments[1:]):
        print(USAGE, file=sys.stdout if arguments in (["--help"], ["-h"]) else sys.stderr)
        return 0 if arguments in (["--help"], ["-h"]) else 2
    return code_of(partial(check, *arguments[1:]) if arguments else serve)


if __name__ == "__main__":
    sys.exit(main())
