"""The same four acts as `Browser`, done by Chromium: pages are drawn, fields are filled in, buttons are pressed.

What a person left open in a tab stays as it was: a page that is used again after the tab went on is shown once more from
what the server had sent, as a second tab would show it.
"""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser as Started
from playwright.sync_api import ElementHandle, Response, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page as Tab

from deploy.local.testing import browser_options, which_browser
from tests.scenario.browser import Browser, Form, Page
from tests.scenario.story import Story

MOST_TABS = 3
EXPECTED = "Failed to load resource"
"""What Chromium says of every answer that refuses something; the story looks at the answer itself."""
OF_THE_CONNECTION = {"content-length", "content-encoding", "transfer-encoding", "connection", "set-cookie"}
HTML = {"content-type": "text/html; charset=utf-8"}
FIELDS = "([place, name]) => [...document.forms[place].elements].filter(each => each.name === name)"
BUTTONS = "place => [...document.forms[place].elements].filter(each => each.type === 'submit' || each.type === 'image')"
UNFOLD = "each => { for (let at = each.parentElement; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true }"
FETCH = """async ([address, body, token]) => {
    const answer = await fetch(address, {method: 'POST', body, credentials: 'same-origin',
        headers: {'Content-Type': 'application/json', 'X-CSRFToken': token}});
    return [answer.url, answer.status, Object.fromEntries(answer.headers), await answer.text()];
}"""


class Chromium(Browser):
    """One person's window of a started Chromium. `complaints` is what its console said that nobody expects."""

    def __init__(self, base: str, who: str, started: Started) -> None:
        self.base, self.who = base, who
        self.context = started.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
        self.context.on("console", lambda said: self._heard(said.type, said.text))
        self.context.on("weberror", lambda error: self._heard("error", str(error.error)))
        self.complaints: list[str] = []
        self.open: list[tuple[Page, Tab]] = []

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(EXPECTED):
            self.complaints.append(f"{self.who}: {text}")

    def keep(self, cookies: dict[str, str]) -> None:
        """Goes on where a browser with these cookies was."""
        self.context.add_cookies([{"name": name, "value": value, "url": self.base} for name, value in cookies.items()])

    def cookies(self) -> dict[str, str]:
        return {one["name"]: one["value"] for one in self.context.cookies()}

    def get(self, address: str) -> Page:
        """Opens the address in a tab; a file that it leads to is fetched."""
        tab = self._free_tab()
        try:
            answer = tab.goto(urllib.parse.urljoin(self.base, address), wait_until="load")
        except PlaywrightError as error:
            tab.close()
            if "Download is starting" not in str(error):
                raise
            return self.send("GET", address)
        assert answer is not None
        return self._kept(tab, answer, answer.body())

    def send(self, method: str, address: str, body: bytes | None = None, **headers: str) -> Page:
        """Sends one request with the cookies of the window, past its pages."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        full = urllib.parse.urljoin(self.base, address)
        answer = self.context.request.fetch(full, method=method, data=body, headers=given, timeout=60_000)
        return Page(answer.url, answer.status, dict(answer.headers), answer.body())

    def post_json(self, address: str, value: Any) -> Page:
        """Sends JSON by a script of the newest tab."""
        if not self.open:
            self.get("/")
        token = self.cookies().get("csrftoken", "")
        full = urllib.parse.urljoin(self.base, address)
        url, status, headers, text = self.open[-1][1].evaluate(FETCH, [full, json.dumps(value), token])
        return Page(url, status, headers, text.encode())

    def submit(
        self,
        page: Page,
        form: Form,
        *,
        button: str = "",
        files: dict[str, tuple[str, bytes]] | None = None,
        **values: Any,
    ) -> Page:
        """Fills in the form on the page, as far as `values` and `files` say, and presses the button."""
        tab, values = self._tab_of(page), self.checked(page, form, values)
        place = _place(tab, page, form)
        for name, value in values.items():
            _fill(tab, place, name, [str(one) for one in (value if isinstance(value, list) else [value])])
        for name, (file_name, content) in (files or {}).items():
            kind = "application/octet-stream"
            for field in _handles(tab, FIELDS, [place, form.full_name(name)]):
                field.set_input_files({"name": file_name, "mimeType": kind, "buffer": content})
        return self._press(tab, page, form, _button(tab, place, button))

    def _press(self, tab: Tab, page: Page, form: Form, button: ElementHandle) -> Page:
        files: list[Any] = []
        tab.on("download", lambda file: files.append(file))  # noqa: PLW0108  # Playwright marks what it is given
        button.evaluate(UNFOLD)
        with tab.expect_event("response", _is_answer(tab, page, form), timeout=60_000) as coming:
            button.evaluate("each => { each.form.noValidate = true; each.click() }")
        answer: Response = coming.value
        self.open = [(kept, where) for kept, where in self.open if kept is not page]
        if not answer.request.is_navigation_request():
            tab.wait_for_load_state("networkidle")
            return self._kept(tab, answer, tab.content().encode(), **HTML)
        if "html" not in answer.headers.get("content-type", ""):
            while not files:
                tab.wait_for_timeout(20)
            return Page(answer.url, answer.status, answer.headers, Path(files[0].path()).read_bytes())
        body = answer.body()
        tab.wait_for_load_state("load")
        return self._kept(tab, answer, body)

    def _free_tab(self) -> Tab:
        """A new tab, or the one that was left longest ago where enough are open."""
        if len(self.open) >= MOST_TABS:
            return self.open.pop(0)[1]
        tab = self.context.new_page()
        tab.on("dialog", lambda dialog: dialog.accept())
        return tab

    def _kept(self, tab: Tab, answer: Response, body: bytes, **headers: str) -> Page:
        page = Page(tab.url, answer.status, {**answer.headers, **headers}, body)
        self.open.append((page, tab))
        return page

    def _tab_of(self, page: Page) -> Tab:
        """The tab that shows the page; one is opened with what had been sent where it has gone on or was closed."""
        for kept, tab in self.open:
            if kept is page:
                return tab
        tab = self._free_tab()
        headers = {name: value for name, value in page.headers.items() if name not in OF_THE_CONNECTION}
        tab.route(
            page.address, lambda route: route.fulfill(status=page.status, headers=headers, body=page.body), times=1
        )
        tab.goto(page.address, wait_until="load")
        self.open.append((page, tab))
        return tab


def _is_answer(tab: Tab, page: Page, form: Form) -> Any:
    """True for what a pressed button leads to in the end, past every redirect, or what a script was answered in its place."""
    target = urllib.parse.urljoin(page.address, form.action or page.address)

    def is_last(answer: Response) -> bool:
        asked = answer.request
        if not asked.is_navigation_request():
            return asked.method == "POST" and asked.url == target
        return (
            asked.is_navigation_request()
            and asked.frame == tab.main_frame
            and answer.status not in (301, 302, 303, 307)
        )

    return is_last


def _place(tab: Tab, page: Page, form: Form) -> int:
    """Which of the forms that the tab shows is the one that was read. Raises LookupError."""
    alike = [one for one in page.reader.forms if one.action == form.action]
    nth = next(number for number, one in enumerate(alike) if one is form)
    shown = tab.evaluate("() => [...document.forms].map(each => each.getAttribute('action') || '')")
    places = [place for place, action in enumerate(shown) if action == form.action]
    if nth >= len(places):
        raise LookupError(f"{page.address} does not show the form to {form.action or 'itself'}")
    return places[nth]


def _handles(tab: Tab, script: str, given: Any) -> list[ElementHandle]:
    found = tab.evaluate_handle(script, given).get_properties().values()
    return [element for each in found if (element := each.as_element()) is not None]


def _fill(tab: Tab, place: int, name: str, values: list[str]) -> None:
    """Fills in every field of a name. Raises LookupError where none of them takes the value."""
    fields = _handles(tab, FIELDS, [place, name])
    if not fields:
        raise LookupError(f"{tab.url} shows no field {name}")
    for field in fields:
        field.evaluate(UNFOLD)
        kind = field.evaluate("each => each.type")
        if kind in {"checkbox", "radio"}:
            _tick(field, wanted=field.evaluate("each => each.value") in values)
        elif kind.startswith("select"):
            field.select_option(values, timeout=5000)
        elif kind == "hidden":
            field.evaluate("(each, value) => { each.value = value }", values[0])
        elif kind != "submit":
            field.fill(values[0], timeout=5000)


def _tick(field: ElementHandle, *, wanted: bool) -> None:
    if field.evaluate("each => each.checked") != wanted:
        field.evaluate("each => each.click()")


def _button(tab: Tab, place: int, words: str) -> ElementHandle:
    """The button of the form whose words or value hold `words`; without words the one that the Enter key presses."""
    buttons = _handles(tab, BUTTONS, place)
    for button in buttons:
        said = button.evaluate("each => `${each.textContent} ${each.value}`")
        if words.lower() in " ".join(said.split()).lower():
            return button
    if not buttons:
        raise LookupError(f"{tab.url} shows no button in that form")
    return buttons[0]


def go_on_in_chromium(story: Story, started: Started) -> list[Chromium]:
    """Lets everybody of the story go on in Chromium, signed in as they are; returns their windows, those to come too."""
    windows: list[Chromium] = []

    def opened_by(base: str, who: str) -> Chromium:
        windows.append(Chromium(base, who, started))
        return windows[-1]

    story.opened_by = opened_by
    for who, browser in list(story.browsers.items()):
        story.browsers[who] = window = opened_by(story.base_url, who)
        window.keep(browser.cookies())
    return windows


@contextmanager
def chromium() -> Iterator[Started]:
    """A started Chromium. Raises LookupError where there is none."""
    program = which_browser()
    if program is None:
        raise LookupError("There is no Chromium. On Debian: apt install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=browser_options())
        try:
            yield started
        finally:
            started.close()
