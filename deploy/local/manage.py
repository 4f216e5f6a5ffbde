"""`bin/manage COMMAND …`: runs a management command against the running stack, else against one started for it."""

import fcntl
import os
import signal
import subprocess
import sys

from deploy.local.home import ROOT, Home, claim, default_home, read_json
from deploy.local.problems import StartError
from deploy.local.services import Services


def running_environment(home: Home) -> dict[str, str] | None:
    """Returns the environment of the stack that runs now, or nothing when none does."""
    with (home.folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            environment = read_json(home.running_file).get("environment")
            return environment if isinstance(environment, dict) else None
    return None


def run_command(arguments: list[str], environment: dict[str, str]) -> int:
    """Runs `manage.py` and returns its exit code; Ctrl-C is left to the command."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ).returncode


def main() -> int:
    home = default_home()
    try:
        if environment := running_environment(home):
            return run_command(sys.argv[1:], environment)
        with claim(home), Services(home) as services:
            return run_command(sys.argv[1:], services.environment())
    except StartError as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
