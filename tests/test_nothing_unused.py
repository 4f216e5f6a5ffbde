"""Nothing is kept that nobody calls: every function, class and constant of an app is named somewhere else in the product."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from deploy.local.front_end import APPS
from deploy.local.home import ROOT

CALLED_BY_OTHERS = {
    # name: who calls it
    "token_for": "the tests, which follow a link as its reader would",
    "undecided_fields": "the test that every field is classified",
    "TokensDescribed": "drf-spectacular finds its extensions by class",
    "SessionsDescribed": "drf-spectacular finds its extensions by class",
}
FOUND_BY_DJANGO = re.compile(r"Command|\w+Config|urlpatterns|app_name|default_app_config")


def sources() -> Iterator[Path]:
    """Everything in which the product names something: its code, its templates, its settings. Tests do not count."""
    for folder in (*APPS, "deploy"):
        yield from (ROOT / folder).rglob("*.py")
    yield from (ROOT / "templates").rglob("*.*")
    for app in APPS:
        yield from (ROOT / app).glob("templates/**/*.*")
    yield ROOT / "pyproject.toml"


def defined(path: Path) -> Iterator[str]:
    """The functions, classes and constants of a module; what a decorator registers is called by whom it is registered with."""
    for node in ast.parse(path.read_text()).body:
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                if all("atomic" in ast.dump(each) or "dataclass" in ast.dump(each) for each in node.decorator_list):
                    yield node.name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def test_nothing_is_kept_that_nobody_calls():
    named = Counter(word for path in sources() for word in re.findall(r"\w+", path.read_text()))
    modules = [
        path
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and path.name not in {"settings.py", "urls.py"}
    ]
    unused = {
        name: str(path.relative_to(ROOT))
        for path in modules
        for name in defined(path)
        if named[name] == 1 and name not in CALLED_BY_OTHERS and not FOUND_BY_DJANGO.fullmatch(name)
    }
    assert unused == {}
