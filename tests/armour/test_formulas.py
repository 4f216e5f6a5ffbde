"""No file that we write makes a spreadsheet program run anything, whatever somebody typed into any field before."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import openpyxl
import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.http import HttpResponse
from django.urls import reverse

from common import clock
from common.sheets.writing import DANGEROUS
from deploy.local.front_end import APPS
from migrants import groups
from partners.enums import Role
from tests.access.world import make_world
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
PAYLOAD = "HYPERLINK(1+1)"
NO_WORDS = {"password", "time_zone", "zone", "source", "digest", "session_key", "raised_by"}
"""Fields in which programs write, and which no person fills in as they like."""


def text_fields() -> Iterator[tuple[type[models.Model], str]]:
    """Every field in which free words stand."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if (
                model._meta.app_label in APPS
                and isinstance(field, models.CharField | models.TextField)
                and not field.choices
                and not field.unique
                and field.name not in NO_WORDS
                and (field.max_length or 200) >= 40
            ):
                yield model, field.attname


def poison(start: str) -> int:
    """Writes `start` and a formula into every text field of every row; returns into how many columns it could."""
    done = 0
    for model, name in list(text_fields()):
        try:
            with transaction.atomic():
                done += bool(model._default_manager.update(**{name: f"{start}{PAYLOAD}"}))
        except DatabaseError:  # a code, a digest, or what only grows
            continue
    return done


def exported(client, world, start: str) -> Iterator[tuple[str, HttpResponse]]:
    """Every CSV and XLSX that the pages give out, made for somebody who is called like that too."""
    words = {"recipient": f"{start}{PAYLOAD}", "purpose": f"{start}{PAYLOAD}"}
    samples = world["sample file"]["public_id"]
    for name, given in (
        ("returns:sample_file", {"public_id": samples, "kind": "csv"}),
        ("returns:sample_file", {"public_id": samples, "kind": "xlsx"}),
        ("returns:manifest_errors", {"public_id": world["upload"]}),
    ):
        yield name, client.get(reverse(name, kwargs=given))
    figures = reverse("returns:movement_figures", kwargs={"public_id": world["movement"]})
    yield "returns:movement_figures", client.post(figures, words)


def cells_that_run(answer: HttpResponse) -> list[str]:
    """The cells that a spreadsheet program would take for a formula, a command or a link."""
    if answer["Content-Type"].startswith("text/csv"):
        rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
        return [cell for row in rows for cell in row if cell.lstrip(" ").startswith(DANGEROUS)]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    return [str(cell.value) for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_whatever_stands_in_any_field_runs_nowhere(crossing, group, organisations, sign_in):
    clock.set_to(NOW)
    world, coordinator = make_world(group, crossing, organisations), sign_in(Role.COORDINATOR)
    counted = groups.Counted(counted_at=NOW, total=102)
    groups.record_head_count(group=group, counted=counted, mission=group.mission, by=COMMAND, at=NOW)
    for start in (*DANGEROUS, " =", "\t="):
        assert poison(start) > 20
        for name, answer in exported(coordinator, world, start):
            assert "attachment" in answer.get("Content-Disposition", ""), (name, answer.status_code)
            assert cells_that_run(answer) == [], (name, start)
        written = f"'{start.strip()}{PAYLOAD}" if start.strip() else PAYLOAD
        assert written in answer.content.decode(), "what was typed stands in the figures"
