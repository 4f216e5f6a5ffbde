"""What eyes and ears meet on a page: axe at both widths in both themes, and nothing wider than the screen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of every page, for whoever wants to look."""
WIDTHS = {1440: 900, 390: 844}
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
AXE: str = Axe().axe_script
ASK_AXE = "options => axe.run(options).then(found => found.violations)"
Theme = Literal["light", "dark"]
LOOKS: list[tuple[int, Theme, list[str]]] = [
    (1440, "light", EVERYTHING),
    (1440, "dark", COLOURS),
    (390, "light", EVERYTHING),
]
"""A theme changes colours alone, so the second is asked only what depends on them, at the width where all is open."""


def faults(page: Page, rules: list[str] = EVERYTHING) -> list[str]:
    """Returns what axe finds on the page as it stands: the rule and the first place, `rules` being tags or names."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(ASK_AXE, {"runOnly": rules, "resultTypes": ["violations"]})
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found]


def faults_of(page: Page, *, name: str = "") -> dict[str, list[str]]:
    """Looks at the open page at both widths and in both themes; returns faults by look, nothing for a clean one."""
    found: dict[str, list[str]] = {}
    for width, theme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found[f"{name} {width} {theme}"] = [*faults(page, rules), *_too_wide(page)]
        picture(page, f"{name}-{width}-{theme}")
    return {look: seen for look, seen in found.items() if seen}


def faults_of_pages(page: Page, addresses: Mapping[str, str]) -> dict[str, list[str]]:
    """Opens each page, by its name, and looks at it; returns faults by look."""
    found: dict[str, list[str]] = {}
    for name, address in addresses.items():
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, (name, answer.status)
        found |= faults_of(page, name=name)
    return found


def picture(page: Page, name: str) -> None:
    """Keeps a picture of the whole page, where somebody asked for pictures."""
    if PICTURES and name:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def _too_wide(page: Page) -> list[str]:
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{wider} px wider than the screen"] if wider > 0 else []
