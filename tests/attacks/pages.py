"""The forms of a page, read from its HTML as a browser would, and filled in as somebody who means no harm would."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.core.files.uploadedfile import SimpleUploadedFile

Filled = dict[str, Any]
TEXTS = frozenset({"text", "search", "textarea", "password", ""})
KINDS = {
    "date": "2020-09-30",
    "datetime-local": "2020-10-02T07:00",
    "time": "07:00",
    "month": "2020-10",
    "email": "somebody@iom-kz.example",
    "tel": "+77010001122",
    "url": "https://iom-kz.example/",
    "number": "1",
    "color": "#000000",
}
"""What an empty input of a kind is filled with."""
FOR_ALL = re.compile(r"/accounts/logout/|/language/")
"""Forms that stand on every page."""


@dataclass
class Field:
    """One input: `choices` are the values of a select, radio or checkbox; `texts` may take any writing."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)

    @property
    def takes_text(self) -> bool:
        return self.kind in TEXTS

    def filled(self) -> Any:
        if self.kind in ("select", "radio", "checkbox"):
            return self.chosen or [choice for choice in self.choices if choice][:1]
        if self.kind == "file":
            return SimpleUploadedFile("list.csv", "Name\nОзмоиш Одам\n".encode())
        return self.value or KINDS.get(self.kind, "Sana")


@dataclass
class Form:
    """A form that is posted: where to, what it takes, and the buttons that say which act is meant."""

    action: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def ways(self) -> Iterator[Filled]:
        """The form as it would be sent, once for each button that says something."""
        content = {name: each.filled() for name, each in self.fields.items()}
        for name, value in self.buttons or [("", "")]:
            yield content | ({name: value} if name else {})

    @property
    def shape(self) -> tuple[Any, ...]:
        """Two forms of one shape are one form on two rows."""
        return (re.sub(r"[0-9a-f-]{36}|\d+", "…", self.action), *sorted(self.fields), *sorted(self.buttons))


class Reader(HTMLParser):
    """Collects the forms of a page that post."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.forms = address, list[Form]()
        self.form: Form | None = None
        self.open: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            posts = said.get("method", "").lower() == "post"
            self.form = Form(urljoin(self.address, said.get("action", ""))) if posts else None
        elif self.form is not None:
            self._part(tag, said, self.form)

    def _part(self, tag: str, said: Mapping[str, str], form: Form) -> None:
        name, kind = said.get("name", ""), said.get("type", "")
        if tag == "button" or kind == "submit":
            form.buttons += [(name, said.get("value", ""))] if name else []
        elif tag == "option" and self.open is not None:
            value = said.get("value", "")
            self.open.choices.append(value)
            self.open.chosen += [value] if "selected" in said else []
        elif not name or name == "csrfmiddlewaretoken" or "disabled" in said:
            self.open = None if tag == "select" else self.open
        elif tag in ("select", "textarea"):
            self.open = form.fields.setdefault(name, Field(name, tag))
        elif tag == "input" and kind in ("radio", "checkbox"):
            several = form.fields.setdefault(name, Field(name, kind))
            several.choices.append(said.get("value", "on"))
            several.chosen += [several.choices[-1]] if "checked" in said else []
        elif tag == "input":
            form.fields[name] = Field(name, kind, said.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.open is not None and self.open.kind == "textarea":
            self.open.value += data.strip("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self.open = None
        elif tag == "form" and self.form is not None:
            if not FOR_ALL.search(self.form.action):
                self.forms.append(self.form)
            self.form = None


def forms_of(html: str, address: str) -> list[Form]:
    """Every form of a page that is posted, but those that stand on all pages."""
    reader = Reader(address.partition("?")[0])
    reader.feed(html)
    return reader.forms
