"""`bin/audit [--sbom FILE]`: is a hole known in anything that is locked, and what is the product made of?"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from deploy.local.bootstrap import LOCKS
from deploy.local.front_end import npm_environment
from deploy.local.home import ROOT

KNOWN, NOT_ASKED = 1, 2
"""How the command ends where a hole is known, and where the advisories could not be asked."""
AWAY = "The advisories of {what} could not be asked, so nothing is known of them. Try where the network reaches them."


def python_parts(lock: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yields name, version and digests of everything in a lock of Python packages."""
    text = lock.read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if found := re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", line):
            yield found[1], found[2], re.findall(r"sha256:([0-9a-f]{64})", line)


def script_parts(lock: Path) -> Iterator[tuple[str, str, bool]]:
    """Yields name, version and whether it is only for development, of everything in the lock of scripts and styles."""
    for place, part in json.loads(lock.read_text())["packages"].items():
        if place:
            yield place.rpartition("node_modules/")[2], part["version"], bool(part.get("dev"))


def made_of() -> Bom:
    """Returns what the product is made of: what it runs on is required, what only its developers need is excluded."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    running = {name for name, _version, _digests in python_parts(LOCKS / "run.lock")}
    bom = Bom()
    product = Component(
        name=project["name"], version=project["version"], type=ComponentType.APPLICATION, bom_ref="homeward"
    )
    bom.metadata.component = product
    for name, version, digests in python_parts(LOCKS / "dev.lock"):
        bom.components.add(_component("pypi", name, version, needed=name in running, digests=digests))
    for name, version, is_dev in script_parts(ROOT / "frontend" / "package-lock.json"):
        bom.components.add(_component("npm", name, version, needed=not is_dev))
    bom.register_dependency(product, bom.components)
    bom.serial_number = uuid5(NAMESPACE_URL, " ".join(sorted(str(each.purl) for each in bom.components)))
    return bom


def _component(kind: str, name: str, version: str, *, needed: bool, digests: list[str] | None = None) -> Component:
    scope, _, plain = name.rpartition("/")
    address = PackageURL(kind, scope or None, plain, version)
    return Component(
        name=plain,
        group=scope or None,
        version=version,
        type=ComponentType.LIBRARY,
        purl=address,
        bom_ref=str(address),
        scope=ComponentScope.REQUIRED if needed else ComponentScope.EXCLUDED,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in (digests or [])[:1]],
    )


def sbom() -> str:
    """Returns it as CycloneDX 1.6 in JSON."""
    return JsonV1Dot6(made_of()).output_as_string(indent=2)


def answer_of(command: list[str], **how: Any) -> dict[str, Any] | None:
    """Returns the JSON that a command prints, whatever its exit code; nothing where it prints none."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    try:
        said = json.loads(ended.stdout)
    except ValueError:
        return None
    return said if isinstance(said, dict) and "error" not in said else None


def known_in_python() -> list[str] | None:
    """Returns a line for each hole known in a locked Python package; None where the advisories could not be asked."""
    program = str(Path(sys.executable).with_name("pip-audit"))
    lock = str(LOCKS / "dev.lock")
    how = ["--requirement", lock, "--require-hashes", "--disable-pip", "--format=json", "--progress-spinner=off"]
    said = answer_of([program, *how, *_service()])
    if said is None:
        return None
    return [
        f"{part['name']} {part['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version yet'}"
        for part in said["dependencies"]
        for hole in part.get("vulns", ())
    ]


def _service() -> list[str]:
    """Where the advisories are asked: the service that is named, which speaks as osv.dev does, else that of PyPI."""
    named = os.environ.get("ADVISORIES", "")
    return ["--vulnerability-service=osv", f"--osv-url={named}"] if named else []


def known_in_scripts() -> list[str] | None:
    """Returns a line for each hole known in a locked package of scripts; None where the advisories could not be asked."""
    environment = npm_environment()
    npm = shutil.which("npm", path=environment["PATH"]) or "npm"
    command = [npm, "audit", "--json", "--package-lock-only"]
    said = answer_of(command, cwd=ROOT / "frontend", env=environment | _network())
    if said is None or "vulnerabilities" not in said:
        return None
    return [f"{name}: {hole['severity']}" for name, hole in said["vulnerabilities"].items()]


def _network() -> dict[str, str]:
    """How this machine reaches the network, and where npm keeps its things."""
    wanted = ("HOME", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "npm_config_registry")
    return {name: os.environ[name] for name in wanted if name in os.environ}


def main() -> int:
    if sys.argv[1:2] == ["--sbom"] and len(sys.argv) == 3:
        Path(sys.argv[2]).write_text(sbom() + "\n")
        print(f"{sys.argv[2]}: {len(made_of().components)} parts")
        return 0
    if sys.argv[1:]:
        print("Usage: bin/audit, or bin/audit --sbom FILE", file=sys.stderr)
        return NOT_ASKED
    code = 0
    for what, known in (("Python packages", known_in_python()), ("scripts", known_in_scripts())):
        if known is None:
            print(AWAY.format(what=what), file=sys.stderr)
            code = code or NOT_ASKED
        elif known:
            print("\n".join(known))
            code = KNOWN
        else:
            print(f"No hole is known in the {what} that are locked.")
    return code


if __name__ == "__main__":
    sys.exit(main())
