"""Fields of a form with their label, help and error, bound together for eye and for screen reader."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.text import capfirst

_CHIPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def _kind(widget: forms.Widget, *, stepper: bool) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, _CHIPS):
        return "chips"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "stepper" if stepper else "plain"


def _class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def _described_by(bound: BoundField, *, help_text: Any) -> str:
    ids = [f"{bound.auto_id}_helptext"] if help_text else []
    return " ".join(ids + ([f"{bound.auto_id}_error"] if bound.errors else []))


def _attributes(bound: BoundField, kind: str, help_text: Any) -> dict[str, Any]:
    attributes: dict[str, Any] = {"class": _class(bound.field.widget)}
    if described_by := _described_by(bound, help_text=help_text):
        attributes["aria-describedby"] = described_by
    if kind == "stepper":
        attributes |= {"inputmode": "numeric", "enterkeyhint": "next", "autocomplete": "off", "placeholder": "0"}
    return attributes


def field(
    bound: BoundField,
    label: str | Promise = "",
    hint: str | Promise | None = None,
    *,
    stepper: bool = False,
    line: bool = False,
    short: bool = False,
) -> dict[str, Any]:
    """One field: `{% field form.name %}`. Radio buttons and several checkboxes become chips.

    `stepper` puts − and + beside a number; `line` sets label and stepper on one line (the phone); `short` keeps the
    control narrow. Label and hint default to those of the form; `hint=""` leaves the hint out.
    """
    widget = bound.field.widget
    kind = _kind(widget, stepper=stepper)
    help_text = bound.help_text if hint is None else hint
    return {
        "bound": bound,
        "kind": kind,
        "label": label or capfirst(str(bound.label)),
        "help_text": help_text,
        "control": "" if kind == "chips" else bound.as_widget(attrs=_attributes(bound, kind, help_text)),
        "choices": list(bound) if kind == "chips" else [],
        "described_by": _described_by(bound, help_text=help_text),
        "optional": not bound.field.required,
        "line": line,
        "short": short,
    }


def error_summary(form: forms.BaseForm | None = None, rows: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """All that must be mended, before the form; empty when there is nothing.

    Each line names the place, what is wrong and the remedy. From a form: field, its sentence, a link to the field.
    `rows` adds places of an uploaded file: `{where, message, url}` ("row 17, column Birth date").
    """
    lines: list[dict[str, Any]] = []
    if form is not None and form.is_bound:
        for name, sentences in form.errors.items():
            bound = form[name] if name in form.fields else None
            where, url = (capfirst(str(bound.label)), f"#{_first_id(bound)}") if bound else ("", "")
            lines += [{"where": where, "url": url, "message": sentence} for sentence in sentences]
    return {"lines": [*lines, *rows]}


def _first_id(bound: BoundField) -> str:
    """The element to which the link leads: the control, or the first of several chips."""
    return bound.subwidgets[0].id_for_label if isinstance(bound.field.widget, _CHIPS) else bound.id_for_label
