"""What every form of the product does alike: with a refusal of the domain, and with a file."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.papers import pages_of
from common.pictures import MAX_PICTURE_BYTES, Drawn, drawn_anew
from common.refusals import RefusalError
from common.uploads import MAX_BYTES, UploadError, check_list


class ListField(forms.FileField):
    """The one way in for a file: what is taken has passed `common.uploads`. The refusal in `params` is its error."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("allow_empty_file", True)  # the reader says it in a sentence of its own
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("widget", forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.tsv,.txt"}))
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> Any:
        """Raises ValidationError."""
        file = super().to_python(data)
        if file is None or file.size > MAX_BYTES:  # the reader says how large it may be
            return file
        try:
            check_list(file.read(), name=file.name or "")
        except UploadError as error:
            raise ValidationError(str(error), params={"refusal": error}) from error
        file.seek(0)
        return file


class PictureField(forms.FileField):
    """The one way in for a picture; gives `common.pictures.Drawn`. A phone offers its camera."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("allow_empty_file", True)  # the reader says it in a sentence of its own
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}))
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> Drawn | None:  # type: ignore[override]  # the file itself is let go
        """Raises ValidationError."""
        file = super().to_python(data)
        if file is None:
            return None
        try:
            return drawn_anew(file.read(MAX_PICTURE_BYTES + 1), name=file.name or "")
        except UploadError as error:
            raise ValidationError(str(error), params={"refusal": error}) from error


class PaperField(forms.FileField):
    """The one way in for a letter: a picture or a PDF; gives its pages as a list of `common.pictures.Drawn`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("allow_empty_file", True)  # the reader says it in a sentence of its own
        kwargs.setdefault("max_length", 200)
        accepted = "image/jpeg,image/png,image/webp,application/pdf"
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": accepted}))
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> list[Drawn] | None:  # type: ignore[override]  # the file itself is let go
        """Raises ValidationError."""
        file = super().to_python(data)
        if file is None:
            return None
        try:
            return pages_of(file.read(MAX_PICTURE_BYTES + 1), name=file.name or "")
        except UploadError as error:
            raise ValidationError(str(error), params={"refusal": error}) from error


class NameField(forms.CharField):
    """The name of whoever answers; `missing` is said where it is left empty.

    A browser fills in its own user, unless `of_another` says that a colleague writes down who it was.
    """

    autocomplete = "name"

    def __init__(self, *, missing: str | Promise, of_another: bool = False, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off" if of_another else self.autocomplete})
        sentences: dict[str, Any] = {"required": missing}
        super().__init__(max_length=120, widget=widget, error_messages=sentences, **kwargs)


class FunctionField(NameField):
    """The function in which somebody answers, such as “duty officer”."""

    autocomplete = "organization-title"


class LongSelect(forms.Select):
    """A choice among a hundred or more, on a page that is asked often: written at once, without a template for each option.

    Choices stand in no groups.
    """

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            ((key, SafeString(" selected") if str(key) in chosen else "", words) for key, words in self.choices),
        )
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name})), options
        )


def blame(form: forms.Form, error: RefusalError) -> None:
    """Puts the domain's refusal beside the field that it names, or above the form where it names none of them."""
    form.add_error(error.field if error.field in form.fields else None, error.sentence)


class blaming:  # noqa: N801  # stands behind `with`, as `suppress` does
    """Do what a valid form asks for as a whole or not at all: what the domain refuses is undone, and stands in the form.

    Whoever returns within the block has done it; behind the block is the page with what is to be mended.
    """

    def __init__(self, form: forms.Form) -> None:
        self._form, self._whole = form, transaction.atomic()

    def __enter__(self) -> None:
        self._whole.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._whole.__exit__(kind, error, trace)
        if not isinstance(error, RefusalError):
            return False
        blame(self._form, error)
        return True
