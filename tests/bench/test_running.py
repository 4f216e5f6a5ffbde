"""A whole benchmark, small, on its own servers."""

import json
import os
import subprocess
import sys

import pytest

from deploy.local.home import ROOT


@pytest.mark.deep
def test_it_measures_the_wall_and_prints_one_object_a_line() -> None:
    command = [sys.executable, "-m", "deploy.local.benching", "wall", "--quick", "--people", "2000"]
    ended = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    outcomes = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(outcomes) == 13, ended.stderr
    assert all(outcome["conditions"]["people"] == 2000 and outcome["ratio"] > 0 for outcome in outcomes)
    assert ended.returncode == (0 if all(outcome["holds"] for outcome in outcomes) else 1)


def test_it_starts_nothing_for_a_name_that_it_does_not_know() -> None:
    command = [sys.executable, "-m", "deploy.local.benching", "warp"]
    ended = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "There are: names," in ended.stderr
