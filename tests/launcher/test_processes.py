"""Children that end with their parent and say why they could not start."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.problems import StartError
from deploy.local.processes import Child
from tests.support.waiting import wait_until

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = """
import os, sys
from pathlib import Path
from deploy.local.processes import Child
child = Child("child", [sys.executable, "-c", "import time; time.sleep(60)"], log=Path(sys.argv[1]), environment={})
print(child.process.pid, flush=True)
os.kill(os.getpid(), 9)
"""


def start(tmp_path: Path, *command: str) -> Child:
    return Child("The server", command, log=tmp_path / "log", environment={})


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path / "log")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": os.getcwd()})
    pid = int(ended.stdout)
    wait_until(lambda: not is_alive(pid), "the child to end", seconds=5)


def test_it_keeps_the_output_of_this_start_apart_from_earlier_ones(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("earlier\n")
    child = start(tmp_path, *SLEEPER)
    child.wait_until(lambda: "up" in child.output(), seconds=10)
    child.stop()
    assert child.output() == "up\n"
    assert (tmp_path / "log").read_text() == "earlier\nup\n"


def test_it_quotes_the_log_of_a_server_that_ended_at_once(tmp_path: Path) -> None:
    child = start(tmp_path, sys.executable, "-c", "raise SystemExit('no such folder')")
    with pytest.raises(StartError, match=r"The server ended with code 1\. The end of .*\nno such folder"):
        child.wait_until(lambda: False, seconds=10)


def test_it_says_when_a_server_does_not_answer(tmp_path: Path) -> None:
    child = start(tmp_path, *SLEEPER)
    with pytest.raises(StartError, match="The server did not answer within 0 s"):
        child.wait_until(lambda: False, seconds=0.2)
    child.stop()


def test_it_kills_a_server_that_does_not_listen_to_its_signal(tmp_path: Path) -> None:
    child = start(tmp_path, sys.executable, "-c", DEAF)
    child.wait_until(lambda: "up" in child.output(), seconds=10)
    child.stop(seconds=0.2)
    assert child.process.returncode == -signal.SIGKILL


def test_it_can_end_what_a_killed_server_left_behind(tmp_path: Path) -> None:
    spawn = "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid)"
    child = start(tmp_path, sys.executable, "-c", f"{spawn}; sys.stdout.flush(); import time; time.sleep(60)")
    child.wait_until(lambda: child.output().endswith("\n"), seconds=10)
    child.process.kill()
    child.process.wait()
    assert is_alive(int(child.output()))
    child.kill_group()
    wait_until(lambda: not is_alive(int(child.output())), "the grandchild to end", seconds=5)
