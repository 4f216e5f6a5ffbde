"""Whoever changes rows says who and when, in one transaction, with an audit row: read from the code of every domain module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.front_end import APPS
from deploy.local.home import ROOT

FACES = {"urls", "views", "api", "tasks", "management", "forms", "serializers", "migrations", "models", "templatetags"}
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "save", "update", "bulk_update", "delete"}
THE_TRAIL = {"common/audit.py"}
MODULES = [
    path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if not FACES & {*path.relative_to(ROOT).parts, path.stem} and str(path.relative_to(ROOT)) not in THE_TRAIL
]


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    """The functions of a module, by name."""
    return {node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}


def acts(path: Path) -> Iterator[ast.FunctionDef]:
    """The public functions that a person or a task does: they take `by`."""
    for name, function in functions(path).items():
        if not name.startswith("_") and "by" in {argument.arg for argument in function.args.kwonlyargs}:
            yield function


def calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def leaves_a_trail(function: ast.FunctionDef, module: dict[str, ast.FunctionDef], seen: frozenset[str]) -> bool:
    """True if the function records an audit row, itself or through one of its module, or hands `by` to another act."""
    for call in calls(function):
        inner = module.get(call.func.id) if isinstance(call.func, ast.Name) else None
        if isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "audit":
            return True
        if inner is None and {"by", "at"} <= {keyword.arg for keyword in call.keywords} and called(call) not in WRITES:
            return True
        if inner is not None and inner.name not in seen and leaves_a_trail(inner, module, seen | {inner.name}):
            return True
    return False


def is_atomic(function: ast.FunctionDef) -> bool:
    return any("atomic" in ast.dump(decorator) for decorator in function.decorator_list)


def faults(path: Path) -> list[str]:
    """What is wrong with the acts of a module."""
    found, module = [], functions(path)
    for act in acts(path):
        changes_rows = any(called(call) in WRITES and isinstance(call.func, ast.Attribute) for call in calls(act))
        if changes_rows and not is_atomic(act):
            found.append(f"{act.name} changes rows outside a transaction of its own")
        if (changes_rows or is_atomic(act)) and not leaves_a_trail(act, module, frozenset({act.name})):
            found.append(f"{act.name} leaves no audit row")
        if "at" in {argument.arg for argument in act.args.args}:
            found.append(f"{act.name} takes `at` by position")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_act_is_one_transaction_with_its_audit_row(path):
    assert faults(path) == []


def test_an_act_without_its_audit_row_is_found(tmp_path):
    module = tmp_path / "counting.py"
    module.write_text("def count(*, by, at):\n    HeadCount.objects.create(by=by, at=at)\n")
    assert faults(module) == ["count changes rows outside a transaction of its own", "count leaves no audit row"]
