"""Front-end steps run only when what they are made from changed."""

from pathlib import Path

import pytest

from deploy.local import front_end
from deploy.local.home import ROOT
from deploy.local.problems import StartError


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps that ran, in a folder of their own."""
    monkeypatch.setattr(front_end, "MADE", tmp_path / "made.json")
    return []


def test_it_makes_a_thing_again_only_when_its_sources_changed(made: list[str], tmp_path: Path) -> None:
    result = tmp_path / "result"

    def make() -> None:
        made.append("made")
        result.touch()

    assert front_end.when_changed("sheets", "one", result, make)
    assert not front_end.when_changed("sheets", "one", result, make)
    assert front_end.when_changed("sheets", "two", result, make)
    result.unlink()
    assert front_end.when_changed("sheets", "two", result, make)
    assert made == ["made"] * 3


def test_it_tries_again_after_a_step_that_failed(made: list[str], tmp_path: Path) -> None:
    def fail() -> None:
        made.append("tried")
        raise StartError("no network")

    for _ in range(2):
        with pytest.raises(StartError):
            front_end.when_changed("packages", "one", tmp_path, fail)
    assert made == ["tried"] * 2


def test_it_sees_a_change_of_one_letter_and_of_a_name() -> None:
    folder = ROOT / "deploy" / "locks"
    one = front_end.fingerprint([folder / "run.lock"])
    assert one != front_end.fingerprint([folder / "dev.lock"])
    assert one == front_end.fingerprint([folder / "run.lock"])


def test_it_does_not_count_what_it_made_itself() -> None:
    parts = {part for path in front_end.files_below(ROOT / "frontend", ROOT / "static") for part in path.parts}
    assert not parts & {"node_modules", "build"}


def test_it_quotes_a_step_that_failed() -> None:
    with pytest.raises(StartError, match="npm ci failed:\nno such thing"):
        front_end.call(["sh", "-c", "echo no such thing; exit 1"], "npm ci", cwd=ROOT, environment={})


def test_it_finds_no_node_where_there_is_none(tmp_path: Path) -> None:
    assert front_end.node_version(str(tmp_path)) == 0
