"""What the product is made of is written down whole; and where no advisory can be asked, nobody is told that all is well."""

import json
import os
import subprocess
import sys

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy.local import audit
from deploy.local.bootstrap import LOCKS
from deploy.local.home import ROOT
from tests.launcher.advisories import service


@pytest.fixture(scope="module")
def written() -> str:
    return audit.sbom()


def test_the_list_of_parts_is_valid_cyclonedx(written):
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None


def test_it_names_everything_that_is_locked_with_digest_and_scope(written):
    parts = {part["purl"]: part for part in json.loads(written)["components"]}
    locked = list(audit.python_parts(LOCKS / "dev.lock"))
    assert len(locked) > 100
    for name, version, digests in locked:
        part = parts[f"pkg:pypi/{name}@{version}"]
        assert part["hashes"][0]["content"] in digests
    assert parts[next(purl for purl in parts if purl.startswith("pkg:pypi/django@"))]["scope"] == "required"
    assert parts[next(purl for purl in parts if purl.startswith("pkg:pypi/pytest@"))]["scope"] == "excluded"
    assert any(purl.startswith("pkg:npm/%40tabler/core@") for purl in parts)
    assert json.loads(written)["metadata"]["component"]["name"] == "homeward"


def test_the_same_locks_give_the_same_number(written):
    assert json.loads(written)["serialNumber"] == json.loads(audit.sbom())["serialNumber"]


def test_where_no_advisory_can_be_asked_it_says_so_and_does_not_pass():
    nowhere = "http://127.0.0.1:9"
    environment = {**os.environ, "HTTPS_PROXY": nowhere, "HTTP_PROXY": nowhere, "npm_config_registry": nowhere}
    ended = subprocess.run(
        [sys.executable, "-m", "deploy.local.audit"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert ended.returncode == audit.NOT_ASKED
    assert ended.stderr.count("could not be asked") == 2
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("known", "code", "said"),
    [
        ({}, 0, ["No hole is known in the Python packages", "No hole is known in the scripts"]),
        ({"python": "django"}, audit.KNOWN, ["django 5", "GHSA-0000-0000-0000", "mended in 9999"]),
        ({"scripts": "sass"}, audit.KNOWN, ["sass: high", "No hole is known in the Python packages"]),
    ],
)
def test_a_service_that_can_be_asked_decides_how_the_command_ends(known, code, said):
    """The programs that really ask, and a service of this machine in place of those of the world."""
    with service(**known) as (address, asked):
        environment = {**os.environ, "ADVISORIES": f"{address}/v1/query", "npm_config_registry": address}
        ended = subprocess.run(
            [sys.executable, "-m", "deploy.local.audit"], cwd=ROOT, env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
    assert ended.returncode == code, ended.stderr
    assert [word for word in said if word not in ended.stdout] == []
    assert len(asked) > 100


def test_what_is_known_is_named_with_the_version_that_mends_it(tmp_path, monkeypatch):
    said = {
        "dependencies": [
            {"name": "jinja2", "version": "2.4.1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.7.3"]}]},
            {"name": "django", "version": "5.2", "vulns": []},
        ]
    }
    program = tmp_path / "pip-audit"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(said)}\nEND\nexit 1\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert audit.known_in_python() == ["jinja2 2.4.1: PYSEC-1, mended in 2.7.3"]
