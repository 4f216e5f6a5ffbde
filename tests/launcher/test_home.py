"""The folder of a stack: secrets, remembered ports, one stack at a time."""

import base64
import json
import stat
from pathlib import Path

import pytest

from deploy.local.home import SECRET_NAMES, Home, claim, load_ports, load_secrets, save_ports, write_private
from deploy.local.problems import StartError


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_makes_each_secret_once(home: Home) -> None:
    first = load_secrets(home)
    assert set(first) == set(SECRET_NAMES)
    assert load_secrets(home) == first


def test_it_makes_other_secrets_for_another_stack(home: Home, tmp_path: Path) -> None:
    other = load_secrets(Home(tmp_path / "other"))
    assert not set(load_secrets(home).values()) & set(other.values())


def test_it_makes_a_sealing_key_of_32_bytes_with_an_id(home: Home) -> None:
    name, _, key = load_secrets(home)["SEALING_KEYS"].partition(":")
    assert name == "k1"
    assert len(base64.b64decode(key, validate=True)) == 32


def test_it_lets_nobody_else_read_the_secrets(home: Home) -> None:
    load_secrets(home)
    path = home.folder / "secrets.env"
    assert mode(path) == 0o600
    path.chmod(0o644)
    load_secrets(home)
    assert mode(path) == 0o600


def test_it_keeps_the_secrets_that_a_person_added_or_rotated(home: Home) -> None:
    path = home.folder / "secrets.env"
    path.write_text("# mine\nSEALING_KEYS=k2:bmV3,k1:b2xk\n")
    assert load_secrets(home)["SEALING_KEYS"] == "k2:bmV3,k1:b2xk"
    assert "SEALING_KEYS=k2:bmV3,k1:b2xk" in path.read_text()


def test_it_lets_the_database_pass_through_but_nobody_look_around(home: Home) -> None:
    assert mode(home.folder) == 0o711
    assert mode(home.mail) == 0o700
    assert mode(home.logs) == 0o700


def test_it_replaces_a_private_file_whole(home: Home) -> None:
    path = home.folder / "note"
    path.write_text("a longer text than the next")
    write_private(path, "short")
    assert path.read_text() == "short"
    assert mode(path) == 0o600
    assert [item.name for item in home.folder.iterdir() if item.name.startswith("note")] == ["note"]


def test_it_remembers_ports_and_changes_only_those_given(home: Home) -> None:
    save_ports(home, {"web": 8001, "valkey": 20001})
    save_ports(home, {"valkey": 20002})
    assert load_ports(home) == {"web": 8001, "valkey": 20002}


@pytest.mark.parametrize("written", ["", "{", "[]", '{"ports": 3}', '{"ports": {"web": "8000"}}'])
def test_it_starts_afresh_from_a_broken_state_file(home: Home, written: str) -> None:
    (home.folder / "state.json").write_text(written)
    assert load_ports(home) == {}


def test_it_says_where_the_stack_runs_that_has_the_folder(home: Home) -> None:
    write_private(home.running_file, json.dumps({"pid": 4711, "address": "http://127.0.0.1:8003"}))
    with claim(home), pytest.raises(StartError, match=r"already running .* http://127\.0\.0\.1:8003.*`kill 4711`"):
        claim(home)


def test_it_lets_the_next_one_in_when_the_first_has_ended(home: Home) -> None:
    claim(home).close()
    claim(home).close()


def test_it_says_when_the_folder_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="cannot be used"):
        Home(tmp_path / "file" / "home")
