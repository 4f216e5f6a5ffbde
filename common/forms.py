"""What every form of the product does with a refusal of the domain."""

from __future__ import annotations

from typing import Protocol

from django import forms
from django.utils.functional import Promise


class Refusal(Protocol):
    """An error of the domain for whoever filled in a form: the field that it names, if any, and a sentence."""

    @property
    def field(self) -> str: ...
    @property
    def sentence(self) -> str | Promise: ...


def blame(form: forms.Form, error: Refusal) -> None:
    """Puts the domain's refusal beside the field that it names, or above the form where it names none of them."""
    form.add_error(error.field if error.field in form.fields else None, str(error.sentence))
