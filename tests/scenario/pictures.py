"""The pictures of docs/: which page, at which moment of the story, as whom, how wide, light or dark."""

from __future__ import annotations

import argparse
import base64
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's synchronous interface runs a loop in this thread
django.setup()

from playwright.sync_api import Browser, sync_playwright  # noqa: E402  # Django must be set up first

from deploy.local.testing import browser_options, which_browser  # noqa: E402
from partners import demonstration  # noqa: E402
from tests.scenario import steps  # noqa: E402, F401  # importing registers the steps
from tests.scenario.play import play  # noqa: E402
from tests.scenario.story import Story  # noqa: E402

DESK, PHONE = (1440, 900), (390, 844)
MOST_BYTES = 150_000
"""A document should open quickly on a telephone line."""
QUALITY = 82
ID = r"[0-9a-f-]{36}"
MOVEMENTS = "/movements/?show=all"


@dataclass(frozen=True)
class Picture:
    """One picture: `after` the step of the timeline, as `who` (nobody: without an account), of the page at `address`."""

    name: str
    after: str
    who: str
    address: Callable[[Story], str]
    size: tuple[int, int] = DESK
    dark: bool = False


def fixed(address: str) -> Callable[[Story], str]:
    """The address, with the group of the story in the place of `GROUP`."""
    return lambda story: address.replace("GROUP", str(story.notes.get("group", "")))


def linked(who: str, start: str, pattern: str) -> Callable[[Story], str]:
    """The first address like `pattern` that `who` finds on the page `start`. Raises LookupError."""
    return lambda story: story.as_(who).get(fixed(start)(story)).link_to(pattern)


def first_link(story: Story) -> str:
    """A signed link of the story, that of the border service."""
    links: dict[str, str] = story.notes["links"]
    return links.get("duty@kz-border.example") or next(iter(links.values()))


def movement(who: str, more: str) -> Callable[[Story], str]:
    """The story's movement, or a page below it."""
    return lambda story: linked(who, MOVEMENTS, rf"^/movements/{ID}/$")(story) + more


def deciding_link(story: Story) -> str:
    """The link by which the consular department of Tajikistan decides on the corridor."""
    links: dict[str, str] = story.notes["deciding links"]
    return links["duty@tj-mfa.example"]


PICTURES = (
    Picture("count", "T-96h", "field", fixed("/groups/count/?group=GROUP"), PHONE),
    Picture("decision", "T-20h", "", deciding_link, PHONE),
    Picture("corridor", "T-12h", "coordinator", fixed("/corridors/ZHIBEK-OYBEK/")),
    Picture("signed-link", "T+0h05", "", first_link, PHONE),
    Picture("readiness", "T+0h05", "coordinator", fixed("/groups/GROUP/readiness/")),
    Picture("own-notices", "T+0h05", "liaison", fixed("/notices/mine/")),
    Picture("board", "T+0h30", "coordinator", fixed("/")),
    Picture("board-dark", "T+0h30", "coordinator", fixed("/"), dark=True),
    Picture("board-phone", "T+0h30", "coordinator", fixed("/"), PHONE),
    Picture("who-knows", "T+0h30", "coordinator", linked("coordinator", "/notices/", rf"^/notices/{ID}/$")),
    Picture("need", "T+0h40", "programme", linked("programme", "/needs/", rf"^/needs/{ID}/$")),
    Picture("samples", "T+9h", "field", linked("field", "/groups/GROUP/samples/", rf"^/samples/{ID}/$")),
    Picture("boarding", "T+22h", "field", movement("field", "boarding/"), PHONE),
    Picture("movement", "T+23h", "coordinator", movement("coordinator", "")),
    Picture("movement-phone", "T+23h", "field", movement("field", "count/"), PHONE),
    Picture("manifest", "T+23h", "coordinator", movement("coordinator", "manifests/3/")),
    Picture("arrival", "T+23h", "consular", fixed("/incoming/")),
    Picture("report", "T+29h", "coordinator", movement("coordinator", "report/")),
    Picture("protection", "T-30h", "protection", linked("protection", "/groups/GROUP/people/", rf"^/people/{ID}/$")),
    Picture("acts", "T+0h05", "data.protection", fixed("/acts/")),
    Picture("directory", "T+0h", "administrator", fixed("/organisations/")),
)


class Camera:
    """Takes each picture when its moment has come, and says what it took."""

    def __init__(self, browser: Browser, story: Story, folder: Path, say: Callable[[str], None]) -> None:
        self.browser, self.story, self.folder, self.say = browser, story, folder, say
        self.missed: list[str] = []

    def after(self, t: str) -> None:
        """Takes the pictures of the moment after step `t`."""
        for picture in PICTURES:
            if picture.after == t:
                try:
                    self.take(picture)
                except (LookupError, PictureError) as problem:
                    self.missed.append(picture.name)
                    self.say(f"FAIL  picture {picture.name}: {problem}")

    def take(self, picture: Picture) -> None:
        """Opens the page as its viewer and keeps what the screen shows, as WebP."""
        width, height = picture.size
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if picture.dark else "light",
            locale="en-GB",
            has_touch=picture.size == PHONE,
        )
        try:
            if picture.who:
                cookies = self.story.as_(picture.who).cookies()
                url = self.story.base_url
                context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
            page = context.new_page()
            answer = page.goto(urljoin(self.story.base_url, picture.address(self.story)), wait_until="load")
            if answer is None or answer.status != 200:
                raise PictureError(f"{page.url} answered {answer.status if answer else 'nothing'}")
            shot = context.new_cdp_session(page).send(
                "Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "optimizeForSpeed": False}
            )
        finally:
            context.close()
        content = base64.b64decode(shot["data"])
        if len(content) > MOST_BYTES:
            raise PictureError(f"it has {len(content)} bytes, {MOST_BYTES} are allowed")
        (self.folder / f"{picture.name}.webp").write_bytes(content)
        self.say(f"took  {picture.name}.webp ({len(content) // 1000} KB)")


class PictureError(Exception):
    """A picture that cannot be taken; the sentence says why."""


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Plays the scenario and takes the pictures of the documents.")
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--mail-folder", required=True, type=Path)
    parser.add_argument("--folder", required=True, type=Path)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    accounts = {name: f"{name}@homeward.example" for _, _, name, _, _ in demonstration.ACCOUNTS}
    story = Story(given.base_url, given.mail_folder, accounts, demonstration.PASSWORD)
    program = which_browser()
    if program is None:
        say("There is no Chromium. On Debian: apt install chromium")
        return 1
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=browser_options())
        camera = Camera(chromium, story, given.folder, say)
        failed = play(story, say, camera.after)
        chromium.close()
    taken = {path.stem for path in given.folder.glob("*.webp")}
    missed = [picture.name for picture in PICTURES if picture.name not in taken or picture.name in camera.missed]
    say(
        f"{len(PICTURES) - len(missed)} of {len(PICTURES)} pictures"
        + (f"; missing: {', '.join(missed)}" if missed else "")
    )
    return 1 if failed or missed else 0


if __name__ == "__main__":
    sys.exit(main())
