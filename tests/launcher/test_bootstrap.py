"""The environment is made from a lock, with what the machine knows of its package index."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import bootstrap
from deploy.local.bootstrap import LOCKS, ROOT, PrepareError


def test_it_trusts_the_certificates_of_the_machine() -> None:
    assert bootstrap.uv_environment({}, {})["UV_SYSTEM_CERTS"] == "1"


def test_it_asks_the_package_index_that_pip_asks() -> None:
    settings = {
        "index-url": "https://mirror.example/simple",
        "extra-index-url": "\nhttps://a.example\nhttps://b.example",
    }
    made = bootstrap.uv_environment({}, settings)
    assert made["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert made["UV_INDEX"] == "https://a.example https://b.example"


def test_it_leaves_uv_settings_of_the_person_alone() -> None:
    made = bootstrap.uv_environment({"UV_DEFAULT_INDEX": "https://mine.example"}, {"index-url": "https://pip.example"})
    assert made["UV_DEFAULT_INDEX"] == "https://mine.example"


def test_it_installs_only_into_its_own_environment() -> None:
    assert bootstrap.uv_environment({"VIRTUAL_ENV": "/elsewhere"}, {})["VIRTUAL_ENV"] == str(ROOT / ".venv")


def test_it_does_nothing_while_the_lock_is_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = tmp_path / "stamp"
    monkeypatch.setattr(bootstrap, "STAMP", stamp)
    assert not bootstrap.is_prepared("run")
    stamp.write_text(json.dumps({"made_from": bootstrap.fingerprint("dev")}))
    assert bootstrap.is_prepared("dev")
    assert bootstrap.is_prepared("run")
    stamp.write_text(json.dumps({"made_from": bootstrap.fingerprint("run")}))
    assert not bootstrap.is_prepared("dev")
    stamp.write_text(json.dumps({"made_from": "run of another lock"}))
    assert not bootstrap.is_prepared("run")


def test_it_quotes_what_failed_and_gives_the_remedy() -> None:
    with pytest.raises(PrepareError, match=r"broken pipe(?s:.*)Look at the pipe"):
        bootstrap.call([sys.executable, "-c", "raise SystemExit('broken pipe')"], remedy="Look at the pipe.")


def test_it_says_how_much_room_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bootstrap.NEEDED_MEGABYTES, "run", 10**12)
    with pytest.raises(PrepareError, match=r"Only \d+ MB are free"):
        bootstrap.check_machine("run")


def test_it_says_which_python_it_needs(tmp_path: Path) -> None:
    for name in ("dirname", "bash"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    ended = subprocess.run(
        ["/usr/bin/env", "-i", f"PATH={tmp_path}", "bash", str(ROOT / "bin" / "run")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("Homeward needs Python 3.11 or newer")


@pytest.mark.parametrize("lock", ["run", "dev", "bootstrap", "node"])
def test_it_locks_every_package_by_hash_and_names_no_host(lock: str) -> None:
    text = (LOCKS / f"{lock}.lock").read_text()
    assert "://" not in text
    lines = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert all("==" in line and line.endswith("\\") for line in lines)


def test_it_locks_the_same_versions_for_running_and_for_developing() -> None:
    run, dev = (
        {line for line in (LOCKS / f"{name}.lock").read_text().splitlines() if "==" in line} for name in ("run", "dev")
    )
    assert run <= dev


@pytest.mark.parametrize("command", ["run", "test", "manage"])
def test_it_can_be_called(command: str) -> None:
    assert os.access(ROOT / "bin" / command, os.X_OK)
