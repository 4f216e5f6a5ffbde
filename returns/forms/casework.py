"""Forms of casework: a task, what became of it, and a comment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PaperField
from common.wall_time import as_typed
from returns import case_papers
from returns.colleagues import Colleague
from returns.comments import LONGEST
from returns.enums import OwnerRole, TaskState
from returns.forms.laid import LaidForm, Rows
from returns.forms.plans import LOCAL

ROLE = "role:"


def owners(colleagues: Iterable[Colleague]) -> list[Any]:
    """Choices of whose task it is: roles first, then colleagues by name."""
    roles = [(f"{ROLE}{value}", label) for value, label in OwnerRole.choices]
    people = [(str(each.account), f"{each.name} ({each.function})") for each in colleagues]
    return [("", "–"), (_("whoever is on duty"), roles), (_("colleagues"), people)]


def owner_of(chosen: str) -> dict[str, Any]:
    """Give `owner` and `role` as the domain asks for them."""
    if chosen.startswith(ROLE):
        return {"owner": None, "role": chosen.removeprefix(ROLE)}
    return {"owner": UUID(chosen), "role": ""}


class TaskForm(LaidForm):
    """What is to be done, until when (on the clock of the place where the group waits), and by whom."""

    rows: ClassVar[Rows] = (("title",), ("due_at", "owner"))
    title = forms.CharField(
        label=_("What is to be done"),
        max_length=200,
        help_text=_("Every colleague who works on the group reads it. Nothing of the closed room belongs here."),
    )
    due_at = forms.DateTimeField(
        label=_("until, local time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=LOCAL,
        help_text=_("On the clock of the place where the group waits."),
    )
    owner = forms.ChoiceField(label=_("Who does it"))

    def __init__(self, *args: Any, colleagues: Iterable[Colleague], zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["owner"].choices = owners(colleagues)  # type: ignore[attr-defined]

    def clean_due_at(self) -> datetime:
        """Read the wall time on the clock of the place."""
        return as_typed(self.cleaned_data["due_at"]).replace(tzinfo=self.zone)

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as `case_tasks.open_task` asks for it."""
        given = self.cleaned_data
        return {"title": given["title"], "due_at": given["due_at"], **owner_of(given["owner"])}


class TaskEndForm(LaidForm):
    """That a task is done or not needed any more; or that it is to be done after all."""

    state = forms.ChoiceField(choices=[pair for pair in TaskState.choices if pair[0] != TaskState.OPEN], required=False)
    note = forms.CharField(label=_("How, or why"), max_length=300, required=False)


class TaskGiveForm(LaidForm):
    """Who does it from now on."""

    owner = forms.ChoiceField(label=_("Who does it"))

    def __init__(self, *args: Any, colleagues: Iterable[Colleague], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = owners(colleagues)  # type: ignore[attr-defined]


class PaperForm(LaidForm):
    """A paper, as a picture or a PDF."""

    title = forms.CharField(label=_("What it is"), max_length=case_papers.LONGEST)
    paper = PaperField(
        label=_("Letter or picture"),
        help_text=_("PDF, JPEG, PNG or WebP. Each page is drawn anew as a picture; nothing else of the file is kept."),
    )


class PaperAwayForm(LaidForm):
    """Why a paper does not belong here."""

    why = forms.CharField(label=_("Why"), max_length=200)


class CaseReopenForm(LaidForm):
    """Why a closing is taken back."""

    why = forms.CharField(label=_("Why"), max_length=300)


class CommentForm(LaidForm):
    """What a colleague should know, and who is asked to look."""

    rows: ClassVar[Rows] = (("words",), ("mentioned",))
    words = forms.CharField(
        label=_("Comment"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Every colleague who works on the group reads it. Nothing of the closed room belongs here."),
    )
    mentioned = forms.TypedMultipleChoiceField(
        label=_("Ask to look at it"), coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, colleagues: Iterable[Colleague], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.account), f"{each.name} ({each.function})") for each in colleagues]
        self.fields["mentioned"].choices = choices  # type: ignore[attr-defined]
