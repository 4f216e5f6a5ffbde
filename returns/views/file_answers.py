"""The only place that answers with a file: what it gives out of people is a row of exports (`migrants.exports.export`)."""

from __future__ import annotations

from django.http import HttpResponse

from migrants.exports import Made

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_answer(made: Made, *, name: str) -> HttpResponse:
    """Give the file out under `name`, whose ending says what it is; no cache keeps it."""
    answer = HttpResponse(made.content, content_type=TYPES[name.rpartition(".")[2]])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Export"] = made.export.number
    return answer


def empty_form_answer(content: bytes, *, name: str) -> HttpResponse:
    """Give out a form that names nobody and so is no export."""
    answer = HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
