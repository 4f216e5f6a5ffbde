"""Upload a list, correct its columns, decide about the rows in doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import ListField
from common.sheets import MAX_BYTES, Heading, column_name
from returns.manifest_columns import LABELS, PROOF_LABELS


class UploadForm(forms.Form):
    file = ListField(
        label=_("the list"),
        help_text=_("XLSX, XLS, ODS or CSV, at most %(most)d MB. Title rows, totals and signatures may stay in it.")
        % {"most": MAX_BYTES // 1024 // 1024},
    )
    sender = forms.CharField(
        label=_("who sent it"),
        help_text=_("The office, not a person. Columns that you correct hold for the next list of the same office."),
        max_length=120,
        required=False,
    )
    sheet = forms.CharField(
        label=_("which sheet"),
        help_text=_("Of a workbook with several; empty: the first that holds anything."),
        max_length=80,
        required=False,
    )


class SheetForm(forms.Form):
    """Another sheet of the same workbook, to be read instead."""

    sheet = forms.ChoiceField(label=_("read another sheet instead"))

    def __init__(self, *args: Any, sheets: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """One select for each field: which column of the list holds it, or may hold it (`guessed`)."""

    def __init__(
        self,
        *args: Any,
        heading: Heading,
        width: int,
        texts: Mapping[int, str],
        guessed: Mapping[str, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext("not in this list"))]
        choices += [(str(index), f"{column_name(index)} · {texts.get(index, '')[:40]}") for index in range(width)]
        for name, label in LABELS.items():
            self.fields[name] = forms.ChoiceField(
                label=str(label),
                choices=choices,
                required=False,
                initial=str(heading.columns.get(name, guessed.get(name, ""))),
                help_text=gettext("A guess: look at it.") if name in guessed else "",
            )

    @property
    def of_people(self) -> list[forms.BoundField]:
        """The fields of who somebody is."""
        return [self[name] for name in LABELS if name not in PROOF_LABELS]

    @property
    def of_proofs(self) -> list[forms.BoundField]:
        """The fields of what somebody can show at a barrier."""
        return [self[name] for name in PROOF_LABELS]

    @property
    def columns(self) -> dict[str, int]:
        """The chosen columns by field."""
        return {name: int(value) for name, value in self.cleaned_data.items() if value}


def decisions_of(data: Mapping[str, str]) -> dict[int, str]:
    """Read `row-17=…` of a posted page; what is no row number is left out."""
    found = {}
    for name, value in data.items():
        number = name.removeprefix("row-")
        if name.startswith("row-") and number.isascii() and number.isdigit() and len(number) < 9:
            found[int(number)] = value
    return found
