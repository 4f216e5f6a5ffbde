"""A browser without pictures: follows links, fills in forms by their field names, keeps cookies. It knows no Django."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

SILENT = {"script", "style", "template", "head"}
VOID = {"input", "img", "br", "meta", "link", "hr", "source", "use", "path"}


@dataclass
class Form:
    """A form as the page offers it: where it goes, and the values it would send untouched."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """(name, value, words) of each button."""
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of each select, the words of each option and its value."""

    def full_name(self, name: str) -> str:
        """The name of a field with the prefix that this page puts before it."""
        return (
            next((known for known in self.names if known.endswith(f"-{name}")), name)
            if name not in self.names
            else name
        )


class PageReader(HTMLParser):
    """Collects forms, links and the words that a person would read."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.silent = 0
        self.link = ""
        self.select: tuple[str, list[tuple[str, bool]], str] | None = None
        self.area: tuple[str, list[str]] | None = None
        self.in_form = False
        self.button: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in SILENT:
            self.silent += 1
        elif tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
            self.in_form = True
        elif tag == "a":
            self.link = given.get("href", "")
        elif self.forms and (self.in_form or given.get("form")):
            self.handle_field(tag, given, {name for name, _ in attrs})

    def handle_field(self, tag: str, given: dict[str, str], flags: set[str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if tag == "input" and name:
            form.names.add(name)
            kind = given.get("type", "text")
            if kind in {"checkbox", "radio"}:
                if "checked" in flags:
                    form.fields.append((name, given.get("value", "on")))
            elif kind not in {"submit", "file", "image"}:
                form.fields.append((name, given.get("value", "")))
        elif tag == "select":
            form.names.add(name)
            self.select = (name, [], "")
        elif tag == "option" and self.select is not None:
            self.select[1].append((given.get("value", ""), "selected" in flags))
            self.option_words: list[str] = []
        elif tag == "textarea":
            form.names.add(name)
            self.area = (name, [])
        elif tag == "button":
            self.button = (name, given.get("value", ""))
            form.buttons.append((name, given.get("value", ""), ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent -= 1
        elif tag == "form":
            self.in_form = False
        elif tag == "a":
            self.link = ""
        elif tag == "button":
            self.button = None
        elif tag == "option" and self.select is not None and self.forms:
            words = " ".join("".join(self.option_words).split())
            self.forms[-1].choices.setdefault(self.select[0], {})[words] = self.select[1][-1][0]
        elif tag == "select" and self.select is not None:
            name, options, _ = self.select
            chosen = [value for value, selected in options if selected] or [value for value, _ in options[:1]]
            self.forms[-1].fields += [(name, value) for value in chosen]
            self.select = None
        elif tag == "textarea" and self.area is not None:
            self.forms[-1].fields.append((self.area[0], "".join(self.area[1]).removeprefix("\n")))
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area[1].append(data)
        elif self.select is not None:
            if hasattr(self, "option_words"):
                self.option_words.append(data)
        elif not self.silent and data.strip():
            self.words.append(data)
            if self.button is not None and self.forms[-1].buttons:
                name, value, words = self.forms[-1].buttons[-1]
                self.forms[-1].buttons[-1] = (name, value, f"{words} {data.strip()}".strip())
            if self.link:
                self.links.append((self.link, data.strip()))


@dataclass
class Page:
    """What came back: address, status, headers, body; forms, links and words once somebody asks."""

    address: str
    status: int
    headers: dict[str, str]
    body: bytes

    def __post_init__(self) -> None:
        self.reader = PageReader()
        if "html" in self.headers.get("content-type", ""):
            self.reader.feed(self.html)

    @property
    def html(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def text(self) -> str:
        """The words of the page on one line, blanks folded."""
        return re.sub(r"\s+", " ", " ".join(self.reader.words)).replace("\u202f", " ").replace("\xa0", " ")

    def json(self) -> Any:
        return json.loads(self.body)

    def form_with(self, *names: str) -> Form:
        """The first form that has all these fields. Raises LookupError naming what the page has instead."""
        for form in self.reader.forms:
            if set(names) <= form.names | {name for name, _, _ in form.buttons}:
                return form
        offered = [sorted(form.names) for form in self.reader.forms]
        raise LookupError(f"{self.address} has no form with {names}; it offers {offered}")

    def form_to(self, pattern: str) -> Form:
        """The first form whose address matches. Raises LookupError."""
        for form in self.reader.forms:
            if re.search(pattern, form.action):
                return form
        raise LookupError(f"{self.address} has no form to {pattern}; it has {[f.action for f in self.reader.forms]}")

    def link_to(self, pattern: str) -> str:
        """The first link whose address matches. Raises LookupError."""
        for address, _ in self.reader.links:
            if re.search(pattern, address):
                return address
        raise LookupError(
            f"{self.address} has no link like {pattern}; it has {sorted({a for a, _ in self.reader.links})}"
        )


class Browser:
    """One person's browser. `who` stands in messages when something goes wrong."""

    def __init__(self, base: str, who: str) -> None:
        self.base, self.who = base, who
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def read_in(self, language: str) -> None:
        """Chooses the language of the pages on this device, as its menu does."""
        self.get(f"/?reading={language}")

    def cookies(self) -> dict[str, str]:
        """The cookies that it keeps, by name."""
        return {cookie.name: cookie.value or "" for cookie in self.jar}

    def send(self, method: str, address: str, body: bytes | None = None, **headers: str) -> Page:
        """Sends one request (redirects are followed) and returns the page, whatever its status."""
        full = urllib.parse.urljoin(self.base, address)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(full, data=body, method=method, headers=given)
        try:
            with self.opener.open(request, timeout=60) as answer:
                return self.page(answer)
        except urllib.error.HTTPError as answer:
            with answer:
                return self.page(answer)

    def page(self, answer: Any) -> Page:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Page(answer.geturl(), answer.status, headers, answer.read())

    def get(self, address: str) -> Page:
        return self.send("GET", address)

    def submit(
        self,
        page: Page,
        form: Form,
        *,
        button: str = "",
        files: dict[str, tuple[str, bytes]] | None = None,
        **values: Any,
    ) -> Page:
        """Fills in `values` (a list for several), presses the button whose words or value contain `button`, and sends."""
        values = self.checked(page, form, values)
        sent = [(name, value) for name, value in form.fields if name not in values]
        for name, value in values.items():
            sent += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
        for name, value, words in form.buttons:
            if name and button and button.lower() in f"{words} {value}".lower():
                sent.append((name, value))
                break
        target = urllib.parse.urljoin(page.address, form.action or page.address)
        if form.method == "get":
            return self.get(target.split("?")[0] + "?" + urllib.parse.urlencode(sent))
        body, kind = encode(sent, files or {}) if files else (urllib.parse.urlencode(sent).encode(), FORM)
        return self.send("POST", target, body, Content_Type=kind, Referer=page.address, Origin=self.base)

    def checked(self, page: Page, form: Form, values: dict[str, Any]) -> dict[str, Any]:
        """The values by the full names of their fields. Raises LookupError for a field that the form has not."""
        values = {form.full_name(name): value for name, value in values.items()}
        unknown = set(values) - form.names - {name for name, _, _ in form.buttons}
        if unknown:
            raise LookupError(f"{page.address}: the form has no field {sorted(unknown)}, it has {sorted(form.names)}")
        return values

    def post_json(self, address: str, value: Any) -> Page:
        """Sends JSON as a page's own script would, with the token from its cookie."""
        token = self.cookies().get("csrftoken", "")
        body = json.dumps(value).encode()
        return self.send("POST", address, body, Content_Type="application/json", X_CSRFToken=token, Referer=self.base)


FORM = "application/x-www-form-urlencoded"


def encode(sent: list[tuple[str, str]], files: dict[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    """Writes a multipart body; returns it with its content type."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in sent
    ]
    for name, (file_name, content) in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
