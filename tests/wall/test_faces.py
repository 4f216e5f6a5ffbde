"""Every face says who is asking before it looks at anything behind the wall, and every act that reaches further is listed."""

from __future__ import annotations

import ast
import re
from collections import defaultdict

import pytest
from django.core.management import get_commands
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.celery import app
from deploy.local.front_end import APPS
from deploy.local.home import ROOT

FURTHER = {
    # the act for which the wall steps back: where it is done
    "a case is opened in an emergency": {"migrants/emergencies.py"},
    "a movement is followed": {"returns/checkpoints.py", "returns/progress.py", "returns/stages.py"},
    "what stops the buses is asked": {"returns/departing.py"},
    "access is explained": {"partners/explaining.py"},
    "an embassy answers about a document": {"returns/document_requests.py"},
    "another office is answered": {"migrants/enquiries.py"},
    "a channel is verified": {"partners/verification.py"},
    "the engine is looked into": {"notifications/books.py"},
    "somebody is missed after the journey": {"returns/missed_after_closing.py"},
    "colleagues are named": {"returns/colleagues.py"},
    "another office is asked": {"migrants/enquiries.py"},
    "disclosures end": {"migrants/consents.py"},
    "erasure": {"migrants/erasure.py", "returns/views/erasures.py"},
    "figures": {
        "returns/arrival_figures.py",
        "returns/board.py",
        "returns/board_counts.py",
        "returns/halts.py",
        "returns/outcomes.py",
        "returns/waiting_lines.py",
    },
    "merge": {"migrants/merging.py"},
    "move between groups": {"migrants/group_moves.py", "returns/moving.py"},
    "pairs are compared again": {"migrants/comparing.py"},
    "readiness": {"returns/readiness.py"},
    "retention": {"returns/views/retention.py"},
    "subject access": {"returns/reached.py", "returns/subject_access/writing.py", "returns/views/subject_access.py"},
    "telling": {
        "corridors/decision_alerts.py",
        "corridors/standing_changes.py",
        "notifications/alerts.py",
        "notifications/writing.py",
        "returns/movement_alerts.py",
    },
}
BEFORE_ANYBODY_ASKS = {
    # command: what it touches
    "clock": "the row of the demonstration clock, which is nobody's",
    "reseal": "each batch asks for itself (common/resealing.py)",
}
app.loader.import_default_modules()
OUTERMOST = {"common.tasks.check_history"}
"""Whose transaction has one state from its first row: `asking(…, steady=True)` is its first word, or it could not run."""
OURS = sorted(name for name in app.tasks if name.split(".")[0] in APPS and name not in OUTERMOST)


@pytest.mark.parametrize("name", OURS)
def test_a_task_names_its_audience_before_it_looks(db, name):
    walled = _walled()
    with CaptureQueriesContext(connection) as queries:
        app.tasks[name]()
    for query in queries:
        if "set_config('homeward.audience'" in query["sql"] and '"kind": "task"' in query["sql"]:
            return
        assert not walled & set(re.findall(r'"(\w+)"', query["sql"])), f"{name} looks before it says who asks"


def test_every_command_names_its_audience():
    silent = []
    for name, where in get_commands().items():
        if where in APPS and name not in BEFORE_ANYBODY_ASKS:
            text = (ROOT / where / "management" / "commands" / f"{name}.py").read_text()
            if f'asking(Audience.command("{name}")' not in text:
                silent.append(name)
    assert silent == []


def test_every_act_that_reaches_further_is_listed():
    found = defaultdict(set)
    for folder in APPS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "reaching_for":
                    reason = node.args[0]
                    said = reason.value if isinstance(reason, ast.Constant) else "figures"
                    found[said].add(str(path.relative_to(ROOT)))
    assert dict(found) == FURTHER


def _walled() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity")
        return {name for (name,) in cursor.fetchall()}
