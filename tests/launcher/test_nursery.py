"""Programs forked from one process that has loaded the product: watched, stopped and started again like any other."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.nursery import Nursery
from deploy.local.problems import StartError
from deploy.local.processes import Child
from tests.launcher.test_processes import is_alive
from tests.support.waiting import wait_until

SAYING = """
import os, sys, time
import config.wsgi
print("loaded already" if "gunicorn.app.wsgiapp" in sys.modules else "loaded anew", sys.argv[1:], flush=True)
time.sleep(60)
"""


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose modules can be programs."""
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path.cwd()}")
    (tmp_path / "saying.py").write_text(SAYING)
    (tmp_path / "failing.py").write_text("raise SystemExit('no such port')")
    (tmp_path / "breaking.py").write_text("1 / 0")
    return tmp_path


@pytest.fixture
def nursery(modules: Path) -> Iterator[Nursery]:
    started = Nursery(log=modules / "product.log", environment=dict(os.environ))
    yield started
    started.stop()


def start(nursery: Nursery, folder: Path, module: str = "saying") -> Child:
    return nursery.start_child("saying", [module, "--once"], log=folder / f"{module}.log")


def test_a_program_finds_the_product_loaded(nursery: Nursery, modules: Path) -> None:
    child = start(nursery, modules)
    child.wait_until(lambda: child.output().endswith("\n"), seconds=60)
    assert child.output() == "loaded already ['--once']\n"
    assert Path(f"/proc/{child.process.pid}/comm").read_text() == "saying\n"
    child.stop()
    assert child.process.returncode == -signal.SIGTERM


def test_it_tells_with_what_code_a_program_ended_and_quotes_its_log(nursery: Nursery, modules: Path) -> None:
    with pytest.raises(StartError, match=r"The saying ended with code 1\. The end of .*\nno such port"):
        start(nursery, modules, "failing").wait_until(lambda: False, seconds=30)
    with pytest.raises(StartError, match="ZeroDivisionError"):
        start(nursery, modules, "breaking").wait_until(lambda: False, seconds=30)


def test_programs_end_with_it_and_it_starts_again_at_the_next(nursery: Nursery, modules: Path) -> None:
    child = start(nursery, modules)
    child.wait_until(lambda: bool(child.output()), seconds=60)
    assert nursery.loaded is not None
    os.kill(nursery.loaded.process.pid, signal.SIGKILL)
    wait_until(lambda: not child.is_running and not is_alive(child.process.pid), "the program to end", seconds=10)
    again = start(nursery, modules)
    assert again.is_running
    assert again.process.pid != child.process.pid


def test_it_quotes_why_the_product_cannot_be_loaded(modules: Path) -> None:
    broken = Nursery(log=modules / "product.log", environment={**os.environ, "SEALING_KEYS": "1:short"})
    with pytest.raises(StartError, match="The product ended with code 1"):
        start(broken, modules)
    broken.stop()
