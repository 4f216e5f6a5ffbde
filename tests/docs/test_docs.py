"""What the documents name exists: pages, pictures, functions, files, commands, settings."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from deploy.local.home import ROOT

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
TEXTS = {str(path.relative_to(ROOT)): path.read_text() for path in DOCUMENTS}
PICTURES = sorted((ROOT / "docs" / "pictures").iterdir())
FUNCTION = re.compile(r"[a-z_]+(?:/[a-z_]+)+\.[A-Za-z_]+")
FILE = re.compile(r"\.?[\w.-]+(?:/[\w.-]+)*/?")
MADE = (".homeward", "secrets", ".env", "homeward.dump")
"""What comes into being where Homeward runs."""


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as a forge makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@cache
def names_in(path: Path) -> set[str]:
    """The functions, classes and constants at the top of a module."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


@pytest.mark.parametrize("document", TEXTS)
def test_every_link_leads_somewhere(document):
    here = (ROOT / document).parent
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[document]):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        found = (here / path).resolve() if path else ROOT / document
        assert found.is_relative_to(ROOT), target
        assert found.exists(), target
        assert not anchor or anchor in anchors(found.read_text()), target


@pytest.mark.parametrize("document", TEXTS)
def test_every_function_and_file_that_is_named_exists(document):
    for name in re.findall(r"`([^`\n]+)`", TEXTS[document].replace("```", "")):
        if FUNCTION.fullmatch(name) and not (ROOT / name).exists():
            module, _, function = name.rpartition(".")
            path = ROOT / f"{module}.py"
            if not path.exists():
                path = ROOT / module / "__init__.py"
            assert path.exists(), f"{name}: no module {module}"
            assert function in names_in(path), f"{name}: {path.name} has no {function}"
        elif "/" in name and FILE.fullmatch(name) and not name.startswith(("/", *MADE)):
            assert (ROOT / name).exists(), name


@pytest.mark.parametrize("document", TEXTS)
def test_every_command_that_is_named_exists(document):
    text = TEXTS[document]
    for program in re.findall(r"\bbin/([a-z_]+)\b", text):
        assert (ROOT / "bin" / program).stat().st_mode & 0o111, program
    known = get_commands()
    for command in re.findall(r"(?:bin/manage|manage\.py) ([a-z_]+)", text):
        assert command in known, command
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for named in re.findall(r"docker compose (?:logs|stop|restart|run --rm|exec(?: -T)?)((?: [a-z]+)+)", text):
        words = named.split()
        assert words[0] in services, named


def test_the_journeys_name_functions_enough_to_walk_them():
    assert len(set(re.findall(FUNCTION, TEXTS["docs/journeys.md"]))) > 25


def test_every_role_has_its_page():
    from partners.enums import Role  # noqa: PLC0415  # Django is ready only now

    pages = {path.stem for path in (ROOT / "docs" / "roles").iterdir()}
    assert pages == {value.replace("_", "-") for value in Role.values}


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_every_picture_is_small_shown_and_taken_by_the_command(picture):
    assert picture.stat().st_size < 150_000
    assert picture.suffix == ".webp"
    assert any(f"pictures/{picture.name}" in text for text in TEXTS.values()), "no page shows it"
    taken = (ROOT / "tests" / "scenario" / "pictures.py").read_text()
    assert f'Picture("{picture.stem}"' in taken


def test_there_are_pictures():
    assert len(PICTURES) >= 3
