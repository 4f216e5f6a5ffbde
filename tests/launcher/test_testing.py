"""What `bin/test` runs for which arguments."""

from pathlib import Path

import pytest

from deploy.local import testing
from deploy.local.problems import StartError


def test_it_leaves_the_deep_tests_to_all() -> None:
    assert testing.pytest_command([], deep=False)[1:3] == ["-m", "not deep"]
    assert testing.pytest_command([], deep=True)[1:3] == ["--hypothesis-profile=deep", "-n"]


def test_it_runs_a_selection_in_one_process() -> None:
    assert testing.pytest_command(["tests/launcher", "-k", "port"], deep=True)[2:] == ["tests/launcher", "-k", "port"]


def test_it_says_how_to_get_a_browser_when_this_user_may_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StartError, match="apt install chromium"):
        testing.find_browser()


def test_it_shows_what_a_failing_check_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert not testing.run_step("lint", ["python", "-c", "raise SystemExit('line 3: unused')"], {})
    shown = capsys.readouterr().out
    assert shown.startswith("FAIL lint")
    assert "line 3: unused" in shown
    assert testing.run_step("lint", ["python", "-c", "print('quiet')"], {})
    assert capsys.readouterr().out.startswith("ok   lint")
