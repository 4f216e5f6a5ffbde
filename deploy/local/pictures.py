"""`bin/pictures [FOLDER]`: plays the story through a throw-away stack and takes the pictures of the documents."""

import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local.home import ROOT, Home
from deploy.local.problems import code_of
from deploy.local.processes import end_on_signals
from deploy.local.stack import Stack

USAGE = """Usage: bin/pictures [FOLDER]

Takes the pictures of the documents anew, from the demonstration world, into docs/pictures/ or the folder given."""


def take(folder: Path) -> int:
    """Starts the stack, lets the story be played and its pages be pictured; returns the player's exit code."""
    home = Home(Path(tempfile.mkdtemp(prefix="homeward-pictures-")), lasting=False)
    with Stack(home, lambda line: print(line, flush=True)) as stack:
        command = [sys.executable, "-m", "tests.scenario.pictures", "--base-url", stack.address]
        command += ["--mail-folder", str(home.mail), "--folder", str(folder)]
        player = subprocess.Popen(command, cwd=ROOT, env=stack.environment)
        try:
            stack.watch(until=lambda: player.poll() is not None)
        finally:
            player.kill()
    return player.returncode


def main() -> int:
    end_on_signals()
    arguments = sys.argv[1:]
    if len(arguments) > 1 or any(argument.startswith("-") for argument in arguments):
        print(USAGE)
        return 0 if arguments in (["--help"], ["-h"]) else 2
    return code_of(lambda: take(Path(arguments[0]).absolute() if arguments else ROOT / "docs" / "pictures"))


if __name__ == "__main__":
    sys.exit(main())
