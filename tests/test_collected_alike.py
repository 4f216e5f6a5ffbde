"""Workers share the tests out by their names: a name that holds the time or follows the order of a set stops them all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def collected(seed: str) -> list[str]:
    """Return the names of all tests, as a process with this seed of hashes finds them.

    It must not take itself for the worker that calls it: that one has a database server of its own by its name.
    """
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-m", ""]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = ours | {"PYTHONHASHSEED": seed}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    return [line for line in ended.stdout.splitlines() if "::" in line]


@pytest.mark.deep
def test_every_worker_finds_the_same_tests_in_the_same_order():
    first = collected("1")
    assert len(first) > 4000
    assert collected("2") == first
